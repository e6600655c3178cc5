"""A repository with a sound engagement, one hostile thing in it, and `bp` run on it as a stranger's judge would.

Each run is a process of its own with 20 s of processor time, 500 MB and no network. It takes a fraction of either: the
limits are there for what hangs or grows without end.
Beside the victim stands a witness, an engagement with one known gap: whatever is done to the one, the other is still
judged.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.cases.build import BASES
from tests.support.repository import init

AS_OF = "2026-03-02"
DAY = "2026-03-01T12:00:00+00:00"
VICTIM, WITNESS = "ACME/VICTIM", "BETA/WITNESS"
WITNESSED = (f"{WITNESS}/knowledge/learning_path.yaml", "yaml-syntax")
SECONDS, MEGABYTES, OUTPUT = 20, 500, 4 << 20
"""Seconds of processor time, megabytes and characters of output of one run."""
CANARY = "zq-canary-7f3a"
"""A word that stands in free text and in files outside the repository: no output may hold it."""
NETWORK = 97
"""The exit code of a process that wanted the network (``offline/sitecustomize.py``)."""
_HERE = Path(__file__).parent
_SOURCE = Path(__file__).parents[2] / "src"


@dataclass(frozen=True)
class Answer:
    """What one run answered and cost."""

    code: int
    out: str
    err: str
    megabytes: float

    @property
    def data(self) -> Any:
        assert self.code in (0, 1), f"exit {self.code}: {self.err[-2000:]}"
        return json.loads(self.out)

    @property
    def gaps(self) -> list[dict[str, Any]]:
        """The gaps of all engagements; of a difference, those that it introduces."""
        data = self.data
        if "nodes" in data:
            return [gap for node in data["nodes"] for gap in node["gaps"]]
        return list(data["introduced"])

    def rules(self, path: str) -> list[str]:
        """The rules of the gaps that point to a file."""
        return [gap["rule"] for gap in self.gaps if gap["location"]["path"] == path]

    def about(self, path: str) -> list[str]:
        """The messages of the gaps that point to a file."""
        return [gap["message"] for gap in self.gaps if gap["location"]["path"] == path]

    @property
    def loosened(self) -> list[str]:
        """The files of a change that loosen the judgement."""
        changes = self.data["policy_changes"]
        assert {gap["rule"] for gap in changes} <= {"policy-change"}
        return [gap["location"]["path"] for gap in changes]

    def witnessed(self) -> Answer:
        """The same, once it is clear that the witness was judged."""
        path, rule = WITNESSED
        assert self.rules(path) == [rule], self.err
        return self


class Place:
    """A throw-away repository."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def new(cls, root: Path, *nodes: str) -> Place:
        """With a sound engagement (the victim, where no other is named) and the witness, nothing committed."""
        place = cls(root)
        root.mkdir(parents=True)
        init(root)
        for node in nodes or (VICTIM,):
            place.add(node)
        place.add(WITNESS)
        place.write(f"{WITNESS}/knowledge/learning_path.yaml", "modules: [\n")
        return place

    def add(self, node: str, base: str = "premium") -> None:
        """A sound engagement."""
        for path, raw in sound(base).items():
            self.write(f"{node}/{path}", raw)

    def write(self, path: str | bytes, content: str | bytes) -> None:
        """Write a file and its directories, whatever its name."""
        file = self.root / os.fsdecode(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    def read(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def edit(self, path: str, was: str, now: str) -> None:
        """Replace a text that is there."""
        text = self.read(path)
        assert was in text, f"{path} has no {was!r}"
        self.write(path, text.replace(was, now, 1))

    def git(self, *arguments: str, feed: bytes = b"") -> str:
        env = {**_environment(), "GIT_AUTHOR_DATE": DAY, "GIT_COMMITTER_DATE": DAY}
        who = ("-c", "user.name=Kit", "-c", "user.email=kit@example.com", "-c", "core.autocrlf=false")
        done = subprocess.run(
            ["git", *who, *arguments], cwd=self.root, env=env, check=False, capture_output=True, input=feed
        )
        assert done.returncode == 0, (arguments, done.stderr)
        return os.fsdecode(done.stdout).strip()

    def commit(self, message: str = "change") -> str:
        self.git("add", "--all", "--force")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def bp(self, *arguments: str, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Answer:
        """Run the command; the bounds hold for every run, and nothing is ever a traceback."""
        answer = run([sys.executable, "-m", "blueprint_cli", *arguments], cwd or self.root, env or {})
        shown = f"{arguments}: exit {answer.code}\n{answer.out[-600:]}\n{answer.err[-2000:]}"
        assert answer.code in (0, 1, 2), shown
        assert "Traceback" not in answer.out + answer.err, shown
        assert answer.megabytes <= MEGABYTES, f"{answer.megabytes:.0f} MB: {shown}"
        assert len(answer.out) + len(answer.err) <= OUTPUT, f"{len(answer.out)} characters: {arguments}"
        assert CANARY not in answer.out + answer.err, shown
        return answer

    def scan(self, *arguments: str, **more: Any) -> Answer:
        """`bp scan` as JSON, nothing written."""
        return self.bp("scan", "--as-of", AS_OF, "--format", "json", "--no-write", *arguments, **more)

    def staged(self, *arguments: str) -> Answer:
        """`bp scan` of the index: bytes from Git's objects."""
        self.git("add", "--all", "--force")
        return self.bp("scan", "--as-of", AS_OF, "--format", "json", "--staged", *arguments)

    def lint(self, *arguments: str) -> Answer:
        return self.bp("lint", "--format", "json", *arguments)

    def diff(self, base: str, *arguments: str) -> Answer:
        """`bp diff` against a revision, as JSON."""
        return self.bp("diff", base, "--as-of", AS_OF, "--format", "json", *arguments)


def run(command: list[str], cwd: Path, env: Mapping[str, str]) -> Answer:
    """One process within its bounds, and what it and its children cost."""
    with tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err:
        request = {"command": command, "cwd": str(cwd), "env": {**_environment(), **env}, "seconds": SECONDS}
        cost = _launcher()(request | {"out": out.name, "err": err.name})
        shown, complaints = (file.read().decode("utf-8", "surrogateescape") for file in (out, err))
    return Answer(cost["code"], shown, complaints, cost["megabytes"])


@functools.cache
def _launcher() -> Callable[[Any], Any]:
    pipe = subprocess.PIPE
    process = subprocess.Popen([sys.executable, "-IS", str(_HERE / "launcher.py")], stdin=pipe, stdout=pipe, text=True)
    asks, answers = process.stdin, process.stdout
    assert asks is not None
    assert answers is not None

    def ask(question: Any) -> Any:
        asks.write(json.dumps(question) + "\n")
        asks.flush()
        return json.loads(answers.readline())

    def end() -> None:
        asks.close()
        answers.close()
        process.wait()

    atexit.register(end)
    return ask


def _environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "BP_", "GITHUB_", "PYTHON", "COV"))}
    return kept | {
        "PYTHONPATH": f"{_HERE / 'offline'}{os.pathsep}{_SOURCE}",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "COLUMNS": "120",
    }


@functools.cache
def sound(base: str = "premium") -> dict[str, bytes]:
    """The files of a clean engagement, by path."""
    (node,) = (path.parent for path in (BASES / base).rglob("blueprint.yaml"))
    return {str(file.relative_to(node)): file.read_bytes() for file in sorted(node.rglob("*")) if file.is_file()}


def once(rules: Iterable[str], rule: str) -> bool:
    """Whether a rule is found exactly once, and nothing else."""
    return list(rules) == [rule]
