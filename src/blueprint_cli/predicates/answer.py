"""What a predicate answers: the status, the reason in words, the places and, where time matters, the days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from blueprint_cli.model import Status
from blueprint_cli.predicates.limit import Limit, LimitSpec
from blueprint_cli.predicates.scope import Place


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
        return self.status is Status.PASSED


class Due(NamedTuple):
    """A deadline of a predicate's own: the day, or None where the event that it counts from has not happened."""

    day: int | None


ALREADY = Due(0)  # the items of the predicate have their own deadlines: nothing as a whole is excused


def passed(reason: str, due: int | None = None, limit: Limit | None = None) -> Answer:
    return Answer(Status.PASSED, reason, due, None, (), (), limit)


def failed(reason: str, places: Sequence[Place] = (), **more: Any) -> Answer:
    return Answer(Status.FAILED, reason, places=tuple(places), **more)


def not_applicable(reason: str) -> Answer:
    return Answer(Status.NOT_APPLICABLE, reason)


def row_is_empty(spec: LimitSpec) -> Answer:
    """The track's cell is ``-``."""
    return not_applicable(f"{spec.row or spec.capped_by or 'the staleness row'} does not apply on this track")
