"""Finds the fixtures that the tests of `bp diff`, `bp history` and `bp merge` share."""

from __future__ import annotations

import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS / name) for name in ("git", "diff") if str(TESTS / name) not in sys.path]

from change_fixtures import bp, diff, hermetic, realms, run  # noqa: E402 - found by the line above

__all__ = ["bp", "diff", "hermetic", "realms", "run"]
