"""Which engagements of a portfolio the user means, by paths, realm and name."""

from __future__ import annotations

from collections.abc import Sequence

from blueprint_cli.engagement.node import NodeRef
from blueprint_cli.engagement.portfolio import Portfolio, is_within
from blueprint_cli.errors import BpError
from blueprint_cli.files.tree import Kind
from blueprint_cli.text import listed, quoted, suggest

_MAX_SHOWN = 5
"""Names in one sentence."""


def select(
    portfolio: Portfolio, paths: Sequence[str], realm: str | None = None, node: str | None = None
) -> tuple[NodeRef, ...]:
    """The engagements below the given paths (or around them), of a realm or of a name.

    Raises BpError where there is none, and for a path that does not exist.
    """
    for path in paths:
        if not any(_touches(ref.path, path) for ref in portfolio.nodes) and not _exists(portfolio, path):
            raise _nothing(portfolio, [path], None, None)
    chosen = tuple(
        ref
        for ref in portfolio.nodes
        if (realm is None or ref.realm == realm)
        and (node is None or ref.node == node)
        and (not paths or any(_touches(ref.path, path) for path in paths))
    )
    if not chosen:
        raise _nothing(portfolio, paths, realm, node)
    return chosen


def unfollowed_links(portfolio: Portfolio, paths: Sequence[str] = ()) -> str | None:
    """A remark on links in the place of engagements and realms, which are not judged; None where there are none."""
    nodes = {ref.path for ref in portfolio.nodes}
    holders = {_parent(_parent(path)) for path in nodes}
    links = [
        path
        for path, kind in portfolio.entries.items()
        if kind is Kind.SYMLINK
        and "." not in path.rsplit("/", 1)[-1]
        and ({_parent(path), _parent(_parent(path))} & holders or not nodes)
        and portfolio.config.covers(path)
        and not is_within(path, nodes)
        and (not any(paths) or any(_touches(path, named) for named in paths))
    ]
    if not links:
        return None
    shown = listed(links, _MAX_SHOWN, show=quoted)
    return f"links are not followed, and what they lead to is not judged: {shown}"


def _nothing(portfolio: Portfolio, paths: Sequence[str], realm: str | None, node: str | None) -> BpError:
    where = ", ".join(paths) if any(paths) else portfolio.tree.root_names[1]
    wanted = "".join(f", {what} {name}" for what, name in (("realm", realm), ("node", node)) if name)
    realms = "" if "." in portfolio.config.realms else f" (realms: {', '.join(portfolio.config.realms)})"
    links = unfollowed_links(portfolio, paths)
    files = sorted({archetype.blueprint_path for archetype in portfolio.catalog.archetypes.values()})
    return BpError(
        f"no engagement found in {where}{wanted}{realms}" + (f"; {links}" if links else ""),
        f"An engagement is a directory <realm>/<node>/ with {' or '.join(files)}{_others(portfolio, paths)}",
    )


def _others(portfolio: Portfolio, paths: Sequence[str]) -> str:
    """The end of a sentence: which engagement the user may have meant, else some that exist."""
    names = [ref.name for ref in portfolio.nodes]
    wanted = ["/".join(path.split("/")[-2:]) for path in paths[:_MAX_SHOWN]]
    hint = next((hint for name in wanted if (hint := suggest(name, names, 1))), None)
    if hint:
        return f". {hint}"
    return f"; there are {listed(names, _MAX_SHOWN, show=quoted)}." if names else "."


def _exists(portfolio: Portfolio, path: str) -> bool:
    return path in portfolio.entries or bool(portfolio.below(path))


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _touches(node: str, path: str) -> bool:
    """Whether one of two paths is the other one or below it."""
    return not path or not node or f"{node}/".startswith(f"{path}/") or f"{path}/".startswith(f"{node}/")
