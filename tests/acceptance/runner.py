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
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from tests.acceptance.kit import Case

SHARD = 200  # nodes in one repository; the repositories are scanned side by side
PATIENCE = 4  # crashes that are looked for in one repository
SOURCE = Path(os.environ.get("ACCEPTANCE_SOURCE") or Path(__file__).parents[2] / "src")


@dataclass
class Run:
    """One repository's scan."""

    arguments: str
    reports: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def environment() -> dict[str, str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "BP_"))}
    old = env.get("PYTHONPATH")
    env["PYTHONPATH"] = f"{SOURCE}{os.pathsep}{old}" if old else str(SOURCE)
    env["GIT_CONFIG_GLOBAL"] = os.devnull
    env["GIT_CONFIG_NOSYSTEM"] = "1"
    return env


def git(root: Path, *arguments: str, day: str = "", data: bytes | None = None) -> None:
    env = environment()
    if day:
        env["GIT_AUTHOR_DATE"] = env["GIT_COMMITTER_DATE"] = day
    subprocess.run(
        ["git", "-c", "user.name=Kit", "-c", "user.email=kit@example.com", *arguments],
        cwd=root,
        env=env,
        check=True,
        capture_output=True,
        input=data,
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
    """One directory a case; files that a case wants old are committed sixty days earlier.

    `git fast-import` makes the commits: most files of most cases are equal, and are stored once.
    """
    git(root, "init", "-q", "-b", "main")
    new: dict[str, bytes] = {"README.md": b"engagements\n"}
    old: dict[str, bytes] = {}
    links: dict[str, str] = {}
    if config:
        new["bp.yaml"] = config.encode()
    for case in cases:
        folder = f"{case.realm}/{case.id}"
        for path, data in case.node.write().items():
            (old if path in case.node.old else new)[f"{folder}/{path}"] = data
        new |= case.node.repository
        links |= {f"{folder}/{path}": to for path, to in case.node.symlinks.items()}
    made: set[Path] = set()
    for path, data in (new | old).items():
        target = root / path
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        target.write_bytes(data)
    for path, to in links.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).symlink_to(to)
    stream: list[bytes] = []
    marks: dict[bytes, int] = {}
    for files, age in ((old, 60), (new | links, 1)):
        entries = []
        for path, data in files.items():
            mode, content = ("120000", data.encode()) if isinstance(data, str) else ("100644", data)
            if content not in marks:
                marks[content] = len(marks) + 1
                stream.append(b"blob\nmark :%d\ndata %d\n%s\n" % (marks[content], len(content), content))
            entries.append(f"M {mode} :{marks[content]} {path}\n".encode())
        if not files:
            continue
        moment = int(datetime.combine(day - timedelta(days=age), time(12), tzinfo=UTC).timestamp())
        stream.append(b"commit refs/heads/main\ncommitter Kit <kit@example.com> %d +0000\ndata 5\nnodes\n" % moment)
        stream += entries
    stream.append(b"done\n")
    git(root, "fast-import", "--quiet", "--done", data=b"".join(stream))
    git(root, "reset", "-q", "--mixed")


def scan(cases: list[Case], folder: Path) -> Run:
    first = cases[0]
    root = folder / "repo"
    root.mkdir(parents=True)
    write_repository(root, cases, first.config, date.fromisoformat(first.as_of[:10]))
    run = Run(f"scan --as-of {first.as_of} --format json --no-write")
    problem = attempt(root, run, [])
    if problem and len(cases) > 1:
        halve(root, run, cases, problem)
    elif problem:
        run.errors.append(f"{first.name}: {problem}")
    return run


def attempt(root: Path, run: Run, paths: list[str]) -> str:
    """Scan and keep the reports; the answer says what went wrong."""
    done = bp(root, *run.arguments.split(), *paths)
    try:
        answer = json.loads(done.stdout)
        found = {(r["realm"], r["node"]): r for r in answer["nodes"]}
    except (ValueError, KeyError, TypeError) as problem:
        last = (done.stderr or done.stdout).strip().splitlines()[-6:]
        return f"exit {done.returncode}, not the JSON of the contract ({problem!r}):\n  " + "\n  ".join(last)
    run.reports |= found
    return "" if done.returncode in (0, 1) else f"exit {done.returncode} with findings"


def halve(root: Path, run: Run, cases: list[Case], problem: str) -> None:
    """Find the nodes that stop the tool, so that the others are judged all the same."""
    if len(cases) == 1:
        run.errors.append(f"{cases[0].name}: {problem}")
        return
    middle = len(cases) // 2
    for half in (cases[:middle], cases[middle:]):
        again = attempt(root, run, [f"{case.realm}/{case.id}" for case in half])
        if again and len(run.errors) < PATIENCE:
            halve(root, run, half, again)


def scan_all(cases: Iterable[Case]) -> tuple[dict[tuple[str, str], dict[str, Any]], list[Run]]:
    """Scan every case; the key of a report is its realm and node."""
    groups: dict[tuple[str, str], list[Case]] = {}
    for case in cases:
        groups.setdefault((case.as_of, case.config), []).append(case)
    shards = [members[start : start + SHARD] for members in groups.values() for start in range(0, len(members), SHARD)]
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - many small files
    with (
        tempfile.TemporaryDirectory(prefix="acceptance-", dir=memory) as folder,
        ThreadPoolExecutor(max_workers=max(2, os.cpu_count() or 2)) as pool,
    ):
        runs = list(pool.map(lambda n: scan(shards[n], Path(folder) / str(n)), range(len(shards))))
    reports = {key: report for run in runs for key, report in run.reports.items()}
    return reports, runs
