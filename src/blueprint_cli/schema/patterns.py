"""The patterns of a schema: they are matched in linear time, but the constant may be large.

The engine does not backtrack, but follows all ways in which a pattern may match at once. Where it cannot reduce them to
few (as it cannot for ``[ab]*a[ab]{500}``), each character of a text costs as many steps as there are ways.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import jsonschema_rs

from blueprint_cli.schema.document import Schema

_SIZES = (1 << 8, 1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20)
LARGEST_PATTERN = _SIZES[-1]  # bytes of one compiled pattern: ``^.{1,400}$`` fits
_LONGEST = 8_192  # characters of a pattern; a longer one is refused without being compiled
_PER_STATE = 128  # bytes that a state takes, at least


def patterns(node: Schema) -> Iterator[str]:
    """The patterns of one schema, without those of its parts."""
    if isinstance(pattern := node.get("pattern"), str):
        yield pattern
    if isinstance(named := node.get("patternProperties"), dict):
        yield from named


def states(node: Schema) -> int:
    """How many states the patterns of one schema have, at most."""
    return sum(compiled_size(pattern) // _PER_STATE for pattern in patterns(node))


@cache
def compiled_size(pattern: str) -> int:
    """Bytes of a pattern as the engine compiles it, rounded up; the most for one that it refuses."""
    if len(pattern) > _LONGEST:
        return LARGEST_PATTERN
    for size in _SIZES:
        options = jsonschema_rs.RegexOptions(size_limit=size)
        try:
            jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=options)
        except ValueError:
            continue
        return size
    return LARGEST_PATTERN
