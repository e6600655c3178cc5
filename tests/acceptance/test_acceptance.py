"""The tool against the contract: one clean node, one planted defect, exactly the expected gaps.

Every row of the tables runs on one track; ``BP_ACCEPTANCE=all`` runs it on each of its tracks.
``python -m tests.acceptance.report`` prints the score and the mismatches by rule.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from ruamel.yaml import YAML

from tests.acceptance.fuzz import damaged
from tests.acceptance.kit import Case, Node, judge
from tests.acceptance.nodes import AS_OF, full
from tests.acceptance.runner import SOURCE, bp, git, scan_all
from tests.acceptance.table import all_cases, selected

CASES = selected(os.environ.get("BP_ACCEPTANCE") == "all")


@pytest.fixture(scope="module")
def reports() -> dict[tuple[str, str], dict[str, Any]]:
    found, _ = scan_all(CASES)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case, reports: dict[tuple[str, str], dict[str, Any]]) -> None:
    verdict = judge(case, reports.get(case.key))
    if not verdict.ok:
        note = [f"  (reading: {case.ambiguous})"] if case.ambiguous else []
        pytest.fail("\n".join([case.name, *verdict.lines(), *note]), pytrace=False)


def test_only_nodes_are_reported(reports: dict[tuple[str, str], dict[str, Any]]) -> None:
    assert set(reports) <= {case.key for case in all_cases()}  # a configuration may list more than was selected
    assert set(reports) >= {case.key for case in CASES}


def test_no_damage_stops_the_scan() -> None:
    cases = damaged(60)
    found, runs = scan_all(cases)
    assert not [error for run in runs for error in run.errors]
    assert set(found) == {case.key for case in cases}


def repository(root: Path, node: Node | None, place: str = "T_premium/NODE") -> Path:
    git(root, "init", "-q", "-b", "main")
    (root / "README.md").write_text("engagements\n", encoding="utf-8")
    for path, data in node.write().items() if node else ():
        (root / place / path).parent.mkdir(parents=True, exist_ok=True)
        (root / place / path).write_bytes(data)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "node", day="2026-03-01T12:00:00+0000")
    return root


def scan(root: Path, *arguments: str) -> tuple[int, str]:
    done = bp(root, "scan", "--as-of", AS_OF.isoformat(), "--no-write", *arguments)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


def warned() -> Node:
    node = full("premium")
    node.a["learning_path"]["modules"] = []
    return node


def broken() -> Node:
    node = full("premium")
    node.raw("learning_path", "a: [\n")
    return node


@pytest.mark.parametrize(
    ("node", "arguments", "code"),
    [
        (full("premium"), [], 0),
        (full("premium"), ["--fail-on", "note"], 0),
        (warned(), [], 0),
        (warned(), ["--fail-on", "warning"], 1),
        (warned(), ["--fail-on", "error"], 0),
        (broken(), [], 1),
        (broken(), ["--fail-on", "never"], 0),
        (broken(), ["--format", "nonsense"], 2),
        (None, [], 2),
    ],
)
def test_exit_code(tmp_path: Path, node: Node | None, arguments: list[str], code: int) -> None:
    got, output = scan(repository(tmp_path, node), *arguments)
    assert got == code, output


def test_scan_writes_nothing_with_no_write(tmp_path: Path) -> None:
    root = repository(tmp_path, warned())
    before = sorted(p for p in root.rglob("*") if ".git" not in p.parts)
    scan(root, "--format", "json")
    assert sorted(p for p in root.rglob("*") if ".git" not in p.parts) == before


def test_track_what_if(tmp_path: Path) -> None:
    """A node that is clean on Economy lacks the hub on Premium, and scanning it so changes no file."""
    node = full("economy")
    del node.a["customer_hub_config"]
    root = repository(tmp_path, node, "T_economy/NODE")
    assert scan(root)[0] == 0
    code, output = scan(root, "--track", "premium")
    assert code == 1
    assert "missing-asset" in output


def test_two_runs_are_equal(tmp_path: Path) -> None:
    root = repository(tmp_path, warned())
    assert scan(root, "--format", "json") == scan(root, "--format", "json")


def told(root: Path, as_of: date) -> list[dict[str, Any]]:
    done = bp(root, "scan", "--as-of", as_of.isoformat(), "--no-write", "--format", "json")
    gaps: list[dict[str, Any]] = json.loads(done.stdout)["nodes"][0]["gaps"]
    return gaps


def test_fingerprints_outlive_days_and_lines(tmp_path: Path) -> None:
    root = repository(tmp_path, warned())
    (first,) = told(root, AS_OF)
    (later,) = told(root, AS_OF + timedelta(days=1))
    path = root / "T_premium/NODE/knowledge/learning_path.yaml"
    path.write_text("# a new first line\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    (moved,) = told(root, AS_OF)
    assert first["fingerprint"] == later["fingerprint"] == moved["fingerprint"]
    assert moved["location"]["line"] == first["location"]["line"] + 1


def test_report_is_written_beside_the_blueprint_and_checked(tmp_path: Path) -> None:
    root = repository(tmp_path, warned())
    day = ["scan", "--as-of", AS_OF.isoformat()]
    assert bp(root, *day).returncode == 0
    report = root / "T_premium/NODE/gap_report.yaml"
    written = report.read_bytes()
    data = YAML(typ="safe", pure=True).load(written)
    assert [gap["check"] for gap in data["gaps"]] == ["C04/CHK_HUB_004"]
    assert not [error.message for error in report_schema().iter_errors(plain(data))]
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "report", day="2026-03-02T12:00:00+0000")
    assert bp(root, *day).returncode == 0
    assert report.read_bytes() == written
    assert bp(root, *day, "--check").returncode == 0
    report.write_bytes(written.replace(b"C04/CHK_HUB_004", b"C04/CHK_HUB_003", 1))
    assert bp(root, *day, "--check").returncode == 1
    assert b"CHK_HUB_003" in report.read_bytes()


def report_schema() -> Draft202012Validator:
    folder = SOURCE.parent / "schemas"
    found = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.schema.json")}
    registry = Registry().with_resources((name, DRAFT202012.create_resource(s)) for name, s in found.items())
    return Draft202012Validator({"$ref": "gap_report.schema.json"}, registry=registry)


def plain(value: Any) -> Any:
    """Dates as the text that stands in the file."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def test_scan_from_a_directory_below_the_root_scans_all(tmp_path: Path) -> None:
    root = repository(tmp_path, warned())
    here = bp(root / "T_premium", "scan", "--as-of", AS_OF.isoformat(), "--no-write", "--format", "json")
    assert [n["node"] for n in json.loads(here.stdout)["nodes"]] == ["NODE"]


def test_the_kit_itself() -> None:
    assert date(2026, 3, 2) == AS_OF
    assert AS_OF.weekday() == 0
    assert sys.version_info >= (3, 11)
