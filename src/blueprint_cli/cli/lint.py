"""The options of `bp lint`: YAML and schemas only, of the files that are named, fast enough for a hook."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from blueprint_cli.cli import flags

Files = Annotated[
    Optional[list[str]],
    flags.argument(metavar="FILE", help="Files or directories; - for standard input. Default: all engagements."),
]
StdinFilename = Annotated[
    Optional[str], flags.what(metavar="PATH", help="The file whose text standard input (-) is, saved or not.")
]


def lint(
    files: Files = None,
    stdin_filename: StdinFilename = None,
    staged: flags.Staged = False,
    fail_on: flags.FailOn = None,
    format: flags.Format = None,
    output: flags.OutputFile = None,
    redact: flags.Redact = False,
    config: flags.Config = None,
    timeout: flags.Timeout = None,
) -> None:
    """Check that files are valid YAML and conform to their schemas. No dates, no deadlines, no gates.

    Exit codes: 0 no gap at or above --fail-on, 1 gaps, 2 the job could not be done.
    """
    from blueprint_cli.cli.lint_files import lint_files

    raise typer.Exit(lint_files(files or [], stdin_filename, staged, fail_on, format, output, redact, config, timeout))
