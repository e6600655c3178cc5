"""What must not change a judgement: comments, order, quotes, other files, other engagements, and passing days."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from blueprint_cli.files.disk import Directory
from blueprint_cli.model import Gap, NodeReport
from blueprint_cli.yamlfile import read
from fuzz.claims import scanner
from fuzz.damage import damaged, written
from fuzz.extremes import Raw
from fuzz.portfolio import AS_OF, Files, realms, tracks

SEEDS = range(12)
DATE = re.compile(rb"\d{4}-\d\d-\d\d")
BY_TIME = {"overdue-cadence", "stale-asset"}


def hurt(seed: int, most: int = 8) -> dict[str, bytes]:
    """An engagement with some damage, in files that can still be read."""
    dice = Random(f"invariants/{seed}")
    files = dict(tracks()[dice.choice(["poc", "economy", "premium", "fast_track"])])
    for path in dice.sample(sorted(files), most):
        raw = damaged(files[path], dice)
        files[path] = raw if read(raw).ok else files[path]
    return files


def test_the_damage_is_worth_a_test() -> None:
    assert sum(len(report.gaps) > 1 for seed in SEEDS for report in reports(hurt(seed))) > len(SEEDS) * 0.7


def reports(files: Files, as_of: str = AS_OF) -> list[NodeReport]:
    judge = scanner(files, as_of)
    return list(judge.scan())


def judgement(files: Files) -> list[Any]:
    """All that reports say, but for the places and the order that they give."""
    return [
        (
            report.status,
            report.outcomes,
            report.checks,
            report.assets,
            report.upcoming,
            sorted(map(without_place, report.gaps), key=repr),
        )
        for report in reports(files)
    ]


def without_place(gap: Gap) -> Gap:
    return replace(
        gap, location=replace(gap.location, line=None, column=None), message=re.sub(r"line \d+", "", gap.message)
    )


def yaml_of(files: Files) -> Mapping[str, Any]:
    return {path: read(raw).data for path, raw in files.items() if path.endswith(".yaml")}


def shuffled(value: Any, dice: Random) -> Any:
    """The same with the keys of every mapping in another order."""
    if isinstance(value, dict):
        return {key: shuffled(value[key], dice) for key in dice.sample(list(value), len(value))}
    return [shuffled(item, dice) for item in value] if isinstance(value, list) else value


def quoted(value: Any, sign: str) -> Any:
    """The same with every date between quotation marks of one kind."""
    if isinstance(value, dict):
        return {key: quoted(item, sign) for key, item in value.items()}
    if isinstance(value, list):
        return [quoted(item, sign) for item in value]
    return Raw(f"{sign}{value}{sign}") if isinstance(value, str) and DATE.fullmatch(value.encode()) else value


@pytest.mark.parametrize("seed", SEEDS)
def test_comments_and_blank_lines(seed: int) -> None:
    files = {path: written(data).encode() for path, data in yaml_of(hurt(seed)).items()}
    more = {
        path: b"# a comment\n\n" + re.sub(rb"(?m)^(?=[\w\"-])", b"# why\n", raw) + b"\n# end\n"
        for path, raw in files.items()
    }
    assert judgement(more) == judgement(files)
    before, after = pointed_at(files), pointed_at(more)
    assert {one: after[one][1] for one, (line, _) in before.items() if line > 1} == {
        one: text for one, (line, text) in before.items() if line > 1
    }


def pointed_at(files: Files) -> dict[str, tuple[int, str]]:
    """By fingerprint the line that a gap points at, and what stands there."""
    gaps = [gap for report in reports(files) for gap in report.gaps]
    places = {gap.fingerprint: (gap.location.path, gap.location.line or 1) for gap in gaps}
    return {one: (line, files[path].decode().splitlines()[line - 1]) for one, (path, line) in places.items()}


@pytest.mark.parametrize("seed", SEEDS)
def test_order_of_keys(seed: int) -> None:
    data = yaml_of(hurt(seed))
    files, other = (
        {path: written(one).encode() for path, one in some.items()} for some in (data, shuffled(data, Random(seed)))
    )
    assert judgement(other) == judgement(files)


@pytest.mark.parametrize("seed", SEEDS)
def test_quotes_around_dates(seed: int) -> None:
    data = yaml_of(hurt(seed))
    plain, single, double = (
        {path: written(quoted(one, sign)).encode() for path, one in data.items()} for sign in ("", "'", '"')
    )
    assert plain != single
    assert reports(single) == reports(double) == reports(plain)


@pytest.mark.parametrize("seed", SEEDS)
def test_passing_days_close_nothing(seed: int) -> None:
    """What is overdue stays overdue, as long as no day that a file names comes."""
    files, day = hurt(seed, 2), date(2026, 3, 2) + timedelta(days=Random(seed).choice((0, 1, 20, 45, 100, 400)))
    named = {date.fromisoformat(text.decode()) for raw in files.values() for text in DATE.findall(raw) if valid(text)}
    later = min((later for later in named if later > day), default=day + timedelta(days=40)) - timedelta(days=1)
    before, after = (overdue(reports(files, moment.isoformat())) for moment in (day, later))
    assert before <= after


def valid(text: bytes) -> bool:
    try:
        return bool(date.fromisoformat(text.decode()))
    except ValueError:
        return False


def overdue(found: list[NodeReport]) -> set[str]:
    return {gap.fingerprint for report in found for gap in report.gaps if gap.rule in BY_TIME}


def test_days_that_pass_do_open_gaps() -> None:
    assert not overdue(reports(tracks()["premium"]))
    assert len(overdue(reports(tracks()["premium"], "2026-06-30"))) > 20


@pytest.mark.parametrize("seed", SEEDS)
def test_files_that_nothing_requires(seed: int) -> None:
    files = hurt(seed)
    one, two = ({**files, path: b"a: [1\n"} for path in ("NORTHWIND/WAREHOUSE/notes/a.txt", "readme.yaml"))
    counted = [
        replace(report, strays=()) for report in reports(one)
    ]  # that nobody reads the file is reported, not judged
    assert counted == reports(two) == reports(files)


def test_engagements_do_not_know_of_each_other() -> None:
    """Whatever was judged before, in whatever order, the report is the same."""
    places = {f"R{seed}/N{seed}": hurt(seed) for seed in SEEDS}
    files = {
        path.replace("NORTHWIND/WAREHOUSE", place): raw for place, some in places.items() for path, raw in some.items()
    }
    judge = scanner({**files, **realms()})
    refs = judge.nodes
    forwards, backwards = list(judge.scan(refs)), list(judge.scan(reversed(refs)))
    assert forwards == backwards[::-1]
    alone = {
        report.path: report
        for place in places
        for report in reports({p: raw for p, raw in files.items() if p.startswith(place)})
    }
    assert {report.path: report for report in forwards if report.path in alone} == alone


def test_the_order_in_which_files_were_made(tmp_path: Path) -> None:
    files, found = {**hurt(1), **realms()}, []
    for name, order in (("one/vault", sorted(files)), ("two/vault", sorted(files, reverse=True))):
        for path in order:
            (tmp_path / name / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / path).write_bytes(files[path])
        judge = replace(scanner(files), snapshot=scanner(files).snapshot.of(Directory(str(tmp_path / name))))
        found.append([judge.node(ref) for ref in judge.nodes])
    assert found[0] == found[1] == reports(files)
