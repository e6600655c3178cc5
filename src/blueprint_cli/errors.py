"""The failures that `bp` expects: what it cannot do, said so that the reader can mend it."""

from __future__ import annotations

from collections.abc import Sequence

_TOLD = 10


class BpError(Exception):
    """The job cannot be done (exit code 2): usage, configuration, catalog or Git.

    ``message`` says what is wrong, where and what was expected; ``hint`` says what to do next.
    Faults in the user's engagement files are never raised: they are findings.
    """

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        return BpError, (self.message, self.hint)

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message}\n  {self.hint}"


def together(problems: Sequence[BpError]) -> BpError:
    """One for several; of many the first ten are told: the cause is mostly one."""
    more = [f"and {len(problems) - _TOLD} more"] if len(problems) > _TOLD else []
    return BpError("\n".join([*(one.message for one in problems[:_TOLD]), *more]), problems[0].hint)


_LISTED = 200
"""Problems that are told at once: nobody reads more, and a stranger may have made thousands."""


class PolicyError(BpError):
    """The configuration or the catalog has faults; ``problems`` has one line for each, with its place."""

    def __init__(self, what: str, problems: list[str]) -> None:
        more = [f"  … and {len(problems) - _LISTED:,} more"] if len(problems) > _LISTED else []
        super().__init__("\n".join([what, *(f"  {p}" for p in problems[:_LISTED]), *more]))
        self.problems = problems
