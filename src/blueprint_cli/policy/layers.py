"""The layers of a catalog: where policy comes from, and the schemas that all of them have together."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blueprint_cli.errors import BpError, PolicyError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

FOLDERS = BLUEPRINTS, TRACKS, SCHEMAS = "reference_blueprints/", "tracks/", "schemas/"
_SUFFIX = ".schema.json"
_TOGETHER = 32 << 20  # bytes of all schemas: parsed, they take several times as much memory


@dataclass(frozen=True)
class Layer:
    """One place that policy comes from: its files by path below it, and how users call that place."""

    label: str
    files: Mapping[str, Callable[[], bytes]]  # by path below its root, to a reader that may raise BpError
    ours: bool = False  # whether it comes with `bp`: nobody who changes a repository can change it

    def name(self, path: str) -> str:
        """How users know a file: its path from the repository root, or below the packaged catalog."""
        return self.label + path


def packaged_root() -> Traversable:
    """Where the catalog of this installation is: in the installed package, in the checkout, or in a zip archive.

    An editable install runs from the checkout and must not see a copy made when it was installed.
    """
    inside, checkout = Path(__file__).parents[1] / "_catalog", Path(__file__).parents[3]
    if inside.is_dir():
        return inside
    if (checkout / SCHEMAS).is_dir():
        return checkout
    from importlib.resources import files  # late (D-47): only a run from an archive needs it

    return files(__package__.partition(".")[0]) / "_catalog"


def is_packaged(directory: Path) -> bool:
    """Whether a directory is the one that the packaged catalog is read from: the root of a checkout of `bp` itself."""
    root = packaged_root()
    return isinstance(root, Path) and os.path.isdir(directory) and directory.samefile(root)


def packaged() -> Layer:
    """The catalog that comes with `bp`."""
    root = packaged_root()
    found = {name + path: file.read_bytes for name in FOLDERS for path, file in _below(root / name)}
    return Layer("", {path: read for path, read in found.items() if path.endswith((".yaml", ".json"))}, ours=True)


def _below(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    """Every file below a folder with its path from there, in order."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        path = prefix + entry.name
        if entry.is_dir():
            yield from _below(entry, f"{path}/")
        else:
            yield path, entry


class Schemas(dict[str, Mapping[str, Any]]):
    """The schemas of all layers by id (path below ``schemas/``).

    Those of the first layer that are in no directory describe what `bp` itself reads (settings, blueprint.yaml, policy
    files): the code relies on them, and no other layer replaces them (D-29).
    """

    def __init__(self, layers: Sequence[Layer]) -> None:
        super().__init__()
        self.ours: set[str] = set()
        """The ids of the schemas that come with `bp`."""
        self.notes: list[str] = []
        own = layers[0].files if layers else {}
        self._reserved = {path for path in own if path.startswith(SCHEMAS) and path.count("/") == 1}
        self._first = layers[0] if layers else None
        self._left = _TOGETHER
        for layer in layers:
            for path in layer.files:
                if path.startswith(SCHEMAS) and path.endswith(_SUFFIX):
                    self._add(layer, path)

    def _add(self, layer: Layer, path: str) -> None:
        """Add a schema. A file that is not a schema is ignored with a note: a repository may keep others there."""
        if path in self._reserved and layer is not self._first:
            self.notes.append(
                f"{layer.name(path)} is ignored: bp uses its own schemas of policy files and of blueprint.yaml"
            )
            return
        name = path.removeprefix(SCHEMAS)
        try:
            raw = layer.files[path]()
            self._left -= len(raw)
            if self._left < 0:
                raise PolicyError("the schemas are too large:", [f"more than {_TOGETHER:,} bytes together"])
            self[name] = parsed(raw, layer.name(path))
        except BpError as problem:
            self.notes.append(f"{layer.name(path)} is ignored: {problem.lines[-1].strip()}")
            return
        (self.ours.add if layer.ours else self.ours.discard)(name)


def parsed(raw: bytes, name: str) -> Mapping[str, Any]:
    """A schema from the bytes of its file. Raises PolicyError where it is not a JSON object."""
    try:
        schema = json.loads(raw)
    except (ValueError, RecursionError) as problem:
        raise PolicyError("a schema is not valid JSON:", [f"{name}: {problem}"]) from None
    if not isinstance(schema, dict):
        raise PolicyError("a schema is not valid:", [f"{name}: a JSON object is expected"])
    return schema
