"""What a predicate is evaluated in: values by selector, in one scope of one node at one moment."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from blueprint_cli.jsonpath import Selector, selector
from blueprint_cli.model import DatedBy, Status
from blueprint_cli.predicates.limit import Limit, LimitSpec
from blueprint_cli.times import Moment, Span, Zone

Path = tuple[str | int, ...]
_BRACKETS = re.compile(r"\[(?:[^\[\]]|\[[^\[\]]*\])*\]")  # a filter or an index, which may hold another one


class Place(NamedTuple):
    """A value in a document: the asset (or None: the instance) and the path to it."""

    asset: str | None
    path: Path


@dataclass(frozen=True, slots=True)
class Source:
    """Which values: a selector, on the document in scope or on that of a named asset."""

    select: Selector
    asset: str | None = None
    future_counts: bool = False  # whether a date after the scan counts as today (else it does not count)
    each: Selector | None = None  # the items that count, ``select`` is then within an item; None: all that it finds
    outsiders: Selector | None = None  # the people of an item: it counts only if one of them is not on the team

    @classmethod
    def of(cls, written: Any) -> Source:
        """From ``$.x`` or ``{asset: …, select: $.x}``."""
        if isinstance(written, str):
            return cls(selector(written))
        each, outsiders = (selector(written[key]) if key in written else None for key in ("each", "outsiders"))
        asset, future_counts = written.get("asset"), written.get("future_counts", False)
        return cls(selector(written["select"]), asset, future_counts, each, outsiders)

    @property
    def listed_at(self) -> Path:
        """The names that lead to the list that it walks through."""
        return self.select.parent if self.each is None else self.each.parent

    @property
    def to_set(self) -> str:
        """The end of a message on a value that is not there: `` (set `completed_at`)``."""
        return f" (set {self._key})" if self._key else ""

    @property
    def to_add(self) -> str:
        """The end of a message on an entry that is not there: `` (add to `touchpoints`)``."""
        return f" (add to {self._key})" if self._key else ""

    @property
    def _key(self) -> str:
        """The key that it selects, without the conditions on entries of lists; empty for the document itself."""
        selectors = [self.select] if self.each is None else [self.each, self.select]
        names = ".".join(filter(None, (_BRACKETS.sub("", each.text).lstrip("$.") for each in selectors)))
        return names and f"`{names}`" + (f" of {self.asset}" if self.asset else "")

    def __str__(self) -> str:
        text = self.select.text
        if self.each is not None:
            text = f"{text.removeprefix('$.')} of {self.each.text}"
        if self.outsiders is not None:
            text += f" with one of {self.outsiders.text.removeprefix('$.')} who is not on the team"
        return text if self.asset is None else f"{text} of {self.asset}"


class Undecidable(Exception):
    """The predicate needs a document that is missing, or is there but cannot be judged."""

    def __init__(self, asset: str, why: str = "cannot be judged") -> None:
        super().__init__(f"{asset} {why}")


class State(StrEnum):
    """Whether an asset's file can be judged."""

    ABSENT = "absent"
    BROKEN = "broken"  # something is there, but it cannot be read, or its schema finds it wrong
    THERE = "there"


class Facts(Protocol):
    """What predicates may know of a node."""

    @property
    def lifecycle(self) -> Mapping[str, Moment]: ...
    @property
    def team(self) -> Mapping[str, str]: ...
    @property
    def reported(self) -> Moment | None:
        """As-of of the report that counts as the last gap scan."""

    def document(self, asset: str) -> tuple[State, Any]:
        """Whether an asset can be judged, and its data; None unless it can."""

    def selected(self, asset: str, select: Selector) -> list[Any]:
        """What a query selects in the document of an asset that is there."""

    def dated(self, asset: str) -> tuple[int | None, DatedBy]:
        """The day from which the asset's age counts (None: unknown), and where it comes from."""


class Policy(Protocol):
    """What predicates may know of the policy in force."""

    @property
    def late_visible(self) -> Span: ...
    def limit(self, spec: LimitSpec) -> Limit | None:
        """The limit on this track; None where its row is ``-``."""

    def lifecycle_title(self, name: str) -> str: ...


