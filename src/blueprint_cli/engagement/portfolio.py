"""Which engagements a tree holds: directories with a blueprint, and those that lack theirs."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from blueprint_cli.config import Config
from blueprint_cli.engagement.node import NodeRef
from blueprint_cli.errors import BpError
from blueprint_cli.files.tree import Kind, Tree
from blueprint_cli.model import Location
from blueprint_cli.policy.model import Archetype, Catalog
from blueprint_cli.text import quoted

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_NOT_UTF8 = re.compile(r"[\ud800-\udfff]")
_SHOWN = 5
"""Names in one sentence."""
_COMPARED, _LONGEST = 1_000, 100
"""Names that one is compared with, and characters of it: a guess must not become the main work."""


def flaw(name: str) -> str | None:
    """What makes a name one that could deceive, so that no tool should print it as it is; None for a sound one."""
    if name.isprintable():
        return None
    return "is not UTF-8" if _NOT_UTF8.search(name) else "has control characters" if _CONTROL.search(name) else None


class Portfolio:
    """The engagements of a tree, by path."""

    def __init__(self, tree: Tree, config: Config, catalog: Catalog) -> None:
        self.tree, self.config, self.catalog = tree, config, catalog
        self.entries: Mapping[str, Kind] = tree.entries()

    @cached_property
    def paths(self) -> list[str]:
        """Every path that the configuration covers, sorted."""
        if not self.config.exclude and "." in self.config.realms:
            return list(self.entries)
        return [path for path in self.entries if self.config.covers(path)]

    def below(self, directory: str) -> list[str]:
        """The covered paths below a directory."""
        return _below(self.paths, directory)

    def strange(self, directory: str) -> list[str]:
        """The covered paths below a directory in which one of the names from there on is flawed."""
        return [path for path in _below(self._strange, directory) if flaw(path[len(directory) :])]

    @cached_property
    def _strange(self) -> list[str]:
        if "".join(self.paths).isprintable():  # nearly always, and told at once
            return []
        return [path for path in self.paths if flaw(path)]

    @cached_property
    def nodes(self) -> tuple[NodeRef, ...]:
        """Every engagement, in path order: those with a blueprint, and those that lack it."""
        found = {ref.path: ref for ref in self._with_blueprint()}
        inside = set(found)
        for ref in (*self._orphans(inside), *self._listed(found)):
            found.setdefault(ref.path, ref)
        return tuple(found[path] for path in sorted(found))

    def _with_blueprint(self) -> Iterator[NodeRef]:
        names = {one.blueprint_path.rpartition("/")[2] for one in self.catalog.archetypes.values()}
        for path in [path for path in self.paths if path.endswith(tuple(names))]:
            folder, _, name = path.rpartition("/")
            if name in names:
                yield self.ref(folder, path)

    def ref(self, folder: str, blueprint: str) -> NodeRef:
        """The engagement whose blueprint stands in a directory, as a node of its realm."""
        realm, node = self._names(folder)
        report = self.config.report_path or self._report_name
        return NodeRef(realm, node, folder, blueprint, _join(folder, report))

    def around(self, path: str) -> Iterator[NodeRef]:
        """The engagements that a file may belong to: those in whose directory, or realm's directory, it lies.

        They are searched from the file upwards, so that checking one file does not list a thousand engagements.
        """
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            for name in self._blueprint_paths:
                blueprint = _join(folder, name)
                if blueprint in self.entries and self.config.covers(blueprint):
                    yield self.ref(blueprint.rpartition("/")[0], blueprint)

    @cached_property
    def _blueprint_paths(self) -> list[str]:
        """Where a blueprint may stand below a directory of an engagement or a realm."""
        paths = {archetype.blueprint_path for archetype in self.catalog.archetypes.values()}
        return sorted(paths | {path.rpartition("/")[2] for path in paths})

    @cached_property
    def _report_name(self) -> str:
        return next(
            (one.report_path for one in self.catalog.archetypes.values() if not one.realm_scope), "gap_report.yaml"
        )

    def at_realm(self, ref: NodeRef, archetype: Archetype) -> NodeRef:
        """The same engagement where its archetype governs the realm: assets count from the realm's directory."""
        above = archetype.blueprint_path.count("/")
        folder = "/".join(ref.path.split("/")[: len(ref.path.split("/")) - above]) if above else ref.path
        realm = folder.rsplit("/", 1)[-1] or self.tree.root_names[1]
        node = archetype.blueprint_path.rsplit("/", 1)[0] if above else ref.node
        return NodeRef(realm, node, folder, ref.blueprint, _join(folder, archetype.report_path))

    def _names(self, folder: str) -> tuple[str, str]:
        parts = [*self.tree.root_names, *(folder.split("/") if folder else [])]
        return parts[-2], parts[-1]

    @cached_property
    def _asset_paths(self) -> dict[str, list[str]]:
        """Asset paths by file name: what gives an engagement without a blueprint away."""
        found: dict[str, list[str]] = {}
        for archetype in self.catalog.archetypes.values():
            if not archetype.realm_scope:
                for path in archetype.assets:
                    found.setdefault(path.rsplit("/", 1)[-1], []).append(path)
        return found

    def _orphans(self, nodes: set[str]) -> Iterator[NodeRef]:
        roots = [root.strip("/") for root in self.config.infohub_roots if root != "."]
        seen: set[str] = set()
        for path in self.paths:
            if path.rsplit("/", 2)[0] in nodes:  # where most assets are
                continue
            for asset in self._asset_paths.get(path.rpartition("/")[2], ()):
                if not path.endswith("/" + asset) and path != asset:
                    continue
                folder = path[: -len(asset)].rstrip("/")
                for root in roots:
                    folder = folder.removesuffix("/" + root)
                if folder in seen:
                    continue
                seen.add(folder)
                if _within(folder, nodes):
                    continue
                realm, node = self._names(folder)
                at = Location(_join(folder, "blueprint.yaml"), None, None)
                yield NodeRef(realm, node, folder, None, None, f"it holds assets such as {asset}", at)

    def _listed(self, found: Mapping[str, NodeRef]) -> Iterator[NodeRef]:
        names = {ref.name for ref in found.values()}
        for index, name in enumerate(self.config.nodes):
            realm, _, node = name.partition("/")
            if name in names:
                continue
            document = self.config.document
            line, column = document.locate(("nodes", index)) if document else (1, 1)
            at = Location(self.config.file or "bp.yaml", line, column)
            yield NodeRef(realm, node, name, None, None, f"{self.config.file} lists it under nodes", at)

    def behind_links(self, paths: Sequence[str] = ()) -> str | None:
        """What has to be said of links that stand where engagements and realms do: nothing behind them is judged."""
        inside = {ref.path for ref in self.nodes}
        holders = {_up(_up(path)) for path in inside}
        found = [
            path
            for path, kind in self.entries.items()
            if kind is Kind.SYMLINK
            and "." not in path.rsplit("/", 1)[-1]
            and ({_up(path), _up(_up(path))} & holders or not inside)
            and self.config.covers(path)
            and not _within(path, inside)
            and (not any(paths) or any(_touches(path, one) for one in paths))
        ]
        if not found:
            return None
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        shown = ", ".join(map(quoted, found[:_SHOWN]))
        return f"links are not followed, and what is behind them is not judged: {shown}{more}"

    def select(self, paths: Sequence[str], realm: str | None, node: str | None) -> tuple[NodeRef, ...]:
        """The engagements below the given paths (or around them), of a realm or of a name.

        Raises BpError where there is none, and for a path at which there is nothing at all.
        """
        for path in paths:
            if not any(_touches(ref.path, path) for ref in self.nodes) and not self._is_there(path):
                raise self._nothing([path], None, None)
        chosen = [
            ref
            for ref in self.nodes
            if (realm is None or ref.realm == realm)
            and (node is None or ref.node == node)
            and (not paths or any(_touches(ref.path, path) for path in paths))
        ]
        if not chosen:
            raise self._nothing(paths, realm, node)
        return tuple(chosen)

    def _is_there(self, path: str) -> bool:
        return path in self.entries or bool(self.below(path))

    def _nothing(self, paths: Sequence[str], realm: str | None, node: str | None) -> BpError:
        where = ", ".join(paths) if any(paths) else self.tree.root_names[1]
        names = sorted({one.blueprint_path for one in self.catalog.archetypes.values()})
        asked = "".join(f", {what} {name}" for what, name in (("realm", realm), ("node", node)) if name)
        realms = "" if "." in self.config.realms else f" (realms: {', '.join(self.config.realms)})"
        links = self.behind_links(paths)
        return BpError(
            f"no engagement found in {where}{asked}{realms}" + (f"; {links}" if links else ""),
            f"An engagement is a directory <realm>/<node>/ with {' or '.join(names)}{self._others(paths)}",
        )

    def _others(self, paths: Sequence[str]) -> str:
        """The end of a sentence: which engagement somebody may have meant, or some that are there."""
        import difflib  # late: only where something is misspelt

        names = [ref.name for ref in self.nodes[:_COMPARED]]
        asked = ["/".join(path.split("/")[-2:]) for path in paths[:_SHOWN]]
        close = [one for name in asked if len(name) <= _LONGEST for one in difflib.get_close_matches(name, names, 1)]
        if close:
            return f". Did you mean {', '.join(map(quoted, close))}?"
        return f"; there are {', '.join(map(quoted, names[:_SHOWN]))}." if names else "."


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _below(paths: list[str], directory: str) -> list[str]:
    """Those of the sorted paths that lie below a directory."""
    if not directory:
        return paths
    first = bisect_left(paths, directory + "/")
    last = bisect_left(paths, directory + "0")  # "0" is the character after "/"
    return paths[first:last]


def _within(folder: str, nodes: set[str]) -> bool:
    parts = folder.split("/") if folder else []
    return any("/".join(parts[:depth]) in nodes for depth in range(len(parts) + 1))


def _up(path: str) -> str:
    return path.rpartition("/")[0]


def _touches(node: str, path: str) -> bool:
    return not path or node == path or node.startswith(path + "/") or path.startswith(node + "/") or not node
