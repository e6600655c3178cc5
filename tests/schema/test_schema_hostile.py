"""Data and schemas that want to hang, crash or confuse."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest

from blueprint_cli.policy.load import packaged_policy
from blueprint_cli.schema import Validator
from blueprint_cli.schema.cost import MAX_DEPTH
from blueprint_cli.yamlfile import Limits, read

Make = Callable[..., Validator]


@contextmanager
def finite() -> Iterator[None]:
    """Ends what hangs, as the quadratic or exponential way would: it takes a second or two otherwise."""

    def ended(number: int, _frame: FrameType | None) -> None:
        raise TimeoutError(number)

    before = signal.signal(signal.SIGVTALRM, ended)
    signal.setitimer(signal.ITIMER_VIRTUAL, 60)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


STRICT = {
    "type": "object",
    "properties": {"n": {"type": "integer", "minimum": 0}, "t": {"type": "string", "pattern": "^[a-z]*$"}, "any": True},
    "additionalProperties": False,
}
WIDE = Limits(file_bytes=16_777_216, depth=MAX_DEPTH, nodes=1_000_000, digits=4000)
"""The most that a configuration may allow the reader."""
READ: dict[str, str] = {
    "half a surrogate pair": '{"t": "\\ud800"}',
    "a key of half a surrogate pair": '{"\\ud800": 1}',
    "a huge number": "{n: -1" + "0" * 400 + "}",
    "a decimal that overflows": "{n: 1e400}",
    "not a number": "{n: .nan}",
    "infinity": "{n: -.inf}",
    "a key that is a number": "{1: 2}",
    "a tag": "{t: !!binary aGk=}",
    "a circle": "t: &t [*t]",
    "the deepest list": "t: " + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1),
    "too deep a list": "t: " + "[" * MAX_DEPTH + "]" * MAX_DEPTH,
    "far too deep a list": "t: " + "[" * 60_000 + "]" * 60_000,
    "a long text": "t: " + "X" * 5_000_000 + "\nn: " + "y" * 1_000_000,
    "an unseen character": '{"t\\u202e": "\\0\\e[31m"}',
    "every kind of value": '[null, true, 1, -0.0, 1.5e308, "", [], {}]',
}


@pytest.mark.parametrize("name", READ)
def test_what_the_reader_delivers_is_judged(validator: Make, name: str) -> None:
    """The reader delivers plain data of bounded depth or nothing: the engines rely on that."""
    document = read(READ[name].encode(), WIDE)
    if document.data is None:
        assert document.faults
        return
    check = validator(STRICT)
    with finite():
        assert check.is_valid(document.data) is False
        defects = check.defects(document.data)
    assert defects
    assert all(d.message.isprintable() and len(d.message) < 300 for d in defects)


def test_a_configuration_allows_no_deeper_data_than_the_cost_of_a_schema_reckons_with() -> None:
    schema = packaged_policy().schemas["config.schema.json"]
    assert schema["properties"]["limits"]["properties"]["depth"]["maximum"] <= MAX_DEPTH


JSON: list[str] = [
    '{"n": NaN}',
    '{"n": -Infinity}',
    '{"n": 1e400}',
    '{"n": -1' + "0" * 4000 + "}",
    '{"\\ud800": 1}',
    '{"t": "\\ud800"}',
    '{"any": "\\ud800", "t": 1}',
    '{"n": ' + "[" * 900 + "]" * 900 + "}",
]


@pytest.mark.parametrize("text", JSON)
def test_odd_json_has_a_verdict(validator: Make, text: str) -> None:
    """A report that is merged comes from JSON, which is less strict than the reader of YAML."""
    check = validator(STRICT)
    data = json.loads(text)
    assert check.is_valid(data) is False
    assert all(d.message.isprintable() and len(d.message) < 300 for d in check.defects(data))


def test_an_explanation_of_anything_deep_is_a_defect_at_worst(validator: Make) -> None:
    check = validator({"items": {"required": ["id"]}, "uniqueItems": True})
    for data in ([{"a": nested(levels)}] for levels in (200, 5_000)):
        assert check.explain(data)


def test_huge_numbers_are_only_numbers(validator: Make) -> None:
    assert validator({"minimum": 1}).defects(10**400) == ()
    (defect,) = validator({"maximum": 1}).defects(10**400)
    assert len(defect.message) < 120


def test_deep_data_does_not_overflow_a_recursive_schema(validator: Make) -> None:
    check = validator({"items": {"$ref": "#"}, "type": ["array", "integer"]})
    for levels in (64, MAX_DEPTH):
        assert check.is_valid(nested(levels))
    assert check.explain(nested(64)) == ()
    chain: dict[str, Any] = {f"d{i}": {"allOf": [{"$ref": f"#/$defs/d{i + 1}"}]} for i in range(300)}
    chain["d300"] = {"items": {"$ref": "#/$defs/d0"}}
    assert validator({"$ref": "#/$defs/d0", "$defs": chain}).is_valid(nested(MAX_DEPTH))


def test_a_schema_that_needs_many_frames_a_level_is_a_defect_at_worst(validator: Make) -> None:
    wrapped: dict[str, Any] = {"$ref": "#/$defs/list"}
    for _ in range(20):
        wrapped = {"allOf": [wrapped]}
    check = validator({"$ref": "#/$defs/list", "$defs": {"list": {"items": wrapped}}})
    assert check.is_valid(nested(60))
    assert "too deeply" in check.explain(nested(60))[0].message


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(x+x+)+y"])
@pytest.mark.parametrize(
    "place",
    [
        lambda p: {"items": {"pattern": p}},
        lambda p: {"items": {"patternProperties": {p: {"type": "null"}}, "additionalProperties": False}},
        lambda p: {"items": {"patternProperties": {p: True}, "unevaluatedProperties": False}},
        lambda p: {"items": {"propertyNames": {"pattern": p}, "type": ["string", "object"]}},
    ],
)
def test_no_pattern_hangs(validator: Make, pattern: str, place: Callable[[str], Any]) -> None:
    evil = "a" * 2000 + "!" + "x" * 2000
    with finite():
        check = validator(place(pattern))
        for data in ([evil], [{evil: 1}]):
            assert check.is_valid(data) == (not check.explain(data))


def test_a_unique_list_is_checked_in_linear_time(validator: Make) -> None:
    check = validator({"uniqueItems": True})
    many: list[Any] = [{"id": i, "tags": ["a", {"b": i}]} for i in range(8_000)]
    with finite():
        assert check.is_valid(many)
        assert check.explain(many) == ()
        (defect,) = check.defects([*many, {"tags": ["a", {"b": 7.0}], "id": 7}])
    assert defect.message == "the file has the same entry twice: a mapping"


def test_equality_is_that_of_json(validator: Make) -> None:
    check = validator({"uniqueItems": True})
    data: list[Any]
    for data in ([1, True], [0, False], ["1", 1], [[1], [True]], [{"a": 1}, {"a": True}], [None, False]):
        assert check.is_valid(data)
        assert check.explain(data) == ()
    for data in ([1, 1.0], [{"a": 1, "b": 2}, {"b": 2, "a": 1.0}], [None, None]):
        assert not check.is_valid(data)
        assert len(check.explain(data)) == 1


def test_thousands_of_faults_are_reported_in_linear_time(validator: Make) -> None:
    schema = {
        "items": {
            "required": ["first_name", "last_name"],
            "properties": {"first_name": {"type": "string"}, "last_name": True, "kind": {"enum": ["abc", "abd"]}},
            "additionalProperties": False,
        }
    }
    data = [{f"frist_nmae{i}": i, "kind": f"abx{i}", **{f"k{i}_{j}": j for j in range(20)}} for i in range(300)]
    with finite():
        defects = validator(schema).defects(data)
    assert 300 < len(defects) <= 20_000  # as many faults and unknown keys as bp diff compares; the rest is left out


def test_a_circle_that_goes_through_the_data_is_fine(validator: Make) -> None:
    tree = {"properties": {"left": {"$ref": "#"}, "right": {"anyOf": [{"type": "null"}, {"$ref": "#"}]}}}
    check = validator(tree | {"type": "object"})
    assert check.is_valid({"left": {"right": None}})
    (defect,) = check.defects({"left": {"right": {"left": 5}}})
    assert defect.path == ("left", "right", "left")


def test_a_verdict_survives_a_date_check_that_does_not() -> None:
    from blueprint_cli.schema import SchemaStore

    def broken(text: str) -> bool:
        raise RuntimeError(text)

    check = SchemaStore({"a": {"format": "bp-date"}}, broken).validator("a")
    assert check.is_valid("2026-01-05") is False
