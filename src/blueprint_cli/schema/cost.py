"""How much a schema may cost: how often it looks at one value, and how hard its patterns work.

References and alternatives multiply: of twenty-five definitions that each offer the next one twice, the last looks
at the same value 2^25 times; one that offers itself twice below a property doubles with every level of the data. No
engine can be asked to stop in between, so the cost is bounded before, by the size of the schema and of the data and
never by the clock: the same schema and file are refused everywhere or nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from blueprint_cli.errors import BpError
from blueprint_cli.schema.document import Document, Schema, in_place
from blueprint_cli.schema.library import PUBLISHED, Library
from blueprint_cli.schema.patterns import compiled_size, patterns, states
from blueprint_cli.schema.sanitize import MAX_DEPTH

MAX_LOOKS = 10_000
"""Looks at one value; our own schemas need fewer than a hundred."""
MAX_WORK = 20_000_000
"""Looks at all values of a file, at some 50 ns each."""
MAX_STEPS = 40_000_000
"""Steps of patterns through all texts of a file, at some 5 ns each: what ``[ab]*a[ab]{500}`` takes, which must follow
500 threads at once. Most patterns take far less."""
MAX_PATTERNS = 8 << 20
"""Bytes of all compiled patterns of a schema."""
MAX_MERGED = 500_000
"""Steps of the estimate itself."""
_COMPARED = 16
"""Literals or names that are compared in the time of one look."""
_PUBLISHED = 100
"""Looks of a published vocabulary, which no file of ours holds."""
_ANY_NUMBER = 1 << 60

_OTHERS, _ENTRIES, _KEYS = 0, 1, 2
"""Parts of a value beside its named ones: any other name, the entries of a list, the names themselves."""
Table = dict[str | int, int]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a schema may cost for a value, at most."""

    looks: int
    states: int
    """Of its patterns, how many states one text may keep busy."""

    def exceeds(self, data: Any) -> bool:
        """Whether judging this document may take longer than anybody would wait."""
        values, steps = 0, 0
        pending = [data]
        while pending:
            value = pending.pop()
            texts = [value] if type(value) is str else list(value) if type(value) is dict else ()
            values += 1 + len(texts)
            steps += sum(len(text) * min(len(text) * self.looks, self.states) for text in texts if type(text) is str)
            if type(value) is dict:
                pending += value.values()
            elif type(value) is list:
                pending += value
            if values * self.looks > MAX_WORK or steps > MAX_STEPS:
                return True
        return False


def cost(library: Library, documents: tuple[Document, ...], roots: Sequence[Schema]) -> Cost:
    """The cost of schemas of the first document together; the other documents are those that they refer to.

    Raises BpError where it has no reasonable bound.
    """
    try:
        graph = _Graph(library, documents, roots)
        looks = graph.bound(_weight, MAX_LOOKS)
        busy = graph.bound(states, _ANY_NUMBER)
    except _TooMuch as problem:
        raise BpError(f"schema {documents[0].schema_id} is too costly to use: {problem}", _CURE) from None
    return Cost(looks, busy)


_CURE = "Let each definition be referred to in one place, and keep lists of values and patterns short."


class _TooMuch(Exception):
    """The schema may cost more than it is allowed to; the message says what of it."""


