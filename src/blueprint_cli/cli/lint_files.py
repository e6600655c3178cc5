"""`bp lint` once its options are known. It does without the command line library: a hook that names files and nothing
else comes straight here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from blueprint_cli import pool
from blueprint_cli.cli import outputs
from blueprint_cli.cli.run import deadline
from blueprint_cli.cli.streams import put
from blueprint_cli.lint import lint, places
from blueprint_cli.render.phrases import gap_counts
from blueprint_cli.text import count
from blueprint_cli.workspace import Workspace

if TYPE_CHECKING:
    from blueprint_cli.lint import Linted
    from blueprint_cli.render import RenderOptions


def lint_files(
    files: Sequence[str],
    *,
    staged: bool = False,
    fail_on: str | None = None,
    formats: Sequence[str] = (),
    output: str | None = None,
    redact: bool = False,
    config: str | None = None,
    timeout: float | None = None,
) -> int:
    """Check the files and show what is wrong with them; the exit code."""
    with deadline(timeout, "not all files were checked"):
        workspace = Workspace.find(files)
        tree = workspace.tree(staged=staged, places=() if staged else places(workspace))
        snapshot = workspace.open(tree, {"fail_on": fail_on}, file=config)
        targets = outputs.outputs(formats, snapshot.config.format, output)
        options = outputs.options(snapshot.config.fail_on, redact, snapshot.tree, "lint")
        linted = lint(workspace, snapshot, pool.reports, staged=staged)
    _emit(linted, targets, options)
    failing = any(options.fails(gap.severity) for node in linted.report.nodes for gap in node.gaps)
    return 1 if failing else 0


def _emit(linted: Linted, targets: Sequence[outputs.Output], options: RenderOptions) -> None:
    others = [target for target in targets if target.format != "text"]
    outputs.emit(linted.report, others, options)
    for target in targets:
        if target.format == "text":
            text = _text(linted, options)
            put(text) if target.target == outputs.STANDARD_OUTPUT else outputs.save(target.target, text)


def _text(linted: Linted, options: RenderOptions) -> str:
    """A line for each gap, worst first within each engagement, then the count."""
    report, lines = linted.report, []
    if options.redact:
        from blueprint_cli.render.redact import redacted

        report = redacted(report)
    if any(node.gaps for node in report.nodes):
        from blueprint_cli.render.terminal import painter, shown

        paint = painter(options.color)
        lines = [line for node in report.nodes for gap in node.gaps for line in shown(gap, options, paint)]
    return "\n".join([*lines, f"{count(linted.files, 'file')} checked: {gap_counts(report)}"]) + "\n"
