"""What comes next: what falls due, what signals, what is handed over, and which playbooks to run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blueprint_cli.model import (
    Gap,
    Handoff,
    Recommendation,
    Severity,
    Signal,
    Status,
    Upcoming,
)
from blueprint_cli.policy.plan import Kind
from blueprint_cli.predicates.scope import Undecidable
from blueprint_cli.report.gaps import roles_of
from blueprint_cli.rules.context import Context, Outcome
from blueprint_cli.times import iso

if TYPE_CHECKING:
    from blueprint_cli.rules.judge import Verdict

_PRIORITY = {Severity.ERROR: "high", Severity.WARNING: "medium", Severity.NOTE: "low"}


def upcoming(context: Context, verdict: Verdict) -> tuple[Upcoming, ...]:
    """Not yet due with a day, and what holds now but runs out soon. Soonest first; a check before its cadence."""
    horizon = context.horizon
    found: dict[tuple[int, str | None], Upcoming] = {}
    rank = {Kind.CHECK: 0, Kind.CADENCE: 1, Kind.ASSET: 2}
    near = [
        (rank[one.kind], one, due)
        for one in verdict.outcomes
        if (due := one.due) is not None
        and due >= context.day
        and (one.status is Status.NOT_YET_DUE or (one.status is Status.PASSED and due <= horizon))
        and one.kind in rank
    ]
    for _, one, due in sorted(near, key=lambda each: each[0]):
        check, asset, title, roles = _named(context, one)
        when = "first due" if one.status is Status.NOT_YET_DUE else "due again"
        key = (due, asset) if asset else (due, one.key)
        entry = Upcoming(iso(due), check, asset, context.node.instance.owner(roles), f"{title}: {when}")
        found.setdefault(key, entry)
    return tuple(sorted(found.values(), key=lambda u: (u.due, u.asset or "", u.check or "", u.message)))


def _named(context: Context, one: Outcome) -> tuple[str | None, str | None, str, tuple[str, ...]]:
    roles = roles_of(context, one.blueprint)
    if one.kind is Kind.CHECK:
        check = context.plan.archetype.checks[one.key]
        return one.key, check.asset, check.title, roles
    if one.kind is Kind.CADENCE:
        cadence = next(each.row for each in context.plan.cadences if each.row.id == one.key)
        return None, cadence.asset, cadence.title, roles
    return None, one.key, context.plan.assets_by_path[one.key].row.title, roles


def known_outcomes(verdict: Verdict) -> dict[str, Status]:
    """What signals and handoffs may ask for: outcomes by check, and the assets that are stale."""
    known = {one.key: one.status for one in verdict.outcomes if one.kind is Kind.CHECK}
    known |= {
        f"stale:{finding.asset}": Status.FAILED
        for outcome in verdict.outcomes
        for finding in outcome.findings
        if finding.rule == "stale-asset"
    }
    return known


def signals(context: Context, known: dict[str, Status]) -> tuple[Signal, ...]:
    found = []
    scope = context.scope(None)._replace(outcomes=known)
    for one in context.plan.blueprints:
        if not one.active:
            continue
        for signal in one.row.signals:
            try:
                active = signal.when.evaluate(scope).passed
            except Undecidable:
                continue
            if active:
                playbook = context.plan.archetype.playbooks.get(signal.playbook or "")
                found.append(Signal(signal.id, one.id, playbook, signal.message))
    return tuple(found)


def handoffs(context: Context, known: dict[str, Status]) -> tuple[Handoff, ...]:
    found = []
    scope = context.scope(None)._replace(outcomes=known)
    for one in context.plan.archetype.handoffs:
        try:
            due = one.when.evaluate(scope).passed
        except Undecidable:
            continue
        if due:
            found.append(Handoff(one.source, one.target, one.trigger, one.message))
    return tuple(found)


def recommendations(gaps: tuple[Gap, ...]) -> tuple[Recommendation, ...]:
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
