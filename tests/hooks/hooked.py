"""A throw-away repository that runs our hooks, from their own `entry` lines, through the real pre-commit."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from blueprint_cli.yamlfile import dump, read
from tests.support.repository import Scratch

NODE = "ACME/IMPLEMENTATION"
PROFILE = f"{NODE}/engagement/customer_profile.yaml"
TOUCHPOINTS = f"{NODE}/engagement/touchpoint_log.yaml"
BROKEN = "customer: [unclosed\n"


@dataclass(frozen=True)
class Answer:
    """How a commit ended."""

    code: int
    output: str

    @property
    def blocked(self) -> bool:
        """Whether hooks refused it."""
        return self.code != 0


def manifest(root: Path) -> list[dict[str, object]]:
    """The hooks as `.pre-commit-hooks.yaml` declares them."""
    text = "hooks:\n" + (root / ".pre-commit-hooks.yaml").read_text()
    hooks: list[dict[str, object]] = read(text.encode()).data["hooks"]
    return hooks


class Hooked(Scratch):
    """The repository of somebody who uses all of our hooks."""

    root: Path

    @classmethod
    def new(cls, path: Path, root: Path) -> Hooked:  # type: ignore[override]  # the same, with hooks
        """A repository whose config mirrors the manifest; only the environment is not built anew for each test."""
        Scratch.new(path)
        made = cls(path)
        made.root = root
        hooks = [{**hook, "language": "system"} for hook in manifest(root)]
        made.write(".pre-commit-config.yaml", dump({"repos": [{"repo": "local", "hooks": hooks}]}))
        types = ("pre-commit", "pre-merge-commit", "pre-push")
        for kind in types:
            hook = made.write(
                f".git/hooks/{kind}",
                f"#!/bin/sh\nexec '{sys.executable}' -m pre_commit hook-impl --config=.pre-commit-config.yaml "
                f'--hook-type={kind} --hook-dir="$(dirname "$0")" -- "$@"\n',
            )
            hook.chmod(0o755)
        return made

    def engagement(self) -> None:
        """One engagement, which has gaps already, as most have."""
        shutil.copytree(self.root / "examples" / "realms" / NODE, self.path / NODE, dirs_exist_ok=True)

    def edit(self, path: str, old: str, new: str) -> None:
        """Change a file."""
        text = (self.path / path).read_text()
        assert old in text
        self.write(path, text.replace(old, new))

    def try_git(self, *arguments: str) -> Answer:
        """A git command whose hooks may refuse it."""
        done = subprocess.run(
            ["git", *arguments], cwd=self.path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        return Answer(done.returncode, done.stdout.decode(errors="replace"))

    def try_commit(self, *arguments: str) -> Answer:
        """Commit, through the hooks."""
        return self.try_git("commit", "--message=change", *arguments)

    def hook(self, name: str, *arguments: str) -> Answer:
        """Run one hook by hand."""
        done = subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", name, *arguments],
            cwd=self.path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return Answer(done.returncode, done.stdout.decode(errors="replace"))

    def state(self) -> str:
        """What git sees beside the commits."""
        return self.git("status", "--porcelain", "-z", "--untracked-files=all", "--ignored")
