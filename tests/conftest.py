"""What all tests share: one option, and an environment that says nothing of its own."""

from __future__ import annotations

import os

import pytest

SETTINGS = ("BP_CONFIG", "BP_AS_OF", "BP_FAIL_ON", "BP_FORMAT", "BP_TIMEZONE")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-cases",
        action="store_true",
        help="write what the tool says into the expectations of tests/cases; review the diff",
    )


@pytest.fixture(autouse=True, scope="session")
def _no_settings_of_the_machine() -> None:
    for name in SETTINGS:
        os.environ.pop(name, None)
