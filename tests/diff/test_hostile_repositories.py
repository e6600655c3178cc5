"""A repository whose configuration names a program wherever Git would start one, and names that no shell likes."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support.realms import DAY, REALMS, ROLLOUT, Answer, Bp, Realms

CASES = "support/case_log.yaml"
Run = Callable[..., Answer]

# Programs --------------------------------------------------------------------------------------------

PROGRAMS = """
[core]
  fsmonitor = {trap}
  hooksPath = {hooks}
  pager = {trap}
  editor = {trap}
  sshCommand = {trap}
  askPass = {trap}
  gitProxy = {trap}
  alternateRefsCommand = {trap}
[pager]
  log = {trap}
  ls-files = {trap}
  diff = {trap}
[diff]
  external = {trap}
[diff "evil"]
  command = {trap}
  textconv = {trap}
  cachetextconv = true
[filter "evil"]
  clean = {trap}
  smudge = {trap}
  process = {trap}
  required = true
[merge "evil"]
  driver = {trap}
[log]
  showSignature = true
[gpg]
  program = {trap}
[gpg "ssh"]
  program = {trap}
[credential]
  helper = "!{trap}"
[sequence]
  editor = {trap}
[uploadpack]
  packObjectsHook = {trap}
[protocol]
  allow = always
[protocol "ext"]
  allow = always
[extensions]
  partialClone = origin
[remote "origin"]
  url = ext::{trap}
  promisor = true
  uploadpack = {trap}
  vcs = evil
[alias]
  rev-parse = "!{trap}"
  ls-files = "!{trap}"
  ls-tree = "!{trap}"
  cat-file = "!{trap}"
  rev-list = "!{trap}"
  diff-tree = "!{trap}"
  diff-index = "!{trap}"
  merge-base = "!{trap}"
