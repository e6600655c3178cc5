"""Names of commits, merge bases, and the states that a branch went through."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from blueprint_cli.errors import BpError
from blueprint_cli.gitrepo import EmptyTree, commits, head, merge_base, resolve, tree_at
from tests.support.repository import Scratch


def test_branch_tag_and_abbreviation(scratch: Scratch) -> None:
    commit = scratch.commit()
    scratch.git("tag", "--annotate", "--message=x", "v1")
    for name in ("main", "v1", "HEAD", "@", commit, commit[:8], "refs/heads/main"):
        assert resolve(scratch.repo, name) == commit


def test_head_before_the_first_commit(scratch: Scratch) -> None:
    assert resolve(scratch.repo, "HEAD") is head(scratch.repo) is None
    assert isinstance(tree_at(scratch.repo, "HEAD"), EmptyTree)
    with pytest.raises(BpError, match="'main' is not known"):
        resolve(scratch.repo, "main")


@pytest.mark.parametrize("rev", ["", "-", "--output=zz", "--all", "a\nb", "a\0b"])
def test_what_is_not_a_revision(scratch: Scratch, rev: str) -> None:
    scratch.commit()
    with pytest.raises(BpError, match="is not a revision"):
        resolve(scratch.repo, rev)


def test_a_branch_that_looks_like_an_option_stays_a_name(scratch: Scratch) -> None:
    commit = scratch.commit()
    scratch.git("update-ref", "refs/heads/--output=zz", commit)
    assert resolve(scratch.repo, "refs/heads/--output=zz") == commit
    with pytest.raises(BpError):
        resolve(scratch.repo, "--output=zz")
    assert [path.name for path in scratch.path.iterdir()] == [".git"]


def test_unknown_names_are_answered_with_close_ones(scratch: Scratch) -> None:
    commit = scratch.commit()
    scratch.git("branch", "release-2026")
    scratch.git("update-ref", "refs/remotes/origin/develop", commit)
    with pytest.raises(BpError, match="Did you mean `release-2026`") as caught:
        resolve(scratch.repo, "release-2025")
    assert caught.value.message == f"revision 'release-2025' is not known in {scratch.path}"
    with pytest.raises(BpError, match="Did you mean `origin/develop`"):
        resolve(scratch.repo, "develop")
    with pytest.raises(BpError, match="Fetch it first"):
        resolve(scratch.repo, "0123456789012345678901234567890123456789")


def test_a_revision_that_is_not_a_commit(scratch: Scratch) -> None:
    scratch.write("x.yaml")
    scratch.commit()
    scratch.git("tag", "text", scratch.git("rev-parse", "HEAD:x.yaml"))
    scratch.git("tag", "--annotate", "--message=x", "described", "text")
    scratch.git("tag", "folder", "HEAD^{tree}")
    for name, what in {
        "HEAD^{tree}": "is a directory, not a commit",
        "folder": "is a directory, not a commit",
        "text": "is the content of a file, not a commit",
        "described": "is the content of a file, not a commit",
        "HEAD:x.yaml": "is not known",
        "HEAD~99": "is not known",
        "HEAD@{99}": "log for 'HEAD'",
        "main@{upstream}": "no upstream configured for branch 'main'",
        "^main": "is not one revision",
        "main..main": "is a range, not one revision",
    }.items():
        with pytest.raises(BpError, match=re.escape(what)) as caught:
            resolve(scratch.repo, name)
        assert caught.value.hint, name


def test_a_tag_of_a_tag_is_its_commit(scratch: Scratch) -> None:
    commit = scratch.commit()
    scratch.git("tag", "--annotate", "--message=x", "inner")
    scratch.git("tag", "--annotate", "--message=x", "outer", "inner")
    assert resolve(scratch.repo, "outer") == commit


def test_a_branch_and_a_tag_of_one_name_are_refused(scratch: Scratch) -> None:
    """Git takes the tag: anyone who may push tags could choose the base that a change is judged by."""
    old = scratch.commit()
    scratch.git("tag", "main")
    new = scratch.commit()
    scratch.git("config", "core.warnAmbiguousRefs", "false")
    for name in ("main", "main~0"):
        with pytest.raises(BpError, match="has two meanings") as caught:
            resolve(scratch.repo, name)
        assert "refs/heads/main for the branch" in str(caught.value.hint)
    assert resolve(scratch.repo, "refs/heads/main") == resolve(scratch.repo, "heads/main") == new
    assert resolve(scratch.repo, "refs/tags/main") == old


def test_names_that_say_what_they_mean_whatever_else_is_called_so(scratch: Scratch) -> None:
    old = scratch.commit()
    new = scratch.commit()
    for name in ("refs/heads/HEAD", f"refs/heads/{new}"):
        scratch.git("update-ref", name, old)
    assert resolve(scratch.repo, "HEAD") == resolve(scratch.repo, "@") == resolve(scratch.repo, new) == new
    scratch.git("update-ref", f"refs/heads/{new[:8]}", old)
    with pytest.raises(BpError, match="has two meanings"):
        resolve(scratch.repo, new[:8])


def test_an_abbreviation_that_several_commits_share(scratch: Scratch) -> None:
    commits = "".join(
        f"commit refs/heads/main\ncommitter S <s@example.org> {1700000000 + n} +0000\ndata 0\n" for n in range(1000)
    )
    scratch.git("fast-import", "--quiet", feed=commits)
    names = [name[:4] for name in scratch.git("rev-list", "main").splitlines()]
    shared = next(name for name in names if names.count(name) > 1)
    with pytest.raises(BpError, match=f"several commits begin with '{shared}'"):
        resolve(scratch.repo, shared)


def test_merge_base(scratch: Scratch) -> None:
    base = scratch.commit()
    scratch.git("checkout", "--quiet", "-b", "side")
    side = scratch.commit({"side.yaml": "1\n"})
    scratch.git("checkout", "--quiet", "main")
    main = scratch.commit({"main.yaml": "1\n"})
    assert merge_base(scratch.repo, main, side) == base
    assert merge_base(scratch.repo, base, side) == base


def test_criss_cross_has_several_bases_and_one_answer(scratch: Scratch) -> None:
    scratch.commit()
    scratch.git("checkout", "--quiet", "-b", "side")
    side = scratch.commit({"side.yaml": "1\n"})
    scratch.git("checkout", "--quiet", "main")
    main = scratch.commit({"main.yaml": "1\n"})
    scratch.merge("2026-01-06T12:00:00Z", "side")
    scratch.git("checkout", "--quiet", "side")
    scratch.merge("2026-01-06T12:00:00Z", main)
    assert len(scratch.git("merge-base", "--all", "main", "side").split()) == 2
    ids = [resolve(scratch.repo, name) or "" for name in ("main", "side")]
    found = {merge_base(scratch.repo, *ids) for _ in range(3)}
    assert len(found) == 1
    assert found < {main, side}


def test_unrelated_histories(scratch: Scratch) -> None:
    one = scratch.commit()
    scratch.git("checkout", "--quiet", "--orphan", "other")
    other = scratch.commit({"x.yaml": "1\n"})
    with pytest.raises(BpError, match="no commit in common"):
        merge_base(scratch.repo, one, other)


def test_a_shallow_clone_says_what_to_fetch(scratch: Scratch, tmp_path: Path) -> None:
    scratch.commit()
    scratch.git("checkout", "--quiet", "-b", "side")
    scratch.commit({"side.yaml": "1\n"})
    scratch.git("checkout", "--quiet", "main")
    scratch.commit({"main.yaml": "1\n"})
    shallow = scratch.clone(tmp_path / "shallow", "--depth=1", "--no-single-branch").repo
    assert shallow.is_shallow
    ids = [resolve(shallow, name) or "" for name in ("main", "origin/side")]
    with pytest.raises(BpError, match="fetch-depth: 0"):
        merge_base(shallow, *ids)
    with pytest.raises(BpError, match="fetch-depth: 0"):
        resolve(shallow, "HEAD^")


def test_pull_request_merge_ref(scratch: Scratch, tmp_path: Path) -> None:
    """What actions/checkout leaves on pull_request: a merge commit, one or two commits deep."""
    scratch.commit()
    base = scratch.commit({"main.yaml": "1\n"})
    scratch.git("checkout", "--quiet", "-b", "side", "HEAD^")
    scratch.commit({"side.yaml": "1\n"})
    scratch.git("checkout", "--quiet", "--detach", "main")
    merge = scratch.merge("2026-01-06T12:00:00Z", "side")
    scratch.git("branch", "pull", merge)
    two = scratch.clone(tmp_path / "two", "--depth=2", "--branch=pull").repo
    parent = resolve(two, "HEAD^1")
    assert parent == base
    assert merge_base(two, parent, merge) == base
    one = scratch.clone(tmp_path / "one", "--depth=1", "--branch=pull").repo
    with pytest.raises(BpError, match="fetch-depth"):
        resolve(one, "HEAD^1")


def dated(scratch: Scratch, *days: str) -> list[str]:
    return [scratch.commit({"x.yaml": day}, f"{day}T12:00:00+00:00") for day in days]


def test_states_of_a_branch_newest_first_whatever_their_dates(scratch: Scratch) -> None:
    ids = dated(scratch, "2026-01-05", "1970-01-02", "2099-01-01", "2026-01-06")
    found = commits(scratch.repo, ids[-1])
    assert [name for name, _ in found] == ids[::-1]
    assert found[0][1] == datetime(2026, 1, 6, 12, tzinfo=UTC)


def test_replay_follows_first_parents(scratch: Scratch) -> None:
    first = dated(scratch, "2026-01-01")[0]
    scratch.git("checkout", "--quiet", "-b", "side")
    scratch.commit({"side.yaml": "1\n"}, "2026-01-02T12:00:00Z")
    scratch.git("checkout", "--quiet", "main")
    merge = scratch.merge("2026-01-03T12:00:00Z", "side")
    assert [name for name, _ in commits(scratch.repo, merge)] == [merge, first]
