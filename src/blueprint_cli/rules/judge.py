"""One node before all rules: every requirement gets its one outcome, and one cause makes one gap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from blueprint_cli.engagement.instance import Waiver
from blueprint_cli.model import PassRate, Severity, Status
from blueprint_cli.policy.plan import Kind
from blueprint_cli.predicates.limit import Limit
from blueprint_cli.rulebook import RULES
from blueprint_cli.rules import assets, checklist, instance
from blueprint_cli.rules.context import Context, Finding, Outcome, few


@dataclass(frozen=True, slots=True)
class Verdict:
    """All outcomes of a node, in the order of the plan, the gates, and what else was found."""

    outcomes: tuple[Outcome, ...]
    gates: dict[str, PassRate]
    findings: tuple[Finding, ...]


def judge(context: Context, instance_findings: list[Finding]) -> Verdict:
    """Judge an active node: blueprints, assets, checklist, cadences, then the gates over them."""
    parts = context.plan.archetype.gap_scan
    context.missing |= assets.missing(context)
    waivers = _Waivers(context)
    required = [waivers.blueprint(instance.judge_required(context, one)) for one in context.plan.blueprints]
    judged = [assets.judge(context, one) for one in context.plan.assets]
    context.assets = {one.key: one for one in judged}
    cadences = [checklist.judge_cadence(context, one) for one in context.plan.cadences]
    checks = [checklist.judge_check(context, one) for one in context.plan.checks]
    checks, cadences, judged = waivers.apply(checks, cadences, judged)
    dormant = list(_dormant(required, context))
    groups = {
        "reference_blueprints": required,
        "assets": judged,
        "checklists": [*checks, *dormant],
        "cadence": cadences,
    }
    kept = [outcome for part, group in groups.items() if part in parts for outcome in group]
    own = Outcome(Kind.BLUEPRINT, "blueprint", Status.FAILED if _fatal(instance_findings) else Status.PASSED, "valid")
    outcomes = [own, *kept] if "blueprint" in parts else kept
    gates, gated = _gates(context, outcomes)
    findings = [
        *instance_findings,
        *_one_cause(context, outcomes),
        *(note for outcome in outcomes for note in outcome.notes),
        *(finding for outcome in gated for finding in outcome.findings),
        *few(instance.waiver_faults(context, waivers.used)),
    ]
    return Verdict((*outcomes, *gated), gates, tuple(findings))


def _fatal(findings: list[Finding]) -> bool:
    return any(finding.rule == "invalid-blueprint" for finding in findings)


def _dormant(required: list[Outcome], context: Context) -> Iterator[Outcome]:
    """Checks of reference blueprints that this node does not have: never silently left out."""
    reasons = {one.key: one.reason for one in required if one.status is not Status.PASSED}
    for name, reason in reasons.items():
        for check in context.plan.archetype.reference_blueprints[name].checks:
            said = f"{name}: {reason}"
            yield Outcome(Kind.CHECK, check.full_id, Status.NOT_APPLICABLE, said, None, name)


class _Waivers:
    """What this node was allowed to miss, and which of its waivers excused something."""

    def __init__(self, context: Context) -> None:
        self.used: set[int] = set()
        self._by_target: dict[tuple[Kind, str], Waiver] = {
            (waiver.kind, waiver.target): waiver
            for waiver in context.node.instance.waivers
            if waiver.in_force(context.day)
        }
        self._pairs = {
            one.check.full_id: one.check.paired_cadence for one in context.plan.checks if one.check.paired_cadence
        }
        self._asset_of = {one.check.full_id: one.check.asset for one in context.plan.checks}
        self._log_of = {one.cadence.id: one.cadence.asset for one in context.plan.cadences}

    def blueprint(self, outcome: Outcome) -> Outcome:
        """A required reference blueprint may be waived."""
        return self._waive(outcome, self._by_target.get((Kind.REFERENCE_BLUEPRINT, outcome.key)))

    def apply(
        self, checks: list[Outcome], cadences: list[Outcome], judged: list[Outcome]
    ) -> tuple[list[Outcome], list[Outcome], list[Outcome]]:
        """A check's waiver covers its paired cadence; an asset's makes its checks not applicable."""
        if not self._by_target:
            return checks, cadences, judged
        judged = [self._waive(one, self._by_target.get((Kind.ASSET, one.key))) for one in judged]
        checks = [self._set_aside(one, self._asset_of.get(one.key)) for one in checks]
        cadences = [self._set_aside(one, self._log_of.get(one.key)) for one in cadences]
        covering = {
            cadence: waiver
            for check, cadence in self._pairs.items()
            if (waiver := self._by_target.get((Kind.CHECK, check)))
        }
        checks = [self._waive(one, self._by_target.get((Kind.CHECK, one.key))) for one in checks]
        cadences = [self._waive(one, covering.get(one.key)) for one in cadences]
        return checks, cadences, judged

    def _waive(self, outcome: Outcome, waiver: Waiver | None) -> Outcome:
        if waiver is None:
            return outcome
        if outcome.status in (Status.FAILED, Status.NOT_YET_DUE):
            self.used.add(waiver.index)
        if outcome.status is not Status.FAILED:
            return outcome
        reason = f"waived until {waiver.expires}: {waiver.reason}"
        return outcome._replace(status=Status.WAIVED, reason=reason, findings=())

    def _set_aside(self, outcome: Outcome, asset: str | None) -> Outcome:
        waiver = self._by_target.get((Kind.ASSET, asset)) if asset else None
        if waiver is None:
            return outcome
        if outcome.status in (Status.FAILED, Status.NOT_YET_DUE):
            self.used.add(waiver.index)
        return outcome._replace(status=Status.NOT_APPLICABLE, reason=f"{asset} is waived", due=None, findings=())


def _one_cause(context: Context, outcomes: list[Outcome]) -> Iterator[Finding]:
    """The findings of all outcomes; what fails together with a check on the same evidence becomes one."""
    families: dict[tuple[Kind, str], str] = {}
    for one in context.plan.checks:
        if one.why_not is None:
            if one.check.paired_cadence:
                families[Kind.CADENCE, one.check.paired_cadence] = one.check.full_id
            if one.check.paired_staleness:
                families[Kind.ASSET, one.check.asset] = one.check.full_id
    members: dict[str, list[Finding]] = {}
    for outcome in outcomes:
        family = families.get((outcome.kind, outcome.key))
        for finding in outcome.findings:
            of = finding.family or (family if RULES[finding.rule].precedence else "")
            if of:
                members.setdefault(of, []).append(replace(finding, family=of))
            else:
                yield finding
    for of, found in members.items():
        yield _merge(context, of, found)


def _merge(context: Context, family: str, found: list[Finding]) -> Finding:
    found.sort(key=lambda finding: -RULES[finding.rule].precedence)
    first = found[0]
    check = next((finding for finding in found if finding.check), None)
    if check is None or check is first:
        return first
    severity = min((context.severity(finding) for finding in found), key=lambda one: one.rank)
    return replace(
        first,
        check=family,
        severity=Severity(severity),
        blueprint=check.blueprint,
        owner_roles=check.owner_roles,
        playbook=check.playbook or first.playbook,
    )


def _gates(context: Context, outcomes: list[Outcome]) -> tuple[dict[str, PassRate], list[Outcome]]:
    rates: dict[str, PassRate] = {}
    judged: list[Outcome] = []
    for gate in context.plan.archetype.gates:
        counted = [one for one in outcomes if gate.of == "all" or one.kind is Kind.CHECK]
        passed = sum(one.status is Status.PASSED for one in counted)
        failed = sum(one.status is Status.FAILED for one in counted)
        required = percent(context.plan.track.cell(gate.row))
        value = passed / (passed + failed) if passed + failed else None
        rates[gate.id] = PassRate(None if value is None else int(value * 10_000) / 10_000, required, passed, failed)
        if value is None or required is None:
            judged.append(Outcome(Kind.GATE, gate.id, Status.NOT_APPLICABLE, "nothing was judged"))
        elif value >= required:
            judged.append(Outcome(Kind.GATE, gate.id, Status.PASSED, f"{value:.0%}"))
        else:
            judged.append(_low(context, gate.id, gate.title, gate.row, passed, failed))
    return rates, judged


def _low(context: Context, name: str, title: str, row: str, passed: int, failed: int) -> Outcome:
    track = context.plan.track
    share = int(100 * passed / (passed + failed))  # rounded down: 89.9 % is not 90 %
    message = f"{title} is {share}% ({passed} of {passed + failed}), {track.title} requires {track.cell(row)}"
    limit = Limit((), track.cell(row), track.where(row), track.title)
    finding = Finding("low-pass-rate", message, context.node.in_blueprint("track"), item=name, limit=limit)
    return Outcome(Kind.GATE, name, Status.FAILED, message, findings=(finding,))


def percent(cell: str) -> float | None:
    """``90%`` as 0.9; None where the row does not apply."""
    number = cell.removesuffix("%").strip()
    return float(number) / 100 if cell.endswith("%") and number.replace(".", "", 1).isdigit() else None
