"""Which engagements a tree has: the directories with a blueprint, and those that lack theirs."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cached_property

from blueprint_cli.config import Config
from blueprint_cli.engagement.node import NodeRef
from blueprint_cli.files.partial import PartialListing
from blueprint_cli.files.tree import Kind, Tree
from blueprint_cli.model import Location
from blueprint_cli.policy.model import Archetype, Catalog
from blueprint_cli.text import join_path

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_NOT_UTF8 = re.compile(r"[\ud800-\udfff]")


def flaw(name: str) -> str | None:
    """Why a name could deceive a reader, so that no output should show it as it is; None for a safe one."""
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
        if isinstance(self.entries, PartialListing):
            return [path for path in self.entries.below(directory) if self.config.covers(path)]
        return _below(self.paths, directory)

    def flawed(self, directory: str) -> list[str]:
        """The covered paths below a directory that have a flaw after the directory's own path."""
        paths = self.below(directory)
        if "".join(paths).isprintable():  # nearly always, and a single test
            return []
        return [path for path in paths if flaw(path[len(directory) :])]

    @cached_property
    def nodes(self) -> tuple[NodeRef, ...]:
        """Every engagement, in path order: those with a blueprint, and those that lack it."""
        refs = {ref.path: ref for ref in self._with_blueprint()}
        known = set(refs)
        for ref in (*self._orphans(known), *self._configured(refs)):
            refs.setdefault(ref.path, ref)
        return tuple(refs[path] for path in sorted(refs))

    def _with_blueprint(self) -> Iterator[NodeRef]:
        names = {archetype.blueprint_path.rpartition("/")[2] for archetype in self.catalog.archetypes.values()}
        for path in [path for path in self.paths if path.endswith(tuple(names))]:
            folder, _, name = path.rpartition("/")
            if name in names:
                yield self.ref(folder, path)

    def ref(self, folder: str, blueprint: str) -> NodeRef:
        """The engagement whose blueprint is in a directory, as a node of its realm."""
        report = self.config.report_path or self._report_path
        return NodeRef(*self._names(folder), folder, blueprint, join_path(folder, report))

    def around(self, path: str) -> Iterator[NodeRef]:
        """The engagements that a file may belong to: those in whose directory, or realm's directory, it lies.

        They are searched from the file upwards, so that checking one file does not list a thousand engagements.
        """
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            for name in self.catalog.blueprint_paths:
                blueprint = f"{folder}/{name}" if folder else name
                if blueprint in self.entries and self.config.covers(blueprint):
                    yield self.ref(blueprint.rpartition("/")[0], blueprint)

    @cached_property
    def _report_path(self) -> str:
        archetypes = self.catalog.archetypes.values()
        return next((archetype.report_path for archetype in archetypes if not archetype.realm_scope), "gap_report.yaml")

    def at_realm(self, ref: NodeRef, archetype: Archetype) -> NodeRef:
        """The same engagement where its archetype governs the realm: assets count from the realm's directory."""
        above = archetype.blueprint_path.count("/")
        folder = "/".join(ref.path.split("/")[: len(ref.path.split("/")) - above]) if above else ref.path
        realm = folder.rsplit("/", 1)[-1] or self.tree.root_names[1]
        node = archetype.blueprint_path.rsplit("/", 1)[0] if above else ref.node
        return NodeRef(realm, node, folder, ref.blueprint, join_path(folder, archetype.report_path))

    def _names(self, folder: str) -> tuple[str, str]:
        parts = [*self.tree.root_names, *(folder.split("/") if folder else [])]
        return parts[-2], parts[-1]

    @cached_property
    def _asset_paths(self) -> dict[str, list[str]]:
        """Asset paths by file name: such a file reveals an engagement without a blueprint."""
        paths: dict[str, list[str]] = {}
        for archetype in self.catalog.archetypes.values():
            if not archetype.realm_scope:
                for path in archetype.assets:
                    paths.setdefault(path.rsplit("/", 1)[-1], []).append(path)
        return paths

    def _orphans(self, known: set[str]) -> Iterator[NodeRef]:
        roots = [root.strip("/") for root in self.config.infohub_roots if root != "."]
        seen: set[str] = set()
        for path in self.paths:
            if path.rsplit("/", 2)[0] in known:  # where most assets are
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
                if not is_within(folder, known):
                    at = Location(join_path(folder, "blueprint.yaml"))
                    yield NodeRef(*self._names(folder), folder, None, None, f"it holds assets such as {asset}", at)

    def _configured(self, known: Mapping[str, NodeRef]) -> Iterator[NodeRef]:
        names = {ref.name for ref in known.values()}
        document, file = self.config.document, self.config.file
        for index, name in enumerate(self.config.nodes):
            if name not in names:
                realm, _, node = name.partition("/")
                place = document.locate(("nodes", index)) if document else (1, 1)
                at = Location(file or "bp.yaml", *place)
                yield NodeRef(realm, node, name, None, None, f"{file} lists it under nodes", at)


def is_within(folder: str, nodes: set[str]) -> bool:
    """Whether a directory is one of the nodes', or below one."""
    parts = folder.split("/") if folder else []
    return any("/".join(parts[:depth]) in nodes for depth in range(len(parts) + 1))


def _below(paths: list[str], directory: str) -> list[str]:
    """Those of the sorted paths that are below a directory."""
    if not directory:
        return paths
    first = bisect_left(paths, directory + "/")
    last = bisect_left(paths, directory + "0")  # "0" is the character after "/"
    return paths[first:last]
