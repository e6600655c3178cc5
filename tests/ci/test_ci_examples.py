"""The example workflows of docs/ci.md, done step by step as a runner would do them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from blueprint_cli.yamlfile import read
from tests.ci.test_ci_action import run
from tests.support.repository import Scratch

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
DAY = "2026-03-02"


def jobs(title: str) -> Mapping[str, Any]:
    """The jobs of the workflow below a heading."""
    section = PAGE.partition(f"### {title}\n")[2]
    found = re.search(r"^```yaml\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    assert found, title
    data: Mapping[str, Any] = read(found[1].encode()).data["jobs"]
    return data


def action(job: Mapping[str, Any], **known: str) -> dict[str, str]:
    """What the job gives the action; its expressions have the given values."""
    given = next(step.get("with", {}) for step in job["steps"] if step.get("uses", "").startswith("your-org/"))
    return {key: expressed(str(value), known) for key, value in given.items()} | {"as-of": DAY}


def expressed(text: str, known: Mapping[str, str]) -> str:
    return re.sub(r"\$\{\{\s*(.+?)\s*\}\}", lambda match: known[match[1].replace(".", "_")], text)


def script(at: Path, job: Mapping[str, Any], words: str) -> subprocess.CompletedProcess[str]:
    """Run the script of a step that holds the words."""
    (text,) = [step["run"] for step in job["steps"] if words in step.get("run", "")]
    assert "${{" not in text
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text],
        cwd=at,
        env={**os.environ, "BP_AS_OF": DAY, "GITHUB_OUTPUT": str(at.parent / "GITHUB_OUTPUT")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_night_commits_its_reports_once(server: Scratch, tmp_path: Path) -> None:
    night = jobs("Every night, with the reports committed")["night"]
    server.git("checkout", "--quiet", "main")
    bare = server.clone(tmp_path / "origin.git", "--bare")
    clone = bare.clone(tmp_path / "checkout")
    assert run(clone.path, "bp", "schedule", action(night)).outputs["sarif-file"] == "bp.sarif"
    for _ in range(2):
        done = script(clone.path, night, "git push")
        assert done.returncode == 0, done.stderr
    assert bare.git("log", "--format=%s", "-3", "main").splitlines()[0] == "Gap reports of the night"
    assert bare.git("rev-list", "--count", "main") == "3"
    (report,) = bare.git("show", "--format=", "--name-only", "main").split()
    assert report == "ACME/IMPLEMENTATION/gap_report.yaml"


def test_the_artifacts_of_the_night_are_there(server: Scratch) -> None:
    night = jobs("Every night, with the reports as an artifact")["night"]
    chosen = "github_event_name == 'push' && 'never' || 'error'"
    for event, fail_on, code in (("schedule", "error", 1), ("push", "never", 0)):
        assert run(server.path, "bp", event, action(night, **{chosen: fail_on})).code == code
        (kept,) = [step["with"]["path"] for step in night["steps"] if "upload-artifact" in step.get("uses", "")]
        for name in kept.split():
            assert (server.path / name).stat().st_size, name
            (server.path / name).unlink()


def test_shards_become_the_report_of_one_scan(server: Scratch, tmp_path: Path) -> None:
    workflow = jobs("A very large portfolio: shards")
    for name in ("ONE", "TWO", "THREE"):
        shutil.copytree(server.path / "ACME/IMPLEMENTATION", server.path / f"ACME/{name}")
    assert script(server.path, workflow["day"], "today").returncode == 0
    assert re.fullmatch(r"today=\d{4}-\d\d-\d\d\n", (tmp_path / "GITHUB_OUTPUT").read_text())
    parts = tmp_path / "parts"
    parts.mkdir()
    shard = workflow["shard"]
    for number in shard["strategy"]["matrix"]["shard"]:
        values = {"matrix_shard": str(number), "needs_day_outputs_today": DAY}
        ran = run(server.path, "bp", "schedule", action(shard, **values))
        assert ran.code == 0, ran.output
        (kept,) = [step["with"]["path"] for step in shard["steps"] if "upload-artifact" in step.get("uses", "")]
        (server.path / expressed(kept, values)).rename(parts / expressed(kept, values))
    done = script(parts, workflow["merge"], "bp merge")
    assert done.returncode == 1, done.stderr
    assert run(server.path, "bp", "schedule", {"as-of": DAY}).code == 1
    assert done.stdout.splitlines()[-1].startswith("4 nodes: 4 failing")
    whole, merged = (json.loads((at / "bp.sarif").read_text()) for at in (server.path, parts))
    assert merged["runs"][0]["results"] == whole["runs"][0]["results"]


def test_the_line_for_cron(server: Scratch, tmp_path: Path) -> None:
    found = re.search(r"^0 3 \* \* \*  (.*)$", PAGE, re.MULTILINE)
    assert found
    bare = server.clone(tmp_path / "origin.git", "--bare")
    clone = bare.clone(tmp_path / "infohub")
    shutil.copytree(ROOT / "ci", clone.path / "ci")
    line = found[1].replace("/srv/infohub", str(clone.path)).replace("/var/log", str(tmp_path))
    done = subprocess.run(["sh", "-c", line], env={**os.environ, "BP_AS_OF": DAY}, check=False)
    assert done.returncode == 1
    assert "1 node: 1 failing" in (tmp_path / "bp.log").read_text()


def test_the_lines_of_jenkins(server: Scratch, tmp_path: Path) -> None:
    bare = server.clone(tmp_path / "origin.git", "--bare")
    clone = bare.clone(tmp_path / "workspace")
    shutil.copytree(ROOT / "ci", clone.path / "ci")
    lines = re.findall(r"sh '(ci/bp\.sh .*?)'", PAGE)
    codes = [
        subprocess.run(
            ["sh", "-c", line],
            cwd=clone.path,
            env={**os.environ, "BP_AS_OF": DAY, "CHANGE_TARGET": "main"},
            capture_output=True,
            check=False,
        ).returncode
        for line in lines
    ]
    assert codes == [0, 1]
    (results,) = re.findall(r"testResults: '(.*?)'", PAGE)
    assert (clone.path / results).is_file()
