"""From a verdict to the report: every line of a node, totalled once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from blueprint_cli.engagement.node import NodeRef
from blueprint_cli.model import (
    AssetLine,
    BlueprintLine,
    CheckLine,
    Gap,
    NodeReport,
    NodeStatus,
    Owner,
    Severity,
    Status,
)
from blueprint_cli.policy.plan import BlueprintRequirement, Kind
from blueprint_cli.predicates.scope import State
from blueprint_cli.report.gaps import gaps_of, iso_or_none, unplanned
from blueprint_cli.report.next_steps import handoffs, known_outcomes, recommendations, signals, upcoming
from blueprint_cli.rules.context import Context, Finding, Outcome
from blueprint_cli.rules.judge import Verdict


def unjudged(ref: NodeRef, as_of: str, findings: Iterable[Finding], said: Mapping[str, Any] | None) -> NodeReport:
    """The report of a node whose requirements cannot be told: only what was found in what is there.

    ``said`` is what its blueprint.yaml holds, which may be anything.
    """
    gaps = unplanned(ref.name, findings, _owner(said))
    return NodeReport(
        realm=ref.realm,
        node=ref.node,
        path=ref.path,
        report_path=ref.report,
        as_of=as_of,
        archetype=_text(said, "archetype"),
        track=_text(said, "track"),
        status=standing(gaps),
        reason=None,
        outcomes=dict.fromkeys(Status, 0) | {Status.FAILED: 1},
        gaps=gaps,
    )


def _owner(said: Mapping[str, Any] | None) -> Owner | None:
    metadata = said.get("metadata") if said else None
    person = _text(metadata, "owner") if isinstance(metadata, dict) else None
    return None if person is None else Owner(None, person)


def _text(said: Mapping[str, Any] | None, key: str) -> str | None:
    value = said.get(key) if said else None
    return value if isinstance(value, str) else None


def judged(context: Context, verdict: Verdict, *, details: bool = True) -> NodeReport:
    """The report of a node that was judged; without ``details`` only its gaps, signals and what is due."""
    gaps = gaps_of(context, verdict.findings)
    instance = context.node.instance
    known = known_outcomes(verdict)
    report = NodeReport(
        realm=context.node.ref.realm,
        node=context.node.ref.node,
        path=context.node.ref.path,
        report_path=context.node.ref.report,
        as_of=context.node.as_of.text,
        archetype=instance.archetype,
        track=context.plan.track.id,
        status=standing(gaps),
        reason=None,
        outcomes=_count(verdict.outcomes),
        gaps=gaps,
        gates=verdict.gates,
        upcoming=upcoming(context, verdict),
        signals=signals(context, known),
        handoffs=handoffs(context, known),
    )
    return _detailed(report, context, verdict) if details else report


def _detailed(report: NodeReport, context: Context, verdict: Verdict) -> NodeReport:
    """The report with every outcome in its list."""
    return replace(
        report,
        recommendations=recommendations(report.gaps),
        checks=_lines(verdict, Kind.CHECK),
        cadences=_lines(verdict, Kind.CADENCE),
        assets=_assets(context, verdict),
        reference_blueprints=_blueprints(context, verdict),
        waivers=tuple(waiver.reported for waiver in context.node.instance.waivers),
    )


def skipped(context: Context, findings: Iterable[Finding]) -> NodeReport:
    """The report of a node that is not active: nothing is required, what is there was linted."""
    gaps = gaps_of(context, findings)
    instance = context.node.instance
    plan = context.plan
    count = sum(map(len, (plan.blueprints, plan.assets, plan.checks, plan.cadences))) + 1 + len(plan.archetype.gates)
    return NodeReport(
        realm=context.node.ref.realm,
        node=context.node.ref.node,
        path=context.node.ref.path,
        report_path=context.node.ref.report,
        as_of=context.node.as_of.text,
        archetype=instance.archetype,
        track=plan.track.id,
        status=NodeStatus.FAILING if standing(gaps) is NodeStatus.FAILING else NodeStatus.SKIPPED,
        reason=f"status is {instance.status}: only active engagements are judged",
        outcomes=dict.fromkeys(Status, 0) | {Status.NOT_APPLICABLE: count},
        gaps=gaps,
        recommendations=recommendations(gaps),
        waivers=tuple(waiver.reported for waiver in instance.waivers),
    )


def linted(context: Context, findings: Iterable[Finding]) -> NodeReport:
    """The report of a node whose files were only looked at: its gaps, and which assets were there."""
    gaps = gaps_of(context, findings)
    faulty = {one.asset for one in gaps}
    there = ((name, file) for name, file in context.node.files.items() if file.state is not State.ABSENT)
    return NodeReport(
        realm=context.node.ref.realm,
        node=context.node.ref.node,
        path=context.node.ref.path,
        report_path=None,
        as_of=context.node.as_of.text,
        archetype=context.node.instance.archetype,
        track=context.plan.track.id,
        status=standing(gaps),
        reason=None,
        outcomes=dict.fromkeys(Status, 0),
        gaps=gaps,
        assets=tuple(AssetLine(name, file.path, "invalid" if name in faulty else "current") for name, file in there),
    )


def standing(gaps: Iterable[Gap]) -> NodeStatus:
    """A node's status by its gaps: one error makes it failing."""
    return NodeStatus.FAILING if any(gap.severity is Severity.ERROR for gap in gaps) else NodeStatus.PASSING


