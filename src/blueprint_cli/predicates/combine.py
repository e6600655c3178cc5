"""Predicates made of predicates: all, any, not, when/then/else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from blueprint_cli.model import Status
from blueprint_cli.predicates.answer import Answer, Due, failed, not_applicable, passed
from blueprint_cli.predicates.base import Predicate, Titles, indented
from blueprint_cli.predicates.parameters import Nested
from blueprint_cli.predicates.scope import Scope


class Combination(Predicate):
    """A kind whose parameters are predicates. What is inside it decides until when an unmet answer is excused."""

    __slots__ = ()
    inline = True

    def due(self, scope: Scope) -> Due | None:
        dues = [due for part in self.parts(conditions=False) if (due := part.due(scope)) is not None]
        if any(due.day is None for due in dues):
            return Due(None)
        return min(dues, key=lambda due: due.day or 0, default=None)


@dataclass(frozen=True, slots=True)
class All(Combination):
    """Every condition holds; the worst answer counts. Conditions that do not apply are left out."""

    kind = "all"
    all: Annotated[tuple[Predicate, ...], Nested()]

    def describe(self, titles: Titles) -> list[str]:
        return ["all of:", *_bullets(self.all, titles)]

    def evaluate(self, scope: Scope) -> Answer:
        answers = [part.evaluate(scope) for part in self.all]
        unmet = _first(answers, Status.FAILED, Status.NOT_YET_DUE, Status.NOT_EVALUABLE)
        met = [answer for answer in answers if answer.passed]
        if unmet is not None or not met:
            return unmet or not_applicable(answers[0].reason)
        dues = [answer.due for answer in met if answer.due is not None]
        return passed("; ".join(answer.reason for answer in met), due=min(dues, default=None), limit=met[0].limit)


@dataclass(frozen=True, slots=True)
class AnyOf(Combination):
    """At least one condition holds."""

    kind = "any"
    any: Annotated[tuple[Predicate, ...], Nested()]

    def describe(self, titles: Titles) -> list[str]:
        return ["at least one of:", *_bullets(self.any, titles)]

    def evaluate(self, scope: Scope) -> Answer:
        answers = [part.evaluate(scope) for part in self.any]
        best = _first(answers, Status.PASSED, Status.NOT_YET_DUE, Status.NOT_EVALUABLE, Status.FAILED)
        return best or not_applicable(answers[0].reason)


@dataclass(frozen=True, slots=True)
class Not(Combination):
    """The condition does not hold. What does not apply or is not due says nothing either way."""

    kind = "not"
    not_: Annotated[Predicate, Nested()]

    def due(self, scope: Scope) -> Due | None:
        return None

    def describe(self, titles: Titles) -> list[str]:
        first, *rest = self.not_.describe(titles)
        return [f"not: {first}", *rest]

    def evaluate(self, scope: Scope) -> Answer:
        answer = self.not_.evaluate(scope)
        if answer.status is Status.PASSED:
            return failed(answer.reason, answer.places)
        return passed(answer.reason) if answer.status is Status.FAILED else answer


@dataclass(frozen=True, slots=True)
class When(Combination):
    """Where a condition holds, another is required; where not, ``else`` is, or there is nothing to judge."""

    kind = "when"
    when: Annotated[Predicate, Nested(condition=True)]
    then: Annotated[Predicate, Nested()]
    else_: Annotated[Predicate, Nested()] | None = None

    def describe(self, titles: Titles) -> list[str]:
        lines = ["where this holds:", *indented(self.when.describe(titles))]
        lines += ["this is required:", *indented(self.then.describe(titles))]
        return [*lines, "otherwise:", *indented(self.else_.describe(titles))] if self.else_ else lines

    def evaluate(self, scope: Scope) -> Answer:
        condition = self.when.evaluate(scope._replace(strict=True))
        if condition.passed:
            return self.then.evaluate(scope)
        return self.else_.evaluate(scope) if self.else_ else not_applicable(condition.reason)

    @property
    def keeps_record(self) -> bool:
        return self.then.keeps_record

    def on_record(self, scope: Scope) -> Answer:
        condition = self.when.evaluate(scope._replace(strict=True))
        return self.then.on_record(scope) if condition.passed else not_applicable(condition.reason)


def _first(answers: list[Answer], *statuses: Status) -> Answer | None:
    """The first answer of the first of these statuses that an answer has."""
    return next((answer for status in statuses for answer in answers if answer.status is status), None)


def _bullets(parts: Iterable[Predicate], titles: Titles) -> list[str]:
    lines: list[str] = []
    for part in parts:
        first, *rest = part.describe(titles)
        lines += [f"- {first}", *indented(rest)]
    return lines
