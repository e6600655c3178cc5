"""All rules on one engagement: every requirement gets one outcome, and one cause makes one gap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from blueprint_cli.model import PassRate, Status
from blueprint_cli.policy.plan import Kind
from blueprint_cli.policy.rows import Gate
from blueprint_cli.predicates.limit import Limit
from blueprint_cli.rulebook import RULES
from blueprint_cli.rules import assets, blueprints, checklist, contradictions
from blueprint_cli.rules.context import Context, Finding, Outcome, few
from blueprint_cli.rules.waivers import Waivers


@dataclass(frozen=True, slots=True)
class Verdict:
    """All outcomes of an engagement, in the order of the plan, the pass rates of its gates, and all findings."""

    outcomes: tuple[Outcome, ...]
    gates: dict[str, PassRate]
    findings: tuple[Finding, ...]


def judge(context: Context, findings: list[Finding]) -> Verdict:
    """Judge an active engagement: reference blueprints, assets, checks, cadences, then the gates over them.

    ``findings``: the faults of its blueprint.yaml and its files.
    """
    plan, waivers = context.plan, Waivers(context)
    context.missing |= assets.missing(context)
    contradicted = [*contradictions.future_dates(context), *few(contradictions.in_blueprint(context))]
    required = [waivers.apply(blueprints.judge(context, blueprint)) for blueprint in plan.blueprints]
    judged = [assets.judge(context, asset) for asset in plan.assets]
    context.assets = {outcome.key: outcome for outcome in judged}
    cadences = [checklist.judge_cadence(context, cadence) for cadence in plan.cadences]
    checks = [checklist.judge_check(context, check) for check in plan.checks]
    invalid = any(finding.rule == "invalid-blueprint" for finding in findings)
    parts = {
        "blueprint": [Outcome(Kind.BLUEPRINT, "blueprint", Status.FAILED if invalid else Status.PASSED, "valid")],
        "reference_blueprints": required,
        "assets": [waivers.apply(outcome) for outcome in judged],
        "checklists": [*(waivers.apply(outcome) for outcome in checks), *blueprints.dormant(context, required)],
        "cadence": [waivers.apply(outcome) for outcome in cadences],
    }
    outcomes = [outcome for part, group in parts.items() for outcome in group if part in plan.archetype.gap_scan]
    rates, gates = _gates(context, outcomes)
    everything = [
        *findings,
        *contradicted,
        *few(blueprints.unowned(context)),
        *checklist.missing_ends(context, parts["cadence"]),
        *_one_cause(context, outcomes),
        *(note for outcome in outcomes for note in outcome.notes),
        *(finding for gate in gates for finding in gate.findings),
        *few(waivers.faults()),
    ]
    return Verdict((*outcomes, *gates), rates, tuple(everything))


def _one_cause(context: Context, outcomes: list[Outcome]) -> Iterator[Finding]:
    """The findings of all outcomes; those that rest on the same evidence as a check become one."""
    checks: dict[tuple[Kind, str], str] = {}
    for requirement in context.plan.checks:
        check = requirement.row
        if requirement.why_not is None:
            if check.paired_cadence:
                checks[Kind.CADENCE, check.paired_cadence] = check.full_id
            if check.paired_staleness:
                checks[Kind.ASSET, check.asset] = check.full_id
    families: dict[str, list[Finding]] = {}
    for outcome in outcomes:
        paired = checks.get((outcome.kind, outcome.key), "")
        for finding in outcome.findings:
            family = finding.family or (paired if RULES[finding.rule].precedence else "")
            if family:
                families.setdefault(family, []).append(replace(finding, family=family))
            else:
                yield finding
    for members in families.values():
        yield _merge(context, members)


def _merge(context: Context, members: list[Finding]) -> Finding:
    members.sort(key=lambda finding: -RULES[finding.rule].precedence)
    first = members[0]
    check = next((finding for finding in members if finding.check), None)
    if check is None or check is first:
        return first
    return replace(
        first,
        check=check.check,
        severity=min((context.severity(finding) for finding in members), key=lambda severity: severity.rank),
        blueprint=check.blueprint,
        owner_roles=check.owner_roles,
        playbook=check.playbook or first.playbook,
    )


def _gates(context: Context, outcomes: list[Outcome]) -> tuple[dict[str, PassRate], list[Outcome]]:
    rates: dict[str, PassRate] = {}
    judged: list[Outcome] = []
    for gate in context.plan.archetype.gates:
        counted = [outcome.status for outcome in outcomes if gate.of == "all" or outcome.kind is Kind.CHECK]
        passed, failed = counted.count(Status.PASSED), counted.count(Status.FAILED)
        required = _percent(context.plan.track.cell(gate.row))
        value = passed / (passed + failed) if passed + failed else None
        rates[gate.id] = PassRate(None if value is None else int(value * 10_000) / 10_000, required, passed, failed)
        if value is None or required is None:
            judged.append(Outcome(Kind.GATE, gate.id, Status.NOT_APPLICABLE, "nothing was judged"))
        elif value >= required:
            judged.append(Outcome(Kind.GATE, gate.id, Status.PASSED, f"{value:.0%}"))
        else:
            judged.append(_low(context, gate, passed, failed, counted.count(Status.NOT_EVALUABLE)))
    return rates, judged


def _low(context: Context, gate: Gate, passed: int, failed: int, unknown: int) -> Outcome:
    track, cell = context.plan.track, context.plan.track.cell(gate.row)
    share = int(100 * passed / (passed + failed))  # rounded down: 89.9 % is not 90 %
    left_out = f"; {unknown} not evaluable" if unknown else ""
    message = f"{gate.title} is {share}% ({passed} of {passed + failed}{left_out}), {track.title} requires {cell}"
    message += "; it follows from what failed"
    limit = Limit((), cell, track.where(gate.row), track.title)
    finding = Finding("low-pass-rate", message, context.node.in_blueprint("track"), item=gate.id, limit=limit)
    return Outcome(Kind.GATE, gate.id, Status.FAILED, message, findings=(finding,))


def _percent(cell: str) -> float | None:
    """``90%`` as 0.9; None where the row does not apply."""
    number = cell.removesuffix("%").strip()
    return float(number) / 100 if cell.endswith("%") and number.replace(".", "", 1).isdigit() else None
