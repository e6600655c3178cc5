"""Predicates on single values: exists, filled, value, as_often_as, stalled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from blueprint_cli.jsonpath import Selector
from blueprint_cli.jsonpath.equality import same
from blueprint_cli.predicates.answer import Answer, failed, passed, row_is_empty
from blueprint_cli.predicates.base import Predicate, Titles
from blueprint_cli.predicates.limit import Limit, LimitSpec
from blueprint_cli.predicates.parameters import AssetPath, Literals, OfItem
from blueprint_cli.predicates.scope import Place, Scope, Source, State
from blueprint_cli.text import quoted
from blueprint_cli.times import PERIODS


@dataclass(frozen=True, slots=True)
class Exists(Predicate):
    """The asset is there."""

    kind = "exists"
    asset: AssetPath

    def sentence(self, titles: Titles) -> str:
        return f"{self.asset} is there"

    def evaluate(self, scope: Scope) -> Answer:
        if scope.facts.document(self.asset)[0] is State.ABSENT:
            return failed(f"{self.asset} is missing", [Place(self.asset, ())])
        return passed(f"{self.asset} is there")


@dataclass(frozen=True, slots=True)
class Filled(Predicate):
    """Each of the fields has a value that says something."""

    kind = "filled"
    of: tuple[Source, ...]
    what: str = "value"

    def sentence(self, titles: Titles) -> str:
        return f"{self.what} is given ({' and '.join(map(str, self.of))})"

    def evaluate(self, scope: Scope) -> Answer:
        for source in self.of:
            values = scope.values(source)
            if not values or any(map(_empty, values)):
                places = [place for place, _ in scope.places(source)]
                return failed(f"no {self.what}{source.to_set}", places or [Place(scope.asset, scope.base)])
        return passed(f"{self.what} given")


@dataclass(frozen=True, slots=True)
class Value(Predicate):
    """The value is one of a set."""

    kind = "value"
    of: Source
    in_: Annotated[tuple[Any, ...], Literals("of")]
    what: str = "value"

    def sentence(self, titles: Titles) -> str:
        return f"{self.what} ({self.of}) is {' or '.join(map(_words, self.in_))}"

    def evaluate(self, scope: Scope) -> Answer:
        values = scope.values(self.of)
        if any(same(value, wanted) for value in values for wanted in self.in_):
            return passed(f"{self.what} is {shown(values[0])}")
        actual = f"is {shown(values[0])}" if values else "is not given"
        places = [place for place, _ in scope.places(self.of)] or [scope.list_place(self.of)]
        wanted = " or ".join(map(_words, self.in_))
        return failed(f"{self.what} {actual}, not {wanted}{self.of.to_set}", places)


@dataclass(frozen=True, slots=True)
class AsOftenAs(Predicate):
    """A rhythm is at least as frequent as another."""

    kind = "as_often_as"
    what: str
    of: Source
    period: LimitSpec

    def sentence(self, titles: Titles) -> str:
        return f"{self.what} ({self.of}) at least as often as {self.period}"

    def evaluate(self, scope: Scope) -> Answer:
        limit = scope.policy.limit(self.period)
        if limit is None:
            return row_is_empty(self.period)
        rhythm = scope.first(self.of)
        if not isinstance(rhythm, str) or rhythm not in PERIODS:
            return failed(f"{self.what} is not given{self.of.to_set}", [scope.list_place(self.of)], limit=limit)
        if PERIODS[rhythm].rank > limit.spans[0].rank:
            reason = f"{self.what} is {quoted(rhythm)}, {limit.track or 'the blueprint'} requires {limit.text}"
            return failed(reason, [place for place, _ in scope.places(self.of)], limit=limit)
        return passed(f"{self.what} is {quoted(rhythm)}", limit=limit)


@dataclass(frozen=True, slots=True)
class Stalled(Predicate):
    """A metric is below its target, and its newest value is not above the value of a period or more earlier.

    Only numbers are compared: a metric with a target in words is left out.
    """

    kind = "stalled"
    metrics: Source
    name: Annotated[Selector, OfItem("metrics")]
    target: Annotated[Selector, OfItem("metrics")]
    measurements: Source
    metric: Annotated[Selector, OfItem("measurements")]
    date: Annotated[Selector, OfItem("measurements", dates=True)]
    value: Annotated[Selector, OfItem("measurements")]
    over: LimitSpec

    def sentence(self, titles: Titles) -> str:
        return f"one of {self.metrics} below its target has not risen over {self.over}"

    def evaluate(self, scope: Scope) -> Answer:
        limit = scope.policy.limit(self.over)
        if limit is None:
            return row_is_empty(self.over)
        ends = {name: _ends(points, limit) for name, points in self._series(scope).items()}
        for metric in scope.values(self.metrics):
            name = _words(self.name.first(metric))
            target = number(self.target.first(metric))
            value, before = ends.get(name, (None, None))
            if target is None or value is None or before is None or value >= target:
                continue
            if value <= before:
                return passed(f"{quoted(name)} is {value:g}, target {target:g}, and has not risen for {limit.text}")
        return failed("no metric has stalled")

    def _series(self, scope: Scope) -> dict[str, list[tuple[int, float]]]:
        """Day and value of each measurement, by metric."""
        moment_of, last = scope.zone.moment, scope.as_of.last  # for every measurement: some fifty in a node
        series: dict[str, list[tuple[int, float]]] = {}
        for item in scope.values(self.measurements):
            moment, value = moment_of(self.date.first(item)), number(self.value.first(item))
            if moment is not None and moment.first <= last and value is not None:
                series.setdefault(_words(self.metric.first(item)), []).append((moment.day, value))
        return series


def _ends(points: list[tuple[int, float]], limit: Limit) -> tuple[float, float | None]:
    """The newest value, and the newest one that is a limit or more older."""
    points.sort(key=lambda point: point[0])
    day, value = points[-1]
    earlier = next((point for point in reversed(points) if limit.after(point[0]) <= day), None)
    return value, None if earlier is None else earlier[1]


def _empty(value: Any) -> bool:
    """Whether a value says nothing: null, white space or an empty collection."""
    return value is None or value in ([], {}) or (isinstance(value, str) and not value.strip())


def _words(value: Any) -> str:
    """A value in words: yes and no, not True and False."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def shown(value: Any) -> str:
    """A value as messages show it."""
    return quoted(value) if isinstance(value, str) else _words(value)


def number(value: Any) -> float | None:
    """A number; None for anything else, yes and no included."""
    return float(value) if type(value) is int or type(value) is float else None
