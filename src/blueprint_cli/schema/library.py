"""The closed set of schemas: where each `$ref` leads, found before any engine sees a schema.

Nothing is fetched: a reference leads into this set, to a published JSON Schema vocabulary that both engines
carry with them, or nowhere, which is an error with the schema's name in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote, urldefrag, urljoin

from blueprint_cli.errors import BpError
from blueprint_cli.schema.document import Document, Schema, in_place, pointed

BASE = "https://blueprint-cli.example/schemas/"  # only a name, and no file has it: editors go by the place
PUBLISHED = "https://json-schema.org/"


class Library:
    """All schemas by their address, copied and checked when first needed."""

    def __init__(self, schemas: Mapping[str, Any]) -> None:
        self._sources = dict(schemas)
        self._ids = {BASE + quote(schema_id): schema_id for schema_id in schemas}
        self._uris = {schema_id: address for address, schema_id in self._ids.items()}
        self._aliases: dict[str, str] = {}
        """The address by the file's place -> that by the schema's own `$id`, where the schema keeps it."""
        self._documents: dict[str, Document] = {}
        self._resolved: dict[tuple[str, str], tuple[Document | None, Any]] = {}
        self._acyclic: set[int] = set()
        """Nodes (by identity) from which no circle can be reached; kept, as schemas share definitions."""
        declared: dict[str, list[str]] = {}
        for schema_id, schema in schemas.items():
            if isinstance(schema, Mapping) and isinstance(own := schema.get("$id"), str):
                declared.setdefault(urldefrag(urljoin(BASE + quote(schema_id), own)).url, []).append(schema_id)
        for address, owners in declared.items():
            # A repository's schema keeps its own `$id`, unless another one has it too: then the place of the
            # file decides, so that a copied `$id` cannot stand in for a packaged schema.
            if len(owners) == 1 and address not in self._ids:
                self._aliases[self._uris[owners[0]]] = address
                self._ids[address] = owners[0]
                self._uris[owners[0]] = address

    def __contains__(self, schema_id: str) -> bool:
        return schema_id in self._sources

    def source(self, schema_id: str) -> Mapping[str, Any]:
        """The schema as given. Raises BpError for one that does not exist or is not a mapping."""
        if schema_id not in self._sources:
            raise BpError(f"there is no schema {schema_id}")
        source = self._sources[schema_id]
        if not isinstance(source, Mapping):
            raise BpError(f"schema {schema_id} is not a mapping")
        return source

    def document(self, schema_id: str) -> Document:
        """The checked copy. Raises BpError for one that does not exist or is not 2020-12."""
        if schema_id not in self._documents:
            source, uri = self.source(schema_id), self._uris[schema_id]
            self._documents[schema_id] = Document(schema_id, source, uri, self._aliases)
        return self._documents[schema_id]

    def closure(self, schema_id: str) -> tuple[Document, ...]:
        """The schema and all that it refers to, directly or not, itself first.

        Raises BpError for a reference that leads nowhere, or in a circle without ever going into the data.
        """
        documents = [self.document(schema_id)]
        for document in documents:
            for _, written, address in document.all_refs():
                owner, _target = self.resolve(document, written, address)
                if owner is not None and owner not in documents:
                    documents.append(owner)
        for document in documents:
            for node, *_ in document.all_refs():
                if id(node) not in self._acyclic:
                    self._visit(document, node, set())
        return tuple(documents)

    def resolve(self, document: Document, written: str, address: str) -> tuple[Document | None, Any]:
        """Document and node that a reference leads to; (None, None) for a published vocabulary."""
        if (document.schema_id, address) not in self._resolved:
            self._resolved[document.schema_id, address] = self._find(document, written, address)
        return self._resolved[document.schema_id, address]

    def _find(self, document: Document, written: str, address: str) -> tuple[Document | None, Any]:
        uri, _, fragment = address.partition("#")
        owner: Document | None = document
        if uri not in document.resources:
            if uri.startswith(PUBLISHED):
                return None, None
            owner = self.document(self._ids[uri]) if uri in self._ids else None
        if owner is not None:
            root = owner.resources.get(uri, owner.schema)
            anchor = f"{owner.uri if root is owner.schema else uri}#{unquote(fragment)}"
            named = fragment != "" and not fragment.startswith("/")
            target = owner.anchors.get(anchor) if named else pointed(root, fragment)
            if target is not None:
                return owner, target
        raise BpError(
            f"schema {document.schema_id}: $ref {written} leads nowhere ({address})",
            "A reference is resolved against the schema's own $id, else its file; nothing is fetched from the network.",
        )

    def _visit(self, document: Document, node: Schema, open_: set[int]) -> None:
        """Raise BpError where a node leads back to itself, or to one of ``open_``, without going into the data."""
        open_.add(id(node))
        for _, written, address in document.refs.get(id(node), ()):
            owner, target = self.resolve(document, written, address)
            if id(target) in open_:
                raise BpError(
                    f"schema {document.schema_id} refers to itself in a circle: {document.refs[id(node)][0][1]}",
                    "A schema may contain itself only below a property or a list.",
                )
            if owner is not None and isinstance(target, dict) and id(target) not in self._acyclic:
                self._visit(owner, target, open_)
        for child in in_place(node):
            if isinstance(child, dict) and id(child) not in self._acyclic:
                self._visit(document, child, open_)
        open_.discard(id(node))
        self._acyclic.add(id(node))
