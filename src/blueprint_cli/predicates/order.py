"""The predicate `in_order`: dates that follow each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from blueprint_cli.predicates.answer import Answer, failed, not_applicable, passed
from blueprint_cli.predicates.base import Predicate, Titles
from blueprint_cli.predicates.naming import named
from blueprint_cli.predicates.parameters import DateOrAnchor
from blueprint_cli.predicates.scope import Place, Scope, Source
from blueprint_cli.times import Moment

LIFECYCLE = "lifecycle"
"""The key of blueprint.yaml that holds the lifecycle dates."""


@dataclass(frozen=True, slots=True)
class InOrder(Predicate):
    """None of the dates may be before one that is listed above it. Dates that are not given are left out.

    A date without a time of day may be any instant of its day: only what is out of order in every reading fails.
    """

    kind = "in_order"
    dates: Annotated[tuple[str | Source, ...], DateOrAnchor()]

    def sentence(self, titles: Titles) -> str:
        shown = [titles(date) if isinstance(date, str) else str(date) for date in self.dates]
        return f"in this order: {', '.join(shown)}"

    def evaluate(self, scope: Scope) -> Answer:
        latest: tuple[str | Source, Moment] | None = None
        compared = False
        for date in self.dates:
            moments = _moments(scope, date)
            if not moments:
                continue
            if latest is not None:
                compared = True
                early = [moment for moment in moments if moment.last < latest[1].first]
                if early:
                    return self._out_of_order(scope, date, early, latest)
            last = max(moments, key=lambda moment: moment.first)
            if latest is None or last.first > latest[1].first:
                latest = date, last
        return passed("in order") if compared else not_applicable("fewer than two of the dates are given")

    def _out_of_order(
        self, scope: Scope, date: str | Source, early: list[Moment], latest: tuple[str | Source, Moment]
    ) -> Answer:
        first = min(early, key=lambda moment: moment.last)
        here, there = _place(scope, date, first), _place(scope, *latest)
        more = f" (and {len(early) - 1} more)" if len(early) > 1 else ""
        reason = f"{named(scope, here)} {first.text} is before {named(scope, there)} {latest[1].text}{more}"
        return failed(reason, [here, there])


def _moments(scope: Scope, date: str | Source) -> list[Moment]:
    if isinstance(date, Source):
        return scope.moments(date)
    moment = scope.facts.lifecycle.get(date)
    return [] if moment is None else [moment]


def _place(scope: Scope, date: str | Source, moment: Moment) -> Place:
    if isinstance(date, str):
        return Place(None, (LIFECYCLE, date))
    return next(place for place, value in scope.places(date) if scope.moment(value) == moment)
