"""Markdown for a pull request comment and for GitHub's job summary: worst first, the rest counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from blueprint_cli.model import Gap, NodeReport, NodeStatus, Report, Severity
from blueprint_cli.model.difference import Difference
from blueprint_cli.model.report import by_severity
from blueprint_cli.render import unexamined
from blueprint_cli.render.difference import deletion, sentence
from blueprint_cli.render.neutral import html_code, markdown, markdown_code
from blueprint_cli.render.options import RenderOptions
from blueprint_cli.render.phrases import (
    compliance_words,
    customer_words,
    figures,
    gap_counts,
    next_due,
    next_step,
    owner_words,
    rule_words,
)
from blueprint_cli.text import clip, count

TABLE_ROWS = 50
OPEN_ROWS = 25
"""Gaps that are shown at once; the sections after them are folded."""
MAX_CELL = 600
MAX_DELETED = 20
NEXT_DUE = 5
_TAIL = 200
"""Bytes kept free for the end of a section and for the line that counts the rest."""


class _Page:
    """Lines of Markdown that stay below a size."""

    def __init__(self, limit: int) -> None:
        self._lines: list[str] = []
        self._room = limit - _TAIL

    def add(self, *lines: str) -> bool:
        """Add all of the lines, or none where they do not fit."""
        size = sum(len(line.encode()) + 1 for line in lines)
        if size > self._room:
            return False
        self._room -= size
        self._lines += lines
        return True

    def end(self, *lines: str) -> None:
        """End a section with lines for which room was kept."""
        self._room -= sum(len(line.encode()) + 1 for line in lines)
        self._lines += lines

    def close(self, *lines: str) -> str:
        """The page with its last lines, for which room was kept."""
        return "\n".join([*self._lines, *lines]).rstrip() + "\n"


def report(report: Report, options: RenderOptions) -> str:
    """A page on the nodes with gaps, worst first."""
    page = _Page(options.page_limit)
    nodes = sorted(
        (node for node in report.nodes if node.gaps),
        key=lambda node: (-node.summary.gaps[Severity.ERROR], -node.summary.gaps[Severity.WARNING]),
    )
    page.add(f"## {_NAMES.get(options.run, options.run)}: {_title(report)}", "", _facts(report), "")
    if not_looked_at := unexamined.sentence(report):
        page.add(not_looked_at.capitalize(), "")
    if nodes:
        page.add(*_node_table(nodes), "")
    _next_due(page, report)
    shown = 0
    for node in nodes:
        title = f"{html_code(clip(node.name, MAX_CELL))}: {gap_counts(node)}"
        begin = _unfold(title, open=shown + len(node.gaps) <= OPEN_ROWS)
        drawn = _table(page, begin, node.gaps, _FOLD, node.path)
        shown += drawn
        if drawn < len(node.gaps):
            break
    rest = sum(len(node.gaps) for node in nodes) - shown
    more = [f"{count(rest, 'more gap')} not shown here; the report has all of them."] if rest else []
    return page.close(*more)


def difference(difference: Difference, options: RenderOptions) -> str:
    """A page on what a change introduced, how it loosens the judgement, and what it uncovered, fixed and excused."""
    page = _Page(options.page_limit)
    introduced, changes, uncovered, fixed, excused = (
        [gap for _, gap in difference.lists[name]]
        for name in ("introduced", "policy_changes", "uncovered", "fixed", "excused")
    )
    errors = by_severity(introduced)[Severity.ERROR]
    title = f"{count(len(introduced), 'gap')} introduced" if introduced else "no gap introduced"
    worst = f", {count(errors, 'error')}" if errors else ""
    page.add(f"## Blueprint diff: {title}{worst}", "")
    page.add(f"{sentence(difference)} · as of {markdown(difference.as_of)}", "")
    drawn = _table(page, ["### Introduced", ""], introduced, [""])
    drawn += _table(page, ["### Policy changes", ""], changes, [""])
    if difference.deleted_nodes:
        page.add("### Deleted", "")
        lines = [f"- {markdown(deletion(node))}" for node in difference.deleted_nodes[:MAX_DELETED]]
        more = len(difference.deleted_nodes) - len(lines)
        page.add(*lines, *([f"- and {more} more"] if more else []), "")
    folded = {
        "Uncovered": (uncovered, ", there before, but hidden by what was missing or not valid"),
        "Fixed": (fixed, ""),
        "Excused": (excused, ", not fixed: the engagement is judged otherwise"),
    }
    for heading, (gaps, meaning) in folded.items():
        drawn += _table(page, _unfold(f"{heading}: {count(len(gaps), 'gap')}{meaning}"), gaps, _FOLD)
    rest = sum(map(len, (introduced, changes, uncovered, fixed, excused))) - drawn
    return page.close(*([f"{count(rest, 'more gap')} not shown here."] if rest else []))


_FOLD = ("", "</details>", "")


def _unfold(title: str, *, open: bool = False) -> list[str]:
    """The beginning of what stands between a title, which is HTML, and ``_FOLD``."""
    return [f"<details{' open' if open else ''}>", f"<summary>{title}</summary>", ""]


def _table(page: _Page, begin: Sequence[str], gaps: Iterable[Gap], end: Sequence[str], within: str = "") -> int:
    """A section with a row for each gap; returns how many rows fit on the page. Paths are relative to ``within``."""
    drawn = 0
    for gap in gaps:
        head = [] if drawn else [*begin, "| | Gap | Where | What to do |", "|---|---|---|---|"]
        if not page.add(*head, _gap_row(gap, within)):
            break
        drawn += 1
    if drawn:
        page.end(*end)
    return drawn


def _gap_row(gap: Gap, within: str) -> str:
    at = gap.location
    path = at.path.removeprefix(f"{within}/") if within else at.path
    where = path if at.line is None else f"{path}:{at.line}"
    step = next_step(gap.playbook, gap.owner).removeprefix("→ ")
    return _row(
        [
            f"**{gap.severity}**" if gap.severity is Severity.ERROR else str(gap.severity),
            f"{markdown(clip(gap.message, MAX_CELL))} {markdown_code(rule_words(gap))}",
            markdown_code(clip(where, MAX_CELL)),
            markdown(clip(step, MAX_CELL)),
        ]
    )


_NAMES = {"scan": "Gap scan", "lint": "Blueprint lint"}


def _title(report: Report) -> str:
    failing = sum(node.status is NodeStatus.FAILING for node in report.nodes)
    if failing:
        return f"{failing} of {count(len(report.nodes), 'node')} failing"
    return "nothing failing" if report.nodes else "no nodes"


def _facts(report: Report) -> str:
    skipped = sum(node.status is NodeStatus.SKIPPED for node in report.nodes)
    clean = sum(node.status is not NodeStatus.SKIPPED and not node.gaps for node in report.nodes)
    facts = [
        gap_counts(report),
        f"compliance {compliance_words(report.summary.compliance)}",
        *([f"{count(clean, 'node')} without a gap"] if clean else []),
        *([f"{skipped} skipped"] if skipped else []),
        f"as of {markdown(report.as_of)}",
    ]
    return " · ".join(facts)


def _node_table(nodes: Sequence[NodeReport]) -> list[str]:
    head = ["Node", "Track", "Status", "Compliance", "Errors", "Warnings", "Pass rate", "Customer health"]
    rows = [
        [
            markdown(clip(node.name, MAX_CELL)),
            markdown(clip(node.track or "–", MAX_CELL)),
            markdown(node.status),
            *figures(node.summary.compliance, node.summary.gaps, node.pass_rate),
            markdown(customer_words(node)),
        ]
        for node in nodes[:TABLE_ROWS]
    ]
    more = len(nodes) - len(rows)
    if not any(row[-1] for row in rows):
        head, rows = head[:-1], [row[:-1] for row in rows]
    return [
        _row(head),
        "|---|---|---|--:|--:|--:|--:|" + "---|" * (len(head) - 7),
        *map(_row, rows),
        *(["", f"{count(more, 'more node')} with gaps."] if more else []),
    ]


def _next_due(page: _Page, report: Report) -> None:
    due = next_due(report)
    lines = []
    for node, item in due[:NEXT_DUE]:
        who = owner_words(item.owner)
        words = f"{node.name}: {clip(item.message, MAX_CELL)}" + (f" ({who})" if who else "")
        lines.append(f"- {markdown_code(item.due)} {markdown(words)}")
    if lines:
        more = [f"- and {len(due) - len(lines)} more"] if len(due) > len(lines) else []
        page.add(*_unfold("Next due"), *lines, *more, *_FOLD)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
