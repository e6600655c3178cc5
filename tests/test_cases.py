"""Every case of the tables in tests/cases, and nothing of the policy without cases that show it both ways.

`pytest tests/test_cases.py --update-cases` writes what the cases expect.
"""

from __future__ import annotations

import itertools
from collections import Counter

import pytest

from blueprint_cli.model import Severity, Status
from blueprint_cli.rulebook import RULES
from tests.support.cases import written
from tests.support.cases.build import BASES
from tests.support.cases.coverage import ARCHETYPE, SECTIONS_THAT_DECIDE, observed, required
from tests.support.cases.judge import excerpt, judged
from tests.support.cases.table import Case, cases, rewrite

ROWS = [list(rows) for _, rows in itertools.groupby(cases(), key=lambda case: (case.table, case.row))]
"""The cases by row of a table: one for each engagement that the row names."""
ONLY_OF_DIFFERENCES = {"policy-change"}
"""Rules of `bp diff`, which compares two states; a case has one."""


def _name(row: list[Case]) -> str:
    return f"{row[0].table}: {row[0].title} on {', '.join(case.base for case in row)}"


@pytest.mark.parametrize("row", ROWS, ids=_name)
def test_case(row: list[Case], request: pytest.FixtureRequest) -> None:
    reported = {case.base: excerpt(case) for case in row}
    if request.config.getoption("--update-cases"):
        rewrite(row[0], reported)
    else:
        assert reported == {case.base: case.expected for case in row}


def test_every_table_begins_with_what_it_is_about() -> None:
    assert not [case.table for case in cases() if not case.file.read_text(encoding="utf-8").startswith("# ")]


@pytest.mark.parametrize("base", sorted(path.name for path in BASES.iterdir()))
def test_clean_engagements_are_written_as_changed_ones_are(base: str) -> None:
    """So a change to a value never changes the form of the file around it."""
    for file in (BASES / base).rglob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        assert written.write(written.read(text)) == text, file


@pytest.mark.parametrize("what", required())
def test_the_cases_show_both_ways_of_every(what: str) -> None:
    ways = observed()[what]
    missing = [f"{name}: {way}" for name in sorted(required()[what]) for way in (False, True) if way not in ways[name]]
    assert not missing, f"no case under tests/cases/ in which the {what} is so: {', '.join(missing)}"


def test_every_section_of_the_policys_rows_decides_or_is_known_not_to() -> None:
    assert set(ARCHETYPE.written["rows"]) == {*SECTIONS_THAT_DECIDE, "automation"}


@pytest.mark.parametrize("rule", sorted(set(RULES) - ONLY_OF_DIFFERENCES))
def test_every_rule_has_a_table_with_a_case_that_reports_it_and_one_that_does_not(rule: str) -> None:
    reports = [report for case in cases() if case.table == f"rules/{rule}" if (report := judged(case).report)]
    assert {any(gap.rule == rule for gap in report.gaps) for report in reports} == {True, False}


@pytest.mark.parametrize("check", sorted(ARCHETYPE.checks))
def test_every_check_has_a_table_with_a_case_that_fails_and_one_that_passes(check: str) -> None:
    table = f"checks/{check.rpartition('CHK_')[2].lower()}"
    reports = [report for case in cases() if case.table == table if (report := judged(case).report)]
    answers = {line.status for report in reports for line in report.checks if line.check == check}
    assert Status.PASSED in answers
    # What the schema of an asset requires as well leaves nothing for its check to fail: CHK_SUP_001.
    assert answers & {Status.FAILED, Status.NOT_EVALUABLE}


def test_every_report_is_consistent() -> None:
    playbooks = {name: check.playbook for name, check in ARCHETYPE.checks.items()}
    for case in cases():
        report = judged(case).report
        if report is None:
            continue
        order = [
            (RULES[gap.rule].consequence, gap.severity.rank, gap.location.path, gap.location.line or 0, gap.rule)
            for gap in report.gaps
        ]
        assert order == sorted(order), case.name
        assert len({gap.fingerprint for gap in report.gaps}) == len(report.gaps), case.name
        assert not [gap for gap in report.gaps if gap.location.path.startswith(("/", ".."))], case.name
        assert {gap.severity for gap in report.gaps} <= set(Severity), case.name
        count = Counter(line.status for line in report.checks)
        for rate in report.gates.values():
            assert (rate.passed, rate.failed) == (count[Status.PASSED], count[Status.FAILED]), case.name
        for gap in report.gaps:
            if gap.rule == "failed-check":
                assert gap.playbook is not None, (case.name, gap)
                assert gap.playbook.id == playbooks[str(gap.check)], (case.name, gap)
