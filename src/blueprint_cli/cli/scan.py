"""`bp scan`: judge the engagements, print what they lack, write their gap reports."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import typer

from blueprint_cli.cli import flags, outputs, run
from blueprint_cli.cli.outputs import Output
from blueprint_cli.cli.streams import say
from blueprint_cli.engagement.node import NodeRef
from blueprint_cli.engagement.selection import remarks, select
from blueprint_cli.engagement.unexamined import unexamined as not_looked_at
from blueprint_cli.errors import BpError, combined
from blueprint_cli.gap_reports import outdated
from blueprint_cli.gitdates import checks
from blueprint_cli.model import Report
from blueprint_cli.render import FORMATS
from blueprint_cli.render.options import RenderOptions
from blueprint_cli.render.unexamined import sentence as unexamined_sentence
from blueprint_cli.scan import Options, Scanner
from blueprint_cli.text import count, listed, quoted
from blueprint_cli.workspace import Workspace

_MAX_SHOWN = 5
"""Files in one remark."""


def scan(
    paths: flags.Paths = None,
    realm: flags.Realm = None,
    node: flags.Node = None,
    staged: flags.Staged = False,
    rev: flags.Rev = None,
    shard: flags.Shard = None,
    as_of: flags.AsOf = None,
    track: flags.Track = None,
    fail_on: flags.FailOn = None,
    policy_from: flags.PolicyFrom = None,
    hollow: flags.Hollow = None,
    format: flags.Format = None,
    output: flags.OutputFile = None,
    write: flags.Write = None,
    check: flags.Check = False,
    redact: flags.Redact = False,
    unexamined: flags.Unexamined = False,
    config: flags.Config = None,
    jobs: flags.Jobs = None,
    timeout: flags.Timeout = None,
) -> None:
    """Find what every engagement lacks and write its gap report.

    Exit codes: 0 no gap at or above --fail-on, 1 gaps, 2 the job could not be done.
    """
    _refuse(write, check=check, staged=staged, rev=rev, track=track)
    done = run.Progress()
    with run.deadline(timeout, done):
        workspace = Workspace.find(paths or [])
        tree = workspace.tree(staged=staged, rev=rev)
        snapshot = workspace.open(
            tree,
            {"as_of": as_of, "fail_on": fail_on, "report_write": write, "hollow_refresh": hollow},
            file=config,
            policy_tree=workspace.revision(policy_from) if policy_from else None,
            everywhere=bool(paths),
        )
        targets = outputs.outputs(format, snapshot.config.format, output, inputs=[config, *(paths or [])])
        chosen = outputs.options(snapshot.config.fail_on, redact, tree, unexamined=unexamined)
        nodes = shard_of(select(snapshot.portfolio, workspace.named, realm, node), shard)
        date_check, notes = checks.configured(snapshot, nodes)
        writes = snapshot.config.report_write and not (check or staged or rev or track)
        keep = run.Projection(text=writes, details=unexamined or _any(targets, "details"))
        options = Options(track, committed_report=check, date_check=date_check, details=keep.needs_details)
        notes = [*snapshot.notes, *remarks(snapshot.portfolio, nodes, workspace.named), *notes]
        scanner = Scanner(snapshot, nodes, options, dict.fromkeys(notes))
        report, pending = run.judge(scanner, keep, jobs, done)
        report = replace(report, unexamined=not_looked_at(snapshot.portfolio, workspace.named))
        sentence = None if _any(targets, "says_unexamined") else unexamined_sentence(report)
        out_of_date = outdated(scanner) if check else []
    with pending.spool:
        problems = pending.write(workspace.root) if writes else []
    closing = [sentence] if sentence else []
    if pending.written:
        files = "" if redact else f": {listed(pending.written, _MAX_SHOWN, show=quoted)}"
        closing.append(f"wrote {count(len(pending.written), 'gap report')}{files}")
    finish(report, targets, chosen, out_of_date, problems, closing)


def _any(targets: Sequence[Output], quality: str) -> bool:
    """Whether one of the formats has a quality."""
    return any(getattr(FORMATS[target.format], quality) for target in targets)


def _refuse(write: bool | None, *, check: bool, staged: bool, rev: str | None, track: str | None) -> None:
    if staged and rev is not None:
        raise BpError("--staged and --rev exclude each other", "Name one of them.")
    what = "--check" if check else "--staged" if staged else "--rev" if rev else "--track" if track else None
    if write and what:
        raise BpError(f"{what} writes nothing", "Leave --write out.")


def finish(
    report: Report,
    targets: Sequence[Output],
    chosen: RenderOptions,
    stale: Sequence[str] = (),
    problems: Sequence[BpError] = (),
    closing: Sequence[str] = (),
) -> None:
    """Print the report and exit with the code that it means. Raises BpError for all that could not be written.

    ``closing``: remarks on this run. They are not part of its report, which depends on the tree alone.
    """
    try:
        outputs.emit(report, targets, chosen)
    except BpError as problem:
        problems = [*problems, problem]
    if problems:
        raise combined(problems)
    for line in [*closing, *stale]:
        say(line)
    failing = any(chosen.fails(gap.severity) for node in report.nodes for gap in node.gaps)
    raise typer.Exit(1 if failing or stale else 0)


def shard_of(nodes: Sequence[NodeRef], shard: str | None) -> Sequence[NodeRef]:
    """The engagements of shard ``I/N``: every N-th from the I-th on, counted from 1. A shard may be empty."""
    if shard is None:
        return nodes
    match = re.fullmatch(r"([0-9]{1,9})/([0-9]{1,9})", shard)
    index, count = map(int, match.groups()) if match else (0, 0)
    if not 1 <= index <= count:
        raise BpError(f"invalid shard `{shard}`: use I/N with 1 ≤ I ≤ N, for example --shard 2/8")
    return nodes[index - 1 :: count]
