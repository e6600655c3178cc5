"""A bar on a terminal, for whatever takes longer than a moment."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from blueprint_cli.cli.streams import complain

_PATIENCE = 1.0
"""Seconds before the bar appears."""
_PAUSE = 0.1
"""Seconds between two updates of the bar."""
_WIDTH = 30
_COLUMNS = 80
_ERASE = "\r\x1b[K"


@contextmanager
def progress(total: int, what: str) -> Iterator[Callable[[int], None]]:
    """Show on a terminal how many of ``total`` are done; the bar is erased when the block ends."""
    if not sys.stderr.isatty():
        yield lambda _done: None
        return
    begun = time.monotonic()
    shown = 0.0

    def advance(done: int) -> None:
        nonlocal shown
        now = time.monotonic()
        if now - begun > _PATIENCE and now - shown > _PAUSE:
            shown = now
            complain(_ERASE + _bar(done, total, what))

    try:
        yield advance
    finally:
        if shown:
            complain(_ERASE)


def _bar(done: int, total: int, what: str) -> str:
    """A line that fits on the terminal, in characters that it can show."""
    full, empty = "█░" if "utf" in sys.stderr.encoding.lower() else "#."
    label = f" {done}/{total} {what}"
    try:
        columns = os.get_terminal_size(sys.stderr.fileno()).columns or _COLUMNS  # 0: not known
    except OSError:
        columns = _COLUMNS
    room = columns - 1  # a full line may wrap
    width = max(0, min(_WIDTH, room - len(label)))
    filled = width * done // total
    return (full * filled + empty * (width - filled) + label)[:room]
