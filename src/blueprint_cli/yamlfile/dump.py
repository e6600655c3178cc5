"""Plain data to YAML that every reader reads back as the same data, YAML 1.1 or 1.2."""

from __future__ import annotations

import re
from functools import lru_cache
from math import isfinite
from typing import Any

from blueprint_cli.yamlfile.scalars import LARGEST

_WIDE_KEY = 1000  # readers look no further than 1,024 characters for the colon after a key

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
# A number or a time in YAML 1.1 or 1.2, or close to one: 1_000, 12:30, 1e5, 0x1F, 2026-03-02T10:00:00Z.
_NUMBER = re.compile(
    r"[0-9][0-9_,.:]*(?:[eE][-+]?[0-9_]*)?|0[xob][0-9a-f_]*|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[t\s].*)?",
    re.ASCII | re.IGNORECASE,
)
_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
_ESCAPED = re.compile('["\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_SURROGATE = re.compile("[\ud800-\udfff]")


def dump(value: Any) -> str:
    """``value`` (dict, list, str, int, float, bool, None) as block YAML that ends with a line break.

    Deterministic: keys keep their order, text stays on one line, list items are indented under their key. Text
    that YAML 1.1 or 1.2 could read as something else is quoted; a date is not. Half a surrogate pair, as in a path
    that is not UTF-8, cannot be written in YAML and becomes U+FFFD.

    Raises ``TypeError`` for other types, also of keys, and ``ValueError`` for numbers that ``read`` refuses.
    """
    out: list[str] = []
    if value and isinstance(value, dict):
        _mapping(value, "", out, "")
    elif value and isinstance(value, list):
        _list(value, "", out, "")
    else:
        out.append(_scalar(value) + "\n")
    return "".join(out)


def _mapping(value: dict[Any, Any], indent: str, out: list[str], lead: str) -> None:
    for key, item in value.items():
        if not isinstance(key, str):
            raise TypeError(f"a key must be text, not {type(key).__name__}")
        name = _text(key)
        lead = f"{lead}{name}:" if len(name) < _WIDE_KEY else f"{lead}? {name}\n{indent}:"
        if type(item) is str:
            out.append(f"{lead} {_text(item)}\n")
        elif item and isinstance(item, dict):
            out.append(f"{lead}\n")
            _mapping(item, indent + "  ", out, indent + "  ")
        elif item and isinstance(item, list):
            out.append(f"{lead}\n")
            _list(item, indent + "  ", out, indent + "  ")
        else:
            out.append(f"{lead} {_scalar(item)}\n")
        lead = indent


def _list(value: list[Any], indent: str, out: list[str], lead: str) -> None:
    for item in value:
        if type(item) is str:
            out.append(f"{lead}- {_text(item)}\n")
        elif item and isinstance(item, dict):
            _mapping(item, indent + "  ", out, lead + "- ")
        elif item and isinstance(item, list):
            _list(item, indent + "  ", out, lead + "- ")
        else:
            out.append(f"{lead}- {_scalar(item)}\n")
        lead = indent


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        if not -LARGEST <= value <= LARGEST:
            raise ValueError("a whole number beyond 2**53 - 1 cannot be written")
        return int.__repr__(value)
    if isinstance(value, float):
        if not isfinite(value):
            raise ValueError("infinity and not-a-number cannot be written")
        text = float.__repr__(value)
        # YAML 1.1 requires a point in a decimal: 1e+16 would be text.
        return text if "." in text or "e" not in text else text.replace("e", ".0e")
    if isinstance(value, dict | list):
        return "{}" if isinstance(value, dict) else "[]"
    raise TypeError(f"a value of type {type(value).__name__} cannot be written as YAML")


@lru_cache(maxsize=4096)
def _text(text: str) -> str:
    if text.isprintable():
        return text if _is_plain(text) else "'" + text.replace("'", "''") + "'"
    text = _SURROGATE.sub("\ufffd", text)
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def _is_plain(text: str) -> bool:
    """Whether every reader reads ``text``, which has no line break, as text although it is not quoted."""
    first = text[:1]
    if first.isalpha() or first == "_":
        if text.lower() in _WORDS:
            return False
    elif not "0" <= first <= "9" or (_NUMBER.fullmatch(text) and not _DATE.fullmatch(text)):
        return False
    return text[-1] not in " :" and ": " not in text and " #" not in text


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    return _ESCAPES.get(char) or (f"\\x{ord(char):02x}" if ord(char) < 256 else f"\\u{ord(char):04x}")
