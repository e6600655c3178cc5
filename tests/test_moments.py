"""Moments: which texts are dates, and which of them lie after a scan."""

from __future__ import annotations

import pytest

from blueprint_cli.times import Zone, is_date, offset


@pytest.mark.parametrize("fraction", ["", ".1", ".123456", ".1234567", ".123456789", ".12345678901234567890"])
def test_a_fraction_of_a_second_may_have_any_number_of_digits(fraction: str) -> None:
    moment = Zone().moment(f"2026-02-10T07:40:00{fraction}Z")
    assert moment is not None
    assert moment.first == moment.last == Zone().as_of(f"2026-02-10T07:40:00{fraction[:7]}Z").last


@pytest.mark.parametrize("text", ["2026-02-10 07:40:00Z", "2026-02-10t07:40z", "2026-02-10T07:40:00.5+01:00"])
def test_what_rfc_3339_allows_is_a_date(text: str) -> None:
    assert is_date(text)


@pytest.mark.parametrize(
    "text", ["2026-02-10T07:40:00.Z", "2026-02-10T07:40:00", "2026-02-30", "20260210", "2026-02-10 "]
)
def test_what_is_not_a_date(text: str) -> None:
    assert not is_date(text)


@pytest.mark.parametrize(
    ("scan", "date", "after"),
    [
        ("2026-03-02T20:00:00Z", "2026-03-03", False),  # it is 09:00 on the 3rd in Auckland
        ("2026-03-02T10:00:00Z", "2026-03-03", False),  # it is midnight on Kiritimati
        ("2026-03-02T09:59:59Z", "2026-03-03", True),
        ("2026-03-02T20:00:00Z", "2026-03-04", True),
        ("2026-03-02", "2026-03-03", True),  # a scan of a day, wherever that day is
        ("2026-03-02T20:00:00Z", "2026-03-02T20:00:01Z", True),
        ("2026-03-02T20:00:00Z", "2026-03-02T20:00:00Z", False),
    ],
)
def test_a_day_that_has_begun_somewhere_is_not_in_the_future(scan: str, date: str, after: bool) -> None:
    zone = Zone()
    moment = zone.moment(date)
    assert moment is not None
    assert moment.is_after(zone.as_of(scan)) is after


def test_the_offset_of_a_local_time_is_that_of_its_season() -> None:
    from datetime import datetime

    berlin = offset("Europe/Berlin")
    assert [berlin(datetime(2026, month, 1, 9, 30)) for month in (1, 7)] == ["+01:00", "+02:00"]  # noqa: DTZ001
    assert offset("UTC")(datetime(2026, 1, 1)) == "Z"  # noqa: DTZ001
