"""The fast half of `bp lint`: says of a file, in a few milliseconds, that nothing is wrong with it.

A hook runs before every commit, and most files are fine. What judging needs takes longer to load than such a file
to check, so this half reads the packaged catalog as plain data. It may only ever accept: whatever it does not
plainly accept, the careful half (``lint``) judges as `bp scan` does. A test holds the two to that.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from blueprint_cli import config as configuration
from blueprint_cli import gitrepo
from blueprint_cli.config import Config
from blueprint_cli.errors import BpError
from blueprint_cli.files.disk import Reader, kind_of
from blueprint_cli.files.tree import GONE, Unreadable
from blueprint_cli.policy.layers import BLUEPRINTS, SCHEMAS, TRACKS, packaged_root
from blueprint_cli.yamlfile import Document, read

SUFFIXES = (".yaml", ".yml")
"""The names of YAML files."""


def answer(arguments: Sequence[str]) -> str | None:
    """What `bp lint` prints (exit code 0) where every file is plainly fine; None where it must be asked in earnest.

    It needs none of the command line's machinery, which takes most of the time of so short a command.
    """
    files = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not files or (files is arguments and any(one.startswith("-") for one in files)):
        return None
    repo = gitrepo.discover(Path.cwd())
    if repo is None or repo.top is None:
        return None
    config = configuration.override(quick_config(repo.top), {}, os.environ)
    if config.format != "text":
        return None
    quick = Quick(repo.top, config)
    fine = all(_needs_no_resolving(name) and quick.accepts(repo.prefix + name) for name in files)
    return counted(len(files), "no gaps") + "\n" if fine else None


def counted(files: int, found: str) -> str:
    """The closing line of `bp lint`."""
    return f"{files} file{'' if files == 1 else 's'} checked: {found}"


def _needs_no_resolving(name: str) -> bool:
    return not name.startswith("/") and not {"", ".", ".."} & set(name.split("/"))


class Quick:
    """Accepts files of one work tree: YAML that belongs to no engagement, and assets of the packaged catalog."""

    def __init__(self, root: str, config: Config) -> None:
        self.root, self.config = root, config
        self._reader = Reader(root)
        self._nodes: dict[str, Mapping[str, Any] | None] = {}
        self._plans: dict[tuple[Any, ...], dict[str, tuple[str, str | None]]] = {}

    @cached_property
    def usable(self) -> bool:
        """Whether the packaged catalog alone decides here."""
        folders = [Path(self.root, folder.strip("/.")) for folder in self.config.catalog]
        return not any(os.path.exists(folder / name) for folder in folders for name in (BLUEPRINTS, TRACKS, SCHEMAS))

    def accepts(self, path: str) -> bool:
        """Whether nothing at all is wrong with a file. False also means: I cannot tell."""
        if not path.endswith(SUFFIXES) or path.endswith("gap_report.yaml") or not (path.isprintable() and self.usable):
            return False
        if self._nested(path):
            return False
        raw = self._reader.read(path, self.config.limits.file_bytes)
        if isinstance(raw, Unreadable):
            return False
        document = read(raw, self.config.limits)
        folder = self._node(path)
        if folder is None:
            return all(fault.rule == "not-a-mapping" for fault in document.faults)
        try:
            return not document.faults and document.ok and self._valid(folder, path, document)
        except (BpError, KeyError, TypeError, AttributeError, ValueError, OSError):
            return False  # whatever the blueprint or the catalog says that was not expected, the careful way explains

    def _nested(self, path: str) -> bool:
        """Whether a file belongs to a repository within this one, such as a submodule."""
        parts = path.split("/")
        return any(os.path.exists(Path(self.root, *parts[:depth], ".git")) for depth in range(1, len(parts)))

    def _node(self, path: str) -> str | None:
        """The nearest directory around a file that has a blueprint; None where there is none."""
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            if any(kind_of(f"{self.root}/{_join(folder, name)}") for name in self._instance_names):
                return folder
        return None

    @cached_property
    def _instance_names(self) -> set[str]:
        return {str(one["blueprint"]).rpartition("/")[2] for one in self._archetypes.values()}

    @cached_property
    def _archetypes(self) -> dict[str, Any]:
        folders = sorted((packaged_root() / BLUEPRINTS).iterdir(), key=lambda folder: folder.name)
        return {folder.name: read((folder / "archetype.yaml").read_bytes()).data for folder in folders}

    def _valid(self, folder: str, path: str, document: Document) -> bool:
        if folder not in self._nodes:
            raw = self._reader.read(_join(folder, "blueprint.yaml"), self.config.limits.file_bytes)
            self._nodes[folder] = None if isinstance(raw, Unreadable) else read(raw, self.config.limits).data
        instance = self._nodes[folder]
        if instance is None or not self.config.covers(path):
            return False
        archetype = self._archetypes[instance["archetype"]]
        if archetype["scope"] != "node" or archetype["blueprint"] != "blueprint.yaml":
            return False
        found = self._asset(instance, archetype, folder, path)
        return found is not None and self._validator(*found).is_valid(document.data)

    def _asset(
        self, instance: Mapping[str, Any], archetype: Mapping[str, Any], folder: str, path: str
    ) -> tuple[str, str | None] | None:
        """Schema and depth of the asset that a file is."""
        mapped = instance.get("assets") or {}
        listed = tuple(one["id"] for one in instance["reference_blueprints"] if one.get("status") != "not_applicable")
        key = (archetype["id"], instance["track"], listed)
        if key not in self._plans:
            self._plans[key] = dict(_assets(*key))
        for name, found in self._plans[key].items():
            places = [mapped[name]] if name in mapped else [_join(root, name) for root in self.config.infohub_roots]
            there = [place for one in places if kind_of(f"{self.root}/{(place := _join(folder, one))}")]
            if there[:1] == [path]:
                return found
        return None

    def _validator(self, schema: str, depth: str | None) -> Any:
        from blueprint_cli.schema import SchemaStore
        from blueprint_cli.times import is_date

        names = {schema, "asset.schema.json"}
        folder = packaged_root() / SCHEMAS
        store = SchemaStore({name: json.loads((folder / name).read_bytes()) for name in names}, is_date, names)
        return store.validator(schema, depth if depth in store.depths(schema) else None)


def _assets(archetype: str, track: str, listed: Iterable[str]) -> Iterator[tuple[str, tuple[str, str | None]]]:
    """Path, schema and depth of every asset of the packaged catalog that an instance asks for."""
    root = packaged_root()
    cells = read((root / f"{TRACKS}{archetype}/{track}.yaml").read_bytes()).data
    for name in listed:
        rows = read((root / f"{BLUEPRINTS}{archetype}/{name}.yaml").read_bytes()).data
        for asset in rows["assets"]:
            table, _, row = asset["depth"]["row"].partition(".") if "depth" in asset else ("", "", "")
            depth = cells.get(table, {}).get(row) if table else None
            if "schema" in asset:
                yield asset["path"], (asset["schema"], depth)


def quick_config(root: str) -> Config:
    """The configuration at a root. Raises PolicyError for one that is not valid."""
    raw = Reader(root).read(configuration.FILE, 1_048_576)
    if raw == GONE:
        return Config()
    from blueprint_cli.schema import SchemaStore

    schema = json.loads((packaged_root() / SCHEMAS / configuration.SCHEMA).read_bytes())
    store = SchemaStore({configuration.SCHEMA: schema}, lambda _: False, [configuration.SCHEMA])
    return configuration.parse(raw, configuration.FILE, store.validator(configuration.SCHEMA))


def _join(*parts: str) -> str:
    return "/".join(part.strip("/") for part in parts if part not in ("", "."))
