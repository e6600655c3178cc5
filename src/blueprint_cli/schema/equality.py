"""What JSON calls equal, as keys of a dictionary: comparing each value with each would be quadratic."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def frozen(value: Any) -> Any:
    """A hashable stand-in; equal for what JSON calls equal: 1 is 1.0, but it is not true."""
    if isinstance(value, dict):
        return "mapping", frozenset((key, frozen(item)) for key, item in value.items())
    if isinstance(value, list):
        return "list", tuple(map(frozen, value))
    return isinstance(value, bool), value


def distinct(values: Iterable[Any]) -> list[Any]:
    """The values in order, each once."""
    first: dict[Any, Any] = {}
    for value in values:
        first.setdefault(frozen(value), value)
    return list(first.values())
