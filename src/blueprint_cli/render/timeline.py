"""Health over time: a table with a line of bars, JSON, and CSV that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from typing import Any

from blueprint_cli.model import SCHEMA_VERSION, Severity
from blueprint_cli.model.timeline import Point, State, Step, Timeline
from blueprint_cli.render.json_yaml import to_json
from blueprint_cli.render.neutral import neutral_data, visible
from blueprint_cli.render.options import RenderOptions
from blueprint_cli.render.phrases import health_words, rate_words
from blueprint_cli.render.terminal import columns, painter
from blueprint_cli.text import count

_BARS = "▁▂▃▄▅▆▇█"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
ALL = "all engagements"


def sparkline(values: Iterable[int | None]) -> str:
    """One bar a value from 0 to 100; a blank where there is none."""
    return "".join(" " if value is None else _BARS[min(value * len(_BARS) // 100, len(_BARS) - 1)] for value in values)


def text(timeline: Timeline, options: RenderOptions) -> str:
    """One engagement: a row a moment. Several: a row each, with its course and where it stands now."""
    paint = painter(options.color)
    if not timeline.moments:
        return "no commit in this time\n"
    one = timeline.node or (timeline.names[0] if len(timeline.names) == 1 else None)
    first, last = timeline.moments[0], timeline.moments[-1]
    with_commits = "" if timeline.step == Step.COMMIT else " with commits"
    span = f"{first.day} to {last.day}, {count(len(timeline.moments), timeline.step)}{with_commits}"
    if one is not None:
        line = sparkline(_health(moment.nodes.get(one)) for moment in timeline.moments)
        head = [
            paint(word, "title") for word in ("Day", "Commit", "Status", "Health", "Errors", "Warnings", "Pass rate")
        ]
        rows = [[moment.day, moment.commit[:10], *_cells(moment.nodes.get(one))] for moment in timeline.moments]
        table = columns([head, *rows], right=(3, 4, 5))
        return "\n".join([f"{paint(visible(one), 'title')} · {span}", f"health {line}".rstrip(), "", *table]) + "\n"
    head = [paint(word, "title") for word in ("Node", "Health", "Status", "Now", "Errors", "Warnings", "Pass rate")]
    found: list[tuple[str, Callable[[State], Point | None]]] = [
        *((name, lambda moment, name=name: moment.nodes.get(name)) for name in timeline.names),
        (ALL, lambda moment: moment.total),
    ]
    rows = [
        [visible(name), sparkline(_health(pick(moment)) for moment in timeline.moments), *_cells(pick(last))]
        for name, pick in found
    ]
    return "\n".join([span, "", *columns([head, *rows], right=(3, 4, 5))]) + "\n"


def _health(point: Point | None) -> int | None:
    return None if point is None else point.health


def _cells(point: Point | None) -> list[str]:
    if point is None:
        return ["absent", *[""] * 4]
    return [
        point.status,
        health_words(point.health),
        str(point.gaps[Severity.ERROR]),
        str(point.gaps[Severity.WARNING]),
        rate_words(point.rate),
    ]


def json(timeline: Timeline, _options: RenderOptions) -> str:
    """``{schema_version, step, points: [{day, commit, node, …}]}``; null where an engagement did not exist."""
    points = [_data(moment, name, moment.nodes.get(name)) for moment in timeline.moments for name in timeline.names]
    totals = [_data(moment, None, moment.total) for moment in timeline.moments]
    data = {"schema_version": SCHEMA_VERSION, "step": timeline.step, "points": points, "totals": totals}
    return to_json(neutral_data(data))


def _data(moment: State, name: str | None, point: Point | None) -> dict[str, Any]:
    rate = point.rate if point else None
    return {
        "day": moment.day,
        "commit": moment.commit,
        **({} if name is None else {"node": name}),
        "status": point.status if point else None,
        "health": point.health if point else None,
        "gaps": {str(severity): point.gaps[severity] for severity in Severity} if point else None,
        "pass_rate": rate.value if rate else None,
        "required": rate.required if rate else None,
    }


def table(timeline: Timeline, _options: RenderOptions) -> str:
    """CSV: a row for each moment and engagement; blank cells where an engagement did not exist."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ["day", "commit", "node", "status", "health", "errors", "warnings", "notes", "pass_rate", "required"]
    )
    for moment in timeline.moments:
        for name in timeline.names:
            found = _data(moment, name, moment.nodes.get(name))
            gaps = found["gaps"] or {}
            cells = [found["day"], found["commit"], name, found["status"], found["health"]]
            cells += [gaps.get(str(severity)) for severity in Severity]
            writer.writerow([_safe(cell) for cell in (*cells, found["pass_rate"], found["required"])])
    return out.getvalue()


def _safe(cell: object) -> str:
    """A cell that a spreadsheet shows and does not calculate."""
    words = "" if cell is None else visible(str(cell))
    return f"'{words}" if words.startswith(_FORMULA) else words


TIMELINES: dict[str, Callable[[Timeline, RenderOptions], str]] = {"text": text, "json": json, "csv": table}
"""What ``bp history --format`` offers."""
