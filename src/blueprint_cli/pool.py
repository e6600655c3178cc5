"""Many nodes, all cores: the order of the results is that of the nodes, however many processes there are.

The processes are forked, so that they have the tree, the policy and the list of nodes without reading or receiving
them. Each is told the number of a chunk and answers with its results. There is no thread and no queue between them:
a process that dies is noticed at once (a pool would wait for it for ever), and all end when the judge does.
"""

from __future__ import annotations

import gc
import os
import traceback
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Generic, TypeVar

from blueprint_cli.engagement.node import NodeRef
from blueprint_cli.errors import BpError
from blueprint_cli.model import NodeReport
from blueprint_cli.scan import Scanner
from blueprint_cli.signals import held

if TYPE_CHECKING:
    # At run time only where processes are started: it brings sockets, temporary files and hashes with it.
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

Result = TypeVar("Result")
CHUNK, _CHUNKS_EACH = 12, 8
"""Nodes that a process takes at a time: 0.05 s of work, or an eighth of its share where that is less, so that the last
chunk keeps nobody waiting for long."""
_WORTHWHILE = 15
"""Nodes that make a process worth while: fewer are judged before it would have helped."""
_AHEAD = 2
"""Chunks that a process is told before it answers: it never waits to be told."""


def judge(
    scanner: Scanner, nodes: Sequence[NodeRef], keep: Callable[[NodeReport], Result], jobs: int | None = None
) -> Generator[Result, None, None]:
    """What ``keep`` makes of each node's report, in order. ``jobs``: processes; None: as many as pay."""
    count = min(jobs or min(cores(), len(nodes) // _WORTHWHILE), len(nodes))
    _settle_memory()
    if count <= 1 or not hasattr(os, "fork"):
        for report in scanner.scan(nodes):
            yield keep(report)
    else:
        size = max(1, min(CHUNK, len(nodes) // (_CHUNKS_EACH * count)))
        chunks = [nodes[start : start + size] for start in range(0, len(nodes), size)]
        yield from _shared(scanner, chunks, keep, count)


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class _Answer(Generic[Result]):
    """What a process says of a chunk: the results up to the first problem."""

    results: list[Result]
    notes: list[str]
    problem: BpError | None = None
    surprise: str | None = None
    """The traceback of an exception that nobody expected."""


@dataclass(frozen=True, slots=True)
class _Worker:
    """A process that judges, and the end of a pipe that it outlives by nothing."""

    process: BaseProcess
    life: Connection


def _shared(
    scanner: Scanner, chunks: Sequence[Sequence[NodeRef]], keep: Callable[[NodeReport], Result], count: int
) -> Iterator[Result]:
    from multiprocessing.connection import Connection, wait

    scanner.snapshot.close()  # what a tree has open is not to be shared with another process
    workers = _start(scanner, chunks, keep, count)
    try:
        done: dict[int, _Answer[Result]] = {}
        untold = iter(range(len(chunks)))
        for pipe, number in zip([*workers] * _AHEAD, untold, strict=False):
            _tell(pipe, number)
        for number in range(len(chunks)):
            while number not in done:
                for pipe in [pipe for pipe in wait(workers) if isinstance(pipe, Connection)]:
                    finished, done[finished] = _received(pipe, workers[pipe].process)
                    for more in islice(untold, 1):
                        _tell(pipe, more)
            answer = done.pop(number)
            scanner.notes.update(dict.fromkeys(answer.notes))
            yield from answer.results
            if answer.problem is not None:
                raise answer.problem
            if answer.surprise is not None:
                raise RuntimeError(f"in a process that judges:\n{answer.surprise}")
    finally:
        with held():
            for worker in workers.values():
                worker.process.kill()
            for pipe, worker in workers.items():
                pipe.close()
                worker.life.close()
                worker.process.join()


def _tell(pipe: Connection, number: int) -> None:
    with suppress(ConnectionError):  # a process that has ended is found out when its answer is awaited
        pipe.send(number)


def _received(pipe: Connection, process: BaseProcess) -> tuple[int, _Answer[Result]]:
    """A chunk's number and what was made of it. Raises BpError where the process has ended: killed, out of memory,
    or by a fault in a native library."""
    try:
        number, answer = pipe.recv()
    except (EOFError, ConnectionError):
        process.join()
        raise BpError(
            f"one of the processes that judge ended unexpectedly ({process.exitcode}); nothing was written",
            "Look for what ends processes here (memory?), or use one process: --jobs 1.",
        ) from None
    return number, answer


def _start(
    scanner: Scanner, chunks: Sequence[Sequence[NodeRef]], keep: Callable[[NodeReport], Result], count: int
) -> dict[Connection, _Worker]:
    """The processes, by the pipe to each. What stops a run stays with the parent, which ends the others."""
    import multiprocessing

    fork = multiprocessing.get_context("fork")
    workers: dict[Connection, _Worker] = {}
    with held():
        for _ in range(count):
            here, there = fork.Pipe()
            theirs, ours = fork.Pipe(duplex=False)
            inherited = [here, ours, *workers, *(worker.life for worker in workers.values())]
            # What is inherited of the others' pipes is closed, or a process that ends would not be noticed.
            arguments = (there, theirs, inherited, scanner, chunks, keep)
            process = fork.Process(target=_work, args=arguments, daemon=True)
            process.start()
            there.close()
            theirs.close()
            workers[here] = _Worker(process, ours)
    return workers


def _work(
    pipe: Connection,
    life: Connection,
    others: Sequence[Connection],
    scanner: Scanner,
    chunks: Sequence[Sequence[NodeRef]],
    keep: Callable[[NodeReport], object],
) -> None:
    """The life of a process: a chunk's number in, its answer out, until the pipe is closed."""
    for other in others:
        other.close()
    _die_with(life)
    with suppress(EOFError, ConnectionError):
        while True:
            number = pipe.recv()
            pipe.send((number, _judged(scanner, chunks[number], keep)))


def _die_with(life: Connection) -> None:
    """End at once when the judge does, killed or not, whatever this process is just doing: nobody else holds the
    other end of ``life``."""
    import fcntl

    with suppress(OSError):  # else the end is noticed when the next chunk is awaited
        fcntl.fcntl(life, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(life, fcntl.F_SETFL, os.O_ASYNC)  # SIGIO, which ends a process that does not expect it


def _judged(scanner: Scanner, nodes: Sequence[NodeRef], keep: Callable[[NodeReport], Result]) -> _Answer[Result]:
    results: list[Result] = []
    problem, surprise = None, None
    try:
        for report in scanner.scan(nodes):
            results.append(keep(report))  # one by one: what was judged before a problem is kept
    except BpError as raised:
        problem = raised
    except Exception:
        surprise = traceback.format_exc()
    return _Answer(results, list(scanner.notes), problem, surprise)


@cache
def _settle_memory() -> None:
    """What was loaded stays as it is: the collector need not look at it, and processes go on sharing it.

    Once in a process: whatever is there the next time may be on its way out, and frozen it would stay.
    """
    gc.freeze()
