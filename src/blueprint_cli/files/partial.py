"""A listing of only some places of a tree, until others are needed.

To check one file, `bp lint` need not list the 27,000 files of a portfolio. It cannot know beforehand which places it
will need; so what lies outside the known ones is not absent, but listed when it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

from blueprint_cli.files.tree import Kind


class PartialListing(Mapping[str, Kind]):
    """The entries of a tree: those of some ``places`` (files, and directories with all below them) at first, all of
    them once another place is needed."""

    def __init__(
        self, places: Iterable[str], known: Mapping[str, Kind], list_all: Callable[[], Mapping[str, Kind]]
    ) -> None:
        self._places = frozenset(places)
        self._known = known
        self._list_all = list_all

    @cached_property
    def _all(self) -> Mapping[str, Kind]:
        return self._list_all()

    @cached_property
    def _directories(self) -> frozenset[str]:
        """The directories around known entries: what has entries below it is not an entry itself."""
        return frozenset(directory for path in self._known for directory in _upwards(path)[1:])

    def __getitem__(self, path: str) -> Kind:
        return (self._known if path in self._directories else self._with(path))[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    @property
    def known(self) -> Mapping[str, Kind]:
        """What is listed already: the entries of the places, or all."""
        return self._all if "_all" in self.__dict__ else self._known

    def below(self, directory: str) -> list[str]:
        """The paths below a directory, sorted."""
        return [path for path in self._with(directory) if path.startswith(f"{directory}/")]

    def _with(self, path: str) -> Mapping[str, Kind]:
        """A listing that has all there is at a path and below it."""
        return self._all if self._places.isdisjoint(_upwards(path)) else self._known


def _upwards(path: str) -> list[str]:
    """A path, the directory that it is in, and so on up to the root, which is not among them."""
    parts = path.split("/")
    return ["/".join(parts[:depth]) for depth in range(len(parts), 0, -1)]


def below(entries: Mapping[str, Kind], *directories: str) -> list[str]:
    """The paths of a listing below some directories, sorted."""
    if isinstance(entries, PartialListing):
        return sorted({path for directory in directories for path in entries.below(directory)})
    return [path for path in entries if path.startswith(tuple(f"{directory}/" for directory in directories))]
