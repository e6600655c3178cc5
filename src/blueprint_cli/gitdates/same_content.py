"""What of an asset is content, and what only says when and by whom it was touched."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

DATED = "last_updated"
_ENVELOPE = (DATED, "updated_by")


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two versions of an asset say the same. Items of a list have an order, keys have none."""
    left, right = ({k: v for k, v in each.items() if k not in _ENVELOPE} for each in (one, other))
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
    """Whether two texts cannot have the same content: one has a word, or a date, that the other has nowhere.

    Most versions of a file differ so, and need not be parsed to know it: a tenth of the time. Words are what no
    notation of YAML can write in other letters; where one might (escapes, anchors, comments), nothing is sure.
    """
    left, right = _without_envelope(one), _without_envelope(other)
    if left == right or any(sign in text for text in (left, right) for sign in _ELSEWHERE):
        return False
    lines, others = set(left.split(b"\n")), set(right.split(b"\n"))
    return _has_news(lines - others, right) or _has_news(others - lines, left)


def _without_envelope(text: bytes) -> bytes:
    text = b"\n" + text
    for key in _OWN_KEYS:
        before, found, after = text.partition(key)
        value = _VALUE.match(after) if found else None
        text = before + b"\n" + after[value.end() :] if value else text
    return text


def _has_news(lines: set[bytes], than: bytes) -> bool:
    plain = [line for line in lines if not _NOTATION.search(line)]
    words = {word.lower() for line in plain for word in _WORD.findall(line)} - {_NOTHING}
    if not words:
        return False
    there = than.lower()
    return any(word not in there for word in words)
