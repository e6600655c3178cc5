"""RFC 9535 JSONPath: which values of a document a policy speaks of.

``jsonpath_rfc9535`` is imported here, and in ``catalog.reach``, which holds queries against schemas.

The library parses and is the reference. Its queries are translated once into plain closures, because a
scan asks some sixty of them for each node: 1 to 5 µs instead of 43 to 95 µs. Whatever the translation does
not know stays with the library, and a property test keeps the two in agreement. Positions are asked only
where there is something to report, and then of the library.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import jsonpath_rfc9535 as jsonpath
from jsonpath_rfc9535 import filter_expressions as fx
from jsonpath_rfc9535.segments import JSONPathChildSegment
from jsonpath_rfc9535.selectors import FilterSelector, IndexSelector, NameSelector, WildcardSelector

Step = Callable[[list[Any]], list[Any]]
Test = Callable[[Any], bool]
_NOTHING = object()


class BadSelector(ValueError):
    """The text is not a JSONPath query."""


class Unknown(Exception):
    """A part of a query that the translation leaves to the library."""


class Selector:
    """One query: ``values`` is the fast verdict, ``places`` adds where each value stands."""

    __slots__ = ("_fast", "query", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            self.query = jsonpath.compile(text)
        except jsonpath.JSONPathError as problem:
            raise BadSelector(str(problem).splitlines()[0]) from None
        try:
            self._fast: Step | None = _query(self.query)
        except Unknown:
            self._fast = None

    def values(self, data: Any) -> list[Any]:
        """The selected values, in document order."""
        if self._fast is not None:
            return self._fast([data])
        return self.query.find(data).values()

    def places(self, data: Any) -> list[tuple[tuple[str | int, ...], Any]]:
        """The selected values with the path of each."""
        return [(tuple(node.location), node.value) for node in self.query.finditer(data)]

    @property
    def parent(self) -> tuple[str, ...]:
        """The names that lead to the list that this query walks through: where "nothing there" is said."""
        names: list[str] = []
        for segment in self.query.segments:
            if len(segment.selectors) != 1 or not isinstance(segment.selectors[0], NameSelector):
                break
            names.append(segment.selectors[0].name)
        return tuple(names)


@cache
def selector(text: str) -> Selector:
    """The selector of a text; each is parsed once."""
    return Selector(text)


def _query(query: jsonpath.JSONPathQuery) -> Step:
    steps = [_segment(segment) for segment in query.segments]

    def run(values: list[Any]) -> list[Any]:
        for step in steps:
            values = step(values)
        return values

    return steps[0] if len(steps) == 1 else run


def _segment(segment: Any) -> Step:
    if not isinstance(segment, JSONPathChildSegment) or len(segment.selectors) != 1:
        raise Unknown
    pick = segment.selectors[0]
    if isinstance(pick, NameSelector):
        name = pick.name
        return lambda values: [v[name] for v in values if type(v) is dict and name in v]
    if isinstance(pick, WildcardSelector):
        return lambda values: [child for value in values for child in _members(value)]
    if isinstance(pick, IndexSelector):
        index = pick.index
        return lambda values: [v[index] for v in values if type(v) is list and -len(v) <= index < len(v)]
    if isinstance(pick, FilterSelector):
        test = _test(pick.expression.expression)
        return lambda values: [child for value in values for child in _members(value) if test(child)]
    raise Unknown


def _members(value: Any) -> Any:
    if type(value) is list:
        return value
    return value.values() if type(value) is dict else ()


def _test(part: Any) -> Test:
    if isinstance(part, fx.LogicalExpression):
        left, right = _test(part.left), _test(part.right)
        if part.operator == "&&":
            return lambda item: left(item) and right(item)
        return lambda item: left(item) or right(item)
    if isinstance(part, fx.PrefixExpression):
        inner = _test(part.right)
        return lambda item: not inner(item)
    if isinstance(part, fx.RelativeFilterQuery):
        query = _query(part.query)
        return lambda item: bool(query([item]))
    if isinstance(part, fx.ComparisonExpression) and part.operator in ("==", "!="):
        one, other, wanted = _operand(part.left), _operand(part.right), part.operator == "=="
        return lambda item: _same(one(item), other(item)) is wanted
    if isinstance(part, fx.ComparisonExpression):
        return _ordered(part)
    raise Unknown


def _ordered(part: Any) -> Test:
    """``count(…) > 0`` and the like: numbers only; the library orders everything else."""
    if not (isinstance(part.left, fx.FunctionExtension) and isinstance(part.right, fx.IntegerLiteral)):
        raise Unknown
    count, limit = _operand(part.left), part.right.value
    compare: dict[str, Test] = {
        ">": lambda item: count(item) > limit,
        ">=": lambda item: count(item) >= limit,
        "<": lambda item: count(item) < limit,
        "<=": lambda item: count(item) <= limit,
    }
    return compare[part.operator]


def _operand(part: Any) -> Callable[[Any], Any]:
    if isinstance(part, fx.FilterExpressionLiteral):
        value = part.value
        return lambda _item: value
    if isinstance(part, fx.RelativeFilterQuery) and part.query.singular_query():
        query = _query(part.query)

        def single(item: Any) -> Any:
            found = query([item])
            return found[0] if found else _NOTHING

        return single
    if isinstance(part, fx.FunctionExtension) and part.name == "count":
        inner = part.args[0]
        if isinstance(inner, fx.RelativeFilterQuery):
            query = _query(inner.query)
            return lambda item: len(query([item]))
    raise Unknown


def _same(one: Any, other: Any) -> bool:
    """Equality of JSON values: true is not 1."""
    if type(one) is bool or type(other) is bool:
        return one is other
    return bool(one == other)
