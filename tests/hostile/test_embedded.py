"""Files of a change that Git takes for a repository: the directory that is judged stays the one that was cloned.

Git takes any directory with `HEAD`, `objects` and `refs` for a bare repository, and `core.worktree` in the `config`
next to them names any other directory as its work tree. All of these can be tracked files, and survive a clone.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.hostile.kit import AS_OF, CANARY, VICTIM, WITNESS, Answer, Place

PROFILE = f"{VICTIM}/engagement/customer_profile.yaml"
BROKEN = "- a list\n"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Beside the repository lies what a stranger must not reach: an engagement of somebody else."""
    private = Place(tmp_path / "private")
    private.add("CUSTOMER/DEAL")
    private.write("CUSTOMER/DEAL/knowledge/learning_path.yaml", f"{CANARY}: 1\n")
    return Place.new(tmp_path / "repo")


def embed(place: Place, folder: str, work_tree: str | None, **more: str) -> None:
    """A git directory made of plain files."""
    core = "\tbare = true\n" if work_tree is None else f"\tbare = false\n\tworktree = {work_tree}\n"
    files = {"HEAD": "ref: refs/heads/main\n", "objects/.keep": "", "refs/.keep": ""}
    files["config"] = f"[core]\n\trepositoryformatversion = 0\n{core}"
    for name, content in {**files, **more}.items():
        place.write(f"{folder}/{name}", content)


def commit_and_clone(place: Place, to: str) -> Place:
    """What a runner has: a clone of the change."""
    place.commit()
    place.git("clone", "--quiet", ".", f"../{to}")
    return Place(place.root.parent / to)


def judged(answer: Answer) -> set[str]:
    return {f"{node['realm']}/{node['node']}" for node in answer.data["nodes"]}


KINDS = {
    "a work tree beside the clone": "../../../private",
    "the root of the machine": "/",
    "the directory itself": ".",
    "a bare repository": None,
}


@pytest.mark.parametrize("work_tree", KINDS.values(), ids=list(KINDS))
def test_no_read_and_no_write_elsewhere(place: Place, work_tree: str | None) -> None:
    embed(place, VICTIM, work_tree, **{"info/exclude": "/*\n!/tmp\n"})
    clone = commit_and_clone(place, "clone")
    at = clone.root / VICTIM
    assert judged(clone.scan(cwd=at)) == {VICTIM, WITNESS}
    for path in (".", str(at), "engagement"):
        assert judged(clone.scan("--", path, cwd=at)) == {VICTIM}
    assert clone.bp("explain", VICTIM, "qbr", "--as-of", AS_OF, cwd=at).code == 0
    assert clone.bp("diff", "HEAD", "--as-of", AS_OF, "--format", "json", cwd=at).data["introduced"] == []
    assert clone.bp("history", "--format", "json", cwd=at).code == 0
    written = clone.bp("scan", "--write", "--as-of", AS_OF, "--format", "json", cwd=at)
    assert judged(written) == {VICTIM, WITNESS}
    assert (at / "gap_report.yaml").exists()
    assert not list(place.root.parent.glob("private/**/gap_report.yaml"))
    assert not Path("/gap_report.yaml").exists()


def test_what_an_embedded_index_names_is_not_read(place: Place) -> None:
    """Its entries may lie anywhere below the root that the embedded configuration chooses."""
    inner = Place(place.root.parent / "made")
    inner.add("CUSTOMER/DEAL")
    schema = {"type": "object", "properties": {"token": {"type": "integer"}}}
    inner.write("CUSTOMER/DEAL/s.json", json.dumps(schema))
    place.root.parent.joinpath("private", "CUSTOMER", "DEAL", "secret.yaml").write_text(f"token: {CANARY}\n")
    added = "additional_assets: [{path: secret.yaml, schema: s.json, title: Secret}]\n"
    inner.write("CUSTOMER/DEAL/blueprint.yaml", inner.read("CUSTOMER/DEAL/blueprint.yaml") + added)
    inner.git("init", "--quiet", "--initial-branch=main")
    inner.commit()
    inner.git("update-index", "--skip-worktree", "CUSTOMER/DEAL/blueprint.yaml", "CUSTOMER/DEAL/s.json")
    for file in (inner.root / ".git").rglob("*"):
        if file.is_file() and file.name != "config" and "hooks" not in file.parts:
            place.write(f".a/{file.relative_to(inner.root / '.git')}", file.read_bytes())
    place.write(".a/config", "[core]\n\trepositoryformatversion = 0\n\tworktree = ../../private\n")
    clone = commit_and_clone(place, "clone")
    for more in ([], ["--staged"], ["--rev", "HEAD"]):
        assert judged(clone.scan(*more, cwd=clone.root / ".a")) == {VICTIM, WITNESS}


