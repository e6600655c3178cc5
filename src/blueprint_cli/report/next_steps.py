"""What comes next: what falls due, active signals, due handoffs, and the playbooks to run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from blueprint_cli.model import Gap, Handoff, Playbook, Recommendation, Severity, Signal, Status, Upcoming
from blueprint_cli.policy.plan import Kind
from blueprint_cli.predicates.scope import Undecidable
from blueprint_cli.report.gaps import roles_of
from blueprint_cli.rules.context import Context, Outcome
from blueprint_cli.rules.waivers import in_force, last_day
from blueprint_cli.times import iso

if TYPE_CHECKING:
    from blueprint_cli.predicates.base import Predicate
    from blueprint_cli.rules.judge import Verdict

_RANK = {Kind.CHECK: 0, Kind.CADENCE: 1, Kind.ASSET: 2}
_PRIORITY = {Severity.ERROR: "high", Severity.WARNING: "medium", Severity.NOTE: "low"}


def upcoming(context: Context, verdict: Verdict) -> tuple[Upcoming, ...]:
    """What falls due: not yet due with a day, or passed and about to run out. Soonest first; of a check and its cadence
    the check."""
    entries: dict[tuple[int, str], Upcoming] = {}
    near = [outcome for outcome in verdict.outcomes if outcome.kind in _RANK and _is_near(context, outcome)]
    for outcome in sorted(near, key=lambda outcome: _RANK[outcome.kind]):
        check, asset, title, roles = _named(context, outcome)
        when = "first due" if outcome.status is Status.NOT_YET_DUE else "due again"
        due = outcome.due or 0
        entry = Upcoming(iso(due), check, asset, context.node.instance.owner(roles), f"{title}: {when}")
        entries.setdefault((due, asset or outcome.key), entry)
    entries |= {(number, ""): entry for number, entry in enumerate(_ending(context))}
    return tuple(
        sorted(entries.values(), key=lambda entry: (entry.due, entry.asset or "", entry.check or "", entry.message))
    )


def _ending(context: Context) -> Iterator[Upcoming]:
    """The waivers that are about to end: what they excuse is judged again."""
    for waiver in context.node.instance.waivers:
        last = last_day(context, waiver)
        if in_force(context, waiver) and last <= context.horizon:
            check = waiver.target if waiver.kind is Kind.CHECK else None
            asset = waiver.target if waiver.kind is Kind.ASSET else None
            owner = context.node.instance.owner(())
            yield Upcoming(iso(last), check, asset, owner, f"waiver of {waiver.target}: last day")


def _is_near(context: Context, outcome: Outcome) -> bool:
    if outcome.due is None or outcome.due < context.day:
        return False
    passed = outcome.status is Status.PASSED and outcome.due <= context.horizon
    return passed or outcome.status is Status.NOT_YET_DUE


def _named(context: Context, outcome: Outcome) -> tuple[str | None, str | None, str, tuple[str, ...]]:
    """Check, asset, title and roles of a requirement."""
    roles = roles_of(context, outcome.blueprint)
    if outcome.kind is Kind.CHECK:
        check = context.plan.archetype.checks[outcome.key]
        return outcome.key, check.asset, check.title, roles
    if outcome.kind is Kind.CADENCE:
        cadence = next(required.row for required in context.plan.cadences if required.row.id == outcome.key)
        return None, cadence.asset, cadence.title, roles
    return None, outcome.key, context.plan.assets_by_path[outcome.key].row.title, roles


def known_outcomes(verdict: Verdict) -> dict[str, Status]:
    """What signals and handoffs may depend on: outcomes by check, and the assets that are stale."""
    checks = {outcome.key: outcome.status for outcome in verdict.outcomes if outcome.kind is Kind.CHECK}
    return checks | {
        f"stale:{finding.asset}": Status.FAILED
        for outcome in verdict.outcomes
        for finding in outcome.findings
        if finding.rule == "stale-asset"
    }


def signals(context: Context, known: dict[str, Status]) -> tuple[Signal, ...]:
    """The active signals of the reference blueprints."""
    playbooks = context.plan.archetype.playbooks
    return tuple(
        Signal(signal.id, required.id, playbooks.get(signal.playbook or ""), signal.message)
        for required in context.plan.blueprints
        if required.active
        for signal in required.row.signals
        if _holds(signal.when, context, known)
    )


def handoffs(context: Context, known: dict[str, Status]) -> tuple[Handoff, ...]:
    """The handoffs that are due."""
    return tuple(
        Handoff(handoff.source, handoff.target, handoff.trigger, handoff.message)
        for handoff in context.plan.archetype.handoffs
        if _holds(handoff.when, context, known)
    )


def _holds(condition: Predicate, context: Context, known: dict[str, Status]) -> bool:
    try:
        return condition.evaluate(context.scope(None)._replace(outcomes=known)).passed
    except Undecidable:
        return False


def recommendations(gaps: tuple[Gap, ...]) -> tuple[Recommendation, ...]:
    """One line for each playbook: run it, and these gaps close. The worst gap sets the priority."""
    by_playbook: dict[Playbook, list[Gap]] = {}
    for gap in gaps:
        if gap.playbook is not None:
            by_playbook.setdefault(gap.playbook, []).append(gap)
    return tuple(
        Recommendation(
            playbook_id=playbook.id,
            name=playbook.name,
            reason=closed[0].message + (f", and {len(closed) - 1} more" if len(closed) > 1 else ""),
            priority=_PRIORITY[closed[0].severity],
            gaps=tuple(gap.fingerprint for gap in closed),
        )
        for playbook, closed in by_playbook.items()
    )
