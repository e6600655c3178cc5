"""The closed set of schemas: where each `$ref` leads, found before any engine sees a schema.

Nothing is fetched: a reference leads into this set, to a published JSON Schema vocabulary that both engines
carry with them, or nowhere, which is an error with the schema's name in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

from blueprint_cli.errors import BpError

BASE = "https://blueprint-cli.example/schemas/"
"""The address of the schemas' root. It is a name, nobody answers there."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PUBLISHED = "https://json-schema.org/"

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


class Document:
    """A private copy of one schema file: plain data, its root `$id` settled, its references collected.

    `$schema` is left out of the copy: `jsonschema` would leave our engine for its own at every `$schema` that
    it meets, and its own engine hands untrusted patterns to a backtracking matcher.
    """

    def __init__(self, schema_id: str, source: Mapping[str, Any], uri: str) -> None:
        self.schema_id = schema_id
        self.uri = uri
        self.resources: dict[str, Schema] = {}
        self.anchors: dict[str, Schema] = {}
        self.refs: dict[int, list[tuple[Schema, str, str]]] = {}
        """Node (by identity; the copy keeps it alive) -> node, reference as written, its address."""
        self.schema = self._schema({**source, "$id": uri}, uri)

    def _schema(self, node: Any, base: str) -> Any:
        if not isinstance(node, Mapping):
            return _plain(node)
        if str(node.get("$schema", DIALECT)).removesuffix("#") != DIALECT:
            raise BpError(
                f"schema {self.schema_id} is written in {node['$schema']}",
                f'schemas are written in JSON Schema 2020-12: "$schema": "{DIALECT}"',
            )
        copy: Schema = {}
        if isinstance(node.get("$id"), str):
            base = urldefrag(urljoin(base, node["$id"])).url
            self.resources[base] = copy
        for anchor in ("$anchor", "$dynamicAnchor"):
            if anchor in node:
                self.anchors[f"{base}#{node[anchor]}"] = copy
        for keyword, value in node.items():
            if keyword in _ONE:
                copy[keyword] = self._schema(value, base)
            elif keyword in _MANY and isinstance(value, list | tuple):
                copy[keyword] = [self._schema(item, base) for item in value]
            elif keyword in _NAMED and isinstance(value, Mapping):
                copy[keyword] = {name: self._schema(item, base) for name, item in value.items()}
            elif keyword != "$schema":
                copy[keyword] = _plain(value)
        for keyword in ("$ref", "$dynamicRef"):
            if isinstance(node.get(keyword), str):
                address = urljoin(base, node[keyword])
                self.refs.setdefault(id(copy), []).append((copy, node[keyword], address))
        return copy


