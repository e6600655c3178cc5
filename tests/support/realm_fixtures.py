"""Fixtures for commands that look at several states of a repository: real git, hermetic by force."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.realms import DAY, ROLLOUT, Answer, Bp, Realms, runner


@pytest.fixture(autouse=True)
def hermetic(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith(("GIT_", "BP_"))]:
        monkeypatch.delenv(name)
    settings = {"HOME": str(home), "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    settings["GIT_CEILING_DIRECTORIES"] = str(home.parent)
    for who in ("AUTHOR", "COMMITTER"):
        settings |= {f"GIT_{who}_NAME": "Scratch", f"GIT_{who}_EMAIL": "scratch@example.org"}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Answer]:
    """`bp` in any directory."""
    return runner(monkeypatch, capfdbinary)


@pytest.fixture
def realms(tmp_path: Path) -> Realms:
    """A repository with one clean engagement, committed."""
    scratch = Realms.new(tmp_path / "portfolio")
    assert isinstance(scratch, Realms)
    scratch.add_node(ROLLOUT)
    scratch.commit()
    return scratch


@pytest.fixture
def bp(realms: Realms, run: Callable[..., Answer]) -> Bp:
    """`bp` in that repository."""
    return lambda *arguments: run(realms.path, *arguments)


@pytest.fixture
def diff(bp: Bp) -> Bp:
    """`bp diff … --format json` as of the day at which the examples are clean."""
    return lambda *arguments: bp("diff", *(arguments or ("HEAD",)), "--as-of", DAY, "--format", "json")
