"""JSON and YAML: the report as data, for programs.

Every string is neutralised here, so that no later reader of a report (a pager, a merge of reports, a web page) has to
know what a customer may have typed.
"""

from __future__ import annotations

import json
from typing import Any

from blueprint_cli.model import Gap, NodeReport, Report
from blueprint_cli.render.neutral import json_text, neutral_data
from blueprint_cli.render.options import RenderOptions
from blueprint_cli.report.data import to_data


def report_data(report: Report | NodeReport) -> dict[str, Any]:
    """What the outputs hold of a run, and ``gap_report.yaml`` of a node. No time but ``as_of``, no absolute path."""
    data: dict[str, Any] = neutral_data(to_data(report))
    return data


def gap_data(gap: Gap, node: str | None = None) -> dict[str, Any]:
    """One gap; ``node`` (REALM/NODE) comes first where gaps of several nodes stand in one list."""
    data: dict[str, Any] = neutral_data(({} if node is None else {"node": node}) | to_data(gap))
    return data


def render_json(report: Report, _options: RenderOptions) -> str:
    """The report as one JSON object; strictly JSON (no NaN), readable, safe to print."""
    return to_json(report_data(report))


def render_yaml(report: Report, _options: RenderOptions) -> str:
    """The report as one YAML document."""
    return to_yaml(report_data(report))


def to_yaml(value: object) -> str:
    """YAML text as every YAML output has it."""
    from blueprint_cli.yamlfile import dump

    return dump(value)


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
