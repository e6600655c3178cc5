"""The two engines are of one mind: the fast one accepts exactly what the careful one finds no fault in."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blueprint_cli.policy.load import packaged_policy
from blueprint_cli.schema import SchemaStore, Validator
from blueprint_cli.times import is_date
from blueprint_cli.yamlfile import read

ROOT = Path(__file__).parents[2] / "schemas"
REAL = {path.relative_to(ROOT).as_posix(): json.loads(path.read_text("utf-8")) for path in ROOT.rglob("*.json")}
DATES = ["2026-01-05", "2026-02-30", "2026-01-05T10:00:00Z", "2026-01-05T10:00:00", "2024-02-29", "2026-1-5", ""]
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 7),
    st.sampled_from([10**17, 2**53 + 1, -(10**40), 10**400, 0.1, 0.3, 1.0, 2.5, -0.0, 1e300]),
    st.sampled_from([*DATES, "a", "ab", "x-a", "premium", "$.a", "a b", "é", "\u202e", "30 days"]),
    st.text(max_size=4),
    st.lists(st.one_of(st.integers(0, 2), st.booleans(), st.text(max_size=1)), max_size=3),
    st.dictionaries(st.sampled_from(["id", "name", "x-a", "", "kind"]), st.integers(0, 2), max_size=2),
)
ANY = {"type": ["object", "array", "string", "number", "boolean", "null"]}
FIXTURES: dict[str, dict[str, Any]] = {
    "keywords": {
        "properties": {
            "id": {"type": "string", "minLength": 1, "maxLength": 3, "pattern": "^[a-z\\d]+$"},
            "n": {"type": "number", "minimum": 0, "exclusiveMaximum": 5, "multipleOf": 0.1},
            "i": {"type": "integer", "exclusiveMinimum": 0, "maximum": 1e17},
            "date": {"format": "bp-date"},
            "mail": {"format": "email"},
            "list": {"items": {"enum": [0, 1.0, True, None, "a", [0]]}, "uniqueItems": True, "maxItems": 2},
            "const": {"const": {"a": [1, False]}},
        },
        "required": ["id"],
        "dependentRequired": {"n": ["i"]},
        "patternProperties": {"^x-": True, "é|a$": {"type": "string"}},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 6,
    },
    "choices": {
        "anyOf": [{"required": ["id"]}, {"required": ["name"]}],
        "oneOf": [
            {"properties": {"kind": {"const": 1}}, "required": ["kind"]},
            {"properties": {"kind": {"enum": [2, "a"]}, "id": {"type": "string"}}},
            {"type": ["null", "boolean"]},
        ],
        "not": {"required": ["x-a", "b"]},
        "if": {"properties": {"kind": {"const": 2}}, "required": ["kind"]},
        "then": {"required": ["date"]},
        "else": {"properties": {"date": False}},
        "propertyNames": {"maxLength": 4},
        "dependentSchemas": {"id": {"properties": {"name": {"type": "string"}}}},
    },
    "unevaluated": {
        "allOf": [{"$ref": "#/$defs/base"}],
        "anyOf": [
            {"properties": {"a": {"type": "integer"}}, "required": ["a"]},
            {"patternProperties": {"^b": {"type": "string"}}},
        ],
        "if": {"required": ["kind"]},
        "then": {"properties": {"kind": {"type": "integer"}}},
        "else": {"properties": {"name": True}},
        "dependentSchemas": {"id": {"properties": {"i": True}}},
        "patternProperties": {"^x-": True},
        "unevaluatedProperties": False,
        "$defs": {"base": {"properties": {"id": {"type": "string"}, "list": {"$ref": "#/$defs/list"}}}},
    },
    "lists": {
        "properties": {
            "list": {
                "prefixItems": [{"type": "integer"}, ANY],
                "items": {"type": "string"},
                "contains": {"const": 1},
                "minContains": 1,
                "maxContains": 2,
            },
            "a": {"contains": {"type": "boolean"}, "minContains": 0, "minItems": 1},
            "b": {"prefixItems": [True], "items": False},
        },
        "additionalProperties": {"type": ["number", "string"]},
    },
    "tree": {
        "type": ["object", "integer"],
        "properties": {"left": {"$ref": "#"}, "right": {"anyOf": [{"type": "null"}, {"$ref": "#"}]}},
    },
}
FIXTURES["unevaluated"]["$defs"]["list"] = {"items": {"type": "integer"}}
SAMPLES: dict[str, Any] = {
    "keywords": {"id": "ab", "n": 0.3, "i": 1, "date": "2026-01-05", "mail": "a@b.example", "list": [0, 1]},
    "choices": {"kind": 2, "id": "a", "date": 1, "name": "b"},
    "unevaluated": {"a": 1, "id": "x", "i": 1, "list": [1], "x-a": 1, "name": 1, "bb": "x"},
    "lists": {"list": [1, 2, "a", "b"], "a": [1], "b": [1], "c": 1},
    "tree": {"left": {"right": None, "left": 1}, "right": {"left": {}}},
}
LEVELS = [(name, level) for name, schema in sorted(REAL.items()) for level in (None, *schema.get("x-depths", ()))]


@cache
def real() -> SchemaStore:
    return SchemaStore(REAL, is_date)


def sample(schema: Any, home: str, depth: int = 0) -> Any:
    """A plausible document: one entry in each list; below a few levels only what is required."""
    if not isinstance(schema, dict):
        return "a"
    if "$ref" in schema and "properties" not in schema:
        place, _, pointer = schema["$ref"].partition("#")
        target = (ROOT / home).parent.joinpath(place).resolve().relative_to(ROOT).as_posix() if place else home
        found: Any = REAL[target]
        for step in pointer.split("/")[1:]:
            found = found[step]
        return sample(found, target, depth)
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema and "properties" not in schema:
            return sample(schema[keyword][0], home, depth)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        required = set(schema.get("required", ()))
        properties = list(schema.get("properties", {}).items())[: 1 if "minProperties" in schema else None]
        return {key: sample(sub, home, depth + 1) for key, sub in properties if key in required or depth < 4}
    if kind == "array":
        return [sample(schema.get("items"), home, depth + 1) for _ in range(max(schema.get("minItems", 1), 1))]
    plain = {"integer": 1, "number": 1, "boolean": True, "null": None}
    return plain.get(kind, "2026-01-05" if schema.get("format") == "bp-date" else "a")


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container of a document with each of its keys or indices."""
    if not isinstance(value, dict | list):
        return []
    steps = list(value) if isinstance(value, dict) else list(range(len(value)))
    return [(value, step) for step in steps] + [pair for step in steps for pair in places(value[step])]