class Scope(NamedTuple):
    """One scope of one node at one moment: ``$`` is ``data``, which stands at ``base`` in ``asset``."""

    facts: Facts
    policy: Policy
    zone: Zone
    as_of: Moment
    asset: str | None = None
    data: Any = None
    base: Path = ()
    outcomes: Mapping[str, Status] = MappingProxyType({})
    """Outcomes that are known already: by check id, and ``stale:<asset>``."""
    missing: Collection[str] = ()
    """Assets whose absence is a gap already."""
    indexes: dict[Any, dict[Any, Any]] | None = None
    """Shared by all predicates on a node: what would otherwise be searched once for each item."""
    whole: bool = False
    """Whether ``data`` is all of ``asset``, not one of its entries."""
    strict: bool = False
    """Whether a document that is missing makes a predicate undecidable, instead of having nothing in it: what decides
    whether something is required at all must be there, or to delete it would excuse the rest."""

    def at(self, asset: str | None, data: Any, base: Path = ()) -> Scope:
        """The same node and moment in another scope."""
        shared = self.outcomes, self.missing, self.indexes, False, self.strict
        return Scope(self.facts, self.policy, self.zone, self.as_of, asset, data, base, *shared)

    def root(self, source: Source) -> Any:
        """The document of a source; None where it is absent. Raises Undecidable where it cannot be judged."""
        if source.asset is None:
            return self.data
        if self.strict and source.asset in self.missing:
            raise Undecidable(source.asset, "is missing")
        state, data = self.facts.document(source.asset)
        if state is State.BROKEN:
            raise Undecidable(source.asset)
        return data

    def values(self, source: Source) -> list[Any]:
        """The values that a source selects, not to be changed; none where its document is absent."""
        data = self.root(source)
        if data is None:
            return []
        if source.each is not None:
            items = [item for item in source.each.values(data) if self._counts(source, item)]
            return [value for item in items for value in source.select.values(item)]
        asset = source.asset or (self.asset if self.whole else None)
        return source.select.values(data) if asset is None else self.facts.selected(asset, source.select)

    def first(self, source: Source) -> Any:
        """The first of these values; None where there is none."""
        if source.each is not None:
            return next(iter(self.values(source)), None)
        data = self.root(source)
        return None if data is None else source.select.first(data)

    def moments(self, source: Source) -> list[Moment]:
        """The dates among these values."""
        return self.zone.moments(self.values(source))

    def counted(self, items: list[Any], dated: Selector | None) -> list[tuple[int, Any]]:
        """The items that count at the time of the scan, with their positions: those not dated after it."""
        if dated is None:
            return list(enumerate(items))
        first, moment, last = dated.first, self.zone.moment, self.as_of.last
        return [
            (index, item)
            for index, item in enumerate(items)
            if (when := moment(first(item))) is None or when.first <= last
        ]

    def places(self, source: Source) -> list[tuple[Place, Any]]:
        """The same values, in the same order, with their places."""
        data = self.root(source)
        if data is None:
            return []
        asset, base = (self.asset, self.base) if source.asset is None else (source.asset, ())
        roots: list[tuple[Path, Any]] = [((), data)]
        if source.each is not None:
            roots = [(path, item) for path, item in source.each.places(data) if self._counts(source, item)]
        return [
            (Place(asset, base + above + path), value)
            for above, root in roots
            for path, value in source.select.places(root)
        ]

    def _counts(self, source: Source, item: Any) -> bool:
        """Whether an item has somebody who is not on the team, where that is needed."""
        if source.outsiders is None:
            return True
        people = source.outsiders.values(item)
        return any(_person(name) not in self.team for name in people)

    @property
    def team(self) -> frozenset[str]:
        """The people of the team, as they are compared."""
        indexes = {} if self.indexes is None else self.indexes
        if "team" not in indexes:
            held = [name for people in self.facts.team.values() for name in (people, *people.split(", "))]
            indexes["team"] = {"people": frozenset(map(_person, held))}
        people: frozenset[str] = indexes["team"]["people"]
        return people

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
        return Place(asset, base + source.listed_at)

    def moment(self, text: Any) -> Moment | None:
        """The moment of a date in a document; None where it is absent or not a date."""
        return self.zone.moment(text)

    def past(self, moment: Moment | None) -> bool:
        """Whether it is not dated after the scan."""
        return moment is not None and moment.first <= self.as_of.last


def _person(name: Any) -> str:
    """A name as it is compared: dana.reyes, Dana Reyes and dana.reyes@vendor.example are one person."""
    words = str(name).partition("@")[0].casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in words).split())


def _key(value: Any) -> Any:
    """A value to look up: lists and mappings have no hash, and true is not 1."""
    return (type(value) is bool, value) if isinstance(value, str | int | float | None) else repr(value)
