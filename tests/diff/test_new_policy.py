"""A change that brings a part of the policy and the first engagement that needs it: the authoring tutorial, staged."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.realms import DAY, ROLLOUT, Answer, Bp, Realms

PAGE = (Path(__file__).parents[2] / "docs" / "authoring.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"Write `([^`\n]+)`:\n\n```\w+\n(.*?)```", PAGE, re.DOTALL))
FJORD = "PARTNERS/FJORD/blueprint.yaml"
GROWTH = "tracks/post_sales_governance/growth.yaml"
PREMIUM = "tracks/post_sales_governance/premium.yaml"


@pytest.fixture
def staged(realms: Realms, bp: Bp) -> Bp:
    """`bp diff HEAD --staged` after everything is staged."""

    def run(*more: str) -> Answer:
        realms.git("add", "--all")
        return bp("diff", "HEAD", "--staged", "--as-of", DAY, "-f", "json", *more)

    return run


def written(realms: Realms, *prefixes: str) -> None:
    for path, text in FILES.items():
        if path.startswith(prefixes):
            realms.write(path, text)


PARTNERS = ("reference_blueprints/partner_governance/", "tracks/partner_governance/", "schemas/", "PARTNERS/")


def test_an_archetype_and_its_first_engagement(realms: Realms, staged: Bp) -> None:
    written(realms, *PARTNERS)
    answer = staged()
    assert answer.code == 0, answer.out
    assert answer.rules("introduced") == ["failed-check"]  # as the page has it
    assert len(answer.data["policy_changes"]) >= 3


def test_its_engagement_is_judged_by_it(realms: Realms, staged: Bp) -> None:
    written(realms, *PARTNERS)
    realms.remove("PARTNERS/FJORD/training.yaml")
    assert staged().code == 1
    assert "missing-asset" in staged().rules("introduced")


def test_an_archetype_that_is_nowhere_stays_unknown(realms: Realms, staged: Bp) -> None:
    written(realms, "PARTNERS/")
    assert staged().rules("introduced") == ["unknown-archetype"]


def test_an_old_engagement_does_not_choose_a_policy_that_it_brings(realms: Realms, staged: Bp) -> None:
    written(realms, *PARTNERS[:3])
    realms.edit(f"{ROLLOUT}/blueprint.yaml", "archetype: post_sales_governance", "archetype: partner_governance")
    answer = staged()
    assert (answer.code, answer.rules("introduced")) == (1, ["unknown-archetype"])


def test_a_track_and_its_first_engagement(realms: Realms, staged: Bp) -> None:
    written(realms, GROWTH)
    realms.add_node(ROLLOUT, "NORDWIND/SECOND")
    realms.edit("NORDWIND/SECOND/blueprint.yaml", "track: fast_track", "track: growth")
    answer = staged()
    assert (answer.code, answer.data["introduced"]) == (0, [])
    realms.edit(f"{ROLLOUT}/blueprint.yaml", "track: fast_track", "track: growth")
    assert staged().rules("introduced") == ["invalid-blueprint"]


def test_a_new_track_does_not_bring_an_old_one_relaxed_with_it(realms: Realms, staged: Bp) -> None:
    written(realms, GROWTH)
    packaged = Path(__file__).parents[2] / PREMIUM
    realms.write(PREMIUM, packaged.read_text(encoding="utf-8").replace("  staleness: 7 days", "  staleness: 900 days"))
    realms.add_node(ROLLOUT, "NORDWIND/SECOND")
    realms.edit("NORDWIND/SECOND/blueprint.yaml", "track: fast_track", "track: growth")
    assert staged().rules("introduced") == ["invalid-blueprint"]
