"""The options that several commands share, each described once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import isnan
from typing import Annotated, Any, Optional

import typer

from blueprint_cli.render import Kind, offered

# typer reads annotations at run time: Optional is what it understands on every Python.
_WHAT, _WHEN, _OUT, _HOW = "What to judge", "How to judge", "Output", "Running"


def one_of(words: Callable[[], Iterable[str]]) -> Callable[[str], list[str]]:
    """A completion for shells: the words that begin as typed. ``words`` is called only when a shell completes."""

    def complete(incomplete: str) -> list[str]:
        return [word for word in words() if word.startswith(incomplete)]

    return complete


def _severities() -> Iterable[str]:
    from blueprint_cli.model import Severity

    return [*map(str, Severity), "never"]


Paths = Annotated[
    Optional[list[str]],
    typer.Argument(metavar="PATH", help="Directories or files. Default: the whole repository.", show_default=False),
]
AsOf = Annotated[
    Optional[str],
    typer.Option(
        metavar="DATE", help="Judge as of the end of this day, or at a timestamp. (default: now)", rich_help_panel=_WHEN
    ),
]
Track = Annotated[
    Optional[str],
    typer.Option(
        metavar="NAME", help="What if: judge every engagement as if it were on this track.", rich_help_panel=_WHEN
    ),
]
FailOn = Annotated[
    Optional[str],
    typer.Option(
        metavar="SEVERITY",
        help="Lowest severity that makes the exit code 1: error, warning, note or never. (default: error)",
        autocompletion=one_of(_severities),
        rich_help_panel=_WHEN,
    ),
]


def _format(kind: Kind) -> Any:
    """The option that names formats, and where each of them goes."""
    *names, last = offered(kind)
    return typer.Option(
        "--format",
        "-f",
        metavar="FORMAT[=FILE]",
        help=f"{', '.join(names)} or {last}; several with FORMAT=FILE. (default: text)",
        autocompletion=one_of(lambda: offered(kind)),
        rich_help_panel=_OUT,
    )


Format = Annotated[Optional[list[str]], _format("report")]
DifferenceFormat = Annotated[Optional[list[str]], _format("difference")]
TimelineFormat = Annotated[Optional[list[str]], _format("timeline")]
TextOrJson = Annotated[
    str,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help="text or json.",
        autocompletion=one_of(lambda: ("text", "json")),
        rich_help_panel=_OUT,
    ),
]
OutputFile = Annotated[
    Optional[str],
    typer.Option("--output", "-o", metavar="FILE", help="Write the output to a file.", rich_help_panel=_OUT),
]
Write = Annotated[
    Optional[bool],
    typer.Option(
        "--write/--no-write",
        help="Write gap_report.yaml beside each blueprint.yaml. (default: write)",
        rich_help_panel=_OUT,
    ),
]
Redact = Annotated[
    bool,
    typer.Option("--redact", help="For public logs: names are hashed, free text is left out.", rich_help_panel=_OUT),
]
Check = Annotated[
    bool,
    typer.Option(
        "--check", help="Write nothing, and also fail if a committed gap report is out of date.", rich_help_panel=_OUT
    ),
]
Realm = Annotated[Optional[str], typer.Option(metavar="REALM", help="Only this realm.", rich_help_panel=_WHAT)]
Node = Annotated[Optional[str], typer.Option(metavar="NODE", help="Only nodes of this name.", rich_help_panel=_WHAT)]
Config = Annotated[
    Optional[str],
    typer.Option(
        metavar="FILE", envvar="BP_CONFIG", help="Configuration file. (default: bp.yaml)", rich_help_panel=_HOW
    ),
]
Staged = Annotated[
    bool, typer.Option("--staged", help="Judge what is staged for the next commit.", rich_help_panel=_WHAT)
]
Rev = Annotated[
    Optional[str], typer.Option(metavar="REV", help="Judge a commit, branch or tag.", rich_help_panel=_WHAT)
]
PolicyFrom = Annotated[
    Optional[str],
    typer.Option(metavar="REV", help="Take configuration and catalog from this revision.", rich_help_panel=_WHEN),
]
Hollow = Annotated[
    Optional[bool],
    typer.Option(
        "--hollow/--no-hollow",
        help="Find dates that were moved without a change of content, in all commits. (default: in the last ones)",
        rich_help_panel=_WHEN,
    ),
]
Shard = Annotated[
    Optional[str],
    typer.Option(
        metavar="I/N", help="Judge the I-th of N shards, to split a portfolio over several jobs.", rich_help_panel=_WHAT
    ),
]
Jobs = Annotated[
    Optional[int],
    typer.Option(
        "--jobs",
        "-j",
        min=1,
        metavar="N",
        help="Number of processes. (default: as many as save time)",
        rich_help_panel=_HOW,
    ),
]


def _finite(seconds: float | None) -> float | None:
    if seconds is not None and isnan(seconds):  # which is neither too small nor too large
        raise typer.BadParameter("nan is not a number of seconds.")
    return seconds


Timeout = Annotated[
    Optional[float],
    typer.Option(
        min=0.001,
        max=10_000_000,
        callback=_finite,
        metavar="SECONDS",
        help="Stop after this time, with exit code 2.",
        rich_help_panel=_HOW,
    ),
]
