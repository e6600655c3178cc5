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


class Waivers:
    """The waivers of one engagement, and which of them were of use."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._used: set[int] = set()
        waivers = context.node.instance.waivers
        self._in_force: dict[Target, Waiver] = {
            (waiver.kind, waiver.target): waiver for waiver in waivers if waiver.in_force(context.day)
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
        """Waivers that have expired, and those in force that excuse nothing; to ask after all outcomes."""
        context = self._context
        for waiver in context.node.instance.waivers:
            blueprint = self._blueprint_of(waiver)
            expired, in_force = waiver.expired(context.day), waiver.in_force(context.day)
            if blueprint is None or not (expired or (in_force and waiver.index not in self._used)):
                continue
            last = waiver.last_day
            fault = f"expired on {iso(last)}: renew it or remove it" if expired else "excuses nothing: remove it"
            yield Finding(
                "expired-waiver" if expired else "unused-waiver",
                f"the waiver of {waiver.target} {fault}",
                context.node.in_blueprint("waivers", waiver.index),
                blueprint=blueprint,
                check=waiver.target if waiver.kind is Kind.CHECK else None,
                item=f"waiver:{waiver.target}",
                since=last + 1 if expired else None,
                due=last if expired else None,
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
