"""Many nodes, all cores: the order of the results is that of the nodes, however many processes there are."""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from blueprint_cli.errors import BpError
from blueprint_cli.model import NodeReport
from blueprint_cli.node import NodeRef
from blueprint_cli.scan import Scanner

Result = TypeVar("Result")
CHUNK = 25
"""Nodes that one process takes at a time: large enough to hide the hand-over, small enough to share fairly."""
WORTHWHILE = 60
"""Fewer nodes than this are judged faster than further processes are started."""

_work: tuple[Scanner, Callable[[NodeReport], Any]] | None = None
"""What a forked process inherits; never set in one that is spawned."""


def judge(
    scanner: Scanner, nodes: Sequence[NodeRef], keep: Callable[[NodeReport], Result], jobs: int | None = None
) -> Iterator[Result]:
    """What ``keep`` makes of each node's report, in order. ``jobs``: processes; None: as many as pay."""
    count = jobs or (cores() if len(nodes) >= WORTHWHILE else 1)
    if count == 1 or "fork" not in multiprocessing.get_all_start_methods():
        with _QuietCollector():
            for report in scanner.scan(nodes):
                yield keep(report)
        return
    yield from _shared(scanner, nodes, keep, min(count, -(-len(nodes) // CHUNK)))


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _shared(
    scanner: Scanner, nodes: Sequence[NodeRef], keep: Callable[[NodeReport], Result], count: int
) -> Iterator[Result]:
    global _work
    scanner.tree.close()  # what a tree has open is not to be shared with another process
    _work = (scanner, keep)
    chunks = [list(islice(nodes, start, start + CHUNK)) for start in range(0, len(nodes), CHUNK)]
    with multiprocessing.get_context("fork").Pool(count, initializer=_start) as pool:
        try:
            for answer in pool.imap(_judge, chunks):
                results, notes, problem = answer
                scanner.notes.update(dict.fromkeys(notes))
                yield from results
                if problem is not None:
                    raise problem
        finally:
            _work = None


def _start() -> None:
    """Interrupts are the parent's: it ends the others. What is inherited is never garbage, and not searched."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    gc.freeze()


def _judge(nodes: list[NodeRef]) -> tuple[list[Any], list[str], BpError | None]:
    assert _work is not None  # noqa: S101 - set before the fork
    scanner, keep = _work
    results: list[Any] = []
    problem = None
    try:
        results = [keep(report) for report in scanner.scan(nodes)]
    except BpError as raised:
        problem = pickle.loads(pickle.dumps(raised))  # noqa: S301 - proves that it can be handed over
    gc.collect()
    return results, list(scanner.notes), problem


class _QuietCollector:
    """Reading makes many small values and no cycles worth a search after each: collect when all is done."""

    def __enter__(self) -> None:
        self._was = gc.isenabled()
        gc.freeze()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        if self._was:
            gc.enable()
        gc.unfreeze()
