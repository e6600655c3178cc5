"""Prints pip constraints that pin each dependency to the lowest version that pyproject.toml allows.

``make test-lowest`` runs the tests with them: a lower bound is a promise like any other.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def constraints(dependencies: list[str]) -> list[str]:
    """``name>=1.2,<3`` becomes ``name==1.2``. Raises ValueError for a dependency without both bounds."""
    pins = []
    for dependency in dependencies:
        bounds = re.fullmatch(r"([\w.-]+)>=([\w.]+),<[\w.]+", dependency)
        if bounds is None:
            raise ValueError(f"{dependency}: expected a lower and an upper bound, NAME>=X,<Y")
        pins.append(f"{bounds[1]}=={bounds[2]}")
    return pins


if __name__ == "__main__":
    print("\n".join(constraints(tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"])))
