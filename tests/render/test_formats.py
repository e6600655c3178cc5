"""What each format must hold beside being well-formed: limits, order, names, and what is left out."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from referencing import Registry, Resource

from blueprint_cli.model import Gap, Location, NodeReport, Report, Severity, Status
from blueprint_cli.model.difference import Difference, NodeGap
from blueprint_cli.render import offered, render
from blueprint_cli.render.data import difference_data, report_data
from blueprint_cli.render.neutral import neutral_data
from blueprint_cli.render.options import RenderOptions
from blueprint_cli.render.phrases import gap_line
from blueprint_cli.render.sarif import relative_uri
from blueprint_cli.rulebook import RULES, manual
from blueprint_cli.yamlfile import read
from tests.render.sample import AS_OF, CLEAN, FAILED, FAILING, FUTURE, MISSING, REPORT, STALE

ROOT = Path(__file__).parents[2]
OPTIONS = RenderOptions()


def many_gaps(number: int, gap: Gap = STALE) -> Report:
    gaps = tuple(
        replace(gap, fingerprint=f"{gap.severity}{i:06}", location=Location(f"A/B/{i}.yaml", i + 1))
        for i in range(number)
    )
    return Report(AS_OF, (replace(FAILING, gaps=gaps),))


def both(*reports: Report) -> Report:
    return Report(AS_OF, tuple(node for report in reports for node in report.nodes))


# text -----------------------------------------------------------------------------------------------


def test_a_gap_is_one_line_that_editors_can_open() -> None:
    assert gap_line(STALE) == (
        "ACME/IMPLEMENTATION/governance/health_score.yaml:3:15: error: health score is 12 days old, "
        "premium allows 7 [stale-asset] → PB_401 Calculate health score (CSM: dana.reyes)"
    )
    assert gap_line(FUTURE).endswith("2026-03-02 [future-date]")
    assert "blueprint.yaml:14: error:" in gap_line(MISSING)
    assert "(C01/CHK_ENG_001) [failed-check] → PB_101" in gap_line(FAILED)


def test_text_without_colour_has_no_escape_and_does_not_depend_on_the_width() -> None:
    narrow, wide = (render(REPORT, "text", RenderOptions(width=width)) for width in (20, 200))
    assert narrow == wide
    assert "\x1b" not in narrow


def test_the_caret_stands_below_its_column_also_after_wide_characters() -> None:
    gap = replace(STALE, location=Location("a.yaml", 1, 6))
    report = Report(AS_OF, (replace(CLEAN, gaps=(gap,)),))
    out = render(report, "text", RenderOptions(color=True, snippet=lambda _: ["日本: bad"]))
    lines = re.sub(r"\x1b\[[0-9;]*m", "", out).split("\n")
    source = next(i for i, line in enumerate(lines) if "日本: bad" in line)
    assert lines[source + 1].index("^") == lines[source].index("ad") + 2  # two characters that are two cells wide


def test_a_long_line_is_cut_around_its_column() -> None:
    gap = replace(STALE, location=Location("a.yaml", 1, 5001))
    report = Report(AS_OF, (replace(CLEAN, gaps=(gap,)),))
    line = "x" * 5000 + "HERE" + "y" * 5000
    out = render(report, "text", RenderOptions(color=True, width=80, snippet=lambda _: [line]))
    lines = re.sub(r"\x1b\[[0-9;]*m", "", out).split("\n")
    source = next(i for i, text in enumerate(lines) if "HERE" in text)
    assert len(lines[source]) <= 80
    assert lines[source + 1].index("^") == lines[source].index("HERE")


def test_a_rate_below_its_gate_is_never_shown_as_reached() -> None:
    rate = replace(FAILING.gates["checklist_pass_rate"], passed=899, failed=101)
    report = Report(AS_OF, (replace(FAILING, gates={"checklist_pass_rate": rate}),))
    assert "89% of 90%" in render(report, "text", OPTIONS)


# data -----------------------------------------------------------------------------------------------


def test_a_node_is_what_the_schema_of_gap_reports_describes() -> None:
    schemas = {name: json.loads((ROOT / f"schemas/{name}").read_text("utf-8")) for name in _SCHEMAS}
    registry: Any = Registry().with_resources((name, Resource.from_contents(body)) for name, body in schemas.items())
    validator = jsonschema.Draft202012Validator({"$ref": "gap_report.schema.json"}, registry=registry)
    for node in REPORT.nodes:
        assert not list(validator.iter_errors(report_data(node)))


_SCHEMAS = ("gap_report.schema.json", "asset.schema.json")


def test_json_and_yaml_hold_the_same() -> None:
    data = report_data(REPORT)
    assert json.loads(render(REPORT, "json", OPTIONS)) == data
    assert read(render(REPORT, "yaml", OPTIONS).encode()).data == data


def test_the_order_of_keys_is_part_of_the_format() -> None:
    assert list(report_data(REPORT)) == ["schema_version", "as_of", "summary", "nodes"]
    assert list(report_data(FAILING))[:9] == [
        "schema_version", "generated_by", "as_of", "realm", "node", "archetype", "track", "status", "summary",
    ]  # fmt: skip
    assert list(report_data(REPORT.nodes[-1]))[7:10] == ["status", "reason", "summary"]
    (gap,) = difference_data(Difference("b", "h", AS_OF, fixed=(NodeGap(FAILING, STALE),)))["fixed"]
    assert [*gap][:2] == ["node", "rule"]


def test_values_that_json_does_not_know_become_text() -> None:
    data = neutral_data({"reason": float("nan"), 1: float("inf"), "x": (b"\x00", None, True)})
    assert data == {"reason": "nan", "1": "inf", "x": [r"b'\x00'", None, True]}


# SARIF ----------------------------------------------------------------------------------------------


def sarif(report: Report) -> Any:
    return json.loads(render(report, "sarif", OPTIONS))


def test_sarif_is_valid_against_the_published_schema() -> None:
    schema = json.loads((Path(__file__).parent / "data/sarif-2.1.0-rtm.5.json").read_text("utf-8"))
    for report in (REPORT, Report(AS_OF, ())):
        assert not list(jsonschema.Draft4Validator(schema).iter_errors(sarif(report)))


def test_sarif_keeps_the_worst_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("blueprint_cli.render.sarif.MAX_RESULTS", 40)
    run = sarif(both(many_gaps(39, FUTURE), many_gaps(20, STALE)))["runs"][0]
    assert len(run["results"]) == 40
    assert [result["level"] for result in run["results"]][19:21] == ["error", "note"]
    notes = run["invocations"][0]["toolExecutionNotifications"]
    assert "19 further gaps not listed" in notes[0]["message"]["text"]


def test_a_sarif_alert_is_the_same_when_its_line_moves() -> None:
    moved = replace(STALE, location=Location(STALE.location.path, 99, 1))
    before, after = (
        sarif(Report(AS_OF, (replace(FAILING, gaps=(gap,)),)))["runs"][0]["results"][0]["partialFingerprints"]
        for gap in (STALE, moved)
    )
    assert before == after == {"primaryLocationLineHash": STALE.fingerprint}


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("A/B c/ä.yaml", "A/B%20c/%C3%A4.yaml"),
        ("A/x:y#z?.yaml", "A/x%3Ay%23z%3F.yaml"),
        ("../../etc/passwd", "etc/passwd"),
        ("/abs", "abs"),
        ("A/\udcff", "A/%FF"),
        ("A/\ud800", "A/%3F"),
        ("", "."),
    ],
)
def test_sarif_uris_are_relative_and_encoded(path: str, uri: str) -> None:
    assert relative_uri(path) == uri


def test_a_sarif_region_is_the_character_at_which_the_gap_begins() -> None:
    """GitHub asks for all four numbers; the last is exclusive, and all lines of a region must be in the diff."""
    gaps = (STALE, replace(STALE, location=Location("a.yaml", 7)))
    first, second = (
        result["locations"][0]["physicalLocation"]["region"]
        for result in sarif(Report(AS_OF, (replace(FAILING, gaps=gaps),)))["runs"][0]["results"]
    )
    assert first == {"startLine": 3, "startColumn": 15, "endLine": 3, "endColumn": 16}
    assert second == {"startLine": 7, "startColumn": 1, "endLine": 7}


@pytest.mark.slow
def test_thirty_thousand_gaps_make_one_run_within_the_limits_of_github() -> None:
    report = many_gaps(30_000)
    out = render(report, "sarif", OPTIONS)
    (run,) = json.loads(out)["runs"]
    assert len(run["results"]) == 25_000
    assert len({result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]}) == 25_000
    assert len(gzip.compress(out.encode(), 1)) < 10_000_000
    for rule in run["tool"]["driver"]["rules"]:
        assert len(rule["properties"]["tags"]) <= 20
        assert all(len(rule[key]["text"]) <= 1_024 for key in ("shortDescription", "fullDescription"))
        assert "security-severity" not in rule["properties"]


def test_a_gap_of_the_whole_file_has_no_region() -> None:
    report = Report(AS_OF, (replace(FAILING, gaps=(replace(STALE, location=Location("a.yaml")),)),))
    place = sarif(report)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "a.yaml"}}


# JUnit ----------------------------------------------------------------------------------------------


def cases(node: NodeReport, options: RenderOptions = OPTIONS) -> dict[str, str]:
    """The verdict of each test case by its name."""
    root = ET.fromstring(render(Report(AS_OF, (node,)), "junit", options))  # noqa: S314 - our own output
    suite = root[0]
    found = {case.get("name", ""): next((child.tag for child in case), "passed") for case in suite}
    for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert suite.get(key) == root.get(key) == str(list(found.values()).count(tag))
    assert suite.get("tests") == str(len(found))
    return found


def test_junit_has_a_case_for_each_requirement() -> None:
    assert cases(FAILING) == {
        "check C01/CHK_ENG_001": "system-out",
        "check C01/CHK_ENG_002": "passed",
        "check C03/CHK_VAL_001": "error",
        "check C04/CHK_HUB_001": "skipped",
        "check C07/CHK_ADV_001": "skipped",
        "check C07/CHK_ADV_002": "skipped",
        "cadence weekly_sync": "passed",
        "asset governance/health_score.yaml": "failure",
        "asset value/success_plan.yaml": "failure",
        "asset engagement/stakeholder_map.yaml": "passed",
    }


def test_junit_fails_where_the_run_fails() -> None:
    strict, never = replace(OPTIONS, fail_on=Severity.NOTE), replace(OPTIONS, fail_on=None)
    assert cases(FAILING, strict)["check C01/CHK_ENG_001"] == "failure"
    assert "failure" not in cases(FAILING, never).values()


def test_junit_counts_one_cause_once() -> None:
    node = replace(FAILING, gaps=())
    assert cases(node)["check C01/CHK_ENG_001"] == "skipped"


def test_junit_suites_are_never_empty() -> None:
    assert cases(replace(CLEAN, checks=())) == {"node": "passed"}
    assert cases(REPORT.nodes[-1]) == {"node": "skipped"}


SHAPE = {
    "testsuites": ({"name", "tests", "failures", "errors", "skipped"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped", "time"}, {"testcase"}),
    "testcase": ({"name", "classname", "time", "file", "line"}, {"failure", "error", "skipped", "system-out"}),
    "failure": ({"message", "type"}, set()),
    "error": ({"message", "type"}, set()),
    "skipped": ({"message"}, set()),
    "system-out": (set(), set()),
}
"""What GitLab, Jenkins and the usual schemas of JUnit know of each element: attributes and children."""


@pytest.mark.parametrize("report", [REPORT, Report(AS_OF, ()), many_gaps(3)], ids=["sample", "empty", "gaps"])
def test_junit_has_the_structure_that_its_readers_know(report: Report) -> None:
    root = ET.fromstring(render(report, "junit", OPTIONS))  # noqa: S314 - our own output
    assert root.tag == "testsuites"
    for element in root.iter():
        attributes, children = SHAPE[element.tag]
        assert set(element.keys()) <= attributes
        assert {child.tag for child in element} <= children
        for number in {"tests", "failures", "errors", "skipped", "time", "line"} & set(element.keys()):
            assert element.get(number, "").isdigit()
    assert [suite.get("name") for suite in root] == [node.name for node in report.nodes]
    for case in root.iter("testcase"):
        assert case.get("name")
        assert case.get("classname") in {node.name for node in report.nodes}
        for failure in case.iter("failure"):
            assert failure.get("message", "?") in (failure.text or ""), "some readers show the text only"
        for skipped in case.iter("skipped"):
            assert skipped.get("message")


# GitHub ---------------------------------------------------------------------------------------------


def test_github_shows_the_worst_ten_of_each_kind_and_counts_the_rest() -> None:
    report = both(many_gaps(30, FUTURE), many_gaps(12, FAILED), many_gaps(11, STALE))
    lines = render(report, "github", OPTIONS).splitlines()
    kinds = [line.split(" ")[0] for line in lines]
    assert kinds[:30] == ["::error"] * 10 + ["::warning"] * 10 + ["::notice"] * 10
    assert lines[30] == "23 more gaps, see the job summary"
    assert lines[31].endswith("11 errors, 12 warnings, 30 notes")


def test_github_escapes_what_would_end_a_property() -> None:
    gap = replace(STALE, location=Location("a,b:c%.yaml", None, 4), message="50% done\n::error::x")
    line = render(Report(AS_OF, (replace(FAILING, gaps=(gap,)),)), "github", OPTIONS).splitlines()[0]
    assert line.startswith("::error file=a%2Cb%3Ac%25.yaml,title=stale-asset%3A ACME/IMPLEMENTATION::50%25 done")
    assert r"\n::error::x" in line


# GitLab ---------------------------------------------------------------------------------------------


def test_gitlab_fingerprints_are_unique_and_stable() -> None:
    twins = Report(AS_OF, (replace(FAILING, gaps=(STALE, STALE, replace(STALE, fingerprint=""))),))
    issues = json.loads(render(twins, "gitlab", OPTIONS))
    fingerprints = [issue["fingerprint"] for issue in issues]
    assert fingerprints[0] == STALE.fingerprint
    assert len(set(fingerprints)) == 3
    assert all(fingerprints)


def test_gitlab_takes_what_it_requires() -> None:
    for issue in json.loads(render(REPORT, "gitlab", OPTIONS)):
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert issue["location"]["lines"]["begin"] >= 1
        assert issue["description"].startswith(issue["check_name"])


# Markdown -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("options", "limit"), [(OPTIONS, 65_536), (replace(OPTIONS, page_limit=1_000_000), 1 << 20)])
def test_markdown_stays_below_the_limit_and_counts_the_rest(options: RenderOptions, limit: int) -> None:
    out = render(both(many_gaps(15_000, FUTURE), many_gaps(5, STALE)), "markdown", options)
    assert limit * 0.8 < len(out.encode()) < limit
    rows = re.findall(r"^\| (?:\*\*)?(error|note)\b", out, re.MULTILINE)
    assert rows[:5] == ["error"] * 5
    rest = re.search(r"^([\d,]+) more gaps not shown here", out, re.MULTILINE)
    assert rest is not None
    assert int(rest[1].replace(",", "")) == 15_005 - len(rows)


def test_markdown_of_many_nodes_still_has_gaps() -> None:
    node = replace(FAILING, gaps=(STALE,))
    out = render(Report(AS_OF, tuple(replace(node, node=f"N{i}") for i in range(3000))), "markdown", OPTIONS)
    assert len(out.encode()) < 65_536
    assert "2,950 more nodes with gaps." in out
    assert out.count("**error**") > 100


def test_markdown_folds_the_details_once_the_worst_are_shown() -> None:
    nodes = [replace(FAILING, node=f"N{i}", gaps=(STALE,) * 10) for i in range(4)]
    out = render(Report(AS_OF, tuple(nodes)), "markdown", OPTIONS)
    assert out.partition("<details")[0].count("| failing |") == 4
    folds = re.findall(r"<details( open)?>\n<summary><code>ACME/N(\d)</code>: 10 errors</summary>\n\n\| \|", out)
    assert folds == [(" open", "0"), (" open", "1"), ("", "2"), ("", "3")]
    assert out.count("<details") == out.count("\n\n</details>\n") == 5


@pytest.mark.parametrize("room", [2_000, 2_500, 3_000, 5_000, 65_000])
def test_markdown_closes_what_it_opened(room: int) -> None:
    nodes = [replace(node, gaps=node.gaps * 30) for node in REPORT.nodes]
    out = render(Report(AS_OF, tuple(nodes)), "markdown", replace(OPTIONS, page_limit=room))
    assert len(out.encode()) <= room
    assert out.count("<details") == out.count("\n\n</details>\n")


# redaction ------------------------------------------------------------------------------------------


PAGES = [json.dumps(manual.page(rule).strip(), ensure_ascii=False)[1:-1] for rule in RULES]
PRIVATE = ["ACME", "IMPLEMENTATION", "dana", "ingrid", "kim", "CS-1093", "secret", "loose", "merger", "private:"]


@pytest.mark.parametrize("name", offered("report"))
def test_redacted_output_names_nobody(name: str) -> None:
    gap = replace(
        FAILED, message="ACME asked dana.reyes, ingrid.moe, kim@x.example (CS-1093): `top secret`, `loose end"
    )
    node = replace(FAILING, gaps=(*FAILING.gaps, gap))
    options = replace(OPTIONS, redact=True, color=True, snippet=lambda _: ["private: text"])
    out = render(Report(AS_OF, (node, CLEAN), ("ACME/IMPLEMENTATION is old",)), name, options)
    for page in PAGES:  # the manual has examples of its own
        out = out.replace(page, "")
    for word in PRIVATE:
        assert word not in out


def test_redaction_hides_the_same_name_the_same_way() -> None:
    data = json.loads(render(REPORT, "json", replace(OPTIONS, redact=True)))
    node = data["nodes"][0]
    assert node["realm"].startswith("h")
    for gap in node["gaps"]:
        assert gap["location"]["path"].startswith(f"{node['realm']}/{node['node']}/")
    assert node["gaps"][0]["location"]["path"].endswith("/governance/health_score.yaml")
    closed = node["recommendations"][0]["gaps"] if node["recommendations"] else []
    assert set(closed) <= {gap["fingerprint"] for gap in node["gaps"]}
    assert data["nodes"][0]["summary"] == json.loads(render(REPORT, "json", OPTIONS))["nodes"][0]["summary"]


def test_every_status_is_in_the_summary() -> None:
    assert list(report_data(REPORT)["summary"]["outcomes"]) == [str(status) for status in Status]


def test_no_name_is_found_by_trying(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the key nobody can tell whether a hash stands for a name that they know, not by a fingerprint either."""
    options = replace(OPTIONS, redact=True)
    out = render(REPORT, "json", options)
    for name in ("ACME", "IMPLEMENTATION", "dana.reyes"):
        for algorithm in ("sha256", "sha1", "md5", "blake2b", "blake2s"):
            assert hashlib.new(algorithm, name.encode()).hexdigest()[:8] not in out
    assert not [gap.fingerprint for node in REPORT.nodes for gap in node.gaps if gap.fingerprint in out]
    keyed = []
    for key in ("one", "two", "one"):
        monkeypatch.setenv("BP_REDACT_KEY", key)
        keyed.append(render(REPORT, "json", options))
    assert keyed[0] == keyed[2]
    assert len({out, *keyed}) == 3
