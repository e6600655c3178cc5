"""Which repository a path belongs to, from every kind of place."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from blueprint_cli.errors import BpError
from blueprint_cli.gitrepo import RevTree, WorkTree, discover, has_git, head, require, tree_at
from blueprint_cli.gitrepo import command as gitrepo_command
from tests.support.repository import Scratch


def test_outside_git(tmp_path: Path) -> None:
    assert discover(tmp_path) is None
    with pytest.raises(BpError, match=r"--staged needs Git.* not in a Git repository"):
        require(tmp_path, "--staged")


def test_without_git(scratch: Scratch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not has_git()
    assert discover(scratch.path) is None
    with pytest.raises(BpError, match=r"--rev needs Git.* not found"):
        require(scratch.path, "--rev")


def test_a_git_that_is_too_old_says_so(scratch: Scratch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Before 2.31 rev-parse repeated `--path-format`, as it repeats all that it does not know."""
    real = shutil.which("git")
    old = tmp_path / "bin" / "git"
    old.parent.mkdir()
    old.write_text(f"""#!/bin/sh
for word do
  shift
  case $word in --path-format=*) echo "$word" ;; *) set -- "$@" "$word" ;; esac
done
exec {real} "$@"
""")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(old.parent), prepend=os.pathsep)
    with pytest.raises(BpError, match="too old") as caught:
        discover(scratch.path)
    assert "2.31" in str(caught.value.hint)


def test_subdirectory_and_file(scratch: Scratch) -> None:
    file = scratch.write("a/b/c.yaml")
    for place in (file, file.parent):
        repo = require(place, "x")
        assert (repo.top, repo.prefix) == (str(scratch.path), "a/b/")
    assert WorkTree(scratch.repo).root_names == (".", ".")  # a clone may have any name


def test_a_link_to_the_repository(scratch: Scratch, tmp_path: Path) -> None:
    scratch.write("a/x.yaml")
    (tmp_path / "link").symlink_to(scratch.path)
    repo = require(tmp_path / "link" / "a", "x")
    assert (repo.top, repo.prefix) == (str(scratch.path), "a/")


def test_a_name_with_line_ends(tmp_path: Path) -> None:
    odd = Scratch.new(tmp_path / "two\nlines\n")
    odd.write("a\n/x.yaml")
    repo = require(odd.path / "a\n", "x")
    assert (repo.top, repo.prefix) == (str(odd.path), "a\n/")
    assert list(WorkTree(repo).entries()) == ["a\n/x.yaml"]


def test_linked_work_tree(scratch: Scratch, tmp_path: Path) -> None:
    scratch.write("x.yaml", "main\n")
    scratch.commit()
    scratch.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "linked"))
    linked = Scratch(tmp_path / "linked")
    linked.write("y.yaml", "side\n")
    repo = linked.repo
    assert repo.top == str(linked.path)
    assert repo.git_dir != repo.common_dir == scratch.repo.git_dir
    assert list(WorkTree(repo).entries()) == ["x.yaml", "y.yaml"]
    assert head(repo) == scratch.git("rev-parse", "side")


def test_submodule_is_a_repository_of_its_own_and_a_boundary_above(scratch: Scratch, tmp_path: Path) -> None:
    inner = Scratch.new(tmp_path / "inner")
    inner.write("x.yaml")
    inner.commit()
    scratch.write("own.yaml")
    scratch.git("-c", "protocol.file.allow=always", "submodule", "add", "--quiet", str(inner.path), "sub")
    commit = scratch.commit()
    assert list(WorkTree(scratch.repo).entries()) == [".gitmodules", "own.yaml"]
    assert list(RevTree(scratch.repo, commit).entries()) == [".gitmodules", "own.yaml"]
    repo = require(scratch.path / "sub", "x")
    assert repo.top == str(scratch.path / "sub")
    assert list(WorkTree(repo).entries()) == ["x.yaml"]


def test_bare_repository(scratch: Scratch, tmp_path: Path) -> None:
    scratch.write("x.yaml", "a: 1\n")
    scratch.commit()
    bare = scratch.clone(tmp_path / "acme.git", "--bare")
    repo = bare.repo
    assert repo.top is None
    tree = tree_at(repo, "main")
    assert dict(tree.read(tree.entries(), 99)) == {"x.yaml": b"a: 1\n"}
    assert tree.root_names == (".", ".")
    with pytest.raises(BpError, match="no work tree"):
        WorkTree(repo)


def test_inside_the_git_directory(scratch: Scratch) -> None:
    scratch.commit()
    repo = require(scratch.path / ".git", "x")
    assert repo.top is None
    assert head(repo)


def test_detached_head(scratch: Scratch) -> None:
    first = scratch.commit()
    scratch.commit()
    scratch.git("checkout", "--quiet", "--detach", first)
    assert head(scratch.repo) == first


def test_sha256(tmp_path: Path) -> None:
    scratch = Scratch.new(tmp_path / "r", "--object-format=sha256")
    scratch.write("x.yaml", "a: 1\n")
    commit = scratch.commit()
    tree = tree_at(scratch.repo, "HEAD")
    assert len(commit) == 64
    assert dict(tree.read(["x.yaml"], 99)) == {"x.yaml": b"a: 1\n"}


def test_another_users_repository(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(gitrepo_command._FORCED, "GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(BpError, match="belongs to another user") as caught:
        discover(scratch.path)
    assert caught.value.hint
    assert f"git config --global --add safe.directory '{scratch.path}'" in caught.value.hint
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "safe.directory")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "*")
    assert discover(scratch.path)


def test_a_repository_that_cannot_be_used_is_not_taken_for_none(scratch: Scratch, tmp_path: Path) -> None:
    (tmp_path / "stray").mkdir()
    (tmp_path / "stray" / ".git").write_text("gitdir: /nowhere/at/all\n")
    with pytest.raises(BpError, match="not a git repository"):  # Git 2.55 shows "(null)", not the path
        discover(tmp_path / "stray")
    scratch.git("config", "core.repositoryFormatVersion", "9")
    with pytest.raises(BpError, match="too old"):
        discover(scratch.path)


def test_variables_of_another_repository_are_dropped(
    scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch.write("mine.yaml")
    other = Scratch.new(tmp_path / "other")
    other.write("theirs.yaml")
    other.git("add", "--all")
    monkeypatch.setenv("GIT_DIR", str(other.path / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.path))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.path / ".git" / "index"))
    monkeypatch.setenv("GIT_PREFIX", "elsewhere/")
    repo = scratch.repo
    assert (repo.top, repo.honoured) == (str(scratch.path), {})
    assert list(WorkTree(repo).entries()) == ["mine.yaml"]


def test_a_git_directory_kept_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").mkdir()
    away = Scratch.new(tmp_path / "away", "--bare")
    (tmp_path / "home" / "x.yaml").write_text("a: 1\n")
    monkeypatch.setenv("GIT_DIR", str(away.path))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "home"))
    repo = require(tmp_path / "home", "x")
    assert (repo.git_dir, repo.top) == (str(away.path), str(tmp_path / "home"))
    assert list(WorkTree(repo).entries()) == ["x.yaml"]


def test_the_current_directory_does_not_matter(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch.write("a/x.yaml")
    scratch.write("y.yaml")
    monkeypatch.chdir(scratch.path / "a")
    repo = require(os.curdir, "x")
    assert (repo.top, repo.prefix) == (str(scratch.path), "a/")
    assert list(WorkTree(repo).entries()) == ["a/x.yaml", "y.yaml"]