class _Graph:
    """The nodes of a schema (by identity) and which of them look at the same value, or at a part of it."""

    def __init__(self, library: Library, documents: tuple[Document, ...], roots: Sequence[Schema]) -> None:
        self._library = library
        self._left = MAX_MERGED
        self._dynamic: dict[str, list[tuple[Document, Schema]]] = {}
        for document in documents:
            for anchor, target in document.anchors.items():
                self._dynamic.setdefault(anchor.rpartition("#")[2], []).append((document, target))
        self.nodes: dict[int, Schema] = {}
        """Each behind those that look at the same value for it."""
        self._here: dict[int, list[int]] = {}
        self._roots = [id(root) for root in roots]
        size = 0
        pending = [(documents[0], root) for root in roots]
        while pending:
            document, node = pending.pop()
            if id(node) not in self.nodes:
                for owner, entered in self._visit(document, node):
                    size += sum(map(compiled_size, patterns(entered)))
                    pending += [(owner, one) for _, one in _below(entered) if isinstance(one, dict)]
                if size > MAX_PATTERNS:
                    raise _TooMuch("its patterns are too large together")

    def _visit(self, document: Document, node: Schema) -> Iterator[tuple[Document, Schema]]:
        """Enter a node and all that look at the same value, those first. There is no circle among them."""
        stack = [(document, node, iter(self._same(document, node)))]
        while stack:
            owner, node, rest = stack[-1]
            for inner_owner, inner in rest:
                if id(inner) not in self.nodes:
                    stack.append((inner_owner, inner, iter(self._same(inner_owner, inner))))
                    break
            else:
                stack.pop()
                if id(node) not in self.nodes:
                    self.nodes[id(node)] = node
                    self._here[id(node)] = [id(inner) for _, inner in self._same(owner, node)]
                    yield owner, node

    def _same(self, document: Document, node: Schema) -> list[tuple[Document, Schema]]:
        found = [(document, one) for one in in_place(node) if isinstance(one, dict)]
        for _, written, address in document.refs.get(id(node), ()):
            owner, target = self._library.resolve(document, written, address)
            if owner is not None and isinstance(target, dict):
                found.append((owner, target))
        if isinstance(dynamic := node.get("$dynamicRef"), str):
            found += [one for one in self._dynamic.get(dynamic.rpartition("#")[2], ()) if one not in found]
        return found

    def bound(self, own: Callable[[Schema], int], limit: int) -> int:
        """How much of what each schema has of its ``own`` comes together at one value, wherever in a document that
        is. Raises _TooMuch where that is more than ``limit``."""
        here: dict[int, int] = {}
        for node, schema in self.nodes.items():
            again = 2 if "unevaluatedProperties" in schema or "unevaluatedItems" in schema else 1
            here[node] = own(schema) + again * sum(here[other] for other in self._here[node])
            self._spend(1 + len(self._here[node]))
        most = 0
        for _ in range(MAX_DEPTH):
            most = max(most, sum(here[root] for root in self._roots))
            if most > limit:
                raise _TooMuch("its references and alternatives multiply")
            deeper = self._deeper(here)
            if deeper == here:
                break
            here = deeper
        return most

    def _deeper(self, here: Mapping[int, int]) -> dict[int, int]:
        """What comes together at a part of a value, from what does at the value."""
        tables: dict[int, Table] = {}
        for node, schema in self.nodes.items():
            parts = [_table(schema, here), *(tables[other] for other in self._here[node])]
            self._spend(len(parts) + len(parts[0]))
            tables[node] = self._merged([one for one in parts if one])
        return {node: max(table.values(), default=0) for node, table in tables.items()}

    def _merged(self, tables: list[Table]) -> Table:
        if len(tables) < 2:
            return tables[0] if tables else {}
        keys = {key for table in tables for key in table}
        self._spend(len(keys) * len(tables))
        return {
            key: sum(table.get(key, table.get(_OTHERS, 0) if isinstance(key, str) else 0) for table in tables)
            for key in keys
        }

    def _spend(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise _TooMuch("there is no end to its references and alternatives")


def _below(node: Schema) -> Iterator[tuple[str | int, Any]]:
    """The schemas of the parts of a value, by the part."""
    for name, one in _mapping(node, "properties").items():
        yield name, one
    for keyword in ("additionalProperties", "unevaluatedProperties"):
        yield _OTHERS, node.get(keyword)
    for one in _mapping(node, "patternProperties").values():
        yield _OTHERS, one
    for keyword in ("items", "contains", "unevaluatedItems"):
        yield _ENTRIES, node.get(keyword)
    prefix = node.get("prefixItems")
    for one in prefix if isinstance(prefix, list) else ():
        yield _ENTRIES, one
    yield _KEYS, node.get("propertyNames")


def _table(node: Schema, here: Mapping[int, int]) -> Table:
    """What a schema itself brings to the parts of a value."""
    table: Table = {}
    for key, one in _below(node):
        if isinstance(one, dict):
            table[key] = table.get(key, 0) + here[id(one)]
    named = _mapping(node, "patternProperties")
    if named:
        # A pattern may match any name, and is asked of each.
        asked = len(named) + sum(here[id(one)] for one in named.values() if isinstance(one, dict))
        table = {key: looks + asked if isinstance(key, str) else looks for key, looks in table.items()}
        table[_OTHERS] = table.get(_OTHERS, 0) + len(named)
    return table


def _weight(node: Schema) -> int:
    """Looks that one schema takes by itself."""
    compared = sum(_count(node.get(keyword)) for keyword in ("enum", "const", "required", "dependentRequired"))
    compared += len(_mapping(node, "properties"))
    published = _PUBLISHED if str(node.get("$ref", "")).startswith(PUBLISHED) else 0
    return 1 + published + compared // _COMPARED + len(list(patterns(node)))


def _count(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + sum(map(_count, value.values()))
    return 1 + sum(map(_count, value)) if isinstance(value, list) else 1


def _mapping(node: Schema, keyword: str) -> dict[str, Any]:
    value = node.get(keyword)
    return value if isinstance(value, dict) else {}
