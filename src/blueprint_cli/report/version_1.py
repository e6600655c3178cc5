"""Reports of version 1 of the format, as version 2 has them.

Version 1 called the compliance of an engagement its health, and gave the age of an asset instead of the day from which
it counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from blueprint_cli import __version__
from blueprint_cli.model import SCHEMA_VERSION

VERSION = 1


def upgraded(report: Mapping[str, Any]) -> dict[str, Any]:
    """The report of a run. What is not as version 1 had it stays as it is, for the schema to refuse."""
    return {
        **report,
        "schema_version": SCHEMA_VERSION,
        "summary": _summary(report["summary"]),
        "nodes": [_node(node) for node in report["nodes"]],
    }


def _node(node: Any) -> Any:
    if not isinstance(node, dict) or node.get("schema_version") != VERSION:
        return node
    assets, day = node.get("assets"), _day(node.get("as_of"))
    return {
        **node,
        "schema_version": SCHEMA_VERSION,
        "generated_by": f"blueprint-cli {__version__}",
        "summary": _summary(node.get("summary")),
        "assets": [_asset(line, day) for line in assets] if isinstance(assets, list) else assets,
    }


def _summary(summary: Any) -> Any:
    if not isinstance(summary, dict) or "health" not in summary:
        return summary
    return {("compliance" if key == "health" else key): value for key, value in summary.items()}


def _asset(line: Any, as_of: date | None) -> Any:
    if not isinstance(line, dict) or "age_days" not in line:
        return line
    age = line["age_days"]
    known = as_of is not None and isinstance(age, int) and 0 <= age < as_of.toordinal()
    day = (as_of - timedelta(days=age)).isoformat() if known and as_of is not None else age
    return {("last_updated" if key == "age_days" else key): day if key == "age_days" else line[key] for key in line}


def _day(written: object) -> date | None:
    try:
        return date.fromisoformat(str(written)[:10])
    except ValueError:
        return None
