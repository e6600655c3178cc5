"""The command line: the only place that prints, and the one place that turns surprises into exit codes."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

from blueprint_cli import __version__
from blueprint_cli.errors import BpError

_LINE = 1000
"""Characters of a line of complaint: what it quotes may have any length."""
GAPS, UNABLE, BUG, INTERRUPTED = 1, 2, 3, 130


def main() -> NoReturn:
    """Run the command line and exit: 0 clean, 1 gaps, 2 the job cannot be done, 3 a bug, 130 interrupted."""
    if sys.argv[1:] == ["--version"]:  # a hook's probe should not wait for the command line to be built
        print(f"bp {__version__}")  # noqa: T201
        sys.exit(0)
    sys.exit(_run())


def _run() -> int:
    try:
        if sys.argv[1:2] == ["lint"] and _plainly_fine(sys.argv[2:]):
            return 0
        from blueprint_cli.cli.app import build

        completing = any(name.startswith("_BP_COMPLETE") for name in os.environ)
        outcome = build(sys.argv[1:], everything=completing)(standalone_mode=False, prog_name="bp")
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has seen enough. Python would complain about it once more while exiting.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return GAPS
    except KeyboardInterrupt:
        return INTERRUPTED
    except BpError as problem:
        return _say(str(problem))
    except Exception as problem:
        return _surprise(problem)
    return outcome if isinstance(outcome, int) else 0


def _plainly_fine(arguments: list[str]) -> bool:
    """Whether the fast half of `bp lint` accepts the files: half its time would go into building the command line."""
    from blueprint_cli import quick

    answer = quick.answer(arguments)
    if answer is not None:
        sys.stdout.write(answer)
        sys.stdout.flush()
    return answer is not None


def _say(message: str) -> int:
    from blueprint_cli.render.neutral import clip, visible

    for line in (clip(line, _LINE) for line in message.splitlines()):
        print(f"bp: {visible(line)}" if not line.startswith("  ") else visible(line), file=sys.stderr)  # noqa: T201
    return UNABLE


def _surprise(problem: Exception) -> int:
    """Usage errors of the command line are exit 2; everything else is a bug, told with where its log is."""
    code = getattr(problem, "exit_code", None)
    if isinstance(code, int):
        # Exit, Abort and usage errors of typer, which has its own copy of click in some releases.
        show = getattr(problem, "show", None)
        if callable(show):
            show()
            return UNABLE
        return code
    if type(problem).__name__ == "Abort":
        return INTERRUPTED
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="bp-", suffix=".log", delete=False, encoding="utf-8") as log:
        log.write(f"bp {__version__}, Python {sys.version.split()[0]}, arguments {sys.argv[1:]!r}\n")
        log.write("".join(traceback.format_exception(problem)))
    print(f"bp: internal error: {type(problem).__name__}; please report it with {log.name}", file=sys.stderr)  # noqa: T201
    return BUG
