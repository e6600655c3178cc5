"""Writes the schemas of gap reports and differences from their fields: the types, and the text below each of them."""

from __future__ import annotations

import ast
import inspect
import re
from enum import Enum
from functools import cache
from itertools import pairwise
from typing import Any

from blueprint_cli.model import SCHEMA_VERSION, Gap, NodeReport
from blueprint_cli.model.difference import LISTS, Difference
from blueprint_cli.model.fields import Text
from blueprint_cli.report.fields import Field, fields

ASSET = "asset.schema.json#/$defs"
JSON_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean"}
_ABOUT = (
    "What a gap scan found on one node: written to gap_report.yaml in the node, and the same structure for each node "
    "in the JSON output. The same files and the same as_of give the same report, byte for byte."
)


def report_schema() -> dict[str, Any]:
    """The JSON Schema of a node's gap report."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Gap report",
        "description": _ABOUT,
        "type": "object",
        **_keys(NodeReport),
        "$defs": {_name(named): _definition(named, nullable) for named, nullable in _named(NodeReport).items()},
    }


def difference_schema() -> dict[str, Any]:
    """The JSON Schema of what `bp diff` writes as JSON and YAML."""
    entry = _definition(Gap, nullable=False)
    node = {"description": "REALM/NODE of the gap; null for a change of policy.", "type": ["string", "null"]}
    entry["properties"] = {"node": node, **entry["properties"]}
    entry["required"] = ["node", *entry["required"]]
    lists = {name: (text, {"$ref": "#/$defs/gap"}) for name, text in docs(Difference).items() if name in LISTS}
    lists["deleted_nodes"] = (docs(Difference)["deleted_nodes"], {"type": "string"})
    texts = {name: {"description": docs(Difference)[name], "type": "string"} for name in ("base", "head", "as_of")}
    version = {"description": docs(NodeReport)["schema_version"], "const": SCHEMA_VERSION}
    arrays = {name: {"description": text, "type": "array", "items": items} for name, (text, items) in lists.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Difference",
        "description": "What a change did to the gaps: the JSON and YAML output of bp diff.",
        "type": "object",
        "properties": {"schema_version": version, **texts, **arrays},
        "required": ["schema_version", *texts, *arrays],
        "patternProperties": {"^x-": True},
        "additionalProperties": False,
        "$defs": {"gap": entry}
        | {_name(named): _definition(named, nullable) for named, nullable in _named(Gap).items()},
    }


def _named(described: type[Any]) -> dict[type[Any], bool]:
    """The classes that a class refers to, inner ones too, and whether null stands in for them."""
    found: dict[type[Any], bool] = {}
    for field in _written(described):
        if _has_name(field):
            found[field.type] = _nullable(field)
        if field.described:
            found |= _named(field.type)
    return found


def _written(described: type[Any]) -> list[Field]:
    return [field for field in fields(described) if field.written]


def _has_name(field: Field) -> bool:
    return field.described or issubclass(field.type, Enum)


def _nullable(field: Field) -> bool:
    return field.optional and not field.omitted


def _name(named: type[Any]) -> str:
    """``PassRate`` is ``pass_rate`` in the schema."""
    return re.sub(r"(?<!^)([A-Z])", r"_\1", named.__name__).lower()


def _definition(named: Any, nullable: bool) -> dict[str, Any]:
    facts = {"description": inspect.getdoc(named)}
    if issubclass(named, Enum):
        return facts | {"enum": [*map(str, named)]}
    return facts | {"type": ["object", "null"] if nullable else "object"} | _keys(named)


def _keys(described: type[Any]) -> dict[str, Any]:
    """The keys of an object: all are there but those that are left out instead of null, and ``x-`` is free."""
    own = [field for field in _written(described) if not field.merged]
    others = [_property(described, field) for field in _written(described) if field.merged]
    return {
        "properties": {field.key: _property(described, field) for field in own},
        "required": [field.key for field in own if not field.omitted],
        "patternProperties": {"^x-": True},
        "additionalProperties": others[0] if others else False,
    }


def _property(described: type[Any], field: Field) -> dict[str, Any]:
    facts = {"description": docs(described)[field.name]}  # type: ignore[arg-type]  # a class is hashable
    if field.many:
        return facts | {"type": "array", "items": _value(field)}
    if field.keys and not field.merged:
        return facts | _counts(field)
    value = _value(field)
    if field.described or not _nullable(field):
        return value | facts if "$ref" in value else facts | value
    if "$ref" in value:
        return facts | {"anyOf": [value, {"type": "null"}]}
    return facts | {"type": [value.pop("type"), "null"]} | value


def _counts(field: Field) -> dict[str, Any]:
    """A mapping whose keys are the words of an enumeration."""
    words: Any = field.keys
    return {
        "type": "object",
        "properties": {str(word): {"description": docs(words)[word.name], **_value(field)} for word in words},
        "required": [*map(str, words)],
        "patternProperties": {"^x-": True},
        "additionalProperties": False,
    }


def _value(field: Field) -> dict[str, Any]:
    """One value of a field."""
    if _has_name(field):
        return {"$ref": f"#/$defs/{_name(field.type)}"}
    limits = field.limits
    if limits and limits.one_of:
        return {"enum": [*limits.one_of]} if len(limits.one_of) > 1 else {"const": limits.one_of[0]}
    if field.kind is Text.DATE:
        return {"$ref": f"{ASSET}/date"}
    if field.type is str and not _nullable(field) and field.kind is not Text.NAME:
        return {"$ref": f"{ASSET}/text"}
    bounds = {"minimum": limits.minimum, "maximum": limits.maximum} if limits else {}
    return {"type": JSON_TYPES[field.type]} | {key: bound for key, bound in bounds.items() if bound is not None}


@cache
def docs(described: type[Any]) -> dict[str, str]:
    """The text that stands below each field of a class, or below each member of an enumeration."""
    (body,) = [node.body for node in ast.parse(inspect.getsource(described)).body if isinstance(node, ast.ClassDef)]
    return {
        name.id: inspect.cleandoc(str(below.value.value)).replace("\n", " ")
        for node, below in pairwise(body)
        if isinstance(name := getattr(node, "target", None) or getattr(node, "targets", [None])[0], ast.Name)
        and isinstance(below, ast.Expr)
        and isinstance(below.value, ast.Constant)
    }
