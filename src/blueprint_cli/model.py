"""The words of the house as values: findings, gaps, outcomes and the report that is made of them.

Everything here is frozen and knows nothing of disks, Git or clocks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a gap weighs; the order of the members is the order of the report."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return _SEVERITY_RANK[self]


_SEVERITY_RANK = {severity: rank for rank, severity in enumerate(Severity)}


class Status(StrEnum):
    """The six answers that a requirement can have. Exactly one of them holds."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_YET_DUE = "not_yet_due"
    NOT_APPLICABLE = "not_applicable"
    WAIVED = "waived"
    NOT_EVALUABLE = "not_evaluable"


class NodeStatus(StrEnum):
    """What a report says of its engagement as a whole."""

    FAILING = "failing"
    """It has a gap of severity error."""
    PASSING = "passing"
    SKIPPED = "skipped"
    """It is not active, so its requirements were not judged."""


class Subject(StrEnum):
    """What a report is about: an engagement, or what in a repository belongs to none."""

    ENGAGEMENT = "engagement"
    POLICY = "policy"
    """The policy files of a repository, which concern all of its engagements."""
    OTHER_FILES = "other files"


class Value:
    """A value of a report. It goes from process to process as its fields, in half the time of a frozen dataclass."""

    __slots__: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[type[Value], tuple[Any, ...]]:
        return type(self), tuple([getattr(self, name) for name in self.__slots__])


@dataclass(frozen=True, slots=True)
class Location(Value):
    """A place in a file: path from the repository root, 1-based line and column (None: the file as a whole)."""

    path: str
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Owner(Value):
    """The role that owns a requirement and the person who holds it on this node, where the team says so."""

    role: str | None
    person: str | None


@dataclass(frozen=True, slots=True)
class Playbook(Value):
    """What to do about a gap."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Threshold(Value):
    """The limit that was missed, in words, and the file and row that set it."""

    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Gap(Value):
    """One thing that is missing, wrong or overdue. Dates are ISO strings, so that a report is plain data."""

    rule: str
    severity: Severity
    message: str
    location: Location
    reference_blueprint: str | None = None
    check: str | None = None
    asset: str | None = None
    threshold: Threshold | None = None
    since: str | None = None
    due: str | None = None
    owner: Owner | None = None
    playbook: Playbook | None = None
    fingerprint: str = ""
    """rule + node + asset + check + item: stable over line shifts, re-ordering and passing days."""
    items: tuple[str, ...] = ()
    """The faulty items of a check, by identity: not part of the report, but a change that adds one is to blame."""


@dataclass(frozen=True, slots=True)
class Upcoming(Value):
    """Something that is not due yet, or about to go stale."""

    due: str
    message: str
    check: str | None = None
    asset: str | None = None
    owner: Owner | None = None


@dataclass(frozen=True, slots=True)
class Signal(Value):
    """An active signal of a reference blueprint and the playbook that answers it."""

    id: str
    reference_blueprint: str
    message: str
    playbook: Playbook | None = None


@dataclass(frozen=True, slots=True)
class Handoff(Value):
    """A hand-over to or from another archetype that is due."""

    source: str
    target: str
    trigger: str
    message: str


@dataclass(frozen=True, slots=True)
class Recommendation(Value):
    """A playbook to run and the gaps (fingerprints) that it closes."""

    playbook_id: str
    name: str
    reason: str
    priority: str
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckLine(Value):
    """One checklist item, or one cadence, as the report lists it."""

    check: str
    status: Status
    reason: str
    due: str | None = None


@dataclass(frozen=True, slots=True)
class AssetLine(Value):
    """One asset as the report lists it. ``dated_by`` is declared, git or unknown."""

    asset: str
    path: str | None
    status: str
    age_days: int | None = None
    dated_by: str = "unknown"


@dataclass(frozen=True, slots=True)
class BlueprintLine(Value):
    """One reference blueprint as the report lists it, with its passed and failed outcomes."""

    id: str
    required: bool
    status: str
    passed: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class PassRate(Value):
    """A gate: the share of passed outcomes, what the track requires, and what was counted."""

    value: float | None
    required: float | None
    passed: int
    failed: int


@dataclass(frozen=True, slots=True)
class NodeReport(Value):
    """What one node's ``gap_report.yaml`` says."""

    realm: str
    node: str
    path: str
    """The node's directory from the repository root."""
    report_path: str | None
    """Where its gap report belongs; None where nothing is written."""
    as_of: str
    archetype: str | None
    track: str | None
    status: NodeStatus
    reason: str | None
    outcomes: dict[Status, int]
    gaps: tuple[Gap, ...] = ()
    gates: dict[str, PassRate] = field(default_factory=dict)
    """Each gate by the name that the summary gives it (checklist_pass_rate)."""
    upcoming: tuple[Upcoming, ...] = ()
    signals: tuple[Signal, ...] = ()
    handoffs: tuple[Handoff, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    checks: tuple[CheckLine, ...] = ()
    cadences: tuple[CheckLine, ...] = ()
    assets: tuple[AssetLine, ...] = ()
    reference_blueprints: tuple[BlueprintLine, ...] = ()
    waivers: tuple[dict[str, Any], ...] = ()
    subject: Subject = Subject.ENGAGEMENT

    @classmethod
    def of_repository(cls, subject: Subject, as_of: str = "") -> NodeReport:
        """An empty report about what belongs to no engagement."""
        return cls(
            realm="repository",
            node=str(subject),
            path="",
            report_path=None,
            as_of=as_of,
            archetype=None,
            track=None,
            status=NodeStatus.PASSING,
            reason=None,
            outcomes=dict.fromkeys(Status, 0),
            subject=subject,
        )

    @property
    def name(self) -> str:
        """REALM/NODE."""
        return f"{self.realm}/{self.node}"

    @property
    def health(self) -> int | None:
        """round(100 x passed / (passed + failed)); None when nothing was evaluated."""
        return health(self.outcomes)

    @property
    def pass_rate(self) -> PassRate | None:
        """The gate that stands in summaries: the first that the archetype declares."""
        return next(iter(self.gates.values()), None)

    def count(self, severity: Severity) -> int:
        """How many gaps weigh that much."""
        return sum(gap.severity is severity for gap in self.gaps)


@dataclass(frozen=True, slots=True)
class Report(Value):
    """The value that every renderer gets: all nodes in path order, at one moment."""

    as_of: str
    nodes: tuple[NodeReport, ...]
    notes: tuple[str, ...] = ()
    """Things said once for the whole run (dates unknown in a shallow clone, …): standard error."""

    @property
    def outcomes(self) -> dict[Status, int]:
        """Outcomes of all nodes, counted by status."""
        return {status: sum(node.outcomes.get(status, 0) for node in self.nodes) for status in Status}

    @property
    def health(self) -> int | None:
        """The health of all nodes taken together."""
        return health(self.outcomes)

    def count(self, severity: Severity) -> int:
        """How many gaps weigh that much, over all nodes."""
        return sum(node.count(severity) for node in self.nodes)


def health(outcomes: dict[Status, int]) -> int | None:
    """round(100 x passed / (passed + failed)), half up; None when nothing was evaluated."""
    passed, failed = outcomes.get(Status.PASSED, 0), outcomes.get(Status.FAILED, 0)
    total = passed + failed
    return None if total == 0 else (200 * passed + total) // (2 * total)
