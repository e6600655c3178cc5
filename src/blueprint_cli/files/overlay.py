"""A tree in which one file has another text: what an editor holds and has not saved."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from blueprint_cli.files.tree import Change, Kind, Tree, Unreadable, too_large


class Overlay:
    """A tree, with other bytes for one path, which the tree itself need not have."""

    def __init__(self, tree: Tree, path: str, raw: bytes) -> None:
        self._tree, self._path, self._raw = tree, path, raw

    @property
    def root_names(self) -> tuple[str, str]:
        """Those of the tree."""
        return self._tree.root_names

    @property
    def boundaries(self) -> Sequence[str]:
        """Those of the tree."""
        return self._tree.boundaries

    @property
    def unmerged(self) -> Collection[str]:
        """Those of the tree, without the file that is given."""
        return [path for path in self._tree.unmerged if path != self._path]

    def entries(self) -> Mapping[str, Kind]:
        """Every path, sorted."""
        return self._entries

    @cached_property
    def _entries(self) -> Mapping[str, Kind]:
        entries = self._tree.entries()
        if entries.get(self._path) is Kind.FILE:
            return entries
        return dict(sorted({**entries, self._path: Kind.FILE}.items()))

    def read(self, paths: Iterable[str], max_bytes: int) -> Iterator[tuple[str, bytes | Unreadable]]:
        """The bytes of each path, in the order given."""
        for path in paths:
            if path != self._path:
                yield from self._tree.read([path], max_bytes)
            elif len(self._raw) > max_bytes:
                yield path, too_large(len(self._raw), max_bytes)
            else:
                yield path, self._raw

    def last_changes(self, paths: Iterable[str]) -> Mapping[str, Change]:
        """Those of the tree."""
        return self._tree.last_changes(paths)

    def close(self) -> None:
        """Close the tree."""
        self._tree.close()
