"""The word list of CONTRIBUTING.md is kept, in everything that people read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .walk import REPOSITORY

AVOID = {
    "cure": r"cur(?:e|es|ed|ing)",
    "mend": r"mend(?:s|ed|ing)?",
    "told": r"told",
    "said": r"said",
    "asked": r"asked",
    "hangs on": r"hangs? on",
    "behind": r"behind",
    "blank": r"blanks?(?! lines?)",
    "is no revision": r"(?<!there )(?:is|are|was|were) no (?!longer\b|more\b)",
    "whoever": r"whoever",
    "house": r"houses?",
    "floor": r"floors?",
    "door": r"doors?",
}
"""The words of the column "Not", and what each of them matches."""
ALLOWED = {
    (page, word): "the list itself" for word in AVOID for page in ("CONTRIBUTING.md", "tests/docs/test_words.py")
} | {
    ("benchmarks/engagement.py", "asked"): "what people of a made-up engagement did",
    ("tests/cases/names.yaml", "house"): "the name of an engagement",
    ("tests/render/sample.py", "asked"): "what a person wrote",
    ("tests/render/test_formats.py", "asked"): "what a person wrote",
}
"""Page and word, and why it is the right one there."""
PATTERNS = {word: re.compile(rf"\b(?:{pattern})(?!\w)", re.IGNORECASE) for word, pattern in AVOID.items()}
FOLDERS = ("docs", "examples", "benchmarks", "fuzz")
CODE = ("src", "tests", "tools", "fuzz", "benchmarks")
LOOP = re.compile(r"\bfor (?:one|found|kept) in\b")


def pages() -> Iterator[Path]:
    """Everything that people read, and that is not generated from something else that is on the list."""
    yield from REPOSITORY.glob("*.md")
    for folder in FOLDERS:
        yield from (REPOSITORY / folder).rglob("*.md")
    yield from (REPOSITORY / "ci").iterdir()
    yield from (REPOSITORY / name for name in ("action.yml", "pyproject.toml", "Makefile", ".pre-commit-hooks.yaml"))
    yield from (REPOSITORY / "schemas").rglob("*.json")
    yield from (REPOSITORY / "reference_blueprints").rglob("*.yaml")
    yield from (REPOSITORY / "tracks").rglob("*.yaml")
    yield from (REPOSITORY / "src").rglob("*.md")
    yield from (REPOSITORY / "tests").rglob("*.md")
    yield from (path for path in (REPOSITORY / "tests" / "cases").rglob("*.yaml") if "_bases" not in path.parts)
    for folder in CODE:
        yield from sources(folder)


def sources(folder: str) -> Iterator[Path]:
    """The modules of a folder."""
    yield from (REPOSITORY / folder).rglob("*.py")


def test_the_list_is_that_of_contributing() -> None:
    text = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| .+ \| (.+) \| .+ \|$", text.split("## Words")[1], flags=re.MULTILINE)
    words = [word for row in rows[1:] for word in row.split(", ") if not word.startswith("`")]
    assert words == list(AVOID)


def _as_words(line: str) -> str:
    """The line, with the words of a function's name apart."""
    return re.sub(r"(?<=def )\w+", lambda name: name[0].replace("_", " "), line)


@pytest.mark.parametrize("folder", CODE)
def test_loops_name_what_they_handle(folder: str) -> None:
    assert [path.as_posix() for path in sources(folder) if LOOP.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("page", sorted(pages()), ids=lambda page: page.relative_to(REPOSITORY).as_posix())
def test_pages(page: Path) -> None:
    name = page.relative_to(REPOSITORY).as_posix()
    found = [
        f"{name}:{number}: `{word}`: {line.strip()}"
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1)
        for word, pattern in PATTERNS.items()
        if (name, word) not in ALLOWED and pattern.search(_as_words(line))
    ]
    assert found == []
