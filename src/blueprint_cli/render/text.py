"""For people: gaps by node, one a line, what is due next, and tables; what a change did; compliance over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from blueprint_cli.model import NodeReport, NodeStatus, Report, Status
from blueprint_cli.model.difference import Difference, NodeGap
from blueprint_cli.model.timeline import Point, Timeline
from blueprint_cli.render import unexamined
from blueprint_cli.render.difference import deletion, failing_changes, sentence
from blueprint_cli.render.neutral import visible
from blueprint_cli.render.options import RenderOptions
from blueprint_cli.render.phrases import (
    Paint,
    compliance_words,
    customer_words,
    figures,
    gap_counts,
    next_due,
    next_step,
    owner_words,
    status_words,
    totals,
)
from blueprint_cli.render.terminal import columns, painter, shown
from blueprint_cli.text import count

NEXT_DUE = 5
MAX_SIGNALS = 20
MAX_FIXED = 20
MAX_ALIKE = 100
"""How many due dates, signals, handoffs and unknown answers, fixed gaps, and introduced ones of one kind in one file
are shown; the formats for programs have them all."""
ALL = "all engagements"
NO_COMMIT = "no commit"
"""Stands where a step has no commit of its own: what a scan of that day would say of the state before it."""
_BARS = "▁▂▃▄▅▆▇█"


def report(report: Report, options: RenderOptions) -> str:
    """Plain text without colour, the same on every machine; styles and snippets on a colour terminal."""
    paint = painter(options.color)
    if report.files is not None:
        return _checked(report, report.files, options, paint)
    with_gaps = [node for node in report.nodes if node.gaps]
    blocks = [_section(node, options, paint) for node in with_gaps]
    if not with_gaps and report.nodes:
        blocks.append([_heading(node, paint) for node in report.nodes])
    blocks += [_not_evaluable(report, paint), _signals(report, paint), _next_due(report, paint)]
    if with_gaps:
        blocks.append(_table(report, paint))
    blocks += [_unexamined(report, options, paint), [totals(report), *_not_looked_at(report, options)]]
    return _joined(blocks)


def _unexamined(report: Report, options: RenderOptions, paint: Paint) -> list[str]:
    """What was not looked at, one thing a line, where that is wanted."""
    rows = [["", why, visible(what)] for why, what in unexamined.listing(report)] if options.unexamined else []
    return _titled("Not looked at", columns(rows), len(rows), paint)


def _not_looked_at(report: Report, options: RenderOptions) -> list[str]:
    """The last line of a scan; none where everything was looked at."""
    sentence = unexamined.sentence(report)
    return [] if sentence is None else [sentence if options.unexamined else f"{sentence} (--unexamined lists them)"]


def _checked(report: Report, files: int, options: RenderOptions, paint: Paint) -> str:
    """A line for each gap, worst first within each engagement, then the count."""
    lines = [line for node in report.nodes for gap in node.gaps for line in shown(gap, options, paint)]
    outcome = f": {gap_counts(report)}" if files else ""
    return "\n".join([*lines, f"{count(files, 'file')} checked{outcome}"]) + "\n"


def _joined(blocks: Iterable[Sequence[str]]) -> str:
    """Blocks of lines with an empty line between them."""
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _section(node: NodeReport, options: RenderOptions, paint: Paint) -> list[str]:
    return [_heading(node, paint), *(line for gap in node.gaps for line in shown(gap, options, paint))]


def _heading(node: NodeReport, paint: Paint) -> str:
    facts = [paint(status_words(node), node.status)]
    if node.gaps or node.status is not NodeStatus.SKIPPED:
        compliance = f"compliance {compliance_words(node.summary.compliance)}"
        customer = [f"customer health {words}"] if (words := customer_words(node)) else []
        facts = [visible(node.track or "no track"), compliance, *customer, *facts, gap_counts(node)]
    return f"{paint(visible(node.name), 'title')} · {' · '.join(facts)}"


def _signals(report: Report, paint: Paint) -> list[str]:
    signals = [(node, item.message, next_step(item.playbook, None)) for node in report.nodes for item in node.signals]
    handoffs = [
        (node, item.message, f"handoff {visible(item.source)} → {visible(item.target)}")
        for node in report.nodes
        for item in node.handoffs
    ]
    both = [*handoffs, *signals]
    rows = [["", visible(node.name), visible(message), step] for node, message, step in both[:MAX_SIGNALS]]
    return _titled("Signals and handoffs", columns(rows), len(both), paint)


def _not_evaluable(report: Report, paint: Paint) -> list[str]:
    """What could not be judged, which is neither a gap nor in order."""
    lines = [
        (node, *answer)
        for node in report.nodes
        for answer in (
            *((line.check, line.status, line.reason) for line in node.checks),
            *((line.cadence, line.status, line.reason) for line in node.cadences),
        )
        if answer[1] is Status.NOT_EVALUABLE
    ]
    rows = [["", visible(node.name), visible(name), visible(reason)] for node, name, _, reason in lines[:MAX_SIGNALS]]
    return _titled("Not evaluable", columns(rows), len(lines), paint)


def _next_due(report: Report, paint: Paint) -> list[str]:
    due = next_due(report)
    rows = [
        ["", visible(item.due), visible(node.name), visible(item.message), owner_words(item.owner)]
        for node, item in due[:NEXT_DUE]
    ]
    return _titled("Next due", columns(rows), len(due), paint)


def _titled(title: str, lines: list[str], number: int, paint: Paint) -> list[str]:
    """A block of the first lines of ``number``, which says how many more there are."""
    more = [f"  and {number - len(lines)} more"] if number > len(lines) else []
    return [paint(title, "title"), *lines, *more] if lines else []


def _table(report: Report, paint: Paint) -> list[str]:
    rows = [
        [
            visible(node.name),
            visible(node.track or "–"),
            paint(node.status, node.status),
            *figures(node.summary.compliance, node.summary.gaps, node.pass_rate),
            customer_words(node),
        ]
        for node in report.nodes
    ]
    return _rows(["Node", "Track", "Status", "Compliance"], rows, paint, customers=True)


def difference(difference: Difference, options: RenderOptions) -> str:
    """What a change introduced and how it loosens the judgement, then what it uncovered, fixed and excused."""
    paint = painter(options.color)
    blocks = []
    for title, entries in (
        ("Introduced", difference.introduced),
        ("Policy changes", difference.policy_changes),
        ("Uncovered: there before, but hidden by what was missing or not valid", difference.uncovered),
    ):
        lines = list(_of_each_kind(entries, options, paint))
        blocks.append(_titled(title, lines, len(lines), paint))
    blocks.append(_titled("Fixed", *_gone(difference.fixed, paint), paint))
    excused = "Excused: not fixed, the engagement is judged otherwise"
    blocks.append(_titled(excused, *_gone(difference.excused, paint), paint))
    deleted = [f"  {visible(deletion(node))}" for node in difference.deleted_nodes]
    blocks.append(_titled("Deleted", deleted, len(deleted), paint))
    blocks.append([sentence(difference), *_verdict(difference, options)])
    return _joined(blocks)


def _of_each_kind(entries: Iterable[NodeGap], options: RenderOptions, paint: Paint) -> Iterator[str]:
    """The gaps, but of one kind in one file no more than anybody reads."""
    kinds: Counter[tuple[str, str]] = Counter()
    for _, gap in entries:
        kind = gap.rule, gap.location.path
        kinds[kind] += 1
        if kinds[kind] <= MAX_ALIKE:
            yield from shown(gap, options, paint)
    for (rule, path), number in kinds.items():
        if number > MAX_ALIKE:
            yield f"  and {number - MAX_ALIKE} more {visible(rule)} in {visible(path)}"


def _gone(entries: Sequence[NodeGap], paint: Paint) -> tuple[list[str], int]:
    """A line for each of the first gaps that are gone, and how many there are."""
    lines = [
        f"  {visible(node.name)}: {visible(gap.message)} {paint(f'[{visible(gap.check or gap.rule)}]', 'quiet')}"
        for node, gap in entries[:MAX_FIXED]
    ]
    return lines, len(entries)


def _verdict(difference: Difference, options: RenderOptions) -> list[str]:
    """Why the run fails, and where its reader goes on."""
    lines = []
    failing = [gap for _, gap in difference.introduced if options.fails(gap.severity)]
    if failing:
        number = count(len(failing), "gap")
        rule = visible(failing[0].rule)
        lines.append(f"fails for {number} at or above {options.fail_on}: `bp rule {rule}` explains what to do")
    if changes := failing_changes(difference, options):
        lines.append(f"fails for {count(len(changes), 'policy change')}: `bp rule policy-change` explains what to do")
    return lines


def timeline(timeline: Timeline, options: RenderOptions) -> str:
    """One engagement: a row for each moment. Several: a row for each, with its bars and where it stands now."""
    if not timeline.moments:
        return "no commit in this time\n"
    paint = painter(options.color)
    only = timeline.names[0] if len(timeline.names) == 1 else None
    first, last = timeline.moments[0], timeline.moments[-1]
    with_commit = sum(state.commit is not None for state in timeline.moments)
    steps = len(timeline.moments) if timeline.step != "commit" else with_commit
    without = f", {steps - with_commit} of them without a commit" if steps > with_commit else ""
    span = f"{first.day} to {last.day}, {count(steps, timeline.step)}{without}"
    if only is not None:
        points = [state.nodes.get(only) for state in timeline.moments]
        rows = [
            [state.day, (state.commit or NO_COMMIT)[:10], *_point(point)]
            for state, point in zip(timeline.moments, points, strict=True)
        ]
        title = [f"{paint(visible(only), 'title')} · {span}", f"compliance {_course(points)}".rstrip()]
        return _joined([title, _rows(["Day", "Commit", "Status", "Compliance"], rows, paint)])
    courses = {visible(name): [state.nodes.get(name) for state in timeline.moments] for name in timeline.names}
    courses[ALL] = [state.total for state in timeline.moments]
    rows = [[name, _course(points), *_point(points[-1])] for name, points in courses.items()]
    return _joined([[span], _rows(["Node", "Compliance", "Status", "Now"], rows, paint)])


def _rows(titles: list[str], rows: list[list[str]], paint: Paint, *, customers: bool = False) -> list[str]:
    """A table. ``customers``: whether its last cells are of the customers' own health, which not every model knows."""
    if customers and not any(row[-1] for row in rows):
        rows, customers = [row[:-1] for row in rows], False
    last = ["Customer health"] if customers else []
    head = [paint(title, "title") for title in (*titles, "Errors", "Warnings", "Pass rate", *last)]
    return columns([head, *rows], right=(3, 4, 5))


def _point(point: Point | None) -> list[str]:
    return [point.status, *figures(point.compliance, point.gaps, point.rate)] if point else ["absent", *[""] * 4]


def _course(points: Iterable[Point | None]) -> str:
    return sparkline(None if point is None else point.compliance for point in points)


def sparkline(values: Iterable[int | None]) -> str:
    """A bar for each value from 0 to 100; a space where there is none."""
    return "".join(" " if value is None else _BARS[min(value * len(_BARS) // 100, len(_BARS) - 1)] for value in values)
