"""The steps of action.yml, executed as a runner executes them."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from blueprint_cli.yamlfile import read
from tests.support.repository import Scratch

ROOT = Path(__file__).parents[2]
ACTION = read((ROOT / "action.yml").read_bytes()).data
PROFILE = "ACME/IMPLEMENTATION/engagement/customer_profile.yaml"
_EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")


@dataclass(frozen=True)
class Ran:
    """How a step ended."""

    code: int
    output: str
    outputs: Mapping[str, str]
    summary: str


def step(name: str) -> dict[str, Any]:
    """A step of the action."""
    return next(step for step in ACTION["runs"]["steps"] if step["name"] == name)


def run(at: Path, name: str, event: str, inputs: Mapping[str, str], more: Mapping[str, str] | None = None) -> Ran:
    """Execute a step with the inputs of a caller; what is not given has the default of the action."""
    given = {key: str(one["default"]) for key, one in ACTION["inputs"].items()} | dict(inputs)
    known = {f"inputs.{key}": value for key, value in given.items()}
    known |= {"github.action_path": str(ROOT), "inputs.base || github.event.merge_group.base_sha": given["base"]}
    files = {key: at.parent / key for key in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH")}
    for file in files.values():
        file.write_text("")
    variables = {key: _EXPRESSION.sub(lambda m: known[m[1]], str(value)) for key, value in step(name)["env"].items()}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step(name)["run"]],
        cwd=at,
        env={
            **os.environ,
            **variables,
            **{key: str(file) for key, file in files.items()},
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": event,
            **(more or {}),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
    return Ran(done.returncode, done.stdout.decode(), outputs, files["GITHUB_STEP_SUMMARY"].read_text())


NOW = {"as-of": "2026-03-02"}


def results(at: Path, sarif: str) -> list[str]:
    """The rules of a SARIF file's results."""
    return [result["ruleId"] for result in json.loads((at / sarif).read_text())["runs"][0]["results"]]


@pytest.mark.parametrize("depth", ["2", "0"])
def test_a_pull_request_is_blocked_by_what_it_did(
    server: Scratch, checkout: Callable[[str], Scratch], depth: str
) -> None:
    server.git("rm", "--quiet", PROFILE)
    server.commit()
    merged = checkout(depth)
    ran = run(merged.path, "bp", "pull_request", NOW)
    assert ran.code == 1, ran.output
    assert ran.outputs == {"mode": "diff", "exit-code": "1", "sarif-file": "bp.sarif"}
    assert "::error file=ACME/IMPLEMENTATION/" in ran.output
    assert "missing-asset" in ran.summary
    assert "missing-asset" in results(merged.path, "bp.sarif")


def test_a_pull_request_is_not_blocked_by_the_calendar(server: Scratch, checkout: Callable[[str], Scratch]) -> None:
    server.commit({"README.md": "hello\n"})
    merged = checkout("2")
    ran = run(merged.path, "bp", "pull_request", {"as-of": "2027-03-02"})
    assert ran.code == 0, ran.output
    assert ran.outputs["exit-code"] == "0"
    assert "::error" not in ran.output
    assert merged.git("status", "--porcelain") == "?? bp.sarif"


def test_a_checkout_too_shallow_is_reported_with_the_fix(server: Scratch, checkout: Callable[[str], Scratch]) -> None:
    server.commit({"README.md": "hello\n"})
    ran = run(checkout("1").path, "bp", "pull_request", NOW)
    assert ran.code == 2
    assert ran.outputs == {"exit-code": "2"}
    assert "fetch-depth: 2" in ran.output


def test_a_merge_queue_compares_with_the_base_that_the_event_names(
    server: Scratch, checkout: Callable[[str], Scratch]
) -> None:
    server.git("rm", "--quiet", PROFILE)
    server.commit()
    merged = checkout("0")
    base = merged.git("rev-parse", "HEAD^1")
    ran = run(merged.path, "bp", "merge_group", {**NOW, "base": base})
    assert (ran.code, ran.outputs["mode"]) == (1, "diff"), ran.output


@pytest.mark.parametrize("event", ["schedule", "push", "workflow_dispatch"])
def test_every_other_event_judges_everything_and_writes_no_report(server: Scratch, event: str) -> None:
    ran = run(server.path, "bp", event, {**NOW, "sarif-file": "out/of the/bp.sarif"})
    assert ran.code == 1, ran.output
    assert ran.outputs == {"mode": "scan", "exit-code": "1", "sarif-file": "out/of the/bp.sarif"}
    assert "stale-asset" in results(server.path, "out/of the/bp.sarif")
    assert "ACME/IMPLEMENTATION" in ran.summary
    assert not list(server.path.rglob("gap_report.yaml"))


