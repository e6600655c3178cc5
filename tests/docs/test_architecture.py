"""The map of docs/architecture.md shows the layers of the import contract, and modules that exist."""

from __future__ import annotations

import re
import tomllib

from .walk import REPOSITORY

SOURCE = REPOSITORY / "src" / "blueprint_cli"
PAGE = (REPOSITORY / "docs" / "architecture.md").read_text(encoding="utf-8")
MAP = PAGE.split("```text\n")[1].split("```")[0].partition("\n")[2]


def test_the_blocks_are_the_layers() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (layers,) = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    shown = [re.findall(r"(?:^|  )([a-z_]+)(?:/|\.py)", block, flags=re.MULTILINE) for block in MAP.split("\n\n")]
    assert [sorted(block) for block in shown] == [sorted(layer.split(" | ")) for layer in layers]


def test_modules_that_are_named_exist() -> None:
    for line in MAP.splitlines():
        package, _, rest = line.strip().partition("/ ")
        modules = re.split(r" {2,}", rest.strip())[0]
        for module in modules.split(" · ") if " · " in modules else ():
            place = SOURCE / package / module
            assert place.with_suffix(".py").exists() or place.is_dir(), line
