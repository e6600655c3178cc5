"""Writes a portfolio of engagements and commits it: ``python -m benchmarks.portfolio DIRECTORY --nodes 1000``.

Engagement number n is the same in every portfolio of a seed, so that 1,000 are the first 1,000 of 10,000.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from textwrap import wrap
from typing import Any

from benchmarks.engagement import FAULTS, TRACKS, Engagement

AS_OF = date(2026, 3, 2)
REALM_OF = 20
"""Engagements in a realm."""
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.@/ ,'()-]*(?:; [A-Za-z0-9_.@/ ,'()-]+)*")
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(T[\d:]+Z)?")
_WIDTH = 100


def text_of(data: dict[str, Any]) -> str:
    """YAML as people write it: block style, plain scalars, long sentences folded."""
    return "".join(f"{line}\n" for line in _mapping(data, ""))


def _mapping(data: dict[str, Any], indent: str) -> Iterator[str]:
    for key, value in data.items():
        yield from _value(f"{indent}{key}:", value, indent)


def _value(lead: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, dict):
        yield lead
        yield from _mapping(value, indent + "  ")
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        yield lead
        for item in value:
            first, *rest = _mapping(item, indent + "    ")
            yield f"{indent}  - {first.lstrip()}"
            yield from rest
    elif isinstance(value, list) and sum(map(len, value)) < _WIDTH // 2:
        yield f"{lead} [{', '.join(map(_scalar, value))}]"
    elif isinstance(value, list):
        yield lead
        yield from (f"{indent}  - {_scalar(item)}" for item in value)
    elif isinstance(value, str) and len(lead) + len(value) > _WIDTH:
        yield f"{lead} >-"
        yield from (f"{indent}  {line}" for line in wrap(value, _WIDTH - len(indent)))
    else:
        yield f"{lead} {_scalar(value)}"


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    plain = _DATE.fullmatch(value) or (_PLAIN.fullmatch(value) and value.lower() not in _WORDS and ", " not in value)
    return value if plain else json.dumps(value, ensure_ascii=False)


def node(number: int, seed: int, healthy: float) -> tuple[str, dict[str, str]]:
    """Path and files of one engagement."""
    random = Random(f"{seed}/{number}")
    track = random.choices(list(TRACKS), list(TRACKS.values()))[0]
    files = Engagement(track, AS_OF, random).files()
    if random.random() >= healthy:
        for fault in random.sample(FAULTS, random.randint(1, 3)):
            fault(files, random)
    texts = {path: f"# {path.rsplit('/', 1)[-1]}\n{text_of(data)}" for path, data in files.items()}
    return f"REALM_{number // REALM_OF:04}/{track.upper()}_{number:05}", texts


def build(root: Path, nodes: int, seed: int = 1, healthy: float = 1.0, *, commit: bool = True) -> None:
    """Write a portfolio into an empty directory and commit it."""
    root.mkdir(parents=True)
    for number in range(nodes):
        path, files = node(number, seed, healthy)
        for name, text in files.items():
            file = root / path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    if commit:
        git(root, "init", "--quiet", "--initial-branch=main")
        record(root, "a portfolio")


def record(root: Path, message: str) -> None:
    """Commit everything."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", message)


def git(root: Path, *arguments: str) -> None:
    """One git command, independent of the user and of the configuration."""
    who = ["-c", "user.name=Bench", "-c", "user.email=bench@example.org", "-c", "commit.gpgsign=false"]
    quick = ["-c", "gc.auto=0", "-c", "core.compression=1", "-c", "core.hooksPath=/dev/null"]
    dates = {"GIT_AUTHOR_DATE": f"{AS_OF}T12:00:00Z", "GIT_COMMITTER_DATE": f"{AS_OF}T12:00:00Z"}
    subprocess.run(["git", *who, *quick, *arguments], cwd=root, env=os.environ | dates, check=True)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.portfolio", description="Write a portfolio.")
    parser.add_argument("directory", type=Path, help="where to: it must not exist")
    parser.add_argument("--nodes", type=int, default=1_000, help="engagements, 10 to 10,000 (default 1,000)")
    parser.add_argument("--healthy", type=float, default=0.9, help="share without a gap, 0 to 1 (default 0.9)")
    parser.add_argument("--seed", type=int, default=1, help="another seed is another portfolio (default 1)")
    parser.add_argument("--no-commit", dest="commit", action="store_false", help="files only, no repository")
    chosen = parser.parse_args()
    build(chosen.directory, chosen.nodes, chosen.seed, chosen.healthy, commit=chosen.commit)
    return 0


if __name__ == "__main__":
    sys.exit(main())