def test_a_hook_judges_each_file_whatever_comes_first(place: Place) -> None:
    embed(place, ".a", ".", **{"a.yaml": "a: 1\n", "bp.yaml": "fail_on: never\n"})
    embed(place, "b/c", None, **{"a.yaml": "a: 1\n"})
    place.write(PROFILE, BROKEN)
    clone = commit_and_clone(place, "clone")
    files = (PROFILE, ".a/a.yaml", "b/c/a.yaml", "../plain.yaml")
    (clone.root.parent / "plain.yaml").write_text("a: 1\n")
    for first in files:
        rest = [file for file in files if file != first]
        answer = clone.lint("--", first, *rest)
        assert (answer.code, answer.rules(PROFILE)) == (1, ["not-a-mapping"]), first
        assert "checked as YAML only, as outside of what is judged: `../plain.yaml`" in answer.err
    staged = clone.lint("--staged", "--", ".a/a.yaml", PROFILE)
    assert (staged.code, staged.rules(PROFILE)) == (1, ["not-a-mapping"])


def test_settings_are_those_of_the_repository(place: Place) -> None:
    place.write("bp.yaml", "fail_on: warning\n")
    (place.root / VICTIM / "engagement" / "customer_profile.yaml").unlink()
    embed(place, VICTIM, ".", **{"bp.yaml": "fail_on: never\nexclude: ['*']\n"})
    clone = commit_and_clone(place, "clone")
    for path, cwd in ((VICTIM, clone.root), (".", clone.root / VICTIM)):
        answer = clone.scan("--", path, cwd=cwd)
        assert (answer.code, [gap["rule"] for gap in answer.gaps]) == (1, ["missing-asset"])


@pytest.mark.parametrize("work_tree", KINDS.values(), ids=list(KINDS))
def test_without_the_clone_around_it_it_is_refused_or_ignored(place: Place, work_tree: str | None) -> None:
    """A tree that was unpacked, not cloned: nothing outside tells what the directory is."""
    embed(place, ".a", work_tree, **{"a.yaml": "a: 1\n"})
    embed(place, VICTIM, work_tree)
    place.write(PROFILE, BROKEN)
    tree = Place(place.root.parent / "tree")
    place.root.rename(tree.root)
    (tree.root / ".git").rename(tree.root.parent / "gone")
    tree.scan().witnessed()
    for files in ([".a/a.yaml", PROFILE], [PROFILE, ".a/a.yaml"]):
        assert tree.lint("--", *files, f"{WITNESS}/blueprint.yaml").rules(PROFILE) == ["not-a-mapping"]
    for arguments, cwd in ((["--", VICTIM], tree.root), ([], tree.root / VICTIM)):
        answer = tree.scan(*arguments, cwd=cwd)
        assert answer.code == 2
        assert "has no work tree: it is a bare repository or a git directory" in answer.err
    assert not list(tree.root.parent.rglob("gap_report.yaml"))


def test_honest_repositories_are_judged(place: Place) -> None:
    """A linked work tree, a submodule and a bare clone, within a repository that has embedded files."""
    embed(place, "x", "/")
    place.write("x/a.yaml", "a: 1\n")
    base = place.commit()
    place.git("worktree", "add", "--quiet", "--detach", "x/linked")
    place.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "./.git", "x/sub")
    place.git("clone", "--quiet", "--bare", ".", "x/mirror.git")
    place.git("clone", "--quiet", "--bare", ".", "../mirror.git")
    for name in ("linked", "sub"):
        for path, cwd in ((f"x/{name}", place.root), (".", place.root / "x" / name)):
            answer = place.scan("--", path, cwd=cwd)
            assert judged(answer) == {VICTIM, WITNESS}
            assert ("its own settings and policy count" in answer.err) is (cwd == place.root)
    for mirror in (place.root / "x" / "mirror.git", place.root.parent / "mirror.git"):
        assert judged(place.scan("--rev", "main", cwd=mirror)) == {VICTIM, WITNESS}
        assert judged(place.scan("--rev", base, "--", str(mirror))) == {VICTIM, WITNESS}
        assert place.scan("--", str(mirror)).code == 2
    refused = place.lint("--", "x/sub/bp.yaml", PROFILE)
    assert (refused.code, "Name paths of one repository at a time." in refused.err) == (2, True)
