"""Where the parts of a file are: recorded by the careful reader, looked up by ``locate``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from blueprint_cli.yamlfile.limits import Fault

Place = tuple[int, int]  # line and column, in code points from 1

Pair = tuple[Place, Place, "Collection | None"]
"""Of a key and its value: the place of the key, the place of the value, and the value where it is a collection."""

Item = tuple[Place, "Collection | None"]  # of a list's item: its place, and the item where it is a collection

_VALUE = re.compile(r": +(?=[\w'\"])")
_NO_PAIRS: dict[str, Pair] = {}
_NO_ITEMS: list[Item] = []


class Collection:
    """A mapping or a list: its data, where its parts are, and what it costs when an alias repeats it."""

    __slots__ = ("chars", "data", "height", "items", "key", "key_place", "open", "pairs", "place", "size")

    def __init__(self, data: dict[str, Any] | list[Any], place: Place) -> None:
        mapping = isinstance(data, dict)
        self.data = data
        self.place = place
        self.pairs: dict[str, Pair] = {} if mapping else _NO_PAIRS
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
        """The place of what ``path`` leads to, else of its nearest ancestor. ``key``: that of its key."""
        collection: Collection | None = self
        place = self.place
        for step in path:
            if collection is None:
                break
            if isinstance(step, str):
                pair = collection.pairs.get(step)
                if pair is None:
                    break
                at_key, at_value, collection = pair
                place = at_key if key or collection is not None else at_value
            elif 0 <= step < len(collection.items):
                place, collection = collection.items[step]
            else:
                break
        return place


@dataclass(frozen=True, slots=True)
class Reading:
    """What the careful reader makes of a file; ``root`` is None where nothing could be built."""

    root: Collection | None
    faults: list[Fault]
    written: dict[Place, str] = field(default_factory=dict)
    """The characters of each scalar that is not a text, by its place."""


def find_key(text: str, name: str, *, key: bool) -> Place | None:
    """The place of a top-level value, or of its ``key``; None where only the careful reader can tell.

    ``text`` is one that the fast reader accepts, and ``name`` one of its keys. A name without spaces stands somewhere
    in one piece, unless an escape hides it: if it stands there once, that is the key. To read a file carefully for the
    place of its date takes half a millisecond, nearly half of the scan of a portfolio that nobody has touched.
    """
    at = text.find(name)
    if at < 0 or text.find(name, at + 1) > 0 or not name.isidentifier() or "\\" in text or "\r" in text:
        return None
    value = _VALUE.match(text, at + len(name))
    if value is None or text[at - 1 : at] not in ("", "\n"):
        return None
    return text.count("\n", 0, at) + 1, 1 if key else value.end() - at + 1
