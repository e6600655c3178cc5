"""Where output goes: several formats at once, each to a file or to standard output."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from blueprint_cli.cli.streams import put, say
from blueprint_cli.errors import BpError, combined
from blueprint_cli.files import atomic
from blueprint_cli.files.tree import Tree, Unreadable
from blueprint_cli.model import Location, Severity
from blueprint_cli.render import FORMATS, Kind, offered, render
from blueprint_cli.render.options import RenderOptions

if TYPE_CHECKING:
    from blueprint_cli.render import Rendered

STANDARD_OUTPUT = "-"
SUMMARY_LIMIT = 1_000_000
"""UTF-8 bytes of a job summary, all of its parts together; GitHub drops one above 1 MiB."""
_LEAST_SUMMARY = 2_000
"""Bytes below which a page in the job's summary has no room for anything useful."""


@dataclass(frozen=True, slots=True)
class Output:
    format: str
    target: str = STANDARD_OUTPUT


def outputs(
    written: Sequence[str] | None,
    default: str,
    single: str | None,
    kind: Kind = "report",
    inputs: Iterable[str | None] = (),
) -> tuple[Output, ...]:
    """From ``-f sarif=out.sarif -f github=-``. ``single`` (--output) is the file of the only format, ``kind`` what is
    rendered, ``inputs`` the files that the run reads and must not replace."""
    named = [Output(*output.split("=", 1)) for output in written or ()] or [Output(default)]
    formats = offered(kind)
    for output in named:
        if output.format not in formats:
            raise BpError(f"`{output.format}` is not a format of this command", f"Choose one of {', '.join(formats)}.")
        if not output.target:
            raise BpError(f"`{output.format}=` names no file", "Write FORMAT=FILE, or FORMAT=- for standard output.")
    if single is not None:
        if len(named) > 1 or named[0].target != STANDARD_OUTPUT:
            raise BpError("--output takes one format's output", "With several formats write -f FORMAT=FILE for each.")
        named = [Output(named[0].format, single)]
    read = [name for name in inputs if name]
    places: set[str] = set()
    for output in named:
        place = output.target if output.target == STANDARD_OUTPUT else _writable(output.target, read)
        if place in places:
            what = "standard output" if place == STANDARD_OUTPUT else output.target
            raise BpError(f"two formats cannot share {what}", "Write -f FORMAT=FILE with a file of its own for each.")
        places.add(place)
    return tuple(named)


def is_json(format: str) -> bool:
    """Whether the format is JSON, for a command that has text and JSON only. Raises BpError for other formats."""
    if format not in ("text", "json"):
        raise BpError(f"`{format}` is not a format of this command", "Choose text or json.")
    return format == "json"


def options(
    fail_on: str, redact: bool, tree: Tree | None, run: str = "scan", *, unexamined: bool = False
) -> RenderOptions:
    terminal = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    color = bool(terminal or os.environ.get("FORCE_COLOR")) and not os.environ.get("NO_COLOR")
    chosen = RenderOptions(
        color=color,
        width=_width() if color else 100,
        fail_on=None if fail_on == "never" else Severity(fail_on),
        run=run,
        redact=redact,
        unexamined=unexamined,
    )
    return replace(chosen, snippet=Snippets(tree)) if color and tree is not None and not redact else chosen


def _width() -> int:
    import shutil

    return shutil.get_terminal_size().columns


class Snippets:
    """Lines of files, read when a renderer for terminals shows them."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._lines: dict[str, list[str]] = {}

    def __call__(self, location: Location) -> list[str] | None:
        """The line of a place; None where the file does not have it."""
        if location.line is None or location.path not in self._tree.entries():
            return None
        if location.path not in self._lines:
            _, raw = next(iter(self._tree.read([location.path], 1_048_576)))
            text = "" if isinstance(raw, Unreadable) else raw.decode("utf-8", "replace")
            self._lines = {location.path: text.splitlines()}
        lines = self._lines[location.path]
        return [lines[location.line - 1]] if 0 < location.line <= len(lines) else None


def emit(value: Rendered, targets: Sequence[Output], chosen: RenderOptions) -> None:
    """Render every format and put it where it goes. Nothing is written before all is rendered.

    Raises BpError for what could not be put there, after all the rest has been.
    """
    plain = replace(chosen, color=False)
    rendered = [
        (output, render(value, output.format, chosen if output.target == STANDARD_OUTPUT else plain))
        for output in targets
    ]
    problems = []
    for output, text in rendered:
        try:
            put(text) if output.target == STANDARD_OUTPUT else save(output.target, text)
        except BpError as problem:
            problems.append(problem)
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary and any(FORMATS[output.format].job_summary for output in targets):
        try:
            _append(summary, lambda room: render(value, "markdown", replace(chosen, page_limit=room)))
        except BpError as problem:
            problems.append(problem)
    for note in value.notes:
        say(note)
    if problems:
        raise combined(problems)


def put_lines(lines: Iterable[str]) -> None:
    """Write lines to standard output, with nothing in them that a terminal or a CI runner would obey."""
    from blueprint_cli.render.neutral import visible

    put("".join(f"{visible(line)}\n" for line in lines))


def put_json(data: object) -> None:
    """Write plain data to standard output, in the form in which reports are written as JSON."""
    from blueprint_cli.render.json import to_json
    from blueprint_cli.render.neutral import neutral_data

    put(to_json(neutral_data(data)))


def save(target: str, text: str) -> None:
    """Write text to a file that the user named, whole or not at all."""
    root, path = _place(target)
    atomic.write(root, path, text.encode("utf-8", "backslashreplace"), shown=target)


def _place(target: str) -> tuple[str, str]:
    """A directory and a path below it. What is below the current directory may come from a stranger, so no link there
    redirects a write. The path to any other directory is the user's own and may contain links (D-42)."""
    here, path = Path.cwd(), Path(target)
    inner = path.relative_to(here) if path.is_relative_to(here) else path
    if inner.is_absolute() or {"..", ".git"} & set(inner.parts):
        return str(path.parent.absolute()), path.name
    return str(here), str(inner)


def _writable(target: str, inputs: Iterable[str]) -> str:
    """The real path of a file that can be written and may be. Checked before anything is judged: a run whose output is
    lost must not write gap reports either."""
    path = Path(target).absolute()
    if not os.path.isdir(path.parent):
        raise BpError(f"{target} cannot be written: its directory does not exist", f"Create {path.parent} first.")
    if not path.name or os.path.isdir(path):
        raise BpError(f"{target} cannot be written: it is a directory", "Name a file in it.")
    atomic.check(*_place(target), target)
    if os.path.lexists(path):
        from blueprint_cli.cli.protect import refuse  # late: most outputs are new files, or standard output

        refuse(target, inputs)
    return os.path.realpath(target)


def _append(target: str, page: Callable[[int], str]) -> None:
    """Append a page to the job summary, no longer than the space that earlier commands of the step have left."""
    try:
        with Path(target).open("ab") as file:
            used = file.tell()
            if used > SUMMARY_LIMIT - _LEAST_SUMMARY:
                say("the job summary is full: this run is not added to it")
                return
            text = page(SUMMARY_LIMIT - used)
            file.write((f"\n{text}" if used else text).encode("utf-8", "backslashreplace"))
    except OSError as problem:
        raise BpError(f"the job summary cannot be written: {problem.strerror}") from None
