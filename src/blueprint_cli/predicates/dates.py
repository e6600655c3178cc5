"""Predicates on dates: newest, ahead, age."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import Annotated

from blueprint_cli.model import DatedBy, Status
from blueprint_cli.predicates.answer import Answer, Due, failed, passed, row_is_empty
from blueprint_cli.predicates.base import Predicate, Titles
from blueprint_cli.predicates.limit import LimitSpec
from blueprint_cli.predicates.parameters import Dates, LifecycleDate, Values
from blueprint_cli.predicates.scope import Place, Scope, Source
from blueprint_cli.times import Moment, days, iso

_LAST = attrgetter("last")


@dataclass(frozen=True, slots=True)
class Newest(Predicate):
    """The newest entry must lie within a period before the scan; while there is none, an anchor counts.

    Entries dated after the scan do not count, unless their source says that they count as today.
    """

    kind = "newest"
    what: str
    of: Annotated[tuple[Source, ...], Values(dates=True)]
    within: LimitSpec
    since: LifecycleDate | None = None

    def sentence(self, titles: Titles) -> str:
        since = f"; before the first one counted from {titles(self.since)}" if self.since else ""
        return f"newest {self.what} ({' and '.join(map(str, self.of))}) not older than {self.within}{since}"

    def due(self, scope: Scope) -> Due | None:
        limit = scope.policy.limit(self.within)
        if self.since is None or limit is None:
            return None
        anchor = scope.facts.lifecycle.get(self.since)
        return Due(None if anchor is None else limit.after(anchor.day))

    def newest(self, scope: Scope) -> Moment | None:
        known: list[Moment] = []
        for source in self.of:
            moments = scope.moments(source)
            past = [moment for moment in moments if moment.first <= scope.as_of.last]
            known += [*past, scope.as_of] if source.future_counts and len(past) < len(moments) else past
        return max(known, key=_LAST, default=None)

    def evaluate(self, scope: Scope) -> Answer:
        limit = scope.policy.limit(self.within)
        if limit is None:
            return row_is_empty(self.within)
        entry = self.newest(scope)
        if entry is not None:
            due, age = limit.after(entry.day), scope.as_of.day - entry.day
            if scope.as_of.day <= due:
                return passed(f"newest {self.what} {iso(entry.day)}", due=due, limit=limit)
        excuse = self.due(scope)
        if excuse is not None and (excuse.day is None or scope.as_of.day <= excuse.day):
            waits = f"first {self.what} is not due yet" if excuse.day else f"waits for {self._anchor(scope)}"
            return Answer(Status.NOT_YET_DUE, waits, due=excuse.day, places=self._places(scope, entry), limit=limit)
        if entry is not None:
            reason = f"newest {self.what} is {days(age)} old, {limit.allows}"
            return failed(reason, self._places(scope, entry), due=due, since=due + 1, limit=limit)
        reason = f"no {self.what} on record{self.of[0].to_set}"
        if excuse is None or excuse.day is None:
            return failed(reason, self._places(scope, None), limit=limit)
        reason = f"no {self.what} on record since {self._anchor(scope)}, {limit.allows}{self.of[0].to_set}"
        return failed(reason, self._places(scope, None), due=excuse.day, since=excuse.day + 1, limit=limit)

    def on_record(self, scope: Scope) -> Answer:
        entry = self.newest(scope)
        if entry is not None:
            return passed(f"newest {self.what} {iso(entry.day)}")
        return failed(f"no {self.what} on record{self.of[0].to_set}", self._places(scope, None))

    def _anchor(self, scope: Scope) -> str:
        return scope.policy.lifecycle_title(self.since or "")

    def _places(self, scope: Scope, entry: Moment | None) -> tuple[Place, ...]:
        """The entry itself (not just its date), else the list's key."""
        if entry is not None:
            for source in self.of:
                for place, value in scope.places(source):
                    moment = scope.moment(value)
                    if moment == entry or (source.future_counts and entry == scope.as_of and not scope.past(moment)):
                        in_list = len(place.path) > 1 and isinstance(place.path[-2], int)
                        return (Place(place.asset, place.path[:-1] if in_list else place.path),)
        return (scope.list_place(self.of[0]),)


@dataclass(frozen=True, slots=True)
class Ahead(Predicate):
    """A date must lie on or after the day of the scan and, with ``within``, not further ahead than that."""

    kind = "ahead"
    what: str
    date: Dates
    within: LimitSpec | None = None

    def sentence(self, titles: Titles) -> str:
        horizon = f", at most {self.within} ahead" if self.within else ""
        return f"{self.what} ({self.date}) on the day of the scan or later{horizon}"

    def evaluate(self, scope: Scope) -> Answer:
        limit = None if self.within is None else scope.policy.limit(self.within)
        if self.within is not None and limit is None:
            return row_is_empty(self.within)
        horizon = None if limit is None else limit.after(scope.as_of.day)
        known = scope.moments(self.date)
        ahead = [m.day for m in known if m.day >= scope.as_of.day and (horizon is None or m.day <= horizon)]
        if ahead:
            return passed(f"{self.what} {iso(min(ahead))}", due=max(ahead), limit=limit)
        where = [place for place, _ in scope.places(self.date)] if limit is None else []
        if limit is None and known:
            last = max(moment.day for moment in known)
            return failed(f"{self.what} was {iso(last)}", where, due=last, since=last + 1)
        reason = f"no {self.what}" + ("" if horizon is None else f" between {iso(scope.as_of.day)} and {iso(horizon)}")
        reason += self.date.to_set
        return failed(reason, where or [scope.list_place(self.date)], limit=limit)


@dataclass(frozen=True, slots=True)
class Age(Predicate):
    """The asset itself must not be older than a period: by its own last_updated, else by Git."""

    kind = "age"
    needs_asset = True
    what: str
    within: LimitSpec

    def sentence(self, titles: Titles) -> str:
        return f"{self.what} not older than {self.within}"

    def evaluate(self, scope: Scope) -> Answer:
        limit = scope.policy.limit(self.within)
        if limit is None:
            return row_is_empty(self.within)
        day, by = scope.facts.dated(scope.asset) if scope.asset else (None, DatedBy.UNKNOWN)
        if day is None:
            return Answer(Status.NOT_EVALUABLE, f"the age of {self.what} is not known", limit=limit)
        due = limit.after(day)
        if scope.as_of.day <= due:
            return passed(f"{self.what} last updated {iso(day)}", due=due, limit=limit)
        age = days(max(0, scope.as_of.day - day))
        reason = f"{self.what}: {age} old, {limit.allows}" + (" (dated by Git)" if by is DatedBy.GIT else "")
        return failed(reason, [Place(scope.asset, ("last_updated",))], due=due, since=due + 1, limit=limit)
