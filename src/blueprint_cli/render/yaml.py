"""YAML: the same data as JSON."""

from __future__ import annotations

from blueprint_cli.model import NodeReport, Report
from blueprint_cli.model.difference import Difference
from blueprint_cli.render.data import difference_data, report_data
from blueprint_cli.render.options import RenderOptions
from blueprint_cli.yamlfile import dump


def report(report: Report, _options: RenderOptions) -> str:
    return dump(report_data(report))


def difference(difference: Difference, _options: RenderOptions) -> str:
    return dump(difference_data(difference))


def gap_report(report: NodeReport) -> str:
    return dump(report_data(report))
