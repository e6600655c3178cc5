"""Predicates on statements that must agree: equals, adds_up, banded, follows, excludes.

Each fails only where both sides are written; their places are those of both, the one to correct first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any

from blueprint_cli.jsonpath import Selector
from blueprint_cli.jsonpath.equality import same
from blueprint_cli.predicates.answer import Answer, failed, not_applicable, passed
from blueprint_cli.predicates.base import Predicate, Titles
from blueprint_cli.predicates.naming import named
from blueprint_cli.predicates.parameters import Dates, Literals, OfItem, Values
from blueprint_cli.predicates.scope import Scope, Source
from blueprint_cli.predicates.values import number, shown
from blueprint_cli.text import count, quoted

_ROUNDING = 1e-9
"""0.1 + 0.2 is not 0.3 in a computer; such a difference is none."""


@dataclass(frozen=True, slots=True)
class Equals(Predicate):
    """A value equals another one, or the number of items in a list."""

    kind = "equals"
    of: Source
    to: Source | None = None
    count: Source | None = None
    what: str = "item"
    tolerance: float = 0

    def sentence(self, titles: Titles) -> str:
        return f"{self.of} equals {self.to or f'the number of {self.count}'}{_allowing(self.tolerance)}"

    def evaluate(self, scope: Scope) -> Answer:
        values = scope.values(self.of)
        if not values:
            return not_applicable(f"{self.of} is not given")
        if self.count is not None:
            return self._counted(scope, values[0], self.count)
        others = scope.values(self.to) if self.to else []
        if self.to is None or not others:
            return not_applicable(f"{self.to} is not given")
        other = next((other for other in others if not self._agree(scope, values[0], other)), None)
        if other is None:
            return passed(f"both are {shown(values[0])}")
        here, there = scope.places(self.of)[0][0], next(p for p, v in scope.places(self.to) if v is other or v == other)
        reason = f"{named(scope, here)} is {shown(values[0])}, but {named(scope, there)} is {shown(other)}"
        return failed(reason, [here, there])

    def _counted(self, scope: Scope, value: Any, source: Source) -> Answer:
        size = len(scope.values(source))
        if number(value) is None or abs(value - size) <= self.tolerance:
            return passed(f"{size}") if number(value) is not None else not_applicable(f"{self.of} is not a number")
        here = scope.places(self.of)[0][0]
        reason = f"{named(scope, here)} is {shown(value)}, but there {_are(size)} {count(size, self.what)}"
        return failed(reason, [here, scope.list_place(source)])

    def _agree(self, scope: Scope, one: Any, other: Any) -> bool:
        left, right = number(one), number(other)
        if left is not None and right is not None:
            return abs(left - right) <= self.tolerance + _ROUNDING
        first, second = scope.moment(one), scope.moment(other)
        if first is not None and second is not None:
            return first.day == second.day
        return same(one, other)


@dataclass(frozen=True, slots=True)
class AddsUp(Predicate):
    """Numbers, each times its weight where it has one, add up to a total.

    Where a part or the total is not a number, nothing is reported.
    """

    kind = "adds_up"
    of: Source
    to: Annotated[Source | float, Values()]
    value: Annotated[Selector, OfItem("of")] | None = None
    weight: Annotated[Selector, OfItem("of")] | None = None
    tolerance: float = 0

    def sentence(self, titles: Titles) -> str:
        value = self.value.text if self.value else "each"
        times = f" × {self.weight.text}" if self.weight else ""
        return f"{value}{times} of {self.of} adds up to {self.to}{_allowing(self.tolerance)}"

    def evaluate(self, scope: Scope) -> Answer:
        items, total = scope.values(self.of), self._total(scope)
        parts = [self._part(item) for item in items]
        if not parts or total is None or None in parts:
            return not_applicable("the parts or the total are not given as numbers")
        actual = sum(part for part in parts if part is not None)
        if abs(actual - total) <= self.tolerance + _ROUNDING:
            return passed(f"adds up to {_digits(actual)}")
        parts_at = scope.list_place(self.of)
        sum_of = " × ".join(quoted(part.text.removeprefix("$.")) for part in (self.value, self.weight) if part)
        adds_up = f"{sum_of}{' in ' if sum_of else ''}{named(scope, parts_at)} adds up to {_digits(actual)}"
        if not isinstance(self.to, Source):
            return failed(f"{adds_up}, not to {_digits(total)}", [parts_at])
        here = scope.places(self.to)[0][0]
        return failed(f"{named(scope, here)} is {_digits(total)}, but {adds_up}", [here, parts_at])

    def _total(self, scope: Scope) -> float | None:
        return number(scope.first(self.to)) if isinstance(self.to, Source) else self.to

    def _part(self, item: Any) -> float | None:
        value = number(self.value.first(item) if self.value else item)
        weight = number(self.weight.first(item)) if self.weight else 1
        return None if value is None or weight is None else value * weight


@dataclass(frozen=True, slots=True)
class Banded(Predicate):
    """The word for a number is that of the band it lies in: each band has its least number.

    The document's own bands decide. Where it has none for that word, the ``usual`` ones hold, which are not its own:
    a word one band off is accepted then.
    """

    kind = "banded"
    value: Source
    word: Source
    bands: Source | None = None
    usual: Mapping[str, float] | None = None

    def sentence(self, titles: Titles) -> str:
        usual = ", ".join(f"{word} from {_digits(least)}" for word, least in (self.usual or {}).items())
        own = f" by {self.bands}" if self.bands else ""
        return f"{self.word} is the band of {self.value}{own}" + (f" (usually {usual})" if usual else "")

    def evaluate(self, scope: Scope) -> Answer:
        value, word = number(scope.first(self.value)), scope.first(self.word)
        own = self._own(scope)
        bands = {**(self.usual or {}), **own}
        if value is None or word not in bands:
            return not_applicable("no number, or no band of that name")
        lies = self._band(bands, value)
        if self._agrees(own, word, value) if word in own else _apart(bands, word, lies) <= 1:
            return passed(f"{_digits(value)} is {shown(word)}")
        here, there = (scope.places(source)[0][0] for source in (self.word, self.value))
        by = f"by {named(scope, scope.places(self.bands)[0][0])}" if word in own and self.bands else "usually"
        reason = f"{named(scope, here)} is {shown(word)}, but {by} {named(scope, there)} {_digits(value)} is "
        return failed(reason + (quoted(lies) if lies != word else "in no band"), [here, there])

    @staticmethod
    def _band(bands: Mapping[str, float], value: float) -> str:
        """The highest band that begins at or below a number; the lowest of all where none does."""
        within = [band for band in bands if bands[band] <= value]
        return max(within, key=lambda band: bands[band]) if within else min(bands, key=lambda band: bands[band])

    def _agrees(self, own: Mapping[str, float], word: str, value: float) -> bool:
        """Whether the document's own bands leave the word to the number."""
        return own[word] <= value and self._band(own, value) == word

    def _own(self, scope: Scope) -> dict[str, float]:
        written = scope.first(self.bands) if self.bands else None
        least = written.items() if isinstance(written, dict) else ()
        return {word: value for word, value in least if number(value) is not None}


