"""Whatever the strings of a report hold, every output parses and has the shape of one with plain words."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from blueprint_cli.model import Report
from blueprint_cli.render import neutral, offered, render
from blueprint_cli.render.options import RenderOptions
from tests.render.hostile import harmless, nasty, reports
from tests.render.sample import REPORT
from tests.render.shapes import SHAPES, assert_neutral, markdown_tokens, shape_of_markdown

few = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking a whole report takes minutes
)
many = settings(max_examples=150, deadline=None)


def test_every_format_is_tried() -> None:
    assert {*SHAPES} == {*offered("report")}


@pytest.mark.parametrize("name", SHAPES)
@few
@given(report=reports, redact=st.booleans())
@example(report=REPORT, redact=False)
def test_no_text_changes_the_shape(name: str, report: Report, redact: bool) -> None:
    shape = SHAPES[name]
    options = RenderOptions(redact=redact)
    out = render(report, name, options)
    assert_neutral(out, own_commands=name == "github")
    assert shape(out) == shape(render(harmless(report), name, options))


@few
@given(report=reports)
def test_a_terminal_gets_only_our_own_escapes(report: Report) -> None:
    lines = ["\x1b[2Jowned\u202e: x", "\tkey: \x07 value"]
    options = RenderOptions(color=True, width=60, snippet=lambda _: lines)
    out = render(report, "text", options)
    assert_neutral(re.sub(r"\x1b\[[0-9;]*m", "", out))


@few
@given(report=reports)
def test_the_job_summary_is_the_same_markdown(report: Report) -> None:
    page = render(report, "markdown", RenderOptions(page_limit=1_000_000))
    assert_neutral(page)
    assert shape_of_markdown(page) == shape_of_markdown(render(report, "markdown", RenderOptions()))


@many
@given(text=nasty)
def test_visible_text_stays_what_it_is(text: str) -> None:
    once = neutral.visible(text)
    assert neutral.visible(once) == once
    assert_neutral(f"{once}\n    {once}")


@many
@given(text=nasty)
def test_a_markdown_cell_shows_its_text(text: str) -> None:
    tokens = markdown_tokens(f"| a | b |\n|---|---|\n| {neutral.markdown(text)} | end |\n")
    cells = [token for token in tokens if token.type == "inline"]
    assert len(cells) == 4
    assert cells[3].content == "end"
    shown = "".join(child.content for child in cells[2].children or [])
    assert _bare(shown) == _bare(neutral.visible(text))


def _bare(text: str) -> str:
    """Without what escaping may move: white space, and the two characters that code spans cannot hold."""
    return re.sub(r"\s|`|\\x60|\|", "", text.replace(r"\x7c", ""))


@many
@given(text=nasty)
def test_a_command_gives_its_text_back(text: str) -> None:
    def unescape(escaped: str) -> str:
        for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
            escaped = escaped.replace(code, char)
        return escaped

    line = f"::error title={neutral.command_property(text)},x=1::{neutral.command_data(text)}"
    head, message = line[2:].split("::", 1)
    properties = dict(pair.split("=", 1) for pair in head.partition(" ")[2].split(","))
    assert unescape(properties["title"]) == neutral.visible(text)
    assert properties["x"] == "1"
    assert unescape(message) == neutral.visible(text)


@many
@given(text=nasty)
@example("\ud800\udcff")
def test_json_keeps_the_value(text: str) -> None:
    dumped = neutral.json_text(json.dumps({"k": text}, ensure_ascii=False))
    assert json.loads(dumped) == json.loads(json.dumps({"k": text}))  # two halves of a character become one in JSON
    assert_neutral(dumped)
