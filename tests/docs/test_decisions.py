"""Decisions have numbers of their own, and what cites one cites one that exists."""

from __future__ import annotations

import re

from .walk import REPOSITORY

DECISIONS = (REPOSITORY / "docs" / "decisions.md").read_text(encoding="utf-8")
NUMBERS = re.findall(r"^(?:\| )?\*\*(D-\d\d)\b", DECISIONS, flags=re.MULTILINE)


def test_numbers_are_unique_and_in_order() -> None:
    assert len(NUMBERS) > 40
    assert sorted(set(NUMBERS)) == NUMBERS


def test_what_is_cited_exists() -> None:
    pages = [*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/*.md"), *REPOSITORY.glob("*/README.md")]
    folders = [REPOSITORY / name for name in ("src", "tests", "tools", "fuzz", "benchmarks")]
    sources = [path for folder in folders for path in folder.rglob("*.py")]
    cited = {
        (path.relative_to(REPOSITORY).as_posix(), number)
        for path in [*pages, *sources, REPOSITORY / "pyproject.toml"]
        for number in re.findall(r"\bD-\d\d\b", path.read_text(encoding="utf-8"))
    }
    assert [where for where, number in sorted(cited) if number not in NUMBERS] == []
