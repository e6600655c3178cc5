"""Every free text and name of an engagement is hostile: real parsers still read each output, and nothing is forged."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest
from markdown_it import MarkdownIt
from ruamel.yaml import YAML

from tests.hostile.kit import AS_OF, CANARY, VICTIM, WITNESS, Answer, Place

EVIL = (
    "::error file=x::forged",
    " ::stop-commands::x",
    "##[error]forged",
    "##vso[task.complete]",
    "\\u001b[31mred\\u001b]0;title\\u0007",
    "%0A::add-mask::a",
    "a\\n::error::forged\\r\\n::warning::b",
    "<script>alert(1)</script>&amp;<!-- ]]>",
    "`|**b** @everyone #1 [x](https://x.example) ![y](z)",
    "=cmd()|'/C calc'!A0",
    "+1-2",
    "@SUM(1)",
    "\\u202egnp\\u2066\\u200b\\ufeff",
    "null",
    "- a: b",
    "\\uFFFE\\uFFFF",
)
NODE = "R::error::x/N`|<b>@me ##[x]"
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]")
FOLD = re.compile(r"<details( open)?>\n<summary>(<code>[^<>\n]*</code>: )?[\w, ]+</summary>\n?|</details>\n?")
FORMATS = ("text", "json", "yaml", "sarif", "junit", "github", "gitlab", "markdown")
SARIF = Path(__file__).parents[1] / "render/data/sarif-2.1.0-rtm.5.json"


def planted(place: Place) -> None:
    """Every text of the engagement but dates, numbers and choices becomes a hostile one; some stay in the notes."""
    number = 0

    def evil(match: re.Match[str]) -> str:
        nonlocal number
        number += 1
        return f'{match[1]}"{EVIL[number % len(EVIL)]} {number}"'

    texts = re.compile(
        r"((?:^|[ {])(?:name|title|summary|owner|reason|notes|updated_by|approved_by|details|id|subject|requested_by|"
        r"CSM|AE|SA|Support Lead|customer|metric|outcome|trigger|action|mitigation|rationale): )([^\n,{}\[\]\"]+)",
        re.MULTILINE,
    )
    for file in sorted((place.root / NODE).rglob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        head, key, tail = text.partition("reference_blueprints:") if file.name == "blueprint.yaml" else (text, "", "")
        text = texts.sub(evil, head) + key + tail
        if file.name == "learning_path.yaml":
            text += f"x-notes: {CANARY}\n"
        file.write_text(text, encoding="utf-8")
    place.write(f"{NODE}/advocacy/success_stories.yaml", f'"::error::key\\n": "{CANARY}"\n')
    place.write(f"{NODE}/engagement/touchpoint_log.yaml", '? "\\u001b[31m`|<b>\\n::error::x"\n: &a [*a]\n')
    row = "{check: C07/CHK_ADV_001, approved_by: '=cmd()', approved_on: 2026-02-01, expires: 2026-02-02, "
    place.write(
        f"{NODE}/blueprint.yaml",
        place.read(f"{NODE}/blueprint.yaml") + f'waivers:\n  - {row}reason: "\\u001b[2J::error::w"}}\n',
    )


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    place = Place.new(tmp_path_factory.mktemp("text") / "repo", NODE)
    planted(place)
    found = {}
    for name in FORMATS:
        found[name] = place.bp("scan", "--as-of", AS_OF, "--no-write", "--format", name)
    found["redacted"] = place.bp("scan", "--as-of", AS_OF, "--no-write", "--format", "json", "--redact")
    found["written"] = place.bp("scan", "--as-of", AS_OF, "--write", "--format", "json")
    found["read"] = Answer(0, place.read(f"{NODE}/gap_report.yaml"), "", 0)
    return found


@pytest.mark.parametrize("name", [*FORMATS, "redacted", "written", "read"])
def test_nothing_moves_or_commands_a_terminal_or_a_runner(outputs: dict[str, Answer], name: str) -> None:
    answer = outputs[name]
    assert answer.code == (0 if name == "read" else 1)
    assert not UNSEEN.search(answer.out), repr(UNSEEN.search(answer.out))
    assert not re.search(r"##\w*\[", answer.out)
    for line in answer.out.splitlines():
        if line.lstrip().startswith("::"):
            assert name == "github"
            assert re.match(r"::(error|warning|notice) [a-z]+=", line)


def test_every_output_is_what_it_says(outputs: dict[str, Answer]) -> None:
    gaps = sum(len(node["gaps"]) for node in outputs["json"].data["nodes"])
    assert gaps > 5
    yaml = YAML(typ="safe")
    assert sum(len(node["gaps"]) for node in yaml.load(outputs["yaml"].out)["nodes"]) == gaps
    assert yaml.load(outputs["read"].out)["realm"] == NODE.partition("/")[0]
    suites = ET.fromstring(outputs["junit"].out)  # noqa: S314 - our own output
    assert {suite.get("name") for suite in suites.iter("testsuite")} == _suites(outputs)
    assert len(json.loads(outputs["gitlab"].out)) == gaps
    schema = json.loads(SARIF.read_text(encoding="utf-8"))
    for part in ("run", "toolComponent"):  # a stray bracket in the schema: no regex to this reader
        del schema["definitions"][part]["properties"]["language"]["pattern"]
    sarif = json.loads(outputs["sarif"].out)
    jsonschema_rs.Draft4Validator(schema).validate(sarif)
    assert len(sarif["runs"][0]["results"]) == gaps
    commands = [line for line in outputs["github"].out.splitlines() if line.startswith("::")]
    assert 0 < len(commands) <= gaps
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(outputs["markdown"].out)
    inline = [child for token in tokens if token.type == "inline" for child in token.children or ()]
    assert {child.type for child in inline} <= {"text", "text_special", "code_inline", "strong_open", "strong_close"}
    assert not any(token.type in ("fence", "code_block") for token in tokens)
    assert all(FOLD.fullmatch(token.content) for token in tokens if token.type == "html_block")


def _suites(outputs: dict[str, Answer]) -> set[str | None]:
    names = {suite.get("name") for suite in ET.fromstring(outputs["junit"].out).iter("testsuite")}  # noqa: S314
    assert len(names) == len(outputs["json"].data["nodes"])
    assert WITNESS in names
    return names


def test_what_is_redacted_names_nobody(outputs: dict[str, Answer]) -> None:
    redacted = outputs["redacted"].out
    for text in ("alert(1)", "cmd()", "forged", "everyone", "C calc", "task.complete"):
        assert text not in redacted
    assert len(outputs["redacted"].data["nodes"]) == len(outputs["json"].data["nodes"])


def test_no_cell_of_a_table_is_a_formula(tmp_path: Path) -> None:
    place = Place.new(tmp_path / "repo", "=cmd()/+X", "@SUM(1)/-Y")
    place.commit()
    answer = place.bp("history", "--format", "csv")
    assert answer.code == 0
    rows = list(csv.reader(answer.out.splitlines()))
    assert len(rows) > 3
    assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for row in rows for cell in row)
    assert not any(re.match(r"-\D", cell) for row in rows for cell in row)


def test_a_name_of_any_length_is_short_where_it_is_shown(tmp_path: Path) -> None:
    """Without a catalog that knows the archetype or the track, nothing else bounds them."""
    place = Place.new(tmp_path / "repo")
    blueprint = place.read(f"{VICTIM}/blueprint.yaml")
    for key, value in (("track", "premium"), ("archetype", "post_sales_governance"), ("  owner", "")):
        start = f"{key}: {value}"
        assert start in blueprint
        long = blueprint.replace(start, f"{key}: {'x' * 200_000}", 1)
        place.write(f"{VICTIM}/blueprint.yaml", f"{long}unknown: 1\nversion: []\n" if value == "" else long)
        for form in ("text", "markdown", "json", "sarif", "junit"):
            answer = place.bp("scan", "--as-of", AS_OF, "--no-write", "--format", form)
            assert (answer.code, len(answer.out) < 100_000) == (1, True), (key, form)
            assert "x" * 1_000 not in answer.out
