"""All cases, and the smaller selection that the test run takes."""

from __future__ import annotations

from tests.acceptance.kit import CASES, Case

from . import clean, defects, faults, second_order, signals


def all_cases() -> list[Case]:
    if not CASES:
        for table in (clean, defects, faults, second_order, signals):
            table.register()
    return CASES


THIN = {"INVALID": 8, "STALE": 6, "INPUT": 5, "MISSING": 5, "UNKNOWN": 6}  # of these families every n-th row


def selected(every: bool = False) -> list[Case]:
    """A part of the rows, each on one of its tracks in turn; everything with `every`."""
    cases = all_cases()
    if every:
        return cases
    rows: dict[str, list[Case]] = {}
    for case in cases:
        rows.setdefault(case.id, []).append(case)
    taken = []
    for number, (name, tracks) in enumerate(rows.items()):
        if number % THIN.get(name.partition("_")[0], 3) == 0:
            taken.append(tracks[number // 2 % len(tracks)])
    return taken
