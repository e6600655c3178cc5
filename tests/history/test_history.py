"""Health over time, replayed from commits with the clock of their days."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from blueprint_cli.model import NodeStatus, Severity, Status
from blueprint_cli.model.timeline import Point, State, Timeline
from blueprint_cli.render import render
from blueprint_cli.render.options import RenderOptions
from blueprint_cli.render.text import sparkline
from tests.support.realms import ROLLOUT, Answer, Bp, Realms

CASES = f"{ROLLOUT}/support/case_log.yaml"
HEALTH = f"{ROLLOUT}/governance/health_score.yaml"


@pytest.fixture
def past(tmp_path: Path) -> Realms:
    """Clean on 2026-03-02, without health score on the 3rd, a second engagement on the 10th."""
    scratch = Realms.new(tmp_path / "portfolio")
    assert isinstance(scratch, Realms)
    scratch.commit({"README.md": "nothing yet\n"}, when="2026-02-20T12:00:00+00:00")
    scratch.add_node(ROLLOUT)
    scratch.commit(when="2026-03-02T12:00:00+00:00")
    scratch.remove(HEALTH)
    scratch.commit(when="2026-03-03T12:00:00+00:00")
    scratch.add_node("BLUEFIN/TRIAL")
    scratch.commit(when="2026-03-10T12:00:00+00:00")
    return scratch


LAST = ("--until", "2026-03-10")


@pytest.fixture
def replay(past: Realms, run: Callable[..., Answer]) -> Bp:
    """`bp history`, by default up to the day of the last commit."""
    return lambda *arguments: run(past.path, "history", *(() if "--until" in arguments else LAST), *arguments)


def test_each_commit_is_judged_on_its_own_day(replay: Bp, past: Realms, run: Callable[..., Answer]) -> None:
    points = replay("--step", "commit", "-f", "json").data["points"]
    mine = [point for point in points if point["node"] == ROLLOUT]
    assert [point["day"] for point in mine] == ["2026-02-20", "2026-03-02", "2026-03-03", "2026-03-10"]
    assert [point["status"] for point in mine] == [None, "passing", "failing", "failing"]
    for point in mine[1:]:
        scan = run(past.path, "scan", "--rev", point["commit"], "--as-of", point["day"], "-f", "json").data
        (node,) = [node for node in scan["nodes"] if f"{node['realm']}/{node['node']}" == ROLLOUT]
        assert (point["compliance"], point["gaps"]) == (node["summary"]["compliance"], node["summary"]["gaps"])
        assert point["pass_rate"] == node["summary"]["checklist_pass_rate"]["value"]


@pytest.mark.parametrize(
    ("step", "days"),
    [("week", ["2026-02-20", "2026-03-01", "2026-03-03", "2026-03-10"]), ("month", ["2026-02-20", "2026-03-10"])],
)
def test_a_week_or_month_is_its_last_commit(replay: Bp, step: str, days: list[str]) -> None:
    totals = replay("--step", step, "-f", "json").data["totals"]
    assert [total["day"] for total in totals] == days
    assert [total["day"] for total in totals if total["commit"] is None] == days[1:-2], "a week without a commit"


@pytest.mark.parametrize(
    ("step", "until", "carried"),
    [
        ("week", "2026-03-14", []),
        ("week", "2026-04-01", ["2026-03-22", "2026-03-29", "2026-04-01"]),
        ("month", "2026-05-15", ["2026-04-30", "2026-05-15"]),
        ("commit", "2026-05-15", ["2026-05-15"]),
    ],
)
def test_the_last_state_is_carried_to_the_end(
    replay: Bp, past: Realms, run: Callable[..., Answer], step: str, until: str, carried: list[str]
) -> None:
    """Nobody commits any more, and time goes on: each row is what a scan of that day says."""
    points = replay("--step", step, "--until", until, "-f", "json", "--since", "2026-03-10").data["points"]
    mine = [point for point in points if point["node"] == ROLLOUT]
    assert [point["day"] for point in mine if point["commit"] is None] == carried
    assert mine[-1]["day"] == until
    for point in mine[-2:]:
        scan = run(past.path, "scan", "--rev", "HEAD", "--as-of", point["day"], "-f", "json").data
        (node,) = [node for node in scan["nodes"] if f"{node['realm']}/{node['node']}" == ROLLOUT]
        assert (point["compliance"], point["gaps"]) == (node["summary"]["compliance"], node["summary"]["gaps"])


def test_it_goes_on_to_today(past: Realms, run: Callable[..., Answer]) -> None:
    answer = run(past.path, "history", ROLLOUT, "--step", "month")
    last = answer.out.splitlines()[-1]
    assert last.startswith(datetime.now(UTC).date().isoformat())
    assert "no commit" in last
    assert "of them without a commit" in answer.out


def test_a_time_without_a_commit_begins_with_what_was_there(replay: Bp) -> None:
    answer = replay(ROLLOUT, "--since", "2026-03-04", "--until", "2026-03-09", "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(answer.out)))
    assert [(row["day"], row["commit"], row["status"]) for row in rows] == [
        ("2026-03-08", "", "failing"),
        ("2026-03-09", "", "failing"),
    ]


def test_since_leaves_out_what_was_before(replay: Bp) -> None:
    answer = replay("--since", "2026-03-03", "--step", "commit", "-f", "json")
    assert [total["day"] for total in answer.data["totals"]] == ["2026-03-03", "2026-03-10"]
    assert replay("--since", "2027-01-01").out == "no commit in this time\n"


def test_the_table_of_all_shows_the_course_and_the_end(replay: Bp) -> None:
    answer = replay("--step", "commit")
    lines = answer.out.splitlines()
    assert lines[0] == "2026-02-20 to 2026-03-10, 4 commits"
    assert [line.split("  ")[0] for line in lines[3:]] == ["BLUEFIN/TRIAL", ROLLOUT, "all engagements"]
    assert "   █        passing" in lines[3]  # three commits knew no such engagement
    assert "today's" in answer.err


def test_one_engagement_has_a_row_a_moment(replay: Bp) -> None:
    lines = replay("NORDWIND/ROLLOUT", "--step", "commit").out.splitlines()
    assert lines[0].startswith("NORDWIND/ROLLOUT · ")
    assert [line.split("  ")[0] for line in lines[4:]] == ["2026-02-20", "2026-03-02", "2026-03-03", "2026-03-10"]
    assert lines[4].split() == ["2026-02-20", lines[4].split()[1], "absent"]


def test_csv_has_empty_cells_and_no_formulas(replay: Bp) -> None:
    rows = list(csv.DictReader(io.StringIO(replay("--step", "commit", "-f", "csv").out)))
    assert len(rows) == 8
    assert {rows[0][key] for key in ("status", "compliance", "errors", "pass_rate")} == {""}
    point = Point(NodeStatus.PASSING, {Status.PASSED: 1}, dict.fromkeys(Severity, 0))
    moment = State("2026-03-02", "abc", dict.fromkeys(("=cmd()/N", "+1/N", "-1/N", "@x/N", "A/N"), point))
    written = list(csv.reader(io.StringIO(render(Timeline("week", (moment,)), "csv", RenderOptions()))))
    assert sorted(row[2] for row in written[1:]) == ["'+1/N", "'-1/N", "'=cmd()/N", "'@x/N", "A/N"]


@pytest.mark.parametrize("separator", [",", ";", "|", "\t"])
def test_no_cell_is_a_formula_whatever_separates_cells(separator: str) -> None:
    """Spreadsheets of many countries separate the cells of a CSV file by semicolons."""
    names = ("a;@SUM(1)/N", 'a;"=1+1"/N', '"=1/N', "a; =1/N", "x|+1/N", "a,-cmd()/N", "a\t=1/N", "＝1/N", 'a;b|c,d"e/N')
    point = Point(NodeStatus.PASSING, {Status.PASSED: 1}, dict.fromkeys(Severity, 0))
    written = render(
        Timeline("week", (State("2026-03-02", "abc", dict.fromkeys(names, point)),)), "csv", RenderOptions()
    )
    cells = [cell for row in csv.reader(io.StringIO(written), delimiter=separator) for cell in row]
    assert not [cell for cell in cells if cell.lstrip(' "').startswith(tuple("=+-@＝＋－＠\t\r"))]
    assert separator != "," or {"a;'@SUM(1)/N", 'a;b|c,d"e/N'} <= set(cells)


def test_several_formats_at_once(replay: Bp, past: Realms) -> None:
    git = past.path / ".git"
    answer = replay("-f", "text", "-f", f"csv={git / 'h.csv'}", "-f", f"json={git / 'h.json'}")
    assert answer.code == 0, answer.err
    assert "Pass rate" in answer.out
    assert (git / "h.csv").read_text(encoding="utf-8").startswith("day,commit,node,")
    assert json.loads((git / "h.json").read_text(encoding="utf-8"))["step"] == "week"
    assert replay("-f", "text", "-f", "csv").code == replay("-f", "csv=").code == 2


def test_the_policy_is_one_for_all(replay: Bp, past: Realms) -> None:
    past.write("bp.yaml", "exclude: [BLUEFIN/**]\n")
    assert {point["node"] for point in replay("-f", "json").data["points"]} == {ROLLOUT}
    named = replay("--policy-from", "HEAD", "-f", "json")
    assert {point["node"] for point in named.data["points"]} == {ROLLOUT, "BLUEFIN/TRIAL"}
    assert "that of HEAD" in named.err


def test_a_bare_repository_and_a_shallow_one(past: Realms, tmp_path: Path, run: Callable[..., Answer]) -> None:
    bare = past.clone(tmp_path / "bare.git", "--bare")
    assert run(bare.path, "history", *LAST, "-f", "csv").out.count("\n") == 9
    shallow = past.clone(tmp_path / "shallow", "--depth=1")
    answer = run(shallow.path, "history", *LAST, "-f", "csv")
    assert (answer.out.count("\n"), "git fetch --unshallow" in answer.err) == (3, True)


def test_usage(replay: Bp, tmp_path: Path, run: Callable[..., Answer]) -> None:
    assert replay("--step", "year").code == replay("-f", "yaml").code == replay("--since", "soon").code == 2
    assert "is not a day" in replay("--until", "soon").err
    unknown = replay("NORDWIND/NOWHERE")
    assert (unknown.code, "for example BLUEFIN/TRIAL" in unknown.err) == (2, True)
    fresh = Realms.new(tmp_path / "fresh")
    assert run(fresh.path, "history").out == "no commit in this time\n"


def test_a_bar_a_value() -> None:
    assert sparkline([0, 12, 13, 50, 99, 100, None, 100]) == "▁▁▂▅██ █"


def test_a_wrong_clock_hides_nothing(replay: Bp, past: Realms) -> None:
    for when in ("1999-01-01", "2099-01-01", "2026-03-11"):
        past.commit({"notes.md": when}, when=f"{when}T12:00:00+00:00")
    days = ["2026-02-20", "2026-03-02", "2026-03-03", "2026-03-10", "2026-03-11"]
    answer = replay("--step", "commit", "-f", "json", "--until", days[-1])
    assert [total["day"] for total in answer.data["totals"]] == ["1999-01-01", *days]
    assert "1 commit is left out: dated after today" in answer.err
    answer = replay("--step", "commit", "--since", "2026-01-01", "-f", "json", "--until", days[-1])
    assert [total["day"] for total in answer.data["totals"]] == days


def test_weeks_and_months_are_those_of_the_time_zone(replay: Bp, past: Realms) -> None:
    past.commit({"notes.md": "a"}, when="2026-03-15T22:30:00+00:00")  # Sunday in both
    past.commit({"notes.md": "b"}, when="2026-03-15T23:30:00+00:00")  # Sunday in UTC, Monday in Prague
    until = ("--until", "2026-03-16", "-f", "json")
    assert [total["day"] for total in replay(*until).data["totals"]][-3:] == ["2026-03-03", "2026-03-15", "2026-03-16"]
    assert replay(*until).data["totals"][-1]["commit"] is None
    past.write("bp.yaml", "timezone: Europe/Prague\n")
    days = ["2026-02-20", "2026-03-01", "2026-03-03", "2026-03-15", "2026-03-16"]
    assert [total["day"] for total in replay(*until).data["totals"]] == days
    assert replay(*until).data["totals"][-1]["commit"] is not None
    assert [total["day"] for total in replay("--since", "2026-03-16", *until).data["totals"]] == days[-1:]


def test_it_counts_what_the_scan_of_that_day_counts(replay: Bp, past: Realms, run: Callable[..., Answer]) -> None:
    """Also what only the history knows: here a date that moved alone."""
    past.edit(CASES, "last_updated: 2026-02-13", "last_updated: 2026-03-11")
    tip = past.commit(when="2026-03-11T12:00:00+00:00")
    scan = run(past.path, "scan", "--rev", tip, "--as-of", "2026-03-11", "-f", "json").data
    gaps = {f"{node['realm']}/{node['node']}": node["summary"]["gaps"] for node in scan["nodes"]}
    assert "hollow-refresh" in [gap["rule"] for node in scan["nodes"] for gap in node["gaps"]]
    points = replay("--step", "commit", "-f", "json", "--until", "2026-03-11").data["points"]
    assert {point["node"]: point["gaps"] for point in points if point["day"] == "2026-03-11"} == gaps


def test_an_engagement_under_a_new_name_ends_and_begins(replay: Bp, past: Realms) -> None:
    past.move(ROLLOUT, "NORDWIND/PHASE2")
    past.write("bp.yaml", "a: [\n")  # what the configuration was then does not matter: today's judges
    past.commit(when="2026-03-11T12:00:00+00:00")
    past.remove("bp.yaml")
    past.commit(when="2026-03-12T12:00:00+00:00")
    points = replay("--step", "commit", "-f", "json", "--until", "2026-03-12").data["points"]
    courses = {
        name: [point["compliance"] is not None for point in points if point["node"] == name] for name in (ROLLOUT,)
    }
    courses["NORDWIND/PHASE2"] = [
        point["compliance"] is not None for point in points if point["node"] == "NORDWIND/PHASE2"
    ]
    assert courses == {ROLLOUT: [False, *[True] * 3, False, False], "NORDWIND/PHASE2": [*[False] * 4, True, True]}


def test_a_broken_configuration_of_today_is_reported(replay: Bp, past: Realms) -> None:
    past.write("bp.yaml", "a: [\n")
    answer = replay()
    assert (answer.code, "bp.yaml:1" in answer.err) == (2, True)
    assert replay("--policy-from", "HEAD").code == 0


@pytest.fixture
def walks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many walks through the history git was started for since the last count."""
    log, real = tmp_path / "git.log", shutil.which("git")
    shim = tmp_path / "bin" / "git"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\necho "$*" >> "{log}"\nexec "{real}" "$@"\n', encoding="utf-8")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", f"{shim.parent}{os.pathsep}{os.environ['PATH']}")

    def count() -> int:
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return sum(" rev-list --parents " in line for line in lines)

    return count


