"""The tool against the contract: one clean node, one planted defect, exactly the expected gaps.

Every row of the tables runs on one track; ``BP_ACCEPTANCE=all`` runs it on each of its tracks.
``python -m tests.acceptance.report`` prints the score and the mismatches by rule.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from .kit import Case, Node, judge
from .nodes import AS_OF, full
from .runner import SOURCE, bp, git, scan_all
from .table import selected

HAS_TOOL = (SOURCE / "blueprint_cli" / "cli" / "__init__.py").exists() or bool(
    importlib.util.find_spec("blueprint_cli.cli") if importlib.util.find_spec("blueprint_cli") else None
)
pytestmark = pytest.mark.skipif(not HAS_TOOL, reason="there is no command line yet")
CASES = selected(os.environ.get("BP_ACCEPTANCE") == "all")


@pytest.fixture(scope="module")
def reports() -> dict[tuple[str, str], dict[str, Any]]:
    found, _ = scan_all(CASES)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case, reports: dict[tuple[str, str], dict[str, Any]]) -> None:
    verdict = judge(case, reports.get(case.key))
    if not verdict.ok:
        note = [f"  (reading: {case.ambiguous})"] if case.ambiguous else []
        pytest.fail("\n".join([case.name, *verdict.lines(), *note]), pytrace=False)


def repository(root: Path, node: Node | None, place: str = "T_premium/NODE") -> Path:
    git(root, "init", "-q", "-b", "main")
    (root / "README.md").write_text("engagements\n", encoding="utf-8")
    for path, data in node.write().items() if node else ():
        (root / place / path).parent.mkdir(parents=True, exist_ok=True)
        (root / place / path).write_bytes(data)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "node", day="2026-03-01T12:00:00+0000")
    return root


def scan(root: Path, *arguments: str) -> tuple[int, str]:
    done = bp(root, "scan", "--as-of", AS_OF.isoformat(), "--no-write", *arguments)
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout + done.stderr


def warned() -> Node:
    node = full("premium")
    node.a["learning_path"]["modules"] = []
    return node


def broken() -> Node:
    node = full("premium")
    node.raw("learning_path", "a: [\n")
    return node


@pytest.mark.parametrize(
    ("node", "arguments", "code"),
    [
        (full("premium"), [], 0),
        (full("premium"), ["--fail-on", "note"], 0),
        (warned(), [], 0),
        (warned(), ["--fail-on", "warning"], 1),
        (warned(), ["--fail-on", "error"], 0),
        (broken(), [], 1),
        (broken(), ["--fail-on", "never"], 0),
        (broken(), ["--format", "nonsense"], 2),
        (None, [], 2),
    ],
)
def test_exit_code(tmp_path: Path, node: Node | None, arguments: list[str], code: int) -> None:
    got, output = scan(repository(tmp_path, node), *arguments)
    assert got == code, output


def test_scan_writes_nothing_with_no_write(tmp_path: Path) -> None:
    root = repository(tmp_path, warned())
    before = sorted(p for p in root.rglob("*") if ".git" not in p.parts)
    scan(root, "--format", "json")
    assert sorted(p for p in root.rglob("*") if ".git" not in p.parts) == before


def test_track_what_if(tmp_path: Path) -> None:
    """A node that is clean on Economy lacks the hub on Premium, and scanning it so changes no file."""
    node = full("economy")
    del node.a["customer_hub_config"]
    root = repository(tmp_path, node, "T_economy/NODE")
    assert scan(root)[0] == 0
    code, output = scan(root, "--track", "premium")
    assert code == 1
    assert "missing-asset" in output


def test_two_runs_are_equal(tmp_path: Path) -> None:
    root = repository(tmp_path, warned())
    assert scan(root, "--format", "json") == scan(root, "--format", "json")


def test_the_kit_itself() -> None:
    assert date(2026, 3, 2) == AS_OF
    assert AS_OF.weekday() == 0
    assert sys.version_info >= (3, 11)
