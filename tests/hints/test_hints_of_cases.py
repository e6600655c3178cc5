"""Every hint that the case tables hold is applied literally: then that gap is gone."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from blueprint_cli.model import Gap
from tests.hints.apply import applied
from tests.support.cases.build import Checkout, repository
from tests.support.cases.judge import judged, scanned
from tests.support.cases.table import Case, cases

FORM = {"invalid-asset", "invalid-blueprint", "unknown-key", "unsafe-yaml", "yaml-syntax"}
"""Rules whose hints say what to write in the file that they are about."""
HINTS = ("write `", "write the line as `", "put it in quotes: `", "did you mean `", "looks like a misspelling")
ROWS = itertools.groupby(cases(), key=lambda case: (case.table, case.row))
WITH_HINTS = [
    case
    for case in (next(rows) for _, rows in ROWS)
    if any(hint in case.expected for hint in HINTS) and not case.situation.keys() & {"links", "committed_on"}
]


def hinted(case: Case) -> list[tuple[Gap, str, bytes]]:
    """The gaps of a case that have a hint, each with its file and the file's bytes after the hint is applied."""
    report, files = judged(case).report, repository(case)
    found = []
    for gap in report.gaps if report else ():
        place = gap.location
        if gap.rule in FORM and place.path in files and place.line:
            better = applied(files[place.path].decode(), place.line, place.column or 1, gap.message)
            if better is not None:
                found.append((gap, place.path, better.encode()))
    return found


@pytest.mark.parametrize("case", WITH_HINTS, ids=lambda case: f"{case.table}: {case.title} on {case.base}")
def test_a_hint_that_is_applied_literally_works(case: Case, tmp_path: Path) -> None:
    checkout = Checkout(tmp_path)
    for gap, path, better in hinted(case):
        checkout.hold({**repository(case), path: better})
        report = scanned(case, tmp_path).report
        assert report is not None
        left = [other.message for other in report.gaps if (other.rule, other.location.path) == (gap.rule, path)]
        assert gap.message not in left


def test_there_are_hints_to_apply() -> None:
    assert len(WITH_HINTS) > 40
