"""The sentences that several outputs share, so that all of them say the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from blueprint_cli.model import (
    Gap,
    NodeReport,
    NodeStatus,
    Owner,
    PassRate,
    Playbook,
    Report,
    Severity,
    Status,
    Upcoming,
)
from blueprint_cli.model.difference import NodeGap, worst_first
from blueprint_cli.render.neutral import visible
from blueprint_cli.text import count

Paint = Callable[[str, str], str]
"""A text and the name of its style -> the text as it is written."""


def unpainted(text: str, _style: str) -> str:
    return text


def gap_line(gap: Gap, paint: Paint = unpainted) -> str:
    """``path:line:column: severity: message (check) [rule] → playbook (role: person)``, always one line."""
    check = f" ({visible(gap.check)})" if gap.check else ""
    step = next_step(gap.playbook, gap.owner)
    return (
        f"{paint(place(gap), 'place')}: {paint(gap.severity, gap.severity)}: {visible(gap.message)}{check} "
        f"{paint(f'[{visible(gap.rule)}]', 'quiet')}" + (f" {step}" if step else "")
    )


def place(gap: Gap) -> str:
    """``path:line:column`` as far as they are known."""
    at = gap.location
    numbers = [] if at.line is None else [at.line] if at.column is None else [at.line, at.column]
    return ":".join([visible(at.path), *map(str, numbers)])


def next_step(playbook: Playbook | None, owner: Owner | None) -> str:
    """``→ PB_401 Calculate health score (CSM: dana.reyes)``, or as much of it as there is."""
    parts = [] if playbook is None else [f"→ {visible(playbook.id)} {visible(playbook.name)}"]
    if who := owner_words(owner):
        parts.append(f"({who})")
    return " ".join(parts)


def owner_words(owner: Owner | None) -> str:
    """``CSM: dana.reyes``; the role alone, or the person alone, where the other is not known."""
    return "" if owner is None else ": ".join(visible(word) for word in (owner.role, owner.person) if word)


def rule_words(gap: Gap) -> str:
    return gap.rule if gap.check is None else f"{gap.rule} {gap.check}"


def gap_counts(counted: Report | NodeReport) -> str:
    """``2 errors, 8 warnings``; ``no gaps``."""
    return severities(counted.summary.gaps) or "no gaps"


def severities(counts: Mapping[Severity, int]) -> str:
    """``2 errors, 8 warnings``; empty where there are none."""
    return ", ".join(count(number, severity) for severity, number in counts.items() if number)


def totals(report: Report) -> str:
    """``3 nodes: 1 failing, 2 passing; 2 errors, 8 warnings``."""
    statuses = [node.status for node in report.nodes]
    kinds = ", ".join(f"{statuses.count(status)} {status}" for status in NodeStatus if status in statuses)
    unknown = report.summary.outcomes[Status.NOT_EVALUABLE]
    left_out = f"; {count(unknown, 'requirement')} not evaluable" if unknown else ""
    return f"{count(len(report.nodes), 'node')}{': ' if kinds else ''}{kinds}; {gap_counts(report)}{left_out}"


def status_words(node: NodeReport) -> str:
    """The status, with its reason where it has one."""
    if not node.reason:
        return node.status
    skipped = node.status is NodeStatus.SKIPPED
    return visible(f"{node.status}: {node.reason}" if skipped else f"{node.status} ({node.reason})")


def compliance_words(compliance: int | None) -> str:
    """The compliance as a number; a dash where nothing was evaluated."""
    return "–" if compliance is None else str(compliance)


def customer_words(node: NodeReport) -> str:
    """``68, at_risk, 12 days old``: the customer's own health score; empty where there is none."""
    health = node.customer_health
    if health is None:
        return ""
    facts = [f"{health.score:g}", *([visible(health.status)] if health.status else [])]
    if health.date is not None:
        facts.append(_age(health.date, node.as_of))
    return ", ".join(facts)


def _age(day: str, as_of: str) -> str:
    """``12 days old``; the day itself where it is ahead."""
    try:
        days = (date.fromisoformat(as_of[:10]) - date.fromisoformat(day)).days
    except ValueError:  # a report may come from anywhere
        days = -1
    return "1 day old" if days == 1 else f"{days} days old" if days >= 0 else f"of {visible(day)}"


def rate_words(rate: PassRate | None) -> str:
    """``86% of 90%``: what was reached, rounded down (a miss never reads as met), and what is due."""
    if rate is None or rate.passed + rate.failed == 0:
        return "–"
    reached = f"{100 * rate.passed // (rate.passed + rate.failed)}%"
    return reached if rate.required is None else f"{reached} of {rate.required:.0%}"


def figures(compliance: int | None, gaps: Mapping[Severity, int], rate: PassRate | None) -> list[str]:
    """The cells of a table: compliance, errors, warnings and pass rate."""
    return [compliance_words(compliance), str(gaps[Severity.ERROR]), str(gaps[Severity.WARNING]), rate_words(rate)]


def next_due(report: Report) -> list[tuple[NodeReport, Upcoming]]:
    """What falls due, of all nodes, the soonest first."""
    due = [(node, item) for node in report.nodes for item in node.upcoming]
    return sorted(due, key=lambda entry: (entry[1].due, entry[0].name))


def gaps_of(report: Report) -> tuple[NodeGap, ...]:
    """The gaps of all nodes, worst first; within a severity in the order of the report."""
    return worst_first(NodeGap(node, gap) for node in report.nodes for gap in node.gaps)
