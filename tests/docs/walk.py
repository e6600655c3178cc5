"""Follows a page of the documentation as a reader would: writes its files, runs its commands, compares what they print.

- ``Write `PATH`:``, ``Append to `PATH`:`` or ``Insert after `LINE` in `PATH`:`` before a block says what to do with it.
- ``Copy `PATH` `` takes a file of this repository to the same path in the reader's.
- A ``console`` block has commands after ``$`` and what they print. ``…`` stands for the rest of something: alone on a
  line for any number of lines, else for a part of a line.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]

_COPY = r"Copy `(?P<copy>[^`]+)`"
_BLOCK = r"^```(?P<language>\w+)\n(?P<text>.*?)^```$"
_STEP = re.compile(rf"{_COPY}|{_BLOCK}", re.MULTILINE | re.DOTALL)
_DO = re.compile(r"(?P<verb>Write|Append to|Insert after `(?P<line>[^`]+)` in) `(?P<path>[^`]+)`[^`]*:\n*$")


@dataclass(frozen=True)
class Block:
    """A fenced block, what the sentence before it says to do with it, and its line in the page."""

    language: str
    text: str
    verb: str | None
    path: str | None
    after: str | None
    at: int


def steps(page: Path) -> Iterator[Block | str]:
    """The blocks of a page, and the paths to copy, in order."""
    text = page.read_text(encoding="utf-8")
    for match in _STEP.finditer(text):
        if match["copy"]:
            yield match["copy"]
            continue
        before = text[: match.start()]
        do = _DO.search(before[-300:])
        verb = do["verb"].split(" `")[0] if do else None
        line = before.count("\n") + 1
        yield Block(match["language"], match["text"], verb, do and do["path"], do and do["line"], line)


def follow(page: Path, root: Path) -> int:
    """Do all that a page says, in a directory; how many commands were run."""
    ran = 0
    for step in steps(page):
        if isinstance(step, str):
            target = root / step
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / step, target)
        elif step.language == "console":
            ran += _run(step, root, page.name)
        elif step.verb is not None and step.path is not None:
            _edit(step, root / step.path)
    return ran


def _edit(step: Block, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if step.verb == "Write":
        target.write_text(step.text, encoding="utf-8")
        return
    old = target.read_text(encoding="utf-8")
    if step.verb == "Append to":
        target.write_text(old + step.text, encoding="utf-8")
        return
    line = f"\n{step.after}\n"
    assert old.count(line) == 1, f"{target} has no line `{step.after}`"
    target.write_text(old.replace(line, line + step.text), encoding="utf-8")


def _run(step: Block, root: Path, page: str) -> int:
    parts = re.split(r"^\$ (.*)\n", step.text, flags=re.MULTILINE)
    assert parts[0] == "", f"{page}:{step.at}: a console block begins with a command"
    for command, expected in zip(parts[1::2], parts[2::2], strict=True):
        shown = output(command, root)
        pattern = "".join(".*?" if line == "…" else f"{_loose(line)}\n" for line in expected.splitlines())
        complaint = f"{page}:{step.at}: `{command}` prints something else:\n{shown}"
        assert re.fullmatch(pattern, shown, re.DOTALL), complaint
    return len(parts) // 2


def _loose(line: str) -> str:
    """How wide a column is depends on lines that a page leaves out."""
    parts = re.split("(  +|…)", line)
    return "".join(
        "  +" if not part.strip(" ") and part else "[^\\n]*" if part == "…" else re.escape(part) for part in parts
    )


def output(command: str, root: Path) -> str:
    """What a command prints, on both streams."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("BP_", "GIT_"))}
    environment |= {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "GIT_CEILING_DIRECTORIES": str(root.parent),
        "COLUMNS": "120",
    }
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return done.stdout
