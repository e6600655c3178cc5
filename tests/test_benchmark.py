"""What the benchmarks measure: portfolios that are as healthy or broken as they say."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from pathlib import Path
from random import Random

import pytest

from benchmarks import portfolio
from benchmarks.engagement import FAULTS, TRACKS, Engagement
from benchmarks.measure import Figure, scaled
from blueprint_cli.files.disk import Directory
from blueprint_cli.scan import Scanner
from blueprint_cli.workspace import Workspace


@pytest.mark.parametrize("track", TRACKS)
def test_faults_come_in_any_order(track: str) -> None:
    for faults in permutations(FAULTS, 2):
        files = Engagement(track, date(2026, 3, 2), Random("an engagement")).files()
        for fault in faults:
            fault(files, Random("its faults"))
        assert all(portfolio.text_of(data) for data in files.values())


def test_a_portfolio_is_as_healthy_as_required(tmp_path: Path) -> None:
    for healthy in (0.0, 1.0):
        portfolio.build(tmp_path / f"{healthy}", 40, healthy=healthy, commit=False)
        workspace = Workspace(str(tmp_path), None, str(tmp_path / f"{healthy}"))
        snapshot = workspace.open(Directory(str(tmp_path / f"{healthy}")), {"as_of": str(portfolio.AS_OF)})
        whole = [not report.gaps for report in Scanner(snapshot, snapshot.portfolio.nodes).scan()]
        assert len(whole) == 40
        assert all(whole) if healthy else not any(whole)


def test_the_small_portfolio_is_the_beginning_of_the_large_one(tmp_path: Path) -> None:
    for nodes in (3, 6):
        portfolio.build(tmp_path / f"{nodes}", nodes, commit=False)
    small = {path.relative_to(tmp_path / "3"): path for path in (tmp_path / "3").rglob("*.yaml")}
    assert small
    assert all((tmp_path / "6" / name).read_bytes() == path.read_bytes() for name, path in small.items())


def test_what_a_call_costs_by_itself_is_not_scaled() -> None:
    one, ten = Figure("one", 3.0), Figure("ten", 12.0)
    assert scaled("all", [(one, ten, 10)], 20, "").seconds == pytest.approx(3 + 199)


def test_what_did_not_run_is_never_guessed() -> None:
    assert scaled("all", [(Figure("one", 3.0), Figure("ten", float("nan")), 10)], 20, "").missing
