"""`bp lint`: YAML and schemas only, of the files that are named, fast enough for a hook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from blueprint_cli import quick
from blueprint_cli.cli import flags, outputs
from blueprint_cli.cli.streams import put

if TYPE_CHECKING:
    from blueprint_cli.lint import Linted
    from blueprint_cli.render import RenderOptions

# typer reads annotations at run time: Optional is what it understands on every Python.
Files = Annotated[
    Optional[list[str]],
    typer.Argument(metavar="FILE", help="Files or directories. Default: all engagements.", show_default=False),
]


def lint(
    files: Files = None,
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
    from blueprint_cli.cli.run import deadline
    from blueprint_cli.lint import lint as check
    from blueprint_cli.workspace import Workspace

    with deadline(timeout, "not all files were checked"):
        workspace = Workspace.find(files or [])
        snapshot = workspace.open(workspace.tree(staged=staged), {"fail_on": fail_on}, file=config)
        targets = outputs.outputs(format or [], snapshot.config.format, output)
        options = outputs.options(snapshot.config.fail_on, redact, snapshot.tree, "lint")
        linted = check(workspace, snapshot, staged=staged)
    _emit(linted, targets, options)
    failing = any(options.fails(gap.severity) for node in linted.report.nodes for gap in node.gaps)
    raise typer.Exit(1 if failing else 0)


def _emit(linted: Linted, targets: Sequence[outputs.Output], options: RenderOptions) -> None:
    others = [target for target in targets if target.format != "text"]
    outputs.emit(linted.report, others, options)
    for target in targets:
        if target.format == "text":
            text = _text(linted, options)
            put(text) if target.target == outputs.STANDARD_OUTPUT else outputs.save(target.target, text)


def _text(linted: Linted, options: RenderOptions) -> str:
    """A line for each gap, worst first within each engagement, then the count."""
    from blueprint_cli.render.phrases import gap_counts
    from blueprint_cli.render.redact import redacted
    from blueprint_cli.render.terminal import painter, shown

    paint = painter(options.color)
    report = redacted(linted.report) if options.redact else linted.report
    lines = [line for node in report.nodes for gap in node.gaps for line in shown(gap, options, paint)]
    return "\n".join([*lines, quick.counted(linted.files, gap_counts(report))]) + "\n"
