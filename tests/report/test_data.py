"""Reports as plain data and back, and their texts by kind, all from the description of each field."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from blueprint_cli.model import Gap, NodeReport, Report, Summary, Value, WaiverLine
from blueprint_cli.model.fields import Text
from blueprint_cli.report import build, load
from blueprint_cli.report.data import from_data, mapped, texts, to_data
from blueprint_cli.report.fields import fields
from tests.render import hostile
from tests.render.sample import FAILING, REPORT, SKIPPED

EVERY_TEXT = frozenset(Text)


def described(start: type[Value]) -> set[type[Any]]:
    """A described class and all that its fields hold."""
    inner = {field.type for field in fields(start) if field.described}
    return {start}.union(*map(described, inner)) if inner else {start}


def again(node: NodeReport) -> NodeReport:
    """A report from its data."""
    data = json.loads(json.dumps(to_data(node)))
    summary = from_data(Summary, data["summary"])
    others = {key: getattr(node, key) for key in ("path", "report_path", "subject")}
    return from_data(NodeReport, data, outcomes=summary.outcomes, gates=summary.gates, **others)


@pytest.mark.parametrize("node", REPORT.nodes, ids=lambda node: node.name)
def test_a_report_is_what_its_data_says(node: NodeReport) -> None:
    assert again(node) == node


@given(hostile.node)
def test_any_report_is_what_its_data_says(node: NodeReport) -> None:
    free = {key for key in node.gates if key.startswith("x-") or key in ("compliance", "outcomes", "gaps")}
    assert again(replace(node, gates={key: node.gates[key] for key in node.gates if key not in free})).gaps == node.gaps


def test_every_text_in_the_file_has_a_kind() -> None:
    unknown = [
        f"{cls.__name__}.{field.name}"
        for cls in described(Report)
        for field in fields(cls)
        if field.written and field.type is str and field.kind is None
    ]
    assert unknown == []


def test_the_summary_follows_from_the_rest() -> None:
    node = replace(FAILING, gaps=FAILING.gaps[:1])
    assert [*node.summary.gaps.values()] == [1, 0, 0]
    assert node.summary.outcomes == FAILING.summary.outcomes


def test_keys_without_a_value_are_left_out_where_the_format_says_so() -> None:
    assert "reason" not in to_data(FAILING)
    assert to_data(SKIPPED)["reason"] == SKIPPED.reason
    waiver = WaiverLine("C01/CHK_ENG_001", None, None, "2026-06-30", "silence", "kim.osei")
    assert [*to_data(waiver)] == ["check", "expires", "reason", "approved_by"]


def test_texts_of_a_kind() -> None:
    assert {*texts(FAILING, frozenset({Text.PERSON}))} == {"dana.reyes", "kim.osei"}
    assert {"ACME", "IMPLEMENTATION"} == {*texts(FAILING, frozenset({Text.NAME}))}


def test_a_changed_kind_changes_nothing_else() -> None:
    changed = mapped(FAILING, {Text.PERSON: lambda _: "somebody"})
    assert {*texts(changed, frozenset({Text.PERSON}))} == {"somebody"}
    others = EVERY_TEXT - {Text.PERSON}
    assert [*texts(changed, others)] == [*texts(FAILING, others)]
    assert mapped(FAILING, {Text.PERSON: lambda text: text}) is FAILING


def test_no_sentence_is_longer_than_its_limit() -> None:
    short = build.bounded(FAILING, 20)
    sentences = frozenset({Text.MESSAGE, Text.REMARK})
    assert max(map(len, texts(short, sentences))) == 20
    assert [gap.location for gap in short.gaps] == [gap.location for gap in FAILING.gaps]
    assert build.bounded(FAILING, 1_000) is FAILING


def test_unknown_keys_are_ignored() -> None:
    data = to_data(FAILING.gaps[0]) | {"x-team": "a", "added_later": 1}
    assert from_data(Gap, data) == FAILING.gaps[0]
    read = load.node(to_data(FAILING) | {"summary": to_data(FAILING.summary) | {"x-team": True}})
    assert [*read.gates] == [*FAILING.gates]
