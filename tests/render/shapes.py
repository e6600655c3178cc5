"""What each output is to a real parser of its format: its shape, where it can be read at all."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema_rs
from markdown_it import MarkdownIt
from ruamel.yaml import YAML

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
    r"<details(?: open)?>\n"
    r"<summary>(?:<code>[^<>\n]*</code>: \d+ \w+(?:, \d+ \w+)*|Next due|Fixed: \d+ gaps?)</summary>\n?"
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


def assert_neutral(out: str, own_commands: bool = False) -> None:
    out.encode()
    assert not UNSEEN.search(out)
    assert not re.search(r"##\w*\[", out)
    for line in out.split("\n"):
        if line.lstrip().startswith("::"):
            assert own_commands
            assert OWN_COMMAND.match(line)
