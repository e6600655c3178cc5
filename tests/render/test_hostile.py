"""Whatever the strings of a report hold, every output parses and has the shape of one with plain words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from ruamel.yaml import YAML

from blueprint_cli.model import Report
from blueprint_cli.render import RENDERERS, RenderOptions, job_summary, neutral

from .hostile import harmless, nasty, reports
from .sample import REPORT, rule_help

SARIF_FILE = Path(__file__).parent / "data/sarif-2.1.0-rtm.5.json"
SARIF = json.loads(SARIF_FILE.read_text(encoding="utf-8"))
for part in ("run", "toolComponent"):  # a stray bracket in the schema: no regex to this reader
    del SARIF["definitions"][part]["properties"]["language"]["pattern"]
SARIF_SCHEMA = jsonschema_rs.Draft4Validator(SARIF)
UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
OWN_COMMAND = re.compile(r"::(error|warning|notice) [a-z]+=[^\n]*?::")
HARMLESS_INLINE = {"text", "text_special", "code_inline", "strong_open", "strong_close"}
few = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking a whole report takes minutes
)
many = settings(max_examples=150, deadline=None)


def markdown_tokens(text: str) -> list[Any]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)


def shape_of_data(value: Any) -> Any:
    if isinstance(value, dict):
        return [shape_of_data(item) for item in value.values()]
    if isinstance(value, list):
        return [shape_of_data(item) for item in value]
    return "str" if isinstance(value, date) else type(value).__name__


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict | list):
        return [leaf for item in (value.values() if isinstance(value, dict) else value) for leaf in leaves(item)]
    return [value]


def shape_of_yaml(text: str) -> Any:
    return shape_of_data(YAML(typ="safe").load(text))


def shape_of_text(text: str) -> Any:
    return len(text.split("\n"))


def shape_of_json(text: str) -> Any:
    return shape_of_data(json.loads(text))


def shape_of_sarif(text: str) -> Any:
    SARIF_SCHEMA.validate(json.loads(text))
    run = json.loads(text)["runs"][0]
    assert "" not in leaves(run), "GitHub takes no empty strings"
    for result in run["results"]:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[\w.~/%-]+", uri, re.ASCII), uri
        assert not uri.startswith("/")
        assert ".." not in uri.split("/")
        assert "](" not in result["message"]["text"]
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    return [(r["level"], sorted(r["properties"]), len(r["locations"])) for r in run["results"]]


def shape_of_xml(text: str) -> Any:
    return [(e.tag, sorted(e.keys())) for e in ET.fromstring(text).iter()]  # noqa: S314 - our own output


def shape_of_commands(text: str) -> Any:
    """As the runner reads it: the name up to the first space, then properties between commas."""
    shapes: list[Any] = []
    for line in text.removesuffix("\n").split("\n"):
        if line.startswith("::"):
            command, _, properties = line[2:].partition("::")[0].partition(" ")
            shapes.append([command, *(pair.partition("=")[0] for pair in properties.split(","))])
        else:
            shapes.append(None)
    return shapes


OWN_HTML = re.compile(
    r"<details(?: open)?>\n<summary>(?:<code>[^<>\n]*</code>: \d+ \w+(?:, \d+ \w+)*|Next due)</summary>\n?"
    r"|</details>\n?"
)


def shape_of_markdown(text: str) -> Any:
    tokens = markdown_tokens(text)
    for token in tokens:
        assert token.type != "html_block" or OWN_HTML.fullmatch(token.content), token.content
    inline = [child for token in tokens if token.type == "inline" for child in token.children]
    assert {child.type for child in inline} <= {
        "text",
        "text_special",
        "code_inline",
        "strong_open",
        "strong_close",
    }
    for child in inline:
        if child.type == "text":
            assert not re.search(r"@\w|#\d|://|www\.", child.content)
    return [token.type for token in tokens]


SHAPES: dict[str, Callable[[str], Any]] = {
    "text": shape_of_text,
    "json": shape_of_json,
    "yaml": shape_of_yaml,
    "sarif": shape_of_sarif,
    "junit": shape_of_xml,
    "github": shape_of_commands,
    "gitlab": shape_of_json,
    "markdown": shape_of_markdown,
}


def test_every_format_is_tried() -> None:
    assert {*SHAPES} == {*RENDERERS}


@pytest.mark.parametrize("name", SHAPES)
@few
@given(report=reports, redact=st.booleans())
@example(report=REPORT, redact=False)
def test_no_text_changes_the_shape(name: str, report: Report, redact: bool) -> None:
    shape = SHAPES[name]
    options = RenderOptions(rule_help=rule_help, redact=redact)
    out = RENDERERS[name](report, options)
    assert_neutral(out, own_commands=name == "github")
    assert shape(out) == shape(RENDERERS[name](harmless(report), options))


def assert_neutral(out: str, own_commands: bool = False) -> None:
    out.encode()
    assert not UNSEEN.search(out)
    assert not re.search(r"##\w*\[", out)
    for line in out.split("\n"):
        if line.lstrip().startswith("::"):
            assert own_commands
            assert OWN_COMMAND.match(line)


@few
@given(report=reports)
def test_a_terminal_gets_only_our_own_escapes(report: Report) -> None:
    lines = ["\x1b[2Jowned\u202e: x", "\tkey: \x07 value"]
    options = RenderOptions(color=True, width=60, snippet=lambda _: lines)
    out = RENDERERS["text"](report, options)
    assert_neutral(re.sub(r"\x1b\[[0-9;]*m", "", out))


@few
@given(report=reports)
def test_the_job_summary_is_the_same_markdown(report: Report) -> None:
    assert_neutral(job_summary(report, RenderOptions()))
    assert shape_of_markdown(job_summary(report, RenderOptions())) == shape_of_markdown(
        RENDERERS["markdown"](report, RenderOptions())
    )


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
def test_json_keeps_the_value(text: str) -> None:
    dumped = neutral.json_text(json.dumps({"k": text}, ensure_ascii=False))
    assert json.loads(dumped) == {"k": text}
    assert_neutral(dumped)
