"""Listening to the predicates: which kinds were evaluated while a case was judged, and whether they held."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import pytest

from blueprint_cli.model import Status
from blueprint_cli.predicates.answer import Answer
from blueprint_cli.predicates.base import Predicate
from blueprint_cli.predicates.kinds import KINDS
from blueprint_cli.predicates.scope import Scope


@contextmanager
def listening() -> Iterator[set[tuple[str, bool]]]:
    """Collects ``(kind, held)``. A predicate that does not apply is not counted."""
    heard: set[tuple[str, bool]] = set()
    with pytest.MonkeyPatch.context() as patch:
        for name, kind in KINDS.items():
            patch.setattr(kind, "evaluate", _listened(name, kind.evaluate, heard))
        yield heard


def _listened(name: str, evaluate: Any, heard: set[tuple[str, bool]]) -> Any:
    @wraps(evaluate)
    def listened(self: Predicate, q: Scope) -> Answer:
        answer: Answer = evaluate(self, q)
        if answer.status is not Status.NOT_APPLICABLE:
            heard.add((name, answer.passed))
        return answer

    return listened
