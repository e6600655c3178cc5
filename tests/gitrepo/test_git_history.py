"""Dates of files from one walk: the answers of `git log -- FILE`, or unknown, never a wrong one."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from blueprint_cli.errors import BpError
from blueprint_cli.files.tree import Tree
from blueprint_cli.gitrepo import IndexTree, Objects, WorkTree, head, tree_at, versions
from tests.support.repository import Scratch


def day(number: int) -> str:
    return f"2026-01-{number:02}T12:00:00+00:00"


def dates(tree: Tree, *paths: str) -> list[int | str]:
    """Day of January of the last change of each path, or the first words of why it is unknown."""
    found = tree.last_changes(paths)
    return [change.when.day if change.when else str(change.why)[:20] for change in map(found.get, paths) if change]


def at_head(scratch: Scratch, *paths: str) -> list[int | str]:
    return dates(tree_at(scratch.repo, "HEAD"), *paths)


def test_committer_date_in_utc(scratch: Scratch) -> None:
    scratch.commit({"x.yaml": "1"}, "2026-01-05T23:30:00-05:00")
    when = tree_at(scratch.repo, "HEAD").last_changes(["x.yaml"])["x.yaml"].when
    assert when is not None
    assert when.isoformat() == "2026-01-06T04:30:00+00:00"


def test_each_file_has_its_own_date(scratch: Scratch) -> None:
    scratch.commit({"a.yaml": "1", "b.yaml": "1", "c.yaml": "1"}, day(1))
    scratch.commit({"b.yaml": "2"}, day(2))
    scratch.commit({"c.yaml": "2"}, day(3))
    scratch.commit({"c.yaml": "1"}, day(4))
    assert at_head(scratch, "c.yaml", "b.yaml", "a.yaml") == [4, 2, 1]
    assert dates(tree_at(scratch.repo, "HEAD^^"), "c.yaml", "b.yaml") == [1, 2]


def test_uncommitted_is_unknown(scratch: Scratch) -> None:
    scratch.commit({"kept.yaml": "1", "edited.yaml": "1", "staged.yaml": "1", "both.yaml": "1"}, day(1))
    scratch.write("edited.yaml", "2")
    scratch.write("staged.yaml", "2")
    scratch.write("both.yaml", "2")
    scratch.git("add", "staged.yaml", "both.yaml")
    scratch.write("both.yaml", "1")
    scratch.write("new.yaml", "1")
    names = ("kept.yaml", "edited.yaml", "staged.yaml", "both.yaml", "new.yaml", "absent.yaml")
    unknown = "they have changes th"
    work, index = WorkTree(scratch.repo), IndexTree(scratch.repo)
    assert dates(work, *names) == [1, unknown, unknown, 1, unknown, unknown]
    assert dates(index, *names) == [1, 1, unknown, unknown, unknown, unknown]


def test_before_the_first_commit(scratch: Scratch) -> None:
    scratch.write("x.yaml")
    for tree in (WorkTree(scratch.repo), IndexTree(scratch.repo), tree_at(scratch.repo, "HEAD")):
        assert dates(tree, "x.yaml") == ["there is no commit y"]


def test_a_merge_is_not_a_change_of_what_a_parent_had(scratch: Scratch) -> None:
    scratch.commit({"main.yaml": "1", "side.yaml": "1", "both.yaml": "1\n2\n3\n4\n5\n6\n7\n"}, day(1))
    scratch.git("checkout", "--quiet", "-b", "side")
    scratch.commit({"side.yaml": "2", "both.yaml": "side\n2\n3\n4\n5\n6\n7\n"}, day(2))
    scratch.git("checkout", "--quiet", "main")
    scratch.commit({"main.yaml": "2", "both.yaml": "1\n2\n3\n4\n5\n6\nmain\n"}, day(3))
    scratch.merge(day(4), "side")
    assert at_head(scratch, "main.yaml", "side.yaml", "both.yaml") == [3, 2, 4]


def test_a_branch_whose_version_was_thrown_away_does_not_count(scratch: Scratch) -> None:
    scratch.commit({"x.yaml": "1"}, day(1))
    scratch.git("checkout", "--quiet", "-b", "side")
    scratch.commit({"x.yaml": "2"}, day(2))
    scratch.git("checkout", "--quiet", "main")
    scratch.commit({"y.yaml": "1"}, day(3))
    scratch.merge(day(4), "--strategy=ours", "side")
    assert at_head(scratch, "x.yaml", "y.yaml") == [1, 3]


def test_octopus(scratch: Scratch) -> None:
    scratch.commit({"base.yaml": "1"}, day(1))
    for number in (2, 3, 4):
        scratch.git("checkout", "--quiet", "-b", f"side{number}", "main")
        scratch.commit({f"{number}.yaml": "1"}, day(number))
    scratch.git("checkout", "--quiet", "main")
    scratch.merge(day(5), "side2", "side3", "side4")
    assert at_head(scratch, "base.yaml", "2.yaml", "3.yaml", "4.yaml") == [1, 2, 3, 4]


def test_the_executable_bit_is_not_a_change(scratch: Scratch) -> None:
    scratch.commit({"x.yaml": "1"}, day(1))
    (scratch.path / "x.yaml").chmod(0o755)
    scratch.commit(when=day(2))
    assert at_head(scratch, "x.yaml") == [1]


def test_clocks_that_run_backwards(scratch: Scratch) -> None:
    scratch.commit({"x.yaml": "1", "y.yaml": "1"}, day(20))
    scratch.git("checkout", "--quiet", "-b", "side")
    scratch.commit({"y.yaml": "2"}, day(1))
    scratch.git("checkout", "--quiet", "main")
    for number in range(10):
        scratch.commit({"z.yaml": str(number)}, day(21))
    scratch.merge(day(22), "side")
    assert at_head(scratch, "x.yaml", "y.yaml", "z.yaml") == [20, 1, 21]


def test_a_long_detour_does_not_overflow_the_stack(scratch: Scratch) -> None:
    """The side branch looks older than everything, so its 1,500 ancestors are visited before it."""
    stream = ["blob\nmark :1\ndata 1\nx\nreset refs/heads/main\n"]
    who = "committer S <s@example.org>"
    stream.append(f"commit refs/heads/main\nmark :10\n{who} 1000000000 +0000\ndata 1\nr\nM 100644 :1 x.yaml\n")
    for number in range(1500):
        stream.append(f"commit refs/heads/main\n{who} {1000000001 + number} +0000\ndata 1\nc\n")
        stream.append(f"M 100644 inline f{number % 7}.yaml\ndata 4\n{number:04}\n")
    stream.append(f"commit refs/heads/main\nmark :11\n{who} 1000002000 +0000\ndata 1\nc\n")
    stream.append(f"commit refs/heads/side\nmark :12\n{who} 5 +0000\ndata 1\ns\nfrom :11\nM 100644 :1 y.yaml\n")
    stream.append("M 100644 inline x.yaml\ndata 1\n2\n")
    stream.append(f"commit refs/heads/main\n{who} 1000003000 +0000\ndata 1\nt\nfrom :11\n")
    stream.append("M 100644 inline z.yaml\ndata 1\n3\n")
    stream.append(f"commit refs/heads/main\n{who} 1000004000 +0000\ndata 1\nm\nmerge :12\nM 100644 :1 y.yaml\n")
    scratch.git("fast-import", "--quiet", feed="".join(stream))
    found = tree_at(scratch.repo, "main").last_changes(["x.yaml", "f0.yaml", "y.yaml", "z.yaml"])
    stamps = {path: int(change.when.timestamp()) for path, change in found.items() if change.when}
    assert stamps == {"x.yaml": 1000000000, "f0.yaml": 1000001499, "y.yaml": 5, "z.yaml": 1000003000}


def test_a_date_beyond_the_calendar_is_unknown(scratch: Scratch) -> None:
    scratch.write("x.yaml")
    scratch.git("add", "--all")
    tree = scratch.git("write-tree")
    forged = f"tree {tree}\nauthor a <a> 1 +0000\ncommitter a <a> 99999999999999 +0000\n\nx\n"
    commit = scratch.git("hash-object", "-t", "commit", "-w", "--stdin", feed=forged)
    scratch.git("update-ref", "refs/heads/main", commit)
    assert at_head(scratch, "x.yaml") == ["the date of the comm"]


@pytest.mark.parametrize("seed", range(8))
def test_agrees_with_git_log_on_random_histories(scratch: Scratch, seed: int) -> None:
    chance = random.Random(seed)
    names = ["a.yaml", "b.yaml", "d/c.yaml"]
    scratch.commit(dict.fromkeys(names, "0"), day(1))
    for number in range(2, 16):
        other = chance.choice(scratch.git("branch", "--format=%(refname:short)").split())
        if chance.random() < 0.3:
            scratch.git("checkout", "--quiet", "-b", f"b{number}", other)
        elif chance.random() < 0.4:
            scratch.merge(day(number), f"--strategy-option={chance.choice(['ours', 'theirs'])}", other)
            continue
        scratch.commit({chance.choice(names): str(chance.randrange(3))}, day(number))
    command = ("log", "-1", "--format=%cd", "--date=format:%d", "--")
    expected = [int(scratch.git(*command, name)) for name in names]
    assert at_head(scratch, *names) == expected
    assert [at_head(scratch, name) for name in names] == [[when] for when in expected]


def test_shallow_clones_never_give_the_boundary_as_a_date(scratch: Scratch, tmp_path: Path) -> None:
    scratch.commit({"old.yaml": "1", "new.yaml": "1"}, day(1))
    scratch.commit({"mid.yaml": "1"}, day(2))
    scratch.commit({"new.yaml": "2"}, day(3))
    names = ("old.yaml", "mid.yaml", "new.yaml")
    unknown = "the clone is shallow"
    assert at_head(scratch.clone(tmp_path / "one", "--depth=1"), *names) == [unknown] * 3
    assert at_head(scratch.clone(tmp_path / "two", "--depth=2"), *names) == [unknown, unknown, 3]
    assert at_head(scratch.clone(tmp_path / "all"), *names) == [1, 2, 3]
    why = tree_at(Scratch(tmp_path / "one").repo, "HEAD").last_changes(["old.yaml"])["old.yaml"].why
    assert why is not None
    assert "fetch-depth: 0" in why


def test_a_shallow_merge_ref_dates_nothing_that_it_cannot_know(scratch: Scratch, tmp_path: Path) -> None:
    scratch.commit({"main.yaml": "1", "side.yaml": "1"}, day(1))
    scratch.git("checkout", "--quiet", "-b", "side")
    scratch.commit({"side.yaml": "2"}, day(2))
    scratch.git("checkout", "--quiet", "main")
    scratch.commit({"main.yaml": "2"}, day(3))
    scratch.merge(day(4), "side")
    shallow = scratch.clone(tmp_path / "shallow", "--depth=2")
    assert at_head(shallow, "main.yaml", "side.yaml") == ["the clone is shallow"] * 2


def test_partial_clone(scratch: Scratch, tmp_path: Path) -> None:
    scratch.git("config", "uploadpack.allowFilter", "true")
    scratch.commit({"x.yaml": "old\n"}, day(1))
    scratch.commit({"x.yaml": "new\n"}, day(2))
    partial = scratch.clone(tmp_path / "partial", "--filter=blob:none")
    repo = partial.repo
    assert repo.is_partial
    assert not scratch.repo.is_partial
    assert at_head(partial, "x.yaml") == ["the clone is partial"]
    assert dict(tree_at(repo, "HEAD").read(["x.yaml"], 99)) == {"x.yaml": b"new\n"}
    old = tree_at(repo, "HEAD^")
    assert list(old.entries()) == ["x.yaml"]
    for _ in range(2):  # the second time shows that the first did not fetch it
        with pytest.raises(BpError, match="partial clone, and nothing is fetched"):
            list(old.read(["x.yaml"], 99))
    without_trees = scratch.clone(tmp_path / "treeless", "--filter=tree:0", "--no-checkout")
    with pytest.raises(BpError, match=r"(?i)partial clone"):
        tree_at(without_trees.repo, "HEAD^").entries()


def history(scratch: Scratch, *paths: str, limit: int = 10) -> dict[str, list[tuple[int, bytes]]]:
    repo = scratch.repo
    commit = head(repo)
    assert commit
    blobs = tree_at(repo, commit).blobs()
    found = versions(repo, commit, {path: blobs[path] for path in paths}, limit)
    store = Objects(repo)
    answer: dict[str, list[tuple[int, bytes]]] = {path: [] for path in paths}
    for path in paths:
        listed = found.of(path)
        for version, text in zip(listed, store.read([each.blob for each in listed], 999), strict=True):
            assert isinstance(text, bytes)
            answer[path].append((version.change.when.day if version.change.when else 0, text))
    store.close()
    return answer


def test_versions_newest_first(scratch: Scratch) -> None:
    scratch.commit({"x.yaml": "1", "y.yaml": "1"}, day(1))
    scratch.commit({"x.yaml": "2"}, day(2))
    (scratch.path / "x.yaml").chmod(0o755)
    scratch.commit({"y.yaml": "2"}, day(3))
    scratch.commit({"x.yaml": "1"}, day(4))
    assert history(scratch, "x.yaml", "y.yaml") == {
        "x.yaml": [(4, b"1"), (2, b"2"), (1, b"1")],
        "y.yaml": [(3, b"2"), (1, b"1")],
    }
    assert history(scratch, "x.yaml", limit=2) == {"x.yaml": [(4, b"1"), (2, b"2")]}


def test_versions_go_on_through_merges_and_stop_where_a_file_was_added(scratch: Scratch) -> None:
    scratch.commit({"x.yaml": "1"}, day(1))
    (scratch.path / "x.yaml").unlink()
    scratch.commit(when=day(2))
    scratch.git("checkout", "--quiet", "-b", "side")
    scratch.commit({"x.yaml": "3"}, day(3))
    scratch.commit({"x.yaml": "4"}, day(4))
    scratch.git("checkout", "--quiet", "main")
    scratch.commit({"y.yaml": "1"}, day(5))
    scratch.merge(day(6), "side")
    assert history(scratch, "x.yaml") == {"x.yaml": [(4, b"4"), (3, b"3")]}


def test_versions_in_a_shallow_clone_end_with_an_unknown_date(scratch: Scratch, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        scratch.commit({"x.yaml": str(number)}, day(number))
    assert history(scratch.clone(tmp_path / "c", "--depth=2"), "x.yaml") == {"x.yaml": [(3, b"3"), (0, b"2")]}
