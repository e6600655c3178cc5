"""What a scan reports: the report of each node, and the report of a run, which has them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from blueprint_cli import __version__
from blueprint_cli.model.fields import (
    MERGED,
    OMITTED,
    UNWRITTEN,
    Count,
    Date,
    Limits,
    Message,
    Name,
    Path,
    Percent,
    Word,
)
from blueprint_cli.model.gap import Gap, Severity, Value
from blueprint_cli.model.lines import (
    AssetLine,
    BlueprintLine,
    CadenceLine,
    CheckLine,
    CustomerHealth,
    Handoff,
    PassRate,
    Recommendation,
    Signal,
    Status,
    Upcoming,
    WaiverLine,
)
from blueprint_cli.model.unexamined import Unexamined

SCHEMA_VERSION = 2
SchemaVersion = Annotated[int, Limits(one_of=(SCHEMA_VERSION,))]


class NodeStatus(StrEnum):
    """What a report says of its engagement as a whole."""

    FAILING = "failing"
    """It has a gap of severity error."""
    PASSING = "passing"
    SKIPPED = "skipped"
    """It is not active, so its requirements were not judged."""

    @classmethod
    def of(cls, gaps: Iterable[Gap]) -> NodeStatus:
        """The status of an engagement that is judged, by its gaps."""
        return cls.FAILING if any(gap.severity is Severity.ERROR for gap in gaps) else cls.PASSING


class Subject(StrEnum):
    """What a report is about: an engagement, or what in a repository belongs to none."""

    ENGAGEMENT = "engagement"
    POLICY = "policy"
    """The policy files of a repository, which concern all of its engagements."""
    OTHER_FILES = "other files"


@dataclass(frozen=True, slots=True)
class Summary(Value):
    """A node in numbers."""

    compliance: Percent | None
    """Passed of all that passed or failed, in percent, rounded; null where nothing was evaluated."""
    outcomes: Mapping[Status, Count]
    """How many requirements had each outcome."""
    gaps: Mapping[Severity, Count]
    """How many gaps of each severity."""
    gates: Mapping[str, PassRate] = field(default_factory=dict, metadata=MERGED)
    """A gate that the archetype declares, for example checklist_pass_rate."""


@dataclass(frozen=True, slots=True)
class NodeReport(Value):
    """What a gap scan found on one node."""

    schema_version: SchemaVersion = field(default=SCHEMA_VERSION, init=False)
    """The version of this report format."""
    generated_by: Word = field(default=f"blueprint-cli {__version__}", init=False)
    """The program that wrote the report, and its version."""
    as_of: Date
    """The day or moment that the node was judged at; the only time in the report."""
    realm: Name
    """The realm, usually the customer."""
    node: Name
    """The node within the realm, usually one engagement."""
    archetype: Word | None
    """The archetype of the blueprint; null where the blueprint names none."""
    track: Word | None
    """The engagement track of the blueprint; null where the blueprint names none."""
    status: NodeStatus
    """failing has at least one gap of severity error; passing has none; skipped was not judged, the reason says why."""
    reason: Message | None = field(metadata=OMITTED)
    """Why the node was skipped, for example: status is on_hold."""
    summary: Summary = field(init=False, compare=False, repr=False)
    """The node in numbers."""
    customer_health: CustomerHealth | None = field(default=None, metadata=OMITTED)
    """The customer's own health score, as an asset of the node states it; left out where none does."""
    gaps: tuple[Gap, ...] = ()
    """What is missing, wrong or overdue: the worst first, then by path, line and rule."""
    upcoming: tuple[Upcoming, ...] = ()
    """What is not due yet or about to go stale, the soonest first."""
    signals: tuple[Signal, ...] = ()
    """The signals that are active on this node."""
    handoffs: tuple[Handoff, ...] = ()
    """The handoffs to or from another archetype that are due."""
    recommendations: tuple[Recommendation, ...] = ()
    """The playbooks to run next, the most pressing first."""
    checks: tuple[CheckLine, ...] = ()
    """Every checklist item with its outcome, one line each."""
    cadences: tuple[CadenceLine, ...] = ()
    """Every cadence with its outcome, one line each."""
    assets: tuple[AssetLine, ...] = ()
    """Every asset of the node, one line each."""
    reference_blueprints: tuple[BlueprintLine, ...] = ()
    """Every reference blueprint that concerns the node, one line each."""
    waivers: tuple[WaiverLine, ...] = ()
    """The waivers that the blueprint grants."""
    outcomes: Mapping[Status, int] = field(default_factory=dict, metadata=UNWRITTEN)
    """How many requirements had each outcome; the summary has them."""
    gates: Mapping[str, PassRate] = field(default_factory=dict, metadata=UNWRITTEN)
    """Each gate by the name that the summary gives it (checklist_pass_rate)."""
    path: Path = field(default="", metadata=UNWRITTEN)
    """The node's directory from the repository root."""
    report_path: Path | None = field(default=None, metadata=UNWRITTEN)
    """Where its gap report belongs; None where nothing is written."""
    strays: tuple[Path, ...] = field(default=(), metadata=UNWRITTEN)
    """The files in the node's directory that are not assets, and that nothing reads."""
    subject: Subject = field(default=Subject.ENGAGEMENT, metadata=UNWRITTEN)

    def __post_init__(self) -> None:
        object.__setattr__(self, "outcomes", {status: self.outcomes.get(status, 0) for status in Status})
        summary = Summary(compliance(self.outcomes), self.outcomes, by_severity(self.gaps), self.gates)
        object.__setattr__(self, "summary", summary)

    @classmethod
    def of_repository(cls, subject: Subject, as_of: str = "") -> NodeReport:
        """An empty report of what belongs to no engagement."""
        return cls(as_of, "repository", str(subject), None, None, NodeStatus.PASSING, None, subject=subject)

    @property
    def name(self) -> str:
        """REALM/NODE."""
        return f"{self.realm}/{self.node}"

    @property
    def pass_rate(self) -> PassRate | None:
        """The gate that summaries show: the first that the archetype declares."""
        return next(iter(self.gates.values()), None)


