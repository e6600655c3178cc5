"""What a predicate is, and what it answers.

A predicate is policy turned into a question: ``evaluate`` is pure (no disk, no Git, no clock) and answers with
the status, the reason in words, the places that it speaks of and, where time is involved, the days. ``due``
tells until when an unmet requirement is excused, where the predicate has a deadline of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from blueprint_cli.model import Status
from blueprint_cli.predicates.limit import Limit, LimitSpec
from blueprint_cli.predicates.scope import Place, Scope

_QUOTED = 120
"""Characters of a value that a message repeats: more would be the file, not a message."""


class Answer(NamedTuple):
    """What a predicate says. ``due`` and ``since`` are days; ``items`` are the faulty items by identity.

    A node gives some four hundred answers and most say only that all is well: a tuple is made in a third of the
    time that a frozen dataclass takes.
    """

    status: Status
    reason: str
    due: int | None = None
    since: int | None = None
    places: tuple[Place, ...] = ()
    items: tuple[str, ...] = ()
    limit: Limit | None = None

    @property
    def passed(self) -> bool:
        """Whether the condition holds."""
        return self.status is Status.PASSED


class Due(NamedTuple):
    """A deadline of a predicate's own: the day, or None where the event that it hangs on has not happened."""

    day: int | None


ALREADY = Due(0)
"""The items of the predicate carry their own deadlines: nothing as a whole is excused."""


class Predicate:
    """One kind of condition with its parameters. A kind defines ``evaluate``, and the rest where it has more to say."""

    __slots__ = ()

    def evaluate(self, scope: Scope) -> Answer:
        """Whether the condition holds, and why."""
        raise NotImplementedError

    def due(self, scope: Scope) -> Due | None:  # noqa: ARG002 - for the kinds that have a deadline
        """Until when an unmet answer is excused; None: no deadline of its own."""
        return None

    def rows(self) -> Iterable[LimitSpec]:
        """The limits that it binds: a row of ``-`` makes it not applicable."""
        return ()

    def on_record(self, scope: Scope) -> Answer:
        """Whether there is any entry at all: what a rhythm asks where its cell says `end only`."""
        return self.evaluate(scope)


def passed(reason: str, due: int | None = None, limit: Limit | None = None) -> Answer:
    """The condition holds."""
    return Answer(Status.PASSED, reason, due, None, (), (), limit)


def failed(reason: str, places: Sequence[Place] = (), **more: Any) -> Answer:
    """The condition does not hold."""
    return Answer(Status.FAILED, reason, places=tuple(places), **more)


def not_applicable(reason: str) -> Answer:
    """There is nothing to judge."""
    return Answer(Status.NOT_APPLICABLE, reason)


def row_is_empty(spec: LimitSpec) -> Answer:
    """The track's cell is ``-``."""
    return not_applicable(f"{spec.row or spec.capped_by or 'the staleness row'} does not apply on this track")


def label(item: Any, index: int) -> str:
    """What tells an item from others: its id, name or title, else its position."""
    if isinstance(item, dict):
        for key in ("id", "name", "title"):
            if isinstance(item.get(key), str) and item[key]:
                return str(item[key])
    return f"number {index + 1}"


def quoted(text: object) -> str:
    """A value from a file as messages show it: in backticks, so that it can be told apart, and redacted."""
    shown = str(text).replace("`", "'")
    return f"`{shown}`" if len(shown) <= _QUOTED else f"`{shown[: _QUOTED - 1]}…`"


def said(value: Any) -> str:
    """A value as people say it: yes and no, not True and False."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def filled(value: Any) -> bool:
    """Whether a value says something: not absent, null, blank or an empty list."""
    return value is not None and value != [] and value != {} and not (isinstance(value, str) and not value.strip())
