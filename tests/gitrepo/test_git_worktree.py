"""The work tree: what is there, what is read, and what is refused."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from blueprint_cli.errors import BpError
from blueprint_cli.files.tree import Kind, Unreadable
from blueprint_cli.gitrepo import GitTree, IndexTree, WorkTree, changed_paths, tree_at
from tests.support.repository import Scratch


def listed(scratch: Scratch) -> list[str]:
    return list(WorkTree(scratch.repo).entries())


def read(scratch: Scratch, *paths: str, limit: int = 1000) -> list[bytes | str]:
    tree = WorkTree(scratch.repo)
    return [found.message if isinstance(found, Unreadable) else found for _, found in tree.read(paths, limit)]


def test_tracked_and_untracked_but_not_ignored(scratch: Scratch) -> None:
    scratch.write(".gitignore", "*.log\nbuild/\n")
    scratch.write("z/tracked.yaml")
    scratch.write("kept.log")
    scratch.git("add", "--force", "--all")
    for path in ("untracked.yaml", "ignored.log", "build/x.yaml"):
        scratch.write(path)
    scratch.write(".git/info/exclude", "private.yaml\n")
    scratch.write("private.yaml")
    assert listed(scratch) == [".gitignore", "kept.log", "untracked.yaml", "z/tracked.yaml"]


def test_deleted_on_disk_is_absent(scratch: Scratch) -> None:
    scratch.write("a/x.yaml")
    scratch.write("b/y.yaml")
    scratch.commit()
    (scratch.path / "a" / "x.yaml").unlink()
    (scratch.path / "a").rmdir()
    assert listed(scratch) == ["b/y.yaml"]


def test_unborn_head(scratch: Scratch) -> None:
    assert listed(scratch) == []
    scratch.write("x.yaml")
    scratch.git("add", "x.yaml")
    scratch.write("y.yaml")
    assert listed(scratch) == ["x.yaml", "y.yaml"]
    assert list(IndexTree(scratch.repo).entries()) == ["x.yaml"]
    assert list(tree_at(scratch.repo, "HEAD").entries()) == []


def test_nested_repository_is_a_boundary(scratch: Scratch) -> None:
    nested = Scratch.new(scratch.path / "nested")
    nested.write("inside.yaml")
    scratch.write("x.yaml")
    assert listed(scratch) == ["x.yaml"]
    nested.commit()
    assert listed(scratch) == ["x.yaml"]


def test_intent_to_add(scratch: Scratch) -> None:
    scratch.write("there.yaml")
    gone = scratch.write("gone.yaml")
    scratch.write("empty.yaml", "")
    scratch.git("add", "--intent-to-add", "there.yaml", "gone.yaml")
    scratch.git("add", "empty.yaml")
    gone.unlink()
    assert listed(scratch) == ["empty.yaml", "there.yaml"]
    assert list(IndexTree(scratch.repo).entries()) == ["empty.yaml"]


def test_sparse_paths_are_read_from_the_index(scratch: Scratch) -> None:
    scratch.write("a/in.yaml", "in\n")
    scratch.write("b/out.yaml", "out\n")
    scratch.commit()
    scratch.git("sparse-checkout", "set", "--cone", "a")
    assert not (scratch.path / "b").exists()
    assert listed(scratch) == ["a/in.yaml", "b/out.yaml"]
    assert read(scratch, "b/out.yaml", "a/in.yaml") == [b"out\n", b"in\n"]
    assert read(scratch, "b/out.yaml", limit=3) == ["file of 4 bytes is larger than `limits.file_bytes` allows (3)"]


def test_an_index_that_is_itself_sparse(scratch: Scratch) -> None:
    scratch.write("a/in.yaml", "in\n")
    scratch.write("b/c/out.yaml", "out\n")
    scratch.commit()
    scratch.git("sparse-checkout", "set", "--cone", "--sparse-index", "a")
    work, index = WorkTree(scratch.repo), IndexTree(scratch.repo)
    for tree in (work, index):
        assert dict(tree.read(tree.entries(), 99)) == {"a/in.yaml": b"in\n", "b/c/out.yaml": b"out\n"}
        assert changed_paths(tree_at(scratch.repo, "HEAD"), tree) == set()
        assert all(change.when for change in tree.last_changes(tree.entries()).values())


def test_unmerged_index(scratch: Scratch) -> None:
    scratch.write("x.yaml", "1\n")
    scratch.commit()
    scratch.git("checkout", "--quiet", "-b", "side")
    scratch.write("x.yaml", "2\n")
    scratch.commit()
    scratch.git("checkout", "--quiet", "main")
    scratch.write("x.yaml", "3\n")
    scratch.commit()
    scratch.git("merge", "side", ok=False)
    work = WorkTree(scratch.repo)
    for read in (lambda: list(work.read(["x.yaml"], 99)), IndexTree(scratch.repo).entries):
        with pytest.raises(BpError, match=r"unmerged paths: x\.yaml") as caught:
            read()
        assert "Resolve the merge first" in str(caught.value)
    assert list(work.entries()) == list(work.unmerged) == ["x.yaml"]
    assert list(tree_at(scratch.repo, "HEAD").entries()) == ["x.yaml"]


NAMES = ["a b.yaml", 'quo"te.yaml', "new\nline.yaml", "-leading.yaml", "*.yaml", ":(exclude)x.yaml"]
NAMES += ["naïve/ünï.yaml", "tab\t.yaml", "back\\slash.yaml", "H 100644 forged", "\udcff\udcfe.yaml"]


def test_odd_names_everywhere(scratch: Scratch) -> None:
    for name in NAMES:
        scratch.write(name, os.fsencode(name))
    untracked = WorkTree(scratch.repo)
    scratch.commit()
    trees: list[GitTree] = [untracked, WorkTree(scratch.repo), IndexTree(scratch.repo), tree_at(scratch.repo, "HEAD")]
    for tree in trees:
        assert list(tree.entries()) == sorted(NAMES)
        assert dict(tree.read(NAMES, 1000)) == {name: os.fsencode(name) for name in NAMES}
    dates = trees[-1].last_changes(NAMES)
    assert all(dates[name].when for name in NAMES)


def test_case_only_rename(scratch: Scratch) -> None:
    scratch.write("Plan.yaml", "a: 1\n")
    scratch.commit()
    scratch.git("mv", "Plan.yaml", "plan.yaml")
    assert listed(scratch) == list(IndexTree(scratch.repo).entries()) == ["plan.yaml"]


def test_symlinks_are_neither_followed_nor_hidden(scratch: Scratch, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "x.yaml").write_text("secret\n")
    (scratch.path / "tracked.yaml").symlink_to(tmp_path / "secret" / "x.yaml")
    scratch.write("d/x.yaml", "mine\n")
    scratch.commit()
    (scratch.path / "untracked.yaml").symlink_to("nowhere")
    (scratch.path / "d" / "x.yaml").unlink()
    (scratch.path / "d").rmdir()
    (scratch.path / "d").symlink_to(tmp_path / "secret")
    tree = WorkTree(scratch.repo)
    assert tree.entries()["tracked.yaml"] is tree.entries()["untracked.yaml"] is Kind.SYMLINK
    found = dict(tree.read(["tracked.yaml", "untracked.yaml", "d/x.yaml"], 1000))
    assert {each.rule for each in found.values() if isinstance(each, Unreadable)} == {"unsafe-path"}
    assert found["d/x.yaml"] == Unreadable("unsafe-path", "is reached through the link d: links are not followed")
    stored = tree_at(scratch.repo, "HEAD")
    assert stored.entries()["tracked.yaml"] is Kind.SYMLINK
    assert isinstance(dict(stored.read(["tracked.yaml"], 1000))["tracked.yaml"], Unreadable)


def test_what_stands_where_a_file_was_is_what_the_next_commit_would_have(scratch: Scratch, tmp_path: Path) -> None:
    """Git lists a tracked file as there as long as its name leads anywhere: into a directory, through a link."""
    for name in ("file", "d/x", "d/deep/y", "d0", "dir/x", "kept/x", "kept-too"):
        scratch.write(name)
    scratch.commit()
    scratch.write(".git/info/exclude", "ignored\n")
    (scratch.path / "file").unlink()
    scratch.write("file/below/now")
    (scratch.path / "d").rename(tmp_path / "away")
    (scratch.path / "d").symlink_to(tmp_path / "away")
    (scratch.path / "dir" / "x").unlink()
    (scratch.path / "dir").rmdir()
    scratch.write("dir", "a file now\n")
    scratch.write("kept/ignored")
    work = WorkTree(scratch.repo)
    expected = {"d": Kind.SYMLINK} | dict.fromkeys(("d0", "dir", "file/below/now", "kept/x", "kept-too"), Kind.FILE)
    assert work.entries() == expected
    changed = changed_paths(tree_at(scratch.repo, "HEAD"), work)
    assert changed == {"d", "d/x", "d/deep/y", "dir", "dir/x", "file", "file/below/now"}
    scratch.git("add", "--all")
    assert IndexTree(scratch.repo).entries() == expected
    assert changed_paths(tree_at(scratch.repo, "HEAD"), IndexTree(scratch.repo)) == changed


def test_a_link_over_a_sparse_directory_hides_nothing(scratch: Scratch) -> None:
    scratch.write("a/x.yaml", "x\n")
    scratch.write("b/y.yaml")
    scratch.commit()
    scratch.git("sparse-checkout", "set", "--no-cone", "/b/")
    (scratch.path / "a").symlink_to("b")
    assert read(scratch, "a/x.yaml") == [b"x\n"]


def test_what_is_not_a_plain_file(scratch: Scratch) -> None:
    for name in ("pipe", "socket", "folder/below", "locked", "vanished"):
        scratch.write(name)
    scratch.commit()
    for name in ("pipe", "socket", "vanished"):
        (scratch.path / name).unlink()
    os.mkfifo(scratch.path / "pipe")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(scratch.path / "socket"))
        found = read(scratch, "pipe", "socket", "folder", "vanished", "pipe/x", "folder/below")
    special = "is a pipe, socket or device, not a file"
    assert found[:3] == [special, special, "is a directory, not a file"]
    assert "not there any more" in str(found[3])
    assert found[4:] == [special, b"a: 1\n"]
    if os.geteuid() != 0:
        (scratch.path / "locked").chmod(0)
        assert read(scratch, "locked") == ["cannot be read: Permission denied"]


@pytest.mark.parametrize("path", ["../outside", "/etc/hostname", "a/../../outside", "", ".", "a//b", "nul\0"])
def test_no_path_leads_out(scratch: Scratch, path: str) -> None:
    scratch.write("../outside", "secret\n")
    scratch.write("a/b", "fine\n")
    [found] = read(scratch, path)
    assert isinstance(found, str)


def test_size_limit_is_exact(scratch: Scratch) -> None:
    scratch.write("x.yaml", b"x" * 10)
    scratch.write("empty.yaml", b"")
    scratch.commit()
    for tree in (WorkTree(scratch.repo), IndexTree(scratch.repo), tree_at(scratch.repo, "HEAD")):
        assert dict(tree.read(["x.yaml", "empty.yaml"], 10)) == {"x.yaml": b"x" * 10, "empty.yaml": b""}
        [(_, found)] = tree.read(["x.yaml"], 9)
        assert found == Unreadable("unsafe-yaml", "file of 10 bytes is larger than `limits.file_bytes` allows (9)")


def test_line_ends_are_given_as_they_are(scratch: Scratch) -> None:
    scratch.write(".gitattributes", "*.yaml text eol=crlf\n")
    scratch.write("x.yaml", "a: 1\r\n")
    scratch.commit()
    assert read(scratch, "x.yaml") == [b"a: 1\r\n"]
    assert list(IndexTree(scratch.repo).read(["x.yaml"], 99)) == [("x.yaml", b"a: 1\n")]


def test_trees_can_be_used_after_close(scratch: Scratch) -> None:
    scratch.write("d/x.yaml", "a: 1\n")
    scratch.commit()
    for tree in (WorkTree(scratch.repo), IndexTree(scratch.repo), tree_at(scratch.repo, "HEAD")):
        assert list(tree.read(["d/x.yaml"], 99)) == [("d/x.yaml", b"a: 1\n")]
        tree.close()
        assert list(tree.read(["d/x.yaml"], 99)) == [("d/x.yaml", b"a: 1\n")]
        tree.close()


def test_an_abandoned_read_leaves_nothing_open(scratch: Scratch) -> None:
    for number in range(20):
        scratch.write(f"{number}.yaml", f"{number}\n")
    scratch.commit()
    tree = tree_at(scratch.repo, "HEAD")
    for number in (3, 17, 5):
        names = [f"{number}.yaml", "1.yaml", "2.yaml"]
        assert next(iter(tree.read(names, 99))) == (names[0], f"{number}\n".encode())


def test_a_damaged_index(scratch: Scratch) -> None:
    scratch.write("x.yaml")
    scratch.git("add", "--all")
    (scratch.path / ".git" / "index").write_bytes(b"nonsense" * 20)
    with pytest.raises(BpError, match="the index cannot be read"):
        WorkTree(scratch.repo).entries()
