"""No renderer without an example of its output, and no command without documentation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from blueprint_cli.cli.app import COMMANDS
from blueprint_cli.render import offered

ROOT = Path(__file__).parents[1]


def test_every_renderer_has_a_golden() -> None:
    golden = [file.name for file in (ROOT / "tests" / "render" / "golden").iterdir()]
    suffixes = {name: re.compile(rf"\.{name}(\.|$)") for name in offered("report")}
    aliases = {"markdown": re.compile(r"\.(markdown|md)(\.|$)"), "yaml": re.compile(r"\.ya?ml$")}
    aliases |= {"text": re.compile(r"\.(text|txt)(\.|$)"), "junit": re.compile(r"\.(junit|xml)(\.|$)")}
    lacking = [
        name for name in offered("report") if not any(aliases.get(name, suffixes[name]).search(file) for file in golden)
    ]
    assert not lacking, f"no golden in tests/render/golden for {lacking}"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    assert any(f"bp {command}" in page.read_text(encoding="utf-8") for page in pages), f"no page mentions bp {command}"
