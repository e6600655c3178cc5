"""No configuration of a repository runs a program, whatever command reads it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from blueprint_cli.gitrepo import (
    IndexTree,
    Objects,
    WorkTree,
    changed_paths,
    commits,
    head,
    merge_base,
    require,
    resolve,
    tree_at,
    versions,
)
from tests.support.repository import Scratch

PROGRAMS = [
    "core.fsmonitor",
    "core.pager",
    "core.editor",
    "core.sshCommand",
    "core.askPass",
    "core.gitProxy",
    "core.alternateRefsCommand",
    "pager.log",
    "pager.ls-files",
    "diff.external",
    "diff.evil.command",
    "diff.evil.textconv",
    "filter.evil.clean",
    "filter.evil.smudge",
    "filter.evil.process",
    "merge.evil.driver",
    "gpg.program",
    "gpg.ssh.program",
    "credential.helper",
    "uploadpack.packObjectsHook",
    "remote.origin.uploadpack",
    "alias.rev-parse",
    "alias.ls-files",
    "trailer.evil.command",
]


@pytest.fixture
def hostile(scratch: Scratch, tmp_path: Path) -> Scratch:
    """Two commits and a changed work tree, with everything configured that can name a program."""
    scratch.write("x.yaml", "a: 1\n")
    scratch.write("y.yaml", "a: 1\n")
    scratch.commit()
    scratch.commit({"x.yaml": "a: 2\n"})
    scratch.git("branch", "side", "HEAD^")
    scratch.write("new.yaml", "a: 1\n")
    scratch.write("x.yaml", "a: 3\n")
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\necho \"$0 $@\" >> '{tmp_path / 'sprung'}'\ncat\n")
    trap.chmod(trap.stat().st_mode | stat.S_IXUSR)
    scratch.write(".gitattributes", "* filter=evil diff=evil merge=evil text working-tree-encoding=UTF-16\n")
    for name in PROGRAMS:
        shell = "!" if name.startswith(("alias.", "credential.")) else ""
        scratch.git("config", "--add", name, f"{shell}{trap}")
    for name in ("log.showSignature", "filter.evil.required", "core.untrackedCache", "diff.trustExitCode"):
        scratch.git("config", name, "true")
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for hook in ("post-index-change", "post-checkout", "fsmonitor-watchman", "reference-transaction"):
        (hooks / hook).symlink_to(trap)
    scratch.git("config", "core.hooksPath", str(hooks))
    scratch.git("config", "remote.origin.url", f"ext::{trap}")
    scratch.git("config", "remote.origin.promisor", "true")
    (tmp_path / "sprung").unlink(missing_ok=True)
    return scratch


def test_the_traps_work(hostile: Scratch, tmp_path: Path) -> None:
    """Otherwise the next test would prove nothing."""
    hostile.git("status", ok=False)
    hostile.git("diff", ok=False)
    assert "trap" in (tmp_path / "sprung").read_text()


def test_nothing_runs_a_program(hostile: Scratch, tmp_path: Path) -> None:
    repo = require(hostile.path, "x")
    tip = head(repo)
    base = resolve(repo, "side")
    assert tip
    assert base
    trees = [tree_at(repo, "HEAD"), tree_at(repo, "HEAD^"), IndexTree(repo), WorkTree(repo)]
    for tree in trees:
        assert len(list(tree.read(tree.entries(), 999))) >= 2
        assert tree.last_changes(tree.entries())
        for other in trees:
            changed_paths(tree, other)
    versions(repo, tip, tree_at(repo, "HEAD").blobs(), 5)
    commits(repo, tip)
    merge_base(repo, tip, base)
    with pytest.raises(Exception, match="not known"):
        resolve(repo, "nowhere")
    with pytest.raises(Exception, match="partial clone"):
        list(Objects(repo).read(["1" * 40], 99))
    assert not (tmp_path / "sprung").exists()


def test_nothing_is_written(hostile: Scratch) -> None:
    def everything() -> dict[str, int]:
        return {str(path): path.lstat().st_mtime_ns for path in hostile.path.rglob("*")}

    before = everything()
    repo = hostile.repo
    work = WorkTree(repo)
    changed_paths(tree_at(repo, "HEAD"), work)
    list(work.read(work.entries(), 999))
    assert everything() == before


def test_attributes_do_not_change_what_is_read(hostile: Scratch) -> None:
    work = WorkTree(hostile.repo)
    assert dict(work.read(["x.yaml"], 99)) == {"x.yaml": b"a: 3\n"}
    assert changed_paths(tree_at(hostile.repo, "HEAD"), work) == {".gitattributes", "new.yaml", "x.yaml"}


def test_a_tree_with_names_that_lead_out(scratch: Scratch, tmp_path: Path) -> None:
    """Git refuses to check such names out; a tree object may hold them all the same."""
    (tmp_path / "acme" / "secret").write_text("secret\n")
    blob = scratch.git("hash-object", "-w", str(scratch.write("x", "stored\n")))
    raw = b"".join(b"100644 " + name + b"\0" + bytes.fromhex(blob) for name in (b"..", b".git", b"x"))
    tree = scratch.git("hash-object", "-t", "tree", "-w", "--literally", str(scratch.write("../raw", raw)))
    commit = scratch.git("commit-tree", "-m", "x", tree)
    found = tree_at(scratch.repo, commit)
    assert set(dict(found.read(found.entries(), 99)).values()) == {b"stored\n"}
    assert all(change.when for change in found.last_changes(found.entries()).values())
    odd = ["../secret", "/etc/hostname", "nul\0", ""]
    assert {change.when for change in found.last_changes(odd).values()} == {None}


def test_a_damaged_object(scratch: Scratch) -> None:
    scratch.write("x.yaml", "a: 1\n")
    scratch.commit()
    blob = scratch.git("rev-parse", "HEAD:x.yaml")
    file = scratch.path / ".git" / "objects" / blob[:2] / blob[2:]
    file.chmod(0o644)
    file.write_bytes(b"nonsense")
    with pytest.raises(Exception, match="git fsck"):
        list(tree_at(scratch.repo, "HEAD").read(["x.yaml"], 99))
