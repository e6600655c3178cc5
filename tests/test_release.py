"""What a release must not contradict: one version, both bounds of each dependency, the Pythons that are named."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from lowest import constraints

from blueprint_cli import __version__

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PAGES = [ROOT / "README.md", ROOT / "docs/ci.md"]


def test_the_version_has_one_source() -> None:
    assert "version" not in PROJECT
    assert "version" in PROJECT["dynamic"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_name_the_current_version(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"rev: v([\d.]+\d)|@v([\d.]+\d)\b(?=[\n`])|blueprint_cli-([\d.]+)-py3", text)
    found = {version for group in named for version in group if version and version.count(".") == 2}
    assert found == {__version__}


def test_the_change_log_begins_with_the_current_version() -> None:
    headings = re.findall(r"^## \[?([^\]\s]+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [heading for heading in headings if heading != "Unreleased"][:1] == [__version__]


def test_every_dependency_has_both_bounds() -> None:
    pins = constraints(PROJECT["dependencies"])
    assert len(pins) == len(PROJECT["dependencies"])
    with pytest.raises(ValueError, match="an upper bound"):
        constraints(["rich>=13.9"])


def test_the_named_pythons_begin_with_the_required_one() -> None:
    named = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    assert f">={named[0]}" == PROJECT["requires-python"]
    assert [int(version[2:]) for version in named] == list(range(int(named[0][2:]), int(named[-1][2:]) + 1))