@dataclass(frozen=True, slots=True)
class Follows(Predicate):
    """The word for a trend follows from the last readings: the newest value and the two before it.

    It fails only where the readings leave no doubt: they change by more than ``tolerance``, and no step of them goes
    the other way.
    """

    kind = "follows"
    word: Source
    up: Annotated[tuple[Any, ...], Literals("word")]
    level: Annotated[tuple[Any, ...], Literals("word")]
    down: Annotated[tuple[Any, ...], Literals("word")]
    of: Source
    date: Annotated[Selector, OfItem("of", dates=True)]
    value: Annotated[Selector, OfItem("of")]
    tolerance: float
    now: Source | None = None
    at: Dates | None = None

    def sentence(self, titles: Titles) -> str:
        return f"{self.word} is what the last readings show ({self.of}), by more than {_digits(self.tolerance)}"

    def evaluate(self, scope: Scope) -> Answer:
        word, readings = scope.first(self.word), self._readings(scope)
        if len(readings) < 2 or word not in (*self.up, *self.level, *self.down):
            return not_applicable("there are no two readings, or no word for them")
        steps = [after - before for before, after in pairwise(readings)]
        change = readings[-1] - readings[0]
        sure = abs(change) > self.tolerance and all(step * change >= 0 for step in steps)
        if not sure or word in (self.up if change > 0 else self.down):
            return passed(f"{shown(word)} after {' → '.join(map(_digits, readings))}")
        here = scope.places(self.word)[0][0]
        reason = f"{named(scope, here)} is {shown(word)}, but the last readings are "
        return failed(reason + " → ".join(map(_digits, readings)), [here, scope.list_place(self.of)])

    def _readings(self, scope: Scope) -> list[float]:
        """The last three values, oldest first."""
        current = number(scope.first(self.now)) if self.now else None
        end = scope.moment(scope.first(self.at)) if self.at else None
        last = min(end.last, scope.as_of.last) if end else scope.as_of.last
        known: list[tuple[int, float]] = []
        for item in scope.values(self.of):
            moment, value = scope.moment(self.date.first(item)), number(self.value.first(item))
            if moment is not None and value is not None and moment.first <= last:
                known.append((moment.last, value))
        known.sort(key=lambda reading: reading[0])
        earlier = [value for _, value in known]
        return earlier[-3:] if current is None else [*earlier[-2:], current]


@dataclass(frozen=True, slots=True)
class Excludes(Predicate):
    """While a value is one of a set, other fields must not be given: what is open has no closing date."""

    kind = "excludes"
    of: Source
    in_: Annotated[tuple[Any, ...], Literals("of")]
    given: tuple[Source, ...]

    def sentence(self, titles: Titles) -> str:
        words = " or ".join(map(str, self.in_))
        return f"while {self.of} is {words}, there is no {' and no '.join(map(str, self.given))}"

    def evaluate(self, scope: Scope) -> Answer:
        value = scope.first(self.of)
        if not any(same(value, word) for word in self.in_):
            return not_applicable(f"{self.of} is {shown(value)}")
        for source in self.given:
            for place, given in scope.places(source):
                if given is not None:
                    there = scope.places(self.of)[0][0]
                    reason = f"{named(scope, place)} {shown(given)} is given, but {named(scope, there)} is "
                    return failed(reason + shown(value), [place, there])
        return passed(f"{self.of} is {shown(value)}, and nothing else is given")


def _apart(bands: Mapping[str, float], one: str, other: str) -> int:
    """How many bands lie from one to another."""
    order = sorted(bands, key=lambda band: bands[band])
    return abs(order.index(one) - order.index(other))


def _allowing(tolerance: float) -> str:
    return f", give or take {_digits(tolerance)}" if tolerance else ""


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _digits(value: float) -> str:
    """A number without the noise of binary fractions: 1.3, not 1.3000000000000003."""
    return f"{value:.10g}"
