"""Scratch repositories with the example realms in them, and `bp` run inside this process."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.repository import Scratch

REALMS = Path(__file__).parents[2] / "examples" / "realms"
DAY = "2026-03-02"
ROLLOUT, TRIAL, IMPLEMENTATION = "NORDWIND/ROLLOUT", "BLUEFIN/TRIAL", "ACME/IMPLEMENTATION"
"""Without a gap on the strictest track; without a gap on the mildest; with gaps of many kinds."""


@dataclass(frozen=True)
class Answer:
    """What one run of `bp` printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        assert self.code in (0, 1), self.err
        return json.loads(self.out)

    def rules(self, key: str) -> list[str]:
        """The rules of the gaps in one list of the JSON output, sorted."""
        return sorted(gap["rule"] for gap in self.data[key])


Bp = Callable[..., Answer]


class Realms(Scratch):
    """A repository that holds engagements of the examples."""

    def add_node(self, name: str, to: str | None = None) -> None:
        """Copy an engagement in, under its own path or another one."""
        shutil.copytree(REALMS / name, self.path / (to or name))

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace a text that is there."""
        text = (self.path / path).read_text(encoding="utf-8")
        assert old in text, f"{path} has no {old!r}"
        (self.path / path).write_text(text.replace(old, new, 1), encoding="utf-8")

    def append(self, path: str, text: str) -> None:
        """Add lines at the end of a file."""
        with (self.path / path).open("a", encoding="utf-8") as file:
            file.write(text)

    def remove(self, path: str) -> None:
        """Delete a file or a directory."""
        target = self.path / path
        shutil.rmtree(target) if target.is_dir() else target.unlink()

    def move(self, path: str, to: str) -> None:
        """Rename a file or a directory."""
        (self.path / to).parent.mkdir(parents=True, exist_ok=True)
        (self.path / path).rename(self.path / to)


def runner(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Answer]:
    """`bp` in a directory, without a process of its own."""
    from blueprint_cli.cli import _run

    def run(where: Path, *arguments: str) -> Answer:
        capfdbinary.readouterr()
        with monkeypatch.context() as patch:
            patch.chdir(where)
            patch.setattr(sys, "argv", ["bp", *arguments])
            for name in [name for name in os.environ if name.startswith("BP_")]:
                patch.delenv(name)
            code = _run()
        captured = capfdbinary.readouterr()
        return Answer(code, captured.out.decode(), captured.err.decode())

    return run


def git_words(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Counter[str]]:
    """From now on every git that is started passes a wrapper; the answer counts the words that they were given."""
    log, wrapper = scratch / "words", scratch / "bin" / "git"
    if not wrapper.exists():
        real = shutil.which("git")
        wrapper.parent.mkdir()
        wrapper.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >>{log}\nexec {real} "$@"\n', encoding="utf-8")
        wrapper.chmod(0o755)
        monkeypatch.setenv("PATH", f"{wrapper.parent}:{os.environ['PATH']}")
    log.write_text("", encoding="utf-8")
    return lambda: Counter(log.read_text(encoding="utf-8").split())
