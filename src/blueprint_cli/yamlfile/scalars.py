"""What a plain scalar means: YAML 1.2's core schema, as far as JSON can represent it exactly.

- ``null`` ``Null`` ``NULL`` ``~`` and nothing at all are null; ``true`` and ``false`` in the same three
  spellings are booleans; ``yes``, ``no``, ``on``, ``off`` are text.
- Integers are decimal (``010`` is ten), ``0o14``, ``0x1F``, and, as every reader in use has it, ``0b11``
  and a sign before any of them.
- Decimals are as in the core schema. One that is too large for a finite number (``1e400``) is text.
- Dates and times are text, quoted or not, and so is everything else (``12:30``, ``1_000``, ``1.2.3``).
- ``.inf``, ``.nan`` and integers beyond ±(2**53 - 1) are refused: JSON (RFC 8259, section 6) does not
  carry them safely from one program to another.

Source: https://yaml.org/spec/1.2.2/#103-core-schema
"""

from __future__ import annotations

import re
from math import isfinite

TAGS = {f"tag:yaml.org,2002:{kind}": kind for kind in ("str", "int", "float", "bool", "null", "map", "seq")}
"""The tags that a file may use, with the types that they name."""

LARGEST = 2**53 - 1  # the largest integer that every JSON reader keeps

Scalar = str | int | float | bool | None

_CONSTANTS: dict[str, bool | None] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"([-+]?)(?:0o([0-7]+)|0x([0-9a-fA-F]+)|0b([01]+)|([0-9]+))", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_FIRST_OF_NUMBER = frozenset("0123456789+-.")


class UnsupportedScalar(ValueError):
    """A scalar that JSON cannot represent, or that its tag does not allow; the message says why and what to do."""


def resolve(text: str, digits: int) -> Scalar:
    """The value of an unquoted scalar without a tag. Raises ``UnsupportedScalar``."""
    if text[:1] not in _FIRST_OF_NUMBER:
        return _CONSTANTS.get(text, text)
    if integer := _INTEGER.fullmatch(text):
        return _whole(integer, digits)
    if _DECIMAL.fullmatch(text):
        number = float(text)
        return number if isfinite(number) else text
    if _NOT_FINITE.fullmatch(text):
        raise UnsupportedScalar(
            "infinity and `not a number` are not allowed: write a number, or put the value in quotes"
        )
    return text


def resolve_tagged(text: str, kind: str, digits: int) -> Scalar:
    """The value of a scalar with one of the core tags (``kind`` is its name). Raises ``UnsupportedScalar``."""
    if kind == "str":
        return text
    value = resolve(text, digits)
    if kind == "float" and type(value) is int:
        return float(value)
    if type(value).__name__ != {"null": "NoneType"}.get(kind, kind):
        raise UnsupportedScalar(f"the tag `!!{kind}` does not fit this value: remove the tag or correct the value")
    return value


def _whole(match: re.Match[str], digits: int) -> int:
    sign, octal, hexadecimal, binary, decimal = match.groups()
    text = octal or hexadecimal or binary or decimal
    if len(text) > digits:
        raise UnsupportedScalar(
            f"a number with {len(text)} digits is too long (limit {digits}): put it in quotes if it is an identifier"
        )
    number = int(text, 8 if octal else 16 if hexadecimal else 2 if binary else 10)
    if number > LARGEST:
        raise UnsupportedScalar(
            f"this whole number is larger than {LARGEST}, the largest that every program keeps exactly: "
            "put it in quotes if it is an identifier"
        )
    return -number if sign == "-" else number
