"""What an output may replace: only what an earlier run wrote. And where it may not go at all."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from blueprint_cli.render import offered
from tests.cli.conftest import CLEAN, Bp

ASSET = f"{CLEAN}/support/support_profile.yaml"


@pytest.mark.parametrize(
    "target", [f"{CLEAN}/blueprint.yaml", ASSET, f"{CLEAN}/notes.txt", "bp.yaml", "tracks/own.yaml", "README.md"]
)
@pytest.mark.parametrize("command", ["scan --no-write", "lint", "diff HEAD", "history"])
def test_what_people_wrote_is_not_replaced(repository: Path, bp: Bp, target: str, command: str) -> None:
    """Tracked, or a file of an engagement or of the policy, tracked or not."""
    file = repository / target
    if not file.exists():
        file.parent.mkdir(exist_ok=True)
        file.write_text("# mine\n", encoding="utf-8")
    if target == "README.md":
        subprocess.run(["git", "add", target], check=True)
    before = file.read_bytes()
    answer = bp(*command.split(), "-f", f"json={target}")
    assert (answer.code, answer.out) == (2, "")
    assert f"{target} " in answer.err
    assert "it is not overwritten\n  Name another file" in answer.err
    assert file.read_bytes() == before


def test_outside_git_an_engagement_is_not_replaced_either(vault: Path, bp: Bp) -> None:
    answer = bp("scan", "--no-write", "-o", ASSET)
    assert answer.code == 2
    assert f"{ASSET} belongs to an engagement" in answer.err


@pytest.mark.parametrize(("command", "kind"), [("scan", "report"), ("lint", "report"), ("diff HEAD", "difference")])
def test_an_earlier_output_is_replaced(repository: Path, bp: Bp, command: str, kind: str) -> None:
    """Committed too, with the line ends of another system, and in another format than before."""
    write = ["--no-write"] if command == "scan" else []
    for format in offered(kind):  # type: ignore[arg-type]
        assert bp(*command.split(), *write, "-f", f"{format}=out").code < 2
        file = repository / "out"
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
        subprocess.run(["git", "add", "out"], check=True)
    assert bp("scan", "--no-write", "-o", "out").code < 2


@pytest.mark.parametrize("format", offered("timeline"))
def test_an_earlier_timeline_is_replaced(repository: Path, bp: Bp, format: str) -> None:
    for name in ((), (CLEAN,)):
        assert bp("history", *name, "-f", f"{format}=out").code == 0
        subprocess.run(["git", "add", "out"], check=True)
    assert bp("history", "-f", f"{format}=out").code == 0


def test_a_text_that_quotes_a_report_is_no_report(repository: Path, bp: Bp) -> None:
    readme = repository / "README.md"
    readme.write_text("# Reports\n\n```\n3 nodes: 3 passing; no gaps\n```\n", encoding="utf-8")
    subprocess.run(["git", "add", "README.md"], check=True)
    assert bp("scan", "--no-write", "-f", "text=README.md").code == 2


def test_what_the_run_reads_is_not_replaced(repository: Path, bp: Bp) -> None:
    bp("scan", "--no-write", "-f", "json=a.json")
    assert "a.json is read by this run" in bp("merge", "a.json", "-f", "json=./a.json").err
    (repository / "own.yaml").write_text("fail_on: never\n", encoding="utf-8")
    assert "own.yaml is read by this run" in bp("scan", "--config", "own.yaml", "-o", "own.yaml").err


@pytest.mark.parametrize("target", ["/dev/null", "/dev/stdout", "pipe"])
def test_devices_and_pipes_are_for_the_shell(vault: Path, bp: Bp, target: str) -> None:
    subprocess.run(["mkfifo", "pipe"], check=True)
    answer = bp("scan", "--no-write", "-o", target)
    assert answer.code == 2
    assert "Write `-` for standard output" in answer.err
    assert "Remove" not in answer.err
