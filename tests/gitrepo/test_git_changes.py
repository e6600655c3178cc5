"""Which paths differ between any two trees, checked against the trees' own bytes."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from blueprint_cli.errors import BpError
from blueprint_cli.gitrepo import EmptyTree, GitTree, IndexTree, WorkTree, changed_paths, tree_at
from blueprint_cli.gitrepo import compare as gitrepo_compare
from tests.support.repository import Scratch


def by_bytes(one: GitTree, other: GitTree) -> set[str]:
    """The slow and certain answer."""
    first, second = (dict(tree.read(tree.entries(), 10**6)) for tree in (one, other))
    return {path for path in first.keys() | second.keys() if first.get(path) != second.get(path)}


def every_state(scratch: Scratch) -> None:
    """Files in every combination of committed, staged and on disk: absent, content 1 or content 2."""
    states = list(itertools.product("012", repeat=3))
    names = {state: f"{''.join(state)}.yaml" for state in states}
    saves: list[Callable[[], object]] = [scratch.commit, lambda: scratch.git("add", "--all"), lambda: None]
    for position, save in enumerate(saves):
        for state, name in names.items():
            (scratch.path / name).unlink(missing_ok=True)
            if state[position] != "0":
                scratch.write(name, f"content {state[position]}\n")
        save()


def test_every_combination(scratch: Scratch) -> None:
    every_state(scratch)
    scratch.write("intended.yaml", "content 1\n")
    scratch.git("add", "--intent-to-add", "intended.yaml")
    repo = scratch.repo
    trees = [EmptyTree(repo), tree_at(repo, "HEAD"), IndexTree(repo), WorkTree(repo)]
    for one, other in itertools.product(trees, repeat=2):
        assert changed_paths(one, other) == by_bytes(one, other), (one, other)


def test_without_the_index_times(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    """A git that prints the index in another form costs reading, never an answer."""
    every_state(scratch)
    monkeypatch.setattr(gitrepo_compare, "_DEBUG", r"never \A this")
    repo = scratch.repo
    for tree in (tree_at(repo, "HEAD"), IndexTree(repo)):
        work = WorkTree(repo)
        assert changed_paths(tree, work) == by_bytes(tree, work)


def test_a_change_within_the_same_moment_and_size(scratch: Scratch) -> None:
    file = scratch.write("x.yaml", "a: 1\n")
    scratch.commit()
    before = file.stat()
    file.write_text("a: 2\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert changed_paths(tree_at(scratch.repo, "HEAD"), WorkTree(scratch.repo)) == {"x.yaml"}


def test_a_racy_index(scratch: Scratch) -> None:
    """Written in the tick in which the index was written: Git cannot tell by times either."""
    file = scratch.write("x.yaml", "a: 1\n")
    scratch.commit()
    index = scratch.path / ".git" / "index"
    os.utime(index, ns=(0, file.stat().st_mtime_ns))
    assert changed_paths(IndexTree(scratch.repo), WorkTree(scratch.repo)) == set()
    file.write_text("a: 2\n")
    os.utime(index, ns=(0, file.stat().st_mtime_ns))
    assert changed_paths(IndexTree(scratch.repo), WorkTree(scratch.repo)) == {"x.yaml"}


def test_touched_is_not_changed(scratch: Scratch) -> None:
    for name in ("a.yaml", "b.yaml"):
        scratch.write(name)
    (scratch.path / "link").symlink_to("a.yaml")
    scratch.commit()
    for name in ("a.yaml", "link"):
        os.utime(scratch.path / name, (1, 1), follow_symlinks=False)
    (scratch.path / "b.yaml").chmod(0o755)
    assert changed_paths(tree_at(scratch.repo, "HEAD"), WorkTree(scratch.repo)) == set()


def test_line_ends_that_git_converts(scratch: Scratch) -> None:
    scratch.write(".gitattributes", "*.yaml text eol=crlf\n")
    file = scratch.write("x.yaml", "a: 1\r\nb: 2\r\n")
    scratch.commit()
    work = WorkTree(scratch.repo)
    assert changed_paths(tree_at(scratch.repo, "HEAD"), work) == set()
    file.write_bytes(b"a: 1\r\nb: 2\r\n")
    assert changed_paths(tree_at(scratch.repo, "HEAD"), work) == set()
    file.write_bytes(b"a: 1\r\nb: 3\r\n")
    assert changed_paths(tree_at(scratch.repo, "HEAD"), work) == {"x.yaml"}


def test_kinds(scratch: Scratch, tmp_path: Path) -> None:
    for name in ("x.yaml", "d/y.yaml", "e/deep/z.yaml"):
        scratch.write(name)
    os.utime(scratch.path / "e" / "deep" / "z.yaml", (1, 1))
    scratch.commit()
    (scratch.path / "x.yaml").unlink()
    (scratch.path / "x.yaml").symlink_to("a: 1\n")  # the same bytes, as the target of a link
    (scratch.path / "d" / "y.yaml").unlink()
    (scratch.path / "d").rmdir()
    (scratch.path / "d").write_text("a file now\n")
    (scratch.path / "e").rename(tmp_path / "twin")  # the very file, now reached through a link
    (scratch.path / "e").symlink_to(tmp_path / "twin")
    changed = changed_paths(tree_at(scratch.repo, "HEAD"), WorkTree(scratch.repo))
    assert changed == {"x.yaml", "d/y.yaml", "d", "e/deep/z.yaml", "e"}
    scratch.git("add", "--all")
    assert "x.yaml" in changed_paths(tree_at(scratch.repo, "HEAD"), IndexTree(scratch.repo))


def test_sparse_paths_are_unchanged(scratch: Scratch) -> None:
    scratch.write("a/in.yaml", "in\n")
    scratch.write("b/out.yaml", "out\n")
    scratch.commit()
    scratch.git("sparse-checkout", "set", "--cone", "a")
    assert changed_paths(tree_at(scratch.repo, "HEAD"), WorkTree(scratch.repo)) == set()
    scratch.commit({"a/in.yaml": "other\n"})
    assert changed_paths(tree_at(scratch.repo, "HEAD^"), WorkTree(scratch.repo)) == {"a/in.yaml"}


def test_a_submodule_that_moved_is_not_a_change(scratch: Scratch) -> None:
    scratch.write("x.yaml")
    scratch.commit()
    for number in ("1", "2"):
        scratch.git("update-index", "--add", "--cacheinfo", f"160000,{number * 40},sub")
        scratch.commit(add=False)
    trees = [tree_at(scratch.repo, name) for name in ("HEAD", "HEAD^", "HEAD^^")]
    for one, other in itertools.combinations(trees, 2):
        assert changed_paths(one, other) == set()


def test_unmerged(scratch: Scratch) -> None:
    scratch.write("x.yaml", "1\n")
    scratch.commit()
    blob = scratch.git("rev-parse", "HEAD:x.yaml")
    stages = f"0 {'0' * 40}\tx.yaml\n100644 {blob} 2\tx.yaml\n"
    scratch.git("update-index", "--index-info", feed=stages)
    head = tree_at(scratch.repo, "HEAD")
    with pytest.raises(BpError, match="unmerged"):
        changed_paths(head, IndexTree(scratch.repo))
    assert changed_paths(head, WorkTree(scratch.repo)) == {"x.yaml"}, "though it is as it was"
