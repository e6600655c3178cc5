"""A merge that is not finished: a file counts only where it is judged, and a gap report never does."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import CLEAN, Bp
from tests.support.repository import commit_all

REPORT, ASSET = f"{CLEAN}/gap_report.yaml", f"{CLEAN}/support/support_profile.yaml"
COMMANDS = [
    f"scan {CLEAN} --no-write",
    f"scan {CLEAN}",
    f"lint {CLEAN}",
    f"lint {CLEAN}/blueprint.yaml",
    "lint README.md",
    "diff HEAD^ --fail-on never",
    "history",
    f"explain {CLEAN} C01/CHK_ENG_001",
    "catalog check",
]
STAGED = [f"scan {CLEAN} --staged", f"lint {CLEAN} --staged", "diff HEAD --staged --fail-on never"]


def conflict(repository: Path, *paths: str) -> None:
    """Leave files as a merge of two branches leaves them, each of which changed them."""
    for branch, text in (("other", "# other\n"), ("mine", "# mine\n")):
        subprocess.run(["git", "checkout", "--quiet", "-b", branch, "main"], check=True)
        for path in paths:
            (repository / path).parent.mkdir(parents=True, exist_ok=True)
            (repository / path).write_text(text, encoding="utf-8")
        commit_all(repository, "2026-03-02")
    assert merge().stdout.count("CONFLICT") == len(paths)


def merge() -> subprocess.CompletedProcess[str]:
    """Merge the branch ``other``."""
    identity = ("-c", "user.name=Kit", "-c", "user.email=kit@example.com")
    return subprocess.run(["git", *identity, "merge", "other"], capture_output=True, text=True, check=False)


@pytest.fixture
def reported(repository: Path, bp: Bp) -> Path:
    """A repository with a committed gap report, and a README."""
    subprocess.run(["git", "branch", "--quiet", "--move", "main"], check=True)
    (repository / "README.md").write_text("# Engagements\n", encoding="utf-8")
    bp("scan", CLEAN)
    commit_all(repository, "2026-03-02")
    return repository


@pytest.mark.parametrize("command", [*COMMANDS, *STAGED])
def test_an_unmerged_report_never_blocks(reported: Path, bp: Bp, command: str) -> None:
    conflict(reported, REPORT)
    answer = bp(*command.split())
    assert (answer.code, "unmerged" in answer.err) == (0, False), answer.err


@pytest.mark.parametrize("settings", ["", "report:\n  path: state.yaml\n"])
def test_it_is_written_anew(reported: Path, bp: Bp, settings: str) -> None:
    name = "state.yaml" if settings else "gap_report.yaml"
    (reported / "bp.yaml").write_text(settings, encoding="utf-8")
    bp("scan", CLEAN)
    commit_all(reported, "2026-03-02")
    for branch, day in (("other", "2026-03-03"), ("mine", "2026-03-04")):
        subprocess.run(["git", "checkout", "--quiet", "-b", branch, "main"], check=True)
        bp("scan", CLEAN, "--as-of", day)
        report = reported / CLEAN / name
        report.write_text(report.read_text("utf-8").replace("schema_version: 2", f"schema_version: {day[-1]}"), "utf-8")
        commit_all(reported, "2026-03-04")
    assert merge().returncode == 1
    assert report.read_text(encoding="utf-8").startswith("<<<<<<<")
    answer = bp("scan", CLEAN, "--check")
    assert (answer.code, answer.err) == (1, f"bp: {CLEAN}/{name} has conflicts; run bp scan and git add it\n")
    assert bp("scan", CLEAN).code == 0
    subprocess.run(["git", "add", "--all"], check=True)
    assert (bp("scan", CLEAN, "--check").code, "<<<" in report.read_text(encoding="utf-8")) == (0, False)


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unmerged_file_elsewhere_does_not_matter(reported: Path, bp: Bp, command: str) -> None:
    conflict(reported, "README.md")
    assert bp(*command.split()).code == 0


@pytest.mark.parametrize("command", STAGED)
def test_the_index_must_be_resolved(reported: Path, bp: Bp, command: str) -> None:
    conflict(reported, "README.md")
    answer = bp(*command.split())
    assert (answer.code, "unmerged paths: README.md" in answer.err) == (2, True)


@pytest.mark.parametrize("command", [*COMMANDS[:3], "diff HEAD^", *STAGED])
def test_a_file_that_is_judged_must_be_resolved(reported: Path, bp: Bp, command: str) -> None:
    conflict(reported, ASSET)
    answer = bp(*command.split())
    assert (answer.code, f"unmerged paths: {ASSET}" in answer.err) == (2, True)


def test_other_files_of_its_engagement_can_be_checked(reported: Path, bp: Bp) -> None:
    conflict(reported, ASSET)
    assert bp("lint", f"{CLEAN}/blueprint.yaml").code == 0


@pytest.mark.parametrize("path", ["bp.yaml", f"{CLEAN}/blueprint.yaml", "tracks/post_sales_governance/own.yaml"])
def test_nor_is_a_policy_guessed(reported: Path, bp: Bp, path: str) -> None:
    conflict(reported, path)
    assert bp("scan", "--no-write").code == 2
