"""Work that no kill of the run cuts in two: it is done by a process of its own.

A new report gets an old one's name in two steps, and a run that is killed between them would leave a file under
another name behind. So the run forks a process, outside its process group, and tells it to do one job after the
other. When nobody tells it any more, because the run has ended in whatever way, it ends with the job at hand.
"""

from __future__ import annotations

import json
import os
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import IO

from blueprint_cli.errors import BpError
from blueprint_cli.signals import held

Job = Callable[[], object]


def done(jobs: Iterable[Job]) -> Iterator[BpError | None]:
    """Do the jobs in order; of each what kept it from being done. They are taken and called in the other process.

    Where that process ends before its time, that is the last answer. Where none can be started the jobs are done here.
    """
    order, told = os.pipe()
    heard, answer = os.pipe()
    with held(), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads: the other process needs none
        try:
            child = os.fork()
        except OSError:
            child = -1
        if child == 0:
            _serve(jobs, order, answer, (told, heard))
    os.close(order)
    os.close(answer)
    with open(heard, "rb") as answers:  # noqa: PTH123
        if child < 0:
            os.close(told)
            yield from map(_attempt, jobs)
            return
        try:
            yield from _answers(told, answers)
        finally:
            with held():
                os.close(told)
                answers.read()  # it ends with the job at hand
                _, status = os.waitpid(child, 0)
    if status:
        ended = os.waitstatus_to_exitcode(status)
        yield BpError(
            f"the process that writes ended unexpectedly ({ended}); what it had not written yet is as it was",
            "Look for what ends processes here (memory?), and run again.",
        )


def _answers(told: int, answers: IO[bytes]) -> Iterator[BpError | None]:
    while True:
        with suppress(BrokenPipeError):
            os.write(told, b"\n")
        line = answers.readline()
        if not line:
            return
        said = json.loads(line)
        if said is not None and len(said) == 1:
            raise RuntimeError(f"in the process that writes:\n{said[0]}")
        yield None if said is None else BpError(*said)


def _attempt(job: Job) -> BpError | None:
    try:
        job()
    except BpError as problem:
        return problem
    return None


def _serve(jobs: Iterable[Job], order: int, answer: int, others: Iterable[int]) -> None:
    """The life of the other process: an order in, an answer out. It has its stops held for ever."""
    code = 1
    try:
        os.setsid()
        for other in others:
            os.close(other)
        todo = iter(jobs)
        while os.read(order, 1) and (job := next(todo, None)) is not None:
            try:
                problem = _attempt(job)
                said = None if problem is None else [problem.message, problem.hint]
            except Exception:
                said = [traceback.format_exc()]
            with suppress(BrokenPipeError):
                os.write(answer, json.dumps(said).encode() + b"\n")
        code = 0
    finally:
        os._exit(code)
