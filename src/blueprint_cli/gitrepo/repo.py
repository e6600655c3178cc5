"""One repository, and git commands in it: one value that every other part is given."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from blueprint_cli.errors import BpError
from blueprint_cli.gitrepo import command

_EMPTY_TREES = {
    "sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
"""The tree without entries, which every Git knows without storing it: `git hash-object -t tree /dev/null`."""


@dataclass(frozen=True)
class Repo:
    """One repository as seen from one of its work trees. Absolute paths, links resolved as Git does."""

    git_dir: str
    common_dir: str
    top: str | None
    """The work tree's root; None in a bare repository and inside a git directory."""
    is_shallow: bool
    object_format: str
    honoured: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    """What a hook's environment says about this very repository (`GIT_INDEX_FILE`, quarantined objects)."""

    @property
    def place(self) -> str:
        """The directory that names the repository to people."""
        return self.top or self.git_dir

    @property
    def empty_tree(self) -> str:
        """Object id of the tree without entries."""
        return _EMPTY_TREES[self.object_format]

    @cached_property
    def is_partial(self) -> bool:
        """Whether objects may be missing because the clone left them out (`--filter`)."""
        pattern = r"^(extensions\.partialclone|remote\..*\.promisor)$"
        return bool(self.ask(["config", "--get-regexp", pattern], "read its configuration", codes=(0, 1)))

    def shallow_commits(self) -> frozenset[str]:
        """The commits at which a shallow clone was cut: what they changed is not known here."""
        if not self.is_shallow:
            return frozenset()
        named = self.ask(["rev-parse", "--git-path", "shallow"], "find where the history is cut")
        try:
            return frozenset(Path(self.place, os.fsdecode(named.removesuffix(b"\n"))).read_text("ascii").split())
        except (OSError, ValueError) as error:
            raise BpError(f"it is not known where the history of {self.place} is cut: {error}") from error

    def ask(self, arguments: Sequence[str], doing: str, codes: Collection[int] = (0,)) -> bytes:
        """Output of one git command; ``doing`` completes "git could not …" when it fails."""
        return _output(self.attempt(arguments), doing, codes)

    @contextmanager
    def beside(self, arguments: Sequence[str], doing: str) -> Iterator[Callable[[], bytes]]:
        """Start a git command that works while something else is done; what is yielded waits for its output."""
        with command.begun([*self._options(), *arguments], self.place, self.honoured) as finish:
            yield lambda: _output(finish(), doing)

    def attempt(self, arguments: Sequence[str]) -> tuple[int, bytes, str]:
        """One git command that may fail: exit code, output, and error message."""
        return command.run([*self._options(), *arguments], self.place, self.honoured)

    def start(self, arguments: Sequence[str], stdin: int | IO[Any]) -> subprocess.Popen[bytes]:
        """A git command that stays, fed and read through pipes."""
        return command.start([*self._options(), *arguments], self.place, self.honoured, stdin)

    def _options(self) -> list[str]:
        return [f"--git-dir={self.git_dir}", *([f"--work-tree={self.top}"] if self.top else [])]


def _output(answer: tuple[int, bytes, str], doing: str, codes: Collection[int] = (0,)) -> bytes:
    code, output, complaint = answer
    if code not in codes:
        raise command.failure(doing, complaint)
    return output
