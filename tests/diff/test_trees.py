"""`bp` on every kind of tree and in every kind of place: the same report, and nothing touched."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.realms import DAY, IMPLEMENTATION, REALMS, ROLLOUT, Answer, Bp, Realms
from tests.support.repository import Scratch

CASES = f"{ROLLOUT}/support/case_log.yaml"
HEALTH = f"{ROLLOUT}/governance/health_score.yaml"
FORMATS = ["text", "json", "yaml", "sarif", "junit", "github", "gitlab", "markdown"]
Run = Callable[..., Answer]


def scanned(run: Run, where: Path, *arguments: str, format: str = "json") -> str:
    """The report of `bp scan` as it is printed."""
    answer = run(where, "scan", "--no-write", "--as-of", DAY, "-f", format, *arguments)
    assert answer.code in (0, 1), answer.err
    return answer.out


# The same report -------------------------------------------------------------------------------------


@pytest.fixture
def past(realms: Realms) -> list[str]:
    """The commits of a history in which something else is wrong each time."""
    realms.add_node(IMPLEMENTATION)
    found = [realms.git("rev-parse", "HEAD"), realms.commit(when="2026-01-20T09:00:00+00:00")]
    realms.remove(HEALTH)
    realms.edit(CASES, "last_updated: ", "x-dated: ")
    found.append(realms.commit({".gitattributes": "*.yaml text eol=crlf\n"}, when="2026-02-10T09:00:00+00:00"))
    realms.git("mv", ROLLOUT, "NORDWIND/RÖLL OUT")
    found.append(realms.commit({"bp.yaml": "timezone: Asia/Tokyo\n"}, when="2026-02-12T22:00:00+00:00"))
    realms.append("NORDWIND/RÖLL OUT/support/case_log.yaml", "  - {id: [\n")
    (realms.path / "NORDWIND" / "RÖLL OUT" / "link.yaml").symlink_to("blueprint.yaml")
    found.append(realms.commit(when="2026-02-13T09:00:00+00:00"))
    return found


def test_a_past_revision_is_reported_as_its_checkout_byte_for_byte(
    realms: Realms, past: list[str], tmp_path: Path, run: Run
) -> None:
    """In every format, from the index as well, line ends that are converted and dates from Git included."""
    twin = tmp_path / "twin" / realms.path.name
    realms.git("worktree", "add", "--quiet", "--detach", str(twin))

    def reports(where: Path, *tree: str) -> dict[str, bytes]:
        files = {format: tmp_path / f"report.{format}" for format in FORMATS}
        formats_wanted = [word for format, file in files.items() for word in ("-f", f"{format}={file}")]
        answer = run(where, "scan", "--no-write", "--as-of", DAY, *formats_wanted, *tree)
        return {format: file.read_bytes() for format, file in files.items()} | {"notes": answer.err.encode()}

    seen = []
    for commit in past:
        Scratch(twin).git("checkout", "--quiet", "--detach", commit)
        seen.append(reports(realms.path, "--rev", commit))
        assert reports(twin) == seen[-1]
        assert reports(twin, "--staged") == seen[-1]
    assert len({output["json"] for output in seen}) == len(past)


def test_a_change_between_two_revisions_is_reported_as_in_their_checkouts(
    realms: Realms, past: list[str], tmp_path: Path, run: Run
) -> None:
    twin = tmp_path / "twin" / realms.path.name
    realms.git("worktree", "add", "--quiet", "--detach", str(twin))
    for base, head in itertools.pairwise(past):
        Scratch(twin).git("checkout", "--quiet", "--detach", head)
        outputs = [
            run(where, "diff", base, *more, "--as-of", DAY).out
            for where, more in ((realms.path, [head]), (twin, []), (twin, ["--staged"]))
        ]
        assert outputs[0] == outputs[1] == outputs[2] != ""


# Nothing is touched ----------------------------------------------------------------------------------


def everything(repository: Path) -> dict[str, tuple[int, int, bytes]]:
    """Every file, with its times and bytes."""
    return {
        str(path): (path.lstat().st_mtime_ns, path.lstat().st_ctime_ns, path.read_bytes())
        for path in repository.rglob("*")
        if path.is_file()
    }


def test_neither_work_tree_nor_index_nor_repository_is_touched(realms: Realms, bp: Bp) -> None:
    realms.append(CASES, "# edited\n")
    os.utime(realms.path / HEALTH, (1, 1))  # Git would note the new time in the index
    realms.write("untracked.yaml")
    before = everything(realms.path)
    for arguments in (
        ["scan", "--staged"],
        ["scan", "--rev", "HEAD"],
        ["scan", "--staged", "--no-write", "--policy-from", "HEAD"],
        ["scan", "--no-write", "--hollow"],
        ["scan", "--check"],
        ["diff", "HEAD"],
        ["diff", "HEAD", "--staged"],
        ["diff", "HEAD", "HEAD"],
        ["history", "--step", "commit"],
        ["lint"],
        ["lint", "--staged"],
    ):
        assert bp(*arguments, *(["--as-of", DAY] if arguments[0] in ("scan", "diff") else [])).code in (0, 1)
        assert everything(realms.path) == before, arguments


@pytest.mark.parametrize("tree", [["--staged"], ["--rev", "HEAD"], ["--rev", "main"], ["--check"]])
def test_a_tree_that_is_not_the_work_tree_takes_no_write(bp: Bp, tree: list[str]) -> None:
    answer = bp("scan", *tree, "--write")
    assert (answer.code, answer.out, "Leave --write out." in answer.err) == (2, "", True)
    answer = bp("scan", "--staged", "--rev", "HEAD")
    assert (answer.code, "exclude each other" in answer.err) == (2, True)


# Hooks -----------------------------------------------------------------------------------------------


HOOK = f"""#!/bin/sh
test "${{0##*/}}" = "$LISTEN" || exit 0
exec '{sys.executable}' "$(git rev-parse --git-common-dir)/ask.py"
"""
ASK = f"""
import os, subprocess, sys
from pathlib import Path

