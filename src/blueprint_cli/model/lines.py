"""What a node's report lists beside its gaps: a line for each requirement, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from blueprint_cli.model.fields import (
    OMITTED,
    Asset,
    Count,
    Date,
    Fingerprint,
    Message,
    Number,
    Path,
    Person,
    Remark,
    Share,
    Word,
    written_as,
)
from blueprint_cli.model.gap import Owner, Playbook, Value


class Status(StrEnum):
    """One of the six answers that a requirement can have."""

    PASSED = "passed"
    """Met."""
    FAILED = "failed"
    """Not met."""
    NOT_YET_DUE = "not_yet_due"
    """Not met, with time left."""
    NOT_APPLICABLE = "not_applicable"
    """Does not concern this node."""
    WAIVED = "waived"
    """Set aside by a waiver."""
    NOT_EVALUABLE = "not_evaluable"
    """Could not be decided from what the files say."""


class DatedBy(StrEnum):
    """Where the day comes from on which an asset was last updated."""

    DECLARED = "declared"
    """Its own ``last_updated``."""
    GIT = "git"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PassRate(Value):
    """A gate: which share passed, and which share the track requires."""

    value: Share | None
    """Passed of all that passed or failed, from 0 to 1; null where nothing was evaluated."""
    required: Share | None
    """The share that the track requires, from 0 to 1; null where it requires none."""
    passed: Count
    """How many passed."""
    failed: Count
    """How many failed."""


@dataclass(frozen=True, slots=True)
class CustomerHealth(Value):
    """How the customer is, in the words of the engagement: bp does not compute it, and does not judge it here."""

    score: Number
    """The score, as the asset has it."""
    status: Word | None
    """What the score means, for example at_risk; null where the asset does not say."""
    date: Date | None
    """When it was calculated; null where the asset does not say."""
    asset: Asset
    """The catalog's name of the asset that has it."""


@dataclass(frozen=True, slots=True)
class Upcoming(Value):
    """Something that is not due yet, or about to go stale."""

    due: Date
    """The last day on which it can be met."""
    check: Word | None
    """The full id of the checklist item; null where it comes from none."""
    asset: Asset | None
    """The catalog's name of the asset; null where it concerns none."""
    owner: Owner | None
    """Whose it is; null where no role owns it."""
    message: Message
    """What has to be done by then."""


@dataclass(frozen=True, slots=True)
class Signal(Value):
    """An active signal of a reference blueprint."""

    id: Word
    """The signal's id in its reference blueprint, for example adoption_stalled."""
    reference_blueprint: Word
    """The reference blueprint that declares it."""
    playbook: Playbook | None
    """The playbook that answers it; null where there is none."""
    message: Message
    """What set it off."""


@dataclass(frozen=True, slots=True)
class Handoff(Value):
    """A handoff to or from another archetype that is due."""

    source: Word = field(metadata=written_as("from"))
    """Who hands over, for example C."""
    target: Word = field(metadata=written_as("to"))
    """Who takes over, for example D."""
    trigger: Message
    """The event that calls for it, for example: renewal cycle begins."""
    message: Message
    """What is to be handed over, and by when."""


@dataclass(frozen=True, slots=True)
class Recommendation(Value):
    """A playbook to run next."""

    playbook_id: Word
    """The playbook's id, for example PB_401."""
    name: Word
    """The playbook's name."""
    reason: Message
    """Why it is recommended."""
    priority: Word
    """How pressing it is: high, medium or low."""
    gaps: tuple[Fingerprint, ...] = ()
    """The fingerprints of the gaps that it closes."""


@dataclass(frozen=True, slots=True)
class CheckLine(Value):
    """A checklist item and its outcome."""

    check: Word
    """The full id of the checklist item, for example C01/CHK_ENG_001."""
    status: Status
    """Its outcome."""
    reason: Message
    """Why it has this status, in a few words."""
    due: Date | None = None
    """The last day on which it could or can be met; null where it has none."""


@dataclass(frozen=True, slots=True)
class CadenceLine(Value):
    """A cadence and its outcome."""

    cadence: Word
    """The cadence, for example customer_check_in."""
    status: Status
    """Its outcome."""
    reason: Message
    """Why it has this status, in a few words."""
    due: Date | None = None
    """The last day on which it could or can be met; null where it has none."""


@dataclass(frozen=True, slots=True)
class AssetLine(Value):
    """An asset and how it stands."""

    asset: Asset
    """The catalog's name of the asset."""
    path: Path | None
    """The file from the repository root; null where there is none."""
    status: Word
    """How it stands, for example current, stale, missing or invalid."""
    last_updated: Date | None = None
    """The day from which its age counts; null where that is not known."""
    dated_by: DatedBy = DatedBy.UNKNOWN
    """Where that day comes from: the asset's own last_updated, the last commit that changed it, or nowhere."""


@dataclass(frozen=True, slots=True)
class BlueprintLine(Value):
    """A reference blueprint and how it stands."""

    id: Word
    """The reference blueprint's id."""
    required: bool
    """true when the track requires it."""
    status: Word
    """How it stands, for example instantiated, not_applicable or missing."""
    passed: Count = 0
    """How many of its requirements passed."""
    failed: Count = 0
    """How many of its requirements failed."""


@dataclass(frozen=True, slots=True)
class WaiverLine(Value):
    """A waiver of a check, an asset or a reference blueprint, as the blueprint has it."""

    check: Word | None = field(metadata=OMITTED)
    """The waived check, where it is one."""
    asset: Path | None = field(metadata=OMITTED)
    """The waived asset, where it is one."""
    reference_blueprint: Word | None = field(metadata=OMITTED)
    """The waived reference blueprint, where it is one."""
    expires: Date
    """The last day on which the waiver holds."""
    reason: Remark
    """Why it was set aside."""
    approved_by: Person
    """Who decided it."""
    approved_on: Date | None = field(default=None, metadata=OMITTED)
    """When it was decided."""
