"""Nothing of the policy without a case on disk that shows it at work and one that shows it at rest.

What the cases show is not claimed by them: it is read off the reports that the tool makes of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from blueprint_cli.cli.app import COMMANDS
from blueprint_cli.model import NodeReport, Status
from blueprint_cli.policy.load import packaged_policy
from blueprint_cli.policy.model import EMPTY, Archetype
from blueprint_cli.policy.rows import Cadence
from blueprint_cli.predicates.kinds import KINDS
from blueprint_cli.render import offered
from blueprint_cli.rulebook import RULES
from tests.cases.folder import cases, judged

ROOT = Path(__file__).parents[1]
NEED_HISTORY = {"hollow-refresh": "gitdates/test_hollow.py", "policy-change": "diff/test_diff_scenarios.py"}
"""Rules that compare two states of a repository: their cases are in these files."""
SECTIONS_THAT_DECIDE = ("assets", "cadence", "validation")
"""Rows of ``automation`` are told and decide nothing."""


@dataclass
class Shown:
    """What the cases show: names at work (a gap, a failure, an active signal) and names at rest."""

    rules: set[str] = field(default_factory=set)
    checks: dict[str, set[Status]] = field(default_factory=lambda: defaultdict(set))
    cadences: dict[str, set[Status]] = field(default_factory=lambda: defaultdict(set))
    signals: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    handoffs: set[str] = field(default_factory=set)
    no_handoff: set[str] = field(default_factory=set)
    rows: dict[str, set[bool]] = field(default_factory=lambda: defaultdict(set))
    gates: dict[str, set[bool]] = field(default_factory=lambda: defaultdict(set))
    predicates: dict[str, set[bool]] = field(default_factory=lambda: defaultdict(set))


@pytest.fixture(scope="module")
def archetype() -> Archetype:
    """The archetype that the cases are about."""
    return packaged_policy().catalog.archetypes["post_sales_governance"]


@pytest.fixture(scope="module")
def shown(archetype: Archetype) -> Shown:
    """What all cases show together."""
    found = Shown()
    for case in cases():
        one = judged(case)
        for kind, held in one.heard:
            found.predicates[kind].add(held)
        if one.report is not None:
            _note(found, one.report, archetype)
    return found


def _note(found: Shown, report: NodeReport, archetype: Archetype) -> None:
    found.rules |= {gap.rule for gap in report.gaps}
    if not report.checks:
        return
    for one in report.checks:
        found.checks[one.check].add(one.status)
    for one in report.cadences:
        found.cadences[one.cadence].add(one.status)
    for name, rate in report.gates.items():
        if rate.value is not None and rate.required is not None:
            found.gates[f"{name} on {report.track}"].add(rate.value >= rate.required)
    active = {f"{one.reference_blueprint}/{one.id}" for one in report.signals}
    found.signals |= active
    found.silent |= {
        f"{rb.id}/{one.id}" for rb in archetype.reference_blueprints.values() for one in rb.signals
    } - active
    due = {f"{one.source}>{one.target}" for one in report.handoffs}
    found.handoffs |= due
    found.no_handoff |= {f"{one.source}>{one.target}" for one in archetype.handoffs} - due
    _note_rows(found, report, archetype)


def _signals(archetype: Archetype) -> set[str]:
    return {f"{rb.id}/{one.id}" for rb in archetype.reference_blueprints.values() for one in rb.signals}


def _note_rows(found: Shown, report: NodeReport, archetype: Archetype) -> None:
    track = archetype.tracks[str(report.track)]
    state = {one.asset: one.status for one in report.assets}
    stale = {gap.asset for gap in report.gaps if gap.rule == "stale-asset"}
    for asset, (row, declared) in archetype.asset_rows.items():
        if track.cell(row) == EMPTY or asset not in state:
            continue
        if declared["type"] == "depth":
            found.rows[row] |= {state[asset] == word for word in ("current", "invalid") if state[asset] == word}
            if any(gap.asset == asset and "depth" in gap.message for gap in report.gaps):
                found.rows[row].add(False)
        elif declared["type"] == "period":
            found.rows[row] |= {asset not in stale} if state[asset] in ("current", "stale") else set()
        else:
            found.rows[row] |= {state[asset] != "missing"}
    answers = {line.check: line.status for line in report.checks}
    answers |= {line.cadence: line.status for line in report.cadences}
    for requirement, status in answers.items():
        if status in (Status.PASSED, Status.FAILED):
            for row in _bound(archetype, requirement):
                if track.cell(row) != EMPTY:
                    found.rows[row].add(status is Status.PASSED)
    if track.cell("validation.staleness") != EMPTY:
        by_row = any("validation.staleness" in gap.threshold.source for gap in report.gaps if gap.threshold)
        found.rows["validation.staleness"].add(not (by_row and stale))
    found.rows["validation.asset_completeness"].add("missing" not in state.values())
    found.rows["validation.checklist_pass_rate"].add(all(gap.rule != "low-pass-rate" for gap in report.gaps))


def _bound(archetype: Archetype, name: str) -> set[str]:
    """The rows that a check or a cadence binds; none for one that the case's own policy adds."""
    row = archetype.checks.get(name) or next((one for one in archetype.all_cadences if one.id == name), None)
    if row is None:
        return set()
    bound = {row.row} if isinstance(row, Cadence) else set()
    return bound | {name for spec in row.requires.limits() for name in (spec.row, spec.capped_by) if name}