class Library:
    """All schemas by their address, copied and checked when first needed."""

    def __init__(self, schemas: Mapping[str, Mapping[str, Any]]) -> None:
        self._sources = dict(schemas)
        self._ids = {BASE + schema_id: schema_id for schema_id in schemas}
        self._uris = {schema_id: address for address, schema_id in self._ids.items()}
        self._documents: dict[str, Document] = {}
        declared: dict[str, list[str]] = {}
        for schema_id, schema in schemas.items():
            if isinstance(own := schema.get("$id"), str):
                declared.setdefault(urldefrag(urljoin(BASE + schema_id, own)).url, []).append(schema_id)
        for address, owners in declared.items():
            # A repository's schema keeps the name that it gives itself, unless another one has it: then the
            # place of the file decides, so that a copied `$id` cannot stand in for a packaged schema.
            if len(owners) == 1 and address not in self._ids:
                self._ids[address] = owners[0]
                self._uris[owners[0]] = address

    def __contains__(self, schema_id: str) -> bool:
        return schema_id in self._sources

    def source(self, schema_id: str) -> Mapping[str, Any]:
        """The schema as given. Raises BpError for one that does not exist."""
        if schema_id not in self._sources:
            raise BpError(f"there is no schema {schema_id}")
        return self._sources[schema_id]

    def document(self, schema_id: str) -> Document:
        """The checked copy. Raises BpError for one that does not exist or is not 2020-12."""
        if schema_id not in self._documents:
            source = self.source(schema_id)
            if not isinstance(source, Mapping):
                raise BpError(f"schema {schema_id} is not a mapping")
            self._documents[schema_id] = Document(schema_id, source, self._uris[schema_id])
        return self._documents[schema_id]

    def addresses(self, document: Document) -> tuple[str, ...]:
        """Every address under which another schema may name this one."""
        return tuple({document.uri: None, BASE + document.schema_id: None})

    def closure(self, schema_id: str) -> tuple[Document, ...]:
        """The schema and all that it refers to, directly or not, itself first.

        Raises BpError for a reference that leads nowhere, or in a circle without ever going into the data.
        """
        found = {schema_id: self.document(schema_id)}
        queue = [found[schema_id]]
        for document in queue:
            for refs in document.refs.values():
                for _, written, address in refs:
                    owner, _target = self._resolve(document, written, address)
                    if owner is not None and owner.schema_id not in found:
                        found[owner.schema_id] = owner
                        queue.append(owner)
        documents = tuple(found.values())
        circle = self._circle(documents, _in_place)
        if circle is not None:
            document, node = circle
            raise BpError(
                f"schema {document.schema_id} refers to itself in a circle: {document.refs[id(node)][0][1]}",
                "a schema may contain itself only below a property or a list",
            )
        return documents

    def recursive(self, documents: Iterable[Document]) -> bool:
        """Whether data of any depth can be valid: only then can deep data exhaust an engine's stack."""
        return self._circle(documents, _children) is not None

    def _resolve(self, document: Document, written: str, address: str) -> tuple[Document | None, Any]:
        """Document and node that a reference leads to; (None, None) for a published vocabulary."""
        uri, fragment = urldefrag(address)
        owner: Document | None = document
        if uri not in document.resources:
            if uri.startswith(_PUBLISHED):
                return None, None
            owner = self.document(self._ids[uri]) if uri in self._ids else None
        if owner is not None:
            root = owner.resources.get(uri, owner.schema)
            target = (
                _pointed(root, fragment)
                if fragment == "" or fragment.startswith("/")
                else owner.anchors.get(f"{owner.uri if root is owner.schema else uri}#{unquote(fragment)}")
            )
            if target is not None:
                return owner, target
        raise BpError(
            f"schema {document.schema_id}: $ref {written} leads nowhere ({address})",
            "a reference is resolved against the schema's own $id, and nothing is fetched from the network",
        )

    def _circle(
        self, documents: Iterable[Document], children: Callable[[Schema], Iterator[Any]]
    ) -> tuple[Document, Schema] | None:
        """A node with a reference that leads back to itself along ``children``, if there is one."""
        done: set[int] = set()
        open_: set[int] = set()

        def visit(document: Document, node: Schema) -> tuple[Document, Schema] | None:
            open_.add(id(node))
            for _, written, address in document.refs.get(id(node), ()):
                owner, target = self._resolve(document, written, address)
                if owner is not None and isinstance(target, dict):
                    if id(target) in open_:
                        return document, node
                    if id(target) not in done and (found := visit(owner, target)):
                        return found
            for child in children(node):
                if isinstance(child, dict) and id(child) not in done and (found := visit(document, child)):
                    return found
            open_.discard(id(node))
            done.add(id(node))
            return None

        for document in documents:
            for refs in document.refs.values():
                if id(refs[0][0]) not in done and (found := visit(document, refs[0][0])):
                    return found
        return None


def _in_place(node: Schema) -> Iterator[Any]:
    """The subschemas that look at the same value as the schema itself."""
    for keyword in _IN_PLACE_ONE:
        if keyword in node:
            yield node[keyword]
    for keyword in _IN_PLACE_MANY:
        yield from node.get(keyword, ())
    if isinstance(dependent := node.get("dependentSchemas"), dict):
        yield from dependent.values()


def _children(node: Schema) -> Iterator[Any]:
    """All subschemas that look at the data; `$defs` only do once something refers to them."""
    for keyword in _ONE:
        if keyword in node:
            yield node[keyword]
    for keyword in _MANY:
        yield from node.get(keyword, ())
    for keyword in ("properties", "patternProperties", "dependentSchemas"):
        if isinstance(named := node.get(keyword), dict):
            yield from named.values()


def _pointed(root: Any, pointer: str) -> Any:
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
