"""Many nodes, all cores: the results come in the order of the nodes, however many processes there are.

The processes are forked, so that they have the tree, the policy and the list of nodes without reading or receiving
them. Each gets the number of a chunk and answers with its results through a pipe of its own: no queue and no lock is
shared, so that a process which is killed, whatever it is doing, can neither block the others nor go unnoticed.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from functools import cache
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeAlias, TypeVar

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
_Answer: TypeAlias = tuple[list[Result], list[str], Exception | None]
"""What a process makes of a chunk: the results up to the first problem, the notes so far, and the problem."""
CHUNK, _CHUNKS_EACH = 12, 8
"""Nodes that a process takes at a time: 0.05 s of work, or an eighth of its share where that is less, so that
nobody waits long for the last chunk."""
_WORTHWHILE = 15
"""Nodes that make another process worthwhile: fewer are judged before it could help."""
_AHEAD = 2
"""Chunks that a process has in hand: it never waits for the next one."""


def reports(scanner: Scanner, jobs: int | None = None) -> list[NodeReport]:
    """The report of each engagement of a run, in order. ``jobs``: processes; None: as many as save time."""
    with closing(judge(scanner, lambda report: report, jobs)) as judged:
        return list(judged)


def judge(
    scanner: Scanner, keep: Callable[[NodeReport], Result], jobs: int | None = None
) -> Generator[Result, None, None]:
    """What ``keep`` makes of each report, in order: less for a process to hand over than all of it."""
    nodes = scanner.nodes
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
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _shared(
    scanner: Scanner, chunks: Sequence[Sequence[NodeRef]], keep: Callable[[NodeReport], Result], count: int
) -> Iterator[Result]:
    from multiprocessing.connection import Connection, wait

    scanner.snapshot.close()  # the open files of a tree must not be shared with another process
    workers: dict[Connection, BaseProcess] = {}
    numbers = range(len(chunks))
    given, waiting = numbers[: count * _AHEAD], iter(numbers[count * _AHEAD :])
    answers: dict[int, _Answer[Result]] = {}
    try:
        for worker in range(count):
            _start(workers, given[worker::count], scanner, chunks, keep)
        for number in numbers:
            while number not in answers:
                for pipe in [pipe for pipe in wait(workers) if isinstance(pipe, Connection)]:
                    finished, answers[finished] = _exchange(pipe, workers[pipe], waiting)
            results, notes, problem = answers.pop(number)
            scanner.notes.update(dict.fromkeys(notes))
            yield from results
            if problem is not None:
                raise problem
    finally:
        with held():
            for process in workers.values():
                process.kill()
            for pipe, process in workers.items():
                pipe.close()
                process.join()


def _start(workers: dict[Connection, BaseProcess], *work: object) -> None:
    """Add a process, by the pipe to it. The signals that stop a run stay blocked in it: the parent ends it."""
    import multiprocessing

    fork = multiprocessing.get_context("fork")
    with held():
        ours, theirs = fork.Pipe()
        process = fork.Process(target=_work, args=(theirs, *work), daemon=True)
        process.start()
        theirs.close()
        workers[ours] = process


def _exchange(pipe: Connection, process: BaseProcess, waiting: Iterator[int]) -> tuple[int, _Answer[Result]]:
    """The number of a chunk and what was made of it, for the number of the next chunk. Raises BpError where the process
    has ended: killed, out of memory, or by a fault in a native library."""
    try:
        number, answer = pipe.recv()
        for following in islice(waiting, 1):
            pipe.send(following)
    except (EOFError, OSError):  # OSError: it ended in the middle of an answer
        process.join()
        raise BpError(
            f"one of the processes that judge ended unexpectedly ({process.exitcode}); nothing was written",
            "Check whether this machine ran out of memory, or use one process: --jobs 1.",
        ) from None
    return number, answer


def _work(
    pipe: Connection,
    given: Iterable[int],
    scanner: Scanner,
    chunks: Sequence[Sequence[NodeRef]],
    keep: Callable[[NodeReport], object],
) -> None:
    """The life of a process: the number of a chunk in, what was made of it out."""
    import threading

    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, ConnectionError):
        for number in chain(given, iter(pipe.recv, None)):
            pipe.send((number, _judged(scanner, chunks[number], keep)))


def _end_with_parent() -> None:
    """End at once when the run does, killed or not, whatever this process is doing."""
    from multiprocessing import parent_process

    if (parent := parent_process()) is not None:
        parent.join()
    os._exit(1)


def _judged(scanner: Scanner, nodes: Sequence[NodeRef], keep: Callable[[NodeReport], Result]) -> _Answer[Result]:
    results: list[Result] = []
    problem: Exception | None = None
    try:
        for report in scanner.scan(nodes):
            results.append(keep(report))  # one by one: what was judged before a problem is kept
    except BpError as expected:
        problem = expected
    except Exception:
        import traceback

        problem = RuntimeError(f"in a process that judges:\n{traceback.format_exc()}")
    return results, list(scanner.notes), problem


@cache
def _settle_memory() -> None:
    """What was loaded stays as it is: the collector need not look at it, and processes go on sharing it.

    Once in a process: whatever is there the next time may be on its way out, and frozen it would stay.
    """
    gc.freeze()
