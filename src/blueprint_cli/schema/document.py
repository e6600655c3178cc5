"""One schema file as both engines get it, and the references in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import chain
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

from blueprint_cli.errors import BpError

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_IN_PLACE_ONE = ("not", "if", "then", "else")
_IN_PLACE_MANY = ("allOf", "anyOf", "oneOf")
_ONE = (
    *_IN_PLACE_ONE,
    *("additionalProperties", "items", "contains", "propertyNames", "contentSchema"),
    *("unevaluatedItems", "unevaluatedProperties"),
)
_MANY = (*_IN_PLACE_MANY, "prefixItems")
_NAMED = ("properties", "patternProperties", "dependentSchemas", "$defs", "definitions")

Schema = dict[str, Any]
_join = lru_cache(maxsize=256)(urljoin)  # schemas refer to the same few others, and `urljoin` is slow


class Document:
    """A private copy of one schema file: plain data with its root `$id` set and its references collected.

    `$schema` is left out of the copy: at every `$schema`, `jsonschema` would leave our engine for its own, which
    hands untrusted patterns to a backtracking matcher.
    """

    def __init__(self, schema_id: str, source: Mapping[str, Any], uri: str, aliases: Mapping[str, str]) -> None:
        """``uri`` is the name that all references to this schema use; ``aliases`` has those of all schemas."""
        self.schema_id = schema_id
        self.uri = uri
        self._aliases = aliases
        self.resources: dict[str, Schema] = {}
        self.anchors: dict[str, Schema] = {}
        self.refs: dict[int, list[tuple[Schema, str, str]]] = {}
        """Node (by identity; the copy keeps it alive) -> node, reference as written, its address."""
        self.schema = self._schema({**source, "$id": uri}, uri)

    def _schema(self, node: Any, base: str) -> Any:
        if node is False:
            # Equivalent, but `jsonschema` loses the path of what a plain `false` forbids.
            return {"not": {}}
        if not isinstance(node, Mapping):
            return _plain(node)
        if str(node.get("$schema", DIALECT)).removesuffix("#") != DIALECT:
            raise BpError(
                f"schema {self.schema_id} is written in {node['$schema']}",
                f'Schemas are written in JSON Schema 2020-12: "$schema": "{DIALECT}".',
            )
        copy: Schema = {}
        if isinstance(node.get("$id"), str):
            base = urldefrag(urljoin(base, node["$id"])).url
            if self.resources.setdefault(base, copy) is not copy:
                raise BpError(f"schema {self.schema_id} has two parts with the $id {base}")
        for anchor in ("$anchor", "$dynamicAnchor"):
            if anchor in node and self.anchors.setdefault(f"{base}#{node[anchor]}", copy) is not copy:
                raise BpError(f"schema {self.schema_id} has two anchors {node[anchor]}")
        for keyword, value in node.items():
            if keyword in _ONE and value is not False:
                copy[keyword] = self._schema(value, base)
            elif keyword in _MANY and isinstance(value, list | tuple):
                copy[keyword] = [self._schema(item, base) for item in value]
            elif keyword in _NAMED and isinstance(value, Mapping):
                copy[keyword] = {name: self._schema(item, base) for name, item in value.items()}
            elif keyword != "$schema":
                copy[keyword] = _plain(value)
        for keyword in ("$ref", "$dynamicRef"):
            if isinstance(node.get(keyword), str):
                written = node[keyword]
                place, mark, fragment = written.partition("#")
                place = _join(base, place) if place else base
                if place in self._aliases:
                    # One schema must not have two names: `jsonschema-rs` 0.60 panics on some of those.
                    place = self._aliases[place]
                    copy[keyword] = f"{place}#{fragment}"
                address = place + mark + fragment
                self.refs.setdefault(id(copy), []).append((copy, written, address))
        return copy

    def all_refs(self) -> Iterator[tuple[Schema, str, str]]:
        """Every reference: the node that has it, the reference as written, its address."""
        return chain.from_iterable(self.refs.values())


def in_place(node: Schema) -> Iterator[Any]:
    """The subschemas that apply to the same value as the schema itself (in-place applicators)."""
    # The schema has not been checked yet: anything may stand where a list or mapping belongs.
    yield from (node[keyword] for keyword in _IN_PLACE_ONE if keyword in node)
    for keyword in _IN_PLACE_MANY:
        if isinstance(schemas := node.get(keyword), list):
            yield from schemas
    if isinstance(dependent := node.get("dependentSchemas"), dict):
        yield from dependent.values()


def pointed(root: Any, pointer: str) -> Any:
    """What an RFC 6901 pointer leads to, or None."""
    for part in unquote(pointer).split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(root, dict) and name in root:
            root = root[name]
        elif isinstance(root, list) and name.isdecimal() and int(name) < len(root):
            root = root[int(name)]
        else:
            return None
    return root


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
