"""Which schemas there are, where references lead, and what is refused with which words."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from blueprint_cli.errors import BpError
from blueprint_cli.schema import SchemaStore

HOME = "https://blueprint-cli.example/schemas/"
TEXT = {"$id": HOME + "asset.schema.json", "$defs": {"text": {"type": "string"}}}


def store(**schemas: Any) -> SchemaStore:
    named = {name.replace("__", "/") + ".schema.json": schema for name, schema in schemas.items()}
    return SchemaStore(named, lambda text: text == "2026-01-05")


def test_a_validator_is_compiled_once() -> None:
    schemas = store(a={"x-depths": ["basic"], "$defs": {"basic": True}})
    assert schemas.validator("a.schema.json") is schemas.validator("a.schema.json")
    assert schemas.validator("a.schema.json", "basic") is not schemas.validator("a.schema.json")
    assert schemas.depths("a.schema.json") == ("basic",)
    assert "a.schema.json" in schemas
    assert "b.schema.json" not in schemas


@pytest.mark.parametrize("own", [None, HOME + "C01/log.schema.json", "https://acme.example/log.json", "log.json"])
def test_references_lead_to_the_other_schemas(own: str | None) -> None:
    there = "../asset.schema.json" if own is None or own.startswith((HOME, "log")) else TEXT["$id"]
    schema: dict[str, Any] = {
        "properties": {"a": {"$ref": f"{there}#/$defs/text"}, "b": {"$ref": "#/$defs/b"}},
        "$defs": {"b": {"type": "integer"}},
    }
    check = store(asset=TEXT, C01__log=schema | ({"$id": own} if own else {})).validator("C01/log.schema.json")
    assert check.is_valid({"a": "x", "b": 1})
    assert not check.is_valid({"a": 1})
    assert [d.path for d in check.defects({"a": 1, "b": "x"})] == [("a",), ("b",)]


def test_a_schema_is_found_by_its_place_and_by_its_own_name() -> None:
    other = {"$id": "https://acme.example/other.json", "$defs": {"n": {"$anchor": "num", "type": "number"}}}
    schema = {
        "properties": {
            "place": {"$ref": "other.schema.json#/$defs/n"},
            "name": {"$ref": "https://acme.example/other.json#num"},
        }
    }
    check = store(other=other, own=schema).validator("own.schema.json")
    assert check.is_valid({"place": 1, "name": 1})
    assert [d.path for d in check.defects({"place": "x", "name": "x"})] == [("place",), ("name",)]


def test_a_copied_name_does_not_replace_another_schema() -> None:
    packaged = {"$id": HOME + "asset.schema.json", "$ref": "#/$defs/it", "$defs": {"it": {"type": "string"}}}
    impostor = packaged | {"$defs": {"it": {"type": "integer"}}}
    schemas = store(asset=packaged, copy=impostor)
    assert schemas.validator("asset.schema.json").is_valid("x")
    assert schemas.validator("copy.schema.json").is_valid(1)
    assert not schemas.validator("copy.schema.json").is_valid("x")
    assert schemas.validator("copy.schema.json").explain("x")


def test_a_schema_may_contain_named_schemas_and_itself() -> None:
    schema = {
        "$defs": {"in": {"$id": "inner.json", "$defs": {"n": {"type": "number"}}, "$ref": "#/$defs/n"}},
        "properties": {"n": {"$ref": "inner.json"}, "child": {"$ref": "#"}},
    }
    check = store(a=schema).validator("a.schema.json")
    assert check.is_valid({"child": {"child": {"n": 1}}})
    assert [d.path for d in check.defects({"child": {"child": {"n": "1"}}})] == [("child", "child", "n")]


def test_the_published_vocabulary_is_known_without_a_network() -> None:
    check = store(a={"$ref": "https://json-schema.org/draft/2020-12/schema"}).validator("a.schema.json")
    assert check.is_valid({"type": "string"})
    assert check.defects({"type": "strnig"})


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"properties": {"a": {"$ref": "nope.json#/x"}}}, ["a.schema.json", "nope.json#/x", "nowhere"]),
        ({"$ref": "https://evil.example/x.json"}, ["a.schema.json", "https://evil.example/x.json"]),
        ({"$ref": "file:///etc/passwd"}, ["file:///etc/passwd"]),
        ({"$ref": "#/$defs/none"}, ["#/$defs/none"]),
        ({"$ref": "#none"}, ["#none"]),
        ({"$ref": "#"}, ["circle"]),
        ({"$defs": {"a": {"$anchor": "x"}, "b": {"$anchor": "x"}}}, ["two anchors x"]),
        ({"$defs": {"a": {"$id": "i.json"}, "b": {"$id": "i.json"}}}, ["two parts", "i.json"]),
        ({"x-depths": ["deep"], "allOf": 5}, ["/allOf"]),
        ({"allOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"not": {"$ref": "#"}}}}, ["circle"]),
        ({"$schema": "http://json-schema.org/draft-07/schema#"}, ["draft-07", "2020-12"]),
        ({"pattern": "^(?=a)b"}, ["pattern", "linear"]),
        ({"pattern": r"^(a)\1$"}, ["pattern", "linear"]),
        ({"pattern": "("}, ["pattern", "("]),
        ({"patternProperties": {"(?!x)": True}}, ["pattern", "linear"]),
        ({"minItems": "3"}, ["a.schema.json", "/minItems"]),
        ({"type": "strnig"}, ["a.schema.json", "/type"]),
        ({"properties": {"a": {"required": "b"}}}, ["/properties/a/required"]),
        ([], ["not a mapping"]),
    ],
)
def test_a_schema_that_cannot_be_used_is_named(schema: Any, words: list[str]) -> None:
    with pytest.raises(BpError) as error:
        store(a=schema).validator("a.schema.json")
    assert all(word in str(error.value) for word in words), str(error.value)


def test_a_fault_in_a_schema_that_is_referred_to_names_that_one() -> None:
    schemas = store(a={"$ref": "b.schema.json#/$defs/x"}, b={"$defs": {"x": {"minItems": "3"}}})
    with pytest.raises(BpError, match=r"b\.schema\.json"):
        schemas.validator("a.schema.json")


def test_words_that_look_like_references_are_none() -> None:
    schema = {"properties": {"$ref": {"type": "string"}}, "enum": [{"$ref": "nope"}], "default": {"$ref": "x"}}
    assert store(a=schema).validator("a.schema.json").is_valid({"$ref": "nope"})


def test_unknown_schemas_and_depths() -> None:
    schemas = store(a={"x-depths": ["basic", "full"], "$defs": {"basic": True, "full": True}})
    with pytest.raises(BpError, match=r"no schema b\.json"):
        schemas.validator("b.json")
    with pytest.raises(BpError, match="basic, full"):
        schemas.validator("a.schema.json", "deep")


def test_the_verdict_does_not_import_what_only_explains() -> None:
    code = (
        "import sys; from blueprint_cli.schema import SchemaStore;"
        "v = SchemaStore({'a': {'type': 'object'}}, bool).validator('a');"
        "assert v.is_valid({}) and v.defects({}) == ();"
        "assert 'jsonschema' not in sys.modules and 'referencing' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)
