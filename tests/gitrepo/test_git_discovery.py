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
        assert repo.top == str(scratch.path)
    assert WorkTree(scratch.repo).root_names == (".", ".")  # a clone may have any name


def test_a_link_to_the_repository(scratch: Scratch, tmp_path: Path) -> None:
    scratch.write("a/x.yaml")
    (tmp_path / "link").symlink_to(scratch.path)
    repo = require(tmp_path / "link" / "a", "x")
    assert repo.top == str(scratch.path)


def test_a_name_with_line_ends(tmp_path: Path) -> None:
    odd = Scratch.new(tmp_path / "two\nlines\n")
    odd.write("a\n/x.yaml")
    repo = require(odd.path / "a\n", "x")
    assert repo.top == str(odd.path)
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
    assert repo.top == str(scratch.path)
    assert list(WorkTree(repo).entries()) == ["a/x.yaml", "y.yaml"]


def embed(scratch: Scratch, path: str, config: str = "") -> Path:
    """Plain files that Git takes for a repository (safe.bareRepository)."""
    scratch.write(f"{path}/HEAD", "ref: refs/heads/main\n")
    scratch.write(f"{path}/config", f"[core]\n\trepositoryformatversion = 0\n{config}")
    for name in ("objects", "refs"):
        scratch.write(f"{path}/{name}/.keep", "")
    return scratch.path / path


@pytest.mark.parametrize("config", ["", "\tbare = true\n", "\tbare = false\n\tworktree = /\n", "\tbroken\n["])
def test_files_that_git_takes_for_a_repository_are_files(scratch: Scratch, config: str) -> None:
    inner = embed(scratch, "a/b", config)
    scratch.write("a/b/x.yaml")
    scratch.write("y.yaml")
    for _ in ("before", "after"):
        for places in ([inner, scratch.path], [inner / "x.yaml", scratch.path / "y.yaml"]):
            found = discover(*places)
            assert found is not None
            assert (found.git_dir, found.top) == (str(scratch.path / ".git"), str(scratch.path))
        scratch.git("add", "--all")
    assert require(inner, "x").top == require(inner / "refs", "x").top == str(scratch.path)  # of the index by now


def test_a_bare_clone_within_a_work_tree_is_one_while_it_is_not_content(scratch: Scratch, tmp_path: Path) -> None:
    commit = scratch.commit({"x.yaml": "a: 1\n"})
    scratch.write(".git/info/exclude", "mirror.git\n")
    bare = scratch.clone(scratch.path / "mirror.git", "--bare")
    later = scratch.commit({"x.yaml": "a: 2\n"})
    assert (head(bare.repo), head(scratch.repo)) == (commit, later)
    assert head(require(bare.path / "refs" / "heads", "x")) == commit
    both = discover(bare.path, scratch.path / "x.yaml")
    assert both is not None
    assert both.top == str(scratch.path)
    scratch.git("add", "--force", "mirror.git/config")
    assert head(bare.repo) == later
    assert head(scratch.clone(tmp_path / "outer.git", "--bare").repo) == later


def test_a_bare_clone_has_no_work_tree_wherever_it_says_that_it_is(scratch: Scratch, tmp_path: Path) -> None:
    commit = scratch.commit({"x.yaml": "a: 1\n"})
    bare = scratch.clone(tmp_path / "acme.git", "--bare")
    bare.git("config", "core.bare", "false")
    bare.git("config", "core.worktree", str(scratch.path))
    assert (bare.repo.top, head(bare.repo)) == (None, commit)


def test_a_work_tree_elsewhere_is_refused(scratch: Scratch, tmp_path: Path) -> None:
    scratch.git("config", "core.worktree", str(tmp_path / "elsewhere"))
    (tmp_path / "elsewhere").mkdir()
    with pytest.raises(BpError, match="has its work tree elsewhere") as caught:
        discover(scratch.path)
    assert "core.worktree" in str(caught.value.hint)
    scratch.git("config", "core.worktree", str(tmp_path))
    assert scratch.repo.top == str(tmp_path)  # around the place


def test_a_linked_work_tree_and_a_separate_git_directory_within_embedded_files(
    scratch: Scratch, tmp_path: Path
) -> None:
    embed(scratch, "a", "\tworktree = /\n")
    scratch.commit({"a/x.yaml": "a: 1\n"})
    scratch.git("worktree", "add", "--quiet", "a/linked")
    linked = Scratch(scratch.path / "a" / "linked")
    assert linked.repo.top == str(linked.path)
    assert require(linked.path / "a", "x").top == str(linked.path)
    apart = Scratch.new(scratch.path / "a" / "apart", f"--separate-git-dir={tmp_path / 'apart.git'}")
    assert (apart.repo.top, apart.repo.git_dir) == (str(apart.path), str(tmp_path / "apart.git"))
    assert require(tmp_path / "apart.git", "x").top is None


def test_places_of_two_repositories_are_refused_in_any_order(scratch: Scratch, tmp_path: Path) -> None:
    file = scratch.write("x.yaml")
    other = Scratch.new(tmp_path / "other")
    within = Scratch.new(scratch.path / "within")
    beyond = tmp_path / "plain.yaml"
    for another in (other.path, within.path / "y.yaml"):
        for places in ([file, another], [another, file], [beyond, another, file]):
            with pytest.raises(BpError, match=r"lies in the repository .*, and ") as caught:
                discover(*places)
            assert caught.value.hint == "Name paths of one repository at a time."
    for places in ([file, beyond], [beyond, file]):
        found = discover(*places)
        assert found is not None
        assert found.top == str(scratch.path)


def test_as_far_up_as_git_looks(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch.write("a/b/x.yaml")
    for ceiling, is_there in {"a/b": True, "a": False, ".": False}.items():
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", f"/nowhere:{scratch.path / ceiling}")
        assert (discover(scratch.path / "a" / "b") is not None) is is_there, ceiling
    assert discover(scratch.path)
    (scratch.path / "a" / ".git").mkdir()  # not a git directory: Git looks further up
    monkeypatch.delenv("GIT_CEILING_DIRECTORIES")
    assert require(scratch.path / "a", "x").top == str(scratch.path)


def test_a_damaged_git_directory_is_not_taken_for_none(scratch: Scratch) -> None:
    embed(scratch, "a")
    for content in ("", "nonsense\n"):
        scratch.write("a/.git/HEAD", content)
        for name in ("objects", "refs"):
            (scratch.path / "a" / ".git" / name).mkdir(exist_ok=True)
        with pytest.raises(BpError, match="git could not use the repository at"):
            discover(scratch.path / "a")


def test_a_hook_in_a_directory_of_embedded_files_sees_its_own_index(
    scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    embed(scratch, "a", "\tworktree = /\n")
    scratch.commit()
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index-1.lock")
    monkeypatch.chdir(scratch.path / "a")
    assert scratch.repo.honoured == {"GIT_INDEX_FILE": str(scratch.path / ".git" / "next-index-1.lock")}
