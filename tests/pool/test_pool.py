"""One process or many: the same results in the same order, and no process that outlives the run."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import struct
import subprocess
import sys
import time
import weakref
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from blueprint_cli import pool
from blueprint_cli.errors import BpError
from blueprint_cli.model import NodeReport
from blueprint_cli.scan import Scanner
from tests.pool.conftest import AS_OF

pytestmark = [
    pytest.mark.usefixtures("small_chunks"),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked"),
]


def kept(report: NodeReport) -> NodeReport:
    return report


def judged(scanner: Scanner, keep: Callable[[NodeReport], object], jobs: int) -> tuple[list[object], Exception | None]:
    """The results until the first problem, and that problem."""
    results: list[object] = []
    try:
        for result in pool.judge(scanner, keep, jobs):
            results.append(result)
    except (BpError, RuntimeError) as problem:
        return results, problem
    finally:
        assert multiprocessing.active_children() == []
    return results, None


@pytest.mark.parametrize("jobs", [2, 3, 64])
def test_results_do_not_depend_on_the_number_of_processes(scanner: Scanner, jobs: int) -> None:
    alone, _ = judged(scanner, kept, 1)
    assert len(alone) == len(scanner.nodes) > 12
    assert judged(scanner, kept, jobs) == (alone, None)


@pytest.mark.parametrize("style", ["text", "json", "sarif", "markdown"])
def test_output_does_not_depend_on_the_number_of_processes(portfolio: Path, style: str) -> None:
    outputs = {
        subprocess.run(
            [*BP, "scan", "--as-of", AS_OF, "--no-write", "--fail-on", "never", "-f", style, f"-j{jobs}"],
            cwd=portfolio,
            check=True,
            capture_output=True,
        ).stdout
        for jobs in (1, 2, 3)
    }
    assert len(outputs) == 1


@pytest.mark.parametrize("jobs", [1, 3])
def test_an_expected_failure_ends_the_run_after_the_nodes_before_it(scanner: Scanner, jobs: int) -> None:
    seventh = scanner.nodes[7].path

    def keep(report: NodeReport) -> str:
        if report.path == seventh:
            raise BpError("the disk is gone", "Bring it back.")
        return report.path

    results, problem = judged(scanner, keep, jobs)
    assert results == [ref.path for ref in scanner.nodes[:7]]
    assert isinstance(problem, BpError)
    assert (problem.message, problem.hint) == ("the disk is gone", "Bring it back.")


def test_a_bug_in_a_process_is_reported_with_its_traceback(scanner: Scanner) -> None:
    def keep(_report: NodeReport) -> None:
        raise LookupError("no such thing")

    _, problem = judged(scanner, keep, 2)
    assert isinstance(problem, RuntimeError)
    assert "LookupError: no such thing" in str(problem)
    assert "in keep" in str(problem)


def test_a_process_that_is_killed_ends_the_run(scanner: Scanner) -> None:
    seventh = scanner.nodes[7].path

    def keep(report: NodeReport) -> None:
        if report.path == seventh:
            os.kill(os.getpid(), signal.SIGKILL)

    _, problem = judged(scanner, keep, 2)
    assert isinstance(problem, BpError)
    assert "ended unexpectedly (-9)" in problem.message


def test_a_process_that_is_killed_in_the_middle_of_an_answer_ends_the_run(scanner: Scanner) -> None:
    """Where processes share a queue, the others would wait for its lock for ever."""

    def half(self: Connection, answer: bytes) -> None:
        os.write(self.fileno(), struct.pack("!i", len(answer)) + answer[: len(answer) // 2])
        os.kill(os.getpid(), signal.SIGKILL)

    def keep(_report: NodeReport) -> None:
        Connection._send_bytes = half  # type: ignore[attr-defined]  # in the process that judges

    _, problem = judged(scanner, keep, 2)
    assert isinstance(problem, BpError)
    assert "ended unexpectedly (-9)" in problem.message


def test_who_stops_listening_ends_the_processes(scanner: Scanner) -> None:
    with closing(pool.judge(scanner, kept, 3)) as results:
        next(results)
        assert len(multiprocessing.active_children()) == 3
    assert multiprocessing.active_children() == []


def test_notes_of_all_processes_are_collected(scanner: Scanner) -> None:
    def keep(report: NodeReport) -> None:
        scanner.notes[f"met {report.name}"] = None

    judged(scanner, keep, 3)
    assert set(scanner.notes) >= {f"met {ref.name}" for ref in scanner.nodes if ref.blueprint}


class Circle:
    """What only the collector can remove."""

    def __init__(self) -> None:
        self.itself = self


def test_judging_again_and_again_keeps_nothing(scanner: Scanner) -> None:
    """As a history does, commit by commit, in one process."""
    circles = []
    for _ in range(3):
        circles.append(weakref.ref(Circle()))
        list(pool.judge(replace(scanner, nodes=scanner.nodes[:2]), kept, 1))
    gc.collect()
    assert sum(circle() is not None for circle in circles) <= 1, "what is there at the first time may stay"


BP = (sys.executable, "-m", "blueprint_cli")
SLOW = """
import sys, time
from blueprint_cli import pool
from blueprint_cli.cli import main, run

pool.CHUNK = 1
quick = run.Projection.__call__

def slow(self, report):
    print("judging", file=sys.stderr, flush=True)
    time.sleep(30)
    return quick(self, report)

run.Projection.__call__ = slow
main()
"""


def started(portfolio: Path, *more: str) -> subprocess.Popen[str]:
    """A scan by two processes, each of them deep in work; in a process group of its own, as a shell would start it."""
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, "scan", "--as-of", AS_OF, "--write", "-j2", *more],
        cwd=portfolio,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    assert [process.stderr.readline() for _ in range(2)] == ["judging\n"] * 2
    return process


def left(group: int) -> bool:
    """Whether a process of a group is still there."""
    for _ in range(50):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.1)
    return True


def test_an_interrupt_is_quiet_and_leaves_nothing(portfolio: Path) -> None:
    with started(portfolio) as process:
        os.killpg(process.pid, signal.SIGINT)
        output, complaint = process.communicate(timeout=20)
    assert (process.returncode, output, complaint) == (130, "", "")
    assert not left(process.pid)
    assert not list(portfolio.rglob("gap_report.yaml"))


def test_a_deadline_ends_all_processes(portfolio: Path) -> None:
    with started(portfolio, "--timeout", "2") as process:
        output, complaint = process.communicate(timeout=20)
    assert (process.returncode, output) == (2, "")
    assert "timed out after 2 s: 0 of" in complaint
    assert not left(process.pid)
    assert not list(portfolio.rglob("gap_report.yaml"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_processes_end_with_a_judge_that_is_killed(portfolio: Path, number: signal.Signals) -> None:
    with started(portfolio) as process:
        os.killpg(process.pid, number)
        process.communicate(timeout=20)
    assert not left(process.pid)
