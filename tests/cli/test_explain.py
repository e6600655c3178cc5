"""`bp explain`: why it is required here, what was found, and what would satisfy it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import BROKEN, CLEAN, WARNED, Bp


def explained(bp: Bp, *arguments: str) -> dict[str, Any]:
    answer = bp("explain", *arguments, "--format", "json")
    assert answer.code == 0, answer.err
    found: dict[str, Any] = json.loads(answer.out)
    return found


def test_a_check_that_passes(vault: Path, bp: Bp) -> None:
    found = explained(bp, CLEAN, "C01/CHK_ENG_003")
    assert (found["node"], found["status"], found["gaps"]) == (CLEAN, "passed", [])
    places = {value["what"]: value["place"] for value in found["shaped"]}
    line = (vault / CLEAN / "blueprint.yaml").read_text(encoding="utf-8").splitlines().index("track: premium") + 1
    assert places["track premium"] == f"{CLEAN}/blueprint.yaml:{line}"
    row = next(place for what, place in places.items() if what.startswith("validation.engagement_gap_max: 14 days"))
    assert row.startswith("tracks/post_sales_governance/premium.yaml:")


def test_a_check_that_fails_shows_what_was_found(vault: Path, bp: Bp) -> None:
    answer = bp("explain", WARNED, "C04/CHK_HUB_004")
    assert answer.code == 0
    assert "\nfailed: " in answer.out
    assert "Why it is required here" in answer.out
    assert "What satisfies it" in answer.out
    assert f"{WARNED}/knowledge/learning_path.yaml:" in answer.out.partition("What was found")[2]


@pytest.mark.parametrize(
    ("name", "status", "shaped"),
    [
        ("CHK_ENG_003", "passed", "validation.engagement_gap_max"),
        ("support/support_profile.yaml", "passed", "assets.support_profile: premium_sla"),
        ("qbr", "passed", "cadence.qbr: quarterly"),
        ("gap_scan", "passed", "cadence.gap_scan: weekly"),
        ("checklist_pass_rate", "passed", "validation.checklist_pass_rate: 90%"),
        ("C04_customer_knowledge_hub", "passed", "requires C04_customer_knowledge_hub"),
        ("C05/CHK_SVC_004", "not_applicable", "instantiates C05_services_coordination"),
    ],
)
def test_every_sort_of_requirement(vault: Path, bp: Bp, name: str, status: str, shaped: str) -> None:
    found = explained(bp, CLEAN, name)
    assert found["status"] == status
    assert found["asks"]
    assert any(shaped in value["what"] for value in found["shaped"]), found["shaped"]


def test_by_directory_and_as_of_another_day(vault: Path, bp: Bp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(vault / "NORTHWIND")
    assert explained(bp, "WAREHOUSE", "C01/CHK_ENG_004", "--as-of", "2026-06-30")["status"] == "failed"


def test_what_if_on_another_track(vault: Path, bp: Bp) -> None:
    found = explained(bp, CLEAN, "qbr", "--track", "fast_track")
    assert any(value["what"] == "cadence.qbr: monthly" for value in found["shaped"])


def test_an_engagement_that_is_not_judged(vault: Path, bp: Bp) -> None:
    file = vault / BROKEN / "blueprint.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("\nstatus: active", "\nstatus: on_hold"), encoding="utf-8")
    answer = bp("explain", BROKEN, "qbr")
    assert (answer.code, answer.out) == (2, "")
    assert "is not judged: status is on_hold" in answer.err


def test_a_name_that_is_not_known(vault: Path, bp: Bp) -> None:
    answer = bp("explain", CLEAN, "quarterly")
    assert answer.code == 2
    assert "has no requirement `quarterly`" in answer.err
    assert "Its requirements: C01/CHK_ENG_001, " in answer.err
    assert "Did you mean `C01/CHK_ENG_001`" in bp("explain", CLEAN, "CHK_ENG_01").err
