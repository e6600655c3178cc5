"""How git is started: by the executable, by plumbing commands, and so that no repository can run a program.

Measured with git 2.39 on hostile configurations: `core.fsmonitor` ran on a mere `ls-files`,
`log.showSignature` made `log` start gpg, `filter.*.clean` ran whenever Git compared the work tree,
`diff.external` on `diff`.
So every call carries the switches below, and no call ever makes Git look into a file of the work tree.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from blueprint_cli.errors import BpError

_CONFIG = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.quotePath=false",
    "core.sshCommand=false",
    "core.askPass=",
    "core.warnAmbiguousRefs=true",
    "credential.helper=",
    "diff.renames=false",
    "gc.auto=0",
    "log.showSignature=false",
    "maintenance.auto=false",
    "protocol.allow=never",
    "submodule.recurse=false",
)
_SWITCHES = ("--no-pager", "--literal-pathspecs", "--no-optional-locks")
_OPTIONS = (*_SWITCHES, *(word for setting in _CONFIG for word in ("-c", setting)))

_ALLOWED = (
    "GIT_EXEC_PATH",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_SYSTEM",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_COUNT",
    "GIT_CEILING_DIRECTORIES",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
)
"""Variables about the user's machine, not about a repository."""

_ALLOWED_PAIRS = ("GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_")

_FORCED = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_GRAFT_FILE": os.devnull,  # history as it was committed: no stand-ins that one clone has and another lacks
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_FLUSH": "0",  # buffer fully: a flush after each commit made the history walk half as fast again
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS": "",
    "LC_ALL": "C",
}


MINIMUM = "Install Git 2.31 or newer."
"""The first with `rev-parse --path-format=absolute`; nothing newer is needed."""


def environment(honoured: Mapping[str, str]) -> dict[str, str]:
    """The process environment without what a hook or a shell may have left there for another repository."""
    allowed = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name in _ALLOWED or name.startswith(_ALLOWED_PAIRS)
    }
    return {**allowed, **_FORCED, **honoured}


def start(
    arguments: Sequence[str | bytes],
    cwd: str,
    honoured: Mapping[str, str],
    stdin: int | IO[Any] = subprocess.DEVNULL,
    stderr: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start one git; its output is a pipe. Raises ``BpError`` when there is no git."""
    try:
        return subprocess.Popen(
            ["git", *_OPTIONS, *arguments],
            cwd=cwd,
            env=environment(honoured),
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=stderr,
            bufsize=1 << 16,
            pipesize=1 << 18,  # faster than with the 64 KiB that a pipe has by default (D-67)
        )
    except FileNotFoundError as error:
        if not Path(cwd).is_dir():
            raise BpError(f"{cwd} is not a directory") from error
        raise BpError("git was not found on the PATH", MINIMUM) from error
    except (OSError, ValueError) as error:
        raise BpError(f"git could not be started: {error}") from error


def run(
    arguments: Sequence[str | bytes], cwd: str, honoured: Mapping[str, str], stdin: bytes | None = None
) -> tuple[int, bytes, str]:
    """Run one git to its end: exit code, output, and error message."""
    with begun(arguments, cwd, honoured, stdin) as finish:
        return finish()


@contextmanager
def begun(
    arguments: Sequence[str | bytes], cwd: str, honoured: Mapping[str, str], stdin: bytes | None = None
) -> Iterator[Callable[[], tuple[int, bytes, str]]]:
    """Start one git that runs in parallel; what is yielded waits for its end, and answers as ``run`` does."""
    source = subprocess.DEVNULL if stdin is None else subprocess.PIPE

    def finish() -> tuple[int, bytes, str]:
        output, complaint = process.communicate(stdin)
        return process.returncode, output, complaint.decode("utf-8", "backslashreplace").strip()

    with start(arguments, cwd, honoured, source, subprocess.PIPE) as process:
        try:
            yield finish
        except BaseException:
            process.kill()  # without a reader for its answer, it need not look for one
            raise


_MEANINGS = (
    (
        r"dubious ownership in repository at '(?P<path>[^'\n]*)'",
        "the repository belongs to another user",
        "If you trust it: git config --global --add safe.directory '{path}'",
    ),
    (
        r"promisor remote|lazy fetch|transport '[^']*' not allowed",
        "objects are missing because this is a partial clone",
        "Fetch them first: git fetch --refetch --no-filter, or clone without --filter.",
    ),
    (
        r"index file (corrupt|smaller)|bad (index file|signature)|index uses",
        "the index cannot be read",
        "Rebuild it: remove the index file and run git reset.",
    ),
    (
        r"unable to read|bad object|could not read|corrupt|inflate|packfile|missing (blob|tree)|not a tree object",
        "an object is missing or damaged",
        "Check the repository: git fsck. In a partial clone, fetch what is missing first.",
    ),
    (
        r"unknown repository extension|[Ee]xpected git repo version|unknown option|usage: git",
        "this git is too old for the job",
        "Install Git 2.31 or newer (newer still if the repository uses newer formats).",
    ),
)


def failure(doing: str, complaint: str) -> BpError:
    """What git's complaint means for the reader, and what to do about it."""
    reason = next((line for line in complaint.splitlines() if line.startswith(("fatal:", "error:"))), complaint)
    for pattern, meaning, hint in _MEANINGS:
        match = re.search(pattern, complaint)
        if match:
            return BpError(f"git could not {doing}: {meaning} ({reason})", hint.format(**match.groupdict()))
    return BpError(f"git could not {doing}: {reason or 'it stopped without a message'}")
