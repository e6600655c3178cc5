"""The asset requirement: there (or not due yet), valid at the track's depth, and not stale."""

from __future__ import annotations

from blueprint_cli.engagement.node import AssetFile
from blueprint_cli.model import DatedBy, Location, Status
from blueprint_cli.policy.plan import AssetRequirement, Kind
from blueprint_cli.predicates.answer import Due
from blueprint_cli.predicates.scope import Place, State, Undecidable
from blueprint_cli.rulebook import RULES
from blueprint_cli.rules import form
from blueprint_cli.rules.context import Context, Finding, Outcome
from blueprint_cli.times import days, iso


def judge(context: Context, one: AssetRequirement) -> Outcome:
    """One asset of the plan."""
    file = context.node.files[one.path]
    if file.state is State.ABSENT:
        return _absent(context, one, file)
    findings: list[Finding] = []
    notes: list[Finding] = []
    if file.document is None or file.document.faults or file.defects:
        for fault in form.faults(context, one, file):
            (findings if RULES[fault.rule].blocks else notes).append(fault)
    notes += form.warnings(context, one, file)
    due = _fresh_until(context, one, file)
    if due is not None and context.day > due:
        findings.append(_stale(context, one, due))
    if findings:
        due = None
    reason = findings[0].message if findings else "in order"
    status = Status.FAILED if findings else Status.PASSED
    return Outcome(Kind.ASSET, one.path, status, reason, due, one.asset.blueprint, tuple(findings), tuple(notes))


def due_of(context: Context, one: AssetRequirement) -> Due | None:
    """Until when an asset's absence is excused: its own due date, or an earlier one of its own checks."""
    rule = context.plan.archetype.additional_due if one.additional is not None else one.asset.due
    dues = []
    if rule is not None:
        anchor = context.node.lifecycle.get(rule.after)
        dues.append(Due(None if anchor is None else rule.length.after(anchor.day)))
    scope = context.scope(one.path)
    for own in one.own_checks:
        due = own.check.requires.due(scope) if own.why_not is None else None
        if due is not None and due.day != 0:
            dues.append(due)
    known = [due.day for due in dues if due.day is not None]
    if known:
        return Due(min(known))
    return dues[0] if dues else None


def missing(context: Context) -> frozenset[str]:
    """The assets whose absence is a gap."""
    absent = [one for one in context.plan.assets if context.node.files[one.path].state is State.ABSENT]
    return frozenset(
        one.path for one in absent if _absent(context, one, context.node.files[one.path]).status is Status.FAILED
    )


def _absent(context: Context, one: AssetRequirement, file: AssetFile) -> Outcome:
    def outcome(status: Status, reason: str, due: int | None = None, *findings: Finding) -> Outcome:
        return Outcome(Kind.ASSET, one.path, status, reason, due, one.asset.blueprint, findings)

    if not one.expected:
        return outcome(Status.NOT_APPLICABLE, f"not expected: {one.why}")
    due = due_of(context, one)
    if due is not None and due.day is None:
        rule = one.asset.due or context.plan.archetype.additional_due
        waits = context.plan.lifecycle_title(rule.after) if rule else "its date"
        return outcome(Status.NOT_YET_DUE, f"waits for {waits}")
    if due is not None and due.day is not None and context.day <= due.day:
        return outcome(Status.NOT_YET_DUE, f"due on {iso(due.day)}", due.day)
    day = due.day if due else None
    by = f"; it was due on {iso(day)}" if day else ""
    finding = form.finding(
        one,
        "missing-asset",
        f"{one.asset.title} is missing: {file.path} is not there{by}",
        _asked_at(context, one),
        since=day + 1 if day else None,
        due=day,
        severity=one.severity,
    )
    return outcome(Status.FAILED, f"{one.path} is missing", day, finding)


def _asked_at(context: Context, one: AssetRequirement) -> Location:
    """A missing asset has no line of its own: it points to what asks for it."""
    if one.additional is not None:
        return context.node.in_blueprint("additional_assets", one.additional)
    entry = context.node.instance.blueprints.get(one.asset.blueprint)
    return context.node.in_blueprint("reference_blueprints", entry.index) if entry else context.node.in_blueprint()


def _never_stale(context: Context, one: AssetRequirement) -> bool:
    row = context.plan.archetype.reference_blueprints.get(one.asset.blueprint)
    own = one.asset.never_stale_when
    if own is not None and context.node.files[one.path].state is State.BROKEN:
        return True  # whether it may go stale hangs on what it says: first it must be valid
    conditions = [own, row.never_stale_when if row else None]
    scope = context.scope(one.path)
    for condition in conditions:
        try:
            if condition is not None and condition.evaluate(scope).passed:
                return True
        except Undecidable:
            return True
    return False


def _fresh_until(context: Context, one: AssetRequirement, file: AssetFile) -> int | None:
    """The last day on which it is fresh; None where that is too far ahead for the report to look, or never ends."""
    if one.staleness is None or file.document is None:
        return None
    day, _ = context.node.dated(one.path)
    due = None if day is None else one.staleness.after(day)
    return None if due is None or due > context.horizon or _never_stale(context, one) else due


def _stale(context: Context, one: AssetRequirement, due: int) -> Finding:
    limit = one.staleness
    day, by = context.node.dated(one.path)
    assert limit is not None  # noqa: S101 - what has no limit is never stale
    assert day is not None  # noqa: S101 - nor what has no age
    dated = "" if by is DatedBy.DECLARED else " (dated by Git)"
    return form.finding(
        one,
        "stale-asset",
        f"{one.asset.title}: {days(context.day - day)} old{dated}, {limit.allows}",
        context.node.locate(Place(one.path, ("last_updated",))),
        severity=one.severity,
        limit=limit,
        since=due + 1,
        due=due,
    )
