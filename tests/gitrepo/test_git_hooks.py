"""The index as a hook finds it: Git hands a different file to each kind of commit."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

import blueprint_cli
from blueprint_cli.gitrepo import IndexTree, tree_at
from tests.support.repository import Scratch

SEEN = """
import json, os, sys
from blueprint_cli.gitrepo import IndexTree, WorkTree, changed_paths, require, tree_at
repo = require(".", "hook")
index, work = IndexTree(repo), WorkTree(repo)
seen = {
    "index": {path: content.decode() for path, content in index.read(index.entries(), 999)},
    "changed": sorted(changed_paths(tree_at(repo, "HEAD"), index)),
    "unstaged": sorted(changed_paths(index, work)),
    "file": os.path.basename(os.environ.get("GIT_INDEX_FILE", "")),
}
with open(%r, "w") as out:
    json.dump(seen, out)
"""


@pytest.fixture
def hooked(scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scratch:
    """A repository with two committed files whose pre-commit hook writes down what it sees."""
    scratch.write("a.yaml", "old a\n")
    scratch.write("b.yaml", "old b\n")
    scratch.commit()
    script = tmp_path / "hook.py"
    script.write_text(SEEN % str(tmp_path / "seen.json"))
    hook = scratch.path / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\nexec '{sys.executable}' '{script}'\n")
    hook.chmod(0o755)
    monkeypatch.setenv("PYTHONPATH", str(Path(blueprint_cli.__file__).parent.parent))
    return scratch


def seen(tmp_path: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((tmp_path / "seen.json").read_text())
    return found


def test_partially_staged(hooked: Scratch, tmp_path: Path) -> None:
    hooked.write("a.yaml", "staged a\n")
    hooked.git("add", "a.yaml")
    hooked.write("a.yaml", "later a\n")
    hooked.git("commit", "--quiet", "--message=x")
    assert seen(tmp_path) == {
        "index": {"a.yaml": "staged a\n", "b.yaml": "old b\n"},
        "changed": ["a.yaml"],
        "unstaged": ["a.yaml"],
        "file": "index",
    }


def test_commit_all(hooked: Scratch, tmp_path: Path) -> None:
    hooked.write("a.yaml", "new a\n")
    (hooked.path / "b.yaml").unlink()
    hooked.git("commit", "--quiet", "--all", "--message=x")
    assert seen(tmp_path) == {
        "index": {"a.yaml": "new a\n"},
        "changed": ["a.yaml", "b.yaml"],
        "unstaged": [],
        "file": "index.lock",
    }


def test_commit_path(hooked: Scratch, tmp_path: Path) -> None:
    hooked.write("a.yaml", "new a\n")
    hooked.write("b.yaml", "staged b\n")
    hooked.git("add", "b.yaml")
    hooked.git("commit", "--quiet", "--message=x", "--", "a.yaml")
    found = seen(tmp_path)
    assert str(found.pop("file")).startswith("next-index-")
    assert found == {
        "index": {"a.yaml": "new a\n", "b.yaml": "old b\n"},
        "changed": ["a.yaml"],
        "unstaged": ["b.yaml"],
    }


def test_commit_from_a_subdirectory(hooked: Scratch, tmp_path: Path) -> None:
    hooked.write("sub/c.yaml", "new c\n")
    hooked.git("add", "--all")
    hooked.git("-C", "sub", "commit", "--quiet", "--message=x")
    assert seen(tmp_path)["changed"] == ["sub/c.yaml"]


def test_commit_in_a_linked_work_tree(hooked: Scratch, tmp_path: Path) -> None:
    hooked.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "linked"))
    linked = Scratch(tmp_path / "linked")
    linked.write("a.yaml", "linked a\n")
    linked.git("commit", "--quiet", "--all", "--message=x")
    found = seen(tmp_path)
    assert (found["changed"], found["unstaged"]) == (["a.yaml"], [])


def test_a_merge_commit(hooked: Scratch, tmp_path: Path) -> None:
    hooked.git("checkout", "--quiet", "-b", "side")
    hooked.write("a.yaml", "side a\n")
    hooked.git("commit", "--quiet", "--all", "--message=x")
    hooked.git("checkout", "--quiet", "main")
    hooked.write("b.yaml", "main b\n")
    hooked.git("commit", "--quiet", "--all", "--message=x")
    hooked.git("merge", "--quiet", "--no-commit", "side")
    hooked.git("commit", "--quiet", "--no-edit")
    assert seen(tmp_path)["changed"] == ["a.yaml"]


def test_the_first_commit(hooked: Scratch, tmp_path: Path) -> None:
    hooked.git("checkout", "--quiet", "--orphan", "fresh")
    hooked.git("commit", "--quiet", "--message=x")
    assert seen(tmp_path)["changed"] == ["a.yaml", "b.yaml"]


def test_an_alternative_index_of_this_repository_only(
    scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch.write("x.yaml")
    other = Scratch.new(tmp_path / "other")
    other.write("y.yaml")
    for each in (scratch, other):
        each.commit()
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/alternative")
    monkeypatch.chdir(scratch.path)
    scratch.git("read-tree", "--empty")
    assert list(IndexTree(scratch.repo).entries()) == []
    assert list(IndexTree(other.repo).entries()) == ["y.yaml"]


def test_objects_that_a_push_has_only_in_quarantine(
    scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch.write("x.yaml", "old\n")
    scratch.commit()
    server = scratch.clone(tmp_path / "server.git", "--bare")
    scratch.git("remote", "add", "origin", str(server.path))
    script = tmp_path / "receive.py"
    out = tmp_path / "received"
    script.write_text(
        "import sys\nfrom blueprint_cli.gitrepo import require, tree_at\n"
        "tree = tree_at(require('.', 'hook'), sys.stdin.read().split()[1])\n"
        f"open({str(out)!r}, 'wb').write(dict(tree.read(['x.yaml'], 99))['x.yaml'])\n"
    )
    hook = server.path / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\nexec '{sys.executable}' '{script}'\n")
    hook.chmod(0o755)
    monkeypatch.setenv("PYTHONPATH", str(Path(blueprint_cli.__file__).parent.parent))
    scratch.commit({"x.yaml": "pushed\n"})
    scratch.git("push", "--quiet", "origin", "main")
    assert out.read_bytes() == b"pushed\n"
    assert list(tree_at(server.repo, "main").entries()) == ["x.yaml"]
