"""Three small engagements, and `bp` called in this process: as fast as a function, as strict as a program."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from blueprint_cli import cli
from tests.support.cases.build import BASES
from tests.support.repository import commit_all

AS_OF = "2026-03-02"
CLEAN, WARNED, BROKEN = "NORTHWIND/WAREHOUSE", "NORTHWIND/PILOT", "SOUTHWIND/DEPOT"


@dataclass(frozen=True)
class Answer:
    """What a run answered."""

    code: int
    out: str
    err: str


Bp = Callable[..., Answer]


@pytest.fixture
def bp(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Bp:
    """`bp` with these arguments, in this process."""

    def run(*arguments: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["bp", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main()
        captured = capsys.readouterr()
        return Answer(int(left.value.code or 0), captured.out, captured.err)

    return run


@pytest.fixture(autouse=True)
def _hermetic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither settings nor repositories of the machine, and a width of its own."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "BP_", "GITHUB_", "FORCE_COLOR"))]:
        monkeypatch.delenv(name)
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CEILING_DIRECTORIES": str(tmp_path)}
    for name, value in {**settings, "COLUMNS": "120", "BP_AS_OF": AS_OF}.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory outside Git with a clean engagement, one with a warning, and one with an error. It is entered."""
    root = tmp_path / "vault"
    for base, node in (("premium", CLEAN), ("poc", WARNED), ("premium", BROKEN)):
        shutil.copytree(BASES / base / CLEAN, root / node)
    warned = root / WARNED / "knowledge" / "learning_path.yaml"
    warned.write_text(warned.read_text(encoding="utf-8").partition("modules:")[0] + "modules: []\n", encoding="utf-8")
    (root / BROKEN / "knowledge" / "learning_path.yaml").write_text("modules: [\n", encoding="utf-8")
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def repository(vault: Path) -> Path:
    """The same in Git, with everything committed."""
    commit_all(vault, "2026-03-01")
    return vault
