"""The numbers that people write with signs that YAML does not know: `4,8`, `$1.2M`, `85%`, `1 200 000`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

_SCALES = {"": 0, "k": 3, "m": 6, "mn": 6, "mio": 6, "b": 9, "bn": 9}
_CURRENCY = r"(?:[$€£¥]|US\$|CHF|EUR|USD|GBP|JPY|SEK|NOK|DKK|AUD|CAD)"
_AMOUNT = re.compile(
    rf"(?P<sign>[-+]?)(?P<before>{_CURRENCY})?\ ?(?P<digits>[0-9](?:[0-9.,'_ ]*[0-9])?)\ ?"
    rf"(?P<scale>k|mn|m|mio|bn|b)?\.?\ ?(?P<after>{_CURRENCY})?\ ?(?P<share>%|percent)?",
    re.ASCII | re.IGNORECASE,
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:(?P<mark>[,.'_ ])[0-9]{3})(?:(?P=mark)[0-9]{3})*", re.ASCII)
_MARKS = re.compile(r"[,.'_ ]")
_LONGEST = 40


def readings(text: str) -> list[str]:
    """The numbers that ``text`` may mean, as YAML has them, the most likely first."""
    match = _AMOUNT.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return []
    scale, found = _SCALES[(match["scale"] or "").lower()], []
    currency = match["before"] or match["after"]
    for digits in _digits(match["digits"], whole=bool(currency and not scale)):
        number = Decimal(match["sign"].replace("+", "") + digits)
        found.append(_plain(number.scaleb(scale)))
        if match["share"]:
            found.append(_plain(number.scaleb(-2)))
    return list(dict.fromkeys(found))


def _digits(written: str, *, whole: bool) -> Iterator[str]:
    """The digits with a point, or none, before the decimals. ``whole``: one comma followed by three digits groups."""
    if _GROUPED.fullmatch(written):
        joined = _MARKS.sub("", written)
        several = len(joined) > 6
        if "." in written and not several and not whole:
            yield written  # 1.200 is a number of YAML already, whatever was meant
        yield joined
        if "," in written and not several and not whole:
            yield written.replace(",", ".")
        return
    point = max(written.rfind("."), written.rfind(","))
    if point < 0:
        if written.isdecimal():
            yield written
        return
    before, after = written[:point], written[point + 1 :]
    if after.isdecimal() and (before.isdecimal() or _GROUPED.fullmatch(before)):
        yield f"{_MARKS.sub('', before)}.{after}"


def _plain(number: Decimal) -> str:
    """Without an exponent, and without zeros that scaling has added after the point."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text and number == number.to_integral_value() else text
