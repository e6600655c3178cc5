"""What a predicate is asked, and what it answers.

A predicate is policy turned into a question: ``ask`` is pure (no disk, no Git, no clock) and answers with
the status, the reason in words, the places that it speaks of and, where time is involved, the days. ``due``
tells until when an unmet requirement is excused, where the predicate has a deadline of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from blueprint_cli.model import Status
from blueprint_cli.select import Selector, selector
from blueprint_cli.times import HOUR, PERIODS, Moment, Span, Zone

Path = tuple[str | int, ...]
_QUOTED = 120
"""Characters of a value that a message repeats: more would be the file, not a message."""


class Place(NamedTuple):
    """A value in a document: the asset (or None: the instance) and the path to it."""

    asset: str | None
    path: Path


@dataclass(frozen=True, slots=True)
class Limit:
    """How long is allowed: the longest of its spans, in words, with the file and row that said so."""

    spans: tuple[Span, ...]
    text: str
    source: str
    track: str = ""
    """Title of the track that set it; empty where the limit is the reference blueprint's own."""

    def after(self, day: int) -> int:
        """The last day within the limit, counted from ``day``."""
        spans = self.spans
        return spans[0].after(day) if len(spans) == 1 else max([one.after(day) for one in spans])

    @property
    def micros(self) -> int:
        """The limit in microseconds, for the rules in hours."""
        return max(one.hours + 24 * one.days for one in self.spans) * HOUR

    @property
    def hourly(self) -> bool:
        """Whether hours count, not days."""
        return all(one.hours for one in self.spans)

    @property
    def allows(self) -> str:
        """``Premium allows 14 days``, ``Premium asks for weekly``; without a track ``30 days are allowed``."""
        rhythm = self.text in PERIODS
        if self.track:
            return f"{self.track} {'asks for' if rhythm else 'allows'} {self.text}"
        if rhythm:
            return f"{self.text} is asked for"
        return f"{self.text} {'is' if self.text.startswith('1 ') else 'are'} allowed"


@dataclass(frozen=True, slots=True, eq=False)
class LimitSpec:
    """A limit as the policy writes it: a span, or the cell of a track row. One place of the policy is one value."""

    literal: str | None = None
    row: str | None = None
    capped_by: str | None = None
    staleness_of: str | None = None
    where: str = ""
    """File and key of the policy, for the report."""

    @classmethod
    def of(cls, written: Any, where: str) -> LimitSpec:
        """From ``30 days`` or ``{row: …, literal: …}``."""
        if isinstance(written, str):
            return cls(literal=written, where=where)
        return cls(**{key: value for key, value in written.items() if not key.startswith("x-")}, where=where)


@dataclass(frozen=True, slots=True)
class Source:
    """Which values: a selector, on the document in scope or on that of a named asset."""

    select: Selector
    asset: str | None = None
    future_counts: bool = False
    """Whether a date after the scan counts as today (else it does not count)."""

    @classmethod
    def of(cls, written: Any) -> Source:
        """From ``$.x`` or ``{asset: …, select: $.x}``."""
        if isinstance(written, str):
            return cls(selector(written))
        return cls(selector(written["select"]), written.get("asset"), written.get("future_counts", False))


class Answer(NamedTuple):
    """What a predicate says. ``due`` and ``since`` are days; ``items`` are the faulty items by identity.

    A node gives some four hundred answers and most say only that all is well: a tuple is made in a third of the
    time that a frozen dataclass takes.
    """

    status: Status
    reason: str
    due: int | None = None
    since: int | None = None
    places: tuple[Place, ...] = ()
    items: tuple[str, ...] = ()
    limit: Limit | None = None

    @property
    def passed(self) -> bool:
        """Whether the condition holds."""
        return self.status is Status.PASSED


class Due(NamedTuple):
    """A deadline of a predicate's own: the day, or None where the event that it hangs on has not happened."""

    day: int | None


ALREADY = Due(0)
"""The items of the predicate carry their own deadlines: nothing as a whole is excused."""


class Undecidable(Exception):
    """The question needs a document that is there but cannot be judged."""

    def __init__(self, asset: str) -> None:
        super().__init__(f"{asset} cannot be judged")


class Facts(Protocol):
    """What predicates may know of a node."""

    @property
    def lifecycle(self) -> Mapping[str, Moment]: ...
    @property
    def team(self) -> Mapping[str, str]: ...
    @property
    def reported(self) -> Moment | None:
        """As-of of the report that counts as the last gap scan."""
        ...

    def document(self, asset: str) -> tuple[str, Any]:
        """``("absent", None)``, ``("broken", None)`` or ``("there", data)``."""
        ...

    def lacks(self, asset: str) -> bool:
        """Whether an asset should be there and is not: its absence is a gap already."""
        ...

    def selected(self, asset: str, select: Selector) -> list[Any]:
        """What a query selects in the document of an asset that is there."""
        ...

    def dated(self, asset: str) -> tuple[int | None, str]:
        """The day from which the asset's age counts (None: unknown), and declared, git or unknown."""
        ...


class Policy(Protocol):
    """What predicates may know of the policy in force."""

    @property
    def late_visible(self) -> Span: ...
    def limit(self, spec: LimitSpec) -> Limit | None:
        """The limit on this track; None where its row is ``-``."""
        ...

    def lifecycle_title(self, name: str) -> str: ...


