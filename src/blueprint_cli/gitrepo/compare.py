"""What differs between two trees, told by object ids and file times; contents are read only where these leave
a doubt, and by us: Git would start filters to compare a work tree."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from blueprint_cli.disk import Reader
from blueprint_cli.gitrepo.repo import Repo
from blueprint_cli.tree import Kind

KINDS = {"100644": Kind.FILE, "100755": Kind.FILE, "100664": Kind.FILE, "120000": Kind.SYMLINK}
"""By the mode that Git stores (100664: from Git's first weeks). 160000 is a submodule: a boundary."""

RAW = ("-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-textconv")
"""How every comparison is asked for: whole ids, whole names, no program of the repository's choice."""

CACHED = ("--cached", "--ita-invisible-in-index")
_HASHED_AT_MOST = 64 * 1024 * 1024
"""Bytes; a larger file whose times changed counts as changed without a look into it."""


@dataclass(frozen=True, slots=True)
class Delta:
    """One path that differs: the kind and blob on each side, None where a side has no file there."""

    old: tuple[Kind, str] | None
    new: tuple[Kind, str] | None


def records(listing: bytes) -> list[str]:
    """The NUL-terminated records of a listing, as paths are decoded everywhere."""
    return listing.decode("utf-8", "surrogateescape").split("\0")[:-1]


def between(repo: Repo, old: str, new: str) -> dict[str, Delta]:
    """What differs between two commits or trees (ids)."""
    return _deltas(repo.ask(["diff-tree", *RAW, old, new], "compare two commits"))


def staged(repo: Repo, old: str) -> dict[str, Delta]:
    """What differs between a commit or tree (id) and the index."""
    return _deltas(repo.ask(["diff-index", *RAW, *CACHED, old], "compare the index with a commit"))


def _deltas(listing: bytes) -> dict[str, Delta]:
    found = records(listing)
    deltas: dict[str, Delta] = {}
    for about, path in zip(found[::2], found[1::2], strict=True):
        old_mode, mode, old_blob, blob, _ = about[1:].split(" ")
        old, new = KINDS.get(old_mode), KINDS.get(mode)
        delta = Delta((old, old_blob) if old else None, (new, blob) if new else None)
        if delta.old != delta.new:  # equal: only the executable bit, or only a submodule moved
            deltas[path] = delta
    return deltas


def unstaged(repo: Repo, top: str, on_disk: Mapping[str, Kind], old: Mapping[str, Delta]) -> Iterator[str]:
    """The paths at which the work tree differs from the old side of ``old``, a comparison with the index
    (empty: from the index itself).

    Files that differ from their blob only in CRLF line ends count as equal: Git converts them, or YAML does.
    """
    index = {entry.path: entry for entry in _index(repo) if entry.kind}
    fresh = _Freshness(repo, top)
    for path in sorted(old.keys() | index.keys() | on_disk.keys()):
        entry, delta = index.get(path), old.get(path)
        before = delta.old if delta else entry.content if entry else None
        if path not in on_disk:
            if before:
                yield path
        elif entry and fresh.same_times(entry):
            if delta:
                yield path
        elif before is None or not fresh.same_bytes(path, before):
            yield path


@dataclass(frozen=True, slots=True)
class _Entry:
    """One path of the index, with the file times that Git noted when it last knew them to be equal."""

    path: str
    kind: Kind | None
    blob: str
    times: tuple[int, ...] | None
    flags: int

    @property
    def content(self) -> tuple[Kind, str] | None:
        return (self.kind, self.blob) if self.kind and not self.flags & _INTENT_TO_ADD else None


_INTENT_TO_ADD = 1 << 29
_SKIP_WORKTREE = 1 << 30  # read-cache.h, stable since they were introduced: they are stored on the disk

_DEBUG = re.compile(
    rb"(\d{6}) ([0-9a-f]+) \d\t([^\0]*)\0"
    rb"  ctime: (\d+):(\d+)\n  mtime: (\d+):(\d+)\n  dev: \d+\tino: (\d+)\n"
    rb"  uid: \d+\tgid: \d+\n  size: (\d+)\tflags: ([0-9a-f]+)\n"
)


def _index(repo: Repo) -> Iterator[_Entry]:
    listing = repo.ask(["ls-files", "-z", "-s", "--cached", "--debug"], "read the index")
    end = 0
    for match in _DEBUG.finditer(listing):
        if match.start() != end:
            break
        end = match.end()
        mode, blob, path, *numbers, flags = match.groups()
        yield _Entry(
            path.decode("utf-8", "surrogateescape"),
            KINDS.get(mode.decode()),
            blob.decode(),
            tuple(map(int, numbers)),
            int(flags, 16),
        )
    if end == len(listing):
        return
    # Git promises no format for --debug. One that is not known leaves every file to be read.
    for record in records(repo.ask(["ls-files", "-z", "-t", "-s", "--cached"], "read the index")):
        about, _, path_text = record.partition("\t")
        flags_known = _SKIP_WORKTREE if about[0] == "S" else 0
        yield _Entry(path_text, KINDS.get(about[2:8]), about[9:-2], None, flags_known)


class _Freshness:
    """Tells whether files on the disk are what the index says, as Git does: by times first, then by bytes."""

    def __init__(self, repo: Repo, top: str) -> None:
        self._top = top
        self._reader = Reader(top)
        self._hash = repo.object_format
        named = repo.ask(["rev-parse", "--git-path", "index"], "find the index")
        try:
            self._written = Path(repo.place, os.fsdecode(named.removesuffix(b"\n"))).stat().st_mtime_ns
        except OSError:
            self._written = 0

    def same_times(self, entry: _Entry) -> bool:
        """Whether the file is untouched since the index was written, so that it need not be read.

        A file touched in the very moment the index was written, or later, may have changed unseen
        ("racy git" in Git's own technical documentation): it is not the same.
        """
        if entry.flags & _SKIP_WORKTREE:
            return True
        if entry.times is None:
            return False
        try:
            now = os.lstat(f"{self._top}/{entry.path}")
        except (OSError, ValueError):
            return False
        seconds, nanoseconds = divmod(now.st_mtime_ns, 10**9)
        changed_seconds, changed_nanoseconds = divmod(now.st_ctime_ns, 10**9)
        seen = (changed_seconds, changed_nanoseconds, seconds, nanoseconds, now.st_ino, now.st_size)
        return (
            now.st_mtime_ns < self._written
            and entry.times == tuple(number & 0xFFFFFFFF for number in seen)
            and stat.S_ISLNK(now.st_mode) == (entry.kind is Kind.SYMLINK)
        )

    def same_bytes(self, path: str, content: tuple[Kind, str]) -> bool:
        kind, blob = content
        if kind is Kind.SYMLINK:
            try:
                return self._is(os.fsencode(Path(self._top, path).readlink()), blob)
            except OSError:
                return False
        data = self._reader.read(path, _HASHED_AT_MOST)
        if not isinstance(data, bytes):
            return False
        return self._is(data, blob) or (b"\r\n" in data and self._is(data.replace(b"\r\n", b"\n"), blob))

    def _is(self, data: bytes, blob: str) -> bool:
        return (
            hashlib.new(self._hash, b"blob %d\0%b" % (len(data), data), usedforsecurity=False).hexdigest()
            == blob
        )


def renamed(repo: Repo, old: str, new: str | None) -> dict[str, str]:
    """Old path by new path, for files that were moved and mostly kept; ``new`` None: the index.

    In a partial clone only those moved unchanged are found: similarity needs contents that may be missing.
    """
    similarity = "-M100%" if repo.is_partial else "-M50%"
    between_two = ["diff-tree", *RAW, similarity, "-l2000", old, new] if new else None
    question = between_two or ["diff-index", *RAW, similarity, "-l2000", *CACHED, old]
    return dict(_renames(iter(records(repo.ask(question, "look for renames")))))


def _renames(found: Iterator[str]) -> Iterable[tuple[str, str]]:
    for about in found:
        path = next(found)
        if about.rpartition(" ")[2].startswith("R"):
            yield next(found), path
