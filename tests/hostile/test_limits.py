"""Limits and their configuration, and who may change them: a stranger's change is judged by the limits of its base."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from blueprint_cli.config import Config
from tests.hostile.kit import VICTIM, Place, sound

LOG = f"{VICTIM}/engagement/touchpoint_log.yaml"
FINE = sound()["engagement/touchpoint_log.yaml"].decode()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place.new(tmp_path / "repo")


def test_the_defaults_are_those_that_are_promised() -> None:
    limits = Config().limits
    assert (limits.file_bytes, limits.depth, limits.nodes) == (1 << 20, 64, 100_000)
    assert (limits.digits, limits.message_length, limits.files_per_node) == (100, 500, 5_000)


AT_AND_BEYOND: dict[str, Callable[[int], str]] = {
    "file_bytes": lambda n: FINE + "#" * (n - len(FINE.encode())),
    "depth": lambda n: FINE + f"x-a: {'[' * (n - 1)}{']' * (n - 1)}\n",
    "digits": lambda n: FINE + f"x-a: {'0' * (n - 1)}1\n",
}
"""A log that is exactly as large as a limit, or one beyond it."""


@pytest.mark.parametrize("limit", AT_AND_BEYOND)
def test_a_limit_counts_to_the_last_and_can_be_set(place: Place, limit: str) -> None:
    value = {"file_bytes": 20_000, "depth": 20, "digits": 12}[limit]
    place.write("bp.yaml", f"limits: {{{limit}: {value}}}\n")
    for size, found in ((value, []), (value + 1, ["unsafe-yaml"])):
        place.write(LOG, AT_AND_BEYOND[limit](size))
        assert place.scan().witnessed().rules(LOG) == found, size


def test_the_number_of_values_and_files(place: Place) -> None:
    count = len(list((place.root / VICTIM).rglob("*.yaml")))
    place.write("bp.yaml", f"limits: {{files_per_node: {count}, message_length: 60, nodes: 900}}\n")
    place.write(LOG, FINE + f"x-a: [{'1, ' * 200}1]\n")
    assert place.scan().witnessed().rules(f"{VICTIM}/blueprint.yaml") == []
    place.write(f"{VICTIM}/one_more.txt", "")
    place.write(LOG, FINE + f"x-a: [{'1, ' * 900}1]\n")
    answer = place.scan().witnessed()
    assert answer.rules(f"{VICTIM}/blueprint.yaml") == ["unsafe-yaml"]
    assert answer.rules(LOG) == ["unsafe-yaml"]
    assert max(len(gap["message"]) for gap in answer.gaps) <= 60


def test_a_change_of_the_limits_does_not_judge_itself(place: Place) -> None:
    """Raised limits let nothing in that the base refuses, lowered ones blame nothing that the base accepts."""
    place.write("bp.yaml", "limits: {depth: 20}\n")
    base = place.commit()
    place.write("bp.yaml", "limits: {depth: 200, file_bytes: 16777216}\n")
    place.write(LOG, FINE + f"x-a: {'[' * 100}{']' * 100}\n")
    for arguments in ((), ("--staged",)):
        place.git("add", "--all")
        answer = place.diff(base, *arguments)
        assert answer.rules(LOG) == ["unsafe-yaml"]
        assert answer.loosened == ["bp.yaml"]
        assert "limits" in answer.data["policy_changes"][0]["message"]
    assert place.scan().witnessed().rules(LOG) == []  # without a base, the change's own policy counts
    assert place.bp(
        "scan", "--as-of", "2026-03-02", "--format", "json", "--no-write", "--policy-from", base
    ).witnessed().rules(LOG) == ["unsafe-yaml"]
    place.write("bp.yaml", "limits: {depth: 2, nodes: 5, file_bytes: 10, files_per_node: 1}\n")
    place.write(LOG, FINE)
    answer = place.diff(base)
    assert answer.gaps == []
    assert answer.loosened == ["bp.yaml"]


def test_a_change_of_the_policy_does_not_judge_itself(place: Place) -> None:
    """A schema, a track or a waiver that comes with a change excuses nothing in it, and each is reported."""
    base = place.commit()
    place.write(LOG, "last_updated: 2026-03-01\nupdated_by: dana.reyes\ntouchpoints: none\n")
    place.write("schemas/C01_customer_engagement/touchpoint_log.schema.json", "{}")
    place.write("bp.yaml", "exclude: [ACME/**]\nfail_on: never\n")
    waiver = "{asset: engagement/touchpoint_log.yaml, reason: r, approved_by: a, approved_on: 2026-02-01, "
    text = place.read(f"{VICTIM}/blueprint.yaml")
    place.write(f"{VICTIM}/blueprint.yaml", text + f"waivers:\n  - {waiver}expires: 2026-08-01}}\n")
    answer = place.diff(base)
    assert answer.code == 1
    assert set(answer.loosened) == {
        "bp.yaml",
        "schemas/C01_customer_engagement/touchpoint_log.schema.json",
        f"{VICTIM}/blueprint.yaml",
    }
    assert answer.rules(LOG) == ["invalid-asset"]


def test_policy_that_would_stop_the_base_cannot_stop_the_comparison(place: Place) -> None:
    """The head's own policy is not needed for the judgement: what is wrong with it must not hide the rest."""
    base = place.commit()
    place.write(LOG, "a: [\n")
    place.write("tracks/post_sales_governance/premium.yaml", "a: &a [*a]\n")
    answer = place.diff(base)
    assert answer.code in (1, 2)
    if answer.code == 1:
        assert answer.rules(LOG) == ["yaml-syntax"]
