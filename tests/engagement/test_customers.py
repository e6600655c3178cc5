"""A realm is one customer: files that were copied from another one show by its name."""

from __future__ import annotations

import pytest

from tests.support.realms import DAY, ROLLOUT, TRIAL, Answer, Bp, Realms

SCAN = ("scan", "--as-of", DAY, "--no-write", "-f", "json", "--fail-on", "never")
PROFILE = "engagement/customer_profile.yaml"


def contradictions(answer: Answer) -> list[tuple[str, str]]:
    gaps = [gap for node in answer.data["nodes"] for gap in node["gaps"]]
    return [(gap["location"]["path"], gap["message"]) for gap in gaps if gap["rule"] == "contradiction"]


def test_the_files_of_another_customer(realms: Realms, bp: Bp) -> None:
    realms.add_node(ROLLOUT, "NORDWIND/SECOND")
    realms.add_node(TRIAL, "NORDWIND/COPIED")
    expected = [
        (
            f"NORDWIND/COPIED/{PROFILE}",
            "`customer` is `Bluefin Cold Chain`, but in the same realm "
            f"NORDWIND/ROLLOUT/{PROFILE} says `Nordwind Service AS`",
        )
    ]
    assert contradictions(bp(*SCAN)) == expected
    assert contradictions(bp(*SCAN, "NORDWIND/COPIED")) == expected


def test_of_two_engagements_both_disagree(realms: Realms, bp: Bp) -> None:
    realms.add_node(TRIAL, "NORDWIND/COPIED")
    paths = [path for path, _ in contradictions(bp(*SCAN))]
    assert paths == [f"NORDWIND/COPIED/{PROFILE}", f"NORDWIND/ROLLOUT/{PROFILE}"]


@pytest.mark.parametrize("name", ["Nordwind Service Oy", "NORDWIND", "Service of Nordwind, the AS"])
def test_names_that_share_a_word_agree(realms: Realms, bp: Bp, name: str) -> None:
    realms.add_node(ROLLOUT, "NORDWIND/SECOND")
    realms.edit(f"NORDWIND/SECOND/{PROFILE}", "customer: Nordwind Service AS", f'customer: "{name}"')
    assert contradictions(bp(*SCAN)) == []


def test_a_legal_form_is_no_name(realms: Realms, bp: Bp) -> None:
    realms.add_node(ROLLOUT, "NORDWIND/SECOND")
    realms.edit(f"NORDWIND/SECOND/{PROFILE}", "customer: Nordwind Service AS", "customer: Contoso AS")
    assert len(contradictions(bp(*SCAN))) == 2
