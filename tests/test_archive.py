"""`bp` runs from a zip archive: the catalog and the manual are read from it.

The libraries stay installed: Python imports no compiled library from an archive.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipapp
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
POLICY = ("schemas", "reference_blueprints", "tracks")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with the files of the wheel, outside the checkout."""
    place = tmp_path_factory.mktemp("archive")
    package = place / "content" / "blueprint_cli"
    shutil.copytree(ROOT / "src" / "blueprint_cli", package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in POLICY:
        shutil.copytree(ROOT / name, package / "_catalog" / name)
    zipapp.create_archive(place / "content", place / "bp.pyz", main="blueprint_cli.cli:main")
    shutil.rmtree(place / "content")
    return place / "bp.pyz"


@pytest.fixture
def run(archive: Path, tmp_path: Path) -> Runner:
    shutil.copytree(ROOT / "examples" / "realms", tmp_path / "realms")
    return Runner(archive, tmp_path)


class Runner:
    """Runs the archive, and the checkout for comparison, in the same repository."""

    def __init__(self, archive: Path, root: Path) -> None:
        self.archive, self.root = archive, root

    def __call__(self, *arguments: str) -> str:
        return self._output(sys.executable, str(self.archive), *arguments)

    def checkout(self, *arguments: str) -> str:
        return self._output(sys.executable, "-m", "blueprint_cli", *arguments)

    def _output(self, *command: str) -> str:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("BP_", "GIT_"))}
        env = inherited | {"GIT_CEILING_DIRECTORIES": str(self.root.parent)}
        done = subprocess.run(command, cwd=self.root, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("--version",),
        ("catalog", "check"),
        ("rule", "stale-asset"),
        ("scan", "--as-of", "2026-03-02", "--no-write", "--fail-on", "never", "-f", "json"),
        ("scan", "--as-of", "2026-03-02", "--no-write", "--fail-on", "never", "--jobs", "2"),
        ("lint", "realms/BLUEFIN/TRIAL/blueprint.yaml"),
        ("lint", "realms/ACME/IMPLEMENTATION/success/intervention_log.yaml", "--fail-on", "never"),
        ("explain", "ACME/IMPLEMENTATION", "C02/CHK_CS_003", "--as-of", "2026-03-02"),
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_an_archive_answers_as_the_checkout_does(run: Runner, arguments: tuple[str, ...]) -> None:
    assert run(*arguments) == run.checkout(*arguments)


def test_an_archive_judges_by_the_policy_of_a_repository_too(run: Runner) -> None:
    track = run.root / "tracks/post_sales_governance/premium.yaml"
    track.parent.mkdir(parents=True)
    text = (ROOT / "tracks/post_sales_governance/premium.yaml").read_text(encoding="utf-8")
    track.write_text(text.replace("checklist_pass_rate: 90%", "checklist_pass_rate: 60%"), encoding="utf-8")
    shown = run("scan", "--as-of", "2026-03-02", "--no-write", "--fail-on", "never")
    assert "low-pass-rate" not in shown
    assert "failed-check" in shown
