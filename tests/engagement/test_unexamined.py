"""The sentence at the end of a scan, and names that depend on the tree alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from blueprint_cli import api
from tests.support.realms import DAY, REALMS, ROLLOUT, TRIAL, Answer, Bp, Realms
from tests.support.repository import Scratch

CLEAN = ("scan", "--as-of", DAY, "--no-write")
NOTHING = "1 node: 1 passing; no gaps"


def last(answer: Answer) -> str:
    assert answer.code == 0, answer.err
    return answer.out.splitlines()[-1]


def test_nothing_where_everything_was_looked_at(bp: Bp) -> None:
    answer = bp(*CLEAN)
    assert (last(answer), answer.err) == (NOTHING, "")
    assert last(bp(*CLEAN, "--unexamined")) == NOTHING


@pytest.mark.parametrize(
    ("path", "settings", "words", "line"),
    [
        (f"{ROLLOUT}/contract.pdf", "", "1 file that is not an asset", f"asset  {ROLLOUT}/contract.pdf"),
        (f"{ROLLOUT}/support/own.yaml", "", "1 file that is not an asset", f"{ROLLOUT}/support/own.yaml"),
        ("vendor/a.yaml", "exclude: [vendor]", "1 excluded file", "excluded file  vendor (1)"),
        ("OTHER/ONB/blueprint.yaml", "realms: [NORDWIND]", "1 engagement outside the realms", "OTHER/ONB"),
    ],
)
def test_what_was_not_looked_at(realms: Realms, bp: Bp, path: str, settings: str, words: str, line: str) -> None:
    realms.write(path, "a: 1\n")
    if settings:
        realms.write("bp.yaml", settings + "\n")
    assert last(bp(*CLEAN)) == f"not looked at: {words} (--unexamined lists them)"
    answer = bp(*CLEAN, "--unexamined")
    assert (last(answer), line in answer.out) == (f"not looked at: {words}", True)
    assert bp(*CLEAN, "-f", "json").err == f"bp: not looked at: {words}\n"
    assert f"Not looked at: {words}" in bp(*CLEAN, "-f", "markdown").out


def test_an_engagement_on_hold(realms: Realms, bp: Bp) -> None:
    realms.add_node(TRIAL)
    realms.edit(f"{TRIAL}/blueprint.yaml", "status: active", "status: on_hold")
    answer = bp(*CLEAN, "--unexamined")
    assert last(answer) == "not looked at: 1 engagement skipped"
    assert f"engagement skipped  {TRIAL}: status is on_hold" in answer.out


def test_submodules_and_inner_repositories(realms: Realms, bp: Bp) -> None:
    inner = Scratch.new(realms.path / "CUST")
    inner.commit({"ONB/blueprint.yaml": "a: 1\n"})
    remark = "bp: submodules and repositories within this one are not judged: `CUST`\n"
    answer = bp(*CLEAN)
    assert (last(answer)[:14], answer.err) == ("not looked at:", remark)
    realms.git("add", "CUST")
    realms.git("commit", "--quiet", "--message=boundary")
    for more in ((), ("--staged",), ("--rev", "HEAD")):
        answer = bp("scan", "--as-of", DAY, *more)
        assert remark in answer.err
        assert "1 submodule or inner repository" in last(answer)
    assert bp(*CLEAN, ROLLOUT).err == ""


def test_outside_git(tmp_path: Path, run: Callable[..., Answer]) -> None:
    scratch = Realms(tmp_path / "plain")
    scratch.add_node(ROLLOUT)
    (tmp_path / "plain" / "CUST" / ".git").mkdir(parents=True)
    assert "are not judged: `CUST`" in run(scratch.path, *CLEAN).err


def test_the_files_that_were_written(bp: Bp) -> None:
    assert bp("scan", "--as-of", DAY).err == f"bp: wrote 1 gap report: `{ROLLOUT}/gap_report.yaml`\n"
    assert bp("scan", "--as-of", DAY).err == ""


def test_a_named_path_outside_the_realms(realms: Realms, bp: Bp) -> None:
    realms.add_node(TRIAL)
    realms.write("bp.yaml", "realms: [NORDWIND]\n")
    answer = bp(*CLEAN, TRIAL)
    assert (last(answer), f"judged because their paths are named: `{TRIAL}`" in answer.err) == (NOTHING, True)
    assert bp(*CLEAN, ROLLOUT).err == ""


def test_python_programs_see_it_too(realms: Realms) -> None:
    realms.write("vendor/a.yaml")
    realms.write("bp.yaml", "exclude: [vendor]\n")
    report = api.scan(realms.path, as_of=DAY)
    assert [(str(item.what), item.path, item.number) for item in report.unexamined] == [("excluded", "vendor", 1)]


@pytest.fixture
def shallow(tmp_path: Path) -> Realms:
    """A repository whose engagement is a directory of the root, with its gap report."""
    scratch = Realms.new(tmp_path / "acme")
    assert isinstance(scratch, Realms)
    scratch.add_node(ROLLOUT, "ROLLOUT")
    scratch.commit()
    return scratch


def test_the_name_of_a_clone_is_not_part_of_the_result(
    shallow: Realms, tmp_path: Path, run: Callable[..., Answer]
) -> None:
    assert run(shallow.path, "scan", "--as-of", DAY).code == 0
    shallow.commit()
    places = [shallow.clone(tmp_path / name).path for name in ("job_PR-12", "name@2")]
    shallow.git("worktree", "add", "--quiet", str(tmp_path / "feature"))
    bare = shallow.clone(tmp_path / "x.git", "--bare").path
    for place in (*places, tmp_path / "feature"):
        assert run(place, "scan", "--check", "--as-of", DAY).code == 0
    for format in ("json", "sarif"):
        outputs = {
            run(place, "scan", "--rev", "HEAD", "--as-of", DAY, "-f", format).out
            for place in (shallow.path, *places, tmp_path / "feature", bare)
        }
        assert len(outputs) == 1


def test_what_the_root_is_called_is_a_setting(shallow: Realms, run: Callable[..., Answer]) -> None:
    answer = run(shallow.path, *CLEAN)
    assert ("./ROLLOUT · " in answer.out, "set `root_name` in bp.yaml" in answer.err) == (True, True)
    shallow.write("bp.yaml", "root_name: acme\n")
    answer = run(shallow.path, *CLEAN)
    assert ("acme/ROLLOUT · " in answer.out, answer.err) == (True, "")
    assert run(shallow.path, "explain", "acme/ROLLOUT", "gap_scan").code == 0
    assert run(shallow.path, *CLEAN, "--realm", "acme").code == 0


def test_a_blueprint_in_the_root_itself(tmp_path: Path, run: Callable[..., Answer]) -> None:
    scratch = Realms.new(tmp_path / "acme")
    assert isinstance(scratch, Realms)
    shutil.copytree(REALMS / ROLLOUT, scratch.path, dirs_exist_ok=True)
    scratch.write("bp.yaml", "root_name: acme/ROLLOUT\n")
    assert "acme/ROLLOUT · " in run(scratch.path, *CLEAN).out
