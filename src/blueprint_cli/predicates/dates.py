"""Predicates on dates: deadline, newest, ahead, age, reached, scanned.

Days decide rules in days and months; rules in hours look at instants, and a date without a time is read
both ways: the worst reading must pass, the kindest must fail, else the answer is *not evaluable*.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from blueprint_cli.model import Status
from blueprint_cli.predicates.base import (
    ALREADY,
    Answer,
    Due,
    Limit,
    LimitSpec,
    Place,
    Predicate,
    Question,
    Source,
    failed,
    not_applicable,
    passed,
    row_is_empty,
)  # fmt: skip
from blueprint_cli.times import HOUR, Moment, days, iso

_DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Deadline(Predicate):
    """A date must lie within a period of another: of a lifecycle date, or of a date of the same item.

    A deadline met late stays failed for as long as the archetype's ``late_visible`` says, counted from the
    day on which it was met. Until the deadline the answer is *not yet due*; an absent lifecycle date means
    that its event has not happened. What was closed without being met counts as met on the closing day.
    """

    what: str
    date: Source
    after: str | Source
    within: LimitSpec
    closed: Source | None = None
    open_while: Predicate | None = None

    def rows(self) -> Iterable[LimitSpec]:
        yield self.within

    def anchor(self, q: Question) -> Moment | None:
        """The date that the period is counted from."""
        if isinstance(self.after, str):
            return q.facts.lifecycle.get(self.after)
        return next((q.moment(value) for value in q.values(self.after)), None)

    def due(self, q: Question) -> Due | None:
        if isinstance(self.after, Source):
            return ALREADY
        anchor, limit = self.anchor(q), q.policy.limit(self.within)
        return Due(None if anchor is None or limit is None else limit.after(anchor.day))

    def ask(self, q: Question) -> Answer:
        limit = q.policy.limit(self.within)
        if limit is None:
            return row_is_empty(self.within)
        anchor = self.anchor(q)
        if anchor is None or (isinstance(self.after, Source) and not q.past(anchor)):
            if isinstance(self.after, str):
                return Answer(Status.NOT_YET_DUE, f"waits for {q.policy.lifecycle_title(self.after)}", limit=limit)
            return not_applicable(f"{self.what}: nothing to count from")
        met = next((q.moment(value) for value in q.values(self.date)), None)
        how = self.what
        if not q.past(met):
            met, how = self._closing(q), f"closed without being {self.what}"
        return (self._by_hours if limit.hourly else self._by_days)(q, limit, anchor, met, how)

    def _closing(self, q: Question) -> Moment | None:
        """When it was closed without being met: its own date, else the last date that the file can vouch for."""
        if self.open_while is None or self.open_while.ask(q).passed:
            return None
        stated = next((q.moment(v) for v in q.values(self.closed)), None) if self.closed else None
        if q.past(stated):
            return stated
        day = q.facts.dated(q.asset)[0] if q.asset else None
        return q.zone.whole_day(min(day, q.as_of.day)) if day is not None else None

    def _by_days(self, q: Question, limit: Limit, anchor: Moment, met: Moment | None, how: str) -> Answer:
        due = limit.after(anchor.day)
        if met is None:
            reason = f"{self.what} is due on {iso(due)}" if q.as_of.day <= due else f"not {self.what} by {iso(due)}"
            status = Status.NOT_YET_DUE if q.as_of.day <= due else Status.FAILED
            return Answer(status, reason, due=due, since=due + 1, places=(self._place(q),), limit=limit)
        if met.day <= due:
            return passed(f"{how} on {iso(met.day)}", limit=limit)
        return self._late(q, limit, met, due, f"{how} on {iso(met.day)}", days(met.day - due))

    def _by_hours(self, q: Question, limit: Limit, anchor: Moment, met: Moment | None, how: str) -> Answer:
        allowed = limit.micros
        due = anchor.day + -(-allowed // _DAY)
        done = met or q.as_of
        if met is not None and met.last <= anchor.first + allowed:
            return passed(f"{how} within {limit.text}", limit=limit)
        if met is None and q.as_of.last <= anchor.first + allowed:
            return Answer(Status.NOT_YET_DUE, f"to be {self.what} within {limit.text}", due=due, limit=limit)
        if done.first > anchor.last + allowed:
            if met is None:
                reason = f"not {self.what} within {limit.text}"
                return failed(reason, [self._place(q)], due=due, since=due, limit=limit)
            late = _clock(done.first - anchor.last - allowed)
            return self._late(q, limit, met, due, how, late)
        return Answer(
            Status.NOT_EVALUABLE,
            f"{self.what}: without times of day {limit.text} cannot be judged",
            limit=limit,
        )

    def _late(self, q: Question, limit: Limit, met: Moment, due: int, how: str, late: str) -> Answer:
        reason = f"{how}, {late} late"
        if q.as_of.day > q.policy.late_visible.after(met.day):
            return passed(f"met {late} late", limit=limit)
        return failed(reason, [self._place(q)], due=due, since=due + 1, limit=limit)

    def _place(self, q: Question) -> Place:
        found = q.places(self.date)
        if found:
            return found[0][0]
        return Place(q.asset, q.base) if q.base else q.list_place(self.date)


def _clock(micros: int) -> str:
    """``2 h 28 min``; from three days on ``5 days``."""
    minutes = max(1, micros // (HOUR // 60))
    if minutes >= 3 * 24 * 60:
        return days(minutes // (24 * 60))
    hours, minutes = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part)


@dataclass(frozen=True, slots=True)
class Newest(Predicate):
    """The newest entry must lie within a period before the scan; while there is none, an anchor counts.

    Entries dated after the scan do not count, unless their source says that they count as today.
    """

    what: str
    of: tuple[Source, ...]
    within: LimitSpec
    since: str | None = None

    def rows(self) -> Iterable[LimitSpec]:
        yield self.within

    def due(self, q: Question) -> Due | None:
        limit = q.policy.limit(self.within)
        if self.since is None or limit is None:
            return None
        anchor = q.facts.lifecycle.get(self.since)
        return Due(None if anchor is None else limit.after(anchor.day))

    def newest(self, q: Question) -> Moment | None:
        """The newest entry that counts."""
        best: Moment | None = None
        for source in self.of:
            for value in q.values(source):
                moment = q.moment(value)
                if moment is None:
                    continue
                if moment.first > q.as_of.last:
                    if not source.future_counts:
                        continue
                    moment = q.as_of
                if best is None or moment.last > best.last:
                    best = moment
        return best

    def ask(self, q: Question) -> Answer:
        limit = q.policy.limit(self.within)
        if limit is None:
            return row_is_empty(self.within)
        entry = self.newest(q)
        if entry is not None:
            due, age = limit.after(entry.day), q.as_of.day - entry.day
            if q.as_of.day <= due:
                return passed(f"newest {self.what} {iso(entry.day)}", due=due, limit=limit)
        excuse = self.due(q)
        if excuse is not None and (excuse.day is None or q.as_of.day <= excuse.day):
            waits = f"first {self.what} is not due yet" if excuse.day else f"waits for {self._anchor(q)}"
            return Answer(Status.NOT_YET_DUE, waits, due=excuse.day, places=self._places(q, entry), limit=limit)
        if entry is not None:
            reason = f"newest {self.what} is {days(age)} old, {limit.allows}"
            return failed(reason, self._places(q, entry), due=due, since=due + 1, limit=limit)
        reason = f"no {self.what} on record"
        if excuse is None or excuse.day is None:
            return failed(reason, self._places(q, None), limit=limit)
        reason += f" since {self._anchor(q)}, {limit.allows}"
        return failed(reason, self._places(q, None), due=excuse.day, since=excuse.day + 1, limit=limit)

    def on_record(self, q: Question) -> Answer:
        entry = self.newest(q)
        if entry is not None:
            return passed(f"newest {self.what} {iso(entry.day)}")
        return failed(f"no {self.what} on record", self._places(q, None))

    def _anchor(self, q: Question) -> str:
        return q.policy.lifecycle_title(self.since or "")

    def _places(self, q: Question, entry: Moment | None) -> tuple[Place, ...]:
        """The entry itself (not just its date), else the list's key."""
        if entry is not None:
            for source in self.of:
                for place, value in q.places(source):
                    moment = q.moment(value)
                    if moment == entry or (source.future_counts and entry == q.as_of and not q.past(moment)):
                        inner = (
                            place.path[:-1] if len(place.path) > 1 and isinstance(place.path[-2], int) else place.path
                        )
                        return (Place(place.asset, inner),)
        return (q.list_place(self.of[0]),)


