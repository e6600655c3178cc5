"""A portfolio outside Git: the realms that a newcomer scans first, and the broken ones."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from blueprint_cli import pool
from blueprint_cli.files.disk import Directory
from blueprint_cli.scan import Scanner
from blueprint_cli.workspace import Workspace

EXAMPLES = Path(__file__).parents[2] / "examples"
AS_OF = "2026-03-02"


@pytest.fixture(scope="session")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("portfolio")
    for name in ("realms", "broken"):
        shutil.copytree(EXAMPLES / name, root / name)
    return root


@pytest.fixture
def scanner(portfolio: Path) -> Scanner:
    workspace = Workspace(str(portfolio), None, str(portfolio))
    snapshot = workspace.open(Directory(str(portfolio)), {"as_of": AS_OF})
    return Scanner(snapshot, snapshot.portfolio.nodes)


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some forty nodes in chunks of three: every process gets several, in an order of its own."""
    monkeypatch.setattr(pool, "CHUNK", 3)
