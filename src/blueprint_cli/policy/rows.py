"""The rows of policy files as values: assets, checks, cadences, signals, handoffs, gates. Each remembers its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from blueprint_cli.jsonpath import Selector, selector
from blueprint_cli.predicates.limit import LimitSpec
from blueprint_cli.predicates.scope import Path, Source
from blueprint_cli.times import Span, span

if TYPE_CHECKING:
    from blueprint_cli.predicates.base import Predicate

T = TypeVar("T")
Written = Mapping[str, Any]
_REQUIRED = object()
CUSTOMER_HEALTH = ("score", "status", "date")
"""What is known of the customer's own health, each by a query."""


def value(key: str, kind: Callable[[Any], T], default: Any = _REQUIRED) -> cached_property[T]:
    """The value under a key of a row; without ``default`` the schema requires the key."""

    def read(row: Row) -> T:
        return kind(row.written[key] if default is _REQUIRED else row.written.get(key, default))

    return cached_property(read)


def optional_value(key: str, kind: Callable[[Any], T]) -> cached_property[T | None]:
    """The value under a key of a row; None where the row does not have it."""
    return cached_property(lambda row: kind(row.written[key]) if key in row.written else None)


def predicate(key: str) -> cached_property[Predicate]:
    return cached_property(lambda row: _built(row, key))


def rows(key: str, kind: Callable[..., T]) -> cached_property[tuple[T, ...]]:
    """The rows that a row holds under a key, each made of what is written, its place and ``row.within``."""
    return cached_property(lambda row: tuple(kind(*below, *row.within) for below in row.below(key)))


def _built(row: Row, key: str) -> Predicate:
    from blueprint_cli.predicates.kinds import build  # late (D-60): `bp lint` judges nothing

    return build(row.written[key], row.origin.file)


