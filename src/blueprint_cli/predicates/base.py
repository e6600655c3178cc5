"""What a predicate is: a condition of the policy, evaluated in one scope of one node at one moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, ClassVar

from blueprint_cli.predicates.answer import Answer, Due
from blueprint_cli.predicates.limit import LimitSpec
from blueprint_cli.predicates.parameters import Nested, Parameter, parameters_of
from blueprint_cli.predicates.scope import Scope

Titles = Callable[[str], str]  # from a lifecycle date to how people name it


class Predicate:
    """One kind of condition: its fields are its parameters, ``evaluate`` answers it, ``sentence`` says it in words.

    ``evaluate`` is pure (no disk, no Git, no clock). A kind defines the other methods where it has more to say.
    """

    __slots__ = ()

    kind: ClassVar[str]  # its name in the policy
    inline: ClassVar[bool] = False  # whether its parameters stand beside its name, not below it
    needs_asset: ClassVar[bool] = False  # whether it is about the asset in scope, so that a signal cannot use it
    needs_outcomes: ClassVar[bool] = False  # whether it looks at the answers to others: for signals and handoffs

    @classmethod
    @cache
    def parameters(cls) -> tuple[Parameter, ...]:
        return parameters_of(cls)

    @classmethod
    def contradictions(cls, written: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """What cannot be meant although the schema accepts it: parameter and message."""
        yield from ()

    def sentence(self, titles: Titles) -> str:
        """What it requires, in plain words; the predicates inside it are listed below."""
        raise NotImplementedError

    def evaluate(self, scope: Scope) -> Answer:
        raise NotImplementedError

    def on_record(self, scope: Scope) -> Answer:
        """Whether there is any entry at all: what a rhythm requires where its cell says `end only`."""
        return self.evaluate(scope)

    @property
    def keeps_record(self) -> bool:
        """Whether `end only` means anything for it: one entry on record in place of its rhythm."""
        return type(self).on_record is not Predicate.on_record or next(self.limits(), None) is None

    def due(self, scope: Scope) -> Due | None:
        """Until when an unmet answer is excused; None: no deadline of its own."""
        return None

    def describe(self, titles: Titles) -> list[str]:
        """What it requires, line by line."""
        return [self.sentence(titles), *(line for part in self.parts() for line in indented(part.describe(titles)))]

    def parts(self, *, conditions: bool = True) -> Iterator[Predicate]:
        """The predicates inside it; without ``conditions`` only those that its own answer rests on."""
        for parameter in self.parameters():
            if isinstance(parameter.role, Nested) and (conditions or not parameter.role.condition):
                value = getattr(self, parameter.field)
                yield from value if isinstance(value, tuple) else () if value is None else (value,)

    def walk(self) -> Iterator[Predicate]:
        """Itself and all predicates inside it, at any depth."""
        yield self
        for part in self.parts():
            yield from part.walk()

    def limits(self) -> Iterator[LimitSpec]:
        """The limits that its answer rests on: a row of ``-`` makes it not applicable."""
        for parameter in self.parameters():
            if isinstance(value := getattr(self, parameter.field), LimitSpec):
                yield value
        for part in self.parts(conditions=False):
            yield from part.limits()


def indented(lines: list[str]) -> list[str]:
    return [f"  {line}" for line in lines]
