"""A throw-away repository with the real git: nothing of it depends on the machine, the user or the day."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from blueprint_cli.gitrepo import Repo, discover

DAY = "2026-01-05T12:00:00+00:00"


class Scratch:
    """One repository below a temporary directory."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def new(cls, path: Path, *options: str) -> Scratch:
        """An empty repository on branch main."""
        path.mkdir(parents=True, exist_ok=True)
        init(path, *options)
        return cls(path)

    def git(self, *arguments: str, env: Mapping[str, str] | None = None, feed: str = "", ok: bool = True) -> str:
        """Run git here; its output without the last line end. ``ok=False``: it may fail."""
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.path,
            env={**os.environ, **(env or {})},
            input=feed.encode(),
            capture_output=True,
            check=False,
        )
        if ok and done.returncode != 0:
            raise AssertionError(f"git {arguments}: {done.stderr.decode(errors='replace')}")
        return os.fsdecode(done.stdout).removesuffix("\n")

    def write(self, path: str, content: str | bytes = "a: 1\n") -> Path:
        """Write a file, and its directories."""
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    def commit(self, files: Mapping[str, str] | None = None, when: str = DAY, add: bool = True) -> str:
        """Write files, commit everything at a moment, and answer the commit's id."""
        for path, content in (files or {}).items():
            self.write(path, content)
        if add:
            self.git("add", "--all")
        dated = {"GIT_AUTHOR_DATE": "2020-02-02T02:02:02+00:00", "GIT_COMMITTER_DATE": when}
        self.git("commit", "--quiet", "--allow-empty", "--message=change", env=dated)
        return self.git("rev-parse", "HEAD")

    def merge(self, when: str, *arguments: str, ok: bool = True) -> str:
        """Merge at a moment and answer the commit's id."""
        self.git("merge", "--quiet", "--no-edit", "--no-ff", *arguments, env={"GIT_COMMITTER_DATE": when}, ok=ok)
        return self.git("rev-parse", "HEAD")

    def clone(self, path: Path, *options: str) -> Scratch:
        """A clone over the file protocol, which honours depth and filter."""
        self.git("clone", "--quiet", *options, f"file://{self.path}", str(path))
        return Scratch(path)

    @property
    def repo(self) -> Repo:
        """The repository as the product sees it."""
        found = discover(self.path)
        assert found is not None
        return found


def init(root: Path, *options: str) -> None:
    """Make a directory an empty repository on branch main."""
    command = ["git", "init", "--quiet", "--initial-branch=main", *options]
    subprocess.run(command, cwd=root, env=_hermetic(DAY), check=True, capture_output=True)


def commit_all(root: Path, day: str) -> None:
    """Commit everything in a directory at noon of a day; it need not be a repository yet."""
    if not (root / ".git").exists():
        init(root)
    identity = ("-c", "user.name=Kit", "-c", "user.email=kit@example.com")
    for arguments in (("add", "--all"), (*identity, "commit", "--quiet", "--message=all")):
        env = _hermetic(f"{day}T12:00:00+00:00")
        subprocess.run(["git", *arguments], cwd=root, env=env, check=True, capture_output=True)


def _hermetic(moment: str) -> dict[str, str]:
    """An environment without configuration, identity or clock of the machine."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    kept |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return kept | {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
