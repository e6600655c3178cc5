"""The same files and the same moment give the same bytes, whatever the process, the directory or the disk's order."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from blueprint_cli.model import NodeReport, Report
from blueprint_cli.policy.load import packaged_policy
from blueprint_cli.render import offered, render
from blueprint_cli.render.data import report_data
from blueprint_cli.render.options import RenderOptions
from blueprint_cli.render.yaml import gap_report
from blueprint_cli.scan import Scanner
from blueprint_cli.yamlfile import read
from tests.support.cases.judge import judge, judged, workspace_at
from tests.support.cases.table import Case, cases
from tests.support.repository import commit_all

EXAMPLES = Path(__file__).parents[1] / "examples"
AS_OF = "2026-03-02"
SOURCE = Path(__file__).parents[1] / "src"
VARIED = ("rules/", "gates", "names")
"""Tables whose cases have reports of every kind."""
FORMATS = tuple(offered("report"))


def files_of(place: Path) -> list[Path]:
    return sorted(path for path in place.rglob("*") if path.is_file() and path.name != "gap_report.yaml")


def copy(to: Path, places: Sequence[str] = ("realms",), *, backwards: bool = False) -> Path:
    """The examples, written in one order or the other."""
    to.mkdir(parents=True)
    for place in places:
        found = files_of(EXAMPLES / place)
        for file in reversed(found) if backwards else found:
            target = to / "examples" / place / file.relative_to(EXAMPLES / place)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    return to


def scan(root: Path, seed: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "BP_"))}
    env = {**kept, "PYTHONHASHSEED": seed, "PYTHONPATH": str(SOURCE), "GIT_CONFIG_GLOBAL": os.devnull}
    command = [sys.executable, "-m", "blueprint_cli", "scan", "--as-of", AS_OF, *arguments]
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    return done


def outputs(root: Path, seed: str) -> dict[str, bytes]:
    """Every format of one run, and the gap reports that it writes."""
    targets = [word for name in FORMATS for word in ("-f", f"{name}={root.parent / f'{root.name}.{name}'}")]
    scan(root, seed, *targets)
    rendered = {name: (root.parent / f"{root.name}.{name}").read_bytes() for name in FORMATS}
    return rendered | {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("gap_report.yaml"))}


def test_two_runs_are_equal_byte_for_byte(tmp_path: Path) -> None:
    """Another hash seed, another order of the files on disk, another directory: nothing of it shows."""
    first = outputs(copy(tmp_path / "one", ("realms", "broken")), "0")
    second = outputs(copy(tmp_path / "deep" / "er" / "two", ("broken", "realms"), backwards=True), "4242")
    assert first.keys() == second.keys()
    assert len(first) > len(FORMATS) + 4
    for name, content in first.items():
        assert content == second[name], f"{name} differs"
        assert str(tmp_path).encode() not in content, f"{name} tells where the checkout is"


def test_committing_the_reports_changes_nothing(tmp_path: Path) -> None:
    root = copy(tmp_path / "repository")
    commit_all(root, "2026-03-01")
    first = outputs(root, "1")
    subprocess.run(["git", "add", "-A"], cwd=root, check=True)
    who = ("-c", "user.name=Kit", "-c", "user.email=kit@example.com")
    subprocess.run(["git", *who, "commit", "-qm", "reports"], cwd=root, check=True, capture_output=True)
    assert outputs(root, "2") == first
    assert not subprocess.run(["git", "status", "--porcelain"], cwd=root, check=True, capture_output=True).stdout
    assert b"out of date" not in scan(root, "3", "--check").stderr


def judged_examples(root: Path) -> list[NodeReport]:
    workspace = workspace_at(copy(root, ("realms", "broken")))
    snapshot = workspace.open(workspace.tree(), {"as_of": AS_OF})
    return list(Scanner(snapshot, snapshot.portfolio.nodes).scan())


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, NodeReport]]:
    """Every report of the examples and of the most varied cases, by a name."""
    examples = judged_examples(tmp_path_factory.mktemp("reports") / "examples")
    reports = [(case.name, judged(case).report) for case in cases() if case.table.startswith(VARIED)]
    return [
        *((report.name, report) for report in examples),
        *((name, report) for name, report in reports if report is not None),
    ]


def simple(value: Any) -> Any:
    """The same data with dates as text."""
    if isinstance(value, dict):
        return {key: simple(item) for key, item in value.items()}
    if isinstance(value, list):
        return [simple(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


@cache
def safe() -> YAML:
    return YAML(typ="safe")


def test_every_report_fits_its_schema(reports: list[tuple[str, NodeReport]]) -> None:
    validator = packaged_policy().store.validator("gap_report.schema.json")
    for name, report in reports:
        data = report_data(report)
        assert json.loads(json.dumps(data)) == data, name
        assert validator.is_valid(data), (name, [str(defect) for defect in validator.defects(data)])


def test_every_report_survives_yaml(reports: list[tuple[str, NodeReport]]) -> None:
    """What is written is read again as the same data: by a stranger's reader, and by our own."""
    for name, report in reports:
        text, data = gap_report(report), report_data(report)
        assert simple(safe().load(text)) == data, name
        document = read(text.encode())
        assert document.ok, (name, document.faults)
        assert simple(document.data) == data, name


def test_fingerprints_are_unique_in_every_report(reports: list[tuple[str, NodeReport]]) -> None:
    for name, report in reports:
        prints = [gap.fingerprint for gap in report.gaps]
        assert len(prints) == len(set(prints)), name


def test_a_case_is_judged_the_same_in_another_directory(tmp_path: Path) -> None:
    for number, case in enumerate(case for case in cases() if case.table.startswith(VARIED)):
        again = judge(case, tmp_path / "b" / "c" / str(number)).report
        assert again is not None
        assert _rendered(case, again) == _rendered(case, judged(case).report), case.name


def _rendered(case: Case, report: NodeReport | None) -> dict[str, str]:
    assert report is not None, case.name
    whole = Report(case.as_of, (report,))
    return {name: render(whole, name, RenderOptions()) for name in FORMATS}
