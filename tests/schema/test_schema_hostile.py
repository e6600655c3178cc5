"""Data and schemas that want to hang, crash or confuse."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from blueprint_cli.schema import Validator

Make = Callable[..., Validator]


@contextmanager
def seconds(limit: float) -> Iterator[None]:
    """Far above what it takes, far below what the quadratic or exponential way takes."""
    start = time.perf_counter()
    yield
    assert time.perf_counter() - start < limit


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


STRICT = {
    "type": "object",
    "properties": {"n": {"type": "integer", "minimum": 0}, "t": {"type": "string"}, "any": True},
    "additionalProperties": False,
}
ODD: list[Any] = [
    {1: 2},
    {None: 1, True: 2},
    {"n": float("nan")},
    {"n": float("inf")},
    {"n": -(10**400)},
    {"n": 10**5000, "t": 1},
    {"\ud800": 1},
    {"n": "\ud800"},
    {"t": b"bytes"},
    {"t": {1, 2}},
    {"n": object()},
    {"t": nested(3000)},
    nested(60_000),
    {"t": "x" * 5_000_000, "n": "y" * 1_000_000},
]


@pytest.mark.parametrize("data", ODD, ids=range(len(ODD)))
def test_odd_data_is_refused_with_a_message(validator: Make, data: Any) -> None:
    check = validator(STRICT)
    with seconds(2):
        assert check.is_valid(data) is False
        defects = check.defects(data)
    assert defects
    assert all(d.message.isprintable() and len(d.message) < 300 for d in defects)


def test_what_is_said_of_odd_data(validator: Make) -> None:
    check = validator(STRICT)
    said = [check.defects(data)[0].message for data in ({5: 1}, {"n": float("nan")}, {"n": "\ud800"})]
    assert said == [
        "the file has a key that is not a text (`5`); put it in quotes",
        "`n` is a number that is not finite",
        "`n` is a text with half a character in it",
    ]


def test_what_no_schema_looks_at_is_nobodys_fault(validator: Make) -> None:
    """The reader refuses these; here they only must not get between a valid document and its verdict."""
    assert validator(STRICT).defects({"any": {1, 2}}) == ()


def test_huge_numbers_are_only_numbers(validator: Make) -> None:
    assert validator({"minimum": 1}).defects(10**400) == ()
    (defect,) = validator({"maximum": 1}).defects(10**400)
    assert len(defect.message) < 120


def test_deep_data_does_not_overflow_a_recursive_schema(validator: Make) -> None:
    check = validator({"items": {"$ref": "#"}, "type": ["array", "integer"]})
    assert check.is_valid(nested(64))
    assert check.explain(nested(64)) == ()
    for levels in (101, 20_000, 60_000):
        assert not check.is_valid(nested(levels))
        assert "nested more than" in check.defects(nested(levels))[0].message
    circle: list[Any] = []
    circle.append(circle)
    assert not check.is_valid(circle)


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
    with seconds(2):
        check = validator(place(pattern))
        for data in ([evil], [{evil: 1}]):
            assert check.is_valid(data) == (not check.explain(data))


def test_a_unique_list_is_checked_in_linear_time(validator: Make) -> None:
    check = validator({"uniqueItems": True})
    many: list[Any] = [{"id": i, "tags": ["a", {"b": i}]} for i in range(8_000)]
    with seconds(4):
        assert check.is_valid(many)
        assert check.explain(many) == ()
        (defect,) = check.defects([*many, {"tags": ["a", {"b": 7.0}], "id": 7}])
    assert defect.message == "the file has the same entry twice: a mapping"


def test_equality_is_that_of_json(validator: Make) -> None:
    check = validator({"uniqueItems": True})
    for data in ([1, True], [0, False], ["1", 1], [[1], [True]], [{"a": 1}, {"a": True}], [None, False]):
        assert check.is_valid(data)
        assert check.explain(data) == ()
    for data in ([1, 1.0], [{"a": 1, "b": 2}, {"b": 2, "a": 1.0}], [None, None]):
        assert not check.is_valid(data)
        assert len(check.explain(data)) == 1


def test_thousands_of_faults_are_told_in_linear_time(validator: Make) -> None:
    schema = {
        "items": {
            "required": ["first_name", "last_name"],
            "properties": {"first_name": {"type": "string"}, "last_name": True, "kind": {"enum": ["abc", "abd"]}},
            "additionalProperties": False,
        }
    }
    data = [{f"frist_nmae{i}": i, "kind": f"abx{i}", **{f"k{i}_{j}": j for j in range(20)}} for i in range(300)]
    with seconds(5):
        defects = validator(schema).defects(data)
    assert 300 < len(defects) <= 1000  # of the rest nobody is told: 300 kinds of one mistake


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