@dataclass(frozen=True, slots=True)
class Ahead(Predicate):
    """A date must lie on or after the day of the scan and, with ``within``, not further ahead than that."""

    what: str
    date: Source
    within: LimitSpec | None = None

    def rows(self) -> Iterable[LimitSpec]:
        return () if self.within is None else (self.within,)

    def ask(self, q: Question) -> Answer:
        limit = None if self.within is None else q.policy.limit(self.within)
        if self.within is not None and limit is None:
            return row_is_empty(self.within)
        horizon = None if limit is None else limit.after(q.as_of.day)
        known = [moment for value in q.values(self.date) if (moment := q.moment(value))]
        ahead = [m.day for m in known if m.day >= q.as_of.day and (horizon is None or m.day <= horizon)]
        if ahead:
            return passed(f"{self.what} {iso(min(ahead))}", due=max(ahead), limit=limit)
        where = [place for place, _ in q.places(self.date)] if limit is None else []
        if limit is None and known:
            last = max(moment.day for moment in known)
            return failed(f"{self.what} was {iso(last)}", where, due=last, since=last + 1)
        reason = f"no {self.what}" + ("" if horizon is None else f" between {iso(q.as_of.day)} and {iso(horizon)}")
        return failed(reason, where or [q.list_place(self.date)], limit=limit)


