"""CONTRIBUTING.md names what exists: files, targets, and the beginning of a real case."""

from __future__ import annotations

import re

import pytest

from .walk import REPOSITORY, Block, steps

PAGE = REPOSITORY / "CONTRIBUTING.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_the_case_is_the_beginning_of_a_table_on_disk() -> None:
    (example,) = [step.text for step in steps(PAGE) if isinstance(step, Block) and step.language == "yaml"]
    tables = (REPOSITORY / "tests" / "cases").glob("**/*.yaml")
    assert any(table.read_text(encoding="utf-8").startswith(example) for table in tables)


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "README.md", "RELEASING.md"])
def test_make_targets_exist(page: str) -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    named = set(
        re.findall(r"(?:`|^\s*|do )make ([a-z-]+)", (REPOSITORY / page).read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert named
    assert named <= targets


def test_files_that_are_named_exist() -> None:
    inline = re.findall(r"`([\w.-]+/[\w./-]*)`", TEXT)
    mapped = re.findall(r"^([\w./]+/[\w./]*)  ", TEXT, flags=re.MULTILINE)
    places = [REPOSITORY, REPOSITORY / "src" / "blueprint_cli"]
    missing = [name for name in inline + mapped if not any((place / name).exists() for place in places)]
    assert missing == []
