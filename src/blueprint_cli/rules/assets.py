"""The asset requirement: the file exists (or is not due yet), is valid at the track's depth, and is not stale."""

from __future__ import annotations

from blueprint_cli.engagement.node import AssetFile
from blueprint_cli.model import DatedBy, Location, Status
from blueprint_cli.policy.plan import AssetRequirement, Kind
from blueprint_cli.predicates.answer import ALREADY, Due
from blueprint_cli.predicates.scope import Place, State, Undecidable
from blueprint_cli.rulebook import RULES
from blueprint_cli.rules import contradictions, form
from blueprint_cli.rules.context import Context, Finding, Outcome
from blueprint_cli.text import quoted
from blueprint_cli.times import days, iso


def judge(context: Context, asset: AssetRequirement) -> Outcome:
    """One asset of the plan."""
    file = context.node.files[asset.path]
    if file.state is State.ABSENT:
        return _absent(context, asset, file)
    findings: list[Finding] = []
    notes: list[Finding] = []
    if file.document is None or file.document.faults or file.defects:
        for fault in form.faults(context, asset, file):
            (findings if RULES[fault.rule].blocks else notes).append(fault)
    notes += form.warnings(context, asset, file)
    notes += contradictions.in_asset(context, asset, file)
    due, doubt = None, ""
    try:
        due = _fresh_until(context, asset, file)
    except Undecidable as problem:
        doubt = f"whether it is too old is not known: {problem}"
    if due is not None and context.day > due:
        findings.append(_stale(context, asset, due))
    if findings:
        due = None
    reason = findings[0].message if findings else doubt or "in order"
    status = Status.FAILED if findings else Status.NOT_EVALUABLE if doubt else Status.PASSED
    return Outcome(Kind.ASSET, asset.path, status, reason, due, asset.row.blueprint, tuple(findings), tuple(notes))


def due_of(context: Context, asset: AssetRequirement) -> Due | None:
    """Until when an asset's absence is excused: its own due date, or an earlier one of its own checks."""
    rule = context.plan.archetype.additional_due if asset.additional is not None else asset.row.due
    dues = []
    if rule is not None:
        anchor = context.node.lifecycle.get(rule.after)
        dues.append(Due(None if anchor is None else rule.length.after(anchor.day)))
    scope = context.scope(asset.path)
    for check in asset.own_checks:
        due = check.row.requires.due(scope) if check.why_not is None else None
        if due is not None and due != ALREADY:
            dues.append(due)
    known = [due.day for due in dues if due.day is not None]
    if known:
        return Due(min(known))
    return dues[0] if dues else None


def missing(context: Context) -> frozenset[str]:
    """The assets whose absence is a gap."""
    files = context.node.files
    absent = [asset for asset in context.plan.assets if files[asset.path].state is State.ABSENT]
    outcomes = [_absent(context, asset, files[asset.path]) for asset in absent]
    return frozenset(outcome.key for outcome in outcomes if outcome.status is Status.FAILED)


def _absent(context: Context, asset: AssetRequirement, file: AssetFile) -> Outcome:
    def outcome(status: Status, reason: str, due: int | None = None, *findings: Finding) -> Outcome:
        notes = () if findings else tuple(form.misnamed(asset, file))
        return Outcome(Kind.ASSET, asset.path, status, reason, due, asset.row.blueprint, findings, notes)

    if not asset.expected:
        return outcome(Status.NOT_APPLICABLE, f"not expected: {asset.why}")
    due = due_of(context, asset)
    if due is not None and due.day is None:
        rule = asset.row.due or context.plan.archetype.additional_due
        waits = context.plan.lifecycle_title(rule.after) if rule else "its date"
        return outcome(Status.NOT_YET_DUE, f"waits for {waits}")
    day = due.day if due else None
    if day is not None and context.day <= day:
        return outcome(Status.NOT_YET_DUE, f"due on {iso(day)}", day)
    by = f" (it was due on {iso(day)})" if day and file.near else f"; it was due on {iso(day)}" if day else ""
    finding = form.finding(
        asset,
        "missing-asset",
        f"{asset.row.title} is missing: {_not_there(file)}{by}",
        required_at(context, asset),
        since=day + 1 if day else None,
        due=day,
        severity=asset.severity,
    )
    return outcome(Status.FAILED, f"{asset.path} is missing", day, finding)


def _not_there(file: AssetFile) -> str:
    """That a file is not there, and which one was probably meant."""
    if ".." in file.path.split("/"):
        return f"{file.path} is not read; a path under `assets:` must not contain `..`"
    if file.near is None:
        return f"{file.path} is not there"
    if file.near.respelt:
        return f"{file.path} is not there; rename {quoted(file.near.path)} to that"
    return f"{file.path} is not there; did you mean {quoted(file.near.path)}?"


def required_at(context: Context, asset: AssetRequirement) -> Location:
    """A missing asset has no line of its own: its gap points to what requires it."""
    if asset.additional is not None:
        return context.node.in_blueprint("additional_assets", asset.additional)
    entry = context.node.instance.blueprints.get(asset.row.blueprint or "")
    return context.node.in_blueprint("reference_blueprints", entry.index) if entry else context.node.in_blueprint()


def _never_stale(context: Context, asset: AssetRequirement) -> bool:
    """Whether it cannot be stale. Raises Undecidable where that depends on a document that cannot be judged."""
    blueprint = context.plan.archetype.reference_blueprints.get(asset.row.blueprint or "")
    own = asset.row.never_stale_when
    if own is not None and context.node.files[asset.path].state is State.BROKEN:
        return True  # whether it can be stale depends on its content, which must be valid first
    scope = context.scope(asset.path)._replace(strict=True)
    conditions = (own, blueprint.never_stale_when if blueprint else None)
    return any(condition.evaluate(scope).passed for condition in conditions if condition is not None)


def _fresh_until(context: Context, asset: AssetRequirement, file: AssetFile) -> int | None:
    """The last day on which it is fresh; None where it is never stale, or after the horizon of the report.

    Raises Undecidable where it is too old, and only a document that cannot be judged could excuse that.
    """
    if asset.staleness is None or file.document is None:
        return None
    day, _ = context.node.dated(asset.path)
    due = None if day is None else asset.staleness.after(day)
    if due is None or due > context.horizon:
        return None
    try:
        return None if _never_stale(context, asset) else due
    except Undecidable:
        if context.day > due:
            raise
        return None


def _stale(context: Context, asset: AssetRequirement, due: int) -> Finding:
    limit = asset.staleness
    day, by = context.node.dated(asset.path)
    assert limit is not None  # noqa: S101 - an asset without a limit is never stale
    assert day is not None  # noqa: S101 - nor one without an age
    dated = "" if by is DatedBy.DECLARED else " (dated by Git)"
    return form.finding(
        asset,
        "stale-asset",
        f"{asset.row.title}: {days(context.day - day)} old{dated}, {limit.allows}",
        context.node.locate(Place(asset.path, ("last_updated",))),
        severity=asset.severity,
        limit=limit,
        since=due + 1,
        due=due,
    )
