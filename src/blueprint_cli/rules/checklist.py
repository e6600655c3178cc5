"""The checklist and the cadences: what their predicates answer, and what excuses a failure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from blueprint_cli.model import Location, Status
from blueprint_cli.policy.model import EMPTY, END_ONLY
from blueprint_cli.policy.plan import CadenceRequirement, CheckRequirement, Kind
from blueprint_cli.policy.rows import Cadence, Check
from blueprint_cli.predicates.answer import Answer, Due, not_applicable
from blueprint_cli.predicates.scope import Scope, State, Undecidable
from blueprint_cli.rules import assets, partial
from blueprint_cli.rules.context import Context, Finding, Outcome
from blueprint_cli.rules.instance import missing_date
from blueprint_cli.times import iso


def judge_check(context: Context, requirement: CheckRequirement) -> Outcome:
    """One checklist item."""
    check, answer = requirement.row, _check_answer(context, requirement)
    findings = _findings(
        context,
        requirement,
        answer,
        "failed-check",
        answer.reason,
        check=check.full_id,
        items=answer.items,
        family=check.full_id if check.paired_cadence or check.paired_staleness else "",
    )
    return Outcome(Kind.CHECK, check.full_id, answer.status, answer.reason, answer.due, check.blueprint, findings)


def judge_cadence(context: Context, requirement: CadenceRequirement) -> Outcome:
    """One recurring activity."""
    cadence, answer = requirement.row, _cadence_answer(context, requirement)
    message = f"{cadence.title} is overdue: {answer.reason}"
    item = f"cadence:{cadence.id}"
    findings = _findings(context, requirement, answer, "overdue-cadence", message, item=item)
    return Outcome(Kind.CADENCE, cadence.id, answer.status, answer.reason, answer.due, cadence.blueprint, findings)


def missing_ends(context: Context, outcomes: Iterable[Outcome]) -> Iterator[Finding]:
    """The lifecycle dates without which what is due at the end of the engagement, and is not done, never falls due."""
    waiting = {outcome.key for outcome in outcomes if outcome.status is Status.NOT_YET_DUE}
    cadences = [cadence for cadence in context.plan.cadences if cadence.cell == END_ONLY and cadence.row.id in waiting]
    dates = {cadence.row.end_only: cadence.row for cadence in reversed(cadences) if cadence.row.end_only}
    for name, cadence in dates.items():
        if name not in context.node.lifecycle:
            title = context.plan.lifecycle_title(name)
            yield missing_date(context.node, name, f"without {title} the {cadence.title} never falls due")


def _findings(
    context: Context,
    requirement: CheckRequirement | CadenceRequirement,
    answer: Answer,
    rule: str,
    message: str,
    **more: Any,
) -> tuple[Finding, ...]:
    """The gap of a requirement that failed; none where its asset cannot be judged, which is a gap already."""
    row = requirement.row
    if answer.status is not Status.FAILED or (row.asset is not None and _is_reported(context, row)):
        return ()
    finding = Finding(
        rule,
        message,
        _location(context, answer, row.asset),
        blueprint=row.blueprint,
        asset=row.asset,
        limit=answer.limit,
        since=answer.since,
        due=answer.due,
        owner_roles=requirement.owner_roles,
        playbook=row.playbook,
        **more,
    )
    return (finding,)


def _excuse(context: Context, check: Check) -> Due | None:
    """Until when an unmet check is excused: its own deadline, else that of its asset."""
    own = check.requires.due(context.scope(check.asset))
    if own is not None:
        return own
    asset = context.plan.assets_by_path.get(check.asset)
    return assets.due_of(context, asset) if asset else None


def _check_answer(context: Context, requirement: CheckRequirement) -> Answer:
    check = requirement.row
    if requirement.why_not is not None:
        return not_applicable(requirement.why_not)
    answer = _answer_without_asset(context, check) or _evaluate(context, check)
    if answer.status is not Status.FAILED:
        return answer
    due = _excuse(context, check)
    if due is not None and (due.day is None or context.day <= due.day):
        until = f" (due on {iso(due.day)})" if due.day else ""
        return answer._replace(status=Status.NOT_YET_DUE, reason=answer.reason + until, due=due.day)
    return answer


def _cadence_answer(context: Context, requirement: CadenceRequirement) -> Answer:
    cadence = requirement.row
    if requirement.cell == EMPTY:
        return not_applicable(f"{cadence.row} does not apply on {context.plan.track.title}")
    at_the_end = requirement.cell == END_ONLY and cadence.end_only is not None
    if cadence.asset is not None and not (at_the_end and _is_optional(context, cadence.asset)):
        answer = _answer_without_asset(context, cadence)
        if answer is not None:
            return answer
    if at_the_end:
        return _at_the_end(context, cadence, str(cadence.end_only))
    return _evaluate(context, cadence)


def _at_the_end(context: Context, cadence: Cadence, date: str) -> Answer:
    """`end only`: one entry on record, due on the day on which the engagement ends."""
    end = context.node.lifecycle.get(date)
    scope = _scope(context, cadence)
    answer = scope if isinstance(scope, Answer) else cadence.requires.on_record(scope)
    if answer.status is not Status.FAILED:
        return answer
    if end is None:
        return Answer(Status.NOT_YET_DUE, f"waits for {context.plan.lifecycle_title(date)}")
    if context.day <= end.day:
        return Answer(Status.NOT_YET_DUE, f"due on {iso(end.day)}", due=end.day)
    return answer._replace(due=end.day, since=end.day + 1)


def _answer_without_asset(context: Context, row: Check | Cadence) -> Answer | None:
    """The answer of everything that depends on an asset which is absent or cannot be judged."""
    path = str(row.asset)
    outcome = context.assets.get(path)
    if outcome is None:
        return not_applicable(f"{path}: its reference blueprint is not instantiated")
    state = context.node.files[path].state
    if state is State.ABSENT:
        return Answer(outcome.status, outcome.reason, due=outcome.due if outcome.status is Status.NOT_YET_DUE else None)
    if state is not State.BROKEN:
        return None
    judged = None if isinstance(row, Check) and row.valid else partial.scope(context, row)
    if judged is None:
        return Answer(Status.FAILED, f"{path} cannot be judged until it is valid")
    return judged if isinstance(judged, Answer) else None


def _is_reported(context: Context, row: Check | Cadence) -> bool:
    """Whether there is a gap already because its asset is missing or cannot be judged."""
    answer = _answer_without_asset(context, row)
    return answer is not None and answer.status is Status.FAILED


def _is_optional(context: Context, path: str) -> bool:
    """Whether an asset is absent and nothing requires it: what is required of its content still is."""
    outcome = context.assets.get(path)
    absent = outcome is not None and context.node.files[path].state is State.ABSENT
    return absent and outcome is not None and outcome.status is Status.NOT_APPLICABLE


def _evaluate(context: Context, row: Check | Cadence) -> Answer:
    scope = _scope(context, row)
    if isinstance(scope, Answer):
        return scope
    try:
        return row.requires.evaluate(scope)
    except Undecidable as problem:
        return Answer(Status.NOT_EVALUABLE, str(problem))


def _scope(context: Context, row: Check | Cadence) -> Scope | Answer:
    """The scope in which it is judged; the answer where what it looks at is invalid."""
    return (partial.scope(context, row) if context.broken else None) or context.scope(row.asset)


def _location(context: Context, answer: Answer, asset: str | None) -> Location:
    if asset is not None and context.node.files[asset].state is State.ABSENT:
        return assets.required_at(context, context.plan.assets_by_path[asset])
    if answer.places:
        return context.node.locate(answer.places[0])
    if asset is not None:
        return Location(context.node.files[asset].path, 1, 1)
    return context.node.reported_at or context.node.in_blueprint()
