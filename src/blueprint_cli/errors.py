"""The failures that `bp` expects: what it cannot do, with a hint on how to fix it."""

from __future__ import annotations

from collections.abc import Sequence

MAX_COMBINED = 10  # problems in one error: several mostly have one cause
MAX_PROBLEMS = 200  # problems that a policy error lists: a policy from elsewhere may have thousands


class BpError(Exception):
    """The job cannot be done (exit code 2): usage, configuration, catalog or Git.

    ``message`` says what is wrong, where and what was expected; ``hint`` says what to do next. Line breaks in what they
    quote are shown as escapes: only the ``lines`` that a message is given as are lines.
    Faults in an engagement's files are never raised: they are findings.
    """

    def __init__(self, message: str | Sequence[str], hint: str | None = None) -> None:
        self.lines = tuple(map(_one_line, [message] if isinstance(message, str) else message))
        self.message = "\n".join(self.lines)
        self.hint = None if hint is None else _one_line(hint)
        super().__init__(self.lines, self.hint)

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message}\n  {self.hint}"

    @property
    def sentence(self) -> str:
        """The message with its hint on one line and without a full stop, as a gap has it."""
        message = " ".join(line.strip() for line in self.message.splitlines())
        return message if self.hint is None else f"{message}: {self.hint[0].lower()}{self.hint[1:].rstrip('.')}"


def _one_line(text: str) -> str:
    """A text without line breaks, of any of the kinds that end a line somewhere."""
    if text.isprintable():
        return text
    return "".join(char.encode("unicode_escape").decode() if char.splitlines() == [""] else char for char in text)


def combined(problems: Sequence[BpError]) -> BpError:
    """One error for several: the first ten messages, and the hint of the first."""
    more = [f"and {len(problems) - MAX_COMBINED} more"] if len(problems) > MAX_COMBINED else []
    lines = [line for problem in problems[:MAX_COMBINED] for line in problem.lines]
    return BpError([*lines, *more], problems[0].hint)


class PolicyError(BpError):
    """The configuration or the catalog is not valid; ``problems`` has a line for each problem, with its place."""

    def __init__(self, summary: str, problems: list[str]) -> None:
        more = [f"  … and {len(problems) - MAX_PROBLEMS:,} more"] if len(problems) > MAX_PROBLEMS else []
        super().__init__([summary, *(f"  {problem}" for problem in problems[:MAX_PROBLEMS]), *more])
        self.args = (summary, problems)  # by which it is pickled
        self.problems = problems
