"""Which engagements a tree has: the directories with a blueprint, and those that lack theirs."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from blueprint_cli.config import Config
from blueprint_cli.engagement.misnamed import Misnamed, misnamed_blueprints
from blueprint_cli.engagement.near_names import stem
from blueprint_cli.engagement.node import NodeRef
from blueprint_cli.files.partial import PartialListing
from blueprint_cli.files.tree import UNNAMED, Kind, Tree
from blueprint_cli.model import Location
from blueprint_cli.policy.model import Archetype, Catalog
from blueprint_cli.text import Suggestions, join_path, normal, quoted

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

    def spelt(self, path: str) -> str:
        """A path as the tree spells it: the same letters may be written composed or decomposed."""
        if path.isascii() or path in self.entries:
            return path
        return self._composed.get(normal(path), path)

    @cached_property
    def _composed(self) -> dict[str, str]:
        """The paths of files and directories by their form with composed letters."""
        known: dict[str, str] = {}
        for path in self.entries:
            while path and not path.isascii() and normal(path) not in known:
                known[normal(path)] = path
                path = path.rpartition("/")[0]
        return known

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
        refs = {folder: self.ref(folder, *paths) for folder, paths in self.blueprints(self.paths).items()}
        refs |= {folder: self._without(folder, meant) for folder, meant in self.misnamed.items()}
        for ref in (*self._orphans(set(refs)), *self._configured(refs)):
            refs.setdefault(ref.path, ref)
        return tuple(refs[path] for path in sorted(refs))

    @cached_property
    def namesakes(self) -> Mapping[str, list[str]]:
        """By name, the directories of its engagements, where there are several: of those that a scan of everything
        judges, so that a report does not depend on which engagements were named."""
        named: dict[str, list[str]] = {}
        for ref in self.nodes:
            if self.config.in_configured_realms(ref.path):
                named.setdefault(normal(self._reported_name(ref)), []).append(ref.path)
        return {name: paths for name, paths in named.items() if len(paths) > 1}

    def others_of_name(self, ref: NodeRef) -> list[str]:
        """The directories of the other engagements that are called like one."""
        paths = self.namesakes.get(normal(self._reported_name(ref)), ())
        return [path for path in paths if path != ref.path] if ref.path in paths else []

    def _reported_name(self, ref: NodeRef) -> str:
        """REALM/NODE as in reports, which count the names of an engagement that governs its realm from the realm."""
        for archetype in self.catalog.archetypes.values():
            if archetype.realm_scope and f"/{ref.blueprint}".endswith(f"/{archetype.blueprint_path}"):
                return self.at_realm(ref, archetype).name
        return ref.name

    @cached_property
    def names_of_blueprints(self) -> frozenset[str]:
        """How the files of blueprints are called."""
        return frozenset(path.rpartition("/")[2] for path in self.catalog.blueprint_paths)

    def blueprints(self, paths: Iterable[str]) -> dict[str, list[str]]:
        """The blueprints in each directory: one, where everything is in order."""
        names = self.names_of_blueprints
        found: dict[str, list[str]] = {}
        for path in [path for path in paths if path.endswith(tuple(names))]:
            folder, _, name = path.rpartition("/")
            if name in names:
                found.setdefault(folder, []).append(path)
        return found

    def nested(self, folder: str, below: Iterable[str]) -> list[str]:
        """The directories of other engagements below one, of all the paths below it."""
        return [inner for inner in self.blueprints(below) if inner != folder]

    @cached_property
    def misnamed(self) -> dict[str, Misnamed]:
        """By directory without a blueprint, the file in it that was meant as one."""
        return self._misnamed_in(self.paths)

    @cached_property
    def _misnamed_near(self) -> dict[str, Misnamed]:
        """The same, among what is listed already: around a file that is checked, that is enough."""
        if isinstance(self.entries, PartialListing):
            return self._misnamed_in([path for path in self.entries.known if self.config.covers(path)])
        return self.misnamed

    def _misnamed_in(self, paths: Sequence[str]) -> dict[str, Misnamed]:
        known = set(self.blueprints(paths))
        names, tree = self.names_of_blueprints, self.tree
        return misnamed_blueprints(tree, paths, names, lambda folder: is_within(folder, known), known)

    def _without(self, folder: str, meant: Misnamed) -> NodeRef:
        """The engagement whose blueprint has another name."""
        name = meant.path.rpartition("/")[2]
        why = f"{quoted(name)} is not read; rename it to {meant.wanted}"
        return self._lacking(folder, why, Location(meant.path, 1, 1), meant.wanted)

    def _lacking(self, folder: str, why: str, at: Location, wanted: str) -> NodeRef:
        return NodeRef(*self._names(folder), folder, None, None, why, at, wanted)

    def ref(self, folder: str, blueprint: str, *others: str) -> NodeRef:
        """The engagement whose blueprint is in a directory, as a node of its realm. ``others``: further blueprints in
        the same directory, of which it must have only one."""
        report = join_path(folder, self.config.report_path or self._report_path)
        return NodeRef(*self._names(folder), folder, blueprint, report, others=others)

    def around(self, path: str) -> Iterator[NodeRef]:
        """The engagements that a file may belong to: those in whose directory, or realm's directory, it lies.

        They are searched from the file upwards, so that checking one file does not list a thousand engagements.
        """
        above = path
        while above:
            above = above.rpartition("/")[0]
            places = [join_path(above, name) for name in self.catalog.blueprint_paths]
            there = self.blueprints(at for at in places if at in self.entries and self.config.covers(at))
            yield from (self.ref(folder, *paths) for folder, paths in there.items())
            for folder in {at.rpartition("/")[0] for at in places} - there.keys():
                if folder in self._misnamed_near:
                    yield self._without(folder, self._misnamed_near[folder])

    @cached_property
    def _report_path(self) -> str:
        archetypes = self.catalog.archetypes.values()
        return next((archetype.report_path for archetype in archetypes if not archetype.realm_scope), "gap_report.yaml")

    def at_realm(self, ref: NodeRef, archetype: Archetype) -> NodeRef:
        """The same engagement where its archetype governs the realm: assets count from the realm's directory."""
        above = archetype.blueprint_path.count("/")
        folder = "/".join(ref.path.split("/")[: len(ref.path.split("/")) - above]) if above else ref.path
        realm = folder.rsplit("/", 1)[-1] or self._root_names[1]
        node = archetype.blueprint_path.rsplit("/", 1)[0] if above else ref.node
        return NodeRef(realm, node, folder, ref.blueprint, join_path(folder, archetype.report_path))

    @property
    def _root_names(self) -> tuple[str, str]:
        """Realm and node of a blueprint at the root: as set, else as the tree has them."""
        if self.config.root_name is None:
            return self.tree.root_names
        above, _, name = self.config.root_name.rpartition("/")
        return above or UNNAMED[0], name

    def _names(self, folder: str) -> tuple[str, str]:
        parts = [*self._root_names, *(folder.split("/") if folder else [])]
        return parts[-2], parts[-1]

    @cached_property
    def _asset_paths(self) -> dict[str, list[tuple[str, str]]]:
        """Asset paths by file name, each with the name of its blueprint: such a file reveals an engagement without one.

        One without a directory does not: nobody knows whose a README.md is.
        """
        paths: dict[str, list[tuple[str, str]]] = {}
        for archetype in self.catalog.archetypes.values():
            if not archetype.realm_scope:
                for path in archetype.assets:
                    if "/" in path:
                        name = path.rpartition("/")[2]
                        paths.setdefault(name, []).append((path, archetype.blueprint_path.rpartition("/")[2]))
        return paths

    def is_like_asset(self, name: str) -> bool:
        """Whether a file name is that of an asset, but for its spelling."""
        return stem(name) in self._asset_stems

    @cached_property
    def _asset_stems(self) -> frozenset[str]:
        archetypes = self.catalog.archetypes.values()
        return frozenset(stem(path.rpartition("/")[2]) for archetype in archetypes for path in archetype.assets)

    def _orphans(self, known: set[str]) -> Iterator[NodeRef]:
        roots = [root.strip("/") for root in self.config.infohub_roots if root != "."]
        seen: set[str] = set()
        for path in self.paths:
            if path.rsplit("/", 2)[0] in known:  # where most assets are
                continue
            for asset, blueprint in self._asset_paths.get(path.rpartition("/")[2], ()):
                if not path.endswith("/" + asset) and path != asset:
                    continue
                folder = path[: -len(asset)].rstrip("/")
                for root in roots:
                    folder = folder.removesuffix("/" + root)
                if folder in seen:
                    continue
                seen.add(folder)
                if not is_within(folder, known):
                    at = Location(join_path(folder, blueprint))
                    yield self._lacking(folder, f"it holds assets such as {asset}", at, blueprint)

    def _configured(self, known: Mapping[str, NodeRef]) -> Iterator[NodeRef]:
        names = [ref.name for ref in known.values()]
        document, file = self.config.document, self.config.file
        suggestions = Suggestions()
        for index, name in enumerate(self.config.nodes):
            if name not in names:
                realm, _, node = name.partition("/")
                place = document.locate(("nodes", index)) if document else (1, 1)
                at = Location(file or "bp.yaml", *place)
                why = f"{file} lists it under nodes{suggestions.hint(name, names)}"
                yield NodeRef(realm, node, name, None, None, why, at)


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
