"""The age of assets without a date of their own: from Git where Git knows it, and unknown where it does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.support.realms import DAY, ROLLOUT, Answer, Bp, Realms, git_words

PROFILE = f"{ROLLOUT}/support/support_profile.yaml"
COMMANDS = ("rev-list", "diff-tree", "cat-file", "ls-tree", "diff-index", "ls-files", "config", "rev-parse")
NOON = "T12:00:00+00:00"


@pytest.fixture
def undated(realms: Realms) -> Realms:
    """One asset without a date, committed on 2026-02-20."""
    strip(realms, PROFILE)
    realms.commit(when=f"2026-02-20{NOON}")
    return realms


def strip(realms: Realms, path: str) -> None:
    lines = (realms.path / path).read_text(encoding="utf-8").splitlines(keepends=True)
    realms.write(path, "".join(line for line in lines if not line.startswith("last_updated:")))


def age(answer: Answer, path: str = PROFILE) -> tuple[int | None, str]:
    """Age in days of one asset, and who says so."""
    lines = [line for node in answer.data["nodes"] for line in node["assets"] if line["path"] == path]
    day, until = lines[0]["last_updated"], date.fromisoformat(answer.data["as_of"][:10])
    return None if day is None else (until - date.fromisoformat(day)).days, lines[0]["dated_by"]


@pytest.fixture
def scan(bp: Bp) -> Bp:
    """`bp scan` as of the second of March."""
    return lambda *more: bp("scan", "--no-write", "--as-of", DAY, "-f", "json", *more)


def test_a_change_dates_what_it_changed(undated: Realms, scan: Bp) -> None:
    assert age(scan()) == (10, "git")
    undated.git("rm", "--quiet", PROFILE)
    undated.commit(when=f"2026-02-21{NOON}")
    undated.git("checkout", "HEAD^", "--", PROFILE)
    undated.commit(when=f"2026-02-22{NOON}")  # what was deleted and comes back is of the day on which it came back
    assert age(scan()) == (8, "git")
    (undated.path / PROFILE).chmod(0o755)
    undated.commit(when=f"2026-02-23{NOON}")
    assert age(scan()) == (8, "git")
    undated.move(PROFILE, f"{ROLLOUT}/support/renamed.yaml")
    undated.commit(when=f"2026-02-24{NOON}")
    undated.move(f"{ROLLOUT}/support/renamed.yaml", PROFILE)
    undated.commit(when=f"2026-02-25{NOON}")  # a rename dates the file anew: under that name nothing was there
    assert age(scan()) == (5, "git")
    assert age(scan("--rev", "HEAD~3")) == (8, "git")


def test_what_is_not_committed_is_reported_once_with_the_fix(undated: Realms, scan: Bp) -> None:
    strip(undated, f"{ROLLOUT}/support/case_log.yaml")
    undated.append(PROFILE, "# seen\n")
    for more in ((), ("--staged",)):
        answer = scan(*more)
        assert age(answer) == (None, "unknown")
        assert answer.err.count("is not known: they have changes that are not committed (commit them, or ") == 1
        undated.git("add", "--all")
    assert age(scan("--rev", "HEAD")) == (10, "git")


def test_a_date_from_the_future_or_the_first_day_of_all(undated: Realms, scan: Bp) -> None:
    undated.append(PROFILE, "# seen\n")
    undated.commit(when=f"2031-01-01{NOON}")
    assert age(scan()) == (0, "git")
    undated.append(PROFILE, "# again\n")
    undated.commit(when="1970-01-01T00:00:00+00:00")
    days, by = age(scan())
    assert (days, by) == (20_514, "git")


def test_the_day_of_a_commit_is_that_of_the_time_zone(undated: Realms, scan: Bp) -> None:
    undated.append(PROFILE, "# seen\n")
    undated.commit(when="2026-02-21T23:30:00+00:00")
    assert age(scan()) == (9, "git")
    undated.write("bp.yaml", "timezone: Europe/Prague\n")
    assert age(scan()) == (8, "git")


def test_a_stand_in_for_a_commit_deceives_nobody(undated: Realms, scan: Bp) -> None:
    """What `git replace` and grafts put in place of a commit exists in one clone only."""
    forged = undated.git(
        "commit-tree", "HEAD^{tree}", "-p", "HEAD^", "-m", "x", env={"GIT_COMMITTER_DATE": f"2026-03-01{NOON}"}
    )
    undated.git("replace", "HEAD", forged)
    assert undated.git("log", "-1", "--format=%cs") == "2026-03-01"
    assert age(scan()) == (10, "git")
    (undated.path / ".git" / "info").mkdir(exist_ok=True)
    undated.git("replace", "--delete", "HEAD")
    undated.write(".git/info/grafts", undated.git("rev-parse", "HEAD") + "\n")  # as if there were nothing before it
    strip(undated, f"{ROLLOUT}/support/case_log.yaml")
    undated.git("stash", "--quiet")
    undated.write("bp.yaml", "git_clock: true\n")
    assert age(scan()) == (10, "git")


@pytest.mark.parametrize("filtered", ["blob:none", "tree:0"])
def test_a_partial_clone_says_so_once(
    undated: Realms, tmp_path: Path, run: Callable[..., Answer], filtered: str
) -> None:
    undated.git("config", "uploadpack.allowFilter", "true")
    clone = undated.clone(tmp_path / "clone", f"--filter={filtered}")
    undated.path.rename(tmp_path / "gone")  # nothing can be fetched
    answer = run(clone.path, "scan", "--no-write", "--as-of", DAY, "-f", "json")
    assert age(answer) == (None, "unknown")
    assert answer.err.count("age of some files") == 1
    assert "clone without --filter" in answer.err


def test_one_walk_whatever_the_number_of_engagements(
    realms: Realms, scan: Bp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    realms.write("bp.yaml", "git_clock: true\n")

    def walks() -> dict[str, int]:
        counted = git_words(tmp_path, monkeypatch)
        assert set(map(age_by, scan("-j", "1").data["nodes"])) == {"git"}
        return {word: counted()[word] for word in COMMANDS}

    def age_by(node: dict[str, list[dict[str, str]]]) -> str:
        return next(line["dated_by"] for line in node["assets"] if line["asset"] == "support/support_profile.yaml")

    strip(realms, PROFILE)
    realms.commit()
    few = walks()
    for number in range(30):
        realms.add_node(ROLLOUT, f"REALM/N{number}")
        strip(realms, f"REALM/N{number}/support/support_profile.yaml")
    realms.commit()
    assert walks() == few
    assert few["rev-list"] == 3  # ages, what files held before, and how far back that goes
