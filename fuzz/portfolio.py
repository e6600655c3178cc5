"""Small portfolios of valid engagements, and a tree that has its files in memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from blueprint_cli.files.tree import GONE, SYMLINK, Change, Kind, Unreadable, too_large
from blueprint_cli.workspace import Workspace

AS_OF = "2026-03-02"
Files = Mapping[str, bytes]
_ROOT = Path(__file__).parents[1]
_TRACKS = _ROOT / "tests/cases/_bases"
_REALMS = _ROOT / "tests/policy/made_up"


class MemoryTree:
    """A tree of the given files and links. Nothing of it was ever committed."""

    root_names = ("home", "vault")
    unmerged = ()
    boundaries = ()

    def __init__(self, files: Files, links: Iterable[str] = ()) -> None:
        self.files = files
        kinds = dict.fromkeys(files, Kind.FILE) | dict.fromkeys(links, Kind.SYMLINK)
        self._entries = {path: kinds[path] for path in sorted(kinds)}

    def entries(self) -> Mapping[str, Kind]:
        """Every path, sorted."""
        return self._entries

    def read(self, paths: Iterable[str], max_bytes: int) -> Iterable[tuple[str, bytes | Unreadable]]:
        """The bytes of each path, in the order given."""
        return [(path, self._read(path, max_bytes)) for path in paths]

    def _read(self, path: str, max_bytes: int) -> bytes | Unreadable:
        if path not in self.files:
            return SYMLINK if path in self._entries else GONE
        raw = self.files[path]
        return raw if len(raw) <= max_bytes else too_large(len(raw), max_bytes)

    def last_changes(self, paths: Iterable[str]) -> Mapping[str, Change]:
        """Git knows none of them."""
        return dict.fromkeys(paths, Change(None))

    def close(self) -> None:
        """Nothing is open."""


WORKSPACE = Workspace(str(Path(__file__).parent), None, str(Path(__file__).parent))
"""A stand-in for the root of the portfolios; nothing is read or written there."""


@cache
def tracks() -> dict[str, Files]:
    """By track a portfolio of one engagement without a gap."""
    return {folder.name: _files(folder) for folder in sorted(_TRACKS.iterdir())}


@cache
def realms() -> Files:
    """Engagements of another archetype, which governs realms and has assets in Markdown, with its policy."""
    return _files(_REALMS)


@cache
def policy() -> Files:
    """The packaged reference blueprints, tracks and schemas, as a repository's own."""
    return {
        path: raw
        for folder in ("reference_blueprints", "tracks", "schemas")
        for path, raw in _files(_ROOT, folder).items()
    }


def packaged_schema(name: str) -> dict[str, Any]:
    """A schema of the catalog that comes with `bp`."""
    found: dict[str, Any] = json.loads((_ROOT / "schemas" / name).read_bytes())
    return found


def _files(root: Path, below: str = "") -> Files:
    found = sorted(path for path in (root / below).rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


CONFIG = b"""\
realms: [NORTHWIND, "OTHER/*"]
nodes: [NORTHWIND/WAREHOUSE, NORTHWIND/PILOT]
infohub_roots: [., internal-infohub]
exclude: [archive/**, "*.bak"]
catalog: .
timezone: Europe/Berlin
fail_on: warning
report: {write: true, path: gap_report.yaml}
limits: {file_bytes: 1048576, depth: 64, nodes: 100000, digits: 100, message_length: 500, files_per_node: 5000}
hollow_refresh: false
git_clock: false
"""
"""A configuration with every key."""
