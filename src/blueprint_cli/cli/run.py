"""One run of the judge: with a deadline, a progress bar, and reports kept aside until all is judged."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from types import FrameType
from typing import IO

from blueprint_cli import atomic, fleet
from blueprint_cli.errors import BpError
from blueprint_cli.model import NodeReport, Report
from blueprint_cli.node import NodeRef
from blueprint_cli.render import node_data
from blueprint_cli.scan import Scanner
from blueprint_cli.yamlfile import dump

_USUAL = "gap_report.yaml"
_BEGINNING = b"schema_version: "
"""How a report begins. Under another name than the usual one nothing else is overwritten: a configuration that
somebody else wrote may name any file."""
_AGAIN = 0.2
"""Seconds after which a deadline that passed is raised once more: code that survives any fault may swallow it."""
_PATIENCE = 1.0
"""Seconds after which a terminal is shown how far the run is."""


@dataclass(frozen=True, slots=True)
class Keep:
    """What is kept of a node's report: its file's text where it is written, its details where they are shown."""

    text: bool
    details: bool

    def __call__(self, report: NodeReport) -> tuple[NodeReport, str | None]:
        """The report to render, and the text of its gap report."""
        text = gap_report(report) if self.text and report.report_path else None
        return (report if self.details else _slim(report)), text


def gap_report(report: NodeReport) -> str:
    """The text of a node's gap_report.yaml."""
    return dump(node_data(report))


def _slim(report: NodeReport) -> NodeReport:
    return replace(report, checks=(), cadences=(), assets=(), recommendations=(), reference_blueprints=(), waivers=())


def _spool() -> IO[bytes]:
    import tempfile  # late: it brings random numbers and archives with it

    return tempfile.SpooledTemporaryFile(max_size=1 << 25)


@dataclass
class Pending:
    """Gap reports that wait until every node is judged: a run that fails half-way writes nothing."""

    spool: IO[bytes] = field(default_factory=_spool)
    places: list[tuple[str, int]] = field(default_factory=list)

    def add(self, path: str, text: str) -> None:
        """Keep a report for later."""
        data = text.encode("utf-8", "backslashreplace")
        self.spool.write(data)
        self.places.append((path, len(data)))

    def write(self, root: str) -> list[BpError]:
        """Write all of them; what kept some from being written."""
        self.spool.seek(0)
        problems = []
        for path, size in self.places:
            usual = path.rpartition("/")[2] == _USUAL
            try:
                atomic.write(root, path, self.spool.read(size), over=None if usual else _BEGINNING)
            except BpError as problem:
                problems.append(problem)
        return problems


@dataclass
class Done:
    """How far a run has come, for the case that its time is over."""

    nodes: int | None = None
    reports: list[NodeReport] = field(default_factory=list)

    def __str__(self) -> str:
        if self.nodes is None:
            return "no engagement was judged yet"
        gaps = sum(len(report.gaps) for report in self.reports)
        return f"{len(self.reports)} of {self.nodes} engagements were judged ({gaps} gaps so far)"


def judge(
    scanner: Scanner,
    nodes: Sequence[NodeRef],
    keep: Keep,
    *,
    jobs: int | None = None,
    timeout: float | None = None,
    done: Done | None = None,
    shown: bool = True,
) -> tuple[Report, Pending]:
    """Judge nodes, and tell a terminal how far it is (``shown``).

    Raises BpError when the deadline passes, saying what was done.
    """
    done = done or Done()
    done.nodes, done.reports = len(nodes), []
    reports, pending = done.reports, Pending()
    scanner.details, scanner.together = keep.text or keep.details, nodes
    try:
        with (
            deadline(timeout, done),
            progress(len(nodes) if shown else 0, "engagements") as advance,
            closing(fleet.judge(scanner, nodes, keep, jobs)) as judged,  # ends its processes, whatever happens
        ):
            for report, text in judged:
                reports.append(report)
                if text is not None and report.report_path is not None:
                    pending.add(report.report_path, text)
                advance(len(reports))
    except BaseException:
        pending.spool.close()
        raise
    return Report(scanner.as_of.text, tuple(reports), tuple(scanner.notes)), pending


class _Late(BaseException):
    """The time is over. Not an Exception, because some code answers those and goes on."""


@contextmanager
def deadline(seconds: float | None, done: Done) -> Iterator[None]:
    """Raises BpError, saying what was done, where the time is over before the block is."""
    if seconds is None:
        yield
        return
    over = False

    def late(_signal: int, _frame: FrameType | None) -> None:
        nonlocal over
        over = True
        raise _Late

    previous = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except _Late:
        pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    if over:
        raise BpError(
            f"the time of {seconds:g} s is over: {done}; nothing was written",
            "Allow more time with --timeout, or scan fewer engagements.",
        )


@contextmanager
def progress(total: int, what: str) -> Iterator[Callable[[int], None]]:
    """Tells a terminal how far the run is, once it takes longer than a moment."""
    if not total or not sys.stderr.isatty():
        yield lambda _done: None
        return
    begun = time.monotonic()
    shown = 0.0

    def advance(done: int) -> None:
        nonlocal shown
        now = time.monotonic()
        if now - begun > _PATIENCE and now - shown > 0.1:
            shown = now
            width = 30 * done // total
            sys.stderr.write(f"\r{'█' * width}{'░' * (30 - width)} {done}/{total} {what}")
            sys.stderr.flush()

    try:
        yield advance
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")
