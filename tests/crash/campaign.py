"""Many runs that are killed or stopped at random moments: `python -m tests.crash.campaign DIRECTORY KILLS SEED`.

What a run must load takes longer than what is of interest here. So everything is loaded once, and each run is a fork
that calls the command line as a program would. Every run and whatever it starts holds the end of a pipe: when nobody
holds it any more, nothing has outlived the run.
"""

from __future__ import annotations

import gc
import json
import os
import random
import re
import select
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from blueprint_cli import cli
from blueprint_cli.cli import run
from blueprint_cli.cli.app import build
from blueprint_cli.files.disk import Directory
from blueprint_cli.scan import Scanner
from blueprint_cli.workspace import Workspace
from tests.crash.kit import EARLIER, LATER, debris, is_hidden, portfolio, quiet, reports, whole

PATIENCE = 20.0
"""Seconds after which a process that is still there has outlived its run."""


@dataclass
class Run:
    """A run that goes on."""

    pid: int
    marks: int
    complaints: str

    def mark(self) -> str:
        """The next thing that it says of itself: w (writing begins), e (it has ended); nothing where all is over."""
        if not select.select([self.marks], [], [], PATIENCE)[0]:
            raise TimeoutError(f"a process has outlived run {self.pid}")
        return os.read(self.marks, 1).decode()

    def end(self) -> tuple[int, str]:
        """Its exit code and what it complained about, once nothing of it is left."""
        _, status = os.waitpid(self.pid, 0)
        while self.mark():
            pass
        os.close(self.marks)
        output = Path(self.complaints).read_text(encoding="utf-8")
        return os.waitstatus_to_exitcode(status), output


_WROTE = re.compile(r"(bp: wrote \d+ gap reports?: .*\n)?")


@dataclass
class Campaign:
    """Runs that alternate between two days, and what is wrong after them."""

    root: Path
    seed: int
    each: int
    """After so many disturbed runs one is left in peace."""
    faults: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    _states: dict[str, dict[str, bytes]] = field(default_factory=dict)
    _spans: dict[str, list[float]] = field(default_factory=lambda: {"all": [], "write": []})

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._complaints = tempfile.NamedTemporaryFile(prefix="crash-")  # noqa: SIM115 - as long as the campaign
        for day in (EARLIER, LATER) * 2:
            self._in_peace(day)
            self._states[day] = reports(self.root)

    def start(self, day: str) -> Run:
        """A run whose reports are those of a day."""
        Path(self._complaints.name).write_bytes(b"")
        marks, mark = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(marks)
            os.setpgid(0, 0)
            _become(self.root, ["scan", "--fail-on", "never", "-j1", "--as-of", day], mark, self._complaints.name)
        os.close(mark)
        return Run(pid, marks, self._complaints.name)

    def _in_peace(self, day: str) -> None:
        begun = time.monotonic()
        one = self.start(day)
        self._until(one, "w")
        writing = time.monotonic()
        self._until(one, "e")
        ended = time.monotonic()
        self._spans["all"].append(ended - begun)
        self._spans["write"].append(ended - writing)
        code, output = one.end()
        if code or not _WROTE.fullmatch(output):
            self.faults.append(f"a run in peace ended with {code}: {output}")
        if self._states.get(day, reports(self.root)) != reports(self.root):
            self.faults.append("a run in peace wrote something else than the first")
        if debris(self.root):
            self.faults.append(f"a run in peace left {debris(self.root)}")

    def _until(self, one: Run, wanted: str) -> None:
        while (mark := one.mark()) and mark != wanted:
            pass

    def kill(self, day: str) -> None:
        """Kill a run, or its whole group, at some moment of its writing."""
        one = self.start(day)
        self._until(one, "w")
        time.sleep(self._chance.uniform(0, _middle(self._spans["write"])))
        self._chance.choice((os.kill, os.killpg))(one.pid, signal.SIGKILL)
        self._judge(one, day, -signal.SIGKILL)
        for path in debris(self.root):
            self.seen["hidden files"] += 1
            if not is_hidden(path):
                self.faults.append(f"a killed run left {path}")

    def stop(self, day: str) -> None:
        """Interrupt or end a run, or its whole group, at some moment."""
        before = debris(self.root)  # of runs that were killed
        one = self.start(day)
        number = self._chance.choice((signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
        self._until(one, "s")
        time.sleep(self._chance.uniform(0, _middle(self._spans["all"])))
        self._chance.choice((os.kill, os.killpg))(one.pid, number)
        self._judge(one, day, 128 + number)
        if not set(debris(self.root)) <= set(before):
            self.faults.append(f"a run that {number.name} ended left {debris(self.root)}")

    def _judge(self, one: Run, day: str, expected: int) -> None:
        code, output = one.end()
        self.seen[str(code)] += 1
        if code not in (0, expected):  # 0: it was sooner
            self.faults.append(f"exit code {code} for {expected}: {output}")
        if not _WROTE.fullmatch(output) or not quiet(output):
            self.faults.append(f"{code} came with this output: {output}")
        if torn := whole(self.root, *self._states.values()):
            self.faults.append(f"torn {torn}")
        if len(reports(self.root)) != len(self._states[day]):
            self.faults.append("a report is gone")
        if reports(self.root) not in self._states.values():
            self.seen["half-way"] += 1

    def go(self, disturb: Callable[[Campaign, str], None], times: int) -> None:
        """Disturb so many runs."""
        for number in range(1, times + 1):
            day = (EARLIER, LATER)[number % 2]
            disturb(self, day)
            if number % self.each == 0:
                self._in_peace(day)


def _become(root: Path, arguments: list[str], mark: int, complaints: str) -> None:
    """Be `bp` with these arguments, and say when writing begins and ends."""
    written = run.PendingReports.write

    def write(self: run.PendingReports, place: str) -> list[object]:
        os.write(mark, b"w")
        problems = written(self, place)
        os.write(mark, b"e")
        return problems  # type: ignore[return-value]

    run.PendingReports.write = write  # type: ignore[assignment, method-assign]
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(os.open(complaints, os.O_WRONLY | os.O_APPEND), 2)
    os.chdir(root)
    sys.argv = ["bp", *arguments]
    run_command = cli._command

    def begun() -> int:
        os.write(mark, b"s")  # from here on a stop is heeded
        return run_command()

    cli._command = begun
    code = 70
    try:
        cli.main()
    except SystemExit as left:
        code = int(left.code or 0)
    finally:
        os._exit(code)


def _middle(spans: list[float]) -> float:
    return sorted(spans)[len(spans) // 2]


def campaign(root: Path, nodes: int, seed: int, each: int) -> Campaign:
    """A campaign in a directory of its own, with everything loaded and compiled."""
    build([], everything=True)
    workspace = Workspace.find([str(portfolio(root, nodes))])
    snapshot = workspace.open(Directory(str(root)), {"as_of": EARLIER})
    list(Scanner(snapshot, snapshot.portfolio.nodes).scan())
    gc.freeze()  # or every run would touch, and so copy, all that is loaded
    return Campaign(root, seed, each)


if __name__ == "__main__":
    where, kills, stops, seed = Path(sys.argv[1]), *map(int, sys.argv[2:5])
    found = campaign(where, 24, seed, 10)
    found.go(Campaign.kill, kills)
    found.go(Campaign.stop, stops)
    sys.stdout.write(json.dumps({"faults": found.faults, "seen": found.seen}))
