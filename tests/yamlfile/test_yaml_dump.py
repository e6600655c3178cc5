"""What is written is read back as the same data, by this reader and by others."""

from __future__ import annotations

import io
from enum import StrEnum
from typing import Any

import pytest
import yaml as yaml_1_1
from hypothesis import given
from ruamel.yaml import YAML

from blueprint_cli.yamlfile import dump, read
from tests.yamlfile.test_yaml_agreement import QUICK, TEXT, TREE, exact


class _Strings1Point1(yaml_1_1.SafeLoader):  # type: ignore[misc]
    """YAML 1.1, except that a date is text: it is the one thing that we write as it is."""


_Strings1Point1.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
    for first, pairs in yaml_1_1.SafeLoader.yaml_implicit_resolvers.items()
}


def ruamel(text: str) -> Any:
    yaml = YAML(typ="safe", pure=True)
    yaml.resolver.versioned_resolver  # noqa: B018  fills the table that the next line corrects
    yaml.constructor.yaml_constructors = {
        **yaml.constructor.yaml_constructors,
        "tag:yaml.org,2002:timestamp": type(yaml.constructor).construct_yaml_str,
    }
    return yaml.load(io.StringIO(text))


SAMPLE = {
    "schema_version": 1,
    "as_of": "2026-03-02",
    "realm": "ACME",
    "summary": {"health": 86, "rate": 0.9, "gaps": {}, "note": None},
    "gaps": [
        {
            "rule": "stale-asset",
            "message": "health score is 12 days old, premium allows 7",
            "threshold": {"value": "7 days", "source": "tracks/premium.yaml: validation.staleness"},
            "tags": ["a", ["b", "c"], [], True],
        },
        {"rule": "NO", "time": "12:30", "version": "1.0", "fingerprint": "9f2c1e", "other": "12e45"},
    ],
    "text": "line\nline – “x” 😀",
    "signs": ["- a", "", " a", "#", "it's", "a:", "&x", "\x1b[31m"],
}
WRITTEN = """\
schema_version: 1
as_of: 2026-03-02
realm: ACME
summary:
  health: 86
  rate: 0.9
  gaps: {}
  note: null
gaps:
  - rule: stale-asset
    message: health score is 12 days old, premium allows 7
    threshold:
      value: 7 days
      source: 'tracks/premium.yaml: validation.staleness'
    tags:
      - a
      - - b
        - c
      - []
      - true
  - rule: 'NO'
    time: '12:30'
    version: '1.0'
    fingerprint: 9f2c1e
    other: '12e45'
text: "line\\nline – “x” 😀"
signs:
  - '- a'
  - ''
  - ' a'
  - '#'
  - it's
  - 'a:'
  - '&x'
  - "\\x1b[31m"
"""


def test_the_form() -> None:
    assert dump(SAMPLE) == WRITTEN
    assert exact(read(WRITTEN.encode()).data) == exact(SAMPLE)


@QUICK
@given(TREE)
def test_round_trip(tree: Any) -> None:
    text = dump({"tree": tree, "list": [tree, [tree]]})
    want = exact({"tree": tree, "list": [tree, [tree]]})
    assert exact(read(text.encode()).data) == want
    assert exact(ruamel(text)) == want


@QUICK
@given(TEXT)
def test_text_is_text_to_yaml_1_1(text: str) -> None:
    assert yaml_1_1.load(dump({text: [text]}), _Strings1Point1) == {text: [text]}  # noqa: S506  a safe loader


@pytest.mark.parametrize("value", [1e16, 1e-7, 1.5e300, -0.0, 5e-324, 0.1, 100.0])
def test_decimals_are_decimals_to_every_reader(value: float) -> None:
    text = dump({"a": value})
    assert exact(read(text.encode()).data) == exact({"a": value})
    assert exact(yaml_1_1.safe_load(text)) == exact({"a": value})


@pytest.mark.parametrize(
    ("value", "written"),
    [({}, "{}\n"), ([], "[]\n"), (None, "null\n"), ("x", "x\n"), (True, "true\n"), ([1, {"a": []}], "- 1\n- a: []\n")],
)
def test_anything_can_be_the_whole(value: Any, written: str) -> None:
    assert dump(value) == written


def test_text_of_other_classes_is_text() -> None:
    class Colour(StrEnum):
        RED = "red"

    assert dump({Colour.RED: Colour.RED}) == "red: red\n"


def test_half_a_surrogate_pair_is_replaced() -> None:
    assert read(dump({"path": "caf\udce9.yaml"}).encode()).data == {"path": "caf\ufffd.yaml"}


@pytest.mark.parametrize("value", [{1: "a"}, {None: 1}, {"a": (1,)}, {"a": b"x"}, {"a": object()}])
def test_other_types_are_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        dump(value)


@pytest.mark.parametrize("value", [float("nan"), float("-inf"), 2**53, -(10**30)])
def test_numbers_that_would_not_be_read_back_are_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        dump({"a": value})