log = Path(subprocess.check_output(["git", "rev-parse", "--git-common-dir"], text=True).strip(), "output").resolve()
index = Path(os.environ.get("GIT_INDEX_FILE", ".git/index")).absolute()
state = lambda: (index.read_bytes(), index.stat().st_mtime_ns, index.stat().st_ctime_ns)
before, top = state(), os.getcwd()
with log.open("w") as file:
    os.dup2(file.fileno(), 1)
    os.dup2(file.fileno(), 2)
from blueprint_cli.cli import _run
for place, command in ((top, "diff HEAD --staged"), (top + "/inside", "diff HEAD --staged"), (top, "scan --staged")):
    os.chdir(place)
    sys.argv = ["bp", *command.split(), "--as-of", "{DAY}"]
    _run()
if state() != before:
    print("the index was touched")
"""
"""Writes down what `bp` says of the index, at the top and in a subdirectory, in the one hook that is listened to."""


@pytest.fixture
def hooked(realms: Realms) -> Realms:
    """A repository that hears what `bp` says in a hook."""
    realms.write("inside/.keep", "")
    realms.commit()
    realms.write(".git/ask.py", ASK)
    for hook in ("pre-commit", "pre-merge-commit", "prepare-commit-msg"):
        realms.write(f".git/hooks/{hook}", HOOK).chmod(0o755)
    return realms


LOST = ["1 introduced (1 error), 0 fixed, 0 unchanged; 1 engagement compared"] * 2 + ["1 node: 1 failing; 1 error"]
CLEAN = ["0 introduced, 0 fixed, 0 unchanged; 1 engagement compared"] * 2 + ["1 node: 1 passing; no gaps"]


def heard(repository: Scratch, hook: str, *command: str) -> list[str]:
    """The last lines of what `bp` printed in a hook of a git command."""
    log = Path(repository.git("rev-parse", "--path-format=absolute", "--git-common-dir"), "output")
    log.unlink(missing_ok=True)
    repository.git(*command, env={"LISTEN": hook})
    lines = log.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.endswith(" compared") or line.startswith("1 node: ") or "touched" in line]


def test_hooks_of_merges_picks_and_rebases_see_what_is_to_be_committed(hooked: Realms) -> None:
    hooked.git("checkout", "--quiet", "-b", "side")
    hooked.git("rm", "--quiet", CASES)
    assert heard(hooked, "pre-commit", "commit", "--quiet", "--message=lost") == LOST
    hooked.append(HEALTH, "# seen\n")
    amended = heard(hooked, "pre-commit", "commit", "--quiet", "--amend", "--all", "--no-edit")
    assert amended[2] == LOST[2]
    hooked.git("checkout", "--quiet", "main")
    hooked.append(f"{ROLLOUT}/success/exec_scorecard.yaml", "# seen\n")
    assert heard(hooked, "pre-commit", "commit", "--quiet", "--all", "--message=meanwhile") == CLEAN
    assert heard(hooked, "pre-merge-commit", "merge", "--quiet", "--no-edit", "--no-ff", "side") == LOST
    hooked.git("reset", "--quiet", "--hard", "HEAD^")
    assert heard(hooked, "prepare-commit-msg", "cherry-pick", "side") == LOST
    hooked.git("reset", "--quiet", "--hard", "HEAD^")
    assert heard(hooked, "prepare-commit-msg", "rebase", "--quiet", "main", "side") == LOST


def test_a_merge_that_is_resolved_by_hand_is_refused_until_then(hooked: Realms, bp: Bp) -> None:
    hooked.git("checkout", "--quiet", "-b", "side")
    hooked.git("rm", "--quiet", CASES)
    hooked.git("commit", "--quiet", "--message=lost")
    hooked.git("checkout", "--quiet", "main")
    hooked.append(CASES, "# seen\n")
    hooked.git("commit", "--quiet", "--all", "--message=kept")
    hooked.git("merge", "--quiet", "side", ok=False)
    for arguments in (*COMMANDS[:1], ["scan"], ["diff", "HEAD"], ["diff", "HEAD", "--staged"]):
        answer = bp(*arguments)
        assert (answer.code, "git merge --abort" in answer.err) == (2, True), arguments
    assert bp("scan", "--rev", "HEAD", "--as-of", DAY).code == bp("diff", "side", "main", "--as-of", DAY).code == 0
    hooked.git("rm", "--quiet", CASES)
    assert heard(hooked, "pre-commit", "commit", "--quiet", "--message=merged") == LOST


def test_hooks_in_a_linked_work_tree_and_from_a_subdirectory(hooked: Realms, tmp_path: Path) -> None:
    hooked.git("worktree", "add", "--quiet", str(tmp_path / "linked"), "-b", "linked")
    linked = Scratch(tmp_path / "linked")
    (linked.path / CASES).unlink()
    assert heard(Scratch(linked.path / ROLLOUT), "pre-commit", "commit", "--quiet", "--all", "--message=lost") == LOST
    (linked.path / HEALTH).unlink()
    linked.write("inside/x", "x\n")
    linked.git("add", "inside")
    one = heard(Scratch(linked.path / "inside"), "pre-commit", "commit", "--quiet", "--message=one", "x")
    assert one[2] == LOST[2]


def test_a_server_judges_a_push_before_it_takes_it(realms: Realms, tmp_path: Path) -> None:
    """In pre-receive the new objects are in quarantine, and the repository is bare."""
    server = realms.clone(tmp_path / "server.git", "--bare")
    hook = server.write(
        "hooks/pre-receive",
        f"#!/bin/sh\nread old new name\n'{sys.executable}' -m blueprint_cli diff $old $new --as-of {DAY}\n",
    )
    hook.chmod(0o755)
    clone = server.clone(tmp_path / "clone")
    clone.git("rm", "--quiet", CASES)
    clone.git("commit", "--quiet", "--message=lost")
    before = server.git("rev-parse", "main")
    clone.git("push", "--quiet", "origin", "HEAD:main", ok=False)
    assert server.git("rev-parse", "main") == before
    clone.git("revert", "--no-edit", "HEAD")
    clone.git("push", "--quiet", "origin", "HEAD:main")
    assert server.git("rev-parse", "main") == clone.git("rev-parse", "HEAD")


# Places ----------------------------------------------------------------------------------------------


def test_what_git_does_not_have_and_what_it_has_elsewhere(realms: Realms, bp: Bp, diff: Bp) -> None:
    """Intent to add is absent from the index; ignored is absent; assume-unchanged hides nothing; sparse is there."""
    realms.git("rm", "--quiet", "--cached", CASES)
    realms.git("add", "--intent-to-add", CASES)
    assert diff("HEAD", "--staged").rules("introduced") == ["missing-asset"]
    assert diff("HEAD").rules("introduced") == []
    realms.git("rm", "--quiet", "--cached", CASES)
    realms.write(".gitignore", "case_log.yaml\n")
    assert diff("HEAD").rules("introduced") == ["missing-asset"]
    realms.git("reset", "--quiet", "--hard")
    realms.remove(".gitignore")
    realms.git("update-index", "--assume-unchanged", HEALTH)
    realms.remove(HEALTH)
    assert diff("HEAD").rules("introduced") == ["missing-asset"]
    realms.git("update-index", "--no-assume-unchanged", HEALTH)
    realms.git("update-index", "--skip-worktree", HEALTH)
    assert diff("HEAD").rules("introduced") == []
    assert bp("scan", "--no-write", "--as-of", DAY).code == 0


@pytest.mark.parametrize("cone", [["--cone"], ["--cone", "--sparse-index"], ["--no-cone"]])
def test_a_sparse_checkout_misses_nothing(realms: Realms, run: Run, tmp_path: Path, cone: list[str]) -> None:
    realms.add_node(IMPLEMENTATION)
    base = realms.git("rev-parse", "HEAD")
    realms.remove(CASES)
    realms.commit()
    sparse = realms.clone(tmp_path / realms.path.name / "x" / realms.path.name, "--no-checkout")
    sparse.git("sparse-checkout", "set", *cone, f"{ROLLOUT}/support")
    sparse.git("checkout", "--quiet", "main")
    assert not (sparse.path / HEALTH).exists()
    assert scanned(run, sparse.path) == scanned(run, realms.path)
    assert scanned(run, sparse.path, "--staged") == scanned(run, realms.path)
    answer = run(sparse.path, "diff", base, "--as-of", DAY, "-f", "json")
    assert "missing-asset" in answer.rules("introduced")
    assert run(sparse.path, "lint").code == run(realms.path, "lint").code


def test_a_partial_clone_lacks_contents_and_says_so(realms: Realms, run: Run, tmp_path: Path) -> None:
    realms.remove(CASES)
    realms.commit()
    realms.git("config", "uploadpack.allowFilter", "true")
    for name, more in {"blobs": ["--filter=blob:none"], "trees": ["--filter=tree:0"]}.items():
        clone = realms.clone(tmp_path / name, "--no-checkout", *more)
        for arguments in (["scan", "--rev", "HEAD"], ["diff", "HEAD~", "HEAD"], ["history", "--step", "commit"]):
            answer = run(clone.path, *arguments)
            assert (answer.code, answer.out) == (2, ""), arguments
            assert "partial clone" in answer.err
            assert "git fetch --refetch --no-filter" in answer.err
    blobs = Scratch(tmp_path / "blobs")
    blobs.git("checkout", "--quiet", "main")
    assert run(blobs.path, "scan", "--no-write", "--as-of", DAY).out.endswith("1 node: 1 failing; 1 error\n")
    assert run(blobs.path, "diff", "HEAD", "--as-of", DAY).code == 0
    assert run(blobs.path, "diff", "HEAD~", "--as-of", DAY).code == 2  # what was deleted is what is missing
    blobs.git("fetch", "--quiet", "--refetch", "--no-filter")
    assert run(blobs.path, "diff", "HEAD~", "--as-of", DAY).code == 1


def test_submodules_and_nested_repositories_are_judged_from_within(realms: Realms, run: Run, tmp_path: Path) -> None:
    parts = Realms.new(tmp_path / "parts")
    assert isinstance(parts, Realms)
    parts.add_node(ROLLOUT)
    parts.commit()
    realms.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(parts.path), "PARTS")
    realms.commit()
    nested = Realms.new(realms.path / "NESTED")
    assert isinstance(nested, Realms)
    nested.add_node(ROLLOUT)
    inner = realms.path / "PARTS"
    (inner / CASES).unlink()
    for where in (realms.path, realms.path / "NORDWIND"):
        assert "\n1 node: 1 passing; no gaps\n" in scanned(run, where, format="text")
    assert "\n1 node: 1 passing; no gaps\n" in scanned(run, realms.path, "--rev", "HEAD", format="text")
    assert "\n1 node: 1 failing; 1 error\n" in scanned(run, inner, format="text")
    assert run(inner, "diff", "HEAD", "--as-of", DAY, "-f", "json").rules("introduced") == ["missing-asset"]
    assert "\n1 node: 1 passing; no gaps\n" in scanned(run, nested.path, format="text")
    Scratch(inner).git("commit", "--quiet", "--all", "--message=moved")
    assert run(realms.path, "diff", "HEAD", "--as-of", DAY).out.startswith("0 introduced")


def test_before_the_first_commit_and_on_a_detached_head(realms: Realms, run: Run, tmp_path: Path) -> None:
    fresh = Realms.new(tmp_path / "fresh" / realms.path.name)
    assert isinstance(fresh, Realms)
    fresh.add_node(ROLLOUT)
    assert run(fresh.path, "scan", "--rev", "HEAD").code == run(fresh.path, "scan", "--staged").code == 2
    fresh.git("add", "--all")
    report = scanned(run, realms.path)
    assert scanned(run, fresh.path) == scanned(run, fresh.path, "--staged") == report
    assert scanned(run, fresh.path, "--policy-from", "HEAD") == report
    realms.git("checkout", "--quiet", "--detach")
    assert scanned(run, realms.path, "--rev", "HEAD") == scanned(run, realms.path, "--staged") == report


def test_a_bare_repository_and_a_git_directory_have_revisions_only(realms: Realms, run: Run, tmp_path: Path) -> None:
    bare = realms.clone(tmp_path / "portfolio.git", "--bare").path
    assert scanned(run, bare, "--rev", "main") == scanned(run, realms.path)
    for where in (bare, realms.path / ".git"):
        for arguments in (["scan"], ["lint"], ["diff", "HEAD"]):
            answer = run(where, *arguments)
            assert (answer.code, answer.out, "has no work tree" in answer.err) == (2, "", True)


COMMANDS = [
    ["scan", "--staged"],
    ["scan", "--rev", "HEAD"],
    ["scan", "--policy-from", "HEAD"],
    ["diff", "HEAD"],
    ["history"],
    ["lint", "--staged"],
]


def test_outside_git_only_the_files_are_judged(tmp_path: Path, run: Run, realms: Realms) -> None:
    plain = tmp_path / "plain" / realms.path.name
    shutil.copytree(REALMS / ROLLOUT, plain / ROLLOUT)
    assert scanned(run, plain) == scanned(run, realms.path)
    for arguments in COMMANDS:
        answer = run(plain, *arguments)
        assert (answer.code, answer.out, "needs Git" in answer.err) == (2, "", True), arguments


def test_without_git_the_files_are_taken_as_they_lie(
    realms: Realms, bp: Bp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    realms.write(".git/info/exclude", "case_log.yaml\n")
    report = bp("scan", "--no-write", "--as-of", DAY)
    monkeypatch.setenv("PATH", str(tmp_path))
    answer = bp("scan", "--no-write", "--as-of", DAY)
    assert (answer.code, answer.out) == (0, report.out)
    assert "git was not found on the PATH: the files are read from the directory" in answer.err
    for arguments in COMMANDS:
        refused = bp(*arguments)
        assert (refused.code, "Install Git 2.31 or newer." in refused.err) == (2, True), arguments


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a repository away")
def test_another_users_repository_is_refused_with_the_fix(realms: Realms, bp: Bp, run: Run) -> None:
    os.chown(realms.path, 12345, 12345)
    os.chown(realms.path / ".git", 12345, 12345)
    for arguments in (["scan"], ["scan", "--rev", "HEAD"], ["diff", "HEAD"], ["history"], ["lint"], ["lint", CASES]):
        answer = bp(*arguments)
        assert (answer.code, answer.out) == (2, ""), arguments
        assert f"git config --global --add safe.directory '{realms.path}'" in answer.err
    assert run(realms.path.parent, "lint", str(realms.path / CASES)).code == 2


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("main..pr", "bp diff main pr"),
        ("main...pr", "bp diff main pr"),
        ("v1.2..", "bp diff v1.2 HEAD"),
        ("..pr", "bp diff HEAD pr"),
        ("HEAD^!", "bp diff 'HEAD^' HEAD"),
        ("HEAD^@", "bp diff 'HEAD^' HEAD"),
        ("HEAD^-2", "bp diff 'HEAD^2' HEAD"),
        ("nowhere..HEAD", "bp diff nowhere HEAD"),
    ],
)
def test_a_range_as_git_writes_it_is_refused_with_what_to_write(
    realms: Realms, bp: Bp, written: str, instead: str
) -> None:
    for arguments in (("diff", written), ("diff", "HEAD", written), ("scan", "--rev", written)):
        answer = bp(*arguments)
        assert answer.code == 2
        assert f"is a range, not one revision\n  To compare its ends, write `{instead}`." in answer.err


@pytest.mark.parametrize("written", ["^HEAD", "a..b..c", "HEAD~1.", "HEAD^{/no..where}"])
def test_what_is_no_range_is_not_called_one(realms: Realms, bp: Bp, written: str) -> None:
    answer = bp("diff", written)
    assert (answer.code, "is a range" in answer.err) == (2, False)


def test_an_unmerged_file_elsewhere_stops_nothing(realms: Realms, bp: Bp) -> None:
    """Only what the index would commit is not known while it is unmerged."""
    realms.write("README.md", "a\n")
    realms.commit()
    realms.git("checkout", "--quiet", "-b", "side")
    realms.write("README.md", "b\n")
    realms.commit()
    realms.git("checkout", "--quiet", "-")
    realms.write("README.md", "c\n")
    realms.commit()
    realms.git("merge", "side", ok=False)
    assert realms.git("ls-files", "--unmerged")
    assert bp("diff", "HEAD", "--as-of", DAY).code == 0
    assert bp("diff", "HEAD~1", "HEAD", "--as-of", DAY).code == 0
    assert "unmerged" in bp("diff", "HEAD", "--staged").err
