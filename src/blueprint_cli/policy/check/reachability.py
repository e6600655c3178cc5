"""Which part of a schema a JSONPath query reaches, and why it reaches none.

A selector with a typing error selects nothing, and a check on nothing always passes or always fails. Only what
a schema rules out is reported: where any key may stand, anything may match. Of alternatives (``anyOf``,
``then``, …) one that can match is enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import jsonpath_rfc9535 as jsonpath
from jsonpath_rfc9535 import filter_expressions as fx
from jsonpath_rfc9535.segments import JSONPathChildSegment
from jsonpath_rfc9535.selectors import FilterSelector, IndexSelector, NameSelector, SliceSelector

from blueprint_cli.text import Suggestions, listed

Schema = dict[str, Any]
Resolve = Callable[[Schema], Any]
"""A schema with a `$ref` -> what that leads to. The text alone would not do: it counts from its own file."""
ANYTHING: Schema = {}
"""The shape of a value that no schema speaks of."""
_BRANCHES = ("anyOf", "oneOf")
_WORDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "a text",
    "boolean": "true or false",
    "number": "a number",
    "integer": "a whole number",
    "null": "nothing",
}
_PREFIX = re.compile(r"\^[\w-]+\Z")
MAX_PARTS = 200
"""Of one schema node: recursion through references ends somewhere."""


class Unreachable(Exception):
    """No document of the schema has anything where the query looks."""


class Reach:
    """Walks queries through schemas; ``resolve`` follows the ``$ref`` of a schema."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve

    def shapes(self, query: jsonpath.JSONPathQuery, shapes: Iterable[Any]) -> list[Any]:
        """What the selected values look like, given what the document looks like. Raises Unreachable."""
        found = list(shapes)
        for segment in query.segments:
            if not isinstance(segment, JSONPathChildSegment):
                return [ANYTHING]
            found = [child for pick in segment.selectors for child in self._step(pick, found)]
        return found

    def refused(self, shapes: Iterable[Any], value: Any) -> str | None:
        """Why no value of these shapes can equal a literal; None where one can."""
        known: list[Any] = []
        for shape in shapes:
            values, types = self._values(shape), self._types(shape)
            if values is None and (types is None or _type(value) & types):
                return None
            if values is not None and any(_same(one, value) for one in values):
                return None
            known += (
                [f"`{one}`" for one in values] if values is not None else [_WORDS[one] for one in sorted(types or ())]
            )
        if not known:
            return None
        hint = Suggestions().hint(str(value), [one.strip("`") for one in known])
        return f"`{value}` cannot be there: expected {listed(dict.fromkeys(known))}{hint}"

    def no_dates(self, shapes: Iterable[Any]) -> str | None:
        """What these values are instead of dates; None where they may be dates."""
        types = [self._types(one) for one in shapes]
        known = frozenset().union(*(one for one in types if one is not None))
        return None if None in types or not known or "string" in known else _kinds(known)

    def _step(self, pick: Any, shapes: list[Any]) -> list[Any]:
        found: list[Any] = []
        whys: list[str] = []
        for shape in shapes:
            try:
                found += self._children(pick, shape)
            except Unreachable as problem:
                whys.append(str(problem))
        if not found and whys:
            raise Unreachable(whys[0])
        if isinstance(pick, FilterSelector) and found:
            self._test(pick.expression.expression, found)
        return found

    def _children(self, pick: Any, shape: Any) -> list[Any]:
        types = self._types(shape)
        if isinstance(pick, NameSelector):
            if types is not None and "object" not in types:
                hint = "; select its entries with [*]" if "array" in types else ""
                raise Unreachable(f"`{pick.name}` is asked of {_kinds(types)}, which has no keys{hint}")
            return self._named(pick.name, shape)
        listing = isinstance(pick, IndexSelector | SliceSelector)
        if types is not None and not types & ({"array"} if listing else {"array", "object"}):
            raise Unreachable(f"`[{pick}]` is asked of {_kinds(types)}, which has no entries")
        parts = list(self._parts(shape))
        items = [part["items"] for part, _ in parts if "items" in part]
        items += [one for part, _ in parts for one in part.get("prefixItems", ())]
        if not listing:
            items += [one for part, _ in parts for one in part.get("properties", {}).values()]
            others = [part.get("additionalProperties") for part, _ in parts]
            items += [one for one in others if isinstance(one, dict)]
        return [one for one in items if one is not False] or [ANYTHING]

    def _named(self, name: str, shape: Any) -> list[Any]:
        parts = list(self._parts(shape))
        found = [part["properties"][name] for part, _ in parts if name in part.get("properties", {})]
        if found:
            return found
        patterns = [(p, s) for part, _ in parts for p, s in part.get("patternProperties", {}).items()]
        found = [schema for pattern, schema in patterns if _matches(pattern, name)]
        if found:
            return found
        others = [part["additionalProperties"] for part, _ in parts if "additionalProperties" in part]
        rest = [one for one in others if isinstance(one, dict) and one != {"not": {}}]
        if rest:
            return rest
        closed = any(
            definite and part.get(keyword) in (False, {"not": {}})
            for part, definite in parts
            for keyword in ("additionalProperties", "unevaluatedProperties")
        )
        if not closed:
            return [ANYTHING]
        names = sorted({key for part, _ in parts for key in part.get("properties", {})})
        hint = Suggestions().hint(name, names)
        raise Unreachable(f"`{name}` is not a key there; the keys are {listed(names)}{hint}")

    def _test(self, test: Any, shapes: list[Any]) -> None:
        """Every part of a filter must be able to say yes and no: one that cannot is a typing error."""
        if isinstance(test, fx.LogicalExpression):
            self._test(test.left, shapes)
            self._test(test.right, shapes)
        elif isinstance(test, fx.PrefixExpression):
            self._test(test.right, shapes)
        elif isinstance(test, fx.FunctionExtension):
            for argument in test.args:
                self._test(argument, shapes)
        elif isinstance(test, fx.RelativeFilterQuery):
            self.shapes(test.query, shapes)
        elif isinstance(test, fx.ComparisonExpression):
            self._test(test.left, shapes)
            self._test(test.right, shapes)
            for one, other in ((test.left, test.right), (test.right, test.left)):
                if isinstance(one, fx.RelativeFilterQuery) and isinstance(other, fx.FilterExpressionLiteral):
                    why = self.refused(self.shapes(one.query, shapes), other.value)
                    if why is not None:
                        raise Unreachable(f"{_written(one)}: {why}")

    def _parts(self, shape: Any) -> Iterator[tuple[Schema, bool]]:
        """The schemas that speak of the same value, each with whether it surely holds."""
        pending: list[tuple[Any, bool]] = [(shape, True)]
        for _ in range(MAX_PARTS):
            if not pending:
                return
            part, definite = pending.pop()
            if not isinstance(part, dict):
                continue
            yield part, definite
            if isinstance(part.get("$ref"), str):
                pending.append((self._resolve(part), definite))
            pending += [(one, definite) for one in part.get("allOf", ())]
            branches = [one for keyword in _BRANCHES for one in part.get(keyword, ())]
            pending += [(one, definite and len(branches) == 1) for one in branches]
            pending += [(part[keyword], False) for keyword in ("then", "else") if keyword in part]

    def _types(self, shape: Any) -> frozenset[str] | None:
        """The types that a value may have; None: any."""
        found: frozenset[str] | None = None
        for part, definite in self._parts(shape):
            own = part.get("type")
            if definite and own is not None:
                these = frozenset([own] if isinstance(own, str) else own)
                found = these if found is None else found & these
            elif definite and (values := _literals(part)) is not None:
                these = frozenset(kind for value in values for kind in _type(value))
                found = these if found is None else found & these
        return found or self._branch_types(shape)

    def _branch_types(self, shape: Any) -> frozenset[str] | None:
        """The types of alternatives, where each of them says what it is."""
        branches = [one for k in _BRANCHES for one in (shape.get(k, ()) if isinstance(shape, dict) else ())]
        each = [self._types(one) for one in branches]
        known = [one for one in each if one is not None]
        return frozenset().union(*known) if known and len(known) == len(each) else None

    def _values(self, shape: Any) -> list[Any] | None:
        """The literals that a value may be; None: no enumeration."""
        sure = [v for part, definite in self._parts(shape) if definite and (v := _literals(part)) is not None]
        return [one for one in sure[0] if all(any(_same(one, o) for o in v) for v in sure)] if sure else None


def _written(query: Any) -> str:
    """A query as people write it: the library prints `@['stage']`."""
    return re.sub(r"\['([A-Za-z_]\w*)'\]", r".\1", str(query))


def _literals(part: Schema) -> list[Any] | None:
    if "const" in part:
        return [part["const"]]
    return list(part["enum"]) if isinstance(part.get("enum"), list) else None


def _type(value: Any) -> frozenset[str]:
    if isinstance(value, bool):
        return frozenset({"boolean"})
    if isinstance(value, int):
        return frozenset({"integer", "number"})
    if isinstance(value, float):
        return frozenset({"number"})
    if isinstance(value, dict):
        return frozenset({"object"})
    if isinstance(value, list):
        return frozenset({"array"})
    return frozenset({"null"} if value is None else {"string"})


def _kinds(types: frozenset[str]) -> str:
    return " or ".join(_WORDS[one] for one in sorted(types))


def _matches(pattern: str, name: str) -> bool:
    """Whether a name may match. Only plain prefixes are judged: a stranger's pattern could make `re` hang."""
    return name.startswith(pattern[1:]) if _PREFIX.match(pattern) else True


def _same(one: Any, other: Any) -> bool:
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)
