"""JSON and YAML: the report as data, for programs."""

from __future__ import annotations

import json

from blueprint_cli.model import Report

from .data import report_data
from .neutral import json_text
from .options import RenderOptions


def render_json(report: Report, options: RenderOptions) -> str:
    """The report as one JSON object; strictly JSON (no NaN), readable, safe to print."""
    return to_json(report_data(report, options.tool_version))


def render_yaml(report: Report, options: RenderOptions) -> str:
    """The report as one YAML document."""
    from blueprint_cli import yamlfile

    return yamlfile.dump(report_data(report, options.tool_version))


def to_json(value: object) -> str:
    """JSON text as every JSON-based output writes it."""
    return json_text(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2)) + "\n"
