"""A wheel in a clean virtual environment does what the checkout does, with no checkout in sight."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
PACKAGED = ("schemas", "reference_blueprints", "tracks")
SCAN = ("scan", "--as-of", "2026-03-02", "--no-write", "--fail-on", "never", "--format", "json")


def build(place: Path) -> Path:
    """The wheel, built from a copy of what belongs into it."""
    for name in ("src", *PACKAGED):
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copyfile(ROOT / name, place / name)
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(place / "dist"), str(place))
    (built,) = (place / "dist").glob("*.whl")
    return built


def install(wheel: Path, place: Path) -> str:
    """`bp` of a fresh environment."""
    venv.create(place, with_pip=False)
    run(sys.executable, "-m", "pip", f"--python={place / 'bin' / 'python'}", "install", "--quiet", str(wheel))
    return str(place / "bin" / "bp")


def run(*command: str, cwd: Path | None = None) -> str:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "BP_", "PYTHON"))}
    env = kept | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_is_complete_and_works_alone(tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    wheel = build(tmp_path / "build")
    names = set(zipfile.ZipFile(wheel).namelist())
    catalog = [path.relative_to(ROOT) for folder in PACKAGED for path in (ROOT / folder).rglob("*") if path.is_file()]
    assert {f"blueprint_cli/_catalog/{path}" for path in catalog} <= names
    assert not [name for name in names if not name.startswith(("blueprint_cli/", "blueprint_cli-"))]

    bp = install(wheel, tmp_path / "venv")
    vault = Path(shutil.copytree(ROOT / "examples" / "realms", tmp_path / "vault" / "realms")).parent
    fresh = run(bp, *SCAN, cwd=vault)
    assert len(json.loads(fresh)["nodes"]) > 3
    assert fresh == run(sys.executable, "-m", "blueprint_cli", *SCAN, cwd=vault), "wheel and checkout differ"

    assert run(bp, "catalog", "check", cwd=vault).startswith("OK: ")
    assert "# stale-asset" in run(bp, "rule", "stale-asset", cwd=vault)
    assert run(bp, "--version", cwd=vault).startswith("bp ")
    node = next(path.parent for path in sorted(vault.rglob("blueprint.yaml")))
    name = f"{node.parent.name}/{node.name}"
    run(bp, "explain", name, "engagement/customer_profile.yaml", "--as-of", "2026-03-02", cwd=vault)
    run(bp, "lint", str(node / "blueprint.yaml"), cwd=vault)
