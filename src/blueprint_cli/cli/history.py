"""`bp history`: compliance over time, from old commits, each judged as of its own day."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Optional

from blueprint_cli import gitrepo, pool
from blueprint_cli.cli import flags, outputs, run
from blueprint_cli.cli.progress import progress
from blueprint_cli.errors import BpError
from blueprint_cli.history import Replay, rows
from blueprint_cli.model.timeline import Step
from blueprint_cli.times import Moment, Zone
from blueprint_cli.workspace import Workspace

_STEP_HELP = "A point for each week, month or commit."
_steps = flags.one_of(lambda: Step)
Name = Annotated[Optional[str], flags.argument(metavar="REALM/NODE", help="One engagement. Default: all engagements.")]
Since = Annotated[Optional[str], flags.what(metavar="DATE", help="From this day on. (default: from the first commit)")]
Until = Annotated[Optional[str], flags.what(metavar="DATE", help="Up to this day, commits or not. (default: today)")]
Every = Annotated[str, flags.what("--step", metavar="STEP", help=_STEP_HELP, autocompletion=_steps)]
Rev = Annotated[str, flags.what(metavar="REV", help="The branch whose history is replayed.")]


def history(
    node: Name = None,
    since: Since = None,
    until: Until = None,
    step: Every = "week",
    rev: Rev = "HEAD",
    policy_from: flags.PolicyFrom = None,
    format: flags.TimelineFormat = None,
    output: flags.OutputFile = None,
    config: flags.Config = None,
    jobs: flags.Jobs = None,
    timeout: flags.Timeout = None,
) -> None:
    """Show compliance, gaps and pass rate over time.

    The commits of the branch (first parents only) are judged by today's policy, each as of the end of its own day. A
    week or a month is that of its last commit; one without a commit shows what a scan of its last day would say.
    """
    targets = outputs.outputs(format, "text", output, "timeline", [config])
    if step not in list(Step):
        raise BpError(f"`{step}` is not a step", f"Choose one of {', '.join(Step)}.")
    done = run.Progress("state")
    with run.deadline(timeout, done):
        workspace = Workspace.find()
        repo = workspace.require("bp history")
        policy = workspace.revision(policy_from or rev) if policy_from or repo.top is None else workspace.tree()
        today = workspace.open(policy, file=config)
        commit = gitrepo.resolve(repo, rev)
        commits = [] if commit is None else gitrepo.commits(repo, commit)
        first, last = _day(since, today.zone), _day(until, today.zone)
        planned, impossible = rows(commits, today.zone, Step(step), today.as_of, first, last)
        replay = Replay(repo, today, partial(pool.reports, jobs=jobs), node)
        done.total = len(planned)
        with progress(len(planned), "states judged") as advance:
            judged = []
            for row in planned:
                judged.append(replay.at(row))
                done.judged = len(judged)
                advance(done.judged)
    policy_name = f"that of {policy_from}" if policy_from else "today's"
    timeline = replay.timeline(Step(step), judged, impossible, policy_name)
    chosen = outputs.options("never", False, None)
    outputs.emit(timeline, targets, chosen)


def _day(written: str | None, zone: Zone) -> Moment | None:
    moment = zone.moment(written)
    if written is not None and moment is None:
        raise BpError(f"`{written[:40]}` is not a day", "Write it as 2026-03-02.")
    return moment
