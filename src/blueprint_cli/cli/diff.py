"""`bp diff`: the gaps that a change introduced and fixed, apart from those that only time has brought."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Optional

import typer

from blueprint_cli.cli import flags, outputs, run
from blueprint_cli.cli.streams import say
from blueprint_cli.diff.run import Change, trees
from blueprint_cli.errors import BpError, PolicyError
from blueprint_cli.files.tree import Tree
from blueprint_cli.model import NodeReport
from blueprint_cli.render.difference import failing_changes
from blueprint_cli.scan import Scanner
from blueprint_cli.workspace import Snapshot, Workspace

Base = Annotated[str, typer.Argument(metavar="BASE", help="The revision to compare with, such as origin/main.")]
Head = Annotated[Optional[str], flags.argument(metavar="HEAD", help="The revision to judge. Default: the work tree.")]
PreCommit = Annotated[
    bool,
    flags.what(
        "--pre-commit",
        help="In a hook: judge the range that pre-commit names (--from-ref, --to-ref, pre-push), where it names one.",
    ),
]
_IN_CI = "in CI, name the change that is to be judged: pre-commit run --from-ref origin/main --to-ref HEAD"


def diff(
    base: Base,
    head: Head = None,
    staged: flags.Staged = False,
    pre_commit: PreCommit = False,
    as_of: flags.AsOf = None,
    fail_on: flags.FailOn = None,
    fail_on_policy_change: flags.FailOnPolicyChange = False,
    policy_from: flags.PolicyFrom = None,
    format: flags.DifferenceFormat = None,
    output: flags.OutputFile = None,
    redact: flags.Redact = False,
    config: flags.Config = None,
    jobs: flags.Jobs = None,
    timeout: flags.Timeout = None,
) -> None:
    """Show the gaps that a change introduced, fixed, uncovered and excused, judged by the policy of its base.

    The change starts at the commit where HEAD branched off from BASE. Uncovered: there before, but hidden by what was
    missing or not valid. Excused: gone only because the engagement is judged otherwise.

    Exit codes: 0 nothing introduced at or above --fail-on, 1 gaps introduced, 2 the job could not be done.
    """
    if pre_commit:
        base, head, staged = _of_hook(base, head, staged)
    done = run.Progress()
    with run.deadline(timeout, done):
        workspace = Workspace.find()
        old, new = trees(workspace, base, head, staged)
        snapshot = _open(workspace, old, {"as_of": as_of, "fail_on": fail_on}, config, policy_from)
        targets = outputs.outputs(format, snapshot.config.format, output, "difference", [config])
        chosen = outputs.options(snapshot.config.fail_on, redact, new, "diff")
        change = Change(workspace, snapshot, old, new, partial(_judge, jobs, done), strict=fail_on_policy_change)
        difference = change.difference()
    outputs.emit(difference, targets, chosen)
    if pre_commit and staged and not difference.nodes:
        say(_IN_CI)
    failing = any(chosen.fails(gap.severity) for _, gap in difference.introduced)
    raise typer.Exit(1 if failing or failing_changes(difference, chosen) else 0)


def _of_hook(base: str, head: str | None, staged: bool) -> tuple[str, str | None, bool]:
    """What a hook is to judge: the range that pre-commit was given or found before a push, else what was named."""
    first, last = (os.environ.get(f"PRE_COMMIT_{name}_REF") for name in ("FROM", "TO"))
    return (first, last, False) if first and last else (base, head, staged)


def _open(
    workspace: Workspace, base: Tree, flags: Mapping[str, str | None], config: str | None, policy_from: str | None
) -> Snapshot:
    """The base, with the policy that judges both sides."""
    policy = base if policy_from is None else workspace.revision(policy_from)
    try:
        return workspace.open(base, flags, file=config, policy_tree=policy)
    except PolicyError as problem:
        if policy_from is not None:
            raise
        raise BpError(
            [f"the policy of the base cannot be used: {problem.lines[0]}", *problem.lines[1:]],
            "If this change fixes it, judge the change by its own policy: --policy-from HEAD.",
        ) from None


def _judge(jobs: int | None, done: run.Progress, scanner: Scanner) -> Sequence[NodeReport]:
    report, pending = run.judge(scanner, run.Projection(text=False, details=True), jobs, done)
    pending.spool.close()
    return report.nodes
