"""Findings become gaps: with severity, owner, playbook and a lasting identity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from blueprint_cli.model import Gap, Owner, Playbook, Severity, Threshold
from blueprint_cli.rulebook import RULES
from blueprint_cli.rules.context import Context, Finding
from blueprint_cli.times import iso


def fingerprint(node: str, finding: Finding) -> str:
    """A hash of rule, node, asset, check and item: the same fault has the same one tomorrow, on another line."""
    import hashlib  # late (D-60): most files that a hook checks have no gap

    rule, check = ("one-cause", finding.family) if finding.family else (finding.rule, finding.check or "")
    item = "" if finding.family else finding.item
    parts = (rule, node, finding.blueprint or "", finding.asset or "", check, item)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def gap(node: str, finding: Finding, severity: Severity, owner: Owner | None, playbook: Playbook | None) -> Gap:
    """The gap that a finding becomes. ``node`` is REALM/NODE."""
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
        since=iso_or_none(finding.since),
        due=iso_or_none(finding.due),
        owner=owner,
        playbook=playbook,
        fingerprint=fingerprint(node, finding),
        items=finding.items,
    )


def order(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """Worst first, then by path, line and rule; consequences last. Gaps of one fingerprint get a number after it."""
    seen: Counter[str] = Counter()
    numbered = []
    for gap in sorted(gaps, key=_order):
        seen[gap.fingerprint] += 1
        number = seen[gap.fingerprint]
        numbered.append(gap if number == 1 else replace(gap, fingerprint=f"{gap.fingerprint}-{number}"))
    return tuple(numbered)


def _order(gap: Gap) -> tuple[object, ...]:
    at = gap.location
    place = (at.path, at.line or 0, at.column or 0)
    return (
        RULES[gap.rule].consequence,
        gap.severity.rank,
        *place,
        gap.rule,
        gap.check or "",
        gap.asset or "",
        gap.message,
    )


def iso_or_none(day: int | None) -> str | None:
    """A day as an ISO date, where it is known."""
    return None if day is None else iso(day)


def gaps_of(context: Context, findings: Iterable[Finding]) -> tuple[Gap, ...]:
    """The gaps of an engagement that has a plan."""
    instance, playbooks = context.node.instance, context.plan.archetype.playbooks
    return order(
        gap(
            context.node.ref.name,
            finding,
            context.severity(finding),
            instance.owner(finding.owner_roles or roles_of(context, finding.blueprint)),
            playbooks.get(finding.playbook or ""),
        )
        for finding in findings
    )


def unplanned(node: str, findings: Iterable[Finding], owner: Owner | None = None) -> tuple[Gap, ...]:
    """The gaps where there is no plan: each finding has its own severity, or that of its rule."""
    return order(
        gap(node, finding, finding.severity or RULES[finding.rule].severity, owner, None) for finding in findings
    )


def roles_of(context: Context, blueprint: str | None) -> tuple[str, ...]:
    """The roles that own a reference blueprint."""
    row = context.plan.archetype.reference_blueprints.get(blueprint or "")
    return row.owner_roles if row else ()
