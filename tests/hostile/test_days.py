"""Dates at both ends of the calendar: adding a month, a period or an offset to them ends nowhere else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.hostile.kit import Place, sound

DAY = re.compile(rb"20\d\d-\d\d-\d\d(?=[\s,}])")
TIME = re.compile(rb'"?20\d\d-\d\d-\d\dT[^\s,}]*')
LAST, FIRST = b"9999-12-31", b"0001-01-01"
MOMENTS = {LAST: b'"9999-12-31T23:59:59Z"', FIRST: b'"0001-01-01T00:00:00Z"'}
ENDS = {
    f"D/{base.upper()}{day[:4].decode()}": (base, day) for day in MOMENTS for base in ("premium", "poc", "fast_track")
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place.new(tmp_path_factory.mktemp("days") / "repo", *ENDS)
    for node, (base, day) in ENDS.items():
        for path, raw in sound(base).items():
            place.write(f"{node}/{path}", TIME.sub(MOMENTS[day], DAY.sub(day, raw)))
        place.write("bp.yaml", "timezone: Pacific/Kiritimati\n")
    return place


@pytest.mark.parametrize("as_of", ["2026-03-02", "9999-12-31", "0001-01-01", "9999-12-31T09:00:00Z"])
def test_both_ends_of_the_calendar(place: Place, as_of: str) -> None:
    answer = place.bp("scan", "--as-of", as_of, "--format", "json", "--no-write").witnessed()
    assert {node["realm"] + "/" + node["node"] for node in answer.data["nodes"]} > set(ENDS)
    for gap in answer.gaps:
        for day in (gap["since"], gap["due"]):
            assert day is None or re.fullmatch(r"\d{4}-\d\d-\d\d(T.*)?", day), gap


def test_a_track_of_very_long_periods(tmp_path: Path) -> None:
    place = Place.new(tmp_path / "repo")
    text = (Path(__file__).parents[2] / "tracks/post_sales_governance/premium.yaml").read_text(encoding="utf-8")
    assert "14 days" in text
    place.write("tracks/post_sales_governance/premium.yaml", text.replace("14 days", "99999 years"))
    assert place.scan().witnessed().code == 1
    place.write("tracks/post_sales_governance/premium.yaml", text.replace("14 days", f"{'9' * 5_000} days"))
    assert place.scan().code == 2
