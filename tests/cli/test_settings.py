"""Flags over environment over file over defaults; and `bp config` shows where each value comes from."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from blueprint_cli.config import Config
from tests.cli.conftest import CLEAN, WARNED, Bp

SCHEMAS = Path(__file__).parents[2] / "schemas"


def origins(bp: Bp, *arguments: str) -> dict[str, tuple[object, str]]:
    answer = bp("config", "--format", "json", *arguments)
    assert answer.code == 0, answer.err
    return {name: (one["value"], one["origin"]) for name, one in json.loads(answer.out).items()}


def test_defaults(vault: Path, bp: Bp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BP_AS_OF")
    answer = origins(bp)
    assert {origin for _, origin in answer.values()} == {"default"}
    assert answer["fail_on"][0] == "error"
    assert answer["timezone"][0] == "UTC"
    assert answer["report.write"][0] is True


def test_editors_show_the_defaults_that_hold() -> None:
    """The schema of bp.yaml: each default there, and in the words beside it, is what the program takes."""
    schema = json.loads((SCHEMAS / "config.schema.json").read_text("utf-8"))["properties"]
    schema |= {
        f"{key}.{name}": part for key in ("report", "limits") for name, part in schema.pop(key)["properties"].items()
    }
    values = Config().values()
    words = {"[]": "none", '["."]': "the", '"."': "the"}  # the whole repository, the node itself, the repository root
    for name, part in schema.items():
        named = re.search(r"Default: ([\w.]+)", part["description"])
        if "default" not in part:
            assert named is None, name
            continue
        default = part["default"]
        stated = words.get(json.dumps(default), str(default).lower() if isinstance(default, bool) else str(default))
        assert named is not None, name
        assert named[1].rstrip(".") == stated, name
        if name not in ("catalog", "report.path"):  # one directory for a list of one; None where it is the usual name
            assert values[name] == (tuple(default) if isinstance(default, list) else default), name


def test_the_file_says_on_which_line(vault: Path, bp: Bp) -> None:
    (vault / "bp.yaml").write_text("# ours\nfail_on: warning\nreport:\n  write: false\n", encoding="utf-8")
    answer = origins(bp)
    assert answer["fail_on"] == ("warning", "bp.yaml:2")
    assert answer["report.write"] == (False, "bp.yaml:4")
    assert bp("scan", WARNED).code == 1


@pytest.mark.parametrize(
    ("variable", "name", "value"),
    [
        ("BP_FAIL_ON", "fail_on", "note"),
        ("BP_FORMAT", "format", "json"),
        ("BP_AS_OF", "as_of", "2026-01-31"),
        ("BP_TIMEZONE", "timezone", "Pacific/Auckland"),
    ],
)
def test_the_environment_overrides_the_file(
    vault: Path, bp: Bp, monkeypatch: pytest.MonkeyPatch, variable: str, name: str, value: str
) -> None:
    other = {"fail_on": "never", "timezone": "UTC"}
    (vault / "bp.yaml").write_text("".join(f"{k}: {v}\n" for k, v in other.items() if k == name), encoding="utf-8")
    monkeypatch.setenv(variable, value)
    assert origins(bp)[name] == (value, variable)


@pytest.mark.parametrize("name", ["localtime", "posixrules", "posix/Europe/Berlin", "right/UTC"])
def test_a_timezone_that_is_another_one_elsewhere_is_not_known(vault: Path, bp: Bp, name: str) -> None:
    (vault / "bp.yaml").write_text(f"timezone: {name}\n", encoding="utf-8")
    assert f"timezone `{name}` is not known (bp.yaml:1)" in bp("scan").err


def test_an_unknown_timezone_is_reported_with_its_place(vault: Path, bp: Bp, monkeypatch: pytest.MonkeyPatch) -> None:
    (vault / "bp.yaml").write_text("fail_on: never\ntimezone: Europe/Atlantis\n", encoding="utf-8")
    answer = bp("scan")
    assert answer.code == 2
    assert "timezone `Europe/Atlantis` is not known (bp.yaml:2)" in answer.err
    monkeypatch.setenv("BP_TIMEZONE", "Nowhere")
    assert "timezone `Nowhere` is not known (BP_TIMEZONE)" in bp("scan").err


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("utc", "UTC"),
        ("Europe/berlin", "Europe/Berlin"),
        ("europe/BERLIN ", "Europe/Berlin"),
        ("Europe/Berln", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("America/New York", "America/New_York"),
    ],
)
def test_the_timezone_that_is_meant_is_named(vault: Path, bp: Bp, name: str, meant: str) -> None:
    (vault / "bp.yaml").write_text(f'timezone: "{name}"\n', encoding="utf-8")
    answer = bp("scan")
    assert (answer.code, f"Did you mean `{meant}`" in answer.err) == (2, True), answer.err


def test_a_difference_from_utc_is_not_a_place(vault: Path, bp: Bp) -> None:
    for name in ("GMT+1", "UTC+01:00", "+01:00"):
        (vault / "bp.yaml").write_text(f'timezone: "{name}"\n', encoding="utf-8")
        assert "Use a name such as UTC, Europe/Berlin" in bp("scan").err


@pytest.mark.parametrize("package", [True, False])
def test_a_system_without_a_time_zone_database(vault: Path, tmp_path: Path, package: bool) -> None:
    (vault / "bp.yaml").write_text("timezone: Europe/Berlin\n", encoding="utf-8")
    if not package:
        (tmp_path / "tzdata.py").write_text("raise ImportError\n", encoding="utf-8")
    scan = subprocess.run(
        [sys.executable, "-m", "blueprint_cli", "scan", "--no-write"],
        cwd=vault,
        env={**os.environ, "PYTHONTZPATH": "", "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ("there is no time zone database" in scan.stderr) is not package, scan.stderr
    assert (scan.returncode == 2) is not package


def test_an_empty_variable_says_nothing(vault: Path, bp: Bp, monkeypatch: pytest.MonkeyPatch) -> None:
    (vault / "bp.yaml").write_text("fail_on: warning\n", encoding="utf-8")
    monkeypatch.setenv("BP_FAIL_ON", "")
    assert origins(bp)["fail_on"] == ("warning", "bp.yaml:1")


def test_flags_override_the_environment(vault: Path, bp: Bp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BP_FAIL_ON", "warning")
    monkeypatch.setenv("BP_FORMAT", "yaml")
    monkeypatch.setenv("BP_AS_OF", "2026-04-30")
    assert bp("scan", WARNED, "--as-of", "2026-03-02", "--no-write").code == 1
    answer = bp("scan", WARNED, "--as-of", "2026-03-02", "--no-write", "--fail-on", "error", "-f", "json")
    assert answer.code == 0
    assert json.loads(answer.out)["as_of"] == "2026-03-02"


def test_a_wrong_value_is_reported_with_its_origin(vault: Path, bp: Bp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BP_FAIL_ON", "sometimes")
    answer = bp("scan")
    assert answer.code == 2
    assert "BP_FAIL_ON" in answer.err
    monkeypatch.delenv("BP_FAIL_ON")
    for variable, value in (("BP_FORMAT", "html"), ("BP_TIMEZONE", "Mars/Olympus"), ("BP_AS_OF", "soon")):
        with monkeypatch.context() as patch:
            patch.setenv(variable, value)
            answer = bp("scan")
            assert answer.code == 2, variable
            assert value in answer.err


def test_another_configuration_file(vault: Path, bp: Bp, monkeypatch: pytest.MonkeyPatch) -> None:
    (vault / "bp.yaml").write_text("fail_on: never\n", encoding="utf-8")
    (vault / "strict.yaml").write_text("fail_on: warning\n", encoding="utf-8")
    assert bp("scan", WARNED, "--no-write").code == 0
    assert bp("scan", WARNED, "--no-write", "--config", "strict.yaml").code == 1
    assert origins(bp, "--config", "strict.yaml")["fail_on"] == ("warning", "strict.yaml:1")
    monkeypatch.setenv("BP_CONFIG", "strict.yaml")
    assert bp("scan", WARNED, "--no-write").code == 1


def test_the_table_for_people(vault: Path, bp: Bp) -> None:
    (vault / "bp.yaml").write_text("exclude: [archive]\n", encoding="utf-8")
    answer = bp("config")
    lines = {line.split()[0]: line.split()[-1] for line in answer.out.splitlines()}
    assert lines["exclude"] == "bp.yaml:1"
    assert lines["as_of"] == "BP_AS_OF"
    assert lines["limits.file_bytes"] == "default"


def nodes(bp: Bp, *arguments: str) -> list[str]:
    answer = bp("scan", "-f", "json", "--no-write", *arguments)
    return [f"{node['realm']}/{node['node']}" for node in json.loads(answer.out)["nodes"]]


EVERYTHING = ["NORTHWIND/PILOT", "NORTHWIND/WAREHOUSE", "SOUTHWIND/DEPOT"]


def test_from_anywhere_in_a_repository_all_of_it(repository: Path, bp: Bp, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in (repository, repository / "NORTHWIND", repository / CLEAN / "engagement"):
        monkeypatch.chdir(place)
        assert nodes(bp) == EVERYTHING


def test_outside_git_the_current_directory_is_the_root(vault: Path, bp: Bp, monkeypatch: pytest.MonkeyPatch) -> None:
    assert nodes(bp) == EVERYTHING
    monkeypatch.chdir(vault / "NORTHWIND")
    assert nodes(bp) == EVERYTHING[:2]
    monkeypatch.chdir(vault / CLEAN)
    assert nodes(bp) == ["NORTHWIND/WAREHOUSE"]


def test_paths_narrow(repository: Path, bp: Bp, monkeypatch: pytest.MonkeyPatch) -> None:
    assert nodes(bp, "NORTHWIND") == EVERYTHING[:2]
    assert nodes(bp, "NORTHWIND/") == EVERYTHING[:2]
    assert nodes(bp, "./SOUTHWIND", CLEAN) == EVERYTHING[1:]
    assert nodes(bp, f"{CLEAN}/engagement/customer_profile.yaml") == ["NORTHWIND/WAREHOUSE"]
    assert nodes(bp, str(repository / "SOUTHWIND")) == EVERYTHING[2:]
    assert nodes(bp, "--realm", "NORTHWIND", "--node", "PILOT") == EVERYTHING[:1]
    monkeypatch.chdir(repository / "SOUTHWIND")
    assert nodes(bp, ".") == EVERYTHING[2:]
    assert nodes(bp, "../NORTHWIND") == EVERYTHING[:2]


def test_shares_are_the_whole_once(vault: Path, bp: Bp) -> None:
    assert sorted(nodes(bp, "--shard", "1/2") + nodes(bp, "--shard", "2/2")) == EVERYTHING


def test_a_path_of_another_repository(repository: Path, bp: Bp, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    answer = bp("scan", "NORTHWIND", str(tmp_path / "other"))
    assert answer.code == 2
    assert "lies outside" in answer.err
