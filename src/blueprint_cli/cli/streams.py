"""The three standard streams: they are opened if they are missing, and a failed write is handled here."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from blueprint_cli.errors import BpError

_WAYS = (os.O_WRONLY, os.O_RDONLY, os.O_WRONLY)
"""How a missing stream is opened: lost output is an error, lost remarks are not."""


def ensure() -> None:
    """Open the streams that the caller closed, or the next file that is opened would take their place."""
    if sys.stdin and sys.stdout and sys.stderr:
        return
    for number, way in enumerate(_WAYS):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, way)  # the lowest number that is free
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - lives as long as we do
    sys.stdout = sys.stdout or _writer(1)
    sys.stderr = sys.stderr or _writer(2)


def _writer(number: int) -> TextIO:
    return open(number, "w", encoding="utf-8", errors="backslashreplace", closefd=False)


def put(text: str) -> None:
    """Write text to standard output, as UTF-8 whatever the locale.

    A reader that closes the pipe changes nothing: the run goes on to its end (D-41). Raises BpError for a stream
    that is closed, or leads to a full disk.
    """
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        abandon(sys.stdout)
    except OSError as problem:
        abandon(sys.stdout)
        raise unwritable(problem) from None


def unwritable(problem: OSError) -> BpError:
    """The error for standard output that cannot be written to."""
    return BpError(
        f"standard output cannot be written: {problem.strerror}",
        "Free some disk space, or write to a file with --output.",
    )


def say(note: str) -> None:
    from blueprint_cli.render.neutral import visible

    complain(f"bp: {visible(discreetly(note))}\n")


def discreetly(text: str) -> str:
    """A remark or an error message, without names if the report is to have none."""
    if "--redact" not in sys.argv:
        return text
    from blueprint_cli.render.redact import discreet

    return discreet(text)


def complain(text: str) -> None:
    """Write text to standard error as it is. That nobody reads it is not a reason to fail."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        abandon(sys.stderr)


def abandon(stream: TextIO) -> None:
    """Redirect a stream to the null device: at exit, Python would report once more what it still holds."""
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
        os.dup2(nowhere.fileno(), stream.fileno())
