"""Declared dates held against the history: hollow refreshes, and dates that cannot be."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.realms import DAY, ROLLOUT, Answer, Bp, Realms, git_words

CASES = f"{ROLLOUT}/support/case_log.yaml"
HEALTH = f"{ROLLOUT}/governance/health_score.yaml"
BUMP = ("last_updated: 2026-02-13", "last_updated: 2026-02-28")


@pytest.fixture
def scan(bp: Bp) -> Bp:
    """`bp scan`; its gaps as rule and message."""
    return lambda *more: bp("scan", "--no-write", "--as-of", DAY, "-f", "json", *more)


def found(answer: Answer) -> list[tuple[str, str]]:
    return [(gap["rule"], gap["message"]) for node in answer.data["nodes"] for gap in node["gaps"]]


def test_a_date_that_moved_alone_is_reported_with_the_day_of_the_content(realms: Realms, scan: Bp) -> None:
    assert found(scan()) == []
    realms.edit(CASES, *BUMP)
    realms.commit(when="2026-02-28T12:00:00+00:00")
    ((rule, message),) = found(scan())
    assert rule == "hollow-refresh"
    assert message == (
        "`last_updated` was moved to 2026-02-28, but the content has not changed since 2026-01-05; if it was reviewed "
        "and is unchanged, write `reviewed_at: 2026-02-28` and `reviewed_by: sam.okafor`"
    )
    realms.edit(CASES, "last_updated: 2026-02-28", "last_updated: 2026-03-01")
    realms.commit(when="2026-03-01T12:00:00+00:00")
    ((_, message),) = found(scan("--rev", "HEAD"))
    assert "has not changed since 2026-01-05;" in message


def test_it_is_looked_for_unless_somebody_says_no(realms: Realms, bp: Bp) -> None:
    plain = ("scan", "--no-write", "--as-of", DAY, "-f", "json")
    realms.edit(CASES, *BUMP)
    realms.commit()
    assert [rule for rule, _ in found(bp(*plain))] == ["hollow-refresh"]
    assert found(bp(*plain, "--no-hollow")) == []
    realms.write("bp.yaml", "hollow_refresh: false\n")
    assert found(bp(*plain)) == []
    assert [rule for rule, _ in found(bp(*plain, "--hollow"))] == ["hollow-refresh"]


def test_what_lies_far_back_is_found_only_on_request(realms: Realms, bp: Bp) -> None:
    plain = ("scan", "--no-write", "--as-of", DAY, "-f", "json")
    realms.edit(CASES, *BUMP)
    realms.commit(when="2026-02-28T12:00:00+00:00")
    who, health = "committer S <s@example.org>", (realms.path / HEALTH).read_text(encoding="utf-8")
    stream = []
    for number in range(1_000):
        text = f"{health}# {number}\n"
        stream.append(f"commit refs/heads/main\n{who} {1772280000 + number} +0000\ndata 1\nc\n")
        stream.append("from refs/heads/main^0\n" if number == 0 else "")
        stream.append(f"M 100644 inline {HEALTH}\ndata {len(text.encode())}\n{text}\n")
    realms.git("fast-import", "--quiet", feed="".join(stream))
    realms.git("reset", "--quiet", "--hard")
    assert found(bp(*plain)) == []
    ((rule, message),) = found(bp(*plain, "--hollow"))
    assert rule == "hollow-refresh"
    assert "since 2026-01-05;" in message
    assert found(bp(*plain, "--hollow", "--shard", "1/1", "NORDWIND/ROLLOUT")) == [(rule, message)]
    realms.git("reset", "--quiet", "--hard", "HEAD~1")
    seen = message.replace("2026-01-05", "2026-02-13 at least")  # what was before is further back
    assert found(bp(*plain)) == found(bp(*plain, "NORDWIND/ROLLOUT")) == [(rule, seen)]


def test_what_is_found_of_a_file_does_not_depend_on_the_others(realms: Realms, scan: Bp) -> None:
    """A walk through the last commits ends at the same commit for one engagement and for all."""
    realms.add_node("BLUEFIN/TRIAL")
    realms.commit()
    realms.edit(CASES, *BUMP)
    realms.commit(when="2026-02-28T12:00:00+00:00")
    who, stream = "committer S <s@example.org>", []
    for number in range(1_100):
        stream.append(f"commit refs/heads/main\n{who} {1772280000 + number} +0000\ndata 1\nc\n")
        stream.append("from refs/heads/main^0\n" if number == 0 else "")
        stream.append(f"M 100644 inline BLUEFIN/TRIAL/notes.txt\ndata 4\n{number:04}\n")
    realms.git("fast-import", "--quiet", feed="".join(stream))
    realms.git("reset", "--quiet", "--hard")
    assert [rule for rule, _ in found(scan("--hollow"))] == ["hollow-refresh"]
    assert found(scan()) == found(scan("NORDWIND/ROLLOUT")) == found(scan("--shard", "2/2")) == []


def test_without_a_history_nothing_is_reported_unless_required(realms: Realms, run: Callable[..., Answer]) -> None:
    realms.remove(".git")
    plain = ("scan", "--no-write", "--as-of", DAY, "-f", "json")
    assert "hollow" not in run(realms.path, *plain).err
    assert run(realms.path, *plain, "--hollow").err.count("there is no history") == 1


def test_a_bump_counts_before_it_is_committed(realms: Realms, scan: Bp) -> None:
    """Committing a report must not change it."""
    realms.edit(CASES, *BUMP)
    text = (realms.path / CASES).read_bytes()
    answers = [scan()]
    realms.git("add", "--all")
    answers += [scan("--staged")]
    realms.commit(when="2026-02-28T12:00:00+00:00")
    answers += [scan(), scan("--staged"), scan("--rev", "HEAD")]
    (realms.path / CASES).write_bytes(text.replace(b"\n", b"\r\n"))
    answers += [scan()]
    assert [rule for rule, _ in found(answers[0])] == ["hollow-refresh"]
    assert {answer.out for answer in answers} == {answers[0].out}


def test_many_bumps_tell_the_day_of_the_content(realms: Realms, scan: Bp) -> None:
    last = BUMP[0]
    for day in range(14, 29):
        realms.edit(CASES, last, last := f"last_updated: 2026-02-{day}")
        realms.commit(when=f"2026-02-{day}T12:00:00+00:00")
    ((_, message),) = found(scan())
    assert "moved to 2026-02-28, but the content has not changed since 2026-01-05;" in message


def test_a_real_change_is_none(realms: Realms, scan: Bp) -> None:
    realms.edit(CASES, *BUMP)
    realms.edit(CASES, "severity: low", "severity: medium")
    realms.commit()
    assert found(scan()) == []  # a bump and a change in one commit
    realms.edit(CASES, "severity: medium", "severity: low")
    realms.commit()
    assert found(scan()) == []  # changed and changed back: both were changes
    realms.edit(CASES, "last_updated: 2026-02-28", "last_updated: 2026-02-27")
    realms.commit()
    assert found(scan()) == []  # a date that moves back refreshes nothing
    realms.edit(CASES, "last_updated: 2026-02-27", "last_updated: 2027-02-27")
    assert [rule for rule, _ in found(scan())] == ["future-date"]  # one cause, one gap


def relaid(text: str) -> str:
    """The same content in another layout: keys the other way round, comments, quotes."""
    head, cases = text.split("cases:\n")
    lines = [line for line in head.splitlines() if not line.startswith("#")]
    return (
        "# seen\ncases:  # all of them\n"
        + cases.replace("status: closed", 'status: "closed"')
        + "\n".join(lines)
        + "\n"
    )


@pytest.mark.parametrize(
    ("change", "hollow"),
    [
        (relaid, True),
        (lambda text: text.replace("updated_by: sam.okafor", "updated_by: jo.lind"), True),
        (lambda text: text + "x-reviewed_at: 2026-02-28\n", False),
        (lambda text: text + "reviewed_at: 2026-02-28\nreviewed_by: sam.okafor\n", False),
        (lambda text: text + "reviewed_at: 2026-02-28\n", False),
        (lambda text: text.replace("severity: low", "severity: medium"), False),
    ],
)
def test_layout_is_not_content(realms: Realms, scan: Bp, bp: Bp, change: Callable[[str], str], hollow: bool) -> None:
    text = (realms.path / CASES).read_text(encoding="utf-8")
    realms.write(CASES, change(text.replace(*BUMP)))
    expected = ["hollow-refresh"] if hollow else []
    assert bp("diff", "HEAD", "--as-of", DAY, "-f", "json").rules("introduced") == expected
    realms.commit(when="2026-02-28T12:00:00+00:00")
    assert [rule for rule, _ in found(scan())] == expected
    if hollow:
        realms.append(CASES, "# a remark, committed later, is not content either\n")
        realms.commit(when="2026-03-01T12:00:00+00:00")
        assert [rule for rule, _ in found(scan())] == expected


def test_the_advice_makes_the_gap_go_away(realms: Realms, scan: Bp) -> None:
    realms.edit(CASES, *BUMP)
    realms.commit()
    ((_, message),) = found(scan())
    for line in re.findall(r"`(reviewed_\w+: [^`]+)`", message):
        realms.append(CASES, f"{line}\n")
    assert found(scan()) == []
    realms.commit()
    assert found(scan("--hollow")) == []


def test_a_review_that_was_recorded_before_the_date_counts(realms: Realms, scan: Bp) -> None:
    realms.append(CASES, "reviewed_at: 2026-02-28\nreviewed_by: sam.okafor\n")
    realms.commit()
    realms.edit(CASES, *BUMP)
    realms.commit()
    assert found(scan()) == []
    realms.edit(CASES, BUMP[1], "last_updated: 2026-03-01")
    realms.commit()
    assert [rule for rule, _ in found(scan())] == ["hollow-refresh"]


def test_the_content_is_not_from_after_the_date_that_was_moved(realms: Realms, scan: Bp) -> None:
    """Committed on a later day than either date."""
    realms.append(CASES, "x-remark: more\n")
    realms.commit(when="2026-03-01T12:00:00+00:00")
    realms.edit(CASES, *BUMP)
    realms.commit(when="2026-03-02T12:00:00+00:00")
    ((_, message),) = found(scan())
    assert "moved to 2026-02-28, but the content has not changed since 2026-02-13;" in message


def test_diff_tells_who_moved_the_date(realms: Realms, bp: Bp) -> None:
    realms.edit(CASES, *BUMP)
    answer = bp("diff", "HEAD", "--as-of", DAY, "-f", "json")
    (gap,) = answer.data["introduced"]
    assert (answer.code, gap["rule"], gap["severity"], gap["location"]["line"]) == (0, "hollow-refresh", "warning", 2)
    assert "has not changed since 2026-01-05;" in gap["message"]


def test_what_a_shallow_or_partial_clone_lacks_is_not_known(
    realms: Realms, tmp_path: Path, run: Callable[..., Answer]
) -> None:
    realms.edit(CASES, *BUMP)
    realms.commit()
    clone = realms.clone(tmp_path / "clone", "--depth=1")
    answer = run(clone.path, "scan", "--no-write", "--as-of", DAY, "-f", "json")
    assert found(answer) == []
    assert answer.err.count("git fetch --unshallow") == 1
    partial = realms.clone(tmp_path / "partial", "--filter=blob:none")
    answer = run(partial.path, "scan", "--no-write", "--as-of", DAY, "-f", "json")
    assert (found(answer), answer.err.count("the clone is partial")) == ([], 1)


def test_in_a_shallow_clone_the_day_is_that_of_the_file_at_least(
    realms: Realms, tmp_path: Path, run: Callable[..., Answer]
) -> None:
    realms.edit(CASES, *BUMP)
    realms.commit(when="2026-02-28T12:00:00+00:00")
    clone = realms.clone(tmp_path / "clone", "--depth=2")
    ((rule, message),) = found(run(clone.path, "scan", "--no-write", "--as-of", DAY, "-f", "json"))
    assert rule == "hollow-refresh"
    assert "has not changed since 2026-02-13 at least;" in message


def test_many_dates_of_one_change_need_one_walk(
    realms: Realms, bp: Bp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in sorted(realms.path.glob("NORDWIND/ROLLOUT/*/*.yaml")):
        text = re.sub(r"(?m)^last_updated: 2026.*$", "last_updated: 2026-03-02", path.read_text(encoding="utf-8"))
        path.write_text(text, encoding="utf-8")
    counted = git_words(tmp_path, monkeypatch)
    rules = bp("diff", "HEAD", "--as-of", DAY, "-f", "json").rules("introduced")
    assert rules.count("hollow-refresh") > 20
    assert counted()["rev-list"] == 1


def test_many_engagements_in_several_processes(realms: Realms, scan: Bp) -> None:
    for number in range(61):
        realms.add_node("BLUEFIN/TRIAL", f"BLUEFIN/T{number}")
    realms.commit()
    realms.edit("BLUEFIN/T3/support/support_profile.yaml", "last_updated: 2026-", "last_updated: 2026-02-28 #")
    realms.commit()
    one, two = scan("-j", "1"), scan("-j", "2")
    assert [rule for rule, _ in found(one)] == ["hollow-refresh"]
    assert one.out == two.out


def test_cross_checks_are_made_on_request(realms: Realms, bp: Bp) -> None:
    def rules() -> list[tuple[str, str]]:
        realms.write("bp.yaml", "git_clock: true\n")
        return found(bp("scan", "--no-write", "--as-of", DAY, "-f", "json"))

    realms.git("commit", "--amend", "--quiet", "--no-edit", env={"GIT_COMMITTER_DATE": "2026-03-02T12:00:00+00:00"})
    assert rules() == []
    realms.append(CASES, "# seen\n")
    realms.commit(when="2026-02-10T12:00:00+00:00")
    written = "`last_updated` 2026-02-13 is newer than the commit that wrote it (2026-02-10)"
    assert rules() == [("future-date", written)]
    realms.edit(CASES, "severity: low", "severity: medium")  # not committed: not known
    assert rules() == []
    realms.edit(HEALTH, "calculated_at: 2026-02-27", "calculated_at: 2026-02-28")
    assert rules() == [("future-date", "the newest health score is of 2026-02-28, after `last_updated` 2026-02-27")]