class Question(NamedTuple):
    """One scope of one node at one moment: ``$`` is ``data``, which stands at ``base`` in ``asset``."""

    facts: Facts
    policy: Policy
    zone: Zone
    as_of: Moment
    asset: str | None = None
    data: Any = None
    base: Path = ()
    outcomes: Mapping[str, Status] = MappingProxyType({})
    """Answers that are known already: by check id, and ``stale:<asset>``."""
    indexes: dict[Any, dict[Any, Any]] | None = None
    """Shared by all questions on a node: what would otherwise be searched once for each item."""
    whole: bool = False
    """Whether ``data`` is all of ``asset``, not one of its entries."""

    def at(self, asset: str | None, data: Any, base: Path = ()) -> Question:
        """The same question in another scope."""
        return Question(self.facts, self.policy, self.zone, self.as_of, asset, data, base, self.outcomes, self.indexes)

    def with_outcomes(self, known: Mapping[str, Status]) -> Question:
        """The same question, where the answers to others are known."""
        return self._replace(outcomes=known)

    def root(self, source: Source) -> Any:
        """The document of a source; None where it is absent. Raises Undecidable where it is broken."""
        if source.asset is None:
            return self.data
        state, data = self.facts.document(source.asset)
        if state == "broken":
            raise Undecidable(source.asset)
        return data

    def values(self, source: Source) -> list[Any]:
        """The values that a source selects, not to be changed; none where its document is absent."""
        data = self.root(source)
        if data is None:
            return []
        asset = source.asset or (self.asset if self.whole else None)
        return source.select.values(data) if asset is None else self.facts.selected(asset, source.select)

    def first(self, source: Source) -> Any:
        """The first of these values; None where there is none."""
        data = self.root(source)
        return None if data is None else source.select.first(data)

    def moments(self, source: Source) -> list[Moment]:
        """The dates among these values."""
        return self.zone.moments(self.values(source))

    def places(self, source: Source) -> list[tuple[Place, Any]]:
        """The same values, in the same order, with their places."""
        data = self.root(source)
        if data is None:
            return []
        asset, base = (self.asset, self.base) if source.asset is None else (source.asset, ())
        return [(Place(asset, base + path), value) for path, value in source.select.places(data)]

    def item(self, source: Source, by: Selector, key: Any) -> Any:
        """The first of the values that has ``key`` among what ``by`` selects in it; None where there is none."""
        indexes = {} if self.indexes is None else self.indexes
        index = (source, by, id(self.root(source)))
        if index not in indexes:
            known = indexes[index] = {}
            for item in self.values(source):
                for name in by.values(item):
                    known.setdefault(_key(name), item)
        return indexes[index].get(_key(key))

    def list_place(self, source: Source) -> Place:
        """Where the list of a source is (or would be) written."""
        asset, base = (self.asset, self.base) if source.asset is None else (source.asset, ())
        return Place(asset, base + source.select.parent)

    def moment(self, text: Any) -> Moment | None:
        """The moment of a date in a document; None where it is absent or no date."""
        return self.zone.moment(text)

    def past(self, moment: Moment | None) -> bool:
        """Whether it is not dated after the scan."""
        return moment is not None and moment.first <= self.as_of.last


class Predicate:
    """One kind of condition with its parameters. A kind defines ``ask``, and the rest where it has more to say."""

    __slots__ = ()

    def ask(self, q: Question) -> Answer:
        """Whether the condition holds, and why."""
        raise NotImplementedError

    def due(self, q: Question) -> Due | None:  # noqa: ARG002 - for the kinds that have a deadline
        """Until when an unmet answer is excused; None: no deadline of its own."""
        return None

    def rows(self) -> Iterable[LimitSpec]:
        """The limits that it binds: a row of ``-`` makes it not applicable."""
        return ()

    def on_record(self, q: Question) -> Answer:
        """Whether there is any entry at all: what a rhythm asks where its cell says `end only`."""
        return self.ask(q)


def passed(reason: str, due: int | None = None, limit: Limit | None = None) -> Answer:
    """The condition holds."""
    return Answer(Status.PASSED, reason, due, None, (), (), limit)


def failed(reason: str, places: Sequence[Place] = (), **more: Any) -> Answer:
    """The condition does not hold."""
    return Answer(Status.FAILED, reason, places=tuple(places), **more)


def not_applicable(reason: str) -> Answer:
    """There is nothing to judge."""
    return Answer(Status.NOT_APPLICABLE, reason)


def row_is_empty(spec: LimitSpec) -> Answer:
    """The track's cell is ``-``."""
    return not_applicable(f"{spec.row or spec.capped_by or 'the staleness row'} does not apply on this track")


def label(item: Any, index: int) -> str:
    """What tells an item from others: its id, name or title, else its position."""
    if isinstance(item, dict):
        for key in ("id", "name", "title"):
            if isinstance(item.get(key), str) and item[key]:
                return str(item[key])
    return f"number {index + 1}"


def _key(value: Any) -> Any:
    """A value to look up: lists and mappings have no hash, and true is not 1."""
    return (type(value) is bool, value) if isinstance(value, str | int | float | None) else repr(value)


def quoted(text: object) -> str:
    """A value from a file as messages show it: in backticks, so that it can be told apart, and redacted."""
    shown = str(text).replace("`", "'")
    return f"`{shown}`" if len(shown) <= _QUOTED else f"`{shown[: _QUOTED - 1]}…`"


def said(value: Any) -> str:
    """A value as people say it: yes and no, not True and False."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def filled(value: Any) -> bool:
    """Whether a value says something: not absent, null, blank or an empty list."""
    return value is not None and value != [] and value != {} and not (isinstance(value, str) and not value.strip())
