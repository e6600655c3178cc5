"""The dates that people and programs write in other forms than ISO 8601, as the days and moments that they mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

Offset = Callable[[datetime], str]  # a local time -> its offset from UTC in the portfolio's zone: `Z`, `+01:00`

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<word>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?" + (
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})"
_TIME = (
    r"(?:(?:T|,?\ +(?:at\ )?)(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?P<fraction>[.,]\d+)?)?"
    r"\ ?(?P<half>[ap]\.?m\.?)?\ ?(?P<zone>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\ )?"


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(_WEEKDAY + pattern + _TIME, re.ASCII | re.IGNORECASE)


_YEAR_FIRST = _form(r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})")
_COMPACT = _form(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)")
_DOTTED = _form(rf"{_DAY}\.\ ?(?P<month>\d{{1,2}})\.\ ?(?P<year>\d{{4}}|\d\d)")
_SLASHED = _form(r"(?P<a>\d{1,2})([-/])(?P<b>\d{1,2})\2(?P<year>\d{4}|\d\d)")
_NAMED = (
    _form(rf"{_DAY}(?:st|nd|rd|th|\.)?[ -]?(?:of\ )?{_MONTH},?[ -]?(?P<year>\d{{4}})"),
    _form(rf"{_MONTH}\ ?{_DAY}(?:st|nd|rd|th)?,?\ (?P<year>\d{{4}})"),
    _form(rf"(?P<year>\d{{4}})[ -]{_MONTH}[ -]{_DAY}"),
)
_SPREADSHEET = range(36_526, 73_051)  # day numbers of spreadsheets, 2000 to 2099
_ZERO = date(1899, 12, 30)
_SECONDS = range(946_684_800, 4_102_444_800)  # seconds since 1970, in the same years


def readings(text: str, offset: Offset) -> list[str]:
    """The dates and timestamps that ``text`` may mean, the most likely first; none for what is not a date at all."""
    return list(dict.fromkeys(_read(text, offset)))


def is_local(text: str) -> bool:
    """Whether it is a timestamp in the right form, except that it does not say its offset."""
    return re.fullmatch(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?", text, re.ASCII) is not None


def _read(text: str, offset: Offset) -> Iterator[str]:
    if text.isascii() and text.isdecimal() and len(text) < 14:
        yield from _number(int(text))
    for pattern in (_YEAR_FIRST, _COMPACT, _DOTTED, *_NAMED):
        if match := pattern.fullmatch(text):
            month = _month(match)
            yield from _moment(match, int(match["year"]), month, int(match["day"]), offset)
    if match := _SLASHED.fullmatch(text):
        first, second = int(match["a"]), int(match["b"])
        yield from _moment(match, int(match["year"]), first, second, offset)
        yield from _moment(match, int(match["year"]), second, first, offset)


def _number(number: int) -> Iterator[str]:
    if number in _SPREADSHEET:
        yield (_ZERO + timedelta(days=number)).isoformat()
    for seconds in (number, number // 1000):
        if seconds in _SECONDS:
            yield datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _month(match: re.Match[str]) -> int:
    named = match.groupdict().get("word")
    return _MONTHS.index(named[:3].lower()) + 1 if named else int(match["month"])


def _moment(match: re.Match[str], year: int, month: int, day: int, offset: Offset) -> Iterator[str]:
    try:
        on = date(year + 2000 if year < 100 else year, month, day)
        if match["hour"] is None:
            yield on.isoformat()
            return
        hour, half = int(match["hour"]), (match["half"] or "").lower()
        if half:
            hour = hour % 12 + (12 if half[0] == "p" else 0)
        local = datetime(on.year, on.month, on.day, hour, int(match["minute"]), int(match["second"] or 0))  # noqa: DTZ001
        fraction = (match["fraction"] or "").replace(",", ".")
        yield f"{local.isoformat()}{fraction}{_offset(match['zone'], local, offset)}"
        if match["zone"] is None:
            yield on.isoformat()
    except ValueError:  # no such day, no such hour
        return


def _offset(written: str | None, local: datetime, offset: Offset) -> str:
    if written is None:
        return offset(local)
    if written[0] not in "+-":
        return "Z"
    digits = written[1:].replace(":", "").ljust(4, "0")
    return f"{written[0]}{digits[:2]}:{digits[2:]}"
