"""From a verdict to the report: gaps with their owner, playbook and fingerprint, ordered and totalled once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from blueprint_cli.model import (
    AssetLine,
    BlueprintLine,
    CheckLine,
    Gap,
    Handoff,
    NodeReport,
    Owner,
    Playbook,
    Recommendation,
    Severity,
    Signal,
    Status,
    Threshold,
    Upcoming,
)
from blueprint_cli.node import ABSENT, BROKEN, NodeRef
from blueprint_cli.plan import BlueprintRequirement
from blueprint_cli.predicates.base import Undecidable
from blueprint_cli.rules.base import Case, Finding, Outcome
from blueprint_cli.rules.judge import Verdict
from blueprint_cli.rules.registry import RULES
from blueprint_cli.times import iso

_PRIORITY = {Severity.ERROR: "high", Severity.WARNING: "medium", Severity.NOTE: "low"}


def fingerprint(node: str, finding: Finding) -> str:
    """rule + node + asset + check + item: the same fault has the same one tomorrow, on another line."""
    rule, check = ("one-cause", finding.family) if finding.family else (finding.rule, finding.check or "")
    item = "" if finding.family else finding.item
    parts = (rule, node, finding.blueprint or "", finding.asset or "", check, item)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def gap(ref: NodeRef, finding: Finding, severity: Severity, owner: Owner | None, playbook: Playbook | None) -> Gap:
    """A finding as the report tells it."""
    limit = finding.limit
    return Gap(
        rule=finding.rule,
        severity=severity,
        message=finding.message,
        location=finding.location,
        reference_blueprint=finding.blueprint,
        check=finding.check,
        asset=finding.asset,
        threshold=None if limit is None else Threshold(limit.text, limit.source),
        since=_iso(finding.since),
        due=_iso(finding.due),
        owner=owner,
        playbook=playbook,
        fingerprint=fingerprint(ref.name, finding),
        items=finding.items,
    )


def order(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """Worst first, then path, line, rule; what is left is told apart by its fingerprint."""
    return tuple(
        sorted(
            gaps,
            key=lambda one: (
                one.severity.rank,
                one.location.path,
                one.location.line or 0,
                one.location.column or 0,
                one.rule,
                one.check or "",
                one.asset or "",
                one.message,
            ),
        )
    )


def _iso(day: int | None) -> str | None:
    return None if day is None else iso(day)


def plain(ref: NodeRef, as_of: str, findings: Iterable[Finding], said: Mapping[str, Any] | None) -> NodeReport:
    """The report of a node whose requirements cannot be told: only what was found in what is there.

    ``said`` is what its blueprint.yaml holds, which may be anything.
    """
    owner = _owner(said)
    gaps = order(
        gap(ref, finding, finding.severity or RULES[finding.rule].severity, owner, None) for finding in findings
    )
    return NodeReport(
        realm=ref.realm,
        node=ref.node,
        path=ref.path,
        report_path=ref.report,
        as_of=as_of,
        archetype=_text(said, "archetype"),
        track=_text(said, "track"),
        status="failing" if any(one.severity is Severity.ERROR for one in gaps) else "passing",
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


def judged(case: Case, verdict: Verdict) -> NodeReport:
    """The report of a node that was judged."""
    gaps = _gaps(case, verdict.findings)
    instance = case.node.instance
    known = _known(verdict)
    return NodeReport(
        realm=case.node.ref.realm,
        node=case.node.ref.node,
        path=case.node.ref.path,
        report_path=case.node.ref.report,
        as_of=case.node.as_of.text,
        archetype=instance.archetype,
        track=case.plan.track.id,
        status="failing" if any(one.severity is Severity.ERROR for one in gaps) else "passing",
        reason=None,
        outcomes=_count(verdict.outcomes),
        gaps=gaps,
        gates=verdict.gates,
        upcoming=_upcoming(case, verdict),
        signals=_signals(case, known),
        handoffs=_handoffs(case, known),
        recommendations=_recommendations(gaps),
        checks=_lines(verdict, "check"),
        cadences=_lines(verdict, "cadence"),
        assets=_assets(case, verdict),
        reference_blueprints=_blueprints(case, verdict),
        waivers=tuple(_waiver(waiver.written) for waiver in instance.waivers),
    )


def skipped(case: Case, findings: Iterable[Finding]) -> NodeReport:
    """The report of a node that is not active: nothing is required, what is there was linted."""
    gaps = _gaps(case, findings)
    instance = case.node.instance
    plan = case.plan
    count = sum(map(len, (plan.blueprints, plan.assets, plan.checks, plan.cadences))) + 1 + len(plan.archetype.gates)
    failing = any(one.severity is Severity.ERROR for one in gaps)
    return NodeReport(
        realm=case.node.ref.realm,
        node=case.node.ref.node,
        path=case.node.ref.path,
        report_path=case.node.ref.report,
        as_of=case.node.as_of.text,
        archetype=instance.archetype,
        track=plan.track.id,
        status="failing" if failing else "skipped",
        reason=f"status is {instance.data['status']}: only active engagements are judged",
        outcomes=dict.fromkeys(Status, 0) | {Status.NOT_APPLICABLE: count},
        gaps=gaps,
        recommendations=_recommendations(gaps),
        waivers=tuple(_waiver(waiver.written) for waiver in instance.waivers),
    )


def _gaps(case: Case, findings: Iterable[Finding]) -> tuple[Gap, ...]:
    instance, playbooks = case.node.instance, case.plan.archetype.playbooks
    return order(
        gap(
            case.node.ref,
            finding,
            case.severity(finding),
            instance.owner(finding.owner_roles or _roles(case, finding.blueprint)),
            playbooks.get(finding.playbook or ""),
        )
        for finding in findings
    )


def _roles(case: Case, blueprint: str | None) -> tuple[str, ...]:
    row = case.plan.archetype.reference_blueprints.get(blueprint or "")
    return row.owner_roles if row else ()


def _count(outcomes: Iterable[Outcome]) -> dict[Status, int]:
    counted = dict.fromkeys(Status, 0)
    for outcome in outcomes:
        counted[outcome.status] += 1
    return counted


def _upcoming(case: Case, verdict: Verdict) -> tuple[Upcoming, ...]:
    """Not yet due with a day, and what holds now but runs out soon. Soonest first; a check before its cadence."""
    horizon = case.horizon
    found: dict[tuple[int, str | None], Upcoming] = {}
    rank = {"check": 0, "cadence": 1, "asset": 2}
    for one in sorted((o for o in verdict.outcomes if o.kind in rank), key=lambda o: rank[o.kind]):
        waiting = one.status is Status.NOT_YET_DUE
        if (
            one.due is None
            or one.due < case.day
            or not (waiting or (one.status is Status.PASSED and one.due <= horizon))
        ):
            continue
        check, asset, title, roles = _named(case, one)
        when = "first due" if waiting else "due again"
        key = (one.due, asset) if asset else (one.due, one.key)
        entry = Upcoming(iso(one.due), f"{title}: {when}", check, asset, case.node.instance.owner(roles))
        found.setdefault(key, entry)
    return tuple(sorted(found.values(), key=lambda u: (u.due, u.asset or "", u.check or "", u.message)))


def _named(case: Case, one: Outcome) -> tuple[str | None, str | None, str, tuple[str, ...]]:
    roles = _roles(case, one.blueprint)
    if one.kind == "check":
        check = case.plan.archetype.checks[one.key]
        return one.key, check.asset, check.title, roles
    if one.kind == "cadence":
        cadence = next(each.cadence for each in case.plan.cadences if each.cadence.id == one.key)
        return None, cadence.asset, cadence.title, roles
    return None, one.key, case.plan.assets_by_path[one.key].asset.title, roles


def _known(verdict: Verdict) -> dict[str, Status]:
    """What signals and handoffs may ask for: outcomes by check, and the assets that are stale."""
    known = {one.key: one.status for one in verdict.outcomes if one.kind == "check"}
    known |= {
        f"stale:{finding.asset}": Status.FAILED
        for outcome in verdict.outcomes
        for finding in outcome.findings
        if finding.rule == "stale-asset"
    }
    return known


def _signals(case: Case, known: dict[str, Status]) -> tuple[Signal, ...]:
    found = []
    question = case.question(None).with_outcomes(known)
    for one in case.plan.blueprints:
        if not one.instantiated or one.set_aside:
            continue
        for signal in one.row.signals:
            try:
                active = signal.when.ask(question).passed
            except Undecidable:
                continue
            if active:
                playbook = case.plan.archetype.playbooks.get(signal.playbook or "")
                found.append(Signal(signal.id, one.id, signal.message, playbook))
    return tuple(found)


def _handoffs(case: Case, known: dict[str, Status]) -> tuple[Handoff, ...]:
    found = []
    question = case.question(None).with_outcomes(known)
    for one in case.plan.archetype.handoffs:
        try:
            due = one.when.ask(question).passed
        except Undecidable:
            continue
        if due:
            found.append(Handoff(one.written["from"], one.written["to"], one.written["trigger"], one.message))
    return tuple(found)


def _recommendations(gaps: tuple[Gap, ...]) -> tuple[Recommendation, ...]:
    """One line for each playbook: run it, and these gaps close. The worst gap sets the priority."""
    by_playbook: dict[str, list[Gap]] = {}
    for one in gaps:
        if one.playbook is not None:
            by_playbook.setdefault(one.playbook.id, []).append(one)
    found = []
    for closing in by_playbook.values():
        playbook = closing[0].playbook
        assert playbook is not None  # noqa: S101 - grouped by it
        more = f", and {len(closing) - 1} more" if len(closing) > 1 else ""
        found.append(
            Recommendation(
                playbook.id,
                playbook.name,
                closing[0].message + more,
                _PRIORITY[closing[0].severity],
                tuple(one.fingerprint for one in closing),
            )
        )
    return tuple(found)


def _lines(verdict: Verdict, kind: str) -> tuple[CheckLine, ...]:
    lines = [CheckLine(one.key, one.status, one.reason, _iso(one.due)) for one in verdict.outcomes if one.kind == kind]
    return tuple(sorted(lines, key=lambda line: line.check) if kind == "check" else lines)


def _assets(case: Case, verdict: Verdict) -> tuple[AssetLine, ...]:
    found = []
    for outcome in verdict.outcomes:
        if outcome.kind != "asset":
            continue
        file = case.node.files[outcome.key]
        day, by = case.node.dated(outcome.key)
        age = None if day is None else case.day - day
        found.append(AssetLine(outcome.key, file.path, _state(case, outcome), age, by))
    return tuple(found)


def _state(case: Case, outcome: Outcome) -> str:
    """current, stale, invalid, missing, or the outcome's own word."""
    file = case.node.files[outcome.key]
    if outcome.status is Status.FAILED:
        if file.state == ABSENT:
            return "missing"
        return "invalid" if file.state == BROKEN else "stale"
    if outcome.status is Status.PASSED:
        return "current"
    return str(outcome.status)


