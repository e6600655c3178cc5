"""The mass run: ``python -m fuzz.mutate --cases 2000000 --seed 1 --jobs 2``.

Every case has a name, ``LAYER/SEED/NUMBER``, from which it can be made again: ``python -m fuzz.mutate --case NAME``.
Processes do the work, so that one that crashes or hangs is one finding more and the run goes on.
"""

from __future__ import annotations

import argparse
import mmap
import os
import resource
import signal
import struct
import sys
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from .layers import LAYERS

SHARES = {"reader": 97, "node": 0.8, "change": 0.2, "lint": 0.3, "config": 0.8, "rules": 0.3, "arguments": 0.6}
"""How many of a hundred cases a layer gets: reading bytes costs a hundredth of judging an engagement."""
SLOW = {"reader": 1.0}
"""Seconds of processor time that a case may take, by layer."""
SLOW_WITH_OUTPUTS = 3.0
"""The same where some sixty outputs are written and read by parsers of other people."""
HANGS = 20
"""Seconds of processor time after which a case is ended."""
MEMORY = 500
"""Megabytes by which a process may grow."""
_STATE = struct.Struct("=qqq")
"""What a process tells of itself: the case it is at, those it has done, and its findings."""


def run(name: str) -> None:
    """One case, by its name."""
    LAYERS[name.partition("/")[0]](Random(name))


def wrong(name: str, again: bool = True) -> str:
    """What is wrong with a case. A slow one is asked again: a busy machine is slow for reasons of its own."""
    begun = time.process_time()
    try:
        run(name)
    except Exception:
        return traceback.format_exc(limit=-6)
    used = time.process_time() - begun
    if used <= SLOW.get(name.partition("/")[0], SLOW_WITH_OUTPUTS):
        return ""
    return wrong(name, again=False) if again else f"took {used:.1f} s of processor time"


@dataclass
class Worker:
    """A process that goes through every n-th case of a layer."""

    layer: str
    seed: str
    step: int
    until: int
    log: Path
    at: int
    state: mmap.mmap = field(default_factory=lambda: mmap.mmap(-1, _STATE.size))
    pid: int = 0
    died_at: int = -1

    def start(self) -> None:
        """Fork."""
        done, found = _STATE.unpack(self.state[:])[1:]
        self.pid = os.fork()
        if self.pid == 0:
            code = 1
            try:
                self._work(done, found)
                code = 0
            finally:
                os._exit(code)

    def _work(self, done: int, found: int) -> None:
        heavy, began = False, megabytes()
        for number in range(self.at, self.until, self.step):
            self.state[:] = _STATE.pack(number, done, found)
            signal.setitimer(signal.ITIMER_VIRTUAL, HANGS)  # its default is to end the process
            name = f"{self.layer}/{self.seed}/{number}"
            problem = wrong(name)
            if not heavy and megabytes() - began > MEMORY:
                heavy, problem = True, problem or f"the process has grown from {began} to {megabytes()} MB"
            done += 1
            if problem:
                found += 1
                note(self.log, name, problem)
        self.state[:] = _STATE.pack(self.until, done, found)

    def ended(self, status: int) -> bool:
        """Whether it is through. One that died is started again at its case, and behind it if it dies there again:
        the machine may have had a reason of its own."""
        if os.waitstatus_to_exitcode(status) == 0:
            return True
        number, done, found = _STATE.unpack(self.state[:])
        if number == self.died_at:
            note(self.log, f"{self.layer}/{self.seed}/{number}", f"ended by {os.waitstatus_to_exitcode(status)}")
            self.state[:] = _STATE.pack(number, done + 1, found + 1)
        self.at = number + (self.step if number == self.died_at else 0)
        self.died_at = number
        self.start()
        return False


def megabytes() -> int:
    """The most memory that this process ever held."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1024 * 1024 if sys.platform == "darwin" else 1024)


def note(log: Path, name: str, problem: str) -> None:
    """Write a finding down, whole, whoever else writes."""
    with log.open("ab", buffering=0) as file:
        file.write(f"=== {name}\n{problem.strip()}\n".encode("utf-8", "backslashreplace"))


def layer(name: str, cases: int, seed: str, jobs: int, log: Path) -> tuple[int, int]:
    """Run the cases of one layer; how many were done, and how many of them are findings."""
    workers = [Worker(name, seed, jobs, cases, log, first) for first in range(jobs)]
    for one in workers:
        one.start()
    by_pid = {one.pid: one for one in workers}
    while by_pid:
        pid, status = os.wait()
        if pid in by_pid:
            one = by_pid.pop(pid)
            if not one.ended(status):
                by_pid[one.pid] = one
    states = [_STATE.unpack(one.state[:]) for one in workers]
    return sum(done for _, done, _ in states), sum(found for *_, found in states)


def shares(cases: int, only: str | None) -> Iterator[tuple[str, int]]:
    """How many cases each layer gets."""
    if only:
        yield only, cases
        return
    for name, share in SHARES.items():
        yield name, max(1, round(cases * share / 100))


def main() -> int:
    """Exit code 1 where anything was found."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.mutate", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000, help="in all layers together")
    parser.add_argument("--seed", default="0", help="another one makes other cases")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--layer", choices=LAYERS, help="only this one")
    parser.add_argument("--case", help="run one case by its name, with its traceback")
    parser.add_argument("--log", type=Path, default=Path("fuzz-findings.txt"), help="where findings are appended")
    given = parser.parse_args()
    if given.case:
        run(given.case)
        return 0
    found = total = 0
    for name, cases in shares(given.cases, given.layer):
        begun, used = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        done, wrong = layer(name, cases, given.seed, given.jobs, given.log)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
        print(
            f"{name:10} {done:>9,} cases  {wrong:>4} findings  {time.monotonic() - begun:>7.0f} s"
            f"  {1000 * cpu / max(1, done):>7.2f} ms of processor a case",
            flush=True,
        )
        total, found = total + done, found + wrong
    print(f"{'all':10} {total:>9,} cases  {found:>4} findings" + (f", in {given.log}" if found else ""))
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
