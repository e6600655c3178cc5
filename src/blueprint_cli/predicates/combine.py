"""Predicates made of predicates: all, any, not, when/then/else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from blueprint_cli.model import Status
from blueprint_cli.predicates.base import Answer, Due, Predicate, failed, not_applicable, passed
from blueprint_cli.predicates.limit import LimitSpec
from blueprint_cli.predicates.scope import Scope

_WORST = (Status.FAILED, Status.NOT_YET_DUE, Status.NOT_EVALUABLE)


def _first_due(parts: Iterable[Predicate], scope: Scope) -> Due | None:
    dues = [due for part in parts if (due := part.due(scope)) is not None]
    if not dues:
        return None
    return Due(None) if any(due.day is None for due in dues) else min(dues, key=lambda due: due.day or 0)


@dataclass(frozen=True, slots=True)
class All(Predicate):
    """Every condition holds; the worst answer counts. Conditions that do not apply are left out."""

    parts: tuple[Predicate, ...]

    def rows(self) -> Iterable[LimitSpec]:
        return [row for part in self.parts for row in part.rows()]

    def due(self, scope: Scope) -> Due | None:
        return _first_due(self.parts, scope)

    def evaluate(self, scope: Scope) -> Answer:
        answers = [part.evaluate(scope) for part in self.parts]
        for status in _WORST:
            for answer in answers:
                if answer.status is status:
                    return answer
        held = [answer for answer in answers if answer.passed]
        if not held:
            return not_applicable(answers[0].reason)
        dues = [answer.due for answer in held if answer.due is not None]
        return passed("; ".join(a.reason for a in held), due=min(dues, default=None), limit=held[0].limit)


@dataclass(frozen=True, slots=True)
class AnyOf(Predicate):
    """At least one condition holds."""

    parts: tuple[Predicate, ...]

    def rows(self) -> Iterable[LimitSpec]:
        return [row for part in self.parts for row in part.rows()]

    def due(self, scope: Scope) -> Due | None:
        return _first_due(self.parts, scope)

    def evaluate(self, scope: Scope) -> Answer:
        answers = [part.evaluate(scope) for part in self.parts]
        for status in (Status.PASSED, Status.NOT_YET_DUE, Status.NOT_EVALUABLE, Status.FAILED):
            for answer in answers:
                if answer.status is status:
                    return answer
        return not_applicable(answers[0].reason)


@dataclass(frozen=True, slots=True)
class Not(Predicate):
    """The condition does not hold. What does not apply or is not due says nothing either way."""

    part: Predicate

    def rows(self) -> Iterable[LimitSpec]:
        return self.part.rows()

    def evaluate(self, scope: Scope) -> Answer:
        answer = self.part.evaluate(scope)
        if answer.status is Status.PASSED:
            return failed(answer.reason, answer.places)
        return passed(answer.reason) if answer.status is Status.FAILED else answer


@dataclass(frozen=True, slots=True)
class When(Predicate):
    """Where a condition holds, another is asked; where not, ``else`` is asked, or there is nothing to judge."""

    condition: Predicate
    then: Predicate
    otherwise: Predicate | None = None

    def rows(self) -> Iterable[LimitSpec]:
        return [*self.then.rows(), *(self.otherwise.rows() if self.otherwise else ())]

    def due(self, scope: Scope) -> Due | None:
        return _first_due([part for part in (self.then, self.otherwise) if part], scope)

    def evaluate(self, scope: Scope) -> Answer:
        condition = self.condition.evaluate(scope)
        if condition.passed:
            return self.then.evaluate(scope)
        return self.otherwise.evaluate(scope) if self.otherwise else not_applicable(condition.reason)

    def on_record(self, scope: Scope) -> Answer:
        condition = self.condition.evaluate(scope)
        return self.then.on_record(scope) if condition.passed else not_applicable(condition.reason)
