"""A repository whose Git is set up to run programs, revisions that look like options, and too many of everything."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.kit import VICTIM, Place

PROGRAMS = (
    "core.fsmonitor",
    "core.pager",
    "core.editor",
    "core.sshCommand",
    "core.askPass",
    "core.alternateRefsCommand",
    "diff.external",
    "diff.evil.command",
    "diff.evil.textconv",
    "filter.evil.clean",
    "filter.evil.smudge",
    "filter.evil.process",
    "merge.evil.driver",
    "gpg.program",
    "credential.helper",
    "alias.ls-files",
    "alias.rev-parse",
    "trailer.evil.command",
)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place.new(tmp_path / "repo")


def test_no_configuration_of_a_repository_runs_a_program(place: Place, tmp_path: Path) -> None:
    base = place.commit()
    trap, sprung = tmp_path / "trap", tmp_path / "sprung"
    trap.write_text(f"#!/bin/sh\necho \"$0 $@\" >> '{sprung}'\ncat\n")
    trap.chmod(trap.stat().st_mode | stat.S_IXUSR)
    place.write(".gitattributes", "* filter=evil diff=evil merge=evil text working-tree-encoding=UTF-16\n")
    place.edit(f"{VICTIM}/blueprint.yaml", "track: premium", "track: economy")
    for name in PROGRAMS:
        place.git("config", "--add", name, f"{'!' if name.startswith(('alias.', 'credential.')) else ''}{trap}")
    for name in ("log.showSignature", "filter.evil.required", "core.untrackedCache"):
        place.git("config", name, "true")
    hooks = place.root / ".git" / "hooks"
    for hook in ("post-index-change", "post-checkout", "reference-transaction", "pre-commit", "fsmonitor-watchman"):
        (hooks / hook).unlink(missing_ok=True)
        (hooks / hook).symlink_to(trap)
    place.git("config", "remote.origin.url", f"ext::{trap}")
    place.git("config", "remote.origin.promisor", "true")
    sprung.unlink(missing_ok=True)
    place.scan().witnessed()
    place.lint().witnessed()
    place.bp("scan", "--as-of", "2026-03-02", "--rev", base, "--format", "json").witnessed()
    place.diff(base)
    place.bp("diff", base, "--staged", "--as-of", "2026-03-02", "--format", "json")
    assert place.bp("history", VICTIM).code == 0
    assert not sprung.exists(), sprung.read_text()
    with pytest.raises(AssertionError):  # the traps work: otherwise this proves nothing
        place.git("status")
    assert sprung.exists()


@pytest.mark.parametrize("revision", ["--output=out.txt", "-O/dev/null", "--exec=touch out.txt", "HEAD:bp.yaml"])
def test_a_revision_is_no_option(place: Place, revision: str) -> None:
    base = place.commit()
    place.git("update-ref", "refs/heads/--output=zz", base)
    runs = [
        place.bp("scan", f"--rev={revision}", "--format", "json"),
        place.bp("scan", f"--policy-from={revision}", "--format", "json"),
        place.bp("diff", "--format", "json", "--", revision),
    ]
    assert [answer.code for answer in runs] == [2, 2, 2]
    assert not (place.root / "out.txt").exists()
    assert not (place.root / "zz").exists()


def test_a_git_directory_that_is_elsewhere(place: Place, tmp_path: Path) -> None:
    """`.git` may be a file that names another directory: what it says is Git's to judge, and never an end of ours."""
    shutil.move(place.root / ".git", tmp_path / "elsewhere")
    for content in ("gitdir: ../elsewhere\n", "gitdir: /etc\n", "gitdir: ../../nowhere\n", "x\n", "gitdir: .git\n"):
        place.write(".git", content)
        answer = place.scan()
        if content.startswith("gitdir: ../elsewhere"):
            answer.witnessed()
        else:
            assert answer.code in (1, 2), content


def in_work_tree(place: Place) -> None:
    for folder in range(100):
        (place.root / VICTIM / "junk" / str(folder)).mkdir(parents=True)
        for number in range(200):
            (place.root / VICTIM / "junk" / str(folder) / f"f{number}.yaml").touch()


def in_index(place: Place) -> None:
    blob = place.git("hash-object", "-w", "--stdin", feed=b"a: [\n").encode()
    lines = (b"100644 %s\t%s/junk/%d/f%d.yaml\n" % (blob, VICTIM.encode(), n // 1000, n) for n in range(100_000))
    place.git("update-index", "--add", "--index-info", feed=b"".join(lines))


@pytest.mark.slow
def test_twenty_thousand_files_on_the_disk(place: Place) -> None:
    in_work_tree(place)
    _one_gap(place, place.scan)


@pytest.mark.slow
def test_a_hundred_thousand_files_in_the_index_and_in_a_commit(place: Place) -> None:
    base = place.commit()
    in_index(place)
    _one_gap(place, lambda: place.bp("scan", "--as-of", "2026-03-02", "--staged", "--format", "json"))
    place.git("commit", "-q", "-m", "many")
    _one_gap(place, lambda: place.bp("scan", "--as-of", "2026-03-02", "--rev", "HEAD", "--format", "json"))
    assert place.diff(base, "HEAD").code == 1


def _one_gap(place: Place, scan: Callable[[], object]) -> None:
    answer = scan()
    found = answer.witnessed().rules(f"{VICTIM}/blueprint.yaml")  # type: ignore[attr-defined]
    assert found == ["unsafe-yaml"]


def test_names_in_a_commit_that_no_checkout_would_write(place: Place) -> None:
    """Tree objects may hold `..`, `.git` and names with slashes of another system."""
    place.commit()
    blob = place.git("hash-object", "-w", "--stdin", feed=b"stored: 1\n")
    names = (b"..", b".git", b"blueprint.yaml", b"C:\\x.yaml")
    raw = b"".join(b"100644 " + name + b"\0" + bytes.fromhex(blob) for name in names)
    inner = place.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", feed=raw)
    top = place.git("rev-parse", "HEAD^{tree}")
    listing = place.git("ls-tree", top) + f"\n040000 tree {inner}\tEVIL\n"
    tree = place.git("mktree", feed=listing.encode())
    commit = place.git("commit-tree", "-m", "x", tree)
    answer = place.bp("scan", "--as-of", "2026-03-02", "--rev", commit, "--format", "json").witnessed()
    assert "EVIL/blueprint.yaml" in answer.out
    assert "EVIL/../" not in answer.out
