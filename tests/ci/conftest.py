"""CI without a CI system: its checkouts with the real git, its variables, its files."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.repository import Scratch

ROOT = Path(__file__).parents[2]

NODE = "ACME/IMPLEMENTATION"
PROFILE = f"{NODE}/engagement/customer_profile.yaml"
IDENTITY = (("NAME", "Scratch"), ("EMAIL", "scratch@example.org"), ("DATE", "2026-03-01T12:00:00+00:00"))


@pytest.fixture(autouse=True)
def _hermetic(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith(("GIT_", "GITHUB_", "BP_", "CI_", "RUNNER_"))]:
        monkeypatch.delenv(name)
    settings = {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CEILING_DIRECTORIES": str(home.parent),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        **{f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in IDENTITY},
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def server(tmp_path: Path) -> Scratch:
    """The repository on the server: main, and a branch `change` that started from it."""
    scratch = Scratch.new(tmp_path / "server")
    shutil.copytree(ROOT / "examples" / "realms" / NODE, scratch.path / NODE)
    scratch.commit({"notes.txt": "one\n"})
    scratch.git("branch", "change")
    scratch.commit({"notes.txt": "two\n"})
    scratch.git("checkout", "--quiet", "change")
    return scratch


@pytest.fixture
def checkout(server: Scratch, tmp_path: Path) -> Callable[[str], Scratch]:
    """What actions/checkout makes of a pull request: its merge into main, detached, as deep as required."""

    def make(depth: str) -> Scratch:
        server.git("checkout", "--quiet", "--detach", "main")
        server.merge("2026-03-01T13:00:00+00:00", "change")
        server.git("update-ref", "refs/pull/7/merge", "HEAD")
        made = Scratch.new(tmp_path / "checkout")
        made.git("remote", "add", "origin", f"file://{server.path}")
        deep = [] if depth == "0" else [f"--depth={depth}"]
        made.git("fetch", "--quiet", *deep, "origin", "+refs/pull/7/merge:refs/remotes/pull/7/merge")
        made.git("checkout", "--quiet", "--force", "refs/remotes/pull/7/merge")
        return made

    return make
