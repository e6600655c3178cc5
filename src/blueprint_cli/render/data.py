"""A report as plain data: what ``gap_report.yaml`` and the JSON and YAML outputs hold, key by key.

The order of the keys is part of the format. Every string is neutralised here, so that no later reader
of a report (a pager, a merge of reports, a web page) has to know what a customer may have typed.
"""

from __future__ import annotations

from typing import Any

from blueprint_cli import __version__
from blueprint_cli.model import (
    AssetLine,
    BlueprintLine,
    CheckLine,
    Gap,
    Handoff,
    Location,
    NodeReport,
    NodeStatus,
    Owner,
    PassRate,
    Playbook,
    Recommendation,
    Report,
    Severity,
    Signal,
    Status,
    Threshold,
    Upcoming,
)
from blueprint_cli.render.neutral import neutral_data

SCHEMA_VERSION = 1


def report_data(report: Report, tool_version: str = __version__) -> dict[str, Any]:
    """The whole run: ``{schema_version, as_of, summary, nodes}``."""
    statuses = [node.status for node in report.nodes]
    head: dict[str, Any] = neutral_data(
        {
            "schema_version": SCHEMA_VERSION,
            "as_of": report.as_of,
            "summary": {
                "nodes": len(statuses),
                **{status: statuses.count(status) for status in NodeStatus},
                "health": report.health,
                "outcomes": _outcomes(report.outcomes),
                "gaps": {str(severity): report.count(severity) for severity in Severity},
            },
        }
    )
    return {**head, "nodes": [node_data(node, tool_version) for node in report.nodes]}


def node_data(node: NodeReport, tool_version: str = __version__) -> dict[str, Any]:
    """One node: what its ``gap_report.yaml`` holds. No time but ``as_of``, no absolute path."""
    data: dict[str, Any] = neutral_data(
        {
            "schema_version": SCHEMA_VERSION,
            "generated_by": f"blueprint-cli {tool_version}",
            "as_of": node.as_of,
            "realm": node.realm,
            "node": node.node,
            "archetype": node.archetype,
            "track": node.track,
            "status": node.status,
            **({} if node.reason is None else {"reason": node.reason}),
            "summary": {
                "health": node.health,
                "outcomes": _outcomes(node.outcomes),
                "gaps": {str(severity): node.count(severity) for severity in Severity},
                **{name: _rate(rate) for name, rate in node.gates.items()},
            },
            "gaps": [_gap(gap) for gap in node.gaps],
            "upcoming": [_upcoming(item) for item in node.upcoming],
            "signals": [_signal(signal) for signal in node.signals],
            "handoffs": [_handoff(handoff) for handoff in node.handoffs],
            "recommendations": [_recommendation(item) for item in node.recommendations],
            "checks": [_check("check", line) for line in node.checks],
            "cadences": [_check("cadence", line) for line in node.cadences],
            "assets": [_asset(line) for line in node.assets],
            "reference_blueprints": [_blueprint(line) for line in node.reference_blueprints],
            "waivers": list(node.waivers),
        }
    )
    return data


def gap_data(gap: Gap, node: str | None = None) -> dict[str, Any]:
    """One gap; ``node`` (REALM/NODE) comes first where gaps of several nodes stand in one list."""
    data: dict[str, Any] = neutral_data({**({} if node is None else {"node": node}), **_gap(gap)})
    return data


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "rule": gap.rule,
        "severity": str(gap.severity),
        "reference_blueprint": gap.reference_blueprint,
        "check": gap.check,
        "asset": gap.asset,
        "location": _location(gap.location),
        "message": gap.message,
        "threshold": _threshold(gap.threshold),
        "since": gap.since,
        "due": gap.due,
        "owner": _owner(gap.owner),
        "playbook": _playbook(gap.playbook),
        "fingerprint": gap.fingerprint,
    }


def _location(at: Location) -> dict[str, Any]:
    return {"path": at.path, "line": at.line, "column": at.column}


def _threshold(threshold: Threshold | None) -> dict[str, Any] | None:
    return None if threshold is None else {"value": threshold.value, "source": threshold.source}


def _owner(owner: Owner | None) -> dict[str, Any] | None:
    return None if owner is None else {"role": owner.role, "person": owner.person}


def _playbook(playbook: Playbook | None) -> dict[str, Any] | None:
    return None if playbook is None else {"id": playbook.id, "name": playbook.name}


def _outcomes(outcomes: dict[Status, int]) -> dict[str, int]:
    return {str(status): outcomes.get(status, 0) for status in Status}


def _rate(rate: PassRate) -> dict[str, Any]:
    return {"value": rate.value, "required": rate.required, "passed": rate.passed, "failed": rate.failed}


def _upcoming(item: Upcoming) -> dict[str, Any]:
    return {
        "due": item.due,
        "check": item.check,
        "asset": item.asset,
        "owner": _owner(item.owner),
        "message": item.message,
    }


def _signal(signal: Signal) -> dict[str, Any]:
    return {
        "id": signal.id,
        "reference_blueprint": signal.reference_blueprint,
        "playbook": _playbook(signal.playbook),
        "message": signal.message,
    }


def _handoff(handoff: Handoff) -> dict[str, Any]:
    return {
        "from": handoff.source,
        "to": handoff.target,
        "trigger": handoff.trigger,
        "message": handoff.message,
    }


def _recommendation(item: Recommendation) -> dict[str, Any]:
    return {
        "playbook_id": item.playbook_id,
        "name": item.name,
        "reason": item.reason,
        "priority": item.priority,
        "gaps": list(item.gaps),
    }


def _check(key: str, line: CheckLine) -> dict[str, Any]:
    return {key: line.check, "status": str(line.status), "reason": line.reason, "due": line.due}


def _asset(line: AssetLine) -> dict[str, Any]:
    return {
        "asset": line.asset,
        "path": line.path,
        "status": line.status,
        "age_days": line.age_days,
        "dated_by": line.dated_by,
    }


def _blueprint(line: BlueprintLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "required": line.required,
        "status": line.status,
        "passed": line.passed,
        "failed": line.failed,
    }
