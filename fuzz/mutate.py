"""The mass run: ``python -m fuzz.mutate --cases 2000000 --seed 1 --jobs 2``.

Every case has a name, ``LAYER/SEED/NUMBER``, from which it can be made again: ``python -m fuzz.mutate --case NAME``.
Processes do the work: one that crashes or hangs is one more finding, and the run continues.
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
"""Per cent of the cases, by layer: reading bytes costs a hundredth of judging an engagement."""
SLOW = {"reader": 1.0}
"""Seconds of processor time that a case may take, by layer."""
SLOW_WITH_OUTPUTS = 3.0
"""The same for layers that write some sixty outputs and read them with other parsers."""
HANGS = 20
"""Seconds of processor time after which a case is ended."""
MEMORY = 500
"""Megabytes by which a process may grow."""
_STATE = struct.Struct("=qqq")
"""The state of a process: its current case, the number of cases done, and of findings."""


def run(name: str) -> None:
    """One case, by its name."""
    LAYERS[name.partition("/")[0]](Random(name))


def wrong(name: str, again: bool = True) -> str:
    """What is wrong with a case. A slow one runs again: the machine may have been busy."""
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
    """A process that runs every n-th case of a layer."""

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
        done, findings = _STATE.unpack(self.state[:])[1:]
        self.pid = os.fork()
        if self.pid == 0:
            code = 1
            try:
                self._work(done, findings)
                code = 0
            finally:
                os._exit(code)

    def _work(self, done: int, findings: int) -> None:
        heavy, began = False, megabytes()
        for number in range(self.at, self.until, self.step):
            self.state[:] = _STATE.pack(number, done, findings)
            signal.setitimer(signal.ITIMER_VIRTUAL, HANGS)  # its default is to end the process
            name = f"{self.layer}/{self.seed}/{number}"
            problem = wrong(name)
            if not heavy and megabytes() - began > MEMORY:
                heavy, problem = True, problem or f"the process has grown from {began} to {megabytes()} MB"
            done += 1
            if problem:
                findings += 1
                note(self.log, name, problem)
        self.state[:] = _STATE.pack(self.until, done, findings)

    def ended(self, status: int) -> bool:
        """Whether it is done. A process that died is started again at the same case, and after that case if it dies
        there again: the first time may have been the machine's fault."""
        if os.waitstatus_to_exitcode(status) == 0:
            return True
        number, done, findings = _STATE.unpack(self.state[:])
        if number == self.died_at:
            note(self.log, f"{self.layer}/{self.seed}/{number}", f"ended by {os.waitstatus_to_exitcode(status)}")
            self.state[:] = _STATE.pack(number, done + 1, findings + 1)
        self.at = number + (self.step if number == self.died_at else 0)
        self.died_at = number
        self.start()
        return False


def megabytes() -> int:
    """The most memory that this process ever held."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1024 * 1024 if sys.platform == "darwin" else 1024)


def note(log: Path, name: str, problem: str) -> None:
    """Append a finding in one write, because other processes write to the same file."""
    with log.open("ab", buffering=0) as file:
        file.write(f"=== {name}\n{problem.strip()}\n".encode("utf-8", "backslashreplace"))


def layer(name: str, cases: int, seed: str, jobs: int, log: Path) -> tuple[int, int]:
    """Run the cases of one layer; how many were done, and how many of them are findings."""
    workers = [Worker(name, seed, jobs, cases, log, first) for first in range(jobs)]
    for worker in workers:
        worker.start()
    by_pid = {worker.pid: worker for worker in workers}
    while by_pid:
        pid, status = os.wait()
        if pid in by_pid:
            worker = by_pid.pop(pid)
            if not worker.ended(status):
                by_pid[worker.pid] = worker
    states = [_STATE.unpack(worker.state[:]) for worker in workers]
    return sum(done for _, done, _ in states), sum(findings for *_, findings in states)


def shares(cases: int, only: str | None) -> Iterator[tuple[str, int]]:
    """How many cases each layer gets."""
    if only:
        yield only, cases
        return
    for name, share in SHARES.items():
        yield name, max(1, round(cases * share / 100))


def main() -> int:
    """Exit code 1 if there are findings."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.mutate", description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000, help="in all layers together")
    parser.add_argument("--seed", default="0", help="another seed gives other cases")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--layer", choices=LAYERS, help="only this one")
    parser.add_argument("--case", help="run one case by its name, with its traceback")
    parser.add_argument("--log", type=Path, default=Path("fuzz-findings.txt"), help="where findings are appended")
    options = parser.parse_args()
    if options.case:
        run(options.case)
        return 0
    findings = total = 0
    for name, cases in shares(options.cases, options.layer):
        begun, used = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        done, wrong = layer(name, cases, options.seed, options.jobs, options.log)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
        print(
            f"{name:10} {done:>9,} cases  {wrong:>4} findings  {time.monotonic() - begun:>7.0f} s"
            f"  {1000 * cpu / max(1, done):>7.2f} ms of processor a case",
            flush=True,
        )
        total, findings = total + done, findings + wrong
    print(f"{'all':10} {total:>9,} cases  {findings:>4} findings" + (f", in {options.log}" if findings else ""))
    return int(findings > 0)


if __name__ == "__main__":
    sys.exit(main())
