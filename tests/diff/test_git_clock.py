"""Declared dates held against the history: hollow refreshes, and dates that cannot be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from change_kit import DAY, ROLLOUT, Answer, Bp, Realms

CASES = f"{ROLLOUT}/support/case_log.yaml"
HEALTH = f"{ROLLOUT}/governance/health_score.yaml"
BUMP = ("last_updated: 2026-02-13", "last_updated: 2026-02-28")


@pytest.fixture
def scan(bp: Bp) -> Bp:
    """`bp scan --hollow`; its gaps as rule and message."""
    return lambda *more: bp("scan", "--hollow", "--no-write", "--as-of", DAY, "-f", "json", *more)


def found(answer: Answer) -> list[tuple[str, str]]:
    return [(gap["rule"], gap["message"]) for node in answer.data["nodes"] for gap in node["gaps"]]


def test_a_date_that_moved_alone_is_told_with_the_day_of_the_content(realms: Realms, scan: Bp) -> None:
    assert found(scan()) == []
    realms.edit(CASES, *BUMP)
    realms.commit(when="2026-02-28T12:00:00+00:00")
    ((rule, message),) = found(scan())
    assert rule == "hollow-refresh"
    assert message.endswith("moved to 2026-02-28, but the content has not changed since 2026-01-05")
    realms.edit(CASES, "last_updated: 2026-02-28", "last_updated: 2026-03-01")
    realms.commit(when="2026-03-01T12:00:00+00:00")
    ((_, message),) = found(scan("--rev", "HEAD"))
    assert message.endswith("since 2026-01-05")


def test_it_is_opt_in(realms: Realms, bp: Bp) -> None:
    realms.edit(CASES, *BUMP)
    realms.commit()
    assert found(bp("scan", "--no-write", "--as-of", DAY, "-f", "json")) == []
    realms.write("bp.yaml", "hollow_refresh: true\n")
    assert [rule for rule, _ in found(bp("scan", "--no-write", "--as-of", DAY, "-f", "json"))] == ["hollow-refresh"]
    assert found(bp("scan", "--no-hollow", "--no-write", "--as-of", DAY, "-f", "json")) == []


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
        realms.append(CASES, "# a remark, committed later, is no content either\n")
        realms.commit(when="2026-03-01T12:00:00+00:00")
        assert [rule for rule, _ in found(scan())] == expected


def test_diff_tells_who_moved_the_date(realms: Realms, bp: Bp) -> None:
    realms.edit(CASES, *BUMP)
    answer = bp("diff", "HEAD", "--as-of", DAY, "-f", "json")
    (gap,) = answer.data["introduced"]
    assert (answer.code, gap["rule"], gap["severity"], gap["location"]["line"]) == (0, "hollow-refresh", "warning", 2)
    assert gap["message"].endswith("since 2026-01-05")


def test_what_is_not_committed_and_what_a_shallow_clone_lacks_is_not_known(
    realms: Realms, scan: Bp, tmp_path: Path, run: Callable[..., Answer]
) -> None:
    realms.edit(CASES, *BUMP)
    assert found(scan()) == []
    realms.commit()
    clone = realms.clone(tmp_path / "clone", "--depth=1")
    answer = run(clone.path, "scan", "--hollow", "--no-write", "--as-of", DAY, "-f", "json")
    assert found(answer) == []
    assert answer.err.count("git fetch --unshallow") == 1
    partial = realms.clone(tmp_path / "partial", "--filter=blob:none")
    answer = run(partial.path, "scan", "--hollow", "--no-write", "--as-of", DAY, "-f", "json")
    assert (found(answer), answer.err.count("the clone is partial")) == ([], 1)


def test_many_engagements_in_several_processes(realms: Realms, scan: Bp) -> None:
    for number in range(61):
        realms.add_node("BLUEFIN/TRIAL", f"BLUEFIN/T{number}")
    realms.commit()
    realms.edit("BLUEFIN/T3/support/support_profile.yaml", "last_updated: 2026-", "last_updated: 2026-02-28 #")
    realms.commit()
    one, two = scan("-j", "1"), scan("-j", "2")
    assert [rule for rule, _ in found(one)] == ["hollow-refresh"]
    assert one.out == two.out


def test_cross_checks_are_asked_for(realms: Realms, bp: Bp) -> None:
    def rules() -> list[tuple[str, str]]:
        realms.write("bp.yaml", "git_clock: true\n")
        return found(bp("scan", "--no-write", "--as-of", DAY, "-f", "json"))

    realms.git("commit", "--amend", "--quiet", "--no-edit", env={"GIT_COMMITTER_DATE": "2026-03-02T12:00:00+00:00"})
    assert rules() == []
    realms.append(CASES, "# seen\n")
    realms.commit(when="2026-02-10T12:00:00+00:00")
    written = "`last_updated` 2026-02-13 is newer than the commit that wrote it (2026-02-10)"
    assert rules() == [("future-date", written)]
    realms.edit(CASES, "last_updated: 2026-02-13", "last_updated: 2026-02-14")  # not committed: not known
    assert rules() == []
    realms.edit(HEALTH, "calculated_at: 2026-02-27", "calculated_at: 2026-02-28")
    assert rules() == [("future-date", "the newest health score is of 2026-02-28, after `last_updated` 2026-02-27")]
