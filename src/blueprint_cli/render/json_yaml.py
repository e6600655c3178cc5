"""JSON and YAML: the report as data, for programs."""

from __future__ import annotations

import json

from blueprint_cli.model import Report
from blueprint_cli.render.data import report_data
from blueprint_cli.render.neutral import json_text
from blueprint_cli.render.options import RenderOptions


def render_json(report: Report, options: RenderOptions) -> str:
    """The report as one JSON object; strictly JSON (no NaN), readable, safe to print."""
    return to_json(report_data(report, options.tool_version))


def render_yaml(report: Report, options: RenderOptions) -> str:
    """The report as one YAML document."""
    from blueprint_cli.yamlfile import dump

    return dump(report_data(report, options.tool_version))


def to_json(value: object) -> str:
    """JSON text as every JSON-based output writes it: laid out down to the items of a node's lists.

    An item (a gap, a check, a result) stands on one line: it can be found with grep, and the compact
    encoder, written in C, does nearly all the work.
    """
    return _lay_out(value, 0) + "\n"


_OPEN_LEVELS = 4


def _lay_out(value: object, level: int) -> str:
    if not value or not isinstance(value, dict | list) or level >= _OPEN_LEVELS:
        return _compact(value)
    if isinstance(value, dict):
        items = [f"{_compact(key)}: {_lay_out(item, level + 1)}" for key, item in value.items()]
        start, end = "{}"
    else:
        items = [_lay_out(item, level + 1) for item in value]
        start, end = "[]"
    indent = "  " * (level + 1)
    return f"{start}\n{indent}" + f",\n{indent}".join(items) + f"\n{indent[2:]}{end}"


def _compact(value: object) -> str:
    return json_text(_encode(value))


_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