def span_of(text: str) -> Span:
    """The length of a text that its schema accepts. Raises ValueError for any other."""
    length = span(text)
    if length is None:  # the schema's pattern and `span` accept the same words: a test holds them together
        raise ValueError(text)
    return length


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row of policy is written: the file, as users know it, and the path within it."""

    file: str
    path: Path

    def __str__(self) -> str:
        return f"{self.file}: {'.'.join(map(str, self.path))}" if self.path else self.file

    def at(self, *more: str | int) -> Origin:
        return Origin(self.file, (*self.path, *more))


@dataclass(frozen=True)
class Row:
    """One row of policy: what is written, and where. A predicate is built when it is first needed."""

    written: Written
    origin: Origin

    within: ClassVar[Any] = ()  # what the rows that it holds know of it
    id = value("id", str)
    title = value("title", str, "")
    playbook = optional_value("playbook", str)  # id of the playbook that answers it

    @cached_property
    def never_stale_when(self) -> Predicate | None:
        """While this holds, the asset, or every asset of the reference blueprint, is not stale."""
        return _built(self, "never_stale_when") if "never_stale_when" in self.written else None

    def below(self, key: str) -> list[tuple[Written, Origin]]:
        """The rows that it holds under a key, each with its place."""
        return [(row, self.origin.at(key, index)) for index, row in enumerate(self.written.get(key, ()))]


@dataclass(frozen=True)
class DueRule:
    """Until when absence is excused: so long after a lifecycle date."""

    after: str
    within: str
    length: Span

    @classmethod
    def of(cls, written: Written) -> DueRule:
        """From ``{after: contract_signed, within: 30 days}``."""
        return cls(written["after"], written["within"], span_of(written["within"]))


@dataclass(frozen=True)
class Consistency(Row):
    """Statements of one document that must agree."""

    each = optional_value("each", selector)
    """The items to judge one by one; None: the document as a whole."""
    what = value("what", str, "")
    """How messages name an item."""
    requires = predicate("requires")
    """What must hold."""


@dataclass(frozen=True)
class BlueprintRow(Row):
    """A row of a reference blueprint."""

    blueprint: str | None = None  # id of the reference blueprint; None: the archetype's own row
    code: str = ""


@dataclass(frozen=True)
class Asset(BlueprintRow):
    """An asset that a reference blueprint requires."""

    path = value("path", str)  # the catalog's name of it, whatever file an instance maps it to
    purpose = optional_value("purpose", str)
    schema = optional_value("schema", str)  # id of its schema; None where the row names none
    depth_row = optional_value("depth", lambda depth: str(depth["row"]))  # the track row whose cell names the depth
    due = optional_value("due", DueRule.of)  # until when its absence is excused
    dates = value("dates", lambda texts: tuple(map(selector, texts)), ())  # dates that should not lie ahead
    consistency = rows("consistency", Consistency)  # what must agree in its file

    @cached_property
    def review_every(self) -> LimitSpec | None:
        """Its own rhythm."""
        written = self.written.get("review_every")
        return None if written is None else LimitSpec.of(written, str(self.origin.at("review_every")))

    @cached_property
    def references(self) -> tuple[tuple[Selector, Source, str], ...]:
        """Which of its values refer, to what, and what that is called."""
        references = self.written.get("references", ())
        return tuple((selector(row["select"]), Source.of(row["to"]), row["what"]) for row in references)


@dataclass(frozen=True)
class Cadence(BlueprintRow):
    """A rhythm that the track sets."""

    row = value("row", str)  # the track row that gives the rhythm
    asset = optional_value("asset", str)  # the log that is its evidence
    end_only = optional_value("end_only", str)  # the lifecycle date on which one entry is due where the cell says so
    requires = predicate("requires")


@dataclass(frozen=True)
class Check(BlueprintRow):
    """A checklist item."""

    asset = value("asset", str)
    tracks = optional_value("tracks", tuple[str, ...])  # the tracks on which it applies; None: all
    depths = optional_value("depths", tuple[str, ...])  # the depths of its asset at which it applies; None: all
    valid = value("valid", bool, False)  # whether its asset must be valid as a whole, or only what it looks at
    requires = predicate("requires")

    @cached_property
    def full_id(self) -> str:
        """Qualified by its reference blueprint: C01/CHK_ENG_001."""
        return f"{self.code}/{self.id}"

    @cached_property
    def paired_cadence(self) -> str | None:
        """The cadence that fails on the same evidence."""
        paired: str | None = self.written.get("one_cause", {}).get("cadence")
        return paired

    @cached_property
    def paired_staleness(self) -> bool:
        """Whether the staleness of its asset rests on the same evidence."""
        return bool(self.written.get("one_cause", {}).get("staleness", False))


@dataclass(frozen=True)
class Trigger(BlueprintRow):
    """A signal or a handoff: a condition that the report mentions while it holds."""

    when = predicate("when")
    message = value("message", str)


@dataclass(frozen=True)
class HandoffTrigger(Trigger):
    """A hand-over between two levels of governance, and when it is due."""

    source = value("from", str)
    target = value("to", str)
    trigger = value("trigger", str)


@dataclass(frozen=True)
class CustomerHealth:
    """Where an engagement states the customer's own health: an asset, and a query of it for each fact."""

    asset: str
    queries: tuple[Selector | None, ...]

    @classmethod
    def of(cls, written: Written) -> CustomerHealth:
        """From ``{asset: governance/health_score.yaml, score: $.score, status: $.status, date: $.calculated_at}``."""
        queries = (written.get(key) for key in CUSTOMER_HEALTH)
        return cls(written["asset"], tuple(selector(query) if query else None for query in queries))


@dataclass(frozen=True)
class Customer:
    """Where an engagement names its customer, and the words that do not tell two customers apart."""

    asset: str
    name: Selector
    ignore: frozenset[str]

    @classmethod
    def of(cls, written: Written) -> Customer:
        """From ``{asset: engagement/customer_profile.yaml, name: $.customer, ignore: [ltd]}``."""
        return cls(written["asset"], selector(written["name"]), frozenset(written.get("ignore", ())))


@dataclass(frozen=True)
class Gate(Row):
    """A share of passed outcomes that an engagement must reach."""

    of = value("of", str)  # which outcomes count: ``all`` or ``checks``
    row = value("at_least", lambda share: str(share["row"]))
