"""How long an explanation may get: counted in steps, so that it is the same on every machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

MAX_STEPS = 400_000
"""Keywords that are looked at to explain one file, at some 2 µs each. The largest file of ours takes 300,000."""
_TELLING = 4
"""Steps in which an error is made, or handed on by a keyword that refers to others."""


class TooLong(Exception):
    """An explanation would take longer than anybody would wait for it."""


@dataclass(slots=True)
class Steps:
    """How far an explanation may still go."""

    left: int = 0

    def begin(self) -> None:
        """The next file."""
        self.left = MAX_STEPS

    def take(self, steps: int = 1) -> None:
        """Go on. Raises TooLong at the end."""
        self.left -= steps
        if self.left < 0:
            raise TooLong

    def counted(self, keyword: Callable[..., Iterator[Any] | None]) -> Callable[..., Iterator[Any]]:
        """The same keyword, taking a step each time, and more for each error that it tells."""

        def check(validator: Any, value: Any, instance: Any, schema: Any) -> Iterator[Any]:
            self.take()
            for error in keyword(validator, value, instance, schema) or ():
                self.take(_TELLING)
                yield error

        return check
