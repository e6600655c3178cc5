"""What a terminal needs: styles, widths of characters, aligned columns, a source line with its caret.

The few styles are written by hand, because importing rich would cost more than they are worth (D-60).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from blueprint_cli.model import Gap
from blueprint_cli.render.neutral import visible
from blueprint_cli.render.options import RenderOptions
from blueprint_cli.render.phrases import Paint, gap_line, unpainted

_STYLES = {
    "place": "1",
    "title": "1",
    "quiet": "2",
    "error": "1;31",
    "warning": "33",
    "note": "36",
    "failing": "31",
    "passing": "32",
    "skipped": "2",
}
_STYLED = re.compile(r"\x1b\[[0-9;]*m")


def painter(color: bool) -> Paint:
    """The paint for a colour terminal, or none."""
    return _paint if color else unpainted


def _paint(text: str, style: str) -> str:
    code = _STYLES.get(style)
    return text if code is None or not text else f"\x1b[{code}m{text}\x1b[0m"


def cells(text: str) -> int:
    """How many terminal cells the text takes; styles take none, wide characters two."""
    text = _STYLED.sub("", text)
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) or char in "\ufe0e\ufe0f"
        else 2 if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in text
    )  # fmt: skip


def columns(rows: Sequence[Sequence[str]], right: Sequence[int] = (), gap: str = "  ") -> list[str]:
    """The rows as aligned lines without trailing spaces; the columns in ``right`` are numbers."""
    if not rows:
        return []
    widths = [max(cells(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        gap.join(
            " " * (widths[i] - cells(cell)) + cell if i in right else cell + " " * (widths[i] - cells(cell))
            for i, cell in enumerate(row)
        ).rstrip()
        for row in rows
    ]


def shown(gap: Gap, options: RenderOptions, paint: Paint) -> list[str]:
    """A gap's line and, on a colour terminal, its source; never with ``redact``, for a source line is free text."""
    lines = options.snippet(gap.location) if options.color and options.snippet and not options.redact else None
    return [gap_line(gap, paint), *snippet(gap, lines, options.width, paint)]


def snippet(gap: Gap, lines: Sequence[str] | None, width: int, paint: Paint) -> list[str]:
    """The source lines that end with the gap's own, numbered, and a caret below its column."""
    at = gap.location
    if not lines or at.line is None:
        return []
    margin = len(str(at.line)) + 2
    room = max(width - margin - 3, 20)
    column = 0 if at.column is None else max(at.column - 1, 0)
    start = max(column - room * 2 // 3, 0) if len(lines[-1]) > room else 0
    shown = [_source(line[start:], room) for line in lines]
    first = at.line - len(lines) + 1
    out = [f"{paint(f'{first + i:>{margin}} |', 'quiet')} {line}".rstrip() for i, line in enumerate(shown)]
    if at.column is not None:
        before = cells(_source(lines[-1][start:column], room))
        out.append(f"{paint(' ' * margin + ' |', 'quiet')} {' ' * before}{paint('^', gap.severity)}")
    return out


def _source(line: str, room: int) -> str:
    line = visible(line.rstrip("\r\n").replace("\t", "    "))
    line = line[:room]
    while cells(line) > room:
        line = line[:-1]
    return line
