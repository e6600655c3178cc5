"""From a verdict to the report: every line of a node, totalled once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from blueprint_cli.engagement.node import NodeRef
from blueprint_cli.model import (
    AssetLine,
    BlueprintLine,
    CadenceLine,
    CheckLine,
    CustomerHealth,
    Gap,
    NodeReport,
    NodeStatus,
    Owner,
    Status,
)
from blueprint_cli.model.fields import Text
from blueprint_cli.policy.plan import BlueprintRequirement, Kind
from blueprint_cli.predicates.scope import State
from blueprint_cli.report.data import mapped
from blueprint_cli.report.gaps import gaps_of, iso_or_none, unplanned
from blueprint_cli.report.next_steps import handoffs, known_outcomes, recommendations, signals, upcoming
from blueprint_cli.rules.context import Context, Finding, Outcome
from blueprint_cli.text import clip

if TYPE_CHECKING:
    from blueprint_cli.rules.judge import Verdict

_Line = TypeVar("_Line", CheckLine, CadenceLine)
_LONGEST = 200
"""Characters of a name that a blueprint.yaml gives and no schema has bounded."""
_FAILED = {State.ABSENT: "missing", State.BROKEN: "invalid", State.THERE: "stale"}  # the status of an asset that failed


def unjudged(ref: NodeRef, as_of: str, findings: Iterable[Finding], data: Mapping[str, Any] | None) -> NodeReport:
    """The report of a node whose requirements are not known: only what was found in what is there.

    ``data`` is what its blueprint.yaml holds, which may be anything.
    """
    gaps = unplanned(ref.name, findings, _owner(data))
    report = _report(ref, as_of, gaps, _text(data, "archetype"), _text(data, "track"))
    return replace(report, outcomes={Status.FAILED: 1})


def _owner(data: Mapping[str, Any] | None) -> Owner | None:
    metadata = data.get("metadata") if data else None
    person = _text(metadata, "owner") if isinstance(metadata, dict) else None
    return None if person is None else Owner(None, person)


def _text(data: Mapping[str, Any] | None, key: str) -> str | None:
    value = data.get(key) if data else None
    return clip(value, _LONGEST) if isinstance(value, str) else None


def judged(context: Context, verdict: Verdict, *, details: bool = True) -> NodeReport:
    """The report of a node that was judged; without ``details`` without the lists of what passed."""
    known = known_outcomes(verdict)
    report = replace(
        _planned(context, verdict.findings),
        outcomes=Counter(outcome.status for outcome in verdict.outcomes),
        gates=verdict.gates,
        customer_health=_customer_health(context),
        upcoming=upcoming(context, verdict),
        signals=signals(context, known),
        handoffs=handoffs(context, known),
    )
    if not details:  # of the lists only what no gap tells: the answers that are not known
        checks, cadences = _unknown(_checks(verdict)), _unknown(_lines(verdict, Kind.CADENCE, CadenceLine))
        return replace(report, checks=checks, cadences=cadences)
    return replace(
        report,
        recommendations=recommendations(report.gaps),
        checks=_checks(verdict),
        cadences=_lines(verdict, Kind.CADENCE, CadenceLine),
        assets=_assets(context, verdict),
        reference_blueprints=_blueprints(context, verdict),
        waivers=tuple(waiver.reported for waiver in context.node.instance.waivers),
    )


def _customer_health(context: Context) -> CustomerHealth | None:
    """The customer's own score, where the archetype names an asset for it and the engagement has that asset."""
    row, node = context.plan.archetype.customer_health, context.node
    data = None if row is None else node.document(row.asset)[1]
    if row is None or data is None:
        return None
    score, status, calculated = (next(iter(query.values(data)), None) if query else None for query in row.queries)
    if isinstance(score, bool) or not isinstance(score, int | float):
        return None
    moment = node.zone.moment(calculated)
    day = None if moment is None else moment.day
    return CustomerHealth(score, status if isinstance(status, str) else None, iso_or_none(day), row.asset)


def _unknown(lines: tuple[_Line, ...]) -> tuple[_Line, ...]:
    """Those that could not be judged."""
    return tuple(line for line in lines if line.status is Status.NOT_EVALUABLE)


def _checks(verdict: Verdict) -> tuple[CheckLine, ...]:
    return tuple(sorted(_lines(verdict, Kind.CHECK, CheckLine), key=lambda line: line.check))


