"""What of an asset is content, and what only says when and by whom it was changed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

DATED = "last_updated"
REVIEWED, REVIEWER = "reviewed_at", "reviewed_by"
_ENVELOPE = (DATED, "updated_by")


def same(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    """Whether two versions of an asset have the same content. Items of a list have an order, keys have none."""
    left, right = ({k: v for k, v in each.items() if k not in _ENVELOPE} for each in (left, right))
    return left == right and _exactly(left) == _exactly(right)  # for Python, 1 is True


def _exactly(data: Mapping[str, Any]) -> str:
    return json.dumps(data, sort_keys=True)


_OWN_KEYS = tuple(f"\n{key}:".encode() for key in _ENVELOPE)
_VALUE = re.compile(rb".*\n?(?:[ \t]+\S.*\n?|[ \t\r]*\n)*")
"""What follows a key: the rest of its line, and the lines that are indented."""
_ELSEWHERE = (b"\\", *(key.encode() for key in _ENVELOPE))
_NOTATION = re.compile(rb"[#!&*%]")
_WORD = re.compile(rb"(?<![0-9A-Za-z])[A-Za-z]{2,}|[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NOTHING = b"null"


def surely_differ(one: bytes, other: bytes) -> bool:
    """Whether two texts certainly differ in content: one has a word, or a date, that is nowhere in the other.

    Most versions of a file differ in this way, which takes a tenth of the time of parsing them. Only words count that
    YAML cannot write in other letters: where it might (escapes, anchors, comments), nothing is certain.
    """
    left, right = _without_envelope(one), _without_envelope(other)
    if left == right or any(sign in text for text in (left, right) for sign in _ELSEWHERE):
        return False
    lines, others = set(left.split(b"\n")), set(right.split(b"\n"))
    return _has_new_word(lines - others, right) or _has_new_word(others - lines, left)


def _without_envelope(text: bytes) -> bytes:
    text = b"\n" + text
    for key in _OWN_KEYS:
        before, found, after = text.partition(key)
        value = _VALUE.match(after) if found else None
        text = before + b"\n" + after[value.end() :] if value else text
    return text


def _has_new_word(lines: set[bytes], text: bytes) -> bool:
    """Whether one of the lines has a word that a text has not."""
    plain = [line for line in lines if not _NOTATION.search(line)]
    words = {word.lower() for line in plain for word in _WORD.findall(line)} - {_NOTHING}
    if not words:
        return False
    known = text.lower()
    return any(word not in known for word in words)
