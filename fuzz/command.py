"""Random command lines, run in this process, in a directory that no argument can lead out of."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from unittest import mock

from blueprint_cli import cli
from blueprint_cli.cli.app import COMMANDS

from .damage import damaged
from .extremes import TEXTS
from .portfolio import AS_OF, CONFIG, tracks

_NODE, _PILOT = "NORTHWIND/WAREHOUSE", "NORTHWIND/PILOT"
_FILES = ["report.json", "other.json", "bp.yaml", "out.txt", "nowhere/out.txt"]
_OPTIONS = [
    "--as-of", "--track", "--fail-on", "--format", "-f", "--output", "-o", "--write", "--no-write", "--check",
    "--realm", "--node", "--staged", "--rev", "--policy-from", "--shard", "--config", "--redact",
    "--hollow-refresh", "--jobs", "--timeout", "--since", "--step", "--help", "-h", "--version", "-V", "--",
    "-", "--no-such", "--all", "--markdown",
]  # fmt: skip
_VALUES = [AS_OF, _NODE, _PILOT, f"{_NODE}/blueprint.yaml", *_FILES]
_VALUES += [
    "2026-03-02T10:00:00Z", "yesterday", "0001-01-01", "9999-12-31", "premium", "poc", "error", "never",
    "text", "json", "yaml", "sarif", "junit=out.txt", "github", "markdown=-", "json=", "=", "HEAD", "HEAD~1",
    "main", "v1", "1/2", "0/0", "3/2", "1", "0", "-1", "1e9", "nan", "10", "week", "commit", "list", "show",
    "check", "stale-asset", ".", "..", "C01/CHK_ENG_001", "qbr", "blueprint", "support/case_log.yaml",
]  # fmt: skip


def words(dice: Random) -> list[str]:
    """A command, then options and values that fit or do not. No word is a path that leads elsewhere."""
    line = [dice.choice([*COMMANDS, *COMMANDS, "scna", ""])]
    for _ in range(dice.randrange(7)):
        option, value = dice.choice(_OPTIONS), dice.choice(_VALUES)
        kind = dice.randrange(6)
        if kind == 0:
            line.append("".join(c for c in dice.choice(TEXTS) if c not in "/\0\\") or "x")
        elif kind == 1:
            line.append(f"{option}={value}")
        else:
            line += [[option], [value], [option, value], [option, value]][kind - 2]
    return line


def run(arguments: Sequence[str], dice: Random) -> int:
    """The exit code, which is 0, 1 or 2 for any words and any content of the two reports."""
    home = _home()
    for name in ("report.json", "other.json"):
        report = home / "vault" / name
        report.write_bytes(damaged(_report(), dice) if dice.random() < 0.5 else _report())
    with _called(arguments, home / "vault"):
        try:
            code = cli._run()
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 2
        output = sys.stderr.getvalue()  # type: ignore[union-attr]
    for log in sorted(Path(tempfile.gettempdir()).glob("bp-*.log")) if code == cli.BUG else ():
        text = log.read_text(encoding="utf-8", errors="replace")
        if repr(list(arguments)) in text:
            log.unlink()
            output += text
    assert code in (0, 1, 2), (code, arguments, output[-3000:])
    assert "Traceback" not in output, (arguments, output[-3000:])
    return code


_homes: dict[int, tempfile.TemporaryDirectory[str]] = {}
_reports: dict[int, bytes] = {}


def _home() -> Path:
    """A directory of this process with a small repository in it, made once."""
    if os.getpid() not in _homes:
        _homes[os.getpid()] = folder = tempfile.TemporaryDirectory(prefix="fuzz-")
        vault = Path(folder.name, "vault")
        for track, name in (("premium", "WAREHOUSE"), ("poc", "PILOT")):
            for path, raw in tracks()[track].items():
                place = vault / path.replace("WAREHOUSE", name)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(raw)
        (vault / "bp.yaml").write_bytes(CONFIG)
        for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "engagements"]):
            author = ["-c", "user.name=Kit", "-c", "user.email=kit@example.com"]
            subprocess.run(["git", *author, *command], cwd=vault, env=_environment(folder.name), check=True)
    return Path(_homes[os.getpid()].name)


def _report() -> bytes:
    """The portfolio's report as JSON."""
    if os.getpid() not in _reports:
        with _called(["scan", "--as-of", AS_OF, "-f", "json", "--no-write"], _home() / "vault") as out:
            cli._run()
            _reports[os.getpid()] = out.getvalue()
    return _reports[os.getpid()]


def _environment(home: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "BP_", "GITHUB_"))}
    return {
        **kept,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CEILING_DIRECTORIES": home,
        "COLUMNS": "120",
    }


@contextmanager
def _called(arguments: Sequence[str], where: Path) -> Iterator[io.BytesIO]:
    """Run as if `bp` was started with these arguments in that directory; yields its standard output."""
    out, before = io.BytesIO(), Path.cwd()
    with (
        mock.patch.object(sys, "argv", ["bp", *arguments]),
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"{}"))),
        mock.patch.object(sys, "stdout", io.TextIOWrapper(out, "utf-8", "backslashreplace", write_through=True)),
        mock.patch.object(sys, "stderr", io.StringIO()),
        mock.patch.dict(os.environ, _environment(str(where.parent)), clear=True),
    ):
        os.chdir(where)
        try:
            yield out
        finally:
            os.chdir(before)
