"""Which repository some places belong to. No file of a change can decide it, or name another one.

What decides is the nearest `.git`, which Git never writes from a commit. Git itself goes further: it takes any
directory with `HEAD`, `objects` and `refs` for a repository and obeys the `config` next to them, and all of these can
be plain files of a change. Only Git 2.38 and newer can be forbidden to (`safe.bareRepository`), so Git is never started
in such a directory, unless all places lie in it and it is no content of the repository around it: a bare clone.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from blueprint_cli.errors import BpError
from blueprint_cli.gitrepo import command
from blueprint_cli.gitrepo.command import MINIMUM
from blueprint_cli.gitrepo.repo import Repo
from blueprint_cli.text import normal

_BOUND_TO_ONE_REPOSITORY = (
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_QUARANTINE_PATH",
    "GIT_CONFIG_PARAMETERS",
)


def discover(*places: str | os.PathLike[str]) -> Repo | None:
    """The repository that some files or directories, which need not exist, lie in; None outside Git and where git is
    not installed.

    A place outside any repository does not count beside one that lies in a repository. Raises ``BpError`` for places of
    several repositories, and for a repository that is there and cannot be used: another user's, damaged, too new.
    """
    if not has_git():
        return None
    around = {_surroundings(folder): folder for folder in dict.fromkeys(map(_directory, places))}
    tops = {place.top: folder for place, folder in around.items() if place.top is not None}
    if len(tops) > 1:
        (first, folder), (second, other) = list(tops.items())[:2]
        raise BpError(
            f"{folder} lies in the repository {first}, and {other} in {second}",
            "Name paths of one repository at a time.",
        )
    top = next(iter(tops), None)
    repo = _named_by_environment() if top is None else _at(top)
    stores = {place.store for place in around}
    store = stores.pop() if len(stores) == 1 else None
    if store is None or (repo is not None and _is_content(repo, store)):
        return repo
    return _without_work_tree(_probe(store, {}) if repo is None or repo.git_dir != store else repo) or repo


def top_of(place: str) -> str | None:
    """The nearest directory at or above a place that has a `.git`, and so is the top of a work tree."""
    return _surroundings(_directory(place)).top


def require(place: str | os.PathLike[str], feature: str) -> Repo:
    """The repository that a place lies in, for a ``feature`` that needs one. Raises ``BpError`` without."""
    repo = discover(place)
    if repo is not None:
        return repo
    if not has_git():
        raise BpError(f"{feature} needs Git, and git was not found on the PATH", MINIMUM)
    raise BpError(
        f"{feature} needs Git, and {Path(place).absolute()} is not in a Git repository",
        "Run bp inside the repository, or leave the option out to read the files as they are.",
    )


def out_of_reach(place: str) -> bool:
    """Whether a place seems to lie in a repository that cannot be read, because there is no git."""
    return not has_git() and top_of(place) is not None


def has_git() -> bool:
    """Whether there is a git to start."""
    # Not shutil.which: it imports every kind of compression, 3 ms that a hook would notice.
    places = [f"{folder}/git" for folder in os.get_exec_path()]
    return any(os.path.isfile(place) and os.access(place, os.X_OK) for place in places)


class _Surroundings(NamedTuple):
    """What the directories at and above a place say about the repository that it is in."""

    top: str | None
    """The nearest directory with a `.git`."""
    store: str | None
    """The nearest directory that Git would take for a git directory, if it is nearer than ``top``."""


def _surroundings(directory: str) -> _Surroundings:
    store = None
    for folder in _upwards(directory):
        entry = f"{folder}/.git"
        if os.path.isfile(entry) or _is_like_git_directory(entry):
            return _Surroundings(folder, store)
        if store is None and _is_like_git_directory(folder):
            store = folder
    return _Surroundings(None, store)


def _directory(place: str | os.PathLike[str]) -> str:
    """The directory that a place is, or the nearest one that it would be in; links resolved."""
    real = Path(os.path.realpath(place))
    return str(next(folder for folder in (real, *real.parents) if os.path.isdir(folder)))


def _upwards(directory: str) -> Iterator[str]:
    """A directory and those above it, as far as Git would look for a repository."""
    stops = os.environ.get("GIT_CEILING_DIRECTORIES", "").split(os.pathsep)
    ceilings = {os.path.realpath(folder) for folder in stops if folder}
    is_bounded = os.environ.get("GIT_DISCOVERY_ACROSS_FILESYSTEM", "").lower() not in {"1", "true", "yes", "on"}
    device = Path(directory).stat().st_dev
    for folder in (Path(directory), *Path(directory).parents):
        name = str(folder)
        if name != directory and (name in ceilings or (is_bounded and folder.stat().st_dev != device)):
            return
        yield name


def _is_like_git_directory(folder: str) -> bool:
    """Whether Git may take a directory for a git directory: a repository's own, or that of a linked work tree."""
    if not os.path.lexists(f"{folder}/HEAD"):
        return False
    has_parts = os.path.isdir(f"{folder}/objects") and os.path.isdir(f"{folder}/refs")
    return has_parts or os.path.isfile(f"{folder}/commondir")


