"""Predicates on lists: count, every, latest, covers, lookup.

Items that carry a date after the scan do not count where the policy names their date field (``dated``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from blueprint_cli.jsonpath import Selector
from blueprint_cli.model import Status
from blueprint_cli.predicates.answer import ALREADY, Answer, Due, failed, not_applicable, passed
from blueprint_cli.predicates.base import Predicate, Titles
from blueprint_cli.predicates.naming import label
from blueprint_cli.predicates.parameters import Nested, OfItem, Values
from blueprint_cli.predicates.scope import Place, Scope, Source, Undecidable
from blueprint_cli.text import quoted
from blueprint_cli.times import iso

MAX_NAMED = 3  # items in a message; the rest are only counted


@dataclass(frozen=True, slots=True)
class Count(Predicate):
    """There must be at least ``min`` and at most ``max`` items."""

    kind = "count"
    what: str
    of: Source
    min: int | None = None
    max: int | None = None
    dated: Annotated[Selector, OfItem("of", dates=True)] | None = None

    def sentence(self, titles: Titles) -> str:
        bounds = [f"at least {self.min}"] * (self.min is not None) + [f"at most {self.max}"] * (self.max is not None)
        return f"{' and '.join(bounds)} × {self.what} ({self.of})"

    def evaluate(self, scope: Scope) -> Answer:
        count = len(scope.counted(scope.values(self.of), self.dated))
        if self.min is not None and count < self.min:
            actual = f"{count} of at least {self.min}" if self.min > 1 else "none"
            return failed(f"{self.what}: {actual}{self.of.to_add}", [scope.list_place(self.of)])
        if self.max is not None and count > self.max:
            return failed(f"{self.what}: {count}, at most {self.max} allowed", [scope.list_place(self.of)])
        return passed(f"{self.what}: {count}")


@dataclass(frozen=True, slots=True)
class Every(Predicate):
    """Every item must satisfy a condition. With no item there is nothing to judge: not applicable."""

    kind = "every"
    what: str
    of: Source
    each: Annotated[Predicate, Nested("of", every=True)]
    dated: Annotated[Selector, OfItem("of", dates=True)] | None = None

    def sentence(self, titles: Titles) -> str:
        return f"for every {self.what} ({self.of}):"

    def due(self, scope: Scope) -> Due | None:
        inner = self.each.due(scope)
        return ALREADY if inner is ALREADY else None

    def evaluate(self, scope: Scope) -> Answer:
        asset, evaluate = self.of.asset or scope.asset, self.each.evaluate
        answers = [
            (index, item, evaluate(scope.at(asset, item)))
            for index, item in scope.counted(scope.values(self.of), self.dated)
        ]
        judged = [answer for _, _, answer in answers if answer.status is not Status.NOT_APPLICABLE]
        if not judged:
            empty = next((answer.reason for _, _, answer in answers), f"no {self.what}")
            return not_applicable(empty)
        faulty = [each for each in answers if each[2].status is Status.FAILED]
        if faulty:
            return self._failed(scope, faulty)
        for status in (Status.NOT_YET_DUE, Status.NOT_EVALUABLE):
            some = [each for each in answers if each[2].status is status]
            if some:
                index, item, answer = min(some, key=lambda each: each[2].due or 0)
                reason = f"{self.what} {quoted(label(item, index))}: {answer.reason}"
                return Answer(status, reason, due=answer.due, limit=answer.limit)
        limit = next((answer.limit for answer in judged if answer.limit), None)
        dues = [answer.due for answer in judged if answer.due is not None]
        reason = judged[0].reason if len(judged) == 1 else f"{self.what}: all {len(judged)} in order"
        return passed(reason, due=min(dues, default=None), limit=limit)

    def _failed(self, scope: Scope, faulty: list[tuple[int, Any, Answer]]) -> Answer:
        places = scope.places(self.of)
        named = [f"{self.what} {quoted(label(item, i))}: {answer.reason}" for i, item, answer in faulty[:MAX_NAMED]]
        more = f"; and {len(faulty) - MAX_NAMED} more" if len(faulty) > MAX_NAMED else ""
        since = [answer.since for _, _, answer in faulty if answer.since is not None]
        due = [answer.due for _, _, answer in faulty if answer.due is not None]
        return Answer(
            Status.FAILED,
            "; ".join(named) + more,
            due=min(due, default=None),
            since=min(since, default=None),
            places=tuple(places[index][0] for index, _, _ in faulty),
            items=tuple(label(item, index) for index, item, _ in faulty),
            limit=faulty[0][2].limit,
        )


@dataclass(frozen=True, slots=True)
class Latest(Predicate):
    """The newest item must satisfy a condition."""

    kind = "latest"
    what: str
    of: Source
    by: Annotated[Selector, OfItem("of", dates=True)]
    is_: Annotated[Predicate, Nested("of")]

    def sentence(self, titles: Titles) -> str:
        return f"for the newest {self.what} ({self.of}, by {self.by.text}):"

    def evaluate(self, scope: Scope) -> Answer:
        best: tuple[int, Any] | None = None
        for item in scope.values(self.of):
            moment = scope.moment(self.by.first(item))
            if moment is not None and scope.past(moment) and (best is None or moment.last >= best[0]):
                best = (moment.last, item)
        if best is None:
            return not_applicable(f"no {self.what}")
        return self.is_.evaluate(scope.at(self.of.asset or scope.asset, best[1]))


@dataclass(frozen=True, slots=True)
class Covers(Predicate):
    """Every name that is needed must be among the names that cover: each person named has an acknowledgement."""

    kind = "covers"
    what: str
    need: tuple[Source, ...]
    have: Source
    by: Annotated[Selector, OfItem("have")]
    dated: Annotated[Selector, OfItem("have", dates=True)] | None = None

    def sentence(self, titles: Titles) -> str:
        return f"an {self.what} ({self.have}) for every name in {' and '.join(map(str, self.need))}"

    def evaluate(self, scope: Scope) -> Answer:
        needed = list(dict.fromkeys(str(value) for source in self.need for value in scope.values(source)))
        having = scope.counted(scope.values(self.have), self.dated)
        covered = {str(name) for _, item in having for name in self.by.values(item)}
        lacking = [name for name in needed if name not in covered]
        if not needed:
            return not_applicable(f"nobody needs an {self.what}")
        if not lacking:
            return passed(f"{self.what}: all {len(needed)} there")
        shown = ", ".join(map(quoted, lacking[:MAX_NAMED]))
        shown += f" and {len(lacking) - MAX_NAMED} more" if len(lacking) > MAX_NAMED else ""
        reason = f"no {self.what} of {shown}{self.have.to_add}"
        return failed(reason, [scope.list_place(self.have)], items=tuple(lacking))


@dataclass(frozen=True, slots=True)
class Lookup(Predicate):
    """A reference must resolve to an item that satisfies a condition and was valid on a date (both ends count)."""

    kind = "lookup"
    what: str
    key: Source
    in_: Annotated[Source, Values(indexed=True)]
    by: Annotated[Selector, OfItem("in")]
    is_: Annotated[Predicate, Nested("in")] | None = None
    date: Annotated[Selector, OfItem(dates=True)] | None = None
    from_: Annotated[Selector, OfItem("in", dates=True)] | None = None
    to: Annotated[Selector, OfItem("in", dates=True)] | None = None

    def sentence(self, titles: Titles) -> str:
        first, last = (select.text if select else "ever" for select in (self.from_, self.to))
        dated = f", valid from {first} to {last} on {self.date.text}" if self.date else ""
        more = " and of which:" if self.is_ else ""
        return f"{self.what} ({self.key}) is {self.by.text} of one of {self.in_}{dated}{more}"

    def evaluate(self, scope: Scope) -> Answer:
        if self.in_.asset is not None and self.in_.asset in scope.missing:
            raise Undecidable(self.in_.asset)  # its absence is the gap: what refers to it is not another
        key = scope.first(self.key)
        target = scope.item(self.in_, self.by, key)
        missing = " does not exist" if target is None else None
        fault = missing or self._unmet(scope, target) or self._untimely(scope, target)
        if fault is None:
            return passed(f"{self.what} {quoted(key)} is valid")
        here = [place for place, _ in scope.places(self.key)] or [Place(scope.asset, scope.base)]
        return failed(f"{self.what} {quoted(key)}{fault}", here)

    def _unmet(self, scope: Scope, target: Any) -> str | None:
        if self.is_ is None:
            return None
        answer = self.is_.evaluate(scope.at(self.in_.asset or scope.asset, target))
        return None if answer.passed else f": {answer.reason}"

    def _untimely(self, scope: Scope, target: Any) -> str | None:
        def day(select: Selector | None, item: Any) -> int | None:
            moment = scope.moment(select.first(item)) if select else None
            return None if moment is None else moment.day

        on, first, last = day(self.date, scope.data), day(self.from_, target), day(self.to, target)
        if on is not None and first is not None and on < first:
            return f" is granted only from {iso(first)}, the use is of {iso(on)}"
        if on is not None and last is not None and on > last:
            return f" ended on {iso(last)}, the use is of {iso(on)}"
        return None
