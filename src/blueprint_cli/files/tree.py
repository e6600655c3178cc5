"""Where bytes come from. Nothing above this module knows whether it reads a disk, the index or a commit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

GAP_REPORT = "gap_report.yaml"
"""The usual name of the file that every scan writes anew."""


class Kind(StrEnum):
    """What a tree has at a path. Only files are ever read; the rest is a finding."""

    FILE = "file"
    SYMLINK = "symlink"
    SPECIAL = "special"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why bytes could not be had, as a value: ``rule`` is the rule that reports it, ``message`` says it."""

    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class Change:
    """The last change of a file as Git knows it, in UTC: ``when`` is None where Git does not know it, and ``why``
    says why."""

    when: datetime | None
    why: str | None = None


class Tree(Protocol):
    """A set of files: the work tree, the index or one revision. Paths are POSIX, from the root, decoded
    with ``surrogateescape``."""

    @property
    def root_names(self) -> tuple[str, str]:
        """Names of the root's parent directory and of the root: realm and node of a blueprint at the root. Of a
        repository they are not known: the names of a clone's directories are not part of it."""

    @property
    def boundaries(self) -> Sequence[str]:
        """Submodules and repositories within this one, sorted: what is in them belongs to another tree."""

    @property
    def unmerged(self) -> Collection[str]:
        """Files that a merge has left unresolved. Where one is read, ``BpError`` is raised: nobody can say what it is
        to be."""

    def entries(self) -> Mapping[str, Kind]:
        """Every path below the root, sorted; submodules, nested repositories and ignored files are left out.

        Listed once: later calls answer the same mapping."""

    def read(self, paths: Iterable[str], max_bytes: int) -> Iterable[tuple[str, bytes | Unreadable]]:
        """The bytes of each path, in the order given; larger than ``max_bytes``, gone or not a plain file:
        ``Unreadable``. No symlink is ever followed, in no component of the path."""

    def last_changes(self, paths: Iterable[str]) -> Mapping[str, Change]:
        """When each path was last changed by a commit: one walk for all of them."""

    def close(self) -> None:
        """Close files and end processes; a closed tree opens them again when it is next read."""


UNNAMED = (".", ".")
"""The names of a root that has none of its own."""


def too_large(size: int, max_bytes: int) -> Unreadable:
    """The one wording for a file over the limit, whichever tree it is in; sizes in bytes."""
    return Unreadable(
        "unsafe-yaml", f"file of {size:,} bytes is larger than `limits.file_bytes` allows ({max_bytes:,})"
    )


def through_link(folder: str) -> Unreadable:
    """The one wording for a file that could only be reached through a link."""
    return Unreadable("unsafe-path", f"is reached through the link {folder}: links are not followed")


SYMLINK = Unreadable("unsafe-path", "is a symbolic link: links are not followed")
FOLDER = Unreadable("unsafe-path", "is a directory, not a file")
GONE = Unreadable("unsafe-path", "is not there any more: it was removed while it was being read")
