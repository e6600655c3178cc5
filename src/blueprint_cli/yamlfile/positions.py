"""Where the parts of a file are: what the careful reader leaves behind, and ``locate`` looks up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from blueprint_cli.yamlfile.limits import Fault

Place = tuple[int, int]
"""Line and column, in code points from 1."""

Entry = tuple[Place, Place, "Branch | None"]
"""Of a mapping's entry: the place of its key, the place of its value, and the value where it is a collection."""

Item = tuple[Place, "Branch | None"]
"""Of a list's item: its place, and the item where it is a collection."""

_NO_ENTRIES: dict[str, Entry] = {}
_NO_ITEMS: list[Item] = []


class Branch:
    """A mapping or a list: its data, where its parts are, and what it costs when an alias repeats it."""

    __slots__ = ("chars", "data", "entries", "height", "items", "key", "key_place", "open", "place", "size")

    def __init__(self, data: dict[str, Any] | list[Any], place: Place) -> None:
        mapping = isinstance(data, dict)
        self.data = data
        self.place = place
        self.entries: dict[str, Entry] = {} if mapping else _NO_ENTRIES
        self.items: list[Item] = _NO_ITEMS if mapping else []
        self.size = 1
        self.chars = 0
        self.height = 1
        self.open = True
        """False once its end has been read."""
        self.key: Any = None
        self.key_place: Place | None = None
        """Set while a key waits for its value."""

    def find(self, path: Sequence[str | int], *, key: bool) -> Place:
        """The place of what ``path`` leads to, or of its nearest ancestor; ``key``: of its key, where it has one."""
        branch: Branch | None = self
        place = self.place
        for step in path:
            if branch is None:
                break
            if isinstance(step, str):
                entry = branch.entries.get(step)
                if entry is None:
                    break
                at_key, at_value, branch = entry
                place = at_key if key or branch is not None else at_value
            elif 0 <= step < len(branch.items):
                place, branch = branch.items[step]
            else:
                break
        return place


@dataclass(frozen=True, slots=True)
class Reading:
    """What the careful reader made of a file: ``root`` is None where nothing could be built."""

    root: Branch | None
    faults: list[Fault]
