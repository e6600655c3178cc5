"""Markdown for a pull request comment and for GitHub's job summary: worst first, the rest counted."""

from __future__ import annotations

from collections.abc import Sequence

from blueprint_cli.model import Gap, NodeReport, NodeStatus, Report, Severity
from blueprint_cli.render.neutral import html_code, markdown, markdown_code
from blueprint_cli.render.options import RenderOptions
from blueprint_cli.render.phrases import gap_counts, health_words, next_step, owner_words, rate_words
from blueprint_cli.text import clip, count

COMMENT_LIMIT = 65_000
"""UTF-8 bytes; GitHub takes 65,536 characters."""
TABLE_ROWS = 50
OPEN_ROWS = 25
"""Gaps that are shown at once; the sections after them are folded."""
MAX_CELL = 600
NEXT_DUE = 5
_TAIL = 200
"""Bytes kept free for the end of a section and for the line that counts the rest."""


class Page:
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


def render(report: Report, options: RenderOptions) -> str:
    """The report as a comment on a pull request."""
    return _page(report, options, COMMENT_LIMIT)


def job_summary(report: Report, options: RenderOptions) -> str:
    """The report for ``$GITHUB_STEP_SUMMARY``: the same page with room for more gaps."""
    return _page(report, options, options.summary_room)


def _page(report: Report, options: RenderOptions, limit: int) -> str:
    page = Page(limit)
    nodes = sorted(
        (node for node in report.nodes if node.gaps),
        key=lambda node: (-node.summary.gaps[Severity.ERROR], -node.summary.gaps[Severity.WARNING]),
    )
    page.add(f"## {_NAMES.get(options.run, options.run)}: {_title(report)}", "", _facts(report), "")
    if nodes:
        page.add(*_node_table(nodes), "")
    _next_due(page, report)
    shown = 0
    for node in nodes:
        title = f"{html_code(clip(node.name, MAX_CELL))}: {gap_counts(node)}"
        pairs = [(node, gap) for gap in node.gaps]
        drawn = folded_table(page, title, pairs, within=node.path, open=shown + len(pairs) <= OPEN_ROWS)
        shown += drawn
        if drawn < len(node.gaps):
            break
    rest = sum(len(node.gaps) for node in nodes) - shown
    more = [f"{count(rest, 'more gap')} not shown here; the report has all of them."] if rest else []
    return page.close(*more)


Entries = Sequence[tuple[NodeReport, Gap]]


def gap_table(page: Page, heading: str, gaps: Entries) -> int:
    """A section with a row a gap, of whatever engagement; how many rows found room on the page."""
    return _table(page, [heading, ""], gaps, [""])


def folded_table(page: Page, title: str, gaps: Entries, *, within: str = "", open: bool = False) -> int:
    """The same under a title, which is HTML, that folds and unfolds it. Paths are told from ``within``."""
    return _table(page, unfold(title, open=open), gaps, FOLD, within)


FOLD = ("", "</details>", "")


def unfold(title: str, *, open: bool = False) -> list[str]:
    """The beginning of what stands between a title, which is HTML, and ``FOLD``."""
    return [f"<details{' open' if open else ''}>", f"<summary>{title}</summary>", ""]


def _table(page: Page, begin: Sequence[str], gaps: Entries, end: Sequence[str], within: str = "") -> int:
    drawn = 0
    for _, gap in gaps:
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
    rule = gap.rule if gap.check is None else f"{gap.rule} {gap.check}"
    step = next_step(gap.playbook, gap.owner).removeprefix("→ ")
    return _row(
        [
            f"**{gap.severity}**" if gap.severity is Severity.ERROR else str(gap.severity),
            f"{markdown(clip(gap.message, MAX_CELL))} {markdown_code(rule)}",
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
        f"health {health_words(report.summary.health)}",
        *([f"{count(clean, 'node')} without a gap"] if clean else []),
        *([f"{skipped} skipped"] if skipped else []),
        f"as of {markdown(report.as_of)}",
    ]
    return " · ".join(facts)


def _node_table(nodes: Sequence[NodeReport]) -> list[str]:
    head = ["Node", "Track", "Status", "Health", "Errors", "Warnings", "Pass rate"]
    rows = [
        [
            markdown(clip(node.name, MAX_CELL)),
            markdown(clip(node.track or "–", MAX_CELL)),
            markdown(node.status),
            health_words(node.summary.health),
            str(node.summary.gaps[Severity.ERROR]),
            str(node.summary.gaps[Severity.WARNING]),
            rate_words(node.pass_rate),
        ]
        for node in nodes[:TABLE_ROWS]
    ]
    more = len(nodes) - len(rows)
    return [
        _row(head),
        "|---|---|---|--:|--:|--:|--:|",
        *map(_row, rows),
        *(["", f"{count(more, 'more node')} with gaps."] if more else []),
    ]


def _next_due(page: Page, report: Report) -> None:
    due = sorted(
        ((item.due, node.name, item) for node in report.nodes for item in node.upcoming),
        key=lambda entry: entry[:2],
    )
    lines = []
    for date, name, item in due[:NEXT_DUE]:
        who = owner_words(item.owner)
        words = f"{name}: {clip(item.message, MAX_CELL)}" + (f" ({who})" if who else "")
        lines.append(f"- {markdown_code(date)} {markdown(words)}")
    if lines:
        more = [f"- and {len(due) - len(lines)} more"] if len(due) > len(lines) else []
        page.add(*unfold("Next due"), *lines, *more, *FOLD)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