"""
COMMANDS = [
    ["scan", "--no-write", "--hollow"],
    ["scan", "--staged", "--hollow"],
    ["scan", "--rev", "HEAD", "--hollow"],
    ["scan", "--no-write", "--policy-from", "HEAD~"],
    ["diff", "HEAD~"],
    ["diff", "HEAD~", "HEAD"],
    ["diff", "side", "--staged"],
    ["history", "--step", "commit"],
    ["lint"],
    ["lint", "--staged"],
    ["lint", f"{ROLLOUT}/{CASES}"],
    ["scan", "--rev", "nowhere"],
    ["scan", "--rev", "v1"],
]


@pytest.fixture
def trapped(realms: Realms, tmp_path: Path) -> Realms:
    """Two commits, staged and other changes, a signed tag, and traps all over an included configuration."""
    realms.append(f"{ROLLOUT}/{CASES}", "# committed\n")
    realms.edit(f"{ROLLOUT}/engagement/customer_profile.yaml", "last_updated: ", "x-dated: ")
    realms.commit()
    realms.git("branch", "side", "HEAD~")
    commit = realms.git("rev-parse", "HEAD")
    tag = (
        f"object {commit}\ntype commit\ntag v1\ntagger S <s@example.org> 1700000000 +0000\n\nx\n"
        "-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n"
    )
    realms.git("update-ref", "refs/tags/v1", realms.git("mktag", feed=tag))
    realms.append(f"{ROLLOUT}/{CASES}", "# staged\n")
    realms.git("add", "--all")
    realms.append(f"{ROLLOUT}/{CASES}", "# on the disk\n")
    realms.write(".gitattributes", "* filter=evil diff=evil merge=evil text working-tree-encoding=UTF-16 ident\n")
    trap, hooks = tmp_path / "trap", tmp_path / "hooks"
    trap.write_text(f"#!/bin/sh\necho \"$0 $*\" >> '{tmp_path / 'sprung'}'\nexit 1\n")
    trap.chmod(0o755)
    hooks.mkdir()
    for hook in ("post-index-change", "post-checkout", "fsmonitor-watchman", "reference-transaction", "pre-auto-gc"):
        (hooks / hook).symlink_to(trap)
    (tmp_path / "git-remote-evil").symlink_to(trap)
    realms.write(".git/traps", PROGRAMS.format(trap=trap, hooks=hooks))
    realms.git("config", "include.path", "traps")
    realms.git("config", "core.repositoryFormatVersion", "1")
    return realms


def test_the_traps_are_set(trapped: Realms, tmp_path: Path) -> None:
    """Otherwise the next test would prove nothing."""
    for command in (["status"], ["diff"], ["cat-file", "-p", "1" * 40]):
        (tmp_path / "sprung").unlink(missing_ok=True)
        trapped.git(*command, ok=False, env={"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"})
        assert (tmp_path / "sprung").exists(), command


def test_no_command_of_ours_springs_one(
    trapped: Realms, bp: Bp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    (tmp_path / "sprung").unlink(missing_ok=True)
    for arguments in COMMANDS:
        answer = bp(*arguments, *(["--as-of", DAY] if arguments[0] in ("scan", "diff") else []))
        assert answer.code in ((2,) if "nowhere" in arguments else (0, 1)), (arguments, answer.err)
        assert not (tmp_path / "sprung").exists(), (arguments, (tmp_path / "sprung").read_text())


def test_a_missing_object_is_not_fetched_from_a_remote_that_is_a_program(
    trapped: Realms, bp: Bp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    blob = trapped.git("rev-parse", f"HEAD:{ROLLOUT}/{CASES}")
    (trapped.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    (tmp_path / "sprung").unlink(missing_ok=True)
    for arguments in (["scan", "--rev", "HEAD"], ["diff", "HEAD~", "HEAD"], ["history"]):
        answer = bp(*arguments)
        assert (answer.code, answer.out, "partial clone" in answer.err) == (2, "", True), arguments
    assert not (tmp_path / "sprung").exists()


# Names -----------------------------------------------------------------------------------------------

NAMES = {
    "with space/NO DE": None,
    "quo\"te/it's": None,
    "-dash/--output=x": None,
    ":(exclude)x/*": None,
    "ünïcode/日本": None,
    "e\u0301/N": None,
    "#h/~t": None,
    "{a,b}/[x]\\": None,
    "new\nline/NO\nDE": "has control characters",
    "\udcff/bad\udcfe": "is not UTF-8",
}


@pytest.fixture
def named(realms: Realms) -> Realms:
    """Engagements with every kind of name; each then loses an asset."""
    for name in NAMES:
        shutil.copytree(REALMS / ROLLOUT, realms.path / name)
    realms.commit()
    return realms


def test_names_are_the_same_in_every_tree(named: Realms, bp: Bp) -> None:
    reports = [
        bp("scan", "--as-of", DAY, "-f", "json", *tree) for tree in (["--no-write"], ["--staged"], ["--rev", "main"])
    ]
    assert reports[0].out == reports[1].out == reports[2].out
    nodes = reports[0].data["nodes"]
    assert len(nodes) == len(NAMES) + 1
    flawed = [flaw for flaw in NAMES.values() if flaw]
    gaps = [gap for node in nodes for gap in node["gaps"]]
    assert {(gap["rule"], gap["severity"]) for gap in gaps} == {("unsafe-path", "error")}
    assert len(gaps) == len(flawed)  # one for the directory, none for the files in it
    assert all(any(flaw in gap["message"] for gap in gaps) for flaw in flawed)


def test_names_in_every_kind_of_difference(named: Realms, bp: Bp, diff: Bp, tmp_path: Path) -> None:
    for name in NAMES:
        (named.path / name / CASES).unlink()
    introduced = ["missing-asset"] * len(NAMES)
    work = diff("HEAD")
    assert work.rules("introduced") == introduced
    named.git("add", "--all")
    assert diff("HEAD", "--staged").rules("introduced") == introduced
    named.git("commit", "--quiet", "--message=lost")
    assert diff("HEAD~", "HEAD").data["introduced"] == work.data["introduced"]
    formats = ("json", "sarif", "junit", "github", "gitlab", "markdown", "text", "yaml")
    targets = [word for format in formats for word in ("-f", f"{format}={tmp_path / format}")]
    assert bp("diff", "HEAD~", "HEAD", "--as-of", DAY, *targets).code == 1
    assert len(json.loads((tmp_path / "gitlab").read_text())) == len(
        json.loads((tmp_path / "json").read_text())["introduced"]
    )
    json.loads((tmp_path / "sarif").read_text())
    ElementTree.parse(tmp_path / "junit")  # noqa: S314 - our own output
    assert (tmp_path / "github").read_text().count("\n::error ") + 1 == 10
    assert bp("history", "--step", "commit").code == 0
    assert bp("history", "with space/NO DE", "--step", "commit").code == 0


def test_names_on_the_command_line(named: Realms, bp: Bp, run: Run) -> None:
    for name, flaw in NAMES.items():
        answer = bp("scan", "--no-write", "--as-of", DAY, "--", name)
        assert answer.out.splitlines()[-1].startswith("1 node: "), name
        assert answer.code == int(flaw is not None)
        assert bp("lint", "--", f"{name}/blueprint.yaml", f"{name}/{CASES}").code == int(flaw is not None), name
    inside = named.path / "-dash"
    assert run(inside, "scan", "--staged", "--as-of", DAY, "--", "--output=x").code == 0


def test_an_engagement_of_any_name_can_be_renamed_and_deleted(named: Realms, diff: Bp) -> None:
    for name in NAMES:
        (named.path / name).rename(named.path / Path(name).parent / "renamed")
    answer = diff("HEAD")
    assert (answer.code, answer.rules("introduced"), answer.data["deleted_nodes"]) == (0, [], [])
    assert answer.rules("unchanged") == ["unsafe-path"] * 2
    named.git("checkout", "--quiet", "--force", "HEAD", "--", ".")
    named.git("clean", "--quiet", "--force", "-d")
    for name in NAMES:
        shutil.rmtree(named.path / name)
    answer = diff("HEAD")
    assert (answer.code, answer.rules("introduced"), answer.data["fixed"]) == (0, [], [])
    assert len(answer.data["deleted_nodes"]) == len(NAMES)


# Size ------------------------------------------------------------------------------------------------


def test_one_engagement_of_a_thousand_after_a_long_history(tmp_path: Path, realms: Realms) -> None:
    """Each process may use 20 s of processor time, whether the base is one commit older or 3,000."""
    node = realms.git("rev-parse", f"HEAD:{ROLLOUT}")
    lines = []
    for number in range(3000):
        lines.append(f"commit refs/heads/main\ncommitter S <s@example.org> {1700000000 + number} +0000\ndata 0\n")
        if number == 0:
            lines.append("from refs/heads/main^0\n")
            lines += [f"M 040000 {node} R{n // 10:03}/N{n % 10}\n" for n in range(1000)]
        text = f"note {number}\n"
        lines.append(f"M 644 inline R{number % 100:03}/notes.md\ndata {len(text)}\n{text}\n")
    lines.append("commit refs/heads/main\ncommitter S <s@example.org> 1800000000 +0000\ndata 0\n")
    lines.append(f"D R050/N5/{CASES}\n")
    realms.git("fast-import", "--quiet", "--force", feed="".join(lines))
    bare = realms.clone(tmp_path / "bare.git", "--bare")

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (20, 20))

    for base in ("main~1", "main~3000"):
        done = subprocess.run(
            [sys.executable, "-m", "blueprint_cli", "diff", base, "main", "--as-of", DAY],
            cwd=bare.path, capture_output=True, text=True, check=False, preexec_fn=limited,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (1, ""), base
        assert "[missing-asset]" in done.stdout
        assert re.search(r"; 1 engagement compared$", done.stdout, re.MULTILINE), base
