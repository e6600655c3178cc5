"""Listening to the predicates: which kinds were asked while a case was judged, and whether they held."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import pytest

from blueprint_cli.model import Status
from blueprint_cli.predicates.base import Answer, Predicate
from blueprint_cli.predicates.kinds import KINDS
from blueprint_cli.predicates.scope import Scope

NAMED_OTHERWISE = {"any": "AnyOf", "outcome": "OutcomeIs"}
"""Kinds whose class is not called as they are."""
EVERY_KIND = (*KINDS, "when")


@contextmanager
def listening() -> Iterator[set[tuple[str, bool]]]:
    """Collects ``(kind, held)``. Where a predicate does not apply it says nothing."""
    heard: set[tuple[str, bool]] = set()
    with pytest.MonkeyPatch.context() as patch:
        for name, kind in classes().items():
            patch.setattr(kind, "evaluate", _listened(name, kind.evaluate, heard))
        yield heard


def classes() -> dict[str, type[Predicate]]:
    """The class behind each kind of predicate."""
    direct = Predicate.__subclasses__()
    named = {one.__name__: one for base in direct for one in (base, *base.__subclasses__())}
    return {kind: named[NAMED_OTHERWISE.get(kind, kind.title().replace("_", ""))] for kind in EVERY_KIND}


def _listened(name: str, ask: Any, heard: set[tuple[str, bool]]) -> Any:
    @wraps(ask)
    def listened(self: Predicate, q: Scope) -> Answer:
        answer: Answer = ask(self, q)
        if answer.status is not Status.NOT_APPLICABLE:
            heard.add((name, answer.passed))
        return answer

    return listened
