"""What all tests share: one option, and an environment that says nothing of its own."""

from __future__ import annotations

import compileall
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

import blueprint_cli

MACHINE = dict(os.environ)
"""The environment before any test changed it: what npm needs to find its registry."""
NPM_SECONDS = 60
UNREACHABLE = r"E40[1347]|E5\d\d|ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|ENET\w+|FETCH_ERROR"
SETTINGS = ("BP_CONFIG", "BP_AS_OF", "BP_FAIL_ON", "BP_FORMAT", "BP_TIMEZONE", "BP_REDACT_KEY")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-cases",
        action="store_true",
        help="write what the tool says into the expectations of tests/cases; review the diff",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Compile ourselves once: some six hundred tests start a process, and where nobody keeps what was compiled, each
    would do so anew. And throw the same dice."""
    # The same examples in every run: a change should not be blamed for the fault of another one.
    # `pytest --hypothesis-profile=default` looks for new ones.
    settings.register_profile("same", derandomize=True)
    if config.getoption("--hypothesis-profile", None) is None:
        settings.load_profile("same")
    _let_children_be_signalled()
    os.environ["PIP_NO_COMPILE"] = "1"  # of the packages of a new environment a test runs few modules, once
    if not hasattr(config, "workerinput"):
        compileall.compile_dir(Path(blueprint_cli.__file__).parent, quiet=2)


def _let_children_be_signalled() -> None:
    """A shell may start us with signals ignored (`nohup`, a job in the background), and programs that we start would
    inherit that. Handled here, and for nothing, they have their default effect in a program."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda _number, _frame: None)


@pytest.fixture(autouse=True, scope="session")
def _no_settings_of_the_machine() -> None:
    for name in SETTINGS:
        os.environ.pop(name, None)


@pytest.fixture(scope="session")
def npm() -> Callable[[str], Path]:
    """The `node_modules` with a package of npm at an exact version.

    It is installed once for all runs, into the virtual environment; `make clean` removes it. Its scripts are not run.
    """

    def install(package: str) -> Path:
        home = Path(sys.prefix, "npm", re.sub(r"\W+", "-", package))
        if not home.is_dir():
            if not (shutil.which("npm") and shutil.which("node")):
                pytest.skip(f"needs node and npm, to install {package}")
            home.parent.mkdir(exist_ok=True)
            with tempfile.TemporaryDirectory(dir=home.parent) as scratch:
                made = _npm_install(package, Path(scratch, "made"))
                if not home.is_dir():  # another process may have been faster
                    made.rename(home)
        return home / "node_modules"

    return install


def _npm_install(package: str, into: Path) -> Path:
    into.mkdir()
    (into / "package.json").write_text(json.dumps({"private": True}))
    options = ["--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=0", f"--cache={into}.cache"]
    command = ["npm", "install", *options, package]
    try:
        done = subprocess.run(
            command, cwd=into, env=MACHINE, capture_output=True, text=True, check=False, timeout=NPM_SECONDS
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"the package registry did not deliver {package} within {NPM_SECONDS} s")
    if done.returncode != 0:
        if re.search(rf"code ({UNREACHABLE})", done.stderr):
            pytest.skip(f"the package registry does not deliver {package}")
        pytest.fail(f"npm cannot install {package}:\n{done.stderr}")
    return into
