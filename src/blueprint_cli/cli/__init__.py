"""The command line: the only place that prints, and the only one that turns exceptions into exit codes."""

from __future__ import annotations

import errno
import gc
import os
import sys
from typing import NoReturn

from blueprint_cli import __version__
from blueprint_cli.cli import streams
from blueprint_cli.errors import BpError

_LINE = 1000
"""The most characters of a line on standard error: what it quotes may have any length."""
GAPS, UNABLE, BUG, INTERRUPTED = 1, 2, 3, 130
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS}
_NO_RESOURCES = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN, errno.EBADF}
"""The errors of a system that is out of space, memory or file handles, or whose disk fails."""

_SELDOM = (50_000, 20, 20)
"""The thresholds of the collector of cyclic garbage, much higher than Python's own (D-38)."""


def main() -> NoReturn:
    """Run the command line and exit: 0 clean, 1 gaps, 2 the job cannot be done, 3 a bug, 130 interrupted.

    A run that another signal ends (128 + its number) cleans up as an interrupted one does.
    """
    gc.set_threshold(*_SELDOM)
    streams.ensure()
    sys.exit(_run())


def _run() -> int:
    from blueprint_cli import signals

    try:
        with signals.heeded():
            return _command()
    except signals.Stop as stop:
        return stop.exit_code
    except BrokenPipeError:
        streams.abandon(sys.stdout)
        return GAPS
    except KeyboardInterrupt:
        return INTERRUPTED
    except BpError as problem:
        return _say(str(problem))
    except Exception as problem:
        return _surprise(problem)


def _command() -> int:
    if sys.argv[1:] == ["--version"]:  # a hook's probe should not wait for the command line to be built
        streams.put(f"bp {__version__}\n")
        return 0
    if os.open not in os.supports_dir_fd:
        raise BpError("this system cannot open files without following links", "Use Linux, macOS or WSL.")
    os.getcwd()  # noqa: PTH109 - only whether there is one
    if sys.argv[1:2] == ["lint"] and (files := _names(sys.argv[2:])):
        from blueprint_cli.cli.lint_files import lint_files

        return lint_files(files)
    from blueprint_cli.cli.app import build

    _forget_no_width()
    completing = any(name.startswith("_BP_COMPLETE") for name in os.environ)
    outcome = build(sys.argv[1:], everything=completing)(standalone_mode=False, prog_name="bp")
    sys.stdout.flush()
    return outcome if isinstance(outcome, int) else 0


def _forget_no_width() -> None:
    """A width of 0, or none at all, means that it is not known; the help would be laid out in no columns."""
    for name in ("COLUMNS", "TERMINAL_WIDTH"):
        width = os.environ.get(name, "1")
        if not (width.isascii() and width.isdigit() and int(width[:9]) > 0):
            del os.environ[name]


def _names(arguments: list[str]) -> list[str]:
    """The files that a hook names, where it names nothing else; such a command need not be parsed, which takes as long
    as to check a file."""
    if arguments[:1] == ["--"]:
        return arguments[1:]
    return [] if any(argument.startswith("-") for argument in arguments) else arguments


def _say(message: str) -> int:
    from blueprint_cli.render.neutral import visible
    from blueprint_cli.text import clip

    for line in (clip(line, _LINE) for line in streams.discreetly(message).splitlines()):
        streams.complain(("" if line.startswith("  ") else "bp: ") + visible(line) + "\n")
    return UNABLE


def _surprise(problem: Exception) -> int:
    """Usage errors and a lack of resources are exit code 2; everything else is a bug."""
    code = getattr(problem, "exit_code", None)
    if isinstance(code, int):
        # Exit, Abort and usage errors of typer, which has its own copy of click in some releases.
        show = getattr(problem, "show", None)
        if callable(show):
            try:
                show()
            except OSError:  # nobody reads it
                streams.abandon(sys.stderr)
            return UNABLE
        return code
    if type(problem).__name__ == "Abort":
        return INTERRUPTED
    refused = _refused(problem)
    return _bug(problem) if refused is None else _say(str(refused))


def _refused(problem: Exception) -> BpError | None:
    """What the system lacks, and what to do about it; None where the program itself is to blame."""
    if isinstance(problem, MemoryError):
        return BpError("there is not enough memory", "Scan fewer engagements at a time, or use one process: --jobs 1.")
    if not isinstance(problem, OSError):
        return None
    if problem.errno in _NO_ROOM | _NO_RESOURCES:
        where = f" ({problem.filename})" if isinstance(problem.filename, str) else ""
        streams.abandon(sys.stdout)  # it may be what could not be written to
        return BpError(f"the system reports: {problem.strerror}{where}", "Free that resource, then run bp again.")
    try:
        os.getcwd()  # noqa: PTH109
    except OSError:
        return BpError("the current directory no longer exists", "Change to one that does.")
    return None


def _bug(problem: Exception) -> int:
    """Report a bug in one line that names its log."""
    import tempfile
    import traceback

    where = "the traceback above"
    log_text = f"bp {__version__}, Python {sys.version.split()[0]}, arguments {sys.argv[1:]!r}\n"
    log_text += "".join(traceback.format_exception(problem))
    try:
        with tempfile.NamedTemporaryFile("w", prefix="bp-", suffix=".log", delete=False, encoding="utf-8") as log:
            log.write(log_text)
        where = log.name
    except OSError:  # no place for a log
        streams.complain(log_text)
    streams.complain(f"bp: internal error: {type(problem).__name__}; please report it with {where}\n")
    return BUG
