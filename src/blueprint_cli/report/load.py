"""A JSON report read back: what `bp scan --format json` wrote, as the values that it was made of.

The data must satisfy ``gap_report.schema.json``. Not in it, and so not restored, are the faulty items of a check
and where a gap report is written; an engagement's directory is derived from the paths of its files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from blueprint_cli.model import NodeReport, Summary
from blueprint_cli.report.data import from_data


def nodes(written: Iterable[Mapping[str, Any]]) -> tuple[NodeReport, ...]:
    """The reports of engagements, ordered by path as a scan orders them."""
    reports = [_node(data) for data in written]
    above = {report.realm: report.path.removesuffix(report.name) for report in reports if report.path != report.name}
    usual = Counter(above.values()).most_common(1)
    placed = [_placed(report, above.get(report.realm, usual[0][0] if usual else "")) for report in reports]
    return tuple(sorted(placed, key=lambda report: report.path))


def _placed(report: NodeReport, above: str) -> NodeReport:
    """The report with its directory, where none of its own paths shows it."""
    return report if report.gaps or report.assets else replace(report, path=above + report.name)


def _node(data: Mapping[str, Any]) -> NodeReport:
    summary = from_data(Summary, data["summary"])
    report = from_data(NodeReport, data, outcomes=summary.outcomes, gates=summary.gates)
    return replace(report, path=_directory(report))


def _directory(report: NodeReport) -> str:
    """Where an engagement is: the part of one of its paths up to REALM/NODE."""
    paths = [gap.location.path for gap in report.gaps] + [asset.path for asset in report.assets if asset.path]
    for path in paths:
        if f"/{path}/".startswith(f"/{report.name}/"):
            return report.name
        before, separator, _ = path.partition(f"/{report.name}/")
        if separator:
            return f"{before}/{report.name}"
    return report.name