def _blueprints(case: Case, verdict: Verdict) -> tuple[BlueprintLine, ...]:
    passed: dict[str | None, int] = {}
    failed: dict[str | None, int] = {}
    own: dict[str, Status] = {}
    for outcome in verdict.outcomes:
        if outcome.kind == "reference_blueprint":
            own[outcome.key] = outcome.status
        elif outcome.status is Status.PASSED:
            passed[outcome.blueprint] = passed.get(outcome.blueprint, 0) + 1
        elif outcome.status is Status.FAILED:
            failed[outcome.blueprint] = failed.get(outcome.blueprint, 0) + 1
    return tuple(
        BlueprintLine(
            one.id, one.required, _instantiation(one, own.get(one.id)), passed.get(one.id, 0), failed.get(one.id, 0)
        )
        for one in case.plan.blueprints
    )


def _instantiation(one: BlueprintRequirement, status: Status | None) -> str:
    if status is Status.WAIVED:
        return "waived"
    if one.set_aside:
        return "not_applicable"
    if one.instantiated:
        return "instantiated"
    return "missing" if one.required else "not_instantiated"


def _waiver(written: object) -> dict[str, object]:
    keys = ("check", "asset", "reference_blueprint", "expires", "reason", "approved_by")
    source = dict(written)  # type: ignore[call-overload]
    return {key: source[key] for key in keys if key in source}
