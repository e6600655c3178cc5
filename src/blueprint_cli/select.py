"""RFC 9535 JSONPath: which values of a document a policy speaks of.

``jsonpath_rfc9535`` is imported here, and in ``catalog.reach``, which holds queries against schemas.

The library parses and is the reference. Its queries are translated once into plain closures, because a
scan asks some two hundred of them for each node, many of them for each entry of a log: 0.2 to 5 µs instead of
43 to 95 µs. Whatever the translation does not know stays with the library, and a property test keeps the two in
agreement. Positions are asked only where there is something to report, and then of the library.
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
Walk = Callable[[Any], Any]
"""From a value to the one that a query without choice leads to, or to nothing."""
Test = Callable[[Any], bool]
_NOTHING = object()
_LONGEST = 500
_NESTED = 3


class BadSelector(ValueError):
    """The text is not a JSONPath query."""


def _vet(query: Any, *, within: int = 0) -> None:
    """Refuse what may take longer than the document is long: a pull request may bring its own policy.

    `..` below `..`, and a filter that looks at the whole document, multiply; a pattern can be made to hang.
    """
    for segment in query.segments:
        if not isinstance(segment, JSONPathChildSegment):
            raise BadSelector("`..` is not allowed: name the keys that lead there")
        for pick in segment.selectors:
            if isinstance(pick, FilterSelector):
                if within == _NESTED:
                    raise BadSelector(f"more than {_NESTED} filters inside each other are not allowed")
                _vet_filter(pick.expression.expression, within + 1)


def _vet_filter(part: Any, within: int) -> None:
    if isinstance(part, fx.RootFilterQuery):
        raise BadSelector("`$` is not allowed in a filter: it may only look at `@`")
    if isinstance(part, fx.RelativeFilterQuery):
        _vet(part.query, within=within)
    elif isinstance(part, fx.FunctionExtension):
        if part.name in ("match", "search"):
            raise BadSelector(f"the function `{part.name}` is not allowed: compare with == instead")
        for one in part.args:
            _vet_filter(one, within)
    elif isinstance(part, fx.PrefixExpression):
        _vet_filter(part.right, within)
    elif isinstance(part, fx.LogicalExpression | fx.ComparisonExpression):
        _vet_filter(part.left, within)
        _vet_filter(part.right, within)


class Unknown(Exception):
    """A part of a query that the translation leaves to the library."""


class Selector:
    """One query: ``values`` and ``first`` are the fast verdict, ``places`` adds where each value stands."""

    __slots__ = ("_fast", "_single", "parent", "query", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        if len(text) > _LONGEST:
            raise BadSelector(f"it is longer than {_LONGEST} characters")
        try:
            self.query = jsonpath.compile(text)
            _vet(self.query)
        except jsonpath.JSONPathError as problem:
            raise BadSelector(str(problem).splitlines()[0]) from None
        except (RecursionError, ValueError) as problem:
            raise BadSelector(str(problem) if isinstance(problem, BadSelector) else "it cannot be read") from None
        self.parent = _names(self.query)
        """The names that lead to the list that this query walks through: where "nothing there" is said."""
        self._single = _single(self.query)
        try:
            self._fast: Step | None = _query(self.query)
        except Unknown:
            self._fast = None

    def values(self, data: Any) -> list[Any]:
        """The selected values, in document order."""
        if self._single is not None:
            found = self._single(data)
            return [] if found is _NOTHING else [found]
        if self._fast is not None:
            return self._fast([data])
        return self.query.find(data).values()

    def first(self, data: Any) -> Any:
        """The first selected value; None where there is none."""
        if self._single is not None:
            found = self._single(data)
            return None if found is _NOTHING else found
        return next(iter(self.values(data)), None)

    def places(self, data: Any) -> list[tuple[tuple[str | int, ...], Any]]:
        """The selected values with the path of each."""
        if self._single is not None:
            return [(self.parent, value) for value in self.values(data)]
        return [(tuple(node.location), node.value) for node in self.query.finditer(data)]


@cache
def selector(text: str) -> Selector:
    """The selector of a text; each is parsed once."""
    return Selector(text)


def _names(query: jsonpath.JSONPathQuery) -> tuple[str, ...]:
    """The plain names that a query begins with."""
    names: list[str] = []
    for segment in query.segments:
        pick = segment.selectors[0]
        plain = isinstance(segment, JSONPathChildSegment) and len(segment.selectors) == 1
        if not plain or not isinstance(pick, NameSelector):
            break
        names.append(pick.name)
    return tuple(names)


def _single(query: jsonpath.JSONPathQuery) -> Walk | None:
    """The walk along plain names, which leads to one value or to nothing; None for any other query."""
    names = _names(query)
    if len(names) != len(query.segments):
        return None
    if len(names) == 1:
        (name,) = names
        return lambda value: value.get(name, _NOTHING) if type(value) is dict else _NOTHING

    def walk(value: Any) -> Any:
        for name in names:
            if type(value) is not dict or name not in value:
                return _NOTHING
            value = value[name]
        return value

    return walk


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
        single = _single(part.query)
        if single is not None:
            return lambda item: single(item) is not _NOTHING
        query = _query(part.query)
        return lambda item: bool(query([item]))
    if isinstance(part, fx.ComparisonExpression) and part.operator in ("==", "!="):
        one, wanted = _operand(part.left), part.operator == "=="
        if isinstance(part.right, fx.StringLiteral):  # equal to nothing but text, so that == will do
            text = part.right.value
            return lambda item: (one(item) == text) is wanted
        other = _operand(part.right)
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
        single = _single(part.query)
        if single is not None:
            return single
        query = _query(part.query)
        return lambda item: next(iter(query([item])), _NOTHING)
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
