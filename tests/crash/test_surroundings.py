"""Surroundings that lack what is usually there, terminals, and any number of processes."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crash.kit import EARLIER, bp, portfolio, quiet, reports, scan, surroundings
from tests.support.repository import commit_all

STYLES = ("text", "json", "yaml", "sarif", "junit", "github", "gitlab", "markdown")


def test_any_number_of_processes_says_and_writes_the_same(tmp_path: Path) -> None:
    root = portfolio(tmp_path / "vault", 75, active=10)
    seen = []
    for jobs in ("-j1", "-j2", "-j7"):
        formats = [word for style in STYLES for word in ("-f", f"{style}={tmp_path}/{style}")]
        assert scan(root, jobs, *formats).returncode == 0
        seen.append((reports(root), {style: (tmp_path / style).read_bytes() for style in STYLES}))
        for report in root.rglob("gap_report.yaml"):
            report.unlink()
    assert seen[0] == seen[1] == seen[2]
    assert len(seen[0][0]) == 75
    shards = []
    for number, jobs in (("1/3", "-j1"), ("2/3", "-j2"), ("3/3", "-j7")):
        shards.append(f"{tmp_path}/{number[0]}.json")
        assert scan(root, jobs, "--shard", number, "-f", f"json={shards[-1]}").returncode == 0
    formats = [word for style in STYLES for word in ("-f", f"{style}={tmp_path}/merged.{style}")]
    assert bp(root, "merge", "--fail-on", "never", *formats, *reversed(shards)).returncode == 0
    assert {style: (tmp_path / f"merged.{style}").read_bytes() for style in STYLES} == seen[0][1]
    assert reports(root) == seen[0][0]


@pytest.mark.parametrize(
    "lack",
    [{"HOME": None}, {"PATH": "/absent"}, {"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"PYTHONIOENCODING": "ascii"}],
    ids=str,
)
def test_an_environment_that_lacks_something(tmp_path: Path, lack: dict[str, str | None]) -> None:
    root = portfolio(tmp_path / "vault", 3)
    (root / "REALM0").rename(root / "FÖRETAG")
    scan(root)  # so that no later run reports that it wrote anything
    plain = scan(root)
    before = reports(root)
    assert "FÖRETAG/NODE000" in plain.stdout
    kept = {**surroundings(), **lack}
    answer = scan(root, env={name: value for name, value in kept.items() if value is not None})
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, plain.stdout, plain.stderr)
    assert reports(root) == before


@pytest.mark.parametrize("command", ["scan", "lint x.yaml", "merge x.json", "diff HEAD", "config"])
def test_a_current_directory_that_is_gone(tmp_path: Path, command: str) -> None:
    script = f"mkdir gone; cd gone; rmdir ../gone; exec {sys.executable} -m blueprint_cli {command}"
    answer = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path, env=surroundings(), capture_output=True, text=True, check=False
    )
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "the current directory no longer exists" in answer.stderr
    assert quiet(answer.stderr)


def test_only_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    root = portfolio(tmp_path / "vault", 1)
    node, outside = root / "REALM0" / "NODE000", tmp_path / "outside"
    outside.write_bytes(b"somebody's")
    gone = subprocess.Popen(["true"])
    gone.wait()
    left = node / f".gap_report.yaml.{gone.pid}.bp-tmp"
    others = [f".gap_report.yaml.{os.getpid()}.bp-tmp", ".gap_report.yaml.old.bp-tmp", f".notes.{gone.pid}.bp-tmp"]
    for name in others:
        (node / name).write_bytes(b"somebody's")
    for leave in (lambda: left.write_bytes(b"half a rep"), lambda: left.symlink_to(outside)):
        leave()
        assert scan(root).returncode == 0
        assert not os.path.lexists(left)
        assert {path.name for path in node.glob(".*")} == set(others)
        assert outside.read_bytes() == b"somebody's"


LACKING = """
import os, signal, sys
for place, names in (
    (signal, ["SIGHUP", "SIGALRM", "ITIMER_REAL", "setitimer", "pthread_sigmask"]),
    (os, ["fork", "sched_getaffinity"]),
):
    for name in names:
        if hasattr(place, name):
            delattr(place, name)
if os.environ.get("DIRECTORIES") == "none":
    os.supports_dir_fd.clear()
from blueprint_cli.cli import main
main()
"""


def lacking(root: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A run on a system that has neither fork nor timers nor all signals, as Windows has it."""
    command = [sys.executable, "-c", LACKING, *arguments]
    return subprocess.run(command, cwd=root, env=surroundings(**more), capture_output=True, text=True, check=False)


