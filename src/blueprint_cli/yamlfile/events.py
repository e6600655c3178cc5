"""The events of a text, from ruamel.yaml's C parser, and around what that parser gets wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]
from ruamel.yaml.error import MarkedYAMLError as ParserError
from ruamel.yaml.events import ScalarEvent

__all__ = ["ParserError", "with_events"]

T = TypeVar("T")

MAX_ATTEMPTS = 16
MAX_CHARACTERS = 2_000_000
"""Characters that are parsed again, over all attempts: a million take half a second."""

# Neither starts a word nor ends it: such a colon or question mark means nothing to YAML 1.2.
_COLON = re.compile(r"(?<=[^\s,\[\]{}\"']):(?=[^\s,\[\]{}?])")
_QUESTION = re.compile(r"(?<=[^\s,\[\]{}\"'])\?")


def with_events(text: str, build: Callable[[Iterable[Any]], T]) -> T:
    """What ``build`` makes of the events of ``text``. Raises ``ParserError``, and whatever ``build`` raises.

    The parser's libyaml (0.1.7) refuses ``[https://x.org]`` and ``{who?: me}``, which newer ones and YAML 1.2
    accept. Where it stumbles over such a character, or behind a question mark that it took for the sign of a key,
    ``build`` gets the events of a text in which those within words are veiled: each is one other character to the
    parser, so that every position stays.
    """
    try:
        return build(_events(text))
    except ParserError as stumbled:
        error = stumbled
    veils = dict(zip(":?", _unused(text), strict=True))
    seen = str.maketrans({veil: char for char, veil in veils.items()})
    veiled = text
    for attempt in range(min(MAX_ATTEMPTS, 2 + MAX_CHARACTERS // (len(text) + 1))):
        at = error.problem_mark.index if error.problem_mark is not None else len(text)
        within = _within_a_word(text, at)
        if not within and (attempt or not _QUESTION.search(text, 0, at)):
            break
        if not attempt:
            veiled = _COLON.sub(veils[":"], _QUESTION.sub(veils["?"], text))
        if within:
            # Behind a quotation mark the pattern cannot tell a word from the key of {"key":value}; the parser can.
            veiled = veiled[:at] + veils[text[at]] + veiled[at + 1 :]
        try:
            return build(_unveiled(_events(veiled), seen))
        except ParserError as stumbled:
            error = stumbled
    raise error


def _events(text: str) -> Iterator[Any]:
    parser = CParser(text)
    try:
        while parser.check_event():
            yield parser.get_event()
    finally:
        parser.dispose()


def _unveiled(events: Iterable[Any], seen: dict[int, str]) -> Iterator[Any]:
    for event in events:
        if type(event) is ScalarEvent:
            event.value = event.value.translate(seen)
        yield event


def _within_a_word(text: str, at: int) -> bool:
    """Whether the character that the parser stumbled over is a colon or question mark that means nothing."""
    if text[at : at + 1] == ":":
        after = text[at + 1 : at + 2]
        return after != "" and after not in " \t\r\n,?[]{}"
    before = text[:at].rstrip()[-1:]
    return text[at : at + 1] == "?" and before != "" and before not in ",[]{}:"


def _unused(text: str) -> Iterator[str]:
    """Two characters for private use that ``text`` does not have."""
    present = set(text)
    return islice((char for char in map(chr, range(0xF0000, 0x100000)) if char not in present), 2)
