"""How much a schema may cost: how often it evaluates one value, and how hard its patterns work.

References and alternatives multiply: of twenty-five definitions that each offer the next one twice, the last evaluates
the same value 2^25 times; one that offers itself twice below a property doubles with every level of the data. No engine
can be stopped in between, so the cost is bounded beforehand, by the size of the schema and of the data and never by the
clock: the same schema and file are refused everywhere or nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

from blueprint_cli.errors import BpError
from blueprint_cli.schema.document import Document, Schema, in_place
from blueprint_cli.schema.library import PUBLISHED, Library
from blueprint_cli.schema.patterns import compiled_size, patterns, states

MAX_DEPTH = 200  # levels of data: the most that a configuration may allow the reader (``limits.depth``)
MAX_EVALUATIONS = 10_000  # evaluations of one value; our own schemas need fewer than a hundred
MAX_WORK = 20_000_000  # evaluations of all values of a file, at some 50 ns each
MAX_STEPS = 40_000_000
"""Steps of patterns through all texts of a file, at some 5 ns each: what ``[ab]*a[ab]{500}`` takes, which must follow
500 threads at once. Most patterns take far less."""
MAX_PATTERNS = 8 << 20  # bytes of all compiled patterns of a schema
MAX_ESTIMATE = 500_000  # steps of the estimate itself
_PER_EVALUATION = 16  # literals or names that are compared in the time of one evaluation
_PUBLISHED = 100  # evaluations of a published vocabulary, which no file of ours contains
_UNLIMITED = 1 << 60

_OTHERS, _ENTRIES, _KEYS = 0, 1, 2
"""Parts of a value beside its named properties: any other property, the entries of a list, the keys themselves."""
_BELOW = {
    **dict.fromkeys(("additionalProperties", "unevaluatedProperties"), _OTHERS),
    **dict.fromkeys(("items", "contains", "unevaluatedItems"), _ENTRIES),
    "propertyNames": _KEYS,
}
Table = dict[str | int, int]  # a cost by part of a value
_HINT = "Refer to each definition in one place only, and keep lists of values and patterns short."


@dataclass(frozen=True, slots=True)
class Cost:
    """What a schema may cost for one value, at most."""

    evaluations: int
    states: int  # states of its patterns that one text may keep busy

    def exceeds(self, data: Any) -> bool:
        """Whether validating this document may take longer than anybody would wait."""
        values, steps = 0, 0
        pending = [data]
        while pending:
            value = pending.pop()
            texts = [value] if type(value) is str else list(value) if type(value) is dict else ()
            values += 1 + len(texts)
            steps += sum(len(text) * min(len(text) * self.evaluations, self.states) for text in texts)
            if type(value) is dict:
                pending += value.values()
            elif type(value) is list:
                pending += value
            if values * self.evaluations > MAX_WORK or steps > MAX_STEPS:
                return True
        return False


def cost(library: Library, documents: tuple[Document, ...], roots: Sequence[Schema]) -> Cost:
    """The cost of ``roots`` together: schemas of the first document, which refer to the other documents.

    Raises BpError where the cost has no reasonable bound.
    """
    try:
        graph = _Graph(library, documents, roots)
        evaluations = graph.bound(_weight, MAX_EVALUATIONS)
        busy = graph.bound(states, _UNLIMITED)
    except _TooCostly as problem:
        raise BpError(f"schema {documents[0].schema_id} is too costly to use: {problem}", _HINT) from None
    return Cost(evaluations, busy)


class _TooCostly(Exception):
    """The schema may cost more than is allowed; the message says why."""


class _Graph:
    """The nodes of a schema (by identity), and which of them evaluate the same value or a part of it."""

    def __init__(self, library: Library, documents: tuple[Document, ...], roots: Sequence[Schema]) -> None:
        self._library = library
        self._left = MAX_ESTIMATE
        self._dynamic: dict[str, list[tuple[Document, Schema]]] = {}
        for document in documents:
            for anchor, target in document.anchors.items():
                self._dynamic.setdefault(anchor.rpartition("#")[2], []).append((document, target))
        self._in_place: dict[int, list[int]] = {}
        self._roots = [id(root) for root in roots]
        nodes: dict[int, Schema] = {}
        size = 0
        pending = [(documents[0], root) for root in roots]
        while pending:
            document, node = pending.pop()
            if id(node) in nodes:
                continue
            nodes[id(node)] = node
            inner = self._same_value(document, node)
            self._in_place[id(node)] = [id(schema) for _, schema in inner]
            pending += [*inner, *((document, schema) for _, schema in _below(node) if isinstance(schema, dict))]
            size += sum(map(compiled_size, patterns(node)))
            if size > MAX_PATTERNS:
                raise _TooCostly("its patterns are too large together")
        try:
            self.nodes = {node: nodes[node] for node in TopologicalSorter(self._in_place).static_order()}
            """Each after its in-place subschemas."""
        except CycleError:
            raise _TooCostly("its references and alternatives multiply") from None

    def _same_value(self, document: Document, node: Schema) -> list[tuple[Document, Schema]]:
        """The in-place subschemas, those that references lead to included."""
        schemas = [(document, schema) for schema in in_place(node) if isinstance(schema, dict)]
        for _, written, address in document.refs.get(id(node), ()):
            owner, target = self._library.resolve(document, written, address)
            if owner is not None and isinstance(target, dict):
                schemas.append((owner, target))
        if isinstance(dynamic := node.get("$dynamicRef"), str):
            targets = self._dynamic.get(dynamic.rpartition("#")[2], ())
            schemas += [target for target in targets if target not in schemas]
        return schemas

    def bound(self, own: Callable[[Schema], int], limit: int) -> int:
        """The largest sum, over all places in a document, of the ``own`` cost of the schemas that apply there.

        Raises _TooCostly where it is more than ``limit``.
        """
        here: dict[int, int] = {}
        for node, schema in self.nodes.items():
            again = 2 if "unevaluatedProperties" in schema or "unevaluatedItems" in schema else 1
            here[node] = own(schema) + again * sum(here[inner] for inner in self._in_place[node])
            self._spend(1 + len(self._in_place[node]))
        most = 0
        for _ in range(MAX_DEPTH):
            most = max(most, sum(here[root] for root in self._roots))
            if most > limit:
                raise _TooCostly("its references and alternatives multiply")
            deeper = self._deeper(here)
            if deeper == here:
                break
            here = deeper
        return most

    def _deeper(self, here: Mapping[int, int]) -> dict[int, int]:
        """By node the largest cost at a part of its value, from the cost of each node at its own value."""
        tables: dict[int, Table] = {}
        for node, schema in self.nodes.items():
            parts = [_table(schema, here), *(tables[inner] for inner in self._in_place[node])]
            self._spend(len(parts) + len(parts[0]))
            tables[node] = self._merged([table for table in parts if table])
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
            raise _TooCostly("there is no end to its references and alternatives")


def _below(node: Schema) -> Iterator[tuple[str | int, Any]]:
    """The schemas of the parts of a value, each with its part."""
    yield from _mapping(node, "properties").items()
    yield from ((_OTHERS, schema) for schema in _mapping(node, "patternProperties").values())
    prefix = node.get("prefixItems")
    yield from ((_ENTRIES, schema) for schema in (prefix if isinstance(prefix, list) else ()))
    yield from ((part, node.get(keyword)) for keyword, part in _BELOW.items())


def _table(node: Schema, here: Mapping[int, int]) -> Table:
    """What a schema itself costs at the parts of a value."""
    table: Table = {}
    for part, schema in _below(node):
        if isinstance(schema, dict):
            table[part] = table.get(part, 0) + here[id(schema)]
    named = _mapping(node, "patternProperties")
    if named:
        # A pattern may match any name, and is tried on each.
        tried = len(named) + sum(here[id(schema)] for schema in named.values() if isinstance(schema, dict))
        table = {part: own + tried if isinstance(part, str) else own for part, own in table.items()}
        table[_OTHERS] = table.get(_OTHERS, 0) + len(named)
    return table


def _weight(node: Schema) -> int:
    """Evaluations that one schema takes by itself."""
    compared = sum(_count(node.get(keyword)) for keyword in ("enum", "const", "required", "dependentRequired"))
    compared += len(_mapping(node, "properties"))
    published = _PUBLISHED if str(node.get("$ref", "")).startswith(PUBLISHED) else 0
    return 1 + published + compared // _PER_EVALUATION + len(list(patterns(node)))


def _count(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + sum(map(_count, value.values()))
    return 1 + sum(map(_count, value)) if isinstance(value, list) else 1


def _mapping(node: Schema, keyword: str) -> dict[str, Any]:
    value = node.get(keyword)
    return value if isinstance(value, dict) else {}