@dataclass(frozen=True, slots=True)
class Age(Predicate):
    """The asset itself must not be older than a period: by its own last_updated, else by Git."""

    what: str
    within: LimitSpec

    def rows(self) -> Iterable[LimitSpec]:
        yield self.within

    def ask(self, q: Question) -> Answer:
        limit = q.policy.limit(self.within)
        if limit is None:
            return row_is_empty(self.within)
        day, by = q.facts.dated(q.asset) if q.asset else (None, "unknown")
        if day is None:
            return Answer(Status.NOT_EVALUABLE, f"the age of {self.what} is not known", limit=limit)
        due, age = limit.after(day), max(0, q.as_of.day - day)
        if q.as_of.day <= due:
            return passed(f"{self.what}: {days(age)} old", due=due, limit=limit)
        reason = f"{self.what}: {days(age)} old, {limit.allows}" + (" (dated by Git)" if by == "git" else "")
        return failed(reason, [Place(q.asset, ("last_updated",))], due=due, since=due + 1, limit=limit)


@dataclass(frozen=True, slots=True)
class Reached(Predicate):
    """A lifecycle date has come, or comes within ``ahead``."""

    date: str
    ahead: LimitSpec | None = None

    def rows(self) -> Iterable[LimitSpec]:
        return () if self.ahead is None else (self.ahead,)

    def ask(self, q: Question) -> Answer:
        title, moment = q.policy.lifecycle_title(self.date), q.facts.lifecycle.get(self.date)
        limit = None if self.ahead is None else q.policy.limit(self.ahead)
        horizon = q.as_of.day if limit is None else limit.after(q.as_of.day)
        if moment is not None and moment.day <= horizon:
            return passed(f"{title} {iso(moment.day)}")
        return failed(f"{title} " + ("is not known" if moment is None else f"is on {iso(moment.day)}"))


@dataclass(frozen=True, slots=True)
class Scanned(Predicate):
    """The report of the last gap scan must not be older than a period. A scan that writes one satisfies it."""

    within: LimitSpec
    since: str | None = None

    def rows(self) -> Iterable[LimitSpec]:
        yield self.within

    def due(self, q: Question) -> Due | None:
        limit = q.policy.limit(self.within)
        anchor = q.facts.lifecycle.get(self.since or "")
        return Due(None if anchor is None or limit is None else limit.after(anchor.day))

    def ask(self, q: Question) -> Answer:
        limit = q.policy.limit(self.within)
        if limit is None:
            return row_is_empty(self.within)
        last, first_due = q.facts.reported, self.due(q)
        if last is not None:
            due = limit.after(last.day)
            if q.as_of.day <= due:
                return passed(f"last gap scan {iso(last.day)}", due=due, limit=limit)
            reason = f"the last gap scan is {days(q.as_of.day - last.day)} old, {limit.allows}"
            return failed(reason, due=due, since=due + 1, limit=limit)
        if first_due is None or first_due.day is None or q.as_of.day <= first_due.day:
            day = first_due.day if first_due else None
            return Answer(Status.NOT_YET_DUE, "the first gap scan is not due yet", due=day, limit=limit)
        reason = f"no gap report is committed, {limit.allows}"
        return failed(reason, due=first_due.day, since=first_due.day + 1, limit=limit)

    def on_record(self, q: Question) -> Answer:
        last = q.facts.reported
        return passed(f"last gap scan {iso(last.day)}") if last else failed("no gap report is committed")
