"""A query as plain steps, for anything that follows it through a schema instead of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from jsonpath_rfc9535 import JSONPathQuery
from jsonpath_rfc9535 import filter_expressions as fx
from jsonpath_rfc9535.selectors import FilterSelector, IndexSelector, NameSelector, SliceSelector

_BRACKETS = re.compile(r"\['([A-Za-z_]\w*)'\]")


class Key(NamedTuple):
    """``.name``: the value under a key of a mapping."""

    name: str


class Entries(NamedTuple):
    """``[0]``, ``[*]``, ``[?…]``: some or all entries."""

    text: str
    list_only: bool  # whether only lists have them; else the values of a mapping are entries too
    operands: tuple[Operand, ...] = ()  # what a filter looks at in an entry


class Operand(NamedTuple):
    """A query within a filter; ``literals`` holds the value that it is compared with, if it is one."""

    text: str
    steps: Steps
    literals: tuple[Any, ...] = ()


Steps = tuple[tuple[Key | Entries, ...], ...]  # one tuple a step: ``['a', 'b']`` selects two things at once


def steps_of(query: JSONPathQuery) -> Steps:
    """The steps of a query that ``restrict`` has accepted."""
    return tuple(tuple(map(_step, segment.selectors)) for segment in query.segments)


def _step(pick: Any) -> Key | Entries:
    if isinstance(pick, NameSelector):
        return Key(pick.name)
    operands = tuple(_operands(pick.expression.expression)) if isinstance(pick, FilterSelector) else ()
    return Entries(str(pick), isinstance(pick, IndexSelector | SliceSelector), operands)


def _operands(part: Any, literals: tuple[Any, ...] = ()) -> Iterator[Operand]:
    if isinstance(part, fx.RelativeFilterQuery):
        yield Operand(_BRACKETS.sub(r".\1", str(part)), steps_of(part.query), literals)
    elif isinstance(part, fx.ComparisonExpression):
        yield from _operands(part.left, _literals(part.right))
        yield from _operands(part.right, _literals(part.left))
    elif isinstance(part, fx.LogicalExpression):
        yield from _operands(part.left)
        yield from _operands(part.right)
    elif isinstance(part, fx.PrefixExpression):
        yield from _operands(part.right)
    elif isinstance(part, fx.FunctionExtension):
        for argument in part.args:
            yield from _operands(argument)


def _literals(part: Any) -> tuple[Any, ...]:
    return (part.value,) if isinstance(part, fx.FilterExpressionLiteral) else ()
