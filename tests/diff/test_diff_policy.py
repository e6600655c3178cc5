"""What loosens the judgement, and what only looks as if it did: nothing of it may help the change that brings it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from change_kit import DAY, ROLLOUT, Answer, Bp, Realms

BLUEPRINT = f"{ROLLOUT}/blueprint.yaml"
CASES = f"{ROLLOUT}/support/case_log.yaml"
SCORECARD = f"{ROLLOUT}/success/exec_scorecard.yaml"
WAIVER = """waivers:
  - {asset: support/case_log.yaml, reason: agreed, approved_by: m.ortiz, approved_on: 2026-02-01, expires: 2026-08-01}
"""


def said(answer: Answer) -> list[str]:
    """The messages of the policy changes."""
    assert {gap["severity"] for gap in answer.data["policy_changes"]} <= {"warning"}
    return [gap["message"] for gap in answer.data["policy_changes"]]


@pytest.fixture
def waived(realms: Realms) -> Realms:
    """A base that lacks an asset and has a waiver for it."""
    realms.append(BLUEPRINT, WAIVER)
    realms.remove(CASES)
    realms.commit()
    return realms


# Waivers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("reason: agreed", "reason: agreed with the customer"),
        ("approved_by: m.ortiz", "approved_by: maria.ortiz"),
        ("expires: 2026-08-01", "expires: 2026-04-01"),
        ("approved_on: 2026-02-01", "approved_on: 2026-02-03"),
        ("reason: agreed, approved_by: m.ortiz", "approved_by: m.ortiz, reason: agreed"),
        ("waivers:\n", "waivers:\n  # still needed\n"),
    ],
)
def test_a_waiver_that_permits_no_more_than_the_base_has_still_counts(
    waived: Realms, diff: Bp, old: str, new: str
) -> None:
    waived.edit(BLUEPRINT, old, new)
    answer = diff()
    assert (answer.code, answer.rules("introduced"), said(answer)) == (0, [], [])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("expires: 2026-08-01", "expires: 2026-08-02"),
        ("approved_on: 2026-02-01", "approved_on: 2026-01-31"),
    ],
)
def test_a_waiver_that_permits_more_does_not_count(waived: Realms, diff: Bp, old: str, new: str) -> None:
    waived.edit(BLUEPRINT, old, new)
    answer = diff()
    assert (answer.code, answer.rules("introduced")) == (1, ["missing-asset"])
    assert [message.partition(" (")[0] for message in said(answer)] == ["a waiver of `support/case_log.yaml` was changed"]


def test_a_waiver_of_something_else_does_not_count(waived: Realms, diff: Bp) -> None:
    waived.remove(f"{ROLLOUT}/governance/health_score.yaml")
    waived.edit(BLUEPRINT, "asset: support/case_log.yaml", "asset: governance/health_score.yaml")
    answer = diff()
    assert answer.rules("introduced").count("missing-asset") == 2
    assert "`governance/health_score.yaml` was added" in said(answer)[0]


def test_an_expired_waiver_that_is_extended_does_not_count(waived: Realms, diff: Bp) -> None:
    waived.edit(BLUEPRINT, "expires: 2026-08-01", "expires: 2026-02-10")
    waived.commit()
    waived.edit(BLUEPRINT, "expires: 2026-02-10", "expires: 2026-08-01")
    answer = diff()
    assert "missing-asset" in answer.rules("unchanged")
    assert "was changed (until 2026-08-01)" in said(answer)[0]


def test_what_the_waivers_of_a_broken_base_permit_still_counts(waived: Realms, diff: Bp) -> None:
    waived.edit(BLUEPRINT, "status: active", "status: asleep")
    waived.edit(BLUEPRINT, "waivers:\n", "waivers:\n  - 7\n  - {asset: x.yaml, approved_on: soon}\n")
    waived.commit()
    waived.edit(BLUEPRINT, "status: asleep", "status: active")
    waived.edit(BLUEPRINT, "  - 7\n  - {asset: x.yaml, approved_on: soon}\n", "")
    answer = diff()
    assert (answer.code, answer.rules("introduced"), said(answer)) == (0, [], [])


# Tightening is not loosening -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("review_every: monthly", "review_every: 20 days"),
        ("review_every: monthly", "review_every: monthly\n    x-note: the board's page"),
        ("go_live: 2025-12-08", "go_live: 2025-12-05"),
        ("  renewal: 2026-11-10\n", "  renewal: 2026-11-10\n  engagement_ends: 2027-11-10\n"),
        ("status: active\nlifecycle", "x-note: none\nstatus: active\nlifecycle"),
        ("owner: jonas.ek", "owner: dana.reyes"),
        ("CSM: jonas.ek", "CSM: dana.reyes"),
        (
            "additional_assets:\n",
            "additional_assets:\n  - {path: board.yaml, reference_blueprint: C03_account_team_postsales}\n",
        ),
    ],
)
def test_what_asks_for_more_or_the_same_is_not_listed(realms: Realms, diff: Bp, old: str, new: str) -> None:
    realms.edit(BLUEPRINT, old, new)
    assert said(diff()) == []


def test_one_direction_is_listed_and_the_other_is_not(realms: Realms, diff: Bp) -> None:
    realms.edit(BLUEPRINT, "status: active", "status: planned")
    realms.edit(BLUEPRINT, "go_live: 2025-12-08", "go_live: 2025-12-18")
    realms.commit()
    assert len(said(diff("HEAD~", "HEAD"))) == 2
    realms.git("revert", "--no-edit", "HEAD")
    assert said(diff("HEAD~", "HEAD")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("review_every: monthly", "review_every: quarterly"),
        ("    review_every: monthly\n", ""),
        (
            "reference_blueprint: C02_customer_success_operating_model",
            "reference_blueprint: C05_services_coordination",
        ),
    ],
)
def test_an_additional_asset_of_which_less_is_asked(realms: Realms, diff: Bp, old: str, new: str) -> None:
    realms.edit(BLUEPRINT, old, new)
    assert said(diff()) == ["what is asked of additional asset `success/exec_scorecard.yaml` was changed"]
