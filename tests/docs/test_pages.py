"""The documentation is executed: what a page tells the reader to do is done, what it shows is what happens."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from blueprint_cli.cli.app import COMMANDS
from tests.docs.walk import REPOSITORY, Block, follow, output, steps

PAGES = sorted(
    path.relative_to(REPOSITORY).as_posix()
    for path in [*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/*.md"), REPOSITORY / "examples" / "README.md"]
)


def test_readme(tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "examples" / "realms", tmp_path / "shown" / "examples" / "realms")
    excerpt, *_ = [
        step for step in steps(REPOSITORY / "README.md") if isinstance(step, Block) and step.language == "console"
    ]
    page = tmp_path / "shown" / "README.md"
    page.write_text(f"```console\n{excerpt.text}```\n", encoding="utf-8")
    follow(page, tmp_path / "shown")
    (tmp_path / "own").mkdir()
    rest = (REPOSITORY / "README.md").read_text(encoding="utf-8").replace(excerpt.text, "")
    page = tmp_path / "README.md"
    page.write_text(rest.replace("```console\n```", ""), encoding="utf-8")
    assert follow(page, tmp_path / "own") == 2


def test_readme_waiver(tmp_path: Path) -> None:
    """The waiver that the README shows does what it says."""
    page = REPOSITORY / "README.md"
    for step in steps(page):
        if isinstance(step, Block) and step.verb == "Write" and step.path:
            (tmp_path / step.path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / step.path).write_text(step.text, encoding="utf-8")
    (waiver,) = [step.text for step in steps(page) if isinstance(step, Block) and step.text.startswith("waivers:")]
    file = tmp_path / "ACME/ONBOARDING/blueprint.yaml"
    file.write_text(file.read_text(encoding="utf-8") + waiver, encoding="utf-8")
    shown = output("bp scan --as-of 2026-03-09 --no-write", tmp_path)
    assert "1 node: 1 passing; no gaps" in shown


def test_readme_python(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(REPOSITORY)
    page = steps(REPOSITORY / "README.md")
    (example,) = [step.text for step in page if isinstance(step, Block) and step.language == "python"]
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102 - our own example
    assert "HELIOS/PLATFORM passing ['stale-asset']" in capsys.readouterr().out


def test_readme_is_short() -> None:
    assert len((REPOSITORY / "README.md").read_text(encoding="utf-8").splitlines()) <= 250


def test_every_command_is_in_the_readme() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"`bp {name}" not in readme] == []


def test_authoring(tmp_path: Path) -> None:
    assert follow(REPOSITORY / "docs" / "authoring.md", tmp_path) >= 5


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = re.sub(r"^```.*?^```$", "", (REPOSITORY / page).read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)?(?:#[^)]*)?\)", text):
        if target and "://" not in target:
            assert ((REPOSITORY / page).parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES)
def test_anchors_exist(page: str) -> None:
    text = (REPOSITORY / page).read_text(encoding="utf-8")
    for target, anchor in re.findall(r"\]\(([^)#\s]*)#([^)\s]+)\)", text):
        if "://" in target:
            continue
        file = (REPOSITORY / page).parent / target if target else REPOSITORY / page
        headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        known = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
        assert anchor in known, f"{target}#{anchor}"


def test_generated_pages_are_up_to_date() -> None:
    command = [sys.executable, str(REPOSITORY / "tools" / "gen_docs.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout


def test_the_layout_is_that_of_the_import_contract() -> None:
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (contract,) = [contract for contract in contracts if contract["type"] == "layers"]
    layers = [set(layer.split(" | ")) for layer in contract["layers"]]
    page = (REPOSITORY / "docs" / "architecture.md").read_text(encoding="utf-8")
    layout = page.partition("src/blueprint_cli/\n")[2].partition("```")[0]
    names = [re.findall(r"(?<![\w./])(\w+)(?:\.py|/)(?=\s|$)", block) for block in layout.split("\n\n")]
    assert [set(block) - {"check"} for block in names] == layers  # check/ is a part of policy/