def test_a_system_without_some_signals_timers_and_fork(tmp_path: Path) -> None:
    root = portfolio(tmp_path / "vault", 4)
    words = ["scan", "--fail-on", "never", "--as-of", EARLIER, "-j2"]
    plain = bp(root, *words)
    before = reports(root)
    for report in root.rglob("gap_report.yaml"):
        report.unlink()
    answer = lacking(root, *words)
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, plain.stdout, plain.stderr)
    assert reports(root) == before
    answer = lacking(root, *words, "--timeout", "9")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "--timeout needs a timer that this system does not have" in answer.stderr


def test_a_system_that_cannot_open_files_safely_is_refused(tmp_path: Path) -> None:
    root = portfolio(tmp_path / "vault", 1)
    answer = lacking(root, "scan", DIRECTORIES="none")
    assert (answer.returncode, answer.stdout, reports(root)) == (2, "", {})
    assert answer.stderr.startswith("bp: this system cannot open files without following links\n")
    assert "WSL" in answer.stderr
    assert lacking(root, "--version", DIRECTORIES="none").returncode == 0


PATIENT = """
import os, sys, time
from blueprint_cli.cli import main, progress
from blueprint_cli.scan import Scanner
progress._PATIENCE, progress._PAUSE = float(sys.argv.pop(1)), 0
quick = Scanner.node
def slow(self, ref, watch=None):
    if ref.path.endswith("NODE004") and os.environ.get("WAIT"):
        time.sleep(60)
    return quick(self, ref, watch)
Scanner.node = slow
main()
"""


def on_a_terminal(root: Path, patience: str, *arguments: str, interrupt: bool = False) -> tuple[int, str]:
    """Exit code and what a terminal was sent on standard error."""
    here, there = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", PATIENT, patience, *arguments],
        cwd=root,
        env=surroundings(**({"WAIT": "1"} if interrupt else {})),
        stdout=subprocess.DEVNULL,
        stderr=there,
    )
    os.close(there)
    sent = b""
    while True:
        try:
            piece = os.read(here, 4096)
        except OSError:  # nobody holds the other end any more
            break
        sent += piece
        if interrupt and b"3/6" in sent:
            process.send_signal(signal.SIGINT)
            interrupt = False
    os.close(here)
    return process.wait(60), sent.decode()


@pytest.mark.parametrize("jobs", ["-j1", "-j2"])
def test_a_terminal_is_shown_how_far_a_long_run_is(tmp_path: Path, jobs: str) -> None:
    root = portfolio(tmp_path / "vault", 25)
    code, sent = on_a_terminal(root, "0", "scan", "--fail-on", "never", jobs)
    assert code == 0
    assert "25/25 engagements judged" in sent
    assert "25/25 gap reports written" in sent
    shown, cleared, left = sent.rpartition("\r\x1b[K")
    assert cleared
    assert "\n" not in shown
    assert left.startswith("bp: wrote 25 gap reports: "), "nothing of the bar is left"
    code, sent = on_a_terminal(root, "1000", "scan", "--fail-on", "never", jobs)
    assert (code, "judged" in sent) == (0, False), "a short run shows nothing"


def test_an_interrupt_leaves_a_clean_line(tmp_path: Path) -> None:
    root = portfolio(tmp_path / "vault", 6)
    code, sent = on_a_terminal(root, "0", "scan", "-j1", interrupt=True)
    assert code == 130
    assert "3/6 engagements judged" in sent
    assert sent.endswith("\r\x1b[K")
    assert "\n" not in sent


def test_a_history_shows_its_commits(tmp_path: Path) -> None:
    root = portfolio(tmp_path / "vault", 2)
    commit_all(root, EARLIER)
    code, sent = on_a_terminal(root, "0", "history")
    assert code == 0
    assert "states judged" in sent
    assert "engagements" not in sent.partition("bp: ")[0]


def test_a_pipe_is_shown_nothing(tmp_path: Path) -> None:
    root = portfolio(tmp_path / "vault", 25)
    answer = subprocess.run(
        [sys.executable, "-c", PATIENT, "0", "scan", "--fail-on", "never", "--as-of", EARLIER],
        cwd=root,
        env=surroundings(),
        capture_output=True,
        check=True,
    )
    assert re.fullmatch(rb"bp: wrote 25 gap reports: .*\n", answer.stderr), "and no bar"
