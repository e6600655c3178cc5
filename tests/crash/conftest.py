"""Engagements that were scanned once, for all tests that only want to have them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.crash.kit import portfolio, scan


@pytest.fixture(scope="session")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int, Path], Path]:
    """Puts so many engagements, with their reports of the earlier day, into a directory that is not there yet."""

    @cache
    def scanned(nodes: int) -> Path:
        root = portfolio(tmp_path_factory.mktemp("scanned") / "vault", nodes)
        assert scan(root).returncode == 0
        return root

    return lambda nodes, place: Path(shutil.copytree(scanned(nodes), place))