def _count(outcomes: Iterable[Outcome]) -> dict[Status, int]:
    counted = dict.fromkeys(Status, 0)
    for outcome in outcomes:
        counted[outcome.status] += 1
    return counted


def _lines(verdict: Verdict, kind: Kind) -> tuple[CheckLine, ...]:
    lines = [
        CheckLine(one.key, one.status, one.reason, iso_or_none(one.due)) for one in verdict.outcomes if one.kind is kind
    ]
    return tuple(sorted(lines, key=lambda line: line.check) if kind is Kind.CHECK else lines)


def _assets(context: Context, verdict: Verdict) -> tuple[AssetLine, ...]:
    found = []
    for outcome in verdict.outcomes:
        if outcome.kind is not Kind.ASSET:
            continue
        file = context.node.files[outcome.key]
        day, by = context.node.dated(outcome.key)
        age = None if day is None else context.day - day
        found.append(AssetLine(outcome.key, file.path, _state(context, outcome), age, by))
    return tuple(found)


def _state(context: Context, outcome: Outcome) -> str:
    """current, stale, invalid, missing, or the outcome's own word."""
    file = context.node.files[outcome.key]
    if outcome.status is Status.FAILED:
        if file.state is State.ABSENT:
            return "missing"
        return "invalid" if file.state is State.BROKEN else "stale"
    if outcome.status is Status.PASSED:
        return "current"
    return str(outcome.status)


def _blueprints(context: Context, verdict: Verdict) -> tuple[BlueprintLine, ...]:
    passed: dict[str | None, int] = {}
    failed: dict[str | None, int] = {}
    own: dict[str, Status] = {}
    for outcome in verdict.outcomes:
        if outcome.kind is Kind.REFERENCE_BLUEPRINT:
            own[outcome.key] = outcome.status
        elif outcome.status is Status.PASSED:
            passed[outcome.blueprint] = passed.get(outcome.blueprint, 0) + 1
        elif outcome.status is Status.FAILED:
            failed[outcome.blueprint] = failed.get(outcome.blueprint, 0) + 1
    return tuple(
        BlueprintLine(
            one.id, one.required, _instantiation(one, own.get(one.id)), passed.get(one.id, 0), failed.get(one.id, 0)
        )
        for one in context.plan.blueprints
    )


def _instantiation(one: BlueprintRequirement, status: Status | None) -> str:
    if status is Status.WAIVED:
        return "waived"
    if one.set_aside:
        return "not_applicable"
    if one.instantiated:
        return "instantiated"
    return "missing" if one.required else "not_instantiated"


def bounded(node: NodeReport, most: int) -> NodeReport:
    """The same report, no message of it longer than ``most`` characters: a file may hold a text of any length."""

    def cut(text: str) -> str:
        return text if len(text) <= most else text[: most - 1] + "…"

    if all(len(text) <= most for text in _messages(node)):
        return node
    return replace(
        node,
        reason=None if node.reason is None else cut(node.reason),
        gaps=tuple(replace(one, message=cut(one.message)) for one in node.gaps),
        upcoming=tuple(replace(one, message=cut(one.message)) for one in node.upcoming),
        signals=tuple(replace(one, message=cut(one.message)) for one in node.signals),
        handoffs=tuple(replace(one, message=cut(one.message)) for one in node.handoffs),
        recommendations=tuple(replace(one, reason=cut(one.reason)) for one in node.recommendations),
        checks=tuple(replace(one, reason=cut(one.reason)) for one in node.checks),
        cadences=tuple(replace(one, reason=cut(one.reason)) for one in node.cadences),
        waivers=tuple(one | {"reason": cut(str(one.get("reason", "")))} for one in node.waivers),
    )


def _messages(node: NodeReport) -> Iterator[str]:
    yield node.reason or ""
    for told in (node.gaps, node.upcoming, node.signals, node.handoffs):
        yield from (one.message for one in told)
    for reasons in (node.recommendations, node.checks, node.cadences):
        yield from (one.reason for one in reasons)
    yield from (str(one.get("reason", "")) for one in node.waivers)