@dataclass(frozen=True, slots=True)
class RunSummary(Value):
    """All nodes of a run in numbers."""

    nodes: Count
    """How many there are."""
    failing: Count
    passing: Count
    skipped: Count
    compliance: Percent | None
    """The compliance of all nodes taken together; null where nothing was evaluated."""
    outcomes: Mapping[Status, Count]
    """How many requirements had each outcome."""
    gaps: Mapping[Severity, Count]
    """How many gaps of each severity."""


@dataclass(frozen=True, slots=True)
class Report(Value):
    """What every renderer gets: all nodes in path order, at one moment."""

    schema_version: SchemaVersion = field(default=SCHEMA_VERSION, init=False)
    """The version of the format of reports."""
    as_of: Date
    """The day or moment that the nodes were judged at."""
    summary: RunSummary = field(init=False, compare=False, repr=False)
    nodes: tuple[NodeReport, ...]
    notes: tuple[Message, ...] = field(default=(), metadata=UNWRITTEN)
    """What concerns the whole run (dates are unknown in a shallow clone, …): it goes to standard error."""
    unexamined: tuple[Unexamined, ...] = field(default=(), metadata=UNWRITTEN)
    """What in the repository was not looked at, beside what the nodes have."""
    files: Count | None = field(default=None, metadata=UNWRITTEN)
    """How many files were checked, where nothing else was (bp lint)."""

    def __post_init__(self) -> None:
        statuses = [node.status for node in self.nodes]
        outcomes = {status: sum(node.outcomes[status] for node in self.nodes) for status in Status}
        gaps = by_severity(gap for node in self.nodes for gap in node.gaps)
        counts = {str(status): statuses.count(status) for status in NodeStatus}
        summary = RunSummary(len(statuses), **counts, compliance=compliance(outcomes), outcomes=outcomes, gaps=gaps)
        object.__setattr__(self, "summary", summary)


def compliance(outcomes: Mapping[Status, int]) -> int | None:
    """round(100 x passed / (passed + failed)), half up; None when nothing was evaluated."""
    passed, failed = outcomes.get(Status.PASSED, 0), outcomes.get(Status.FAILED, 0)
    total = passed + failed
    return None if total == 0 else (200 * passed + total) // (2 * total)


def by_severity(gaps: Iterable[Gap]) -> dict[Severity, int]:
    """The number of gaps of each severity."""
    counts = Counter(gap.severity for gap in gaps)
    return {severity: counts[severity] for severity in Severity}
