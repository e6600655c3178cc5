"""The report for people: gaps by node, one a line, what is due next, and a table of all nodes."""

from __future__ import annotations

from blueprint_cli.model import NodeReport, NodeStatus, Report, Severity
from blueprint_cli.render.neutral import visible
from blueprint_cli.render.options import RenderOptions
from blueprint_cli.render.phrases import (
    Paint,
    gap_counts,
    health_words,
    next_step,
    owner_words,
    rate_words,
    status_words,
    totals,
)
from blueprint_cli.render.terminal import columns, painter, shown

NEXT_DUE = 5
MAX_SIGNALS = 20
"""How many due dates, signals and handoffs are shown; the gap reports have them all."""


def render(report: Report, options: RenderOptions) -> str:
    """Plain text without colour, the same on every machine; styles and snippets on a colour terminal."""
    paint = painter(options.color)
    with_gaps = [node for node in report.nodes if node.gaps]
    blocks = [_section(node, options, paint) for node in with_gaps]
    if not with_gaps and report.nodes:
        blocks.append([_line(node, paint) for node in report.nodes])
    blocks += [_signals(report, paint), _next_due(report, paint)]
    if with_gaps:
        blocks.append(_table(report, paint))
    blocks.append([totals(report)])
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _section(node: NodeReport, options: RenderOptions, paint: Paint) -> list[str]:
    lines = [_heading(node, paint)]
    for gap in node.gaps:
        lines += shown(gap, options, paint)
    return lines


def _heading(node: NodeReport, paint: Paint) -> str:
    facts = [
        visible(node.track or "no track"),
        f"health {health_words(node.summary.health)}",
        paint(status_words(node), node.status),
        gap_counts(node),
    ]
    return f"{paint(visible(node.name), 'title')} · {' · '.join(facts)}"


def _line(node: NodeReport, paint: Paint) -> str:
    if node.status is NodeStatus.SKIPPED:
        return f"{paint(visible(node.name), 'title')} · {paint(status_words(node), 'skipped')}"
    return _heading(node, paint)


def _signals(report: Report, paint: Paint) -> list[str]:
    signals = [(node, item.message, next_step(item.playbook, None)) for node in report.nodes for item in node.signals]
    handoffs = [
        (node, item.message, f"handoff {visible(item.source)} → {visible(item.target)}")
        for node in report.nodes
        for item in node.handoffs
    ]
    found = [*handoffs, *signals]
    rows = [["", visible(node.name), visible(message), step] for node, message, step in found[:MAX_SIGNALS]]
    return _titled("Signals and handoffs", rows, len(found), paint)


def _next_due(report: Report, paint: Paint) -> list[str]:
    due = sorted(
        ((item.due, node.name, item) for node in report.nodes for item in node.upcoming),
        key=lambda entry: entry[:2],
    )
    rows = [
        ["", visible(date), visible(name), visible(item.message), owner_words(item.owner)]
        for date, name, item in due[:NEXT_DUE]
    ]
    return _titled("Next due", rows, len(due), paint)


def _titled(title: str, rows: list[list[str]], number: int, paint: Paint) -> list[str]:
    """A block of the first rows of ``number``, which says how many more there are."""
    more = [f"  and {number - len(rows)} more"] if number > len(rows) else []
    return [paint(title, "title"), *columns(rows), *more] if rows else []


def _table(report: Report, paint: Paint) -> list[str]:
    head = ["Node", "Track", "Status", "Health", "Errors", "Warnings", "Pass rate"]
    rows = [
        [
            visible(node.name),
            visible(node.track or "–"),
            paint(node.status, node.status),
            health_words(node.summary.health),
            str(node.summary.gaps[Severity.ERROR]),
            str(node.summary.gaps[Severity.WARNING]),
            rate_words(node.pass_rate),
        ]
        for node in report.nodes
    ]
    return columns([[paint(title, "title") for title in head], *rows], right=(3, 4, 5))
