"""Any bytes in any place of an engagement: one outcome a requirement, and a report that every format can tell.

A bounded share of what ``python -m fuzz.mutate`` does by the million, the same cases in every run.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from fuzz import claims, command
from fuzz.coverage import CORPUS, placed
from fuzz.layers import LAYERS
from fuzz.mutate import SHARES
from fuzz.portfolio import AS_OF, realms, tracks

CASES = {"node": 40, "change": 10, "lint": 12, "config": 40, "rules": 12, "arguments": 40}
"""How many of each."""
QUICK = 4
"""How many of each in a run without what is slow."""
SHARE = [
    pytest.param(f"{layer}/tests/{number}", marks=[pytest.mark.slow] if number >= QUICK else [])
    for layer, most in CASES.items()
    for number in range(most)
]


@pytest.mark.parametrize("name", SHARE)
def test_damage(name: str) -> None:
    """``python -m fuzz.mutate --case NAME`` runs one of them alone."""
    LAYERS[name.partition("/")[0]](Random(name))


def test_every_layer_has_its_share() -> None:
    assert set(LAYERS) == set(SHARES) == {"reader", *CASES}
    assert round(sum(SHARES.values()), 6) == 100


@pytest.mark.parametrize("path", sorted(CORPUS.glob("spine/*")), ids=lambda path: path.name)
def test_what_a_run_has_found(path: Path) -> None:
    claims.node(placed(path.read_bytes()))


@pytest.mark.parametrize("track", sorted(tracks()))
def test_without_damage_there_is_no_gap(track: str) -> None:
    as_of = "2024-02-29" if "leap" in track else AS_OF
    assert [report.gaps for report in claims.node(tracks()[track], as_of)] == [()]


def test_the_other_archetype_is_judged() -> None:
    assert {report.archetype for report in claims.node(realms())} == {"boardroom"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["scan", "--no-write", "--as-of", "2026-03-02"], 0), (["scan", "--jobs", "x"], 2), (["merge", "report.json"], 0)],
)
def test_commands_do_their_job_here(arguments: list[str], code: int) -> None:
    """Else a thousand command lines would prove nothing."""
    assert command.run(arguments, Random(5)) == code
