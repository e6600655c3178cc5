"""What to write instead of a line that is not YAML, as the exact text: only what makes the file readable there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from unicodedata import name as name_of

from blueprint_cli.yamlfile.limits import Fault

_LARGEST = 50_000  # characters of a file in which lines are tried: each trial reads all of it
_LONGEST = 160  # characters of a line that is worth repeating
_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_NOTHING = "\u00ad\u180e\u200b-\u200f\u2060\ufeff"
_ODD = re.compile(f"[{_SPACES}{_NOTHING}\uff1a]")
_BREAK = re.compile(r"\r\n|\r|\n")
_BULLET = re.compile(r"[\u2022\u2013\u2014\u2212*-](?=\S)|[\u2022\u2013\u2014\u2212*](?= )")
_KEY = re.compile(r"(?P<head>(?:-\ +)*)(?P<key>[\w.-]+)\ *(?P<sign>:|=>?)\ *(?P<value>[^\s=>].*)", re.ASCII)
_PAIR = re.compile(r"(?P<head>(?:-\ +)*[^\s\"'\[\]{}#&*!|>%@`:-][^:#]*:\ +)(?P<value>\S.*)")
_ITEM = re.compile(r"(?P<head>(?:-\ +)+)(?P<value>\S.*)")
_TAGGED = re.compile(r"![^\s]*\ +[\[{]")
_COMMENT = re.compile(r"\ +\#.*\Z")
_DECIMAL_COMMA = re.compile(r"(?<=:\ )(\d+),(\d+)(?=\ *[,}])", re.ASCII)

Readable = Callable[[str, int], bool]
"""Whether a text can be read at least to the end of a line."""


def with_hint(text: str, fault: Fault, readable: Readable) -> Fault:
    """The fault with the text to write, where there is one; at the character that cannot be seen, if that is the cause.

    A fault is often noticed one line after its cause: the line above is tried, too.
    """
    lines = _BREAK.split(text) if len(text) <= _LARGEST else []
    if not 0 < fault.line <= len(lines):
        return fault
    for number in (fault.line, *_above(lines, fault.line)):
        line = lines[number - 1]
        indent = line[: len(line) - len(line.lstrip(" \t"))]
        if len(line) > _LONGEST or "\t" in indent:
            continue

        def works(content: str, number: int = number, indent: str = indent) -> bool:
            trial = [*lines[: number - 1], indent + content, *lines[number:]]
            return readable("\n".join(trial), max(number, fault.line))

        odd, content = _ODD.search(line), line.strip(" \t")
        plain = _plain(content)
        if odd is not None and works(plain):
            instead = f"write the line as `{plain}`" if plain else "remove it"
            message = f"{_named(odd.group())} where YAML allows only plain spaces and signs; {instead}"
            return Fault(fault.rule, message, number, odd.start() + 1)
        for better in _candidates(plain):
            if better != content and "`" not in better and better.isprintable() and works(better):
                at = (fault.line, fault.column) if number == fault.line else (number, len(indent) + 1)
                return Fault(fault.rule, f"{fault.message}; write the line as `{better}`", *at)
    odd = _ODD.search(lines[fault.line - 1])
    return fault if odd is None else replace(fault, message=f"{fault.message}; the line holds {_named(odd.group())}")


def _above(lines: list[str], number: int) -> list[int]:
    """The number of the nearest line above that is not empty."""
    return next(([index] for index in range(number - 1, 0, -1) if lines[index - 1].strip(" \t")), [])


def _named(char: str) -> str:
    return f"{name_of(char, 'a character').lower()} (U+{ord(char):04X})"


def _plain(content: str) -> str:
    """A line with spaces and colons of ASCII, and without what cannot be seen."""
    spaced = re.sub(f":[{_NOTHING}]+|\uff1a", ": ", re.sub(f"[{_SPACES}\t]", " ", content))
    return re.sub(r":\ {2,}", ": ", re.sub(f"[{_NOTHING}]", "", spaced)).strip()


def _candidates(plain: str) -> Iterator[str]:
    """What may be meant by a line, without its indentation."""
    yield plain
    if match := _BULLET.match(plain):
        plain = "- " + plain[match.end() :].lstrip()
        yield plain
    if match := _KEY.fullmatch(plain):
        yield f"{match['head']}{match['key']}: {match['value']}"
    if _DECIMAL_COMMA.search(plain):
        yield _DECIMAL_COMMA.sub(r"\1.\2", plain)
    if (close := _closing(plain)) is not None:
        yield plain + close
    for pattern in (_PAIR, _ITEM):
        if (match := pattern.fullmatch(plain)) and not _TAGGED.match(match["value"]):
            comment = _COMMENT.search(match["value"])
            value = match["value"][: comment.start()] if comment else match["value"]
            yield match["head"] + _in_quotes(value) + (comment.group() if comment else "")


def _in_quotes(value: str) -> str:
    """A text in the quotation marks that need no escapes in it."""
    first = value[0]
    if first in "\"'" and (value.count(first) == 1 or value.endswith(first)):
        value = value[1:].removesuffix(first)
    if '"' in value or "\\" in value:
        return "'" + value.replace("'", "''") + "'"
    return f'"{value}"'


def _closing(content: str) -> str | None:
    """The bracket that a line opens after its key, and does not close."""
    opened = re.search(r"(?:\A|:\ +|-\ +)([\[{])", content)
    if opened is None:
        return None
    pairs = {"[": "]", "{": "}"}
    close = pairs[opened[1]]
    filled = not content.endswith(opened[1])
    return close if filled and content.count(opened[1]) == content.count(close) + 1 else None
