"""The schemas of a run and their compiled validators. The fast engine lives here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from blueprint_cli.errors import BpError
from blueprint_cli.schema.cost import Cost, cost
from blueprint_cli.schema.defect import AS_DATA, Defect, DefectKind, Written
from blueprint_cli.schema.document import Document, pointed
from blueprint_cli.schema.library import PUBLISHED, Library
from blueprint_cli.schema.patterns import LARGEST_PATTERN
from blueprint_cli.signals import Stop

if TYPE_CHECKING:
    from blueprint_cli.schema.explain import Explainer

# Matching in linear time: a repository's own patterns are untrusted, and `^(a+)+$` must not hang.
_LINEAR = jsonschema_rs.RegexOptions(size_limit=LARGEST_PATTERN)
_NO_REGEX = ' is not a "regex"'
_TOO_COSTLY = "the file is too large for its schema, which evaluates every value many times: split the file"


class SchemaStore:
    """The closed set of schemas: id (path below the schemas' root, with slashes) -> schema.

    ``is_date`` decides the format ``bp-date``; it is called for every date of every document and must be
    cheap. Nothing is compiled, or even read beyond its `$id`, before it is needed. ``trusted`` are the schemas
    that nobody else can change: their cost is not bounded.
    """

    def __init__(
        self, schemas: Mapping[str, Mapping[str, Any]], is_date: Callable[[str], bool], trusted: Collection[str] = ()
    ) -> None:
        self._library = Library(schemas)
        self._trusted = trusted
        self._options: dict[str, Any] = {
            "formats": {"bp-date": is_date},
            "validate_formats": True,
            "pattern_options": _LINEAR,
            "offline": True,
        }
        self._depths: dict[str, tuple[str, ...]] = {}
        self._validators: dict[tuple[str, str | None], Validator] = {}
        self._checked: set[str] = set()
        self._atoms: dict[tuple[str, Any], jsonschema_rs.Validator] = {}

    def __contains__(self, schema_id: str) -> bool:
        return schema_id in self._library

    def depths(self, schema_id: str) -> tuple[str, ...]:
        """The names of the schema's depth levels (``x-depths``), the shallowest first; often none.

        Raises BpError where there is no such schema.
        """
        if schema_id not in self._depths:
            levels = self._library.source(schema_id).get("x-depths")
            self._depths[schema_id] = tuple(map(str, levels)) if isinstance(levels, list | tuple) else ()
        return self._depths[schema_id]

    def validator(self, schema_id: str, depth: str | None = None) -> Validator:
        """The validator of a schema, or of one of its depth levels on top of it; compiled once.

        Raises BpError for an unknown schema or depth, and for a schema that is not valid itself: a `$ref`
        that leads nowhere or in a circle, another dialect than 2020-12, a pattern that cannot be matched
        in linear time, references that multiply.
        """
        if (schema_id, depth) not in self._validators:
            self._validators[schema_id, depth] = self._compile(schema_id, depth)
        return self._validators[schema_id, depth]

    def _compile(self, schema_id: str, depth: str | None) -> Validator:
        if depth is not None and depth not in self.depths(schema_id):
            known = ", ".join(self.depths(schema_id)) or "none"
            raise BpError(f"schema {schema_id} has no depth {depth}", f"Its depths: {known}.")
        try:
            documents = self._library.closure(schema_id)
            bound = self._bound(documents, depth)
        except RecursionError:
            raise BpError(f"schema {schema_id} is nested too deeply") from None
        for document in documents:
            if document.schema_id not in self._checked:
                try:  # an engine only reads what it needs
                    jsonschema_rs.meta.validate(document.schema)
                except ValueError as error:
                    raise _unusable(document.schema_id, error) from None
                self._checked.add(document.schema_id)
        root = {"allOf": [{"$ref": documents[0].uri + place} for place in _places(depth, "#")]}
        resources = {document.uri: document.schema for document in documents}
        try:
            fast = jsonschema_rs.Draft202012Validator(
                root,
                registry=jsonschema_rs.Registry(list(resources.items()), draft=jsonschema_rs.Draft202012),
                **self._options,
            )
        except (KeyboardInterrupt, SystemExit, Stop):
            raise
        except BaseException as error:  # a panic of the Rust side is not an Exception
            raise _unusable(schema_id, error) from None
        return Validator(fast, bound, lambda: self._explainer(root, documents, resources, fast))

    def _bound(self, documents: tuple[Document, ...], depth: str | None) -> Cost | None:
        """The cost of a schema that a stranger may have written; None for our own."""
        if all(document.schema_id in self._trusted for document in documents):
            return None
        roots = [pointed(documents[0].schema, place) for place in _places(depth)]
        return cost(self._library, documents, [root for root in roots if isinstance(root, dict)])

    def _explainer(
        self, root: dict[str, Any], documents: tuple[Document, ...], resources: dict[str, Any], fast: Any
    ) -> Explainer:
        # Late (D-60): a run without a fault never needs it.
        from blueprint_cli.schema.budget import Budget
        from blueprint_cli.schema.engine import engine
        from blueprint_cli.schema.explain import Explainer

        depths = {
            id(document.schema.get("$defs", {}).get(name)): name
            for document in documents
            for name in self.depths(document.schema_id)[1:]
        }
        static = not any(
            "$dynamicRef" in node or address.startswith(PUBLISHED)
            for document in documents
            for node, _, address in document.all_refs()
        )
        budget = Budget()
        careful = engine(root, resources, depths, self._holds, budget=budget, static=static)
        return Explainer(careful, budget, lambda data: _errors(fast, data))

    def _holds(self, keyword: str, value: Any, instance: Any) -> bool:
        """Whether the fast engine accepts a value by a single keyword: the careful one leaves patterns to it."""
        if (keyword, value) not in self._atoms:
            self._atoms[keyword, value] = jsonschema_rs.Draft202012Validator({keyword: value}, **self._options)
        return _accepts(self._atoms[keyword, value], instance)


class Validator:
    """A compiled schema. ``is_valid`` takes microseconds, ``defects`` milliseconds."""

    def __init__(self, fast: jsonschema_rs.Validator, cost: Cost | None, explainer: Callable[[], Explainer]) -> None:
        self._fast, self._cost, self._explainer = fast, cost, cache(explainer)

    def is_valid(self, data: Any) -> bool:
        """Whether the fast engine accepts. Never raises: what it cannot judge, it does not accept."""
        return not self._too_costly(data) and _accepts(self._fast, data)

    def defects(self, data: Any, written: Written = AS_DATA) -> tuple[Defect, ...]:
        """Every fault, in the order of the document; () for a valid one. ``written``: how the file has its values.

        Where the fast engine rejects what the careful one accepts, the careful one has the last word.
        """
        return () if self.is_valid(data) else self.explain(data, written)

    def explain(self, data: Any, written: Written = AS_DATA) -> tuple[Defect, ...]:
        """The defects by the careful engine alone."""
        if self._too_costly(data):
            return (Defect((), None, DefectKind.WRONG, _TOO_COSTLY, "too-costly"),)
        return self._explainer().explain(data, written)

    def _too_costly(self, data: Any) -> bool:
        return self._cost is not None and self._cost.exceeds(data)


def _places(depth: str | None, mark: str = "") -> list[str]:
    """Where in a schema the rules are that hold at a depth: in the whole of it, and in those of the depth."""
    return [""] if depth is None else ["", f"{mark}/$defs/{depth}"]


def _accepts(engine: jsonschema_rs.Validator, data: Any) -> bool:
    """Whether an engine accepts; never what it cannot judge, such as half a surrogate pair from JSON."""
    try:
        return engine.is_valid(data)
    except (KeyboardInterrupt, SystemExit, Stop):
        raise
    except BaseException:  # a panic of the Rust side is not an Exception
        return False


def _errors(engine: jsonschema_rs.Validator, data: Any) -> list[tuple[tuple[str | int, ...], bool]]:
    """The path of each error, and whether it is that of a choice; one at the top where the engine cannot judge."""
    try:
        return [
            (tuple(error.instance_path), error.kind.name in {"anyOf", "oneOf"}) for error in engine.iter_errors(data)
        ]
    except (KeyboardInterrupt, SystemExit, Stop):
        raise
    except BaseException:  # a panic of the Rust side is not an Exception
        return [((), True)]


def _unusable(schema_id: str, error: BaseException) -> BpError:
    what = (str(error).splitlines() or [""])[0]
    if isinstance(error, jsonschema_rs.ValidationError) and what.endswith(_NO_REGEX):
        pattern = what.removesuffix(_NO_REGEX)
        return BpError(
            f"schema {schema_id}: the pattern {pattern[:100]} cannot be used",
            "Patterns are matched in linear time: no look-around, no back-references, no huge repetitions.",
        )
    place = "".join(f"/{step}" for step in getattr(error, "instance_path", ()))
    return BpError(f"schema {schema_id} is not a valid JSON Schema: {place} {what[:200]}")
