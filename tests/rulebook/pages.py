"""What a manual page says in a form that a test can execute."""

from __future__ import annotations

import re
import shutil
import subprocess
import textwrap
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
SECTIONS = ["What it finds", "Why it matters", "Example", "How to fix", "Settings"]

_STEP = re.compile(
    r"^(?P<when>Committed|Incorrect|Correct)(?: \(`(?P<path>[^`]+)`\))?:[^\n]*\n\n"
    r"```\w+\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_PLACE = re.compile(
    r"^Start from `(?P<node>examples/realms/[A-Z_]+/[A-Z_]+)`, as of (?P<day>\d{4}-\d\d-\d\d)\.", re.MULTILINE
)


@dataclass(frozen=True)
class Step:
    """One block of an example: a file to write, or a command to run in the engagement's directory."""

    when: str
    path: str | None
    text: str

    def apply(self, node: Path) -> None:
        if self.path is None:
            subprocess.run(["sh", "-euc", self.text], cwd=node, check=True)
            return
        target = node / self.path
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_symlink():
            target.unlink()
        target.write_bytes(self.text.replace("<U+FEFF>", "\ufeff").encode())


@dataclass(frozen=True)
class Example:
    """The example of a page: the engagement that it starts from, the fault, and the same put right."""

    node: str
    day: str
    steps: tuple[Step, ...]
    companions: frozenset[str]
    """Rules that cannot but come with it."""

    @classmethod
    def of(cls, page: str) -> Example:
        text = section(page, "Example")
        place = _PLACE.search(text)
        rule = page.partition("\n")[0]
        assert place is not None, f"{rule}: the example does not name the engagement that it starts from"
        with_it = re.search(r"It comes with .*?`([a-z-]+)`", text)
        steps = tuple(Step(m["when"], m["path"], textwrap.dedent(m["text"])) for m in _STEP.finditer(text))
        assert text.count("```") == 2 * len(steps), f"{rule}: a block of the example has no caption"
        return cls(place["node"], place["day"], steps, frozenset(with_it.groups() if with_it else ()))

    def copy(self, node: Path) -> Path:
        """The engagement that the example starts from, in a directory of its own."""
        shutil.copytree(REPOSITORY / self.node, node)
        return node

    def apply(self, when: str, node: Path) -> None:
        steps = [step for step in self.steps if step.when == when]
        assert steps, f"the example has no block `{when}`"
        for step in steps:
            step.apply(node)


def section(page: str, title: str) -> str:
    """The text below a heading of the second level."""
    return page.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def settings(page: str) -> tuple[list[str], dict[str, list[str]]]:
    """The table of the settings: the titles of the tracks, and the cells of each row."""
    lines = [line for line in section(page, "Settings").splitlines() if line.startswith("|")]
    cells = [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]
    return cells[0][1:], {row[0]: row[1:] for row in cells[2:]}


def waiver(page: str) -> str:
    """What a waiver may name: `asset`, `check`, `reference blueprint`, or none."""
    found = re.search(r"^\*\*Waiver:\*\* (?:names the (asset|check|reference blueprint)|(none))", page, re.MULTILINE)
    assert found is not None, "the settings do not say what a waiver may name"
    return found[1] or found[2]
