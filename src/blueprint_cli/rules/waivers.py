"""Waivers: what they excuse, and those that have expired or excuse nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from blueprint_cli.engagement.instance import Waiver
from blueprint_cli.model import Severity, Status
from blueprint_cli.policy.plan import Kind
from blueprint_cli.rulebook import RULES
from blueprint_cli.rules.context import Context, Finding, Outcome
from blueprint_cli.times import iso

Target = tuple[Kind, str]
"""A requirement: its kind and key."""


def last_day(context: Context, waiver: Waiver) -> int:
    """The last day on which a waiver excuses: as written, but not beyond the longest term that the policy allows."""
    longest = context.plan.longest_waiver
    return waiver.last_day if longest is None else min(waiver.last_day, longest.after(waiver.first_day))


def in_force(context: Context, waiver: Waiver) -> bool:
    """Whether it excuses today."""
    return waiver.in_force(context.day) and context.day <= last_day(context, waiver)


class Waivers:
    """The waivers of one engagement, and which of them were of use."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._used: set[int] = set()
        waivers = context.node.instance.waivers
        self._in_force: dict[Target, Waiver] = {
            (waiver.kind, waiver.target): waiver for waiver in waivers if in_force(context, waiver)
        }
        self._covered_by: dict[Target, Target] = {}
        """A cadence by the waived check that fails on the same evidence."""
        self._evidence: dict[Target, str | None] = {}
        """The asset that a check or cadence depends on."""
        if self._in_force:
            self._relate()

    def _relate(self) -> None:
        for check in (requirement.row for requirement in self._context.plan.checks):
            target = Kind.CHECK, check.full_id
            self._evidence[target] = check.asset
            if check.paired_cadence and target in self._in_force:
                self._covered_by[Kind.CADENCE, check.paired_cadence] = target
        for cadence in (requirement.row for requirement in self._context.plan.cadences):
            self._evidence[Kind.CADENCE, cadence.id] = cadence.asset

    def apply(self, outcome: Outcome) -> Outcome:
        """An outcome after waivers: a check's covers its paired cadence, an asset's makes its checks not applicable."""
        if not self._in_force:
            return outcome
        target = outcome.kind, outcome.key
        asset = self._evidence.get(target)
        waiver = self._in_force.get((Kind.ASSET, asset)) if asset else None
        if waiver is not None:
            self._use(waiver, outcome)
            reason = f"{asset} is waived"
            return outcome._replace(status=Status.NOT_APPLICABLE, reason=reason, due=None, findings=())
        waiver = self._in_force.get(self._covered_by.get(target, target))
        if waiver is not None:
            self._use(waiver, outcome)
        if waiver is None or outcome.status is not Status.FAILED:
            return outcome
        reason = f"waived until {waiver.expires}: {waiver.reason}"
        unread = [
            replace(fault, severity=Severity.WARNING) for fault in outcome.findings if RULES[fault.rule].unreadable
        ]
        notes = (*outcome.notes, *unread)
        return outcome._replace(status=Status.WAIVED, reason=reason, findings=(), notes=notes)

    def _use(self, waiver: Waiver, outcome: Outcome) -> None:
        if outcome.status in (Status.FAILED, Status.NOT_YET_DUE, Status.NOT_EVALUABLE):
            self._used.add(waiver.index)

    def faults(self) -> Iterator[Finding]:
        """Waivers that have expired, last too long or excuse nothing; to ask after all outcomes."""
        context = self._context
        for waiver in context.node.instance.waivers:
            blueprint = self._blueprint_of(waiver)
            if blueprint is None:
                continue
            last = last_day(context, waiver)
            term = context.plan.longest_waiver if last < waiver.last_day else None
            if context.day > last:
                day = f"{iso(last)}, {term.text} after its approval" if term else iso(last)
                fault = f"expired on {day}: renew it or remove it"
                yield self._fault("expired-waiver", waiver, blueprint, fault, since=last + 1, due=last)
                continue
            if term:
                fault = f"ends later than {term.text} after its approval: write `expires: {iso(last)}`"
                yield self._fault("long-waiver", waiver, blueprint, fault)
            if in_force(context, waiver) and waiver.index not in self._used:
                yield self._fault("unused-waiver", waiver, blueprint, "excuses nothing: remove it")

    def _fault(
        self, rule: str, waiver: Waiver, blueprint: str, fault: str, since: int | None = None, due: int | None = None
    ) -> Finding:
        place = ("waivers", waiver.index, "expires") if rule == "long-waiver" else ("waivers", waiver.index)
        return Finding(
            rule,
            f"the waiver of {waiver.target} {fault}",
            self._context.node.in_blueprint(*place),
            blueprint=blueprint,
            check=waiver.target if waiver.kind is Kind.CHECK else None,
            item=f"waiver:{waiver.target}",
            since=since,
            due=due,
        )

    def _blueprint_of(self, waiver: Waiver) -> str | None:
        """The reference blueprint of what it waives; None where that does not exist, which is a gap of its own."""
        archetype, name = self._context.plan.archetype, waiver.target
        if waiver.kind is Kind.CHECK:
            return archetype.checks[name].blueprint if name in archetype.checks else None
        if waiver.kind is Kind.REFERENCE_BLUEPRINT:
            return name if name in archetype.reference_blueprints else None
        required = self._context.plan.assets_by_path.get(name)
        asset = archetype.assets.get(name) or (required.row if required else None)
        return asset.blueprint if asset else None
