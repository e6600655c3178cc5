"""Measures whole processes, start-up included: processor time, elapsed time, and the largest resident size.

Processor time (user and system, with children) is compared: on a shared machine, elapsed time says more about the
neighbours. Only what several processes do at once needs elapsed time.
"""

from __future__ import annotations

import math
import os
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

GONE_WELL = (0, 1)
"""Exit codes of a tool that has done its work: without findings, and with findings."""


@dataclass(frozen=True)
class Figure:
    """Medians of some runs of one command: seconds, and MB of its largest process. NaN seconds: it did not run."""

    name: str
    seconds: float
    elapsed: float = math.nan
    peak: float = 0
    note: str = ""

    @property
    def missing(self) -> bool:
        """Whether there is nothing to compare."""
        return math.isnan(self.seconds)


@dataclass
class Course:
    """One command and what its runs took so far."""

    name: str
    command: Sequence[str]
    cwd: Path | None = None
    note: str = ""
    seconds: list[float] = field(default_factory=list)
    elapsed: list[float] = field(default_factory=list)
    peaks: list[float] = field(default_factory=list)
    failed: str = ""

    def run(self) -> None:
        """Run once more. The output is discarded."""
        begun = time.monotonic()
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(self.command, cwd=self.cwd, stdin=quiet, stdout=quiet, stderr=quiet)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in GONE_WELL:
            self.failed = f"did not run: exit {process.returncode}"
        self.seconds.append(usage.ru_utime + usage.ru_stime)
        self.elapsed.append(time.monotonic() - begun)
        self.peaks.append(usage.ru_maxrss / 1024)

    @property
    def figure(self) -> Figure:
        """The medians of all runs."""
        if self.failed or not self.seconds:
            return Figure(self.name, math.nan, note=self.failed or "did not run")
        seconds, elapsed = statistics.median(self.seconds), statistics.median(self.elapsed)
        return Figure(self.name, seconds, elapsed, max(self.peaks), self.note)


def rounds(courses: Sequence[Course], count: int) -> None:
    """Run all commands in turn, repeatedly: what slows the machine for a while slows all of them."""
    for _ in range(count):
        for course in courses:
            course.run()


def once(command: Sequence[str]) -> Figure:
    """One run of a command."""
    course = Course(Path(command[0]).name, command)
    course.run()
    return course.figure


def scaled(name: str, calls: Sequence[tuple[Figure, Figure, int]], scale: float, note: str) -> Figure:
    """One figure for many calls on a share of the files, as if they had been all of them.

    For each call: its figure with one file, with all files of the share, and their number (or engagements instead of
    files). The cost of a call with one file counts once, each further file is scaled.
    """
    broken = next((figure for call in calls for figure in call[:2] if figure.missing), None)
    if broken is not None or not calls:
        return Figure(name, math.nan, note=broken.note if broken else "no files")
    seconds = 0.0
    for first, every, count in calls:
        further = (every.seconds - first.seconds) / (count - 1) if count > 1 else 0.0
        seconds += first.seconds + max(0.0, further) * (count * scale - 1)
    return Figure(name, seconds, peak=max(every.peak for _, every, _ in calls), note=note)


def table(figures: Mapping[str, Figure], base: Figure) -> str:
    """The figures as Markdown; every ratio is against ``base``."""
    rows = [f"| | CPU s | elapsed s | against {base.name} | peak MB | |", "|---|---:|---:|---:|---:|---|"]
    for figure in figures.values():
        if figure.missing:
            rows.append(f"| {figure.name} | – | – | – | – | {figure.note} |")
        else:
            elapsed = "–" if math.isnan(figure.elapsed) else f"{figure.elapsed:.2f}"
            ratio = f"{figure.seconds / base.seconds:.2f} ×"
            cells = figure.name, f"{figure.seconds:.2f}", elapsed, ratio, f"{figure.peak:.0f}", figure.note
            rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"
