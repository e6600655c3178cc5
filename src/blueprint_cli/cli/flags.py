"""The options that several commands share, each described once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from math import isnan
from typing import Annotated, Any, Optional

import typer

from blueprint_cli.model import Severity
from blueprint_cli.render import Kind, offered

# typer reads annotations at run time: Optional is what it understands on every Python.
argument = partial(typer.Argument, show_default=False)
what = partial(typer.Option, rich_help_panel="What to judge")
when = partial(typer.Option, rich_help_panel="How to judge")
out = partial(typer.Option, rich_help_panel="Output")
how = partial(typer.Option, rich_help_panel="Running")


def one_of(words: Callable[[], Iterable[str]]) -> Callable[[str], list[str]]:
    """A completion for shells: the words that begin as typed. ``words`` is called only when a shell completes."""
    return lambda incomplete: [word for word in words() if word.startswith(incomplete)]


def _format(kind: Kind) -> Any:
    """The option that names formats, and where each of them goes."""
    *names, last = offered(kind)
    words = f"{', '.join(names)} or {last}; several with FORMAT=FILE. (default: text)"
    return out("--format", "-f", metavar="FORMAT[=FILE]", help=words, autocompletion=one_of(lambda: offered(kind)))


def _finite(seconds: float | None) -> float | None:
    if seconds is not None and isnan(seconds):  # which is neither too small nor too large
        raise typer.BadParameter("nan is not a number of seconds.")
    return seconds


Paths = Annotated[
    Optional[list[str]], argument(metavar="PATH", help="Directories or files. Default: the whole repository.")
]
Realm = Annotated[Optional[str], what(metavar="REALM", help="Only this realm.")]
Node = Annotated[Optional[str], what(metavar="NODE", help="Only nodes of this name.")]
Staged = Annotated[bool, what("--staged", help="Judge what is staged for the next commit.")]
Rev = Annotated[Optional[str], what(metavar="REV", help="Judge a commit, branch or tag.")]
Shard = Annotated[
    Optional[str], what(metavar="I/N", help="Judge the I-th of N shards, to split a portfolio over several jobs.")
]

AsOf = Annotated[
    Optional[str], when(metavar="DATE", help="Judge as of the end of this day, or at a timestamp. (default: now)")
]
Track = Annotated[
    Optional[str], when(metavar="NAME", help="What if: judge every engagement as if it were on this track.")
]
FailOn = Annotated[
    Optional[str],
    when(
        metavar="SEVERITY",
        help="Lowest severity that makes the exit code 1: error, warning, note or never. (default: error)",
        autocompletion=one_of(lambda: [*Severity, "never"]),
    ),
]
FailOnPolicyChange = Annotated[
    bool,
    when(
        "--fail-on-policy-change",
        help="Fail also for what lowers the requirements, and for deleted engagements: each is an error then.",
    ),
]
PolicyFrom = Annotated[Optional[str], when(metavar="REV", help="Take configuration and catalog from this revision.")]
Hollow = Annotated[
    Optional[bool],
    when(
        "--hollow/--no-hollow",
        help="Find dates that were moved without a change of content, in all commits. (default: in the last ones)",
    ),
]

Format = Annotated[Optional[list[str]], _format("report")]
DifferenceFormat = Annotated[Optional[list[str]], _format("difference")]
TimelineFormat = Annotated[Optional[list[str]], _format("timeline")]
TextOrJson = Annotated[
    str,
    out("--format", "-f", metavar="FORMAT", help="text or json.", autocompletion=one_of(lambda: ("text", "json"))),
]
OutputFile = Annotated[Optional[str], out("--output", "-o", metavar="FILE", help="Write the output to a file.")]
Unexamined = Annotated[bool, out("--unexamined", help="List what was not looked at, which is otherwise only counted.")]
Write = Annotated[
    Optional[bool],
    out("--write/--no-write", help="Write gap_report.yaml beside each blueprint.yaml. (default: write)"),
]
Check = Annotated[bool, out("--check", help="Write nothing, and also fail if a committed gap report is out of date.")]
Redact = Annotated[bool, out("--redact", help="For public logs: names are hashed, free text is left out.")]

Config = Annotated[
    Optional[str], how(metavar="FILE", envvar="BP_CONFIG", help="Configuration file. (default: bp.yaml)")
]
Jobs = Annotated[
    Optional[int],
    how("--jobs", "-j", min=1, metavar="N", help="Number of processes. (default: as many as save time)"),
]
Timeout = Annotated[
    Optional[float],
    how(
        min=0.001,
        max=10_000_000,
        callback=_finite,
        metavar="SECONDS",
        help="Stop after this time, with exit code 2.",
    ),
]
