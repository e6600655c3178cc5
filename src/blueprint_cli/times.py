"""Days, moments and spans: how time works, everywhere (catalog, section 4).

A *day* is an ordinal (``date.toordinal``) in the configured time zone. A *moment* is what a date or a
timestamp in a file says: a timestamp is one instant, a plain date is any instant of its day. Days decide
the rules in days and months; the two ends of a moment decide the rules in hours, so that a date without
a time is neither guessed nor ignored. Nothing here reads a clock but ``now``.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache, lru_cache
from typing import Any

from blueprint_cli.errors import BpError
from blueprint_cli.text import suggest

HOUR = 3_600_000_000  # microseconds: the unit of an instant, counted from 1970-01-01 UTC
LAST_DAY = date.max.toordinal()  # the last day of the calendar, 9999-12-31: nothing falls due after it
_LONGEST = 64  # the most characters of a date: a longer text is not one, and not worth remembering
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_NEW: Any = object()  # stands for a text that is not known yet. `None` is an answer: the text is not a date
_MICROSECOND = timedelta(microseconds=1)
_NO_PLACE = ("localtime", "posixrules", "posix/", "right/")
"""How names begin that mean another zone on each machine, or a zone with leap seconds."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_TIMESTAMP = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})\Z", re.ASCII)
_BEYOND = re.compile(r"(?<=\.\d{6})\d+", re.ASCII)  # digits of a second that are finer than what is compared
_EARLIEST = 14 * HOUR  # how long before UTC a day begins where it begins first


