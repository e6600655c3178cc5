"""A JSON report read back: what `bp scan --format json` wrote, as the values that it was made of.

The data must satisfy ``gap_report.schema.json``. Not in it, and so not restored, are the faulty items of a check
and where a gap report is written; an engagement's directory is told from the paths of its files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

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
    Severity,
    Signal,
    Status,
    Threshold,
    Upcoming,
)

_NOT_GATES = ("health", "outcomes", "gaps")


def nodes(written: Iterable[Mapping[str, Any]]) -> tuple[NodeReport, ...]:
    """The reports of engagements, ordered by path as a scan orders them."""
    found = [_node(one) for one in written]
    above = {one.realm: one.path.removesuffix(one.name) for one in found if one.path != one.name}
    usual = Counter(above.values()).most_common(1)
    placed = [_placed(one, above.get(one.realm, usual[0][0] if usual else "")) for one in found]
    return tuple(sorted(placed, key=lambda one: one.path))


def _placed(report: NodeReport, above: str) -> NodeReport:
    """The report with its directory, where none of its own paths tells it."""
    told = report.gaps or report.assets
    return report if told else replace(report, path=above + report.name)


def _node(data: Mapping[str, Any]) -> NodeReport:
    summary = data["summary"]
    gaps = tuple(_gap(one) for one in data["gaps"])
    assets = tuple(AssetLine(**_only(one, "asset", "path", "status", "age_days", "dated_by")) for one in data["assets"])
    return NodeReport(
        realm=data["realm"],
        node=data["node"],
        path=_directory(f"{data['realm']}/{data['node']}", gaps, assets),
        report_path=None,
        as_of=data["as_of"],
        archetype=data["archetype"],
        track=data["track"],
        status=NodeStatus(data["status"]),
        reason=data.get("reason"),
        outcomes={Status(key): number for key, number in summary["outcomes"].items()},
        gaps=gaps,
        gates={key: PassRate(**value) for key, value in summary.items() if key not in _NOT_GATES},
        upcoming=tuple(
            Upcoming(one["due"], one["message"], one["check"], one["asset"], _owner(one["owner"]))
            for one in data["upcoming"]
        ),
        signals=tuple(
            Signal(one["id"], one["reference_blueprint"], one["message"], _playbook(one["playbook"]))
            for one in data["signals"]
        ),
        handoffs=tuple(Handoff(one["from"], one["to"], one["trigger"], one["message"]) for one in data["handoffs"]),
        recommendations=tuple(
            Recommendation(one["playbook_id"], one["name"], one["reason"], one["priority"], tuple(one["gaps"]))
            for one in data["recommendations"]
        ),
        checks=_lines(data["checks"], "check"),
        cadences=_lines(data["cadences"], "cadence"),
        assets=assets,
        reference_blueprints=tuple(
            BlueprintLine(one["id"], one["required"], one["status"], one["passed"], one["failed"])
            for one in data["reference_blueprints"]
        ),
        waivers=tuple(dict(one) for one in data["waivers"]),
    )


def _directory(name: str, gaps: tuple[Gap, ...], assets: tuple[AssetLine, ...]) -> str:
    """Where an engagement is: the part of one of its paths up to REALM/NODE."""
    for path in (*(one.location.path for one in gaps), *(one.path for one in assets if one.path)):
        if f"/{path}/".startswith(f"/{name}/"):
            return name
        before, found, _ = path.partition(f"/{name}/")
        if found:
            return f"{before}/{name}"
    return name


def _gap(data: Mapping[str, Any]) -> Gap:
    threshold = data["threshold"]
    return Gap(
        rule=data["rule"],
        severity=Severity(data["severity"]),
        message=data["message"],
        location=Location(**_only(data["location"], "path", "line", "column")),
        reference_blueprint=data["reference_blueprint"],
        check=data["check"],
        asset=data["asset"],
        threshold=None if threshold is None else Threshold(threshold["value"], threshold["source"]),
        since=data["since"],
        due=data["due"],
        owner=_owner(data["owner"]),
        playbook=_playbook(data["playbook"]),
        fingerprint=data["fingerprint"],
    )


def _lines(lines: Iterable[Mapping[str, Any]], key: str) -> tuple[CheckLine, ...]:
    return tuple(CheckLine(one[key], Status(one["status"]), one["reason"], one["due"]) for one in lines)


def _owner(data: Mapping[str, Any] | None) -> Owner | None:
    return None if data is None else Owner(data["role"], data["person"])


def _playbook(data: Mapping[str, Any] | None) -> Playbook | None:
    return None if data is None else Playbook(data["id"], data["name"])


def _only(data: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: data[key] for key in keys}
