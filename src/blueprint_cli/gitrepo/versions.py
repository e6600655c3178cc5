"""The contents that files had: what a walk through the history finds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from blueprint_cli.files.tree import Change


class Version(NamedTuple):
    """One content that a file had: when it was committed (UTC; unknown as in ``Change``) and its blob."""

    change: Change
    blob: str


class Versions:
    """The last contents of files up to some commit, newest first.

    Most files of a walk end in one commit, and many were never changed: what they end with is stored once.
    """

    def __init__(self) -> None:
        self._later: dict[str, list[Version]] = {}
        self._first: dict[str, str] = {}
        self._end: dict[str, Change] = {}

    def of(self, path: str) -> list[Version]:
        """The contents of one file; none of a file that was not in the walk."""
        later = self._later.get(path, ())
        return [*later, Version(self._end[path], self._first[path])] if path in self._end else [*later]

    def add(self, path: str, version: Version) -> int:
        """Note the next older content of a file; how many it has now."""
        later = self._later.setdefault(path, [])
        later.append(version)
        return len(later)

    def end(self, blobs: Mapping[str, str], change: Change) -> None:
        """Note for some files the oldest content that is known, and that it came with one and the same change."""
        self._first.update(blobs)
        self._end.update(dict.fromkeys(blobs, change))
