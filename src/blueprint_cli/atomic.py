"""Writing a file whole or not at all: nobody ever sees half a report, and no link leads a write elsewhere."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator

from blueprint_cli.errors import BpError

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_SUFFIX = ".bp-tmp"


def write(root: str, path: str, data: bytes) -> bool:
    """Put ``data`` at ``path`` below ``root``; whether anything changed.

    The bytes go to a nameless file in the same directory (a named one where the file system has no such
    thing), are synced, and take the name in one step. Raises BpError for a link, a directory or anything
    else that is no plain file at the name, and for a disk that is full or read-only.
    """
    folder, _, name = path.rpartition("/")
    try:
        with _directory(root, folder) as parent:
            if _unchanged(parent, name, data):
                return False
            _sweep(parent, name)
            _replace(parent, name, data)
    except OSError as problem:
        raise BpError(f"{path} cannot be written: {problem.strerror}", _cure(problem)) from None
    return True


def _cure(problem: OSError) -> str:
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full: free some space; the old file is untouched."
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "Make the directory writable, or scan with --no-write."
    return "The old file is untouched; scan with --no-write to only print."


@contextlib.contextmanager
def _directory(root: str, folder: str) -> Iterator[int]:
    """An open directory below the root, made where it is not there, no component of it a link."""
    handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in filter(None, folder.split("/")):
            if part in (".", ".."):
                raise BpError(f"{folder} is not a path below the root")
            try:
                following = os.open(part, _FOLDER, dir_fd=handle)
            except FileNotFoundError:  # a report may be wanted in a directory of its own
                os.mkdir(part, dir_fd=handle)
                following = os.open(part, _FOLDER, dir_fd=handle)
            except OSError as problem:
                if problem.errno in (errno.ELOOP, errno.ENOTDIR):
                    raise BpError(f"{folder}: `{part}` is a link or no directory: nothing is written there") from None
                raise
            os.close(handle)
            handle = following
        yield handle
    finally:
        os.close(handle)


def _unchanged(parent: int, name: str, data: bytes) -> bool:
    """Whether the file says this already. Raises BpError where the name is taken by no plain file."""
    try:
        status = os.stat(name, dir_fd=parent, follow_symlinks=False)
    except FileNotFoundError:
        return False
    if not stat.S_ISREG(status.st_mode):
        what = "a link" if stat.S_ISLNK(status.st_mode) else "no plain file"
        raise BpError(f"{name} is {what}: nothing is written through it", "Remove it and scan again.")
    if status.st_size != len(data):
        return False
    handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=parent)
    with os.fdopen(handle, "rb") as old:
        return old.read() == data


def _replace(parent: int, name: str, data: bytes) -> None:
    temporary = f".{name}.{os.getpid()}{_SUFFIX}"
    handle = _nameless(parent)
    named = handle is None
    if handle is None:
        handle = os.open(temporary, _NEW, 0o666, dir_fd=parent)
    try:
        try:
            _write_all(handle, data)
            if not named:
                os.link(f"/proc/self/fd/{handle}", temporary, dst_dir_fd=parent, follow_symlinks=True)
                named = True
        finally:
            os.close(handle)
        os.rename(temporary, name, src_dir_fd=parent, dst_dir_fd=parent)
    except BaseException:
        if named:
            with contextlib.suppress(OSError):
                os.unlink(temporary, dir_fd=parent)
        raise
    os.fsync(parent)


def _nameless(parent: int) -> int | None:
    """A file without a name: a run that is killed while writing leaves nothing behind."""
    if not hasattr(os, "O_TMPFILE"):
        return None
    try:
        return os.open(".", os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, 0o666, dir_fd=parent)
    except OSError as problem:
        if problem.errno in (errno.EISDIR, errno.EOPNOTSUPP, errno.ENOENT, errno.EINVAL):
            return None
        raise


def _write_all(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]
    os.fsync(handle)


def _sweep(parent: int, name: str) -> None:
    """Remove what a killed run left: temporary files of this name whose process is gone."""
    prefix = f".{name}."
    for entry in os.listdir(parent):
        if entry.startswith(prefix) and entry.endswith(_SUFFIX):
            pid = entry[len(prefix) : -len(_SUFFIX)]
            if pid.isdigit() and int(pid) != os.getpid() and not _alive(int(pid)):
                with contextlib.suppress(OSError):
                    os.unlink(entry, dir_fd=parent)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
