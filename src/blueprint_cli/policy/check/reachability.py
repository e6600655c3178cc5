"""Which part of a schema a JSONPath query reaches, and why it reaches none.

A selector with a typing error selects nothing, and a check on nothing always passes or always fails. Only what
a schema rules out is reported: where any key may stand, anything may match. Of alternatives (``anyOf``,
``then``, …) one that can match is enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from types import NoneType
from typing import Any

from blueprint_cli.jsonpath.equality import same
from blueprint_cli.jsonpath.steps import Entries, Key, Operand, Steps
from blueprint_cli.text import Suggestions, listed, quoted

Schema = dict[str, Any]
Resolve = Callable[[Schema], Any]
"""From a schema with a `$ref` to its target. The text alone would not do: it is relative to its own file."""
ANYTHING: Schema = {}  # the shape of a value that no schema describes
_BRANCHES = ("anyOf", "oneOf")
_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "a text",
    "boolean": "true or false",
    "number": "a number",
    "integer": "a whole number",
    "null": "nothing",
}
_TYPES_OF: dict[type, frozenset[str]] = {
    bool: frozenset({"boolean"}),
    int: frozenset({"integer", "number"}),
    float: frozenset({"number"}),
    dict: frozenset({"object"}),
    list: frozenset({"array"}),
    str: frozenset({"string"}),
    NoneType: frozenset({"null"}),
}
"""The types of a literal, by its Python type."""
_PREFIX = re.compile(r"\^[\w-]+\Z")
MAX_PARTS = 200  # of one schema node: recursion through references ends somewhere


class Unreachable(Exception):
    """No document of the schema has anything where the query looks."""


class Reach:
    """Follows queries through schemas; ``resolve`` follows the ``$ref`` of a schema."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve

    def shapes(self, steps: Steps, shapes: Iterable[Any]) -> list[Any]:
        """What the selected values look like, given what the document looks like. Raises Unreachable."""
        reached = list(shapes)
        for step in steps:
            reached = [child for pick in step for child in self._step(pick, reached)]
        return reached

    def refused(self, shapes: Iterable[Any], value: Any) -> str | None:
        """Why no value of these shapes can equal a literal; None where one can."""
        literals: list[str] = []
        others: list[str] = []
        for shape in shapes:
            values, types = self._values(shape), self._types(shape)
            if values is None and (types is None or _TYPES_OF[type(value)] & types):
                return None
            if values is not None and any(same(known, value) for known in values):
                return None
            literals += map(str, values or ())
            others += [_TYPES[name] for name in sorted(types or ())] if values is None else []
        if not literals and not others:
            return None
        hint = Suggestions().hint(str(value), literals)
        expected = dict.fromkeys([*map(quoted, literals), *others])
        return f"{quoted(value)} cannot be there: expected {listed(expected)}{hint}"

    def no_dates(self, shapes: Iterable[Any]) -> str | None:
        """What these values are instead of dates; None where they may be dates."""
        types = [self._types(shape) for shape in shapes]
        known = frozenset().union(*(names for names in types if names is not None))
        return None if None in types or not known or "string" in known else _described(known)

    def _step(self, pick: Key | Entries, shapes: list[Any]) -> list[Any]:
        reached: list[Any] = []
        problems: list[Unreachable] = []
        for shape in shapes:
            try:
                reached += self._named(pick, shape) if isinstance(pick, Key) else self._entries(pick, shape)
            except Unreachable as problem:
                problems.append(problem)
        if not reached and problems:
            raise problems[0]
        if isinstance(pick, Entries) and reached:
            for operand in pick.operands:
                self._test(operand, reached)
        return reached

    def _entries(self, pick: Entries, shape: Any) -> list[Any]:
        types = self._types(shape)
        if types is not None and not types & ({"array"} if pick.list_only else {"array", "object"}):
            raise Unreachable(f"`[{pick.text}]` is applied to {_described(types)}, which has no entries")
        parts = [part for part, _ in self._parts(shape)]
        items = [part["items"] for part in parts if "items" in part]
        items += [item for part in parts for item in part.get("prefixItems", ())]
        if not pick.list_only:
            items += [value for part in parts for value in part.get("properties", {}).values()]
            others = [part.get("additionalProperties") for part in parts]
            items += [value for value in others if isinstance(value, dict)]
        return [item for item in items if item is not False] or [ANYTHING]

    def _named(self, pick: Key, shape: Any) -> list[Any]:
        name, types = pick.name, self._types(shape)
        if types is not None and "object" not in types:
            hint = "; select its entries with [*]" if "array" in types else ""
            raise Unreachable(f"`{name}` is applied to {_described(types)}, which has no keys{hint}")
        parts = list(self._parts(shape))
        own = [part["properties"][name] for part, _ in parts if name in part.get("properties", {})]
        patterns = [pair for part, _ in parts for pair in part.get("patternProperties", {}).items()]
        others = [part["additionalProperties"] for part, _ in parts if "additionalProperties" in part]
        reached = (
            own
            or [schema for pattern, schema in patterns if _matches(pattern, name)]
            or [schema for schema in others if isinstance(schema, dict) and schema != {"not": {}}]
        )
        closed = any(
            definite and part.get(keyword) in (False, {"not": {}})
            for part, definite in parts
            for keyword in ("additionalProperties", "unevaluatedProperties")
        )
        if reached or not closed:
            return reached or [ANYTHING]
        keys = sorted({key for part, _ in parts for key in part.get("properties", {})})
        hint = Suggestions().hint(name, keys)
        raise Unreachable(f"`{name}` is not a key there; the keys are {listed(keys)}{hint}")

    def _test(self, operand: Operand, shapes: list[Any]) -> None:
        """Every part of a filter must be able to hold and to fail: one that cannot is a typing error."""
        reached = self.shapes(operand.steps, shapes)
        for literal in operand.literals:
            if why := self.refused(reached, literal):
                raise Unreachable(f"{operand.text}: {why}")

    def _parts(self, shape: Any) -> Iterator[tuple[Schema, bool]]:
        """The schemas that apply to the same value, each with whether it surely holds."""
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
            pending += [(schema, definite) for schema in part.get("allOf", ())]
            branches = [schema for keyword in _BRANCHES for schema in part.get(keyword, ())]
            pending += [(schema, definite and len(branches) == 1) for schema in branches]
            pending += [(part[keyword], False) for keyword in ("then", "else") if keyword in part]

    def _types(self, shape: Any) -> frozenset[str] | None:
        """The types that a value may have; None: any."""
        known: frozenset[str] | None = None
        for part, definite in self._parts(shape):
            own, values = part.get("type"), _literals(part)
            if not definite or (own is None and values is None):
                continue
            if own is None:
                types = frozenset(name for value in values or () for name in _TYPES_OF[type(value)])
            else:
                types = frozenset([own] if isinstance(own, str) else own)
            known = types if known is None else known & types
        return known or self._branch_types(shape)

    def _branch_types(self, shape: Any) -> frozenset[str] | None:
        """The types of alternatives, where each of them names its own."""
        branches = [schema for key in _BRANCHES for schema in (shape.get(key, ()) if isinstance(shape, dict) else ())]
        known = [self._types(branch) or frozenset() for branch in branches]
        return frozenset().union(*known) if known and all(known) else None

    def _values(self, shape: Any) -> list[Any] | None:
        """The literals that a value may be; None: no enumeration."""
        lists = [v for part, definite in self._parts(shape) if definite and (v := _literals(part)) is not None]
        if not lists:
            return None
        return [value for value in lists[0] if all(any(same(value, other) for other in each) for each in lists)]


def _literals(part: Schema) -> list[Any] | None:
    if "const" in part:
        return [part["const"]]
    return list(part["enum"]) if isinstance(part.get("enum"), list) else None


def _described(types: frozenset[str]) -> str:
    return " or ".join(_TYPES[name] for name in sorted(types))


def _matches(pattern: str, name: str) -> bool:
    """Whether a name may match. Only plain prefixes are judged: a stranger's pattern could make `re` hang."""
    return name.startswith(pattern[1:]) if _PREFIX.match(pattern) else True
