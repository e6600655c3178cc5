"""What differs between two trees, by object ids and file times. Contents are read only where these leave a doubt, and
here: Git would start filters to compare a work tree (D-09)."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from blueprint_cli.files.disk import Reader, kind_of
from blueprint_cli.files.tree import Kind
from blueprint_cli.gitrepo.listing import CACHED, KINDS, RAW, records, scope
from blueprint_cli.gitrepo.objects import blob_id, is_blob
from blueprint_cli.gitrepo.repo import Repo

_HASHED_AT_MOST = 64 * 1024 * 1024
"""Bytes; a larger file whose times changed counts as changed without a look into it."""


@dataclass(frozen=True, slots=True)
class Delta:
    """One path that differs: the kind and blob on each side, None where a side has no file there."""

    old: tuple[Kind, str] | None
    new: tuple[Kind, str] | None


def between(repo: Repo, old: str, new: str) -> dict[str, Delta]:
    return _deltas(repo.ask(["diff-tree", *RAW, old, new], "compare two commits"))


def staged(repo: Repo, old: str, within: Iterable[str] = ()) -> dict[str, Delta]:
    """What differs between a commit or tree (id) and the index, everywhere or within a scope."""
    return _deltas(repo.ask(["diff-index", *RAW, *CACHED, old, "--", *within], "compare the index with a commit"))


def committed_blobs(repo: Repo, commit: str, paths: Iterable[str], index: Mapping[str, str]) -> dict[str, str]:
    """The blobs that files have in a commit. ``index``: by path those of the index, from which few differ: Git lists
    the differences much faster than the commit (D-64)."""
    wanted = list(paths)
    # Unlike elsewhere, what was added with intent only counts as staged: the index has an id for it that no commit has.
    deltas = _deltas(repo.ask(["diff-index", *RAW, "--cached", commit, "--", *scope(wanted)], "compare the index"))
    known: dict[str, str] = {}
    for path in wanted:
        delta = deltas.get(path)
        blob = index.get(path) if delta is None else delta.old and delta.old[1]
        if blob is not None:
            known[path] = blob
    return known


def _deltas(listing: bytes) -> dict[str, Delta]:
    fields = records(listing)
    deltas: dict[str, Delta] = {}
    for about, path in zip(fields[::2], fields[1::2], strict=True):
        old_mode, mode, old_blob, blob, _ = about[1:].split(" ")
        old, new = KINDS.get(old_mode), KINDS.get(mode)
        delta = Delta((old, old_blob) if old else None, (new, blob) if new else None)
        if delta.old != delta.new:  # equal: only the executable bit, or only a submodule moved
            deltas[path] = delta
    return deltas


def unstaged(
    repo: Repo, top: str, on_disk: Collection[str], old: Mapping[str, Delta], within: Iterable[str] = ()
) -> Iterator[str]:
    """The paths at which the work tree differs from the old side of ``old``, a comparison with the index
    (empty: from the index itself), everywhere or within a scope.

    Files that differ from their blob only in CRLF line ends count as equal: Git converts them, or YAML does.
    """
    index = _index(repo, within)
    fresh = _Freshness(repo, top)
    for path in sorted({*old, *index, *on_disk}):
        entry, delta = index.get(path), old.get(path)
        if path not in on_disk:
            if delta.old if delta else entry and entry.content:
                yield path
        elif entry and fresh.same_times(path, entry):
            if delta:
                yield path
        else:
            before = delta.old if delta else entry.content if entry else None
            if before is None or not fresh.same_bytes(path, before):
                yield path


class _Entry(NamedTuple):
    """One file of the index, with what Git noted of it when it last knew it to be equal (times in
    nanoseconds; ``size`` -1: not known)."""

    kind: Kind
    blob: str
    flags: int
    changed: int = 0
    modified: int = 0
    inode: int = 0
    size: int = -1

    @property
    def content(self) -> tuple[Kind, str] | None:
        """Its kind and blob; None for what was added with intent only."""
        return None if self.flags & _INTENT_TO_ADD else (self.kind, self.blob)


_INTENT_TO_ADD = 1 << 29
_SKIP_WORKTREE = 1 << 30  # read-cache.h; both are stored on the disk, so they stay what they are
_32_BITS = 0xFFFFFFFF

_DEBUG = (
    r"(\d{6}) ([0-9a-f]+) \d\t([^\0]*)\0"
    r"  ctime: (\d+):(\d+)\n  mtime: (\d+):(\d+)\n  dev: \d+\tino: (\d+)\n"
    r"  uid: \d+\tgid: \d+\n  size: (\d+)\tflags: ([0-9a-f]+)\n"
)


def _index(repo: Repo, within: Iterable[str]) -> dict[str, _Entry]:
    """The index by path, without submodules."""
    listing = repo.ask(["ls-files", "-z", "-s", "--cached", "--debug", "--", *within], "read the index")
    text = listing.decode("utf-8", "surrogateescape")
    index: dict[str, _Entry] = {}
    end = 0
    for match in re.finditer(_DEBUG, text):
        if match.start() != end:
            break
        end = match.end()
        mode, blob, path, c, c_nano, m, m_nano, inode, size, flags = match.groups()
        if mode in KINDS:
            changed, modified = int(c) * 10**9 + int(c_nano), int(m) * 10**9 + int(m_nano)
            index[path] = _Entry(KINDS[mode], blob, int(flags, 16), changed, modified, int(inode), int(size))
    if end == len(text):
        return index
    # Git promises no format for --debug. With one that is not known, every file is read.
    index = {}
    for record in records(repo.ask(["ls-files", "-z", "-t", "-s", "--cached", "--", *within], "read the index")):
        about, _, path = record.partition("\t")
        if about[2:8] in KINDS:
            index[path] = _Entry(KINDS[about[2:8]], about[9:-2], _SKIP_WORKTREE if about[0] == "S" else 0)
    return index


class _Freshness:
    """Whether files on the disk are what the index says, decided as Git does: by times first, then by bytes."""

    def __init__(self, repo: Repo, top: str) -> None:
        self._top = top
        self._reader = Reader(top)
        self._format = repo.object_format
        self._folders: dict[str, bool] = {"": True}
        named = repo.ask(["rev-parse", "--git-path", "index"], "find the index")
        try:
            self._written = Path(repo.place, os.fsdecode(named.removesuffix(b"\n"))).stat().st_mtime_ns
        except OSError:
            self._written = 0

    def same_times(self, path: str, entry: _Entry) -> bool:
        """Whether the file is untouched since the index was written, so that it need not be read.

        A file touched in the very moment the index was written, or later, may have changed unseen
        ("racy git" in Git's own technical documentation): it is not the same.
        """
        if entry.flags & _SKIP_WORKTREE:
            return True
        try:
            now = os.lstat(f"{self._top}/{path}")
        except (OSError, ValueError):
            return False
        return (
            now.st_mtime_ns == entry.modified
            and now.st_mtime_ns < self._written
            and now.st_ctime_ns == entry.changed
            and now.st_size & _32_BITS == entry.size
            and now.st_ino & _32_BITS == entry.inode
            and stat.S_ISLNK(now.st_mode) == (entry.kind is Kind.SYMLINK)
            and self._is_real(path.rpartition("/")[0])
        )

    def _is_real(self, folder: str) -> bool:
        """Whether no part of a directory's path is a link: through one, the very same file may be reached."""
        known = self._folders.get(folder)
        if known is None:
            above = folder.rpartition("/")[0]
            known = self._is_real(above) and kind_of(f"{self._top}/{folder}") is not Kind.SYMLINK
            self._folders[folder] = known
        return known

    def same_bytes(self, path: str, content: tuple[Kind, str]) -> bool:
        kind, blob = content
        if kind is Kind.SYMLINK:
            try:
                return blob_id(os.fsencode(Path(self._top, path).readlink()), self._format) == blob
            except OSError:
                return False
        data = self._reader.read(path, _HASHED_AT_MOST)
        return isinstance(data, bytes) and is_blob(data, blob, self._format)