def skipped(context: Context, findings: Iterable[Finding]) -> NodeReport:
    """The report of a node that is not active: nothing is required, what is there was linted."""
    report = _planned(context, findings)
    plan = context.plan
    count = sum(map(len, (plan.blueprints, plan.assets, plan.checks, plan.cadences))) + 1 + len(plan.archetype.gates)
    return replace(
        report,
        status=NodeStatus.FAILING if report.status is NodeStatus.FAILING else NodeStatus.SKIPPED,
        reason=f"status is {context.node.instance.status}: only active engagements are judged",
        outcomes={Status.NOT_APPLICABLE: count},
        recommendations=recommendations(report.gaps),
        waivers=tuple(waiver.reported for waiver in context.node.instance.waivers),
    )


def linted(context: Context, findings: Iterable[Finding]) -> NodeReport:
    """The report of a node whose files were checked for their form alone: its gaps, and which assets it has."""
    report = _planned(context, findings)
    faulty = {gap.asset for gap in report.gaps}
    there = ((name, file) for name, file in context.node.files.items() if file.state is not State.ABSENT)
    assets = tuple(AssetLine(name, file.path, "invalid" if name in faulty else "current") for name, file in there)
    return replace(report, report_path=None, assets=assets)


def _planned(context: Context, findings: Iterable[Finding]) -> NodeReport:
    """The report of a node that has a plan, with nothing but its gaps."""
    archetype, track = context.node.instance.archetype, context.plan.track.id
    report = _report(context.node.ref, context.node.as_of.text, gaps_of(context, findings), archetype, track)
    return replace(report, strays=context.node.strays) if context.node.strays else report


def _report(ref: NodeRef, as_of: str, gaps: tuple[Gap, ...], archetype: str | None, track: str | None) -> NodeReport:
    return NodeReport(
        as_of=as_of,
        realm=ref.realm,
        node=ref.node,
        archetype=archetype,
        track=track,
        status=NodeStatus.of(gaps),
        reason=None,
        gaps=gaps,
        path=ref.path,
        report_path=ref.report,
    )


def _lines(verdict: Verdict, kind: Kind, line: Callable[[str, Status, str, str | None], _Line]) -> tuple[_Line, ...]:
    return tuple(
        line(outcome.key, outcome.status, outcome.reason, iso_or_none(outcome.due))
        for outcome in verdict.outcomes
        if outcome.kind is kind
    )


def _assets(context: Context, verdict: Verdict) -> tuple[AssetLine, ...]:
    lines = []
    for outcome in verdict.outcomes:
        if outcome.kind is not Kind.ASSET:
            continue
        file = context.node.files[outcome.key]
        day, by = context.node.dated(outcome.key)
        lines.append(AssetLine(outcome.key, file.path, _state(context, outcome), iso_or_none(day), by))
    return tuple(lines)


def _state(context: Context, outcome: Outcome) -> str:
    """current, stale, invalid, missing, or the outcome's own word."""
    if outcome.status is Status.FAILED:
        return _FAILED[context.node.files[outcome.key].state]
    return "current" if outcome.status is Status.PASSED else str(outcome.status)


def _blueprints(context: Context, verdict: Verdict) -> tuple[BlueprintLine, ...]:
    own = {outcome.key: outcome.status for outcome in verdict.outcomes if outcome.kind is Kind.REFERENCE_BLUEPRINT}
    others = (outcome for outcome in verdict.outcomes if outcome.kind is not Kind.REFERENCE_BLUEPRINT)
    counts = Counter((outcome.blueprint, outcome.status) for outcome in others)
    lines = []
    for required in context.plan.blueprints:
        passed, failed = (counts[required.id, status] for status in (Status.PASSED, Status.FAILED))
        status = _instantiation(required, own.get(required.id))
        lines.append(BlueprintLine(required.id, required.required, status, passed, failed))
    return tuple(lines)


def _instantiation(required: BlueprintRequirement, status: Status | None) -> str:
    if status is Status.WAIVED:
        return "waived"
    if required.set_aside:
        return "not_applicable"
    if required.instantiated:
        return "instantiated"
    return "missing" if required.required else "not_instantiated"


def bounded(node: NodeReport, limit: int) -> NodeReport:
    """The same report, no sentence of it longer than ``limit`` characters: a file may hold a text of any length."""

    cut = partial(clip, limit=limit)
    return mapped(node, {Text.MESSAGE: cut, Text.REMARK: cut})
