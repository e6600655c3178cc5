"""`bp lint` once its options are known. It does without the command line library: a hook that names files and nothing
else comes straight here."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from blueprint_cli import pool
from blueprint_cli.cli import outputs
from blueprint_cli.cli.run import deadline
from blueprint_cli.errors import BpError
from blueprint_cli.files.overlay import Overlay
from blueprint_cli.lint import lint, places
from blueprint_cli.workspace import Workspace

STDIN = "-"
LARGEST_FILE = 16_777_216  # bytes: the highest limit that bp.yaml may set


def lint_files(
    files: Sequence[str],
    stdin_filename: str | None = None,
    staged: bool = False,
    fail_on: str | None = None,
    format: Sequence[str] | None = None,
    output: str | None = None,
    redact: bool = False,
    config: str | None = None,
    timeout: float | None = None,
) -> int:
    """Check the files and show what is wrong with them; the exit code."""
    given = _standard_input(files, stdin_filename, staged)
    if stdin_filename is not None:
        files = [stdin_filename]
    with deadline(timeout, "not all files were checked"):
        workspace = Workspace.find(files)
        tree = workspace.tree(staged=staged, places=() if staged else places(workspace))
        if given is not None:
            tree = Overlay(tree, workspace.inside(files[0]), given)
        snapshot = workspace.open(tree, {"fail_on": fail_on}, file=config)
        targets = outputs.outputs(format, snapshot.config.format, output, inputs=[config, *files])
        options = outputs.options(snapshot.config.fail_on, redact, snapshot.tree, "lint")
        report = lint(workspace, snapshot, pool.reports, staged=staged)
    outputs.emit(report, targets, options)
    failing = any(options.fails(gap.severity) for node in report.nodes for gap in node.gaps)
    return 1 if failing else 0


def _standard_input(files: Sequence[str], name: str | None, staged: bool) -> bytes | None:
    """The text that `-` stands for; None where files are to be read."""
    if STDIN not in files and name is None:
        return None
    if name is None:
        raise BpError(
            "standard input has no name, so that its schema is not known",
            "Name the file: bp lint - --stdin-filename PATH",
        )
    if list(files) != [STDIN] or staged:
        raise BpError(
            "--stdin-filename names the file of standard input alone", "Write: bp lint - --stdin-filename PATH"
        )
    if sys.stdin.isatty():
        raise BpError("standard input is a terminal", f"Give it the text: bp lint - --stdin-filename {name} < {name}")
    return sys.stdin.buffer.read(LARGEST_FILE + 1)
