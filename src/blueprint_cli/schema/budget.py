"""How long an explanation may take: counted in steps, so that it is the same on every machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

MAX_STEPS = 400_000  # keywords that are evaluated to explain one file (D-68)
_PER_ERROR = 4  # steps in which an error is made, or handed on by a keyword that refers to others


class BudgetExceeded(Exception):
    """An explanation would take longer than anybody would wait for it."""


@dataclass(slots=True)
class Budget:
    """The steps that are left for one file."""

    left: int = 0

    def spend(self, steps: int = 1) -> None:
        """Take some steps. Raises BudgetExceeded where none are left."""
        self.left -= steps
        if self.left < 0:
            raise BudgetExceeded

    def metered(self, keyword: Callable[..., Iterator[Any] | None]) -> Callable[..., Iterator[Any]]:
        """The same keyword, spending a step each time, and more for each error that it yields."""

        def check(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
            self.spend()
            for error in keyword(validator, value, instance, schema) or ():
                self.spend(_PER_ERROR)
                yield error

        return check
