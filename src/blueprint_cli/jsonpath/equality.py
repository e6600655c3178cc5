"""Equality of JSON values, in queries as in conditions on what they select."""

from __future__ import annotations

from typing import Any


def same(left: Any, right: Any) -> bool:
    """Whether two JSON values are equal: 1 is 1.0, but it is not true."""
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)
