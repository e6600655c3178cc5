"""One run: with a deadline, and gap reports that wait until every engagement is judged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import IO

from blueprint_cli import pool, signals
from blueprint_cli.cli.progress import progress
from blueprint_cli.errors import BpError
from blueprint_cli.files import atomic
from blueprint_cli.files.tree import GAP_REPORT
from blueprint_cli.model import NodeReport, Report
from blueprint_cli.scan import Scanner

_BEGINNING = b"schema_version: "
"""How a report begins. A file that has another name than the usual one is overwritten only if it begins like this: a
configuration that somebody else wrote may name any file."""
_IN_MEMORY = 1 << 25
"""Bytes of gap reports that are kept in memory; more of them go to a temporary file."""


@dataclass(frozen=True, slots=True)
class Projection:
    """What is kept of a node's report: its file's text where it is written, its details where they are shown."""

    text: bool
    details: bool

    @property
    def needs_details(self) -> bool:
        return self.text or self.details

    def __call__(self, report: NodeReport) -> tuple[NodeReport, str | None]:
        """The report to render, and the text of its gap report."""
        from blueprint_cli.render.yaml import gap_report  # late: `bp lint` writes none

        text = gap_report(report) if self.text and report.report_path else None
        return (report if self.details else _slim(report)), text


def _slim(report: NodeReport) -> NodeReport:
    return replace(report, checks=(), cadences=(), assets=(), recommendations=(), reference_blueprints=(), waivers=())


def _spool() -> IO[bytes]:
    import tempfile  # late: it brings random numbers and archives with it

    return tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)


@dataclass
class PendingReports:
    """Gap reports that wait until every node is judged: a run that fails half-way writes nothing."""

    spool: IO[bytes] = field(default_factory=_spool)
    places: list[tuple[str, int]] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    """The files that were written, which are those that changed."""

    def add(self, path: str, text: str) -> None:
        data = text.encode("utf-8", "backslashreplace")
        try:
            self.spool.write(data)
        except OSError as problem:
            raise BpError(
                f"the gap reports cannot be kept until all are judged: {problem.strerror}; nothing was written",
                "Set TMPDIR to a directory with free space, or scan fewer engagements at a time.",
            ) from None
        self.places.append((path, len(data)))

    def write(self, root: str) -> list[BpError]:
        """Write all of them. Returns an error for each that could not be written."""
        problems = []
        self.spool.seek(0)
        with progress(len(self.places), "gap reports written") as advance:
            for number, (path, size) in enumerate(self.places, 1):
                over = None if path.rpartition("/")[2] == GAP_REPORT else _BEGINNING
                try:
                    if atomic.write(root, path, self.spool.read(size), over=over, text=True):
                        self.written.append(path)
                except BpError as problem:
                    problems.append(problem)
                advance(number)
        return problems


@dataclass
class Progress:
    """How far a run has come, for the message of a timeout."""

    thing: str = "engagement"
    total: int | None = None
    judged: int = 0
    gaps: int | None = None

    def __str__(self) -> str:
        if self.total is None:
            return f"no {self.thing} was judged yet"
        gaps = "" if self.gaps is None else f" ({self.gaps} gaps so far)"
        return f"{self.judged} of {self.total} {self.thing}s were judged{gaps}"


def judge(scanner: Scanner, keep: Projection, jobs: int | None, done: Progress) -> tuple[Report, PendingReports]:
    """Judge the engagements of a run. ``done`` records how far this has come."""
    done.total, done.judged, done.gaps = len(scanner.nodes), 0, 0
    reports: list[NodeReport] = []
    pending = PendingReports()
    try:
        with (
            progress(len(scanner.nodes), "engagements judged") as advance,
            closing(pool.judge(scanner, keep, jobs)) as judged,  # ends its processes, whatever happens
        ):
            for report, text in judged:
                reports.append(report)
                done.judged, done.gaps = len(reports), done.gaps + len(report.gaps)
                if text is not None and report.report_path is not None:
                    pending.add(report.report_path, text)
                advance(len(reports))
    except BaseException:
        pending.spool.close()
        raise
    return Report(scanner.snapshot.as_of.text, tuple(reports), tuple(scanner.notes)), pending


@contextmanager
def deadline(seconds: float | None, done: object) -> Iterator[None]:
    """Raises BpError, which reports what was ``done``, if the block takes longer than that."""
    if seconds is None:
        yield
        return
    if signals.ALARM is None:
        raise BpError("--timeout needs a timer that this system does not have", "Leave it out.")
    try:
        with signals.deadline(seconds):
            yield
    except signals.Stop as stop:
        if stop.number != signals.ALARM:
            raise
        raise BpError(
            f"timed out after {seconds:g} s: {done}; nothing was written",
            "Allow more time with --timeout, or judge fewer engagements at a time.",
        ) from None