def _lacking(what: str, names: set[str], at_work: set[str], at_rest: set[str]) -> None:
    missing = [f"no case shows {what} {name} failing or active" for name in sorted(names - at_work)]
    missing += [f"no case shows {what} {name} passing or inactive" for name in sorted(names - at_rest)]
    assert not missing, "\n".join([*missing, "add it under tests/cases/"])


def _answers(of: dict[str, set[Status]], status: Status) -> set[str]:
    return {name for name, seen in of.items() if status in seen}


def _said(of: dict[str, set[bool]], answer: bool) -> set[str]:
    return {name for name, seen in of.items() if answer in seen}


def test_every_rule_has_a_case_that_fails_and_one_that_passes(shown: Shown) -> None:
    named = {case.folder.name for case in cases() if case.folder.parent.name == "rules"}
    rules = set(RULES) - set(NEED_HISTORY)
    passing = {rule for rule in rules if f"{rule.replace('-', '_')}_passes" in named}
    failing = {rule for rule in shown.rules if f"{rule.replace('-', '_')}_fails" in named}
    _lacking("the rule", rules, failing, passing)


@pytest.mark.parametrize("rule", NEED_HISTORY)
def test_rules_that_need_history_have_theirs_elsewhere(rule: str) -> None:
    assert rule in (ROOT / "tests" / NEED_HISTORY[rule]).read_text(encoding="utf-8")


def test_a_case_named_for_passing_does_not_report_its_rule() -> None:
    wrong = []
    for case in cases():
        rule, _, what = case.folder.name.rpartition("_")
        rules = [gap["rule"] for gap in case.expected.get("gaps", ())]
        named = case.folder.parent.name == "rules" and what in ("passes", "fails")
        if named and (rule.replace("_", "-") in rules) != (what == "fails"):
            wrong.append(f"{case.name}: {rules}")
    assert not wrong, "\n".join(wrong)


def test_every_check(shown: Shown, archetype: Archetype) -> None:
    names = set(archetype.checks)
    _lacking("the check", names, _answers(shown.checks, Status.FAILED), _answers(shown.checks, Status.PASSED))


def test_every_check_has_its_own_pair_of_cases(archetype: Archetype) -> None:
    wanted = {
        (f"checks/{name.rpartition('CHK_')[2].lower()}_{how}", name, answer)
        for name in archetype.checks
        for how, answer in (("passes", "passed"), ("fails", "failed"))
    }
    there = {(case.name, name, answer) for case in cases() for name, answer in case.expected.get("checks", {}).items()}
    assert not wanted - there, f"lacking: {sorted(wanted - there)}"


def test_every_cadence_on_every_track_that_asks_for_it(archetype: Archetype) -> None:
    every = [*archetype.cadences, *(one for rb in archetype.reference_blueprints.values() for one in rb.cadences)]
    seen: dict[str, set[str]] = defaultdict(set)
    for case in cases():
        for name, answer in case.expected.get("cadences", {}).items():
            seen[f"{name} on {case.base.name}"].add(answer)
    names = {
        f"{one.id} on {track.id}"
        for one in every
        for track in archetype.tracks.values()
        if track.cell(str(one.written["row"])) != EMPTY
    }
    failing = {name for name, answers in seen.items() if "failed" in answers}
    passing = {name for name, answers in seen.items() if "passed" in answers}
    _lacking("the cadence", names, failing, passing)


def test_every_gate_on_every_track(shown: Shown, archetype: Archetype) -> None:
    names = {f"{gate.id} on {track}" for gate in archetype.gates for track in archetype.tracks}
    _lacking("the gate", names, _said(shown.gates, False), _said(shown.gates, True))


def test_every_signal(shown: Shown, archetype: Archetype) -> None:
    _lacking("the signal", _signals(archetype), shown.signals, shown.silent)


def test_every_handoff(shown: Shown, archetype: Archetype) -> None:
    names = {f"{one.source}>{one.target}" for one in archetype.handoffs}
    _lacking("the handoff", names, shown.handoffs, shown.no_handoff)


def test_every_row_that_decides(shown: Shown, archetype: Archetype) -> None:
    declared = archetype.written["rows"]
    names = {f"{section}.{row}" for section in SECTIONS_THAT_DECIDE for row in declared[section]}
    _lacking("the row", names, _said(shown.rows, False), _said(shown.rows, True))


def test_every_section_of_rows_is_known_here(archetype: Archetype) -> None:
    assert set(archetype.written["rows"]) == {*SECTIONS_THAT_DECIDE, "automation"}


def test_every_kind_of_predicate(shown: Shown) -> None:
    _lacking("the predicate", set(KINDS), _said(shown.predicates, False), _said(shown.predicates, True))


def test_every_renderer_has_a_golden() -> None:
    golden = [one.name for one in (ROOT / "tests" / "render" / "golden").iterdir()]
    suffixes = {name: re.compile(rf"\.{name}(\.|$)") for name in offered("report")}
    aliases = {"markdown": re.compile(r"\.(markdown|md)(\.|$)"), "yaml": re.compile(r"\.ya?ml$")}
    aliases |= {"text": re.compile(r"\.(text|txt)(\.|$)"), "junit": re.compile(r"\.(junit|xml)(\.|$)")}
    lacking = [
        name for name in offered("report") if not any(aliases.get(name, suffixes[name]).search(one) for one in golden)
    ]
    assert not lacking, f"no golden in tests/render/golden for {lacking}"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    assert any(f"bp {command}" in page.read_text(encoding="utf-8") for page in pages), f"no page speaks of bp {command}"
