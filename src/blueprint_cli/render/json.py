"""JSON: strictly JSON (no NaN), readable, safe to print."""

from __future__ import annotations

import json

from blueprint_cli.model import Report
from blueprint_cli.model.difference import Difference
from blueprint_cli.model.timeline import Timeline
from blueprint_cli.render.data import difference_data, report_data, timeline_data
from blueprint_cli.render.neutral import json_text
from blueprint_cli.render.options import RenderOptions


def report(report: Report, _options: RenderOptions) -> str:
    return to_json(report_data(report))


def difference(difference: Difference, _options: RenderOptions) -> str:
    return to_json(difference_data(difference))


def timeline(timeline: Timeline, _options: RenderOptions) -> str:
    return to_json(timeline_data(timeline))


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
