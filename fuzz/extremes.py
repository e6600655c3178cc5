"""Unusual values for any place of a file."""

from __future__ import annotations

from typing import Any


class Raw(str):
    """A scalar that is written unchanged, as no writer of YAML would."""

    __slots__ = ()


DATES = [
    "0001-01-01", "9999-12-31", "2024-02-29", "2026-03-01", "2026-03-02", "2026-03-03", "1970-01-01",
    "2038-01-19", "2026-02-29", "2026-02-30", "2026-13-01", "2026-00-10", "0000-01-01", "2026-3-2", "20260302",
    "2026-W10-1", "2026-03-02T24:00:00Z", "2026-03-02T23:59:60Z", "2026-03-02T10:00:00+25:00",
    "2026-03-02T10:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
    "2026-03-29T02:30:00+01:00", "2026-03-02 10:00:00Z", "٢٠٢٦-٠٣-٠٢", "2026-03-02\n", " 2026-03-02",
]  # fmt: skip
"""At boundaries, and out of the calendar."""

TEXTS = [
    "", " ", "\n", "\t", "\u0000", "\u0007", "\u001b[31mred", "\u0085", "\u2028", "\u202e", "\u200b", "\ufeff",
    "\ud7ff", "\ufffe", "🙂", "é", "ﬁ", "İ", "no such thing", "null", "yes", "~", "-", "../../etc/passwd",
    "/etc/passwd", "C:\\CON", "a\u0000b", "support/../blueprint.yaml", ".", "..", "//", "%0A::error::",
    "::error file=a::forged", "##[error]x", "<script>", "]]>", "| a | b |", "`", "$(id)", "{{x}}", "=1+1",
    "@team", "2 months", "90%", "0 days", "99999 years", "daily", "-1 days", "C01/CHK_ENG_001", "premium",
    "active", "ß" * 40, "x" * 3_000, "a b " * 300,
]  # fmt: skip
"""Texts with a meaning elsewhere, or without a visible form."""

_PLAIN: list[Any] = [
    None, True, False, [], {}, [[]], [None], [{}], {"": ""}, {"id": None}, 0, -0.0, -1, 1, 2147483648,
    9007199254740991, 9007199254740992, 9223372036854775808, 1000000000000000000000000000000, 1.5e+300, 5e-324,
    0.1, 100.0,
]  # fmt: skip

_RAW = [
    ".inf", "-.inf", ".nan", "0o17", "0x1F", "0b1", "010", "1_000", "12:30", "1e400", "-", "?", "<<", "::",
    "!!int x", "!!str 1", "!!binary aGk=", "!!set {a}", "!x y", "*x", "&x y", "|", ">-", "'", "\"", "[", "}",
    "%", "@", "`", "# no value", "{? a}", "[a: b, c]", "9" * 99, "9" * 101, "0" * 5_000, "1" * 5_000 + ".5",
]  # fmt: skip

SCALARS = [*_PLAIN, *map(Raw, _RAW)]
"""Replacements for any value."""

SIGNS = [
    "- ", ": ", ":", "? ", "{", "}", "[", "]", ",", "#", " #", "&a ", "*a", "!", "!!str ", "!<x> ", "|", ">",
    "'", "\"", "\\", "%", "@", "`", "<<: ", "---\n", "...\n", "%YAML 1.1\n---\n", "\n", "\n\n", "\n ", "\t",
    "\r", "\r\n", "  ", "~", "\u0000", "\u007f", "\u0085", "\u2028", "\ufeff", "\ufffe", "é", "🙂",
    "<<<<<<< HEAD\n", "=======\n", ">>>>>>> x\n",
]  # fmt: skip
"""Characters with a meaning in YAML or in an editor."""

BYTES = [
    b"\x00", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\xaf", b"\xe2\x80", b"\xfe\xff",
    b"\x80",
]  # fmt: skip
"""Bytes that are not UTF-8."""
