"""`--timeout`: the whole run ends in time with what was done so far, and nothing is written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crash.kit import EARLIER, LATER, alive, bp, debris, portfolio, quiet, reports, surroundings
from tests.crash.test_kill import SLOW
from tests.support.repository import commit_all


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = portfolio(tmp_path / "vault", 8)
    commit_all(root, EARLIER)
    return root


COMMANDS = (["scan"], ["scan", "-j2"], ["diff", "HEAD"], ["history"], ["lint"])


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_tiny_time(repository: Path, command: list[str]) -> None:
    changed = repository / "REALM0" / "NODE000" / "blueprint.yaml"
    changed.write_text(changed.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    answer = bp(repository, *command, "--timeout", "0.001")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "timed out after 0.001 s: " in answer.stderr
    assert "nothing was written" in answer.stderr
    assert "--timeout" in answer.stderr
    assert quiet(answer.stderr)
    assert not reports(repository)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_enough_time(repository: Path, command: list[str]) -> None:
    day = ["--as-of", EARLIER] if command[0] in ("scan", "diff") else []
    plain = bp(repository, *command, *day)
    answer = bp(repository, *command, *day, "--timeout", "1e6")
    assert (answer.returncode, answer.stdout) == (plain.returncode, plain.stdout)
    assert answer.returncode in (0, 1)


@pytest.mark.parametrize(
    ("command", "time"),
    [("scan", time) for time in ("0", "-1", "nan", "inf", "-inf", "1e300", "soon", "")]
    + [(command, "-1") for command in ("diff", "history", "lint")],
)
def test_times_that_are_none(repository: Path, command: str, time: str) -> None:
    words = [command, "HEAD"] if command == "diff" else [command]
    answer = bp(repository, *words, "--timeout", time)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "timeout" in answer.stderr
    assert quiet(answer.stderr)


@pytest.mark.parametrize("command", [["scan"], ["diff", "HEAD"], ["history"], ["lint"]], ids=" ".join)
def test_a_git_that_never_answers(repository: Path, tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "bin").mkdir()
    git = tmp_path / "bin" / "git"
    git.write_text("#!/bin/sh\nexec sleep 60\n", encoding="ascii")
    git.chmod(0o755)
    path = f"{git.parent}{os.pathsep}{os.environ['PATH']}"
    with subprocess.Popen(
        [sys.executable, "-m", "blueprint_cli", *command, "--timeout", "0.5"],
        cwd=repository,
        env=surroundings(PATH=path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        out, err = process.communicate(timeout=50)
    assert (process.returncode, out) == (2, "")
    assert "timed out after 0.5 s" in err
    assert quiet(err)
    assert not alive(process.pid), "git is ended too"


@pytest.mark.parametrize(("phase", "jobs"), [("reading", 1), ("judging", 1), ("judging", 2)])
def test_the_time_is_over_in_any_phase(repository: Path, phase: str, jobs: int) -> None:
    words = ["scan", "--as-of", LATER, f"-j{jobs}", "--timeout", "1.5"]
    answer = subprocess.run(
        [sys.executable, "-c", SLOW, phase, *words],
        cwd=repository,
        env=surroundings(),
        capture_output=True,
        text=True,
        check=False,
        timeout=50,
    )
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "timed out after 1.5 s: " in answer.stderr
    assert quiet(answer.stderr)
    assert (reports(repository), debris_outside_git(repository)) == ({}, [])


def debris_outside_git(root: Path) -> list[str]:
    return [name for name in debris(root) if "/.git/" not in name]