@pytest.fixture
def undated(tmp_path: Path) -> Realms:
    """Three engagements, each with an asset that declares no date, so that its age is that of its last commit."""
    scratch = Realms.new(tmp_path / "undated")
    assert isinstance(scratch, Realms)
    scratch.write("bp.yaml", "hollow_refresh: false\n")
    for name in ("ONE", "TWO", "THREE"):
        scratch.add_node(ROLLOUT, f"NORDWIND/{name}")
        text = (scratch.path / f"NORDWIND/{name}/support/case_log.yaml").read_text(encoding="utf-8")
        kept = [line for line in text.splitlines() if not line.startswith("last_updated:")]
        scratch.write(f"NORDWIND/{name}/support/case_log.yaml", "\n".join(kept) + "\n")
    scratch.commit(when="2026-03-02T12:00:00+00:00")
    scratch.commit({"NORDWIND/ONE/notes.md": "seen\n"}, when="2026-03-03T12:00:00+00:00")
    return scratch


def test_the_history_is_walked_once_for_all_engagements_of_a_state(
    undated: Realms, run: Callable[..., Answer], walks: Callable[[], int]
) -> None:
    until = ("--until", "2026-03-05", "--jobs", "1", "-f", "json")
    answer = run(undated.path, "history", "--step", "commit", *until)
    assert [total["day"] for total in answer.data["totals"]] == ["2026-03-02", "2026-03-03", "2026-03-05"]
    assert walks() == 2, "a state that is carried on is not walked again"
    run(undated.path, "history", "--step", "week", "--since", "2026-03-04", "--until", "2026-04-20", "--jobs", "2")
    assert walks() <= 3, "not by each process that judges either"


def test_a_check_of_committed_reports_walks_the_history_once(
    undated: Realms, run: Callable[..., Answer], walks: Callable[[], int]
) -> None:
    run(undated.path, "scan", "--as-of", "2026-03-03")
    undated.commit(when="2026-03-04T12:00:00+00:00")
    walks()
    answer = run(undated.path, "scan", "--check", "--jobs", "1", "--as-of", "2026-03-04")
    assert "out of date" not in answer.err
    assert walks() == 1


def test_lint_asks_for_no_dates(undated: Realms, run: Callable[..., Answer], walks: Callable[[], int]) -> None:
    run(undated.path, "lint")
    assert walks() == 0
