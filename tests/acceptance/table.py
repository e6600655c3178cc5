"""All cases, and the smaller selection that the test run takes."""

from __future__ import annotations

from . import clean, defects, faults, signals
from .kit import CASES, Case


def all_cases() -> list[Case]:
    if not CASES:
        for table in (clean, defects, faults, signals):
            table.register()
    return CASES


def selected(every: bool = False) -> list[Case]:
    """Each row on one of its tracks, in turn; everything with `every`."""
    cases = all_cases()
    if every:
        return cases
    rows: dict[str, list[Case]] = {}
    for case in cases:
        rows.setdefault(case.id, []).append(case)
    return [row[number % len(row)] for number, row in enumerate(rows.values())]
