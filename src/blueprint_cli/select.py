"""RFC 9535 JSONPath: which values of a document a policy speaks of. The only importer of ``jsonpath_rfc9535``.

The library parses and is the reference. Its queries are translated once into plain closures, because a
scan asks some sixty of them for each node: 1 to 5 µs instead of 43 to 95 µs. Whatever the translation does
not know stays with the library, and a property test keeps the two in agreement. Positions are asked only
where there is something to report, and then of the library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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


def never_matches(query: jsonpath.JSONPathQuery, schema: Any, resolve: Callable[[str], Any]) -> str | None:
    """Why a query can never match a document of this schema, or None.

    ``resolve`` answers a ``$ref``. Only closed objects are judged: where any key may stand, anything may match.
    """
    shapes = [schema]
    for segment in query.segments:
        if not isinstance(segment, JSONPathChildSegment):
            return None
        following: list[Any] = []
        for choice in segment.selectors:
            for shape in shapes:
                found = list(_children(shape, choice, resolve))
                following += found
                if isinstance(choice, NameSelector) and not found:
                    names = sorted(_properties(shape, resolve))
                    return (
                        f"`{choice.name}` is no key there; the keys are {', '.join(names)}" if names else None
                    )
                if isinstance(choice, FilterSelector):
                    for inner in found:
                        if (why := _never_true(choice.expression.expression, inner, resolve)) is not None:
                            return why
        shapes = following
    return None


def _never_true(test: Any, shape: Any, resolve: Callable[[str], Any]) -> str | None:
    if isinstance(test, fx.LogicalExpression):
        return _never_true(test.left, shape, resolve) or _never_true(test.right, shape, resolve)
    if isinstance(test, fx.PrefixExpression):
        return _never_true(test.right, shape, resolve)
    if isinstance(test, fx.FunctionExtension):
        return next((why for arg in test.args if (why := _never_true(arg, shape, resolve))), None)
    if isinstance(test, fx.RelativeFilterQuery):
        return never_matches(test.query, shape, resolve)
    if isinstance(test, fx.ComparisonExpression):
        for one, other in ((test.left, test.right), (test.right, test.left)):
            if not isinstance(one, fx.RelativeFilterQuery):
                continue
            if (why := never_matches(one.query, shape, resolve)) is not None:
                return why
            if isinstance(other, fx.FilterExpressionLiteral):
                values = _enum(one.query, shape, resolve)
                if values and other.value not in values:
                    return (
                        f"`{other.value}` is no value of {one}; the values are {', '.join(map(str, values))}"
                    )
    return None


def _enum(query: jsonpath.JSONPathQuery, shape: Any, resolve: Callable[[str], Any]) -> list[Any]:
    shapes = [shape]
    for segment in query.segments:
        shapes = [
            child for one in shapes for pick in segment.selectors for child in _children(one, pick, resolve)
        ]
    return [value for one in shapes for value in _resolved(one, resolve).get("enum", [])]


def _resolved(shape: Any, resolve: Callable[[str], Any]) -> dict[str, Any]:
    seen = 0
    while isinstance(shape, dict) and "$ref" in shape and "properties" not in shape and seen < 20:
        shape, seen = {**resolve(shape["$ref"]), **{k: v for k, v in shape.items() if k != "$ref"}}, seen + 1
    return shape if isinstance(shape, dict) else {}


def _properties(shape: Any, resolve: Callable[[str], Any]) -> dict[str, Any]:
    found = _resolved(shape, resolve).get("properties", {})
    return found if isinstance(found, dict) else {}


def _children(shape: Any, pick: Any, resolve: Callable[[str], Any]) -> Iterator[Any]:
    shape = _resolved(shape, resolve)
    if isinstance(pick, NameSelector):
        if pick.name in (known := _properties(shape, resolve)):
            yield known[pick.name]
        elif shape.get("additionalProperties", True) is not False:
            yield {}
    elif "items" in shape:
        yield shape["items"]
    elif "properties" in shape:
        yield from shape["properties"].values()
    else:
        yield {}


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