def _at(top: str) -> Repo:
    """The repository that the `.git` in a directory names, whose work tree has this directory."""
    doing = f"use the repository at {top}"
    repo = _probe(top, {}, f"{top}/.git")
    if repo is None:
        raise command.failure(doing, f"{top}/.git is not a git directory")
    if repo.top is not None and not f"{top}/".startswith(f"{repo.top.rstrip('/')}/"):
        raise BpError(
            f"the repository at {top} has its work tree elsewhere: {repo.top}",
            "Unset core.worktree, or run bp in that work tree with GIT_DIR and GIT_WORK_TREE set.",
        )
    return repo


def _named_by_environment() -> Repo | None:
    """A git directory that cannot be found from a path, named by GIT_DIR and GIT_WORK_TREE."""
    named = {name: _absolute(value) for name in ("GIT_DIR", "GIT_WORK_TREE") if (value := os.environ.get(name))}
    return _probe(str(Path.cwd()), named) if "GIT_DIR" in named else None


def _without_work_tree(repo: Repo | None) -> Repo | None:
    """A repository whose git directory was named: its revisions only, whatever work tree it may have."""
    return repo and replace(repo, top=None)


def _is_content(repo: Repo, folder: str) -> bool:
    """Whether a directory has files of a work tree. Letters count as alike as they do on any file system."""
    if repo.top is None or not folder.startswith(f"{repo.top.rstrip('/')}/"):
        return False
    listing = repo.ask(["ls-files", "-z", "--cached"], "read the index").decode("utf-8", "surrogateescape")
    prefix = normal(folder[len(repo.top.rstrip("/")) + 1 :]).casefold() + "/"
    return any(normal(path).casefold().startswith(prefix) for path in listing.split("\0"))


_FACTS = ("--absolute-git-dir", "--git-common-dir", "--is-shallow-repository", "--show-object-format")
_MARK = "--bp-next"
"""rev-parse repeats a switch that it does not know: names may hold line ends, this one cuts between them."""


def _probe(directory: str, named: Mapping[str, str], entry: str | None = None) -> Repo | None:
    """The repository that Git finds in a directory, or that the environment has ``named``; ``entry``: the `.git` that
    must be the one that names it."""
    checks = [] if entry is None else ["--resolve-git-dir", entry]
    scope = ["rev-parse", "--path-format=absolute", *checks]
    scope += [word for fact in _FACTS for word in (_MARK, fact)]
    code, output, complaint = command.run([*scope, _MARK, "--show-toplevel"], directory, named)
    bare = code != 0 and "must be run in a work tree" in complaint
    if code != 0 and not bare:
        if re.search(r"not a git repository \(or any", complaint):
            return None
        raise command.failure(f"use the repository at {directory}", complaint)
    if output.startswith(b"--path-format"):  # repeated, as every option that it does not know
        raise BpError("this git is too old for the job", MINIMUM)
    resolved, git_dir, common_dir, shallow, object_format, top = (
        os.fsdecode(part).removesuffix("\n") for part in output.split(f"{_MARK}\n".encode())
    )
    if entry is not None and os.path.realpath(resolved) != os.path.realpath(git_dir):
        return None
    return Repo(
        git_dir=git_dir,
        common_dir=common_dir,
        top=None if bare else top,
        is_shallow=shallow == "true",
        object_format=object_format,
        honoured=_honoured(git_dir, None if bare else top),
    )


def _honoured(git_dir: str, top: str | None) -> dict[str, str]:
    """What the environment of a hook says, if the hook runs in this repository and not in another one."""
    bound = {name: os.environ[name] for name in _BOUND_TO_ONE_REPOSITORY if os.environ.get(name)}
    if not bound or _current_git_dir() != os.path.realpath(git_dir):
        return {}
    if "GIT_INDEX_FILE" in bound:
        # A hook gets it relative to the top level, where it is started (githooks(5)).
        bound["GIT_INDEX_FILE"] = str(Path(top or git_dir, bound["GIT_INDEX_FILE"]))
    if "GIT_OBJECT_DIRECTORY" in bound:
        bound["GIT_OBJECT_DIRECTORY"] = _absolute(bound["GIT_OBJECT_DIRECTORY"])
    return bound


def _current_git_dir() -> str | None:
    """The git directory of the repository in which bp was started."""
    here = str(Path.cwd())
    named = {"GIT_DIR": os.environ["GIT_DIR"]} if os.environ.get("GIT_DIR") else {}
    around = _surroundings(_directory(here))
    place = here if named else around.top or around.store
    if place is None:
        return None
    code, output, _ = command.run(["rev-parse", "--absolute-git-dir"], place, named)
    return os.path.realpath(os.fsdecode(output.removesuffix(b"\n"))) if code == 0 else None


def _absolute(path: str) -> str:
    return str(Path(path).absolute())
