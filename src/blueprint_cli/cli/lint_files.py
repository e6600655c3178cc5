"""`bp lint` once its options are known. It does without the command line library: a hook that names files and nothing
else comes straight here."""

from __future__ import annotations

from collections.abc import Sequence

from blueprint_cli import pool
from blueprint_cli.cli import outputs
from blueprint_cli.cli.run import deadline
from blueprint_cli.lint import lint, places
from blueprint_cli.workspace import Workspace


def lint_files(
    files: Sequence[str],
    staged: bool = False,
    fail_on: str | None = None,
    format: Sequence[str] | None = None,
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
        targets = outputs.outputs(format, snapshot.config.format, output, inputs=[config, *files])
        options = outputs.options(snapshot.config.fail_on, redact, snapshot.tree, "lint")
        report = lint(workspace, snapshot, pool.reports, staged=staged)
    outputs.emit(report, targets, options)
    failing = any(options.fails(gap.severity) for node in report.nodes for gap in node.gaps)
    return 1 if failing else 0
