"""A JSON report read back: what `bp scan --format json` wrote, as the values that it was made of.

The data must satisfy ``gap_report.schema.json``. Not in it, and so not restored, are the faulty items of a check
and where a gap report is written; an engagement's directory is derived from the paths of its files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from blueprint_cli.model import NodeReport, Summary
from blueprint_cli.report.data import from_data


def placed(nodes: Sequence[NodeReport]) -> tuple[NodeReport, ...]:
    """The reports of a run, ordered by path as a scan orders them. A report without any path is placed beside those of
    its realm."""
    above = {node.realm: node.path.removesuffix(node.name) for node in nodes if node.path != node.name}
    usual = next((folder for folder, _ in Counter(above.values()).most_common(1)), "")

    def path(node: NodeReport) -> str:
        return node.path if node.gaps or node.assets else above.get(node.realm, usual) + node.name

    reports = (replace(node, path=path(node)) for node in nodes)
    return tuple(sorted(reports, key=lambda node: node.path))


def node(data: Mapping[str, Any]) -> NodeReport:
    """The report of an engagement."""
    summary = from_data(Summary, data["summary"])
    report = from_data(NodeReport, data, outcomes=summary.outcomes, gates=summary.gates)
    return replace(report, path=_directory(report))


def _directory(report: NodeReport) -> str:
    """Where an engagement is: the part of most of its paths up to REALM/NODE."""
    paths = [gap.location.path for gap in report.gaps] + [asset.path for asset in report.assets if asset.path]
    parts = (f"/{path}/".rpartition(f"/{report.name}/") for path in paths)
    folders = Counter(f"{before}/{report.name}".lstrip("/") for before, separator, _ in parts if separator)
    return next((folder for folder, _ in folders.most_common(1)), report.name)