def mutated(data: st.DataObject, document: Any) -> Any:
    """The document with up to four changes: a value replaced, removed, doubled, a key added or renamed."""
    document = deepcopy(document)
    for _ in range(data.draw(st.integers(0, 4))):
        targets = places(document)
        if not targets:
            return data.draw(JUNK)
        container, step = data.draw(st.sampled_from(targets))
        change = data.draw(st.sampled_from(["replace", "replace", "remove", "add", "rename", "date"]))
        if change == "replace":
            container[step] = data.draw(JUNK)
        elif change == "date":
            container[step] = data.draw(st.sampled_from(DATES))
        elif change == "remove":
            del container[step]
        elif isinstance(container, list):
            container.append(deepcopy(container[step]) if change == "add" else data.draw(JUNK))
        else:
            key = data.draw(st.sampled_from(["x-a", "zz", "ba", "kind", "statu", "name", "é"]))
            container[key] = container.pop(step) if change == "rename" else data.draw(JUNK)
    return document


def agree(check: Validator, document: Any) -> None:
    defects = check.explain(document)
    assert check.is_valid(document) == (not defects), defects
    assert all(d.message.isprintable() and d.kind in {"missing", "unknown", "wrong"} for d in defects)
    assert len({d.identity for d in defects}) == len(defects)
    for defect in defects:
        value = document
        for step in defect.path:
            value = value[step]
        assert defect.kind != "missing" or defect.key not in value
        assert defect.kind != "unknown" or defect.key in value


@pytest.mark.parametrize("name", FIXTURES)
def test_samples_are_valid(validator: Callable[..., Validator], name: str) -> None:
    assert validator(FIXTURES[name]).explain(SAMPLES[name]) == ()
    assert validator(FIXTURES[name]).is_valid(SAMPLES[name])


@pytest.mark.parametrize("name", FIXTURES)
@settings(derandomize=True, deadline=None, database=None, max_examples=50)
@given(data=st.data())
def test_agreement_on_every_keyword(validator: Callable[..., Validator], name: str, data: st.DataObject) -> None:
    agree(validator(FIXTURES[name]), mutated(data, SAMPLES[name]))


@pytest.mark.parametrize(("name", "level"), LEVELS)
@settings(derandomize=True, deadline=None, database=None, max_examples=6)
@given(data=st.data())
def test_agreement_on_the_packaged_schemas(name: str, level: str | None, data: st.DataObject) -> None:
    agree(real().validator(name, level), mutated(data, sample(REAL[name], name)))


def test_the_samples_of_most_packaged_schemas_are_valid() -> None:
    """Else the property above would only ever compare two rejections."""
    valid = [name for name in REAL if real().validator(name).is_valid(sample(REAL[name], name))]
    assert len(valid) > len(REAL) / 2


def test_agreement_on_every_example_and_case() -> None:
    """Each asset under its schema, at every depth that the schema has."""
    store = packaged_policy().store
    schemas = {
        name: str(asset.written["schema"])
        for archetype in packaged_policy().catalog.archetypes.values()
        for name, asset in archetype.assets.items()
        if "schema" in asset.written
    }
    seen: set[str] = set()
    for path in (*(ROOT.parent / "examples").rglob("*.yaml"), *(ROOT.parent / "tests" / "cases").rglob("*.yaml")):
        name = "/".join(path.parts[-2:])
        document = read(path.read_bytes())
        if name in schemas and document.ok:
            seen.add(name)
            for level in (None, *store.depths(schemas[name])):
                agree(store.validator(schemas[name], level), document.data)
    assert seen >= {name for name in schemas if name.endswith(".yaml")}
