"""Real git, real pre-commit: a repository with one engagement, whose hooks are those of our own manifest."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hooks.hooked import Hooked

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps its things."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(autouse=True)
def _hermetic(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("GIT_", "PRE_COMMIT", "BP_", "GITHUB_"))]:
        monkeypatch.delenv(name)
    settings = {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "PRE_COMMIT_HOME": str(home / "pre-commit"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CEILING_DIRECTORIES": str(home.parent),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "BP_AS_OF": "2026-03-02",
        **{f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in IDENTITY},
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


IDENTITY = (("NAME", "Scratch"), ("EMAIL", "scratch@example.org"), ("DATE", "2026-03-01T12:00:00+00:00"))


@pytest.fixture
def fresh(tmp_path: Path) -> Callable[[str], Hooked]:
    """A repository with the hooks of our manifest and nothing committed."""
    return lambda name: Hooked.new(tmp_path / name, ROOT)


@pytest.fixture
def hooked(fresh: Callable[[str], Hooked]) -> Hooked:
    """The same with one engagement committed; it has gaps, as most have."""
    repository = fresh("acme repo")
    repository.engagement()
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--no-verify", "--message=start")
    return repository
