"""What the cases show of the policy, read off the reports that the tool makes of them; no case claims it of itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from blueprint_cli.model import NodeReport, Status
from blueprint_cli.policy.load import packaged_policy
from blueprint_cli.policy.model import EMPTY
from blueprint_cli.policy.rows import Cadence
from blueprint_cli.predicates.kinds import KINDS
from tests.support.cases.judge import judged
from tests.support.cases.table import cases

ARCHETYPE = packaged_policy().catalog.archetypes["post_sales_governance"]
"""The archetype that the cases are about."""
SECTIONS_THAT_DECIDE = ("assets", "cadence", "validation")
"""Rows of ``automation`` are reported and decide nothing."""
JUDGED = {Status.PASSED: True, Status.FAILED: False}
Observation = tuple[str, str, bool]
"""What, its name, and whether it passed; for a signal or a handoff, whether it is active."""


@cache
def observed() -> dict[str, dict[str, set[bool]]]:
    """Both ways or one, by what it is and its name."""
    found: dict[str, dict[str, set[bool]]] = defaultdict(lambda: defaultdict(set))
    for case in cases():
        result = judged(case)
        for kind, held in result.heard:
            found["predicate"][kind].add(held)
        if result.report is not None and result.report.checks:
            for what, name, way in _observations(result.report):
                found[what][name].add(way)
    return found


def required() -> dict[str, set[str]]:
    """What must be observed both ways."""
    tracks = ARCHETYPE.tracks
    return {
        "check": set(ARCHETYPE.checks),
        "cadence": {
            f"{cadence.id} on {track.id}"
            for cadence in ARCHETYPE.all_cadences
            for track in tracks.values()
            if track.cell(cadence.row) != EMPTY
        },
        "gate": {f"{gate.id} on {track}" for gate in ARCHETYPE.gates for track in tracks},
        "signal": set(_signals()),
        "handoff": set(_handoffs()),
        "row": {f"{section}.{row}" for section in SECTIONS_THAT_DECIDE for row in ARCHETYPE.written["rows"][section]},
        "predicate": set(KINDS),
    }


def _signals() -> Iterator[str]:
    for blueprint in ARCHETYPE.reference_blueprints.values():
        yield from (f"{blueprint.id}/{signal.id}" for signal in blueprint.signals)


def _handoffs() -> Iterator[str]:
    return (f"{handoff.source}>{handoff.target}" for handoff in ARCHETYPE.handoffs)


def _observations(report: NodeReport) -> Iterator[Observation]:
    for check in report.checks:
        if check.status in JUDGED:
            yield "check", check.check, JUDGED[check.status]
    for cadence in report.cadences:
        if cadence.status in JUDGED:
            yield "cadence", f"{cadence.cadence} on {report.track}", JUDGED[cadence.status]
    for name, rate in report.gates.items():
        if rate.value is not None and rate.required is not None:
            yield "gate", f"{name} on {report.track}", rate.value >= rate.required
    active = {f"{signal.reference_blueprint}/{signal.id}" for signal in report.signals}
    yield from (("signal", name, name in active) for name in _signals())
    due = {f"{handoff.source}>{handoff.target}" for handoff in report.handoffs}
    yield from (("handoff", name, name in due) for name in _handoffs())
    track = ARCHETYPE.tracks[str(report.track)]
    observed_rows = (*_assets(report), *_requirements(report), *_totals(report))
    yield from (("row", row, passed) for row, passed in observed_rows if track.cell(row) != EMPTY)


def _assets(report: NodeReport) -> Iterator[tuple[str, bool]]:
    """Rows of a depth, a period or the presence of an asset."""
    stale = {gap.asset for gap in report.gaps if gap.rule == "stale-asset"}
    shallow = {gap.asset for gap in report.gaps if "depth" in gap.message}
    state = {line.asset: line.status for line in report.assets}
    for asset, (row, declared) in ARCHETYPE.asset_rows.items():
        status = state.get(asset)
        if declared["type"] == "depth" and (status == "current" or asset in shallow):
            yield row, asset not in shallow
        elif declared["type"] == "period" and status in ("current", "stale"):
            yield row, asset not in stale
        elif declared["type"] not in ("depth", "period") and status is not None:
            yield row, status != "missing"


def _requirements(report: NodeReport) -> Iterator[tuple[str, bool]]:
    """Rows that a check or a cadence is bound to."""
    cadences = {cadence.id: cadence for cadence in ARCHETYPE.all_cadences}
    answers = {line.check: line.status for line in report.checks}
    answers |= {line.cadence: line.status for line in report.cadences}
    for name, status in answers.items():
        requirement = ARCHETYPE.checks.get(name) or cadences.get(name)
        if requirement is None or status not in JUDGED:  # one that the case's own policy adds
            continue
        if isinstance(requirement, Cadence):
            yield requirement.row, JUDGED[status]
        for limit in requirement.requires.limits():
            yield from ((row, JUDGED[status]) for row in (limit.row, limit.capped_by) if row)


def _totals(report: NodeReport) -> Iterator[tuple[str, bool]]:
    """Rows about the engagement as a whole."""
    rules = {gap.rule for gap in report.gaps}
    sources = {gap.threshold.source for gap in report.gaps if gap.threshold and gap.rule == "stale-asset"}
    yield "validation.staleness", not any("validation.staleness" in source for source in sources)
    yield "validation.asset_completeness", all(line.status != "missing" for line in report.assets)
    yield "validation.checklist_pass_rate", "low-pass-rate" not in rules