@dataclass(frozen=True, slots=True)
class Moment:
    """What a date or timestamp says: its day, and the first and last instant that it may mean."""

    text: str
    day: int
    first: int
    last: int

    @property
    def is_day(self) -> bool:
        """Whether it is a whole day: a date without a time."""
        return len(self.text) == len("2026-03-02")

    def is_after(self, scan: Moment) -> bool:
        """Whether it lies after a scan; of a scan at an instant, no day that has begun somewhere on earth does."""
        if self.is_day and not scan.is_day:
            return (self.day - _EPOCH_DAY) * 24 * HOUR - _EARLIEST > scan.last
        return self.first > scan.last


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time. Months are calendar months; ``business`` days skip Saturday and Sunday."""

    text: str
    days: int = 0
    months: int = 0
    hours: int = 0
    business: bool = False

    def after(self, day: int) -> int:
        """The last day that still lies within this span, counted forward from ``day``.

        Months are clamped to the end of the month (31 January + 1 month = 28 February); a business day
        is the next one (Friday + daily = Monday). Hours count as the days that they fill.
        """
        if self.months:
            return _months_after(day, self.months)
        if self.business:
            day += self.days
            weekday = (day - 1) % 7  # ordinal 1 was a Monday
            day += max(0, 7 - weekday) if weekday > 4 else 0
        else:
            day += self.days + -(-self.hours // 24)
        return min(day, LAST_DAY)

    @property
    def rank(self) -> float:
        """Roughly how many days it lasts: to tell which of two rhythms is the more frequent."""
        return self.days + self.months * 30.4 + self.hours / 24


@lru_cache(65_536)
def _months_after(day: int, months: int) -> int:
    start = date.fromordinal(day)
    month = start.month - 1 + months
    year, month = start.year + month // 12, month % 12 + 1
    if year > date.max.year:
        return LAST_DAY
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1])).toordinal()


PERIODS: dict[str, Span] = {
    "daily": Span("daily", days=1, business=True),
    "weekly": Span("weekly", days=7),
    "bi-weekly": Span("bi-weekly", days=14),
    "monthly": Span("monthly", months=1),
    "quarterly": Span("quarterly", months=3),
    "semi-annual": Span("semi-annual", months=6),
    "annual": Span("annual", months=12),
}
"""The rhythms, by the words of the catalog."""

_UNITS = {unit[0]: unit for unit in ("hour", "day", "week", "month", "quarter", "year")}
_LENGTH = re.compile(r"(\d{1,5}) ?(h|hours?|d|days?|weeks?|months?|quarters?|years?)\Z", re.ASCII)


@cache
def span(text: str) -> Span | None:
    """``weekly``, ``30 days``, ``48 hours``, ``1 month``, …; None where the text is not a span."""
    if text in PERIODS:
        return PERIODS[text]
    match = _LENGTH.match(text)
    if match is None:
        return None
    count, unit = int(match[1]), _UNITS[match[2][0]]
    label = f"{count} {unit}{'' if count == 1 else 's'}"
    if unit == "hour":
        return Span(label, hours=count)
    if unit in ("day", "week"):
        return Span(label, days=count * (7 if unit == "week" else 1))
    return Span(label, months=count * {"month": 1, "quarter": 3, "year": 12}[unit])


def _zone(name: str) -> tzinfo:
    """A zone of the time zone database. Raises KeyError, ValueError or OSError where it has none of that name."""
    if name == "UTC":
        return UTC
    if name.startswith(_NO_PLACE):
        raise KeyError(name)
    from zoneinfo import ZoneInfo  # late: it takes 3 ms, which `bp lint` of one file would notice

    return ZoneInfo(name)


def _no_zone(name: str) -> BpError:
    """Why there is no zone of a name: another one is meant, or there is no database to look it up in."""
    from zoneinfo import available_timezones

    # Not `Etc/GMT+1`, which is an hour WEST of Greenwich: nobody who writes GMT+1 means it.
    known = sorted(zone for zone in available_timezones() if not zone.startswith(_NO_PLACE) and "GMT" not in zone)
    if not known:
        return BpError(
            f"timezone `{name}` cannot be used: there is no time zone database",
            "Install the package tzdata of the system, or that of Python: pip install tzdata. UTC needs neither.",
        )
    same = [zone for zone in known if zone.casefold() == name.strip().casefold()]
    hint = f"Did you mean `{same[0]}`?" if same else suggest(name, known)
    return BpError(
        f"timezone `{name}` is not known", hint or "Use a name such as UTC, Europe/Berlin or America/New_York."
    )


class Zone:
    """The time zone of the portfolio: turns the text of a date into a moment, remembering the answers."""

    def __init__(self, name: str = "UTC") -> None:
        self.name = name
        self._known: dict[str, Moment | None] = {}
        try:
            self._zone = _zone(name)
        except (KeyError, ValueError, OSError):
            raise _no_zone(name) from None

    @property
    def tzinfo(self) -> tzinfo:
        """The zone, as `datetime` has it."""
        return self._zone

    def __reduce__(self) -> tuple[type[Zone], tuple[str]]:
        return Zone, (self.name,)

    def moment(self, text: object) -> Moment | None:
        """The moment that a date (``2026-03-02``) or an RFC 3339 timestamp with offset names, else None."""
        if type(text) is not str:
            return None
        known: Moment | None = self._known.get(text, _NEW)
        if known is not _NEW:
            return known
        if len(text) > _LONGEST:
            return None
        if len(self._known) > 100_000:
            self._known.clear()
        self._known[text] = moment = self._read(text)
        return moment

    def moments(self, values: Iterable[object]) -> list[Moment]:
        """The moments of those values that are dates."""
        known = self._known.get  # most dates of a portfolio are repeated
        return [m for value in values if type(value) is str and (m := known(value) or self.moment(value)) is not None]

    def _read(self, text: str) -> Moment | None:
        try:
            if _DATE.match(text):
                return self.whole_day(date.fromisoformat(text).toordinal())
            if _TIMESTAMP.match(text):
                return self.instant(datetime.fromisoformat(_BEYOND.sub("", text).upper().replace(" ", "T")), text)
        except (ValueError, OverflowError):
            pass
        return None

    def whole_day(self, day: int) -> Moment:
        """Any instant of a day."""
        first = _micros(datetime.combine(date.fromordinal(day), time.min, self._zone))
        if day == LAST_DAY:  # the last day of the calendar has no following one
            return Moment(iso(day), day, first, first + 24 * HOUR - 1)
        following = datetime.combine(date.fromordinal(day + 1), time.min, self._zone)
        return Moment(iso(day), day, first, _micros(following) - 1)

    def instant(self, when: datetime, text: str | None = None) -> Moment:
        """One instant."""
        local = when.astimezone(self._zone)
        micros = _micros(when)
        text = text or when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return Moment(text, local.date().toordinal(), micros, micros)

    def now(self) -> Moment:
        """This moment, to the second: the only place that reads the clock."""
        return self.instant(datetime.now(UTC).replace(microsecond=0))

    def as_of(self, text: str | None) -> Moment:
        """The moment of a scan: now, a timestamp as it is, or the END of a day."""
        if text is None:
            return self.now()
        moment = self.moment(text)
        if moment is None:
            raise BpError(
                f"`{text[:40]}` is not a moment to scan at",
                "Write a day (2026-03-02) or a timestamp with offset (2026-03-02T15:00:00Z).",
            )
        return Moment(moment.text, moment.day, moment.last, moment.last)


def _micros(when: datetime) -> int:
    return (when - _EPOCH) // _MICROSECOND


@lru_cache(65_536)
def iso(day: int) -> str:
    """A day as people write it: ``2026-03-02``."""
    return date.fromordinal(day).isoformat()


def days(count: int) -> str:
    """``1 day``, ``12 days``."""
    return f"{count} day" if count == 1 else f"{count} days"


def offset(zone: str) -> Callable[[datetime], str]:
    """What tells the offset from UTC that a local time has in a zone: ``Z``, ``+01:00``."""

    def of(local: datetime) -> str:
        return local.replace(tzinfo=Zone(zone).tzinfo).isoformat()[len(local.isoformat()) :].replace("+00:00", "Z")

    return of


_UTC = Zone()


class _Dates(dict[str, bool]):
    """Which texts are dates. A key that is missing is looked into; every other is answered without Python."""

    def __missing__(self, text: str) -> bool:
        if len(self) > 100_000:
            self.clear()
        self[text] = known = _UTC.moment(text) is not None
        return known


is_date: Callable[[str], bool] = _Dates().__getitem__
"""Whether the text is a date or timestamp that exists: the format ``bp-date`` of the schemas.

A validator asks it of every date of every document, some 500 in a node.
"""
