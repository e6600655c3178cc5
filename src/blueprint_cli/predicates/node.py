"""Predicates on the node itself, not on a document of it: held, outcome, reached, scanned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from blueprint_cli.model import Status
from blueprint_cli.predicates.answer import Answer, Due, failed, passed, row_is_empty
from blueprint_cli.predicates.base import Predicate, Titles
from blueprint_cli.predicates.limit import LimitSpec
from blueprint_cli.predicates.parameters import LifecycleDate, Named
from blueprint_cli.predicates.scope import Scope
from blueprint_cli.text import quoted
from blueprint_cli.times import days, iso


@dataclass(frozen=True, slots=True)
class Held(Predicate):
    """Somebody on the team holds the role."""

    kind = "held"
    role: Annotated[str, Named("role")]

    def sentence(self, titles: Titles) -> str:
        return f"somebody on the team is {self.role}"

    def evaluate(self, scope: Scope) -> Answer:
        person = scope.facts.team.get(self.role)
        if person:
            return passed(f"{self.role} is {quoted(person)}")
        return failed(f"nobody holds the role {self.role} (set `team.{self.role}`)")


@dataclass(frozen=True, slots=True)
class OutcomeIs(Predicate):
    """Another requirement of the node has a given outcome: a check that failed, an asset that is stale."""

    kind = "outcome"
    needs_outcomes = True
    is_: str
    check: Annotated[str, Named("check")] | None = None
    assets: Annotated[str, Named("asset", folder=True)] | None = None

    @classmethod
    def contradictions(cls, written: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        if "check" in written and written["is"] == "stale":
            yield "check", "a check is never `stale`, only assets are: write `failed`"
        if "assets" in written and written["is"] != "stale":
            yield "assets", "of assets only `stale` is known: name a check that failed"

    def sentence(self, titles: Titles) -> str:
        return f"{self.check or self.assets} is {self.is_.replace('_', ' ')}"

    def evaluate(self, scope: Scope) -> Answer:
        if self.check is not None:
            holds = scope.outcomes.get(self.check) == Status(self.is_)
        else:
            prefix = f"{self.is_}:{self.assets}"
            holds = any(k.startswith(prefix) if prefix.endswith("/") else k == prefix for k in scope.outcomes)
        name = self.check or self.assets
        return passed(f"{name} is {self.is_}") if holds else failed(f"{name} is not {self.is_}")


@dataclass(frozen=True, slots=True)
class Reached(Predicate):
    """A lifecycle date has come, or comes within ``ahead``."""

    kind = "reached"
    date: LifecycleDate
    ahead: LimitSpec | None = None

    def sentence(self, titles: Titles) -> str:
        return f"{titles(self.date)} has come" + (f", or is at most {self.ahead} away" if self.ahead else "")

    def evaluate(self, scope: Scope) -> Answer:
        title, moment = scope.policy.lifecycle_title(self.date), scope.facts.lifecycle.get(self.date)
        limit = None if self.ahead is None else scope.policy.limit(self.ahead)
        horizon = scope.as_of.day if limit is None else limit.after(scope.as_of.day)
        if moment is not None and moment.day <= horizon:
            return passed(f"{title} {iso(moment.day)}")
        return failed(f"{title} " + ("is not known" if moment is None else f"is on {iso(moment.day)}"))


@dataclass(frozen=True, slots=True)
class Scanned(Predicate):
    """The report of the last gap scan must not be older than a period. A scan that writes one satisfies it."""

    kind = "scanned"
    within: LimitSpec
    since: LifecycleDate | None = None

    def sentence(self, titles: Titles) -> str:
        since = f"; before the first one counted from {titles(self.since)}" if self.since else ""
        return f"the last gap scan is not older than {self.within}{since}"

    def due(self, scope: Scope) -> Due:
        limit = scope.policy.limit(self.within)
        anchor = scope.facts.lifecycle.get(self.since or "")
        return Due(None if anchor is None or limit is None else limit.after(anchor.day))

    def evaluate(self, scope: Scope) -> Answer:
        limit = scope.policy.limit(self.within)
        if limit is None:
            return row_is_empty(self.within)
        last, first_due = scope.facts.reported, self.due(scope)
        if last is not None:
            due = limit.after(last.day)
            if scope.as_of.day <= due:
                return passed(f"last gap scan {iso(last.day)}", due=due, limit=limit)
            reason = f"the last gap scan is {days(scope.as_of.day - last.day)} old, {limit.allows}"
            return failed(reason, due=due, since=due + 1, limit=limit)
        if first_due.day is None or scope.as_of.day <= first_due.day:
            return Answer(Status.NOT_YET_DUE, "the first gap scan is not due yet", due=first_due.day, limit=limit)
        reason = f"no gap report is committed, {limit.allows}"
        return failed(reason, due=first_due.day, since=first_due.day + 1, limit=limit)

    def on_record(self, scope: Scope) -> Answer:
        last = scope.facts.reported
        return passed(f"last gap scan {iso(last.day)}") if last else failed("no gap report is committed")
