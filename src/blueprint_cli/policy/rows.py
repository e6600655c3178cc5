"""The rows of policy files as values: assets, checks, cadences, signals, handoffs, gates. Each remembers its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from blueprint_cli.jsonpath import Selector, selector
from blueprint_cli.predicates.limit import LimitSpec
from blueprint_cli.predicates.scope import Path, Source
from blueprint_cli.times import Span, span

if TYPE_CHECKING:
    from blueprint_cli.predicates.base import Predicate

Written = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row of policy is written: the file, as users know it, and the path within it."""

    file: str
    path: Path

    def __str__(self) -> str:
        return f"{self.file}: {'.'.join(map(str, self.path))}" if self.path else self.file

    def at(self, *more: str | int) -> Origin:
        """A place below this one."""
        return Origin(self.file, (*self.path, *more))


@dataclass(frozen=True)
class Row:
    """One row of policy: what is written, and where. A predicate is built when it is first needed."""

    written: Written
    origin: Origin

    @cached_property
    def id(self) -> str:
        """Its identifier within its file."""
        return str(self.written["id"])

    @cached_property
    def title(self) -> str:
        """As messages name it."""
        return str(self.written.get("title", ""))

    @cached_property
    def playbook(self) -> str | None:
        """Id of the playbook that answers it."""
        return self.written.get("playbook")

    @cached_property
    def never_stale_when(self) -> Predicate | None:
        """While this holds, the asset, or every asset of the reference blueprint, is not stale."""
        return self.predicate("never_stale_when") if "never_stale_when" in self.written else None

    def predicate(self, key: str) -> Predicate:
        """The predicate under a key."""
        from blueprint_cli.predicates.kinds import build  # late: 8 ms, and `bp lint` judges nothing

        return build(self.written[key], self.origin.file)


@dataclass(frozen=True)
class DueRule:
    """Until when absence is excused: so long after a lifecycle date."""

    after: str
    within: LimitSpec
    length: Span

    @classmethod
    def of(cls, written: Written, origin: Origin) -> DueRule:
        """From ``{after: contract_signed, within: 30 days}``."""
        within = written["within"]
        return cls(written["after"], LimitSpec(literal=within, where=origin.file), span_of(within))


@dataclass(frozen=True)
class Asset(Row):
    """An asset that a reference blueprint requires."""

    blueprint: str = ""

    @cached_property
    def path(self) -> str:
        """The catalog's name of it, whatever file an instance maps it to."""
        return str(self.written["path"])

    @cached_property
    def purpose(self) -> str | None:
        """What it is for."""
        return self.written.get("purpose")

    @cached_property
    def schema(self) -> str | None:
        """Id of its schema; None where the row names none."""
        return self.written.get("schema")

    @cached_property
    def depth_row(self) -> str | None:
        """The track row whose cell names the depth."""
        return self.written["depth"]["row"] if "depth" in self.written else None

    @cached_property
    def due(self) -> DueRule | None:
        """Until when its absence is excused."""
        return DueRule.of(self.written["due"], self.origin.at("due")) if "due" in self.written else None

    @cached_property
    def review_every(self) -> LimitSpec | None:
        """Its own rhythm."""
        if "review_every" not in self.written:
            return None
        return LimitSpec.of(self.written["review_every"], str(self.origin.at("review_every")))

    @cached_property
    def dates(self) -> tuple[Selector, ...]:
        """Its own dates that should not lie in the future."""
        return tuple(selector(text) for text in self.written.get("dates", ()))

    @cached_property
    def references(self) -> tuple[tuple[Selector, Source, str], ...]:
        """Which of its values refer, to what, and what that is called."""
        references = self.written.get("references", ())
        return tuple((selector(row["select"]), Source.of(row["to"]), row["what"]) for row in references)


@dataclass(frozen=True)
class Cadence(Row):
    """A rhythm that the track sets."""

    blueprint: str | None = None

    @cached_property
    def row(self) -> str:
        """The track row that gives the rhythm."""
        return str(self.written["row"])

    @cached_property
    def asset(self) -> str | None:
        """The log that is its evidence."""
        return self.written.get("asset")

    @cached_property
    def end_only(self) -> str | None:
        """The lifecycle date on which one entry is due where the cell says so."""
        return self.written.get("end_only")

    @cached_property
    def requires(self) -> Predicate:
        """What satisfies it."""
        return self.predicate("requires")


@dataclass(frozen=True)
class Check(Row):
    """A checklist item."""

    blueprint: str = ""
    code: str = ""

    @cached_property
    def full_id(self) -> str:
        """Qualified by its reference blueprint: C01/CHK_ENG_001."""
        return f"{self.code}/{self.id}"

    @cached_property
    def asset(self) -> str:
        """The asset that it reports."""
        return str(self.written["asset"])

    @cached_property
    def tracks(self) -> tuple[str, ...] | None:
        """The tracks on which it applies; None: all."""
        return tuple(self.written["tracks"]) if "tracks" in self.written else None

    @cached_property
    def depths(self) -> tuple[str, ...] | None:
        """The depths of its asset at which it applies; None: all."""
        return tuple(self.written["depths"]) if "depths" in self.written else None

    @cached_property
    def paired_cadence(self) -> str | None:
        """The cadence that fails on the same evidence."""
        paired: str | None = self.written.get("one_cause", {}).get("cadence")
        return paired

    @cached_property
    def paired_staleness(self) -> bool:
        """Whether the staleness of its asset rests on the same evidence."""
        return bool(self.written.get("one_cause", {}).get("staleness", False))

    @cached_property
    def requires(self) -> Predicate:
        """What it requires."""
        return self.predicate("requires")


@dataclass(frozen=True)
class Trigger(Row):
    """A signal or a handoff: a condition that the report mentions while it holds."""

    blueprint: str = ""

    @cached_property
    def when(self) -> Predicate:
        """When it is active."""
        return self.predicate("when")

    @property
    def message(self) -> str:
        """What the report says."""
        return str(self.written["message"])


@dataclass(frozen=True)
class HandoffTrigger(Trigger):
    """A hand-over between two levels of governance, and when it is due."""

    @property
    def source(self) -> str:
        """The level that hands over."""
        return str(self.written["from"])

    @property
    def target(self) -> str:
        """The level that takes over."""
        return str(self.written["to"])

    @property
    def trigger(self) -> str:
        """The event that makes it due."""
        return str(self.written["trigger"])


@dataclass(frozen=True)
class Gate(Row):
    """A share of passed outcomes that an engagement must reach."""

    @property
    def of(self) -> str:
        """Which outcomes count: ``all`` or ``checks``."""
        return str(self.written["of"])

    @property
    def row(self) -> str:
        """The track row with the least share."""
        return str(self.written["at_least"]["row"])


def span_of(text: str) -> Span:
    """The length of a text that its schema accepts. Raises ValueError for any other."""
    length = span(text)
    if length is None:  # the schema's pattern and `span` accept the same words: a test holds them together
        raise ValueError(text)
    return length
