"""Files on a disk that somebody else may be writing to: nothing here follows a link or waits for a pipe."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePath

from blueprint_cli.errors import BpError
from blueprint_cli.files.tree import FOLDER, GONE, SYMLINK, Change, Kind, Unreadable, through_link, too_large

_FILE_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_DIRECTORY_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC
_ELSEWHERE = ("", ".", "..")


class Reader:
    """Reads files below one root. Directories are opened one component at a time, without following links,
    and the last chain of them stays open: neighbours cost one open, one fstat and one read each."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._chain: list[tuple[str, int]] = []
        self._parent: str | None = None

    def read(self, path: str, max_bytes: int) -> bytes | Unreadable:
        """The bytes of ``path``, or why there are none."""
        parent, _, name = path.rpartition("/")
        try:
            folder = self._chain[-1][1] if parent == self._parent else self._enter(parent)
            if name in _ELSEWHERE:
                return Unreadable("unsafe-path", "is not the path of a file below the root")
            handle = os.open(name, _FILE_FLAGS, dir_fd=folder)
        except (OSError, ValueError) as error:
            return self._refusal(path, error)
        try:
            return _drain(handle, max_bytes)
        except OSError as error:
            return self._refusal(path, error)
        finally:
            os.close(handle)

    def close(self) -> None:
        self._leave(0)

    def __del__(self) -> None:
        self.close()

    def _enter(self, parent: str) -> int:
        """An open directory for ``parent``, sharing what the last one had in common with it."""
        parts = parent.split("/") if parent else []
        if not self._chain:
            # The root is the user's own choice and may be reached through a link; nothing below it may.
            self._chain.append(("", os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)))
        shared = 0
        while shared < min(len(parts), len(self._chain) - 1) and parts[shared] == self._chain[shared + 1][0]:
            shared += 1
        self._leave(shared + 1)
        for part in parts[shared:]:
            if part in _ELSEWHERE:
                raise OSError(errno.EINVAL, "not a path below the root")
            self._chain.append((part, os.open(part, _DIRECTORY_FLAGS, dir_fd=self._chain[-1][1])))
        self._parent = parent
        return self._chain[-1][1]

    def _leave(self, depth: int) -> None:
        self._parent = None
        while len(self._chain) > depth:
            os.close(self._chain.pop()[1])

    def _refusal(self, path: str, error: OSError | ValueError) -> Unreadable:
        """Why a file cannot be read: the first component of its path that is not what it should be."""
        number = error.errno if isinstance(error, OSError) else errno.EINVAL
        if number in (errno.ELOOP, errno.EMLINK, errno.ENOTDIR, errno.ENXIO):
            parts = path.split("/")
            for depth in range(1, len(parts) + 1):
                part = "/".join(parts[:depth])
                kind = kind_of(f"{self.root}/{part}")
                if kind is Kind.SYMLINK:
                    return SYMLINK if part == path else through_link(part)
                if kind is Kind.SPECIAL:
                    return _SPECIAL
        if number in (errno.ENOENT, errno.ENOTDIR):
            return GONE
        return Unreadable("unsafe-path", f"cannot be read: {os.strerror(number or errno.EIO)}")


_SPECIAL = Unreadable("unsafe-path", "is a pipe, socket or device, not a file")


def _drain(handle: int, max_bytes: int) -> bytes | Unreadable:
    """All bytes of an open file, never more than the limit in memory even if it grows meanwhile."""
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        return FOLDER if stat.S_ISDIR(status.st_mode) else _SPECIAL
    size = status.st_size
    if size > max_bytes:
        return too_large(size, max_bytes)
    data = os.read(handle, size + 1)
    if len(data) == size:
        return data
    parts = [data]
    total = len(data)
    while parts[-1] and total <= max_bytes:
        parts.append(os.read(handle, max_bytes + 1 - total))
        total += len(parts[-1])
    return too_large(total, max_bytes) if total > max_bytes else b"".join(parts)


def kind_of(path: str) -> Kind | None:
    """What is at an absolute path, links not followed; None for nothing and for directories."""
    try:
        mode = os.lstat(path).st_mode
    except (OSError, ValueError):
        return None
    if stat.S_ISREG(mode):
        return Kind.FILE
    if stat.S_ISLNK(mode):
        return Kind.SYMLINK
    return None if stat.S_ISDIR(mode) else Kind.SPECIAL


def names_of(root: str) -> tuple[str, str]:
    """Names of the directory's parent and of the directory itself."""
    path = PurePath(root)
    return path.parent.name, path.name


class Directory:
    """A directory outside Git: every file below it, save what belongs to a repository of its own."""

    def __init__(self, root: str) -> None:
        self.root = os.path.realpath(root)
        self._reader = Reader(self.root)
        self._entries: dict[str, Kind] | None = None
        self._boundaries: list[str] = []

    unmerged: frozenset[str] = frozenset()

    @property
    def root_names(self) -> tuple[str, str]:
        return names_of(self.root)

    @property
    def boundaries(self) -> Sequence[str]:
        self.entries()
        return sorted(self._boundaries)

    def entries(self) -> Mapping[str, Kind]:
        """Every path below the root, sorted. A directory that holds a ``.git`` is a boundary, as in Git."""
        if self._entries is None:
            self._entries = dict(sorted(_walk(self.root, self._boundaries)))
        return self._entries

    def read(self, paths: Iterable[str], max_bytes: int) -> Iterator[tuple[str, bytes | Unreadable]]:
        for path in paths:
            yield path, self._reader.read(path, max_bytes)

    def last_changes(self, paths: Iterable[str]) -> Mapping[str, Change]:
        """Unknown for all: file times say when something was copied, not when it was changed."""
        unknown = Change(None, "not in a Git repository")
        return dict.fromkeys(paths, unknown)

    def close(self) -> None:
        self._reader.close()


def _walk(root: str, boundaries: list[str]) -> Iterator[tuple[str, Kind]]:
    pending = [""]
    while pending:
        prefix = pending.pop()
        try:
            with os.scandir(f"{root}/{prefix}") as listing:
                items = list(listing)
        except OSError as error:
            if prefix:
                continue  # a directory that may not be listed has no entries; its assets are reported missing
            raise BpError(f"cannot list {root}: {error.strerror}") from error
        if prefix and any(item.name == ".git" for item in items):
            boundaries.append(prefix[:-1])
            continue
        for item in items:
            path = prefix + item.name
            if item.is_dir(follow_symlinks=False):
                if item.name != ".git":
                    pending.append(path + "/")
            elif item.is_file(follow_symlinks=False):
                yield path, Kind.FILE
            else:
                yield path, Kind.SYMLINK if item.is_symlink() else Kind.SPECIAL
