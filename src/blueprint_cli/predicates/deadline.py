"""The predicate `deadline`: one date must lie within a period of another.

Days decide deadlines in days and months. Deadlines in hours look at instants, and a date without a time is
read both ways: the worst reading must pass, the kindest must fail, else the answer is *not evaluable*.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from blueprint_cli.model import Status
from blueprint_cli.predicates.answer import ALREADY, Answer, Due, failed, not_applicable, passed, row_is_empty
from blueprint_cli.predicates.base import Predicate, Titles
from blueprint_cli.predicates.limit import Limit, LimitSpec
from blueprint_cli.predicates.parameters import Anchor, Dates, Nested
from blueprint_cli.predicates.scope import Place, Scope, Source
from blueprint_cli.times import HOUR, LAST_DAY, Moment, days, iso

_DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Deadline(Predicate):
    """A date must lie within a period of another: of a lifecycle date, or of a date of the same item.

    A deadline met late stays failed for as long as the archetype's ``late_visible`` says, counted from the
    day on which it was met. Until the deadline the answer is *not yet due*; an absent lifecycle date means
    that its event has not happened. What was closed without being met counts as met on the closing day.
    """

    kind = "deadline"
    what: str
    date: Dates
    after: Anchor
    within: LimitSpec
    closed: Dates | None = None
    open_while: Annotated[Predicate, Nested(condition=True)] | None = None

    def sentence(self, titles: Titles) -> str:
        after = titles(self.after) if isinstance(self.after, str) else self.after
        still_open = "; open while:" if self.open_while else ""
        return f"{self.what} ({self.date}) within {self.within} of {after}{still_open}"

    def anchor(self, scope: Scope) -> Moment | None:
        if isinstance(self.after, str):
            return scope.facts.lifecycle.get(self.after)
        return scope.moment(scope.first(self.after))

    def due(self, scope: Scope) -> Due | None:
        if isinstance(self.after, Source):
            return ALREADY
        anchor, limit = self.anchor(scope), scope.policy.limit(self.within)
        return Due(None if anchor is None or limit is None else limit.after(anchor.day))

    def evaluate(self, scope: Scope) -> Answer:
        limit = scope.policy.limit(self.within)
        if limit is None:
            return row_is_empty(self.within)
        anchor = self.anchor(scope)
        if anchor is None or (isinstance(self.after, Source) and not scope.past(anchor)):
            if isinstance(self.after, str):
                return Answer(Status.NOT_YET_DUE, f"waits for {scope.policy.lifecycle_title(self.after)}", limit=limit)
            return not_applicable(f"{self.what}: nothing to count from")
        met = scope.moment(scope.first(self.date))
        how = self.what
        if met is not None and isinstance(self.after, Source) and met.last < anchor.first:
            reason = f"{self.what} on {met.text}, before {anchor.text}, from which {limit.text} are counted"
            return Answer(Status.NOT_EVALUABLE, reason, limit=limit)
        if not scope.past(met):
            met, how = self._closing(scope), f"closed without being {self.what}"
        return (self._by_hours if limit.hourly else self._by_days)(scope, limit, anchor, met, how)

    def _closing(self, scope: Scope) -> Moment | None:
        """When it was closed without being met: its own date, else the last date that the file is evidence for."""
        if self.open_while is None or self.open_while.evaluate(scope).passed:
            return None
        stated = scope.moment(scope.first(self.closed)) if self.closed else None
        if scope.past(stated):
            return stated
        day = scope.facts.dated(scope.asset)[0] if scope.asset else None
        return scope.zone.whole_day(min(day, scope.as_of.day)) if day is not None else None

    def _by_days(self, scope: Scope, limit: Limit, anchor: Moment, met: Moment | None, how: str) -> Answer:
        due = limit.after(anchor.day)
        if met is None:
            late = scope.as_of.day > due
            reason = f"{self._undone} by {iso(due)}{self.date.to_set}" if late else f"{self.what}: due on {iso(due)}"
            status = Status.FAILED if late else Status.NOT_YET_DUE
            return Answer(status, reason, due=due, since=due + 1, places=(self._place(scope),), limit=limit)
        if met.day <= due:
            return passed(f"{how} on {iso(met.day)}", limit=limit)
        return self._late(scope, limit, met, due, f"{how} on {iso(met.day)}", days(met.day - due))

    def _by_hours(self, scope: Scope, limit: Limit, anchor: Moment, met: Moment | None, how: str) -> Answer:
        allowed = limit.micros
        due = min(anchor.day + -(-allowed // _DAY), LAST_DAY)
        done = met or scope.as_of
        if met is not None and met.last <= anchor.first + allowed:
            return passed(f"{how} within {limit.text}", limit=limit)
        if met is None and scope.as_of.last <= anchor.first + allowed:
            return Answer(Status.NOT_YET_DUE, f"to be {self.what} within {limit.text}", due=due, limit=limit)
        if done.first > anchor.last + allowed:
            if met is None:
                reason = f"{self._undone} within {limit.text}{self.date.to_set}"
                return failed(reason, [self._place(scope)], due=due, since=due, limit=limit)
            late = _clock(done.first - anchor.last - allowed)
            return self._late(scope, limit, met, due, how, late)
        reason = f"{self.what}: without times of day {limit.text} cannot be judged"
        return Answer(Status.NOT_EVALUABLE, reason, limit=limit)

    def _late(self, scope: Scope, limit: Limit, met: Moment, due: int, how: str, late: str) -> Answer:
        reason = f"{how}, {late} late"
        if scope.as_of.day > scope.policy.late_visible.after(met.day):
            return passed(f"met {late} late", limit=limit)
        return failed(reason, [self._place(scope)], due=due, since=due + 1, limit=limit)

    @property
    def _undone(self) -> str:
        """``customer profile not completed``, ``not escalated``: the last word is what was to be done."""
        *of, done = self.what.split(" ")
        return " ".join([*of, "not", done])

    def _place(self, scope: Scope) -> Place:
        for place, _ in scope.places(self.date):
            return place
        return Place(scope.asset, scope.base) if scope.base else scope.list_place(self.date)


def _clock(micros: int) -> str:
    """``2 h 28 min``; from three days on ``5 days``."""
    minutes = max(1, micros // (HOUR // 60))
    if minutes >= 3 * 24 * 60:
        return days(minutes // (24 * 60))
    hours, minutes = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part)
