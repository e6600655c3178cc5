"""Predicates on single values: exists, filled, value, as_often_as, held, outcome, stalled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from blueprint_cli.jsonpath import Selector
from blueprint_cli.model import Status
from blueprint_cli.predicates.base import Answer, Predicate, failed, filled, passed, quoted, row_is_empty, said
from blueprint_cli.predicates.limit import Limit, LimitSpec
from blueprint_cli.predicates.scope import Place, Scope, Source, State  # fmt: skip
from blueprint_cli.times import PERIODS


@dataclass(frozen=True, slots=True)
class Exists(Predicate):
    """The asset is there."""

    asset: str

    def evaluate(self, scope: Scope) -> Answer:
        if scope.facts.document(self.asset)[0] is State.ABSENT:
            return failed(f"{self.asset} is missing", [Place(self.asset, ())])
        return passed(f"{self.asset} is there")


@dataclass(frozen=True, slots=True)
class Filled(Predicate):
    """Each of the fields has a value that says something."""

    of: tuple[Source, ...]
    what: str = "value"

    def evaluate(self, scope: Scope) -> Answer:
        for source in self.of:
            values = scope.values(source)
            if not values or not all(filled(value) for value in values):
                found = [place for place, _ in scope.places(source)]
                return failed(f"no {self.what}", found or [Place(scope.asset, scope.base)])
        return passed(f"{self.what} given")


@dataclass(frozen=True, slots=True)
class Value(Predicate):
    """The value is one of a set."""

    of: Source
    among: tuple[Any, ...]
    what: str = "value"

    def evaluate(self, scope: Scope) -> Answer:
        values = scope.values(self.of)
        if any(_same(value, wanted) for value in values for wanted in self.among):
            return passed(f"{self.what} is {_shown(values[0])}")
        wanted = " or ".join(said(one) for one in self.among)
        found = f"is {_shown(values[0])}" if values else "is not given"
        places = [place for place, _ in scope.places(self.of)] or [scope.list_place(self.of)]
        return failed(f"{self.what} {found}, not {wanted}", places)


@dataclass(frozen=True, slots=True)
class AsOftenAs(Predicate):
    """A rhythm is at least as frequent as another."""

    what: str
    of: Source
    period: LimitSpec

    def rows(self) -> Iterable[LimitSpec]:
        yield self.period

    def evaluate(self, scope: Scope) -> Answer:
        limit = scope.policy.limit(self.period)
        if limit is None:
            return row_is_empty(self.period)
        found = scope.first(self.of)
        if not isinstance(found, str) or found not in PERIODS:
            return failed(f"{self.what} is not given", [scope.list_place(self.of)], limit=limit)
        if PERIODS[found].rank > limit.spans[0].rank:
            places = [place for place, _ in scope.places(self.of)]
            return failed(
                f"{self.what} is {quoted(found)}, {limit.track or 'the blueprint'} asks for {limit.text}",
                places,
                limit=limit,
            )
        return passed(f"{self.what} is {quoted(found)}", limit=limit)


@dataclass(frozen=True, slots=True)
class Held(Predicate):
    """Somebody on the team holds the role."""

    role: str

    def evaluate(self, scope: Scope) -> Answer:
        person = scope.facts.team.get(self.role)
        return passed(f"{self.role} is {quoted(person)}") if person else failed(f"nobody holds the role {self.role}")


@dataclass(frozen=True, slots=True)
class OutcomeIs(Predicate):
    """Another requirement of the node has a given outcome: a check that failed, an asset that is stale."""

    wanted: str
    check: str | None = None
    assets: str | None = None

    def evaluate(self, scope: Scope) -> Answer:
        if self.check is not None:
            holds = scope.outcomes.get(self.check) == Status(self.wanted)
        else:
            prefix = f"{self.wanted}:{self.assets}"
            holds = any(k.startswith(prefix) if prefix.endswith("/") else k == prefix for k in scope.outcomes)
        named = self.check or self.assets
        return passed(f"{named} is {self.wanted}") if holds else failed(f"{named} is not {self.wanted}")


@dataclass(frozen=True, slots=True)
class Stalled(Predicate):
    """A metric is below its target, and its newest value is not above the value of a period or more earlier.

    Only numbers are compared: a target in words has no below.
    """

    metrics: Source
    name: Selector
    target: Selector
    measurements: Source
    metric: Selector
    date: Selector
    value: Selector
    over: LimitSpec

    def rows(self) -> Iterable[LimitSpec]:
        yield self.over

    def evaluate(self, scope: Scope) -> Answer:
        limit = scope.policy.limit(self.over)
        if limit is None:
            return row_is_empty(self.over)
        moment_of, last = scope.zone.moment, scope.as_of.last  # asked of every measurement: some fifty in a node
        series: dict[Any, list[tuple[int, float]]] = {}
        for item in scope.values(self.measurements):
            moment, number = moment_of(self.date.first(item)), _number(self.value.first(item))
            if moment is not None and moment.first <= last and number is not None:
                name = said(self.metric.first(item))
                series.setdefault(name, []).append((moment.day, number))
        ends = {name: _ends(points, limit) for name, points in series.items()}
        for metric in scope.values(self.metrics):
            name = said(self.name.first(metric))
            target = _number(self.target.first(metric))
            value, before = ends.get(name, (None, None))
            if target is None or value is None or before is None or value >= target:
                continue
            if value <= before:
                return passed(f"{quoted(name)} is {value:g}, target {target:g}, and has not risen for {limit.text}")
        return failed("no metric has stalled")


def _ends(points: list[tuple[int, float]], limit: Limit) -> tuple[float, float | None]:
    """The newest value, and the newest one that is a limit or more older."""
    points.sort(key=lambda point: point[0])
    day, value = points[-1]
    earlier = next((point for point in reversed(points) if limit.after(point[0]) <= day), None)
    return value, None if earlier is None else earlier[1]


def _shown(value: Any) -> str:
    return quoted(value) if isinstance(value, str) else said(value)


def _number(value: Any) -> float | None:
    return float(value) if type(value) is int or type(value) is float else None


def _same(one: Any, other: Any) -> bool:
    return isinstance(one, bool) == isinstance(other, bool) and one == other
