"""Compliance over time: what is kept of the report of each state of a repository."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from blueprint_cli.model.gap import Severity
from blueprint_cli.model.lines import PassRate, Status
from blueprint_cli.model.report import NodeReport, NodeStatus, compliance


class Step(StrEnum):
    """What a point of the timeline stands for."""

    COMMIT = "commit"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Point:
    """One engagement, or all of them, at one moment."""

    status: NodeStatus
    outcomes: Mapping[Status, int]
    gaps: Mapping[Severity, int]
    rate: PassRate | None = None

    @classmethod
    def of(cls, report: NodeReport) -> Point:
        return cls(report.status, report.outcomes, report.summary.gaps, report.pass_rate)

    @property
    def compliance(self) -> int | None:
        return compliance(self.outcomes)


@dataclass(frozen=True, slots=True)
class State:
    """One state of the repository: its day, and the engagements that it had."""

    day: str
    commit: str | None
    """None where the step has no commit of its own: the state before it stands, judged as of this day."""
    nodes: dict[str, Point]
    """By name; by directory where several have one name."""

    @property
    def total(self) -> Point | None:
        """All engagements taken together; None where there was none."""
        points = list(self.nodes.values())
        if not points:
            return None
        rates = [point.rate for point in points if point.rate is not None]
        passed, failed = sum(rate.passed for rate in rates), sum(rate.failed for rate in rates)
        value = round(passed / (passed + failed), 4) if passed + failed else None
        failing = any(point.status is NodeStatus.FAILING for point in points)
        return Point(
            NodeStatus.FAILING if failing else NodeStatus.PASSING,
            {status: sum(point.outcomes.get(status, 0) for point in points) for status in Status},
            {severity: sum(point.gaps[severity] for point in points) for severity in Severity},
            PassRate(value, None, passed, failed),
        )


@dataclass(frozen=True, slots=True)
class Timeline:
    """The states that were judged, oldest first."""

    step: str
    moments: tuple[State, ...]
    node: str | None = None
    """The only engagement of the timeline; None: all."""
    notes: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        return sorted({name for moment in self.moments for name in moment.nodes})
