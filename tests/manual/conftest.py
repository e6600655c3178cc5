"""Scans for examples: in a directory of their own, outside Git, at a given day."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Scan = Callable[..., dict[str, Any]]


@pytest.fixture
def scan() -> Scan:
    """Scan a directory; the report of its only node. Anything but gaps is a failure of the test."""

    def run(root: Path, day: str) -> dict[str, Any]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("BP_", "GIT_"))}
        command = [sys.executable, "-m", "blueprint_cli", "scan", "--as-of", day, "--no-write", "--format", "json"]
        ceiling = {"GIT_CEILING_DIRECTORIES": str(root.parent)}
        done = subprocess.run(
            command, cwd=root, env=environment | ceiling, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode in (0, 1), done.stderr
        (node,) = json.loads(done.stdout)["nodes"]
        return dict(node)

    return run
