"""What Git lists, as values: the files of a commit, of the index and of the work tree."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from blueprint_cli.errors import BpError
from blueprint_cli.files.disk import kind_of
from blueprint_cli.files.tree import Kind
from blueprint_cli.gitrepo.discovery import discover
from blueprint_cli.gitrepo.repo import Repo

SUBMODULE = "160000"
KINDS = {"100644": Kind.FILE, "100755": Kind.FILE, "100664": Kind.FILE, "120000": Kind.SYMLINK}
"""By the mode that Git stores (100664: from Git's first weeks). A submodule is a boundary."""

RAW = ("-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-textconv")
"""The options of every comparison: whole ids, whole names, no program of the repository's choice."""

CACHED = ("--cached", "--ita-invisible-in-index")
"""The index in a comparison, without what was added with intent only."""

_SCOPE_AT_MOST = 64


def records(listing: bytes) -> list[str]:
    """The NUL-terminated records of a listing, as paths are decoded everywhere."""
    return listing.decode("utf-8", "surrogateescape").split("\0")[:-1]


def scope(paths: Iterable[str]) -> list[str]:
    """Names that cover all paths and few others, so that Git need not open every directory (D-65). Empty, which Git
    takes for everything, where it would take too many names."""
    whole = list(paths)
    for depth in (None, 3, 2, 1):
        names: set[str] = set()
        last = "/"
        for path in whole:
            if path.startswith(last):  # neighbours mostly share the name
                continue
            name = "/".join(path.split("/")[:depth])
            names.add(name)
            last = f"{name}/"
            if len(names) > _SCOPE_AT_MOST:
                break
        else:
            return sorted(names) if all(map(_is_plain, names)) else []
    return []


def _is_plain(name: str) -> bool:
    """Whether Git takes it for a name below the top. A tree object may hold others, and then it would stop."""
    return "\0" not in name and not {"", ".", ".."} & set(name.split("/"))


def committed(repo: Repo, commit: str) -> Iterator[tuple[str, str, str]]:
    """Path, mode and blob id of everything in a commit."""
    for record in records(repo.ask(["ls-tree", "-r", "-z", "--full-tree", commit], "list a commit's files")):
        about, _, path = record.partition("\t")
        mode, _, blob = about.split(" ")
        yield path, mode, blob


def is_tracked(path: str) -> bool:
    """Whether the index of the repository that a file lies in has it."""
    try:
        repo = discover(path.rpartition("/")[0])
    except BpError:  # a repository that cannot be used, or another user's
        return False
    if repo is None or repo.top is None or not path.startswith(f"{repo.top}/"):
        return False
    scope = ["--literal-pathspecs", "ls-files", "-z", "--cached", "--", path[len(repo.top) + 1 :]]
    return bool(repo.ask(scope, "look for a file in the index"))


def indexed(repo: Repo) -> tuple[list[tuple[str, str, str]], frozenset[str]]:
    """Path, mode and blob id of everything in the index, and the paths that a merge has left unresolved.

    ls-files shows an intent to add as an empty file; diff-index, compared with nothing, does not.
    """
    fields = records(repo.ask(["diff-index", *RAW, *CACHED, repo.empty_tree], "read the index"))
    listed, unmerged = [], []
    for about, path in zip(fields[::2], fields[1::2], strict=True):
        _, mode, _, blob, status = about.split(" ")
        if status == "U":
            unmerged.append(path)
        else:
            listed.append((path, mode, blob))
    return listed, frozenset(unmerged)


class Listing(NamedTuple):
    """What a work tree has."""

    kinds: dict[str, Kind]
    """Tracked and untracked files, sorted."""
    blobs: dict[str, str]
    """Those of the index."""
    sparse: set[str]
    """The files that a sparse checkout left out."""
    unmerged: frozenset[str]
    """The files that a merge has left unresolved."""
    boundaries: tuple[str, ...]
    """The submodules and the repositories within this one."""


def in_work_tree(repo: Repo, top: str, within: Sequence[str] = ()) -> Listing:
    """The files of a whole work tree, or ``within`` some files and directories of it."""
    # --deleted looks at each file's name, not at its content (--modified would, through filters); at every one of
    # the index, though, whatever the scope.
    known = ["ls-files", "-z", "-t", "-s", "--cached", *([] if within else ["--deleted"]), "--", *within]
    others = ["ls-files", "-z", "--others", "--exclude-standard", "--", *within]
    kinds: dict[str, Kind] = {}
    blobs: dict[str, str] = {}
    sparse: set[str] = set()
    gone: list[str] = []
    unmerged: set[str] = set()
    boundaries: set[str] = set()
    with repo.beside(others, "list the work tree") as finish:  # two walks through many directories, at the same time
        for record in records(repo.ask(known, "list the work tree")):
            about, _, path = record.partition("\t")
            letter = about[0]
            if letter == "R":
                gone.append(path)
            elif about[-1] != "0":
                unmerged.add(path)
            elif about[2:8] == SUBMODULE:
                boundaries.add(path)
            elif kind := KINDS.get(about[2:8]):
                kinds[path], blobs[path] = kind, about[9:-2]
                if letter == "S":
                    sparse.add(path)
        untracked = records(finish())
    if within:
        gone += [path for path in kinds if path not in sparse and not os.path.lexists(f"{top}/{path}")]
    if untracked:
        gone += _displaced(sorted(kinds.keys() - sparse), untracked)
    for path in gone:
        kinds.pop(path, None)
    for path in (*untracked, *unmerged):
        if path.endswith("/"):
            boundaries.add(path[:-1])
        elif kind := kind_of(f"{top}/{path}"):  # None: gone since
            kinds[path] = kind
    order = sorted(kinds)
    ordered = kinds if order == list(kinds) else {path: kinds[path] for path in order}
    return Listing(ordered, blobs, sparse, frozenset(unmerged), tuple(sorted(boundaries)))


def _displaced(tracked: list[str], untracked: Iterable[str]) -> Iterator[str]:
    """The tracked files (sorted) that are gone because something untracked stands where they were, or where their
    directory was. Git's own list of deleted files only has those whose names lead to nothing."""
    for path in untracked:
        for name in (path, *accumulate(path.split("/")[:-1], "{}/{}".format)):
            first = bisect_left(tracked, name)
            if tracked[first : first + 1] == [name]:
                yield name
        yield from tracked[bisect_left(tracked, f"{path}/") : bisect_left(tracked, f"{path}0")]  # 0 follows on /


def unresolved(unmerged: Iterable[str]) -> BpError:
    """What it means that files are needed which a merge has left unresolved: nobody can say what they are to be."""
    paths = sorted(unmerged)
    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    return BpError(
        f"the index has unmerged paths: {', '.join(paths[:3])}{more}",
        "Resolve the merge first: edit the files and git add them, or git merge --abort.",
    )
