"""Reading the catalog: the packaged one, then what a repository adds or replaces, by id.

Layers are read in order and the later one wins: an archetype, reference blueprint, track or schema of the
same id replaces the earlier one. A repository's directory counts as a catalog only if it has the files of one:
``reference_blueprints/<id>/archetype.yaml`` makes an archetype, ``tracks/<id>/`` belongs to a known one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from blueprint_cli import times
from blueprint_cli.errors import BpError, PolicyError
from blueprint_cli.policy.layers import BLUEPRINTS, TRACKS, Layer, Schemas, packaged, parsed
from blueprint_cli.policy.model import Archetype, Catalog, ReferenceBlueprint, Track
from blueprint_cli.policy.rows import Origin
from blueprint_cli.schema import SchemaStore, Written
from blueprint_cli.yamlfile import Document, Limits, read

_ARCHETYPE = "/archetype.yaml"


@dataclass
class Policy:
    """What was loaded: the catalog, the schemas, and every policy file for messages that cite its lines."""

    catalog: Catalog
    schemas: Schemas
    store: SchemaStore
    documents: dict[str, Document] = field(default_factory=dict)
    _own: dict[tuple[str, bytes], SchemaStore] = field(default_factory=dict)

    def with_schema(self, path: str, raw: bytes) -> SchemaStore:
        """A store that also has a schema which stands outside the catalog's directories, by its path.

        Raises PolicyError where it is not a JSON Schema.
        """
        if (path, raw) not in self._own:
            ours = self.schemas.ours - {path}
            self._own[path, raw] = SchemaStore({**self.schemas, path: parsed(raw, path)}, times.is_date, ours)
        return self._own[path, raw]

    def locate(self, origin: Origin) -> tuple[int, int]:
        """Line and column of a row of policy."""
        document = self.documents.get(origin.file)
        return document.locate(origin.path) if document else (1, 1)


def load(layers: Sequence[Layer], limits: Limits | None = None) -> Policy:
    """Read all layers. Raises PolicyError with every problem, each with file, line and the names that exist."""
    loader = _Loader(layers, limits or Limits())
    catalog = loader.run()
    if loader.problems:
        raise PolicyError("the catalog is not valid:", loader.problems)
    return Policy(catalog, loader.schemas, loader.store, loader.documents)


@cache
def packaged_policy() -> Policy:
    """The packaged catalog alone: it has the schemas of what `bp` itself reads."""
    return load([packaged()])


class _Loader:
    def __init__(self, layers: Sequence[Layer], limits: Limits) -> None:
        self.layers, self.limits = layers, limits
        self.schemas = Schemas(layers)
        self.store = SchemaStore(self.schemas, times.is_date, self.schemas.ours)
        self.documents: dict[str, Document] = {}
        self.problems: list[str] = []
        self.notes: list[str] = []
        self.archetypes: dict[str, tuple[Any, Origin]] = {}
        self.blueprints: dict[str, dict[str, ReferenceBlueprint]] = {}
        self.tracks: dict[str, dict[str, Track]] = {}

    def run(self) -> Catalog:
        for layer in self.layers:
            self._archetypes(layer)
            for archetype, written, at in self._rows(layer, BLUEPRINTS, "reference_blueprint.schema.json"):
                self.blueprints.setdefault(archetype, {})[written["id"]] = ReferenceBlueprint(written, at)
            for archetype, written, at in self._rows(layer, TRACKS, "track.schema.json"):
                self.tracks.setdefault(archetype, {})[written["id"]] = Track(written, at)
        archetypes = {
            name: Archetype(
                written,
                origin,
                reference_blueprints=dict(sorted(self.blueprints.get(name, {}).items())),
                tracks=dict(sorted(self.tracks.get(name, {}).items())),
            )
            for name, (written, origin) in sorted(self.archetypes.items())
        }
        return Catalog(archetypes, (*self.notes, *self.schemas.notes))

    def _archetypes(self, layer: Layer) -> None:
        for directory, path in _files(layer, BLUEPRINTS):
            if not path.endswith(_ARCHETYPE) or (written := self._read(layer, path, "archetype.schema.json")) is None:
                continue
            if written["id"] == directory:
                self.archetypes[directory] = (written, Origin(layer.name(path), ()))
            else:
                message = f"`id` is `{written['id']}`, its directory is `{directory}`: they must agree"
                self._problem(layer.name(path), ("id",), message)

    def _rows(self, layer: Layer, folder: str, schema: str) -> Iterator[tuple[str, Any, Origin]]:
        """The files of known archetypes in a folder: archetype, data and place of each."""
        ignored = set()
        seen: dict[tuple[str, str], str] = {}
        for archetype, path in _files(layer, folder):
            name = layer.name(path)
            if archetype not in self.archetypes:
                ignored.add(layer.name(folder + archetype))
            elif not path.endswith(_ARCHETYPE) and (written := self._read(layer, path, schema)) is not None:
                first = seen.setdefault((archetype, written["id"]), name)
                if first == name:
                    yield archetype, written, Origin(name, ())
                else:
                    self._problem(name, ("id",), f"`{written['id']}` is set in {first} too")
        for name in sorted(ignored):
            self.notes.append(f"{name} is ignored: there is no {BLUEPRINTS}{name.split('/')[-1]}/archetype.yaml")

    def _read(self, layer: Layer, path: str, schema: str) -> Any | None:
        """The data of a policy file that its schema accepts; None, with the problems noted, where it does not."""
        name = layer.name(path)
        try:
            document = read(layer.files[path](), self.limits)
        except BpError as problem:
            self.problems.append(f"{name}: {problem.message}")
            return None
        self.documents[name] = document
        if not document.ok:
            self.problems += [f"{name}:{fault}" for fault in document.faults]
            return None
        defects = self.store.validator(schema).defects(document.data, Written(document.written))
        for defect in defects:
            self._problem(name, defect.place, defect.message)
        return None if defects else document.data

    def _problem(self, name: str, at: Sequence[str | int], message: str) -> None:
        self.problems.append(f"{name}:{self.documents[name].position(at)}: {message}")


def _files(layer: Layer, folder: str) -> Iterator[tuple[str, str]]:
    """The files of all archetypes in a folder: the archetype's directory and the path of each."""
    for path in layer.files:
        parts = path.split("/")
        if path.startswith(folder) and len(parts) == 3 and path.endswith(".yaml"):
            yield parts[1], path
