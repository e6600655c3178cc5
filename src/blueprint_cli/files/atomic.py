"""Writing a file whole or not at all: nobody ever sees half a report, and no link redirects a write."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator

from blueprint_cli.errors import BpError
from blueprint_cli.signals import held

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_TO_A_STREAM = "Write `-` for standard output, and let the shell lead it there: `-f FORMAT=- > PLACE`, or `| COMMAND`."
_CONFLICT, _LONGEST_MARK = b"<<<<<<< ", 200
_SUFFIX = ".bp-tmp"
"""Ends the name of a hidden file; before it stand the name of the file to be and the number of the process."""


def write(
    root: str, path: str, data: bytes, *, over: bytes | None = None, shown: str | None = None, text: bool = False
) -> bool:
    """Put ``data`` at ``path`` below ``root``; whether anything changed.

    ``text``: a file that differs in its line ends alone stays as it is: Git translated them (core.autocrlf).
    ``over``: how an old file must begin to be replaced; one that begins otherwise is somebody's work.
    ``shown``: the file's name in messages. Default: its path.

    The bytes go to a hidden file in the same directory, are synced, and take the name and the permissions of the
    old file in one step. A run that is killed before that step leaves the hidden file; the next write of the same
    path removes it. Raises BpError for a link, a directory or anything else that is not a plain file at the name, and
    for a disk that is full or read-only.
    """
    folder, _, name = path.rpartition("/")
    with _explained(shown or path), _directory(root, folder) as parent:
        _sweep(parent, name)
        old = _plain_file(parent, name, shown or path)
        if old is not None and _same(parent, name, old, data, text):
            return False
        if old is not None and over is not None and not _begins(parent, name, over):
            raise BpError(f"{path} is not a gap report: it is not overwritten", "Name another file: report.path.")
        with held():  # an interrupt waits: the hidden file is renamed or removed first
            _replace(parent, name, data, old)
        return True


def check(root: str, path: str, shown: str) -> None:
    """Raises BpError where ``write`` is sure to fail, as far as that can be known beforehand."""
    folder, _, name = path.rpartition("/")
    with _explained(shown), _directory(root, folder) as parent:
        _plain_file(parent, name, shown)
        if os.fstatvfs(parent).f_flag & os.ST_RDONLY:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        if not os.access(".", os.W_OK | os.X_OK, dir_fd=parent):
            raise OSError(errno.EACCES, os.strerror(errno.EACCES))


@contextlib.contextmanager
def _explained(path: str) -> Iterator[None]:
    """Turns an error of the system into one that says what to do."""
    try:
        yield
    except OSError as problem:
        raise BpError(f"{path} cannot be written: {problem.strerror}", _hint(problem)) from None
    except ValueError:
        raise BpError(f"{path} cannot be written: no file can have this name") from None


def _hint(problem: OSError) -> str:
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full: free some space; the old file is untouched."
    if problem.errno == errno.EFBIG:
        return "Raise the limit on the size of files (ulimit -f); the old file is untouched."
    if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "Make its directory writable; to only print the gaps, scan with --no-write."
    return "The old file is untouched; scan with --no-write to only print."


@contextlib.contextmanager
def _directory(root: str, folder: str) -> Iterator[int]:
    """An open directory below the root, made where it does not exist; no component of it is a link."""
    handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in filter(None, folder.split("/")):
            if part in (".", ".."):
                raise BpError(f"{folder} is not a path below the root")
            if part.casefold() == ".git":
                raise BpError(f"{folder} belongs to Git: nothing is written there")
            try:
                following = os.open(part, _DIRECTORY, dir_fd=handle)
            except FileNotFoundError:  # a report may be wanted in a directory of its own
                os.mkdir(part, dir_fd=handle)
                following = os.open(part, _DIRECTORY, dir_fd=handle)
            except OSError as problem:
                if problem.errno in (errno.ELOOP, errno.ENOTDIR):
                    message = f"{folder}: `{part}` is a link or not a directory: nothing is written there"
                    raise BpError(message) from None
                raise
            os.close(handle)
            handle = following
        yield handle
    finally:
        os.close(handle)


def _plain_file(parent: int, name: str, path: str) -> os.stat_result | None:
    """The file that has the name, if there is one. Raises BpError where the name is taken by anything else."""
    try:
        status = os.stat(name, dir_fd=parent, follow_symlinks=False)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode):
        what = "a link" if stat.S_ISLNK(status.st_mode) else "not a plain file"
        hint = "Remove it, or name another file." if _is_own(parent, name, path) else _TO_A_STREAM
        raise BpError(f"{path} is {what}: nothing is written through it", hint)
    return status


def _is_own(parent: int, name: str, path: str) -> bool:
    """Whether what is at a name leads to a file, or nowhere: devices and pipes belong to the system."""
    if path.startswith(("/dev/", "/proc/")):
        return False
    try:
        mode = os.stat(name, dir_fd=parent).st_mode
    except OSError:
        return True
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)


def _begins(parent: int, name: str, over: bytes) -> bool:
    """Whether a file begins so, a line aside with which Git marks a conflict."""
    beginning = _read(parent, name, len(over) + _LONGEST_MARK)
    if beginning.startswith(_CONFLICT):
        beginning = beginning.partition(b"\n")[2]
    return beginning.startswith(over)


def same_text(old: bytes, new: bytes) -> bool:
    """Whether a text is a ``new`` one, which has no line ends but LF, line ends aside."""
    return old.replace(b"\r\n", b"\n") == new


def _same(parent: int, name: str, old: os.stat_result, data: bytes, text: bool) -> bool:
    """Whether the file holds these bytes already; one that may not be read is written anew."""
    longest = len(data) + (data.count(b"\n") if text else 0)
    if not len(data) <= old.st_size <= longest:
        return False
    try:
        held = _read(parent, name, longest + 1)
    except OSError:
        return False
    return same_text(held, data) if text else held == data


def _read(parent: int, name: str, size: int) -> bytes:
    handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=parent)
    with os.fdopen(handle, "rb") as file:
        return file.read(size)


def _replace(parent: int, name: str, data: bytes, old: os.stat_result | None) -> None:
    temporary = f".{name}.{os.getpid()}{_SUFFIX}"
    handle = os.open(temporary, _NEW_FILE, 0o666, dir_fd=parent)
    try:
        with os.fdopen(handle, "wb") as file:
            if old is not None:
                os.fchmod(handle, stat.S_IMODE(old.st_mode) & 0o777)
            file.write(data)
            file.flush()
            os.fsync(handle)
        os.rename(temporary, name, src_dir_fd=parent, dst_dir_fd=parent)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary, dir_fd=parent)
        raise
    os.fsync(parent)


def _sweep(parent: int, name: str) -> None:
    """Remove the hidden files of this name that killed runs left: those whose process has ended.

    One that bears our own number is left over too: in a container every run may have the same. Where somebody put a
    link of such a name, the link is removed, never what it leads to.
    """
    prefix = f".{name}."
    for entry in os.listdir(parent):
        number = entry.removeprefix(prefix).removesuffix(_SUFFIX)
        if entry != f"{prefix}{number}{_SUFFIX}" or not (number.isascii() and number.isdigit()):
            continue
        if not _alive(int(number)):
            with contextlib.suppress(OSError):
                os.unlink(entry, dir_fd=parent)


def _alive(number: int) -> bool:
    """Whether another process may have this number."""
    try:
        os.kill(number, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return number != os.getpid()