def test_inputs_are_text_whatever_they_hold(server: Scratch) -> None:
    hostile = "$(touch pwned); touch pwned `touch pwned` ' \" && touch pwned"
    for name in ("paths", "fail-on", "as-of", "policy-from", "args", "sarif-file"):
        ran = run(server.path, "bp", "schedule", {**NOW, "fail-on": "never", name: hostile})
        assert not list(server.path.parent.rglob("pwned")), name
        assert ran.code == (0 if name == "sarif-file" else 2), (name, ran.output)


def test_a_link_leads_the_sarif_file_nowhere(server: Scratch, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (server.path / "out").symlink_to(outside)
    for name in ("out/bp.sarif", "../bp.sarif"):
        ran = run(server.path, "bp", "schedule", {**NOW, "sarif-file": name})
        assert (ran.code, ran.outputs) == (2, {"exit-code": "2"}), ran.output
        assert "leads out of the repository" in ran.output
    assert not list(outside.iterdir())
    assert run(server.path, "bp", "schedule", {**NOW, "sarif-file": f"{outside}/bp.sarif"}).code == 1


@pytest.mark.parametrize("base", ["$(touch pwned)", "--output=pwned", "-f", "main; touch pwned", "HEAD\nmain"])
def test_a_base_is_a_revision_or_nothing(server: Scratch, base: str) -> None:
    ran = run(server.path, "bp", "pull_request", {**NOW, "base": base})
    assert (ran.code, ran.outputs["exit-code"]) == (2, "2"), ran.output
    assert not list(server.path.parent.rglob("pwned"))


def test_paths_and_args_are_one_a_line(server: Scratch) -> None:
    (server.path / "ACME").rename(server.path / "A C M E")
    more = {"paths": "A C M E/IMPLEMENTATION\n", "args": "--format=json=bp.json\n--redact\n", "fail-on": "never"}
    ran = run(server.path, "bp", "push", {**NOW, **more})
    assert ran.code == 0, ran.output
    assert json.loads((server.path / "bp.json").read_text())["summary"]["nodes"] == 1


def test_a_job_that_cannot_be_done_leaves_no_old_sarif(server: Scratch) -> None:
    server.write("bp.sarif", "{}")
    server.write("bp.yaml", "fial_on: error\n")
    ran = run(server.path, "bp", "schedule", NOW)
    assert ran.outputs == {"mode": "scan", "exit-code": "2"}
    assert "::error title=bp::bp could not do its job (exit code 2)" in ran.output


def test_no_expression_stands_in_a_script() -> None:
    scripts = [step["run"] for step in ACTION["runs"]["steps"] if "run" in step]
    assert scripts
    assert not any("${{" in script for script in scripts)
    used = {m[1] for step in ACTION["runs"]["steps"] for value in step.get("env", {}).values()
            for m in re.finditer(r"inputs\.([a-z-]+)", value)}  # fmt: skip
    assert used | {"python-version"} == set(ACTION["inputs"])


def test_a_version_that_is_none_is_refused(server: Scratch) -> None:
    for version in ("--help", "1.0 --index-url=https://example.org", "latest; touch pwned"):
        ran = run(server.path, "Install bp", "push", {"version": version})
        assert ran.code == 2, version
        assert "not a version number" in ran.output


@pytest.mark.slow
def test_bp_is_installed_from_the_checkout_of_the_action(server: Scratch, tmp_path: Path) -> None:
    for name in ("venv", "pip", "ensurepip", "site", "sitecustomize"):  # a stranger's, in the directory of the change
        server.write(f"{name}.py", "open('pwned', 'w')\n")
        server.write(f"{name}/__main__.py", "open('pwned', 'w')\n")
    runner = tmp_path / "runner"
    runner.mkdir()
    ran = run(server.path, "Install bp", "push", {}, {"RUNNER_TEMP": str(runner)})
    assert ran.code == 0, ran.output
    assert (server.path.parent / "GITHUB_PATH").read_text() == f"{runner}/bp/bin\n"
    assert not list(tmp_path.rglob("pwned"))
    variables = {"RUNNER_TEMP": str(runner), "PATH": f"{runner}/bp/bin{os.pathsep}{os.environ['PATH']}"}
    assert run(server.path, "bp", "push", NOW, variables).outputs["exit-code"] == "1"
