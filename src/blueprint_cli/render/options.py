"""The options of renderers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from blueprint_cli.model import Location, Severity

COMMENT_LIMIT = 65_000
"""UTF-8 bytes of a comment on a pull request; GitHub takes 65,536 characters."""


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """Everything that may change the look of an output. The report alone decides what it says."""

    color: bool = False
    """Terminal styles and source snippets; never the words."""
    width: int = 100
    """Terminal columns. Only snippets are fitted to it: a gap stays on one line, for grep."""
    snippet: Callable[[Location], list[str] | None] | None = None
    """The source lines that end with the located one, or None. Without it no source is shown."""
    fail_on: Severity | None = Severity.ERROR
    """The least severity that fails the run; None: never."""
    run: str = "scan"
    """What was run (scan, lint, diff): alerts and test suites of one kind do not replace those of another."""
    unexamined: bool = False
    """Whether what was not looked at is listed, not only counted."""
    redact: bool = False
    """For public logs: names become hashes, free text from assets does not appear."""
    page_limit: int = COMMENT_LIMIT
    """UTF-8 bytes of a Markdown page."""

    def fails(self, severity: Severity) -> bool:
        return self.fail_on is not None and severity.rank <= self.fail_on.rank
