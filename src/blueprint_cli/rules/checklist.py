"""The checklist and the cadences: what their predicates answer, and what excuses a failure."""

from __future__ import annotations

from blueprint_cli.model import Location, Status
from blueprint_cli.policy.model import EMPTY, END_ONLY
from blueprint_cli.policy.plan import CadenceRequirement, CheckRequirement, Kind
from blueprint_cli.policy.rows import Cadence, Check
from blueprint_cli.predicates.answer import Answer, Due, not_applicable
from blueprint_cli.predicates.scope import State, Undecidable
from blueprint_cli.rules import assets
from blueprint_cli.rules.context import Context, Finding, Outcome
from blueprint_cli.times import iso


def judge_check(context: Context, one: CheckRequirement) -> Outcome:
    """One checklist item."""
    check = one.check
    answer = _check_answer(context, one)
    finding: tuple[Finding, ...] = ()
    if answer.status is Status.FAILED and not _points_to_asset(context, check.asset):
        finding = (
            Finding(
                "failed-check",
                answer.reason,
                _location(context, answer, check.asset),
                blueprint=check.blueprint,
                asset=check.asset,
                check=check.full_id,
                items=answer.items,
                limit=answer.limit,
                since=answer.since,
                due=answer.due,
                owner_roles=one.owner_roles,
                playbook=check.playbook,
                family=check.full_id if check.paired_cadence or check.paired_staleness else "",
            ),
        )
    return Outcome(Kind.CHECK, check.full_id, answer.status, answer.reason, answer.due, check.blueprint, finding)


def judge_cadence(context: Context, one: CadenceRequirement) -> Outcome:
    """One rhythm of the track."""
    cadence = one.cadence
    answer = _cadence_answer(context, one)
    finding: tuple[Finding, ...] = ()
    if answer.status is Status.FAILED and not _points_to_asset(context, cadence.asset):
        finding = (
            Finding(
                "overdue-cadence",
                f"{cadence.title} is overdue: {answer.reason}",
                _location(context, answer, cadence.asset),
                blueprint=cadence.blueprint,
                asset=cadence.asset,
                item=f"cadence:{cadence.id}",
                limit=answer.limit,
                since=answer.since,
                due=answer.due,
                owner_roles=one.owner_roles,
                playbook=cadence.playbook,
            ),
        )
    return Outcome(Kind.CADENCE, cadence.id, answer.status, answer.reason, answer.due, cadence.blueprint, finding)


def excuse(context: Context, check: Check) -> Due | None:
    """Until when an unmet check is excused: its own deadline, else that of its asset."""
    own = check.requires.due(context.scope(check.asset))
    if own is not None:
        return own
    asset = context.plan.assets_by_path.get(check.asset)
    return assets.due_of(context, asset) if asset else None


def _check_answer(context: Context, one: CheckRequirement) -> Answer:
    check = one.check
    if one.why_not is not None:
        return not_applicable(one.why_not)
    unfit = _unfit(context, check.asset)
    answer = unfit or _ask(context, check)
    if answer.status is not Status.FAILED:
        return answer
    due = excuse(context, check)
    if due is not None and (due.day is None or context.day <= due.day):
        until = f" (due on {iso(due.day)})" if due.day else ""
        return answer._replace(status=Status.NOT_YET_DUE, reason=answer.reason + until, due=due.day)
    return answer


def _cadence_answer(context: Context, one: CadenceRequirement) -> Answer:
    cadence = one.cadence
    if one.cell == EMPTY:
        return not_applicable(f"{cadence.row} does not apply on {context.plan.track.title}")
    if cadence.asset is not None:
        unfit = _unfit(context, cadence.asset)
        if unfit is not None:
            return unfit
    if one.cell == END_ONLY and cadence.end_only is not None:
        return _at_the_end(context, one)
    return _ask(context, cadence)


def _at_the_end(context: Context, one: CadenceRequirement) -> Answer:
    """`end only`: one entry on record, due on the day on which the engagement ends."""
    cadence = one.cadence
    end = context.node.lifecycle.get(cadence.end_only or "")
    answer = cadence.requires.on_record(context.scope(cadence.asset))
    if answer.passed:
        return answer
    if end is None:
        title = context.plan.lifecycle_title(cadence.end_only or "")
        return Answer(Status.NOT_YET_DUE, f"waits for {title}")
    if context.day <= end.day:
        return Answer(Status.NOT_YET_DUE, f"due on {iso(end.day)}", due=end.day)
    return answer._replace(due=end.day, since=end.day + 1)


def _unfit(context: Context, path: str) -> Answer | None:
    """The answer of everything that rests on an asset which is absent or cannot be judged."""
    asset = context.assets.get(path)
    if asset is None:
        return not_applicable(f"{path}: its reference blueprint is not instantiated")
    file = context.node.files[path]
    if file.state is State.ABSENT:
        return Answer(asset.status, asset.reason, due=asset.due if asset.status is Status.NOT_YET_DUE else None)
    if file.state is State.BROKEN:
        return Answer(Status.FAILED, f"{path} cannot be judged until it is valid")
    return None


def _points_to_asset(context: Context, path: str | None) -> bool:
    """Whether the gap is the asset's own: one missing file is one gap."""
    return path is not None and (path not in context.assets or context.node.files[path].state is not State.THERE)


def _ask(context: Context, row: Check | Cadence) -> Answer:
    try:
        return row.requires.evaluate(context.scope(row.asset))
    except Undecidable as problem:
        return Answer(Status.NOT_EVALUABLE, str(problem))


def _location(context: Context, answer: Answer, asset: str | None) -> Location:
    if answer.places:
        return context.node.locate(answer.places[0])
    if asset is not None:
        file = context.node.files[asset]
        return Location(file.path, 1, 1)
    return context.node.reported_at or context.node.in_blueprint()
