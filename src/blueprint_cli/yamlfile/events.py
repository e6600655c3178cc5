"""The events of a text from ruamel.yaml's C parser, and a way around what that parser gets wrong."""

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
MAX_CHARACTERS = 2_000_000  # characters that are parsed again, over all attempts: a million take half a second

# A colon or question mark that neither starts nor ends a word has no meaning in YAML 1.2.
_COLON = re.compile(r"(?<=[^\s,\[\]{}\"']):(?=[^\s,\[\]{}?])")
_QUESTION = re.compile(r"(?<=[^\s,\[\]{}\"'])\?")


def with_events(text: str, build: Callable[[Iterable[Any]], T]) -> T:
    """What ``build`` makes of the events of ``text``. Raises ``ParserError``, and whatever ``build`` raises.

    The parser's libyaml (0.1.7) refuses ``[https://x.org]`` and ``{who?: me}``, which newer ones and YAML 1.2
    accept. Where it fails at such a character, or after a question mark that it read as the indicator of a key,
    ``build`` gets the events of a text in which those within words are masked: the parser sees one other character
    for each, so that every position stays the same.
    """
    try:
        return build(_events(text))
    except ParserError as failure:
        error = failure
    masks = dict(zip(":?", _unused(text), strict=True))
    unmask = str.maketrans({mask: char for char, mask in masks.items()})
    masked = text
    for attempt in range(min(MAX_ATTEMPTS, 2 + MAX_CHARACTERS // (len(text) + 1))):
        at = error.problem_mark.index if error.problem_mark is not None else len(text)
        within = _within_a_word(text, at)
        if not within and (attempt or not _QUESTION.search(text, 0, at)):
            break
        if not attempt:
            masked = _COLON.sub(masks[":"], _QUESTION.sub(masks["?"], text))
        if within:
            # After a quotation mark the pattern cannot tell a word from the key of {"key":value}; the parser can.
            masked = masked[:at] + masks[text[at]] + masked[at + 1 :]
        try:
            return build(_unmasked(_events(masked), unmask))
        except ParserError as failure:
            error = failure
    raise error


def _events(text: str) -> Iterator[Any]:
    parser = CParser(text)
    try:
        while parser.check_event():
            yield parser.get_event()
    finally:
        parser.dispose()


def _unmasked(events: Iterable[Any], unmask: dict[int, str]) -> Iterator[Any]:
    for event in events:
        if type(event) is ScalarEvent:
            event.value = event.value.translate(unmask)
        yield event


def _within_a_word(text: str, at: int) -> bool:
    """Whether the character at which the parser failed is a colon or question mark without meaning."""
    if text[at : at + 1] == ":":
        after = text[at + 1 : at + 2]
        return after != "" and after not in " \t\r\n,?[]{}"
    before = text[:at].rstrip()[-1:]
    return text[at : at + 1] == "?" and before != "" and before not in ",[]{}:"


def _unused(text: str) -> Iterator[str]:
    """Two private-use characters that ``text`` does not contain."""
    present = set(text)
    return islice((char for char in map(chr, range(0xF0000, 0x100000)) if char not in present), 2)
