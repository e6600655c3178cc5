"""What a schema may cost is bounded before it is used: the honest ones pass, those that multiply are refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from blueprint_cli.errors import BpError
from blueprint_cli.policy.load import packaged_policy
from blueprint_cli.schema import SchemaStore, Validator
from blueprint_cli.times import is_date

Make = Callable[..., Validator]


def doubled(keyword: str, levels: int = 25) -> dict[str, Any]:
    """Each definition refers to the next one twice."""
    defs: dict[str, Any] = {f"d{i}": {keyword: [{"$ref": f"#/$defs/d{i + 1}"}] * 2} for i in range(levels)}
    return {"$defs": defs | {f"d{levels}": {"type": "string"}}, "$ref": "#/$defs/d0"}


def conditional(levels: int = 25) -> dict[str, Any]:
    defs: dict[str, Any] = {
        f"d{i}": {word: {"$ref": f"#/$defs/d{i + 1}"} for word in ("if", "then", "else")} for i in range(levels)
    }
    return {"$defs": defs | {f"d{levels}": {"type": "string"}}, "$ref": "#/$defs/d0"}


def unevaluated(levels: int = 30) -> dict[str, Any]:
    defs: dict[str, Any] = {
        f"d{i}": {"allOf": [{"$ref": f"#/$defs/d{i + 1}"}], "unevaluatedProperties": False} for i in range(levels)
    }
    return {"$defs": defs | {f"d{levels}": {"properties": {"a": True}}}, "$ref": "#/$defs/d0"}


TWICE = {"properties": {"a": {"$ref": "#"}}, "required": ["z"]}
MULTIPLY = {
    "allOf": doubled("allOf"),
    "anyOf": doubled("anyOf"),
    "oneOf": doubled("oneOf"),
    "if": conditional(),
    "unevaluatedProperties": unevaluated(),
    "itself twice below a property": {"anyOf": [TWICE, TWICE]},
    "itself under two names for the same key": {
        "allOf": [{"properties": {"a": {"$ref": "#"}}}, {"additionalProperties": {"$ref": "#"}}]
    },
    "itself by a pattern and by name": {
        "patternProperties": {"^a": {"$ref": "#"}},
        "properties": {"a": {"$ref": "#"}},
    },
    "itself as an entry twice": {"items": {"$ref": "#"}, "contains": {"$ref": "#"}},
    "$dynamicRef": {
        "$dynamicAnchor": "t",
        "anyOf": [{"properties": {"a": {"$dynamicRef": "#t"}}, "required": ["z"]}] * 2,
    },
}
HONEST = {
    "a tree": {"type": "object", "properties": {"left": {"$ref": "#"}, "right": {"$ref": "#"}}},
    "an expression": {
        "oneOf": [
            {"properties": {"all": {"items": {"$ref": "#"}}}, "required": ["all"], "additionalProperties": False},
            {"properties": {"any": {"items": {"$ref": "#"}}}, "required": ["any"], "additionalProperties": False},
            {"properties": {"not": {"$ref": "#"}}, "required": ["not"], "additionalProperties": False},
            {"properties": {"is": {"type": "string"}}, "required": ["is"], "additionalProperties": False},
        ]
    },
    "a hundred references to one definition": {
        "$defs": {"text": {"type": "string", "minLength": 1}},
        "properties": {f"p{i}": {"$ref": "#/$defs/text"} for i in range(100)},
    },
    "countries": {"properties": {"country": {"enum": [f"{i:03}" for i in range(250)]}}},
    "long texts": {"properties": {"text": {"pattern": "^.{1,200}$"}, "word": {"pattern": r"^\w{1,64}$"}}},
}


@pytest.mark.parametrize("name", MULTIPLY)
def test_what_multiplies_is_refused(validator: Make, name: str) -> None:
    with pytest.raises(BpError, match="too costly to use"):
        validator(MULTIPLY[name])


@pytest.mark.parametrize("name", HONEST)
def test_what_people_write_is_not(validator: Make, name: str) -> None:
    check = validator(HONEST[name])
    assert check.is_valid({}) == (name != "an expression")


def test_a_recursive_schema_judges_deep_data(validator: Make) -> None:
    expression: dict[str, Any] = {"is": "a"}
    for _ in range(30):
        expression = {"not": expression}
    check = validator(HONEST["an expression"])
    assert check.is_valid(expression)
    assert not check.is_valid({"not": {"nor": expression}})


def test_our_own_schemas_are_far_below_the_bound() -> None:
    """Their cost is not bounded when they are used, so it is bounded here."""
    schemas = packaged_policy().schemas
    store = SchemaStore(schemas, is_date)
    for name in schemas:
        for depth in (None, *store.depths(name)):
            store.validator(name, depth)


def test_a_repository_may_keep_a_large_log(validator: Make) -> None:
    check = validator(
        {"properties": {"log": {"items": {"properties": {"day": {"format": "bp-date", "pattern": "^[0-9-]+$"}}}}}}
    )
    data = {"log": [{"day": "2026-01-05", "note": "a sentence of some length, as people write them"}] * 20_000}
    assert check.is_valid(data)


@pytest.mark.parametrize(
    ("schema", "data"),
    [
        ({"items": {"enum": [f"v{i}" for i in range(50_000)]}}, ["w"] * 20_000),
        ({"patternProperties": {f"^k{i}.*z$": True for i in range(2_000)}}, {f"k{i}": 1 for i in range(12_000)}),
        ({"pattern": "^(a|b)*a(a|b){500}c"}, "ab" * 450_000),
        ({"items": {"pattern": "^(a|b)*a(a|b){300}c"}}, ["ab" * 150] * 3_000),
    ],
    ids=["literals", "patterns of keys", "one long text", "many texts"],
)
def test_a_file_may_be_too_large_for_its_schema(validator: Make, schema: Any, data: Any) -> None:
    check = validator(schema)
    assert not check.is_valid(data)
    (defect,) = check.defects(data)
    assert "too large for its schema" in defect.message


def test_an_explanation_has_an_end(validator: Make) -> None:
    check = validator({"items": {"$ref": "#/$defs/d0"}, "$defs": doubled("anyOf", 9)["$defs"]})
    (first, *_rest) = check.defects([1] * 8_000)
    assert "must be text" in first.message
