"""Real git, hermetic by force: no configuration, identity, clock or repository of the machine is seen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.repository import Scratch


@pytest.fixture(autouse=True)
def _hermetic(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    settings = {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CEILING_DIRECTORIES": str(home.parent),
        "GIT_AUTHOR_NAME": "Scratch",
        "GIT_AUTHOR_EMAIL": "scratch@example.org",
        "GIT_COMMITTER_NAME": "Scratch",
        "GIT_COMMITTER_EMAIL": "scratch@example.org",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    """An empty repository."""
    return Scratch.new(tmp_path / "acme" / "onboarding")
