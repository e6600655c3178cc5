"""The kinds of predicates: each is registered, each agrees with its schema, each can say what it requires."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from blueprint_cli.policy.load import packaged_policy
from blueprint_cli.predicates.base import Predicate
from blueprint_cli.predicates.kinds import KINDS, build
from blueprint_cli.predicates.parameters import DateOrAnchor, Literals, Named, Nested, OfItem, Parameter, Values, Within

SCHEMA = packaged_policy().schemas["predicate.schema.json"]["$defs"]["predicate"]["properties"]
KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
FORMS = {Values: "#/$defs/source", Nested: "#/$defs/predicate", Within: "#/$defs/limit"}
"""What the schema refers to for a parameter of a role."""
EXAMPLES: dict[type, Any] = {
    Values: {"asset": "a.yaml", "select": "$.x"},
    OfItem: "$.x",
    Nested: {"held": {"role": "R"}},
    Literals: ["x"],
    Named: "a name",
    Within: {"row": "table.row"},
    DateOrAnchor: "signed",
}


def _schemas(kind: type[Predicate]) -> dict[str, Any]:
    """The schema of each parameter."""
    names = {parameter.name for parameter in kind.parameters()}
    properties: dict[str, Any] = SCHEMA if kind.inline else SCHEMA[kind.kind]["properties"]
    return {name: properties[name] for name in (names if kind.inline else properties)}


def _example(parameter: Parameter) -> Any:
    if type(parameter.role) in EXAMPLES:
        value = EXAMPLES[type(parameter.role)]
        return [value] if parameter.type == tuple[Predicate, ...] else value
    if parameter.type == Mapping[str, float]:
        return {"some words": 1}
    return 1 if parameter.type in (int, float) else "some words"


def _subclasses(base: type[Predicate]) -> Iterator[type[Predicate]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _subclasses(kind)


def test_every_class_is_registered_by_its_name() -> None:
    assert {kind.kind for kind in _subclasses(Predicate) if hasattr(kind, "kind")} == set(KINDS)
    assert all(name == kind.kind for name, kind in KINDS.items())


def test_the_schema_knows_the_same_kinds() -> None:
    inline = {parameter.name for kind in KINDS.values() if kind.inline for parameter in kind.parameters()}
    assert set(SCHEMA) == set(KINDS) | inline


@KIND
def test_the_schema_knows_the_same_parameters(kind: type[Predicate]) -> None:
    assert set(_schemas(kind)) == {parameter.name for parameter in kind.parameters()}
    if not kind.inline:
        assert set(SCHEMA[kind.kind]["required"]) == {
            parameter.name for parameter in kind.parameters() if parameter.required
        }


@KIND
def test_the_schema_gives_each_parameter_the_form_of_its_role(kind: type[Predicate]) -> None:
    for parameter in kind.parameters():
        schema = _schemas(kind)[parameter.name]
        forms = [schema, schema.get("items", {}), *schema.get("anyOf", ())]
        referred = {form["$ref"] for form in forms if "$ref" in form}
        form = FORMS.get(type(parameter.role))
        assert referred == ({form} if form else set()), parameter.name
        assert (schema.get("pattern") == "^\\$") == isinstance(parameter.role, OfItem), parameter.name


@KIND
def test_a_parameter_on_items_follows_the_one_that_selects_them(kind: type[Predicate]) -> None:
    seen = {""}
    for parameter in kind.parameters():
        assert getattr(parameter.role, "of", "") in seen, parameter.name
        seen |= {parameter.name} if isinstance(parameter.role, Values) and parameter.required else set()


@KIND
def test_every_kind_says_what_it_requires(kind: type[Predicate]) -> None:
    given = {parameter.name: _example(parameter) for parameter in kind.parameters()}
    built = build(given if kind.inline else {kind.kind: given}, "policy.yaml")
    lines = built.describe(str.upper)
    assert lines
    assert not [line for line in lines if "None" in line or "<" in line]
    assert all(part in built.walk() for part in built.parts())


def test_predicates_inside_are_listed_below() -> None:
    nested = {
        "when": {"held": {"role": "R"}},
        "then": {"not": {"any": [{"held": {"role": "R"}}]}},
        "else": {"all": [{"held": {"role": "S"}}]},
    }
    assert build(nested, "").describe(str) == [
        *("where this holds:", "  somebody on the team is R", "this is required:", "  not: at least one of:"),
        *("  - somebody on the team is R", "otherwise:", "  all of:", "  - somebody on the team is S"),
    ]


def test_limits_of_a_condition_are_not_limits_of_the_whole() -> None:
    age = {"age": {"what": "log", "within": "7 days"}}
    fresh = {"age": {"what": "log", "within": "3 days"}}
    assert [str(limit) for limit in build({"when": age, "then": fresh}, "").limits()] == ["3 days"]
    assert [str(limit) for limit in build({"all": [age, {"not": fresh}]}, "").limits()] == ["7 days", "3 days"]
