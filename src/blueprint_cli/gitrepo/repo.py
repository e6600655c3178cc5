"""Which repository a path belongs to, and git commands in it: one value that every other part is given."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from blueprint_cli.errors import BpError
from blueprint_cli.gitrepo import command
from blueprint_cli.gitrepo.command import MINIMUM

_EMPTY_TREES = {
    "sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
"""The tree without entries, which every Git knows without storing it: `git hash-object -t tree /dev/null`."""

_BOUND_TO_ONE_REPOSITORY = (
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_QUARANTINE_PATH",
    "GIT_CONFIG_PARAMETERS",
)


@dataclass(frozen=True)
class Repo:
    """One repository as seen from one of its work trees. Absolute paths, links resolved as Git does."""

    git_dir: str
    common_dir: str
    top: str | None
    """The work tree's root; None in a bare repository and inside a git directory."""
    prefix: str
    """The directory below ``top`` that the repository was discovered from: "" or "a/b/"."""
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


def discover(path: str | os.PathLike[str]) -> Repo | None:
    """The repository that ``path`` lies in; None outside Git and where git is not installed.

    Raises ``BpError`` for a repository that is there and cannot be used: another user's, damaged, too new.
    """
    start = Path(path).absolute()
    directory = str(next(folder for folder in (start, *start.parents) if os.path.isdir(folder)))
    if not has_git():
        return None
    repo = _probe(directory, {})
    if repo is None:
        # A git directory in another place (GIT_DIR and GIT_WORK_TREE) cannot be discovered from a path.
        named = {k: _absolute(v) for k in ("GIT_DIR", "GIT_WORK_TREE") if (v := os.environ.get(k))}
        return _probe(directory, named) if "GIT_DIR" in named else None
    return repo


def require(path: str | os.PathLike[str], feature: str) -> Repo:
    """The repository that ``path`` lies in, for a ``feature`` that needs one. Raises ``BpError`` without."""
    repo = discover(path)
    if repo is not None:
        return repo
    if not has_git():
        raise BpError(f"{feature} needs Git, and git was not found on the PATH", MINIMUM)
    raise BpError(
        f"{feature} needs Git, and {Path(path).absolute()} is not in a Git repository",
        "Run bp inside the repository, or leave the option out to read the files as they are.",
    )


def out_of_reach(path: str | os.PathLike[str]) -> bool:
    """Whether ``path`` seems to lie in a repository that cannot be read, because there is no git."""
    place = Path(path).absolute()
    return not has_git() and any((folder / ".git").exists() for folder in (place, *place.parents))


def has_git() -> bool:
    """Whether there is a git to start."""
    # Not shutil.which: it imports every kind of compression, 3 ms that a hook would notice.
    places = [f"{folder}/git" for folder in os.get_exec_path()]
    return any(os.path.isfile(place) and os.access(place, os.X_OK) for place in places)


_FACTS = ("--absolute-git-dir", "--git-common-dir", "--show-prefix", "--is-shallow-repository")
_MARK = "--bp-next"
"""rev-parse repeats a switch that it does not know: names may hold line ends, this one cuts between them."""


def _probe(directory: str, named: Mapping[str, str]) -> Repo | None:
    facts = [word for fact in (*_FACTS, "--show-object-format") for word in (fact, _MARK)]
    scope = ["rev-parse", "--path-format=absolute", *facts, "--show-toplevel"]
    code, output, complaint = command.run(scope, directory, named)
    bare = code != 0 and "must be run in a work tree" in complaint
    if code != 0 and not bare:
        if re.search(r"not a git repository \(or any", complaint):
            return None
        raise command.failure(f"use the repository at {directory}", complaint)
    if output.startswith(b"--path-format"):  # repeated, as every option that it does not know
        raise BpError("this git is too old for the job", MINIMUM)
    git_dir, common_dir, prefix, shallow, object_format, top = (
        os.fsdecode(part).removesuffix("\n") for part in output.split(f"{_MARK}\n".encode())
    )
    return Repo(
        git_dir=git_dir,
        common_dir=common_dir,
        top=None if bare else top,
        prefix="" if bare else prefix,
        is_shallow=shallow == "true",
        object_format=object_format,
        honoured=_honoured(git_dir, None if bare else top),
    )


def _honoured(git_dir: str, top: str | None) -> dict[str, str]:
    """What the environment of a hook says, if the hook runs in this repository and not in another one."""
    bound = {name: os.environ[name] for name in _BOUND_TO_ONE_REPOSITORY if os.environ.get(name)}
    if not bound:
        return {}
    named = {"GIT_DIR": os.environ["GIT_DIR"]} if os.environ.get("GIT_DIR") else {}
    code, output, _ = command.run(["rev-parse", "--absolute-git-dir"], str(Path.cwd()), named)
    if code != 0 or os.path.realpath(os.fsdecode(output.removesuffix(b"\n"))) != os.path.realpath(git_dir):
        return {}
    if "GIT_INDEX_FILE" in bound:
        # A hook gets it relative to the top level, where it is started (githooks(5)).
        bound["GIT_INDEX_FILE"] = str(Path(top or git_dir, bound["GIT_INDEX_FILE"]))
    if "GIT_OBJECT_DIRECTORY" in bound:
        bound["GIT_OBJECT_DIRECTORY"] = _absolute(bound["GIT_OBJECT_DIRECTORY"])
    return bound


def _absolute(path: str) -> str:
    return str(Path(path).absolute())
