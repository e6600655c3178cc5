"""Which engagements of a portfolio the user means, by paths, realm and name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from blueprint_cli.engagement.node import NodeRef
from blueprint_cli.engagement.portfolio import Portfolio, is_within
from blueprint_cli.engagement.unmatched import unmatched
from blueprint_cli.errors import BpError
from blueprint_cli.files.tree import FOLDER, UNNAMED, Kind, Unreadable
from blueprint_cli.text import listed, normal, quoted, suggest

_MAX_SHOWN = 5
"""Names in one sentence."""


def select(
    portfolio: Portfolio, paths: Sequence[str], realm: str | None = None, node: str | None = None
) -> tuple[NodeRef, ...]:
    """The engagements below the given paths (or around them), of a realm or of a name.

    Raises BpError where there is none, and for a path that does not exist.
    """
    paths = [portfolio.spelt(path) for path in paths]
    for path in paths:
        if not any(is_within(ref.path, {path}) for ref in portfolio.nodes) and not _exists(portfolio, path):
            raise _not_there(portfolio, path)
    chosen = tuple(
        ref
        for ref in portfolio.nodes
        if (realm is None or normal(ref.realm) == normal(realm))
        and (node is None or normal(ref.node) == normal(node))
        and (not paths or any(touches(ref.path, path) for path in paths))
    )
    if not chosen:
        raise _nothing(portfolio, paths, realm, node)
    return chosen


def links(portfolio: Portfolio, paths: Sequence[str] = ()) -> list[str]:
    """Links in the place of engagements and realms, which are not judged."""
    nodes = {ref.path for ref in portfolio.nodes}
    holders = {_parent(_parent(path)) for path in nodes}
    return [
        path
        for path, kind in portfolio.entries.items()
        if kind is Kind.SYMLINK
        and "." not in path.rsplit("/", 1)[-1]
        and ({_parent(path), _parent(_parent(path))} & holders or not nodes)
        and portfolio.config.covers(path)
        and not is_within(path, nodes)
        and (not any(paths) or any(touches(path, named) for named in paths))
    ]


def unfollowed_links(portfolio: Portfolio, paths: Sequence[str] = ()) -> str | None:
    """A remark on such links and on the boundaries of repositories; None where there are none."""
    remarks = []
    if unfollowed := links(portfolio, paths):
        shown = listed(unfollowed, _MAX_SHOWN, show=quoted)
        remarks.append(f"links are not followed, and what they lead to is not judged: {shown}")
    boundaries = [
        path
        for path in portfolio.tree.boundaries
        if portfolio.config.covers(path) and (not any(paths) or any(touches(path, named) for named in paths))
    ]
    if boundaries:
        shown = listed(boundaries, _MAX_SHOWN, show=quoted)
        remarks.append(f"submodules and repositories within this one are not judged: {shown}")
    return "; ".join(remarks) or None


def remarks(portfolio: Portfolio, nodes: Sequence[NodeRef], paths: Sequence[str] = ()) -> Iterator[str]:
    """Remarks on the engagements that were chosen, and on what lies beside them."""
    yield from unmatched(portfolio)
    if links_and_boundaries := unfollowed_links(portfolio, paths):
        yield links_and_boundaries
    lifted = replace(portfolio.config, realms=portfolio.config.lifted or (".",))
    if others := [ref.name for ref in nodes if not lifted.in_realms(ref.path)]:
        shown = listed(others, _MAX_SHOWN, show=quoted)
        yield f"outside of `realms` in {portfolio.config.file}, and judged because their paths are named: {shown}"
    unnamed = [ref.name for ref in nodes if ref.realm == UNNAMED[0]]
    if unnamed and portfolio.tree.root_names == UNNAMED:
        shown = listed(unnamed, _MAX_SHOWN, show=quoted)
        yield f"the repository does not say what its root is called: {shown} (set `root_name` in bp.yaml)"


def _nothing(portfolio: Portfolio, paths: Sequence[str], realm: str | None, node: str | None) -> BpError:
    where = ", ".join(paths) if any(paths) else portfolio.tree.root_names[1]
    wanted = "".join(f", {what} {name}" for what, name in (("realm", realm), ("node", node)) if name)
    realms = "" if "." in portfolio.config.realms else f" (realms: {', '.join(portfolio.config.realms)})"
    excluded = f" ({portfolio.config.file} excludes it)" if _all_excluded(portfolio, paths) else ""
    remarks = [unfollowed_links(portfolio, paths), *unmatched(portfolio)]
    more = "".join(f"; {remark}" for remark in remarks if remark)
    files = sorted({archetype.blueprint_path for archetype in portfolio.catalog.archetypes.values()})
    return BpError(
        f"no engagement found in {where}{wanted}{realms}{excluded}{more}",
        f"An engagement is a directory <realm>/<node>/ with {' or '.join(files)}{_others(portfolio, paths)}",
    )


def _all_excluded(portfolio: Portfolio, paths: Sequence[str]) -> bool:
    """Whether the settings exclude all that is at the paths, if anything is."""
    there = [entry for entry in portfolio.entries if any(is_within(entry, {path}) for path in paths)]
    return bool(there) and all(map(portfolio.config.excludes, there))


def _others(portfolio: Portfolio, paths: Sequence[str]) -> str:
    """The end of a sentence: which engagement the user may have meant, else some that exist."""
    names = [ref.name for ref in portfolio.nodes]
    wanted = ["/".join(path.split("/")[-2:]) for path in paths[:_MAX_SHOWN]]
    hint = next((hint for name in wanted if (hint := suggest(name, names, 1))), None)
    if hint:
        return f". {hint}"
    return f"; there are {listed(names, _MAX_SHOWN, show=quoted)}." if names else "."


def _exists(portfolio: Portfolio, path: str) -> bool:
    """Whether a path is in the tree, or at least on the disk that it is a tree of: empty, or ignored by Git."""
    if path in portfolio.entries or portfolio.below(path):
        return True
    _, raw = next(iter(portfolio.tree.read([path], 1)))
    return not isinstance(raw, Unreadable) or raw == FOLDER or raw.rule == "unsafe-yaml"  # which is too large a file


def _not_there(portfolio: Portfolio, path: str) -> BpError:
    """A path that does not exist; the hint names what does, next to where it was looked for."""
    if not any(is_within(path, {ref.path}) for ref in portfolio.nodes):
        return _nothing(portfolio, [path], None, None)
    folder, name = _parent(path), path.rpartition("/")[2]
    while folder and not portfolio.below(folder):
        folder, name = _parent(folder), folder.rpartition("/")[2]
    start = len(folder) + 1 if folder else 0
    known = sorted({entry[start:].partition("/")[0] for entry in portfolio.below(folder)})
    hint = suggest(name, known, 1) or f"There are {listed(known, _MAX_SHOWN, show=quoted)}."
    return BpError(f"{path} does not exist", hint)


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def touches(node: str, path: str) -> bool:
    """Whether one of two paths is the other one or below it."""
    return not path or not node or f"{node}/".startswith(f"{path}/") or f"{path}/".startswith(f"{node}/")
