"""What the formats for programs hold: plain data, the same in all of them.

Every string is neutralised here, so that no later reader of a report (a pager, a merge of reports, a web page) has to
know what a customer may have typed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from blueprint_cli.model import SCHEMA_VERSION, NodeReport, Report, Subject
from blueprint_cli.model.difference import Difference, NodeGap
from blueprint_cli.model.timeline import Point, State, Timeline
from blueprint_cli.render.neutral import neutral_data
from blueprint_cli.report.data import to_data


def report_data(report: Report | NodeReport) -> dict[str, Any]:
    """The report of a run or of a node, which is its ``gap_report.yaml``. No time but ``as_of``, no absolute path."""
    return _neutral(to_data(report))


def difference_data(difference: Difference) -> dict[str, Any]:
    """A change: ``{schema_version, base, head, as_of, introduced, fixed, unchanged, …, deleted_nodes}``."""
    head = {key: getattr(difference, key) for key in ("base", "head", "as_of")}
    lists = {name: _gaps(entries) for name, entries in difference.lists.items()}
    deleted = [node.name for node in difference.deleted_nodes]
    return _neutral({"schema_version": SCHEMA_VERSION} | head | lists | {"deleted_nodes": deleted})


def _gaps(entries: Iterable[NodeGap]) -> list[dict[str, Any]]:
    """Gaps of several engagements: each says first whose it is, unless it is everybody's."""
    return [{"node": None if node.subject is Subject.POLICY else node.name} | to_data(gap) for node, gap in entries]


def timeline_data(timeline: Timeline) -> dict[str, Any]:
    """Compliance over time: ``{schema_version, step, points, totals}``; null where an engagement did not exist."""
    points = [point_data(state, name, state.nodes.get(name)) for state in timeline.moments for name in timeline.names]
    totals = [point_data(state, None, state.total) for state in timeline.moments]
    return _neutral({"schema_version": SCHEMA_VERSION, "step": timeline.step, "points": points, "totals": totals})


def point_data(state: State, node: str | None, point: Point | None) -> dict[str, Any]:
    """An engagement at one moment; ``node`` None: all of them."""
    rate = point.rate if point else None
    return {
        "day": state.day,
        "commit": state.commit,
        **({} if node is None else {"node": node}),
        "status": point.status if point else None,
        "compliance": point.compliance if point else None,
        "gaps": point.gaps if point else None,
        "pass_rate": rate.value if rate else None,
        "required": rate.required if rate else None,
    }


def _neutral(data: dict[str, Any]) -> dict[str, Any]:
    neutral: dict[str, Any] = neutral_data(data)
    return neutral
