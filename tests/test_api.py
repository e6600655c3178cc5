"""The Python interface answers as the commands do."""

from __future__ import annotations

import ast
import inspect
import json
import subprocess
import sys
from dataclasses import FrozenInstanceError, replace
from datetime import date
from pathlib import Path

import pytest

from blueprint_cli import api

ROOT = Path(__file__).parents[1]
REALMS = ROOT / "examples" / "realms"
DAY = "2026-03-02"


@pytest.fixture(scope="module")
def report() -> api.Report:
    """The examples."""
    return api.scan(REALMS, as_of=DAY)


@pytest.fixture(scope="module")
def printed() -> str:
    """What the command says of them."""
    command = [sys.executable, "-m", "blueprint_cli", "scan", str(REALMS), "--no-write", "--as-of", DAY, "-f", "json"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def test_a_scan_is_that_of_the_command(report: api.Report, printed: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert api.to_data(report) == json.loads(printed)
    assert api.to_data(api.scan(REALMS / "ACME", as_of=date(2026, 3, 2)).nodes[0]) == json.loads(printed)["nodes"][0]
    assert capfd.readouterr() == ("", "")


def test_a_loaded_report_is_what_was_scanned_but_for_what_no_file_has(
    report: api.Report, printed: str, tmp_path: Path
) -> None:
    file = tmp_path / "report.json"
    file.write_text(printed, encoding="utf-8")
    loaded = api.load(file)
    assert api.to_data(loaded) == api.to_data(report)
    known = tuple(
        replace(node, report_path=None, gaps=tuple(replace(gap, items=()) for gap in node.gaps))
        for node in report.nodes
    )
    assert loaded.nodes == known


def test_values_are_typed_and_frozen(report: api.Report) -> None:
    gap = next(gap for node in report.nodes for gap in node.gaps)
    assert isinstance(gap.severity, api.Severity)
    assert report.summary.gaps[gap.severity] >= 1
    with pytest.raises(FrozenInstanceError):
        gap.message = ""  # type: ignore[misc]


@pytest.mark.parametrize("options", [{"as_of": "soon"}, {"track": "gold"}, {"rev": "no-such-branch"}])
def test_errors_are_those_of_the_commands(options: dict[str, str]) -> None:
    with pytest.raises(api.BpError):
        api.scan(REALMS, **{"as_of": DAY, **options})


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(api.BpError, match=r"nowhere\.json cannot be read: No such file"):
        api.load(tmp_path / "nowhere.json")
    (tmp_path / "gap_report.yaml").write_text("a: 1", encoding="utf-8")
    with pytest.raises(api.BpError, match=r"gap_report\.yaml is not JSON"):
        api.load(tmp_path / "gap_report.yaml")


def test_the_example_runs(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    example = (inspect.getdoc(api) or "").partition("\n\n    ")[2].partition("\n\nEvery")[0]
    exec(compile(inspect.cleandoc("    " + example), "example", "exec"), {})  # noqa: S102
    assert "HELIOS/PLATFORM warning stale-asset" in capfd.readouterr().out


def test_every_name_is_offered() -> None:
    tree = ast.parse(inspect.getsource(api))
    public = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")}
    assert public < {*api.__all__}
