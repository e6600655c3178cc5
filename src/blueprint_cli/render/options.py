"""What a renderer is told beside the report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from blueprint_cli.model import Location, Report, Severity

SUMMARY_LIMIT = 1_000_000
"""UTF-8 bytes of a job summary, all of its parts together; GitHub drops one above 1 MiB."""


@dataclass(frozen=True, slots=True)
class RuleHelp:
    """The manual of a rule: one sentence, and the whole page in Markdown."""

    summary: str
    markdown: str


def _no_lines(_: Location) -> list[str] | None:
    return None


def _no_help(_: str) -> RuleHelp | None:
    return None


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """Everything that may change the look of an output. The report alone decides what it says."""

    color: bool = False
    """Terminal styles and source snippets; never the words."""
    width: int = 100
    """Terminal columns. Only snippets are fitted to it: a gap stays on one line, for grep."""
    snippet: Callable[[Location], list[str] | None] = _no_lines
    """The source lines that end with the located one; None where there is nothing to show."""
    fail_on: Severity | None = Severity.ERROR
    """The least severity that fails the run; None: never."""
    run: str = "scan"
    """What was run (scan, lint, diff): alerts and test suites of one kind do not replace those of another."""
    redact: bool = False
    """For public logs: names become hashes, free text from assets does not appear."""
    summary_room: int = SUMMARY_LIMIT
    """UTF-8 bytes that a page for the job summary may take: what others have left of it."""
    rule_help: Callable[[str], RuleHelp | None] = _no_help

    def fails(self, severity: Severity) -> bool:
        """Whether a gap of that severity fails the run."""
        return self.fail_on is not None and severity.rank <= self.fail_on.rank


Renderer = Callable[[Report, RenderOptions], str]
