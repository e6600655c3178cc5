"""Killed, interrupted or ended: the old reports or the new ones, each whole, and nothing that outlives the run."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crash.kit import (
    BP,
    EARLIER,
    LATER,
    alive,
    children,
    debris,
    is_hidden,
    portfolio,
    reports,
    scan,
    surroundings,
    whole,
)

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="what runs is looked up in /proc")

SLOW = """
import os, sys, time
from blueprint_cli import pool
from blueprint_cli.files import atomic
from blueprint_cli.cli import main, outputs, run, scan
from blueprint_cli.scan import Scanner

def slow(owner, name, at, seconds=60):
    quick, calls = getattr(owner, name), []
    def wrapped(*arguments, **more):
        calls.append(None)
        if len(calls) == at:
            os.write(2, b"here\\n")
            time.sleep(seconds)
        return quick(*arguments, **more)
    setattr(owner, name, wrapped)

pool.CHUNK = 2
PHASES = {
    "reading": lambda: slow(run.pool, "judge", 1),
    "judging": lambda: slow(Scanner, "node", 1),
    "writing": lambda: slow(atomic, "write", 4),
    "renaming": lambda: slow(os, "rename", 4),
    "ending": lambda: slow(os, "rename", 4, 0.5),
    "output": lambda: slow(scan.outputs, "emit", 1),
}
PHASES[sys.argv.pop(1)]()
main()
"""


def started(root: Path, phase: str, *arguments: str, here: int = 1) -> subprocess.Popen[str]:
    """A scan that stands still in a phase, once so many of its processes have come there."""
    command = [sys.executable, "-c", SLOW, phase, "scan", "--fail-on", "never", "--as-of", LATER, *arguments]
    process = subprocess.Popen(
        command,
        cwd=root,
        env=surroundings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    assert [process.stderr.readline() for _ in range(here)] == ["here\n"] * here
    return process


@pytest.fixture
def scanned(vault: Callable[[int, Path], Path], tmp_path: Path) -> Path:
    """Engagements with their reports of the earlier day."""
    return vault(8, tmp_path / "vault")


@pytest.mark.slow
@pytest.mark.parametrize(("kills", "stops", "seed"), [(100, 20, 1)])
def test_runs_killed_at_random_moments(tmp_path: Path, kills: int, stops: int, seed: int) -> None:
    """Every tenth run is left in peace and must write what the first one did."""
    numbers = map(str, (kills, stops, seed))
    command = [sys.executable, "-m", "tests.crash.campaign", str(tmp_path / "vault"), *numbers]
    done = subprocess.run(
        command, cwd=Path(__file__).parents[2], env=surroundings(), capture_output=True, text=True, check=True
    )
    campaign_report = json.loads(done.stdout)
    assert campaign_report["faults"] == []
    assert sum(times for code, times in campaign_report["seen"].items() if code.lstrip("-").isdigit()) == kills + stops
    assert campaign_report["seen"]["-9"] > kills / 2, "most were killed before they were done"
    assert campaign_report["seen"]["half-way"] > kills / 8, "many were killed between two reports"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
@pytest.mark.parametrize(
    ("phase", "jobs", "here"),
    [(phase, 1, 1) for phase in ("reading", "judging", "writing", "ending", "output")] + [("judging", 2, 2)],
)
def test_a_stop_is_quiet_in_every_phase(
    scanned: Path, phase: str, jobs: int, here: int, number: signal.Signals, code: int
) -> None:
    before = reports(scanned)
    with started(scanned, phase, f"-j{jobs}", here=here) as process:
        os.kill(process.pid, number)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (code, "", "")
    assert not alive(process.pid)
    assert not debris(scanned)
    if phase in ("reading", "judging"):
        assert reports(scanned) == before
    assert scan(scanned, day=LATER).returncode == 0
    after = reports(scanned)
    assert not whole(scanned, after)
    assert all(f"as_of: {LATER}".encode() in data for data in after.values())


def test_an_ignored_signal_stays_ignored(scanned: Path) -> None:
    """As `nohup` has it."""
    command = ["sh", "-c", 'trap "" HUP; exec "$@"', "sh", sys.executable, "-c", SLOW]
    command += ["ending", "scan", "--fail-on", "never", "--as-of", LATER]
    with subprocess.Popen(command, cwd=scanned, env=surroundings(), stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "here\n"
        process.send_signal(signal.SIGHUP)
        assert process.wait(60) == 0
    assert all(f"as_of: {LATER}".encode() in data for data in reports(scanned).values())


def test_one_of_the_judging_processes_is_killed(scanned: Path) -> None:
    before = reports(scanned)
    with started(scanned, "judging", "-j2", here=2) as process:
        os.kill(children(process.pid)[1], signal.SIGKILL)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert "one of the processes that judge ended unexpectedly (-9); nothing was written" in err
    assert "--jobs 1" in err
    assert not alive(process.pid)
    assert (reports(scanned), debris(scanned)) == (before, [])


def test_processes_end_with_a_run_that_is_killed(scanned: Path) -> None:
    """At once, though what they do takes a minute and nobody tells them."""
    before = reports(scanned)
    process = started(scanned, "judging", "-j2", here=2)
    process.kill()
    process.communicate(timeout=30)
    assert not alive(process.pid)
    assert (reports(scanned), debris(scanned)) == (before, [])


def test_processes_end_with_a_run_that_is_killed_while_it_starts_them(tmp_path: Path) -> None:
    root = portfolio(tmp_path / "vault", 60, active=60)
    command = [*BP, "scan", "--as-of", EARLIER, "-j3"]
    process = subprocess.Popen(
        command, cwd=root, env=surroundings(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )
    while len(children(process.pid)) < 3:
        assert process.poll() is None
    process.kill()
    _, err = process.communicate(timeout=60)
    assert err == b""
    assert not alive(process.pid)
    assert not reports(root)


def test_a_run_that_is_killed_while_writing_leaves_one_hidden_file_until_the_next(scanned: Path) -> None:
    before = reports(scanned)
    process = started(scanned, "renaming")
    process.kill()
    process.communicate(timeout=30)
    changed = [place for place, data in reports(scanned).items() if data != before[place]]
    assert len(changed) == 3
    (left,) = debris(scanned)
    assert is_hidden(left)
    assert scan(scanned, day=LATER).returncode == 0
    assert not debris(scanned)
    assert all(f"as_of: {LATER}".encode() in data for data in reports(scanned).values())


FIVE_DAYS = (EARLIER, LATER, "2026-03-04", LATER, "2026-03-05")


@pytest.mark.parametrize("days", [(LATER, LATER), pytest.param(FIVE_DAYS, marks=pytest.mark.slow)])
def test_runs_at_the_same_time(tmp_path: Path, days: tuple[str, ...]) -> None:
    root = portfolio(tmp_path / "vault", 40)
    states = []
    for day in sorted(set(days)):
        assert scan(root, day=day).returncode == 0
        states.append(reports(root))
    runs = [
        subprocess.Popen(
            [*BP, "scan", "--fail-on", "never", "--as-of", day, *more],
            cwd=root,
            env=surroundings(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for day, more in zip(days, ([], ["-j2"], [], ["-j3"], []), strict=False)
    ]
    for run in runs:
        out, err = run.communicate(timeout=120)
        assert run.returncode == 0
        assert not err or re.fullmatch(r"bp: wrote \d+ gap reports: .*\n", err)
        assert "40 nodes" in out
    assert not whole(root, *states)
    assert not debris(root)
