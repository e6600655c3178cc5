"""A made-up archetype of YAML only, scanned for real: the engine knows no archetype by name."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from blueprint_cli.policy.load import packaged_policy
from tests.support.repository import commit_all

HERE = Path(__file__).parent / "made_up"


def _environment(home: Path) -> dict[str, str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "BP_"))}
    return {**clean, "HOME": str(home), "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What `bp scan` says of each realm."""
    home = tmp_path_factory.mktemp("home")
    root = Path(shutil.copytree(HERE, home / "boards"))
    commit_all(root, "2026-02-25")
    ran = subprocess.run(
        [sys.executable, "-m", "blueprint_cli", "scan", "--as-of", "2026-03-02", "--format", "json"],
        cwd=root,
        env=_environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1, ran.stderr
    nodes = json.loads(ran.stdout)["nodes"]
    for report in nodes:
        assert (root / report["realm"] / "governance" / "scan.yaml").is_file()
    return {report["realm"]: report for report in nodes}


def _gaps(report: dict[str, Any]) -> set[tuple[str, str, str | None, str, int]]:
    return {
        (gap["rule"], gap["severity"], gap["asset"] or gap["check"], gap["location"]["path"], gap["location"]["line"])
        for gap in report["gaps"]
    }


def _statuses(lines: list[dict[str, Any]], key: str) -> dict[str, str]:
    return {line[key]: line["status"] for line in lines}


def test_every_realm_is_one_engagement_of_its_archetype(reports: dict[str, dict[str, Any]]) -> None:
    assert sorted(reports) == ["BROOK", "MEADOW", "ORCHARD"]
    assert {(report["node"], report["archetype"]) for report in reports.values()} == {("governance", "boardroom")}


def test_a_realm_that_has_all_it_needs_has_no_gap(reports: dict[str, dict[str, Any]]) -> None:
    brook = reports["BROOK"]
    assert (brook["status"], brook["gaps"]) == ("passing", [])
    assert brook["summary"]["outcomes"]["passed"] == sum(brook["summary"]["outcomes"].values())
    assert [signal["id"] for signal in brook["signals"]] == ["tabled"]
    assert [(handoff["from"], handoff["to"]) for handoff in brook["handoffs"]] == [("R", "N")]


def test_markdown_is_dated_by_its_front_matter_else_by_git(reports: dict[str, dict[str, Any]]) -> None:
    dated = {line["asset"]: (line["last_updated"], line["dated_by"]) for line in reports["BROOK"]["assets"]}
    assert dated == {
        "governance/charter.md": ("2026-02-26", "declared"),
        "governance/minutes.md": ("2026-02-25", "git"),
        "steering/ledger.yaml": ("2026-02-27", "declared"),
    }


def test_the_rows_of_a_track_set_severities_and_gates(reports: dict[str, dict[str, Any]]) -> None:
    orchard = reports["ORCHARD"]
    governance, ledger = "ORCHARD/governance/", "ORCHARD/steering/ledger.yaml"
    assert _gaps(orchard) == {
        ("low-pass-rate", "error", None, governance + "blueprint.yaml", 3),
        ("invalid-asset", "error", "governance/minutes.md", governance + "minutes.md", 1),
        ("overdue-cadence", "error", "steering/ledger.yaml", ledger, 3),
        ("failed-check", "note", "governance/charter.md", governance + "charter.md", 4),
        ("failed-check", "note", "steering/ledger.yaml", ledger, 6),
    }
    low = [gap["message"] for gap in orchard["gaps"] if gap["rule"] == "low-pass-rate"]
    assert low == [
        "gap scan pass rate is 54% (6 of 11), Full requires 80%; it follows from what failed",
        "share of checks is 0% (0 of 3), Full requires 30%; it follows from what failed",
    ]
    rate = orchard["summary"]["gap_scan_pass_rate"]
    assert (rate["passed"], rate["failed"], rate["required"]) == (6, 5, 0.8)
    assert _statuses(orchard["cadences"], "cadence") == {"charter_review": "passed", "meeting": "failed"}


def test_a_gentle_track_asks_for_less(reports: dict[str, dict[str, Any]]) -> None:
    meadow = reports["MEADOW"]
    stale = ("stale-asset", "note", "governance/charter.md", "MEADOW/governance/charter.md", 2)
    no_end = ("missing-date", "warning", None, "MEADOW/governance/blueprint.yaml", 6)
    assert _gaps(meadow) == {stale, no_end}
    assert meadow["gaps"][1]["threshold"] == {
        "value": "30 days",
        "source": "tracks/boardroom/pilot.yaml: strictness.freshness",
    }
    assert _statuses(meadow["assets"], "asset")["governance/minutes.md"] == "not_applicable"
    assert _statuses(meadow["cadences"], "cadence") == {"charter_review": "not_applicable", "meeting": "not_yet_due"}


def test_its_reports_fit_the_schema_of_reports(reports: dict[str, dict[str, Any]]) -> None:
    validator = packaged_policy().store.validator("gap_report.schema.json")
    for report in reports.values():
        assert [str(defect) for defect in validator.defects(report)] == []
