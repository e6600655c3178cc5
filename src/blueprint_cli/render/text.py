"""The report for people: gaps by node, one a line, what is due next, and a table of all nodes."""

from __future__ import annotations

from blueprint_cli.model import NodeReport, Report, Severity

from .neutral import neutral
from .options import RenderOptions
from .terminal import columns, painter, snippet
from .words import (
    Paint,
    checklist_rate,
    gap_counts,
    gap_line,
    health_words,
    next_step,
    owner_words,
    rate_words,
    status_words,
    totals,
)

NEXT_DUE = 5
"""How many due dates are shown; the report has them all."""


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
        lines.append(gap_line(gap, paint))
        if options.color and not options.redact:  # a source line is free text
            lines += snippet(gap, options.snippet(gap.location), options.width, paint)
    return lines


def _heading(node: NodeReport, paint: Paint) -> str:
    facts = [
        neutral(node.track or "no track"),
        f"health {health_words(node.health)}",
        paint(status_words(node), node.status),
        gap_counts(node),
    ]
    return f"{paint(neutral(node.name), 'title')} · {' · '.join(facts)}"


def _line(node: NodeReport, paint: Paint) -> str:
    if node.status == "skipped":
        return f"{paint(neutral(node.name), 'title')} · {paint(status_words(node), 'skipped')}"
    return _heading(node, paint)


def _signals(report: Report, paint: Paint) -> list[str]:
    rows = [
        ["", neutral(node.name), neutral(signal.message), next_step(signal.playbook, None)]
        for node in report.nodes
        for signal in node.signals
    ] + [
        ["", neutral(node.name), neutral(handoff.message), f"→ {neutral(handoff.target)}"]
        for node in report.nodes
        for handoff in node.handoffs
    ]
    return [paint("Signals and handoffs", "title"), *columns(rows)] if rows else []


def _next_due(report: Report, paint: Paint) -> list[str]:
    due = sorted(
        ((item.due, node.name, item) for node in report.nodes for item in node.upcoming),
        key=lambda entry: entry[:2],
    )
    rows = [
        ["", neutral(date), neutral(name), neutral(item.message), owner_words(item.owner)]
        for date, name, item in due[:NEXT_DUE]
    ]
    more = [f"  and {len(due) - NEXT_DUE} more"] if len(due) > NEXT_DUE else []
    return [paint("Next due", "title"), *columns(rows), *more] if rows else []


def _table(report: Report, paint: Paint) -> list[str]:
    head = ["Node", "Track", "Status", "Health", "Errors", "Warnings", "Pass rate"]
    rows = [
        [
            neutral(node.name),
            neutral(node.track or "–"),
            paint(status_words(node), node.status),
            health_words(node.health),
            str(node.count(Severity.ERROR)),
            str(node.count(Severity.WARNING)),
            rate_words(checklist_rate(node)),
        ]
        for node in report.nodes
    ]
    return columns([[paint(title, "title") for title in head], *rows], right=(3, 4, 5))
