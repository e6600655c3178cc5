"""Writes the cases into temporary Git repositories, scans each once and collects the reports."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from .kit import Case

SHARD = 200  # nodes in one repository; the repositories are scanned side by side
SOURCE = Path(__file__).parents[2] / "src"


@dataclass
class Run:
    """One repository's scan."""

    arguments: str
    code: int | None = None
    error: str = ""
    reports: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    seconds: float = 0.0


def environment() -> dict[str, str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "BP_"))}
    old = env.get("PYTHONPATH")
    env["PYTHONPATH"] = f"{SOURCE}{os.pathsep}{old}" if old else str(SOURCE)
    env["GIT_CONFIG_GLOBAL"] = os.devnull
    env["GIT_CONFIG_NOSYSTEM"] = "1"
    return env


def git(root: Path, *arguments: str, day: str = "") -> None:
    env = environment()
    if day:
        env["GIT_AUTHOR_DATE"] = env["GIT_COMMITTER_DATE"] = day
    subprocess.run(
        ["git", "-c", "user.name=Kit", "-c", "user.email=kit@example.com", *arguments],
        cwd=root,
        env=env,
        check=True,
        capture_output=True,
    )


def bp(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "blueprint_cli", *arguments],
        cwd=root,
        env=environment(),
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
    )


def write_repository(root: Path, cases: Iterable[Case], config: str, day: date) -> None:
    """One directory a case; files that a case wants old are committed sixty days earlier."""
    git(root, "init", "-q", "-b", "main")
    (root / "README.md").write_text("engagements\n", encoding="utf-8")
    if config:
        (root / "bp.yaml").write_text(config, encoding="utf-8")
    old: dict[Path, bytes] = {}
    for case in cases:
        folder = root / case.realm / case.id
        for path, data in case.node.write().items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if path in case.node.old:
                old[target] = data
            else:
                target.write_bytes(data)
        for path, to in case.node.symlinks.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).symlink_to(to)
        for path, data in case.node.repository.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(data)
    if old:
        for target, data in old.items():
            target.write_bytes(data)
        git(root, "add", "--", *(str(t.relative_to(root)) for t in old))
        git(root, "commit", "-q", "-m", "early", day=f"{day - timedelta(days=60)}T12:00:00+0000")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "node files", day=f"{day - timedelta(days=1)}T12:00:00+0000")


def scan(cases: list[Case], folder: Path) -> Run:
    first = cases[0]
    root = folder / "repo"
    root.mkdir(parents=True)
    write_repository(root, cases, first.config, date.fromisoformat(first.as_of[:10]))
    run = Run(f"scan --as-of {first.as_of} --format json --no-write")
    done = bp(root, *run.arguments.split())
    run.code = done.returncode
    if done.returncode not in (0, 1):
        run.error = f"exit {done.returncode}: {(done.stderr or done.stdout)[-2000:]}"
        return run
    try:
        answer = json.loads(done.stdout)
        run.reports = {(r["realm"], r["node"]): r for r in answer["nodes"]}
    except (ValueError, KeyError, TypeError) as problem:
        run.error = f"the output is not the JSON of the contract: {problem!r}: {done.stdout[:500]}"
    return run


def scan_all(cases: Iterable[Case]) -> tuple[dict[tuple[str, str], dict[str, Any]], list[Run]]:
    """Scan every case; the key of a report is its realm and node."""
    groups: dict[tuple[str, str], list[Case]] = {}
    for case in cases:
        groups.setdefault((case.as_of, case.config), []).append(case)
    shards = [
        members[start : start + SHARD]
        for members in groups.values()
        for start in range(0, len(members), SHARD)
    ]
    with tempfile.TemporaryDirectory(prefix="acceptance-") as folder:
        with ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 2)) as pool:
            runs = list(pool.map(lambda n: scan(shards[n], Path(folder) / str(n)), range(len(shards))))
    reports = {key: report for run in runs for key, report in run.reports.items()}
    return reports, runs
