"""What is reported: one defect for each fault, where it is, and in which words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from blueprint_cli.schema import Validator, Written

Make = Callable[..., Validator]
CLOSED: dict[str, Any] = {"additionalProperties": False, "patternProperties": {"^x-": True}}
TOUCHPOINTS = {
    "type": "object",
    "required": ["touchpoints"],
    "properties": {
        "touchpoints": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "summary"],
                "properties": {
                    "id": {"type": "string"},
                    "summary": {"type": "string", "minLength": 1},
                    "channel": {"enum": ["email", "call", "chat"]},
                    "date": {"type": "string", "format": "bp-date"},
                    "status": {"enum": ["open", "closed"]},
                    "closed_at": {"type": "string", "format": "bp-date"},
                },
                "if": {"required": ["status"], "properties": {"status": {"const": "closed"}}},
                "then": {"required": ["closed_at"]},
                **CLOSED,
            },
        }
    },
    **CLOSED,
}
TP = {"id": "TP-014", "summary": "Kick-off"}


def one(schema: Any, value: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    return {"properties": {"it": schema}}, {"it": value}


def role(name: str) -> dict[str, Any]:
    return {"contains": {"required": ["role", "rated"], "properties": {"role": {"const": name}}}}


CLOSE = "write it like 2026-01-05, or 2026-01-05T10:00:00Z"
VALUES = [
    # type, in plain words, with a hint
    ({"type": "string"}, 5, '`it` must be text, not the number `5`; put it in quotes: `"5"`'),
    (
        {"type": "string"},
        True,
        '`it` must be text, not `true`; put it in quotes: `"true"`',
    ),
    ({"type": "string"}, None, "`it` has no value; it must be text"),
    ({"type": "number"}, "5", "`it` must be a number, not the text `5`; write `5`"),
    ({"type": "number"}, "lots", "`it` must be a number, not the text `lots`"),
    ({"type": "number"}, True, "`it` must be a number, not `true`"),
    ({"type": "integer"}, 2.5, "`it` must be a whole number, not `2.5`"),
    (
        {"type": "boolean"},
        "yes",
        "`it` must be true or false, not the text `yes`; write `true`",
    ),
    (
        {"type": "array"},
        "email",
        "`it` must be a list, not the text `email`; write it as a list: `[email]`",
    ),
    ({"type": "object"}, ["a"], "`it` must be a mapping, not a list"),
    ({"type": ["number", "string"]}, [], "`it` must be a number or text, not a list"),
    # sets of values
    (
        {"enum": ["basic", "standard", "premium"]},
        "premum",
        "`it`: `premum` is not one of basic, standard, premium; did you mean `premium`?",
    ),
    (
        {"enum": ["high_touch"] * 1 + ["low_touch"]},
        "High-Touch",
        "`it`: `High-Touch` is not one of high_touch, low_touch; did you mean `high_touch`?",
    ),
    ({"enum": ["a", 1, True, None]}, "z", "`it`: `z` is not one of a, 1, true, null"),
    ({"enum": ["a", "b"]}, None, "`it` has no value; it must be one of a, b"),
    (
        {"enum": [f"v{i}" for i in range(13)]},
        "other",
        "`it`: `other` is not one of v0, v1, v2, v3, v4, v5, v6, v7, v8, v9, … (3 more)",
    ),
    ({"const": "premium"}, "basic", "`it` must be `premium`, not `basic`"),
    # dates
    (
        {"format": "bp-date"},
        "2026-02-30",
        "`it`: `2026-02-30` is not a date that exists; write a date like 2026-02-28",
    ),
    (
        {"format": "bp-date"},
        "2026-13-01",
        "`it`: `2026-13-01` is not a date that exists; write a date like 2026-01-05",
    ),
    (
        {"format": "bp-date", "pattern": "^2"},
        "2026-01-05 10:00",
        "`it`: `2026-01-05 10:00` has no offset from UTC; write `2026-01-05T10:00:00Z` or `2026-01-05`",
    ),
    ({"format": "bp-date"}, "soon", f"`it`: `soon` is not a date; {CLOSE}"),
    ({"format": "bp-date", "pattern": "^[0-9-]+$"}, "5 May", f"`it`: `5 May` is not a date; {CLOSE}"),
    ({"format": "bp-date"}, "", f"`it`: empty text is not a date; {CLOSE}"),
    ({"format": "email"}, "nobody", "`it`: `nobody` is not an e-mail address"),
    ({"pattern": "^[A-Z]+$"}, "low", "`it`: `low` does not match the pattern `^[A-Z]+$`"),
    (
        {"pattern": "^(daily|weekly|monthly|[1-9][0-9]* days)$", "description": "A period, such as monthly."},
        "often",
        "`it`: `often` does not have the right form; expected: A period, such as monthly.",
    ),
    # sizes
    ({"minimum": 0}, -5, "`it` must be at least 0, not -5"),
    ({"minimum": 1, "maximum": 5}, 9, "`it` must be from 1 to 5, not 9"),
    ({"exclusiveMinimum": 0}, 0, "`it` must be more than 0, not 0"),
    ({"multipleOf": 5}, 7, "`it` must be a multiple of 5, not 7"),
    ({"minLength": 1}, "", "`it` must not be empty"),
    ({"minLength": 3}, "ab", "`it` must have at least 3 characters, not 2"),
    ({"maxLength": 1}, "ab", "`it` may have at most 1 character, not 2"),
    ({"minProperties": 1}, {}, "`it` must have at least 1 key, not 0"),
    # lists
    ({"minItems": 1}, [], "`it` needs at least 1 entry; it has none"),
    ({"maxItems": 2}, [1, 2, 3], "`it` may have at most 2 entries; it has 3"),
    ({"items": False, "prefixItems": [True]}, [1, 2, 3], "`it` may have at most 1 entry; it has 3"),
    ({"uniqueItems": True}, ["email", "call", "email"], "`it` has the same entry twice: `email`"),
    (
        {"contains": {"properties": {"role": {"const": "champion"}}, "required": ["role"]}},
        [{"role": "user"}],
        "`it`: no entry has role champion",
    ),
    (
        {"allOf": [role("sponsor"), role("champion")]},
        [{"role": "champion"}],
        "`it`: no entry has role sponsor (with rated), and none has role champion (with rated)",
    ),
    (
        {"contains": {"const": 1}, "minContains": 2},
        [1],
        "`it` needs 2 entries with what the schema requires",
    ),
    ({"contains": {"type": "string", "title": "a text"}, "maxContains": 1}, ["a", "b"], None),
    (
        {"minItems": 3, "allOf": [role("executive_sponsor"), role("champion")]},
        [{"role": "champion"}],
        "`it` needs at least 3 entries, among them role executive_sponsor (with rated), champion (with rated)",
    ),
    # choices: the best branch, never all of them
    (
        {"anyOf": [{"type": "string", "format": "bp-date"}, {"type": "null"}]},
        "2026-02-30",
        "`it`: `2026-02-30` is not a date that exists; write a date like 2026-02-28",
    ),
    (
        {"anyOf": [{"type": "string"}, {"type": "array"}]},
        5,
        '`it` must be text or a list, not the number `5`; put it in quotes: `"5"`',
    ),
    ({"oneOf": [{"const": "a"}, {"enum": ["b", "c"]}]}, "d", "`it`: `d` is not one of a, b, c"),
    (
        {"oneOf": [{"minimum": 1}, {"maximum": 5}]},
        3,
        "`it` matches several alternatives that exclude each other",
    ),
    (
        {"anyOf": [{"required": ["min"]}, {"required": ["max"]}]},
        {},
        "`it` needs at least one of `min`, `max`",
    ),
    (
        {"oneOf": [{"required": ["check"]}, {"required": ["asset"]}]},
        {"check": 1, "asset": 2},
        "`it` needs exactly one of `check`, `asset`; it has `check` and `asset`",
    ),
    ({"not": {"const": 5}}, 5, "`it` has a value that is not allowed"),
    (False, 5, "`it` is not allowed here"),
]


@pytest.mark.parametrize(("schema", "value", "message"), VALUES)
def test_one_faulty_value_is_one_sentence(validator: Make, schema: Any, value: Any, message: str | None) -> None:
    whole, data = one(schema, value)
    (defect,) = validator(whole).defects(
        data, Written(lambda _: json.dumps(value) if isinstance(value, int | float) else None)
    )
    assert (defect.path, defect.key, defect.kind) == (("it",), None, "wrong")
    assert defect.message == (message or "`it` may have at most 1 entry with a text")


@pytest.mark.parametrize(
    ("entry", "path", "key", "kind", "message"),
    [
        ({"id": "A"}, (), "summary", "missing", "`touchpoints[A].summary` is missing"),
        (
            {"id": "A", "sumary": "x"},
            (),
            "summary",
            "missing",
            "`touchpoints[A].summary` is missing; `sumary` looks like a misspelling of it",
        ),
        (
            TP | {"chanel": "x"},
            (),
            "chanel",
            "unknown",
            "`touchpoints[TP-014].chanel` is not a known key; did you mean `channel`?",
        ),
        (
            TP | {"colour": "x"},
            (),
            "colour",
            "unknown",
            "`touchpoints[TP-014].colour` is not a known key; "
            "known keys: id, summary, channel, date, status, closed_at",
        ),
        (
            TP | {"status": "closed"},
            (),
            "closed_at",
            "missing",
            "`touchpoints[TP-014].closed_at` is missing: required when status is closed",
        ),
        (
            TP | {"channel": "chats"},
            ("channel",),
            None,
            "wrong",
            "`touchpoints[TP-014].channel`: `chats` is not one of email, call, chat; did you mean `chat`?",
        ),
        ("no", (), None, "wrong", "`touchpoints[#1]` must be a mapping, not the text `no`"),
    ],
)
def test_faults_of_an_entry(
    validator: Make, entry: Any, path: tuple[str, ...], key: str | None, kind: str, message: str
) -> None:
    (defect,) = validator(TOUCHPOINTS).defects({"touchpoints": [entry]})
    assert (defect.path, defect.key, defect.kind) == (("touchpoints", 0, *path), key, kind)
    assert defect.message == message


def test_free_keys_are_free(validator: Make) -> None:
    assert validator(TOUCHPOINTS).defects({"x-any": [1], "touchpoints": [TP | {"x-b": None}]}) == ()


@pytest.mark.parametrize("data", [None, [], "text", 5, True])
def test_the_top_is_called_the_file(validator: Make, data: Any) -> None:
    (defect,) = validator(TOUCHPOINTS).defects(data)
    assert defect.path == ()
    assert defect.message.startswith("the file ")


def test_every_fault_once_and_in_the_order_of_the_document(validator: Make) -> None:
    data = {
        "colour": 1,
        "touchpoints": [
            {"date": "soon", "channel": 5},
            TP | {"summary": "", "zzzz": 1, "channel": "phone"},
        ],
        "other": 2,
    }
    found = [(d.path, d.key) for d in validator(TOUCHPOINTS).defects(data)]
    assert found == [
        ((), "colour"),
        (("touchpoints", 0), "id"),
        (("touchpoints", 0), "summary"),
        (("touchpoints", 0, "date"), None),
        (("touchpoints", 0, "channel"), None),
        (("touchpoints", 1, "summary"), None),
        (("touchpoints", 1), "zzzz"),
        (("touchpoints", 1, "channel"), None),
        ((), "other"),
    ]


def test_identity_outlives_order_and_tells_twins_apart(validator: Make) -> None:
    faulty = [TP | {"channel": "fax"}, {"summary": "", "id": "B"}, {"name": "N"}, {"date": "x"}, {"date": "x"}]
    check = validator(TOUCHPOINTS)
    there = {d.identity for d in check.defects({"touchpoints": faulty})}
    back = {d.identity for d in check.defects({"touchpoints": [TP, *reversed(faulty)]})}
    assert there == back
    assert len(there) == len(check.defects({"touchpoints": faulty}))


def test_the_branch_with_the_right_tag_is_explained(validator: Make) -> None:
    schema = {
        "oneOf": [
            {"properties": {"kind": {"const": "mail"}, "to": {"type": "string"}}, "required": ["kind", "to"]},
            {
                "properties": {"kind": {"const": "call"}, "number": {"type": "integer"}},
                "required": ["kind", "number"],
            },
        ]
    }
    (defect,) = validator(schema).defects({"kind": "call", "number": "x"})
    assert defect.path == ("number",)
    (defect,) = validator(schema).defects({"kind": "fax", "number": 1})
    assert defect.message == "`kind`: `fax` is not one of mail, call"


def test_a_misspelt_alternative_is_the_missing_one(validator: Make) -> None:
    schema = {
        "properties": {"check": True, "asset": True},
        "oneOf": [{"required": ["check"]}, {"required": ["asset"]}],
        **CLOSED,
    }
    (defect,) = validator(schema).defects({"chek": "a"})
    assert (defect.kind, defect.key) == ("missing", "check")
    assert defect.message == "`check` is missing; `chek` looks like a misspelling of it"


def test_other_reasons_for_a_missing_key(validator: Make) -> None:
    (defect,) = validator({"dependentRequired": {"a": ["b"]}}).defects({"a": 1})
    assert (defect.key, defect.message) == ("b", "`b` is missing: required when `a` is present")
    schema = {"if": {"required": ["when"]}, "then": {"required": ["what"]}, "else": {"required": ["never"]}}
    assert [d.message for d in validator(schema).defects({"when": 1})] == [
        "`what` is missing: required when `when` is present"
    ]
    assert [d.message for d in validator(schema).defects({})] == ["`never` is missing"]


def test_faulty_names_of_keys(validator: Make) -> None:
    schema = {"propertyNames": {"enum": ["qbr", "ebr"]}}
    (defect,) = validator(schema).defects({"qbr": 1, "tea": 2})
    assert (defect.path, defect.message) == (
        ("tea",),
        "`tea` is not an allowed key; allowed keys: qbr, ebr",
    )


def test_a_condition_that_holds_for_anything_else_too(validator: Make) -> None:
    """`if` with `properties` accepts anything that is not a mapping; then there is no reason to give."""
    (defect,) = validator({"items": TOUCHPOINTS["properties"]["touchpoints"]["items"]}).defects([None])
    assert defect.message == "`[#1]` has no value; it must be a mapping"


def test_depths_add_up(validator: Make) -> None:
    schema = {
        "x-depths": ["basic", "full"],
        "required": ["owner"],
        "properties": {"people": {"type": "array"}},
        "$defs": {
            "basic": {"required": ["people"], "properties": {"people": {"minItems": 1}}},
            "full": {
                "allOf": [{"$ref": "#/$defs/basic"}],
                "required": ["goals"],
                "properties": {"people": {"minItems": 3}},
            },
        },
    }
    found = {d.path or d.key: d.message for d in validator(schema, "full").defects({"people": []})}
    assert found == {
        "owner": "`owner` is missing",
        "goals": "`goals` is missing: required at depth full",
        ("people",): "`people` needs at least 3 entries; it has none",
    }
    assert validator(schema, "basic").defects({"owner": 1, "people": [1]}) == ()
    assert validator(schema).defects({"owner": 1}) == ()


def test_messages_quote_little_and_nothing_that_acts(validator: Make) -> None:
    (defect,) = validator(one({"enum": ["a"]}, None)[0]).defects({"it": "`\x1b[31m\n::error::\u202e" + "x" * 500})
    assert defect.message.isprintable()
    assert len(defect.message) < 200
    assert "\\x1b" in defect.message
    (defect,) = validator({"additionalProperties": False}).defects({"k\n" + "y" * 500: 1})
    assert defect.message.isprintable()
    assert len(defect.message) < 200


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "number"},
        {"type": "array"},
        {"type": "object"},
        {"type": "boolean"},
        {"const": "a"},
        {"enum": ["a", "b"]},
        {"format": "bp-date"},
        {"format": "email"},
        {"pattern": "^[a-z]+$"},
        {"pattern": "^(daily|weekly|monthly|[1-9][0-9]* days)$", "description": "A period."},
        {"maxLength": 3},
        {"not": {"type": "string"}},
    ],
)
def test_what_a_file_says_stands_in_backticks_only(validator: Make, schema: dict[str, Any]) -> None:
    """By them a message is redacted."""
    for whole, data in (
        one(schema, "Dana Reyes"),
        one({"items": schema}, ["Dana Reyes"]),
        one({"uniqueItems": True, "items": schema}, ["Dana Reyes"] * 2),
        ({"propertyNames": schema, "additionalProperties": False}, {"Dana Reyes": 1}),
    ):
        for defect in validator(whole).defects(data):
            assert "Dana" not in re.sub("`[^`]*`", "", defect.message)
