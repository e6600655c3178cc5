"""Values that no engine should meet: too deep, not finite, not JSON at all.

The reader refuses all of these, so this is the second fence; it keeps every engine and every message safe
for whatever data it is given.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from blueprint_cli.schema.defect import Path

MAX_DEPTH = 100
"""Levels of nesting. The reader stops at 64; `jsonschema` needs about seven Python frames for a level, and
Python stops at 1000; `jsonschema-rs` overflows its stack, without an exception, somewhere above 10,000."""
_MAX_BITS = 4096
"""Of a whole number; Python refuses to write down integers of more than 4300 digits."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands in for a value that is not plain data; it is of no JSON type."""

    what: str


def too_deep(data: Any) -> bool:
    """Whether lists and mappings nest beyond MAX_DEPTH. Level by level, so that it needs no stack itself."""
    level = {id(data): data}
    for _ in range(MAX_DEPTH):
        inner: dict[int, Any] = {}
        for value in level.values():
            if isinstance(value, dict):
                inner.update((id(item), item) for item in value.values() if isinstance(item, dict | list))
            elif isinstance(value, list):
                inner.update((id(item), item) for item in value if isinstance(item, dict | list))
        if not inner:
            return False
        level = inner
    return True


def cleaned(data: Any) -> tuple[Any, dict[Path, str]]:
    """A copy with an `Unreadable` for each value that is not plain, and what is wrong, by path."""
    problems: dict[Path, str] = {}
    return _clean(data, (), problems), problems


def _clean(value: Any, path: Path, problems: dict[Path, str]) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, dict | list) and len(path) >= MAX_DEPTH:
        what = f"nested more than {MAX_DEPTH} levels deep"
    elif isinstance(value, dict):
        if odd := [key for key in value if not isinstance(key, str)]:
            named = _clean(odd[0], (), {})
            problems[path] = f"has a key that is not a text (`{named}`); put it in quotes"
        return {key: _clean(item, (*path, key), problems) for key, item in value.items() if isinstance(key, str)}
    elif isinstance(value, list):
        return [_clean(item, (*path, index), problems) for index, item in enumerate(value)]
    elif isinstance(value, str):
        if value.isascii() or _writable(value):
            return value
        what = "a text with half a character in it"
    elif isinstance(value, int):
        if value.bit_length() <= _MAX_BITS:
            return value
        what = "a number that is too large"
    elif isinstance(value, float):
        if math.isfinite(value):
            return value
        what = "a number that is not finite"
    else:
        what = f"a value of the type {type(value).__name__}, which no schema knows"
    problems[path] = f"is {what}"
    return Unreadable(what)


def _writable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
