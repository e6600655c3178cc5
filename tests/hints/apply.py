"""What somebody does who applies a hint literally, without thinking."""

from __future__ import annotations

import re

_IN_PLACE = re.compile(r"(?:write|put it in quotes:|write it as a list:) `(?P<text>[^`]+)`")
_RENAME = re.compile(r"did you mean `(?P<text>[^`]+)`\?")
_MISSPELT = re.compile(r"`(?:\S*\.)?(?P<text>[^`.]+)` is missing; `(?P<key>[^`]+)` looks like a misspelling of it")
_LINE = re.compile(r"write the line as `(?P<text>[^`]+)`\Z")
_OF_A_KEY = re.compile(r"is not a (?:known key|role)")
_QUOTED = re.compile(r"`([^`]+)`")


def applied(text: str, line: int, column: int, message: str) -> str | None:
    """The text of a file after the hint of a message at a place is applied; None where the message offers none."""
    lines = text.split("\n")
    here = lines[line - 1]
    if match := _LINE.search(message):
        indent = here[: len(here) - len(here.lstrip(" \t"))].replace("\t", "  ")
        lines[line - 1] = indent + match["text"]
    elif match := _MISSPELT.search(message):
        lines[line - 1] = here.replace(match["key"], match["text"], 1)
    elif match := _RENAME.search(message):
        key = _QUOTED.search(message)
        old = key[1].rpartition(".")[2] if key is not None and _OF_A_KEY.search(message) else None
        if old is None:
            lines[line - 1] = _replaced(here, column, match["text"], message)
        else:
            lines[line - 1] = here.replace(old, match["text"], 1)
    elif match := _IN_PLACE.search(message):
        lines[line - 1] = _replaced(here, column, match["text"], message)
    else:
        return None
    return "\n".join(lines)


def _replaced(line: str, column: int, text: str, message: str) -> str:
    """The line with another value at a column: as much of it is replaced as the message names, else the scalar."""
    rest = line[column - 1 :]
    named = next((name for name in _QUOTED.findall(message) if rest.startswith(name) and name != text), None)
    in_brackets = "{" in line[: column - 1] or "[" in line[: column - 1]
    length = len(named) if named else _length(rest, in_brackets=in_brackets)
    return line[: column - 1] + text + rest[length:]


def _length(rest: str, *, in_brackets: bool) -> int:
    if rest[:1] in ("'", '"'):
        return rest.index(rest[0], 1) + 1
    end = re.search(r" +#| *[,\]}]" if in_brackets else r" +#| *$", rest)
    return end.start() if end else len(rest)
