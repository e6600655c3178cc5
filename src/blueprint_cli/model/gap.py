"""A gap: one thing that is missing, wrong or overdue, with its place, its owner and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from blueprint_cli.model.fields import UNWRITTEN, Asset, Date, Fingerprint, Limit, Message, Ordinal, Path, Person, Word

SHARED = ", "  # between the people who share a role


class Severity(StrEnum):
    """How much a gap weighs; the order of the members is the order of the report."""

    ERROR = "error"
    """Gaps that make the node fail."""
    WARNING = "warning"
    """Gaps that need attention."""
    NOTE = "note"
    """Remarks."""

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return _SEVERITY_RANK[self]


_SEVERITY_RANK = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a report. It goes from process to process as its fields, in half the time of a frozen dataclass."""

    def __reduce__(self) -> tuple[type[Value], tuple[Any, ...]]:
        names: tuple[str, ...] = self.__match_args__  # of what the class is made with
        return type(self), tuple([getattr(self, name) for name in names])


@dataclass(frozen=True, slots=True)
class Location(Value):
    """A place in a file."""

    path: Path
    """The file, from the repository root."""
    line: Ordinal | None = None
    """The line, counted from 1; null for the file as a whole."""
    column: Ordinal | None = None
    """The column, counted from 1; null for the line as a whole."""


@dataclass(frozen=True, slots=True)
class Owner(Value):
    """The role that owns a requirement, and the person who holds it on this node."""

    role: Word | None
    """The internal role, for example CSM; null where none is declared."""
    person: Person | None
    """The person who holds that role on this node, or those who share it, as in dana.reyes, lee.ito; null where the
    team names nobody."""


@dataclass(frozen=True, slots=True)
class Playbook(Value):
    """What to do about a gap."""

    id: Word
    """The playbook's id, for example PB_401."""
    name: Word
    """The playbook's name."""


@dataclass(frozen=True, slots=True)
class Threshold(Value):
    """The limit that was missed and where it comes from."""

    value: Limit
    """The limit that was missed, for example 7 days."""
    source: Limit
    """The file and the row that set it."""


@dataclass(frozen=True, slots=True)
class Gap(Value):
    """One thing that is missing, wrong or overdue."""

    rule: Word
    """The name of the rule, for example stale-asset."""
    severity: Severity
    """How much it weighs; an error makes the node fail."""
    reference_blueprint: Word | None
    """The reference blueprint that requires it; null for gaps of the blueprint itself."""
    check: Word | None
    """The full id of the checklist item, for example C01/CHK_ENG_003; null where it comes from none."""
    asset: Asset | None
    """The catalog's name of the asset, even if it is kept at another path; null for gaps of the blueprint itself."""
    location: Location
    """Where to look."""
    message: Message
    """What is wrong, in one sentence."""
    threshold: Threshold | None = None
    """The limit that was missed and where it comes from; null where there is none."""
    since: Date | None = None
    """The day on which the gap opened; null where that cannot be known."""
    due: Date | None = None
    """The last day on which it could have been met; null where it has none."""
    owner: Owner | None = None
    """Whose it is; null where no role owns it."""
    playbook: Playbook | None = None
    """What to do about it; null where no playbook answers it."""
    fingerprint: Fingerprint = ""
    """Identifies this gap across scans: it stays the same when lines move and days pass."""
    items: tuple[str, ...] = field(default=(), metadata=UNWRITTEN)
    """The faulty items of a check, by identity: a change that adds one makes the gap worse."""
