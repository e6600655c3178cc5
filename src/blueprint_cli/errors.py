"""The failures that `bp` expects: what it cannot do, with a hint on how to fix it."""

from __future__ import annotations

from collections.abc import Sequence

MAX_COMBINED = 10  # problems in one error: several mostly have one cause
MAX_PROBLEMS = 200  # problems that a policy error lists: a policy from elsewhere may have thousands


class BpError(Exception):
    """The job cannot be done (exit code 2): usage, configuration, catalog or Git.

    ``message`` says what is wrong, where and what was expected; ``hint`` says what to do next.
    Faults in an engagement's files are never raised: they are findings.
    """

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message}\n  {self.hint}"

    @property
    def sentence(self) -> str:
        """The message with its hint on one line and without a full stop, as a gap has it."""
        message = " ".join(line.strip() for line in self.message.splitlines())
        return message if self.hint is None else f"{message}: {self.hint[0].lower()}{self.hint[1:].rstrip('.')}"


def combined(problems: Sequence[BpError]) -> BpError:
    """One error for several: the first ten messages, and the hint of the first."""
    more = [f"and {len(problems) - MAX_COMBINED} more"] if len(problems) > MAX_COMBINED else []
    return BpError("\n".join([*(problem.message for problem in problems[:MAX_COMBINED]), *more]), problems[0].hint)


class PolicyError(BpError):
    """The configuration or the catalog is not valid; ``problems`` has a line for each problem, with its place."""

    def __init__(self, summary: str, problems: list[str]) -> None:
        more = [f"  … and {len(problems) - MAX_PROBLEMS:,} more"] if len(problems) > MAX_PROBLEMS else []
        super().__init__("\n".join([summary, *(f"  {problem}" for problem in problems[:MAX_PROBLEMS]), *more]))
        self.args = (summary, problems)  # by which it is pickled
        self.problems = problems
