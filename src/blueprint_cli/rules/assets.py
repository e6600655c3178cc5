"""The asset requirement: there (or not due yet), valid at the track's depth, and not stale."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from blueprint_cli.model import Location, Severity, Status
from blueprint_cli.node import ABSENT, BROKEN, DECLARED, GIT, AssetFile
from blueprint_cli.plan import AssetRequirement
from blueprint_cli.predicates.base import Due, Place, Undecidable, quoted
from blueprint_cli.rules.base import Case, Finding, Outcome, few
from blueprint_cli.schema import Defect
from blueprint_cli.times import days, iso
from blueprint_cli.tree import Unreadable
from blueprint_cli.yamlfile import Fault, Limits, read

_BESIDE = frozenset({"unknown-key", "byte-order-mark"})
"""Faults that leave the asset standing: it can be judged all the same."""


def judge(case: Case, one: AssetRequirement) -> Outcome:
    """One asset of the plan."""
    file = case.node.files[one.path]
    if file.state == ABSENT:
        return _absent(case, one, file)
    findings: list[Finding] = []
    notes: list[Finding] = []
    if file.document is None or file.document.faults or file.defects:
        for fault in _faults(case, one, file):
            (notes if fault.rule in _BESIDE else findings).append(fault)
    stale = _stale(case, one, file)
    notes += _lint(case, one, file)
    if stale is not None:
        findings.append(stale)
    due = None
    if one.staleness is not None and not findings:
        day, _ = case.node.dated(one.path)
        due = None if day is None else one.staleness.after(day)
        if due is not None and (due > case.horizon or _never_stale(case, one)):
            due = None  # too far ahead for the report to look, or never
    reason = findings[0].message if findings else "in order"
    status = Status.FAILED if findings else Status.PASSED
    return Outcome("asset", one.path, status, reason, due, one.asset.blueprint, tuple(findings), tuple(notes))


def form(case: Case) -> Iterator[Finding]:
    """What is wrong with the files that are there as files; of a node that is not judged nothing blocks."""
    severity = None if case.node.instance.active else Severity.WARNING
    for one, file in _there(case):
        for finding in _faults(case, one, file):
            yield replace(finding, severity=severity) if severity and finding.rule == "invalid-asset" else finding


def lint(case: Case) -> Iterator[Finding]:
    """What is wrong in the files of a node that is not judged: absence and age are no matter then."""
    yield from form(case)
    for one, file in _there(case):
        yield from _lint(case, one, file)


def _there(case: Case) -> Iterator[tuple[AssetRequirement, AssetFile]]:
    files = case.node.files
    return ((one, files[one.path]) for one in case.plan.assets if files[one.path].state != ABSENT)


def unread(contents: Mapping[str, bytes | Unreadable], names: Mapping[str, str], limits: Limits) -> Iterator[Finding]:
    """The input faults of files (path to asset in ``names``) that no requirement speaks of."""
    for path, raw in contents.items():
        if isinstance(raw, Unreadable):
            yield Finding(raw.rule, f"{path} {raw.message}", Location(path, 1, 1), asset=names[path])
            continue
        for fault in read(raw, limits).faults:
            at = Location(path, fault.line, fault.column)
            yield Finding(fault.rule, fault.message, at, asset=names[path], item=fault.rule)


def due_of(case: Case, one: AssetRequirement) -> Due | None:
    """Until when an asset's absence is excused: its own due date, or an earlier one of its own checks."""
    rule = case.plan.archetype.additional_due if one.additional is not None else one.asset.due
    dues = []
    if rule is not None:
        anchor = case.node.lifecycle.get(rule.after)
        dues.append(Due(None if anchor is None else rule.length.after(anchor.day)))
    question = case.question(one.path)
    for check in one.own_checks:
        due = check.requires.due(question)
        if due is not None and due.day != 0:
            dues.append(due)
    known = [due.day for due in dues if due.day is not None]
    if known:
        return Due(min(known))
    return dues[0] if dues else None


def lacking(case: Case) -> frozenset[str]:
    """The assets that are missing: what refers into them points to that one gap."""
    absent = [one for one in case.plan.assets if case.node.files[one.path].state == ABSENT]
    return frozenset(
        one.path for one in absent if _absent(case, one, case.node.files[one.path]).status is Status.FAILED
    )


def _absent(case: Case, one: AssetRequirement, file: AssetFile) -> Outcome:
    def outcome(status: Status, reason: str, due: int | None = None, *findings: Finding) -> Outcome:
        return Outcome("asset", one.path, status, reason, due, one.asset.blueprint, findings)

    if not one.expected:
        return outcome(Status.NOT_APPLICABLE, f"not expected: {one.why}")
    due = due_of(case, one)
    if due is not None and due.day is None:
        rule = one.asset.due or case.plan.archetype.additional_due
        waits = case.plan.lifecycle_title(rule.after) if rule else "its date"
        return outcome(Status.NOT_YET_DUE, f"waits for {waits}")
    if due is not None and due.day is not None and case.day <= due.day:
        return outcome(Status.NOT_YET_DUE, f"due on {iso(due.day)}", due.day)
    day = due.day if due else None
    by = f"; it was due on {iso(day)}" if day else ""
    finding = _finding(
        one,
        "missing-asset",
        f"{one.asset.title} is missing: {file.path} is not there{by}",
        _asked_at(case, one),
        since=day + 1 if day else None,
        due=day,
        severity=one.severity,
    )
    return outcome(Status.FAILED, f"{one.path} is missing", day, finding)


def _asked_at(case: Case, one: AssetRequirement) -> Location:
    """A missing asset has no line of its own: it points to what asks for it."""
    if one.additional is not None:
        return case.node.in_blueprint("additional_assets", one.additional)
    entry = case.node.instance.entries.get(one.asset.blueprint)
    return case.node.in_blueprint("reference_blueprints", entry.index) if entry else case.node.in_blueprint()


def _finding(one: AssetRequirement, rule: str, message: str, at: Location, **more: Any) -> Finding:
    return Finding(
        rule,
        message,
        at,
        blueprint=one.asset.blueprint,
        asset=one.path,
        owner_roles=one.owner_roles,
        playbook=one.asset.playbook,
        **more,
    )


def _faults(case: Case, one: AssetRequirement, file: AssetFile) -> Iterator[Finding]:
    """What is wrong with the file itself and with what it says."""
    if file.unreadable is not None:
        yield _finding(one, file.unreadable.rule, f"{file.path} {file.unreadable.message}", Location(file.path, 1, 1))
        return
    assert file.document is not None  # noqa: S101 - a file that is there and readable has a document
    for fault in file.document.faults:
        yield _finding(one, fault.rule, fault.message, _at(file, fault), item=fault.rule)
    for unknown in (False, True):
        defects = (defect for defect in file.defects if (defect.kind == "unknown") is unknown)
        yield from few(_defect(case, one, defect) for defect in defects)


def _defect(case: Case, one: AssetRequirement, defect: Defect) -> Finding:
    unknown = defect.kind == "unknown"
    path = (*defect.path, defect.key) if unknown and defect.key is not None else defect.path
    return _finding(
        one,
        "unknown-key" if unknown else "invalid-asset",
        defect.message,
        case.node.locate(Place(one.path, path)),
        item=defect.identity,
        severity=None if unknown else one.severity,
    )


def _at(file: AssetFile, fault: Fault) -> Location:
    return Location(file.path, fault.line, fault.column)


def _lint(case: Case, one: AssetRequirement, file: AssetFile) -> Iterator[Finding]:
    """What deserves a warning in a file that can be read: dates, ids, references."""
    data = file.document.data if file.document is not None else None
    if not isinstance(data, dict):
        return
    node, last = case.node, case.node.as_of.last
    declared = data.get("last_updated")
    if "last_updated" not in data and one.path.endswith((".yaml", ".yml")):
        _, by = node.dated(one.path)
        known = "its age is taken from Git" if by == GIT else "its age is not known"
        yield _finding(one, "undated-asset", f"`last_updated` is missing: {known}", node.locate(Place(one.path, ())))
    moment = node.zone.moment(declared)
    if moment is not None and moment.first > last:
        at = node.locate(Place(one.path, ("last_updated",)))
        yield _finding(one, "future-date", f"`last_updated` {moment.text} is after the scan", at, item="last_updated")
    for select in one.asset.dates:
        moments = (node.zone.moment(value) for value in select.values(data))
        if any(moment is not None and moment.first > last for moment in moments):
            yield from few(_early(case, one, select.places(data)))
    for key, value in data.items():
        if type(value) is list and len(value) > 1:
            yield from few(_duplicates(case, one, key, value))
    if one.asset.references and file.state != BROKEN:
        yield from few(_dangling(case, one, data))


def _early(case: Case, one: AssetRequirement, dates: Iterable[tuple[tuple[str | int, ...], Any]]) -> Iterator[Finding]:
    for path, value in dates:
        moment = case.node.zone.moment(value)
        if moment is not None and moment.first > case.node.as_of.last:
            message = f"`{path[-1]}` {moment.text} is after the scan"
            at = case.node.locate(Place(one.path, path))
            yield _finding(one, "future-date", message, at, item=".".join(map(str, path)))


def _duplicates(case: Case, one: AssetRequirement, key: str, items: list[Any]) -> Iterator[Finding]:
    for index, name in duplicates(items):
        message = f"id {quoted(name)} is used twice in {quoted(key)}: ids must tell entries apart"
        at = case.node.locate(Place(one.path, (key, index, "id")))
        yield _finding(one, "duplicate-id", message, at, item=f"{key}:{name}")


def duplicates(items: list[Any]) -> Iterator[tuple[int, str]]:
    """Index and id of every entry whose id an earlier entry has."""
    ids = [item["id"] for item in items if type(item) is dict and "id" in item]
    try:
        if len(set(ids)) == len(ids):
            return
    except TypeError:  # an id that is a list or a mapping: its schema says what is wrong
        pass
    seen: set[str] = set()
    for index, item in enumerate(items):
        name = item.get("id") if type(item) is dict else None
        if isinstance(name, str | int):
            if str(name) in seen:
                yield index, str(name)
            seen.add(str(name))


def _dangling(case: Case, one: AssetRequirement, data: dict[str, Any]) -> Iterator[Finding]:
    question = case.question(one.path)
    for select, target, what in one.asset.references:
        values = select.values(data)
        if not values or (target.asset is not None and case.node.lacks(target.asset)):
            continue
        try:
            known = set(map(str, question.values(target)))
        except Undecidable:
            continue
        if all(str(value) in known for value in values):
            continue
        for path, value in select.places(data):
            if str(value) not in known:
                message = f"{what} {quoted(value)} does not exist"
                at = case.node.locate(Place(one.path, path))
                item = f"{path[-1]}:{value}"
                yield _finding(one, "unresolved-reference", message, at, item=item)


def _never_stale(case: Case, one: AssetRequirement) -> bool:
    row = case.plan.archetype.reference_blueprints.get(one.asset.blueprint)
    own = one.asset.never_stale_when
    if own is not None and case.node.files[one.path].state == BROKEN:
        return True  # whether it may go stale hangs on what it says: first it must be valid
    conditions = [own, row.never_stale_when if row else None]
    question = case.question(one.path)
    for condition in conditions:
        try:
            if condition is not None and condition.ask(question).passed:
                return True
        except Undecidable:
            return True
    return False


def _stale(case: Case, one: AssetRequirement, file: AssetFile) -> Finding | None:
    limit = one.staleness
    if limit is None or file.document is None:
        return None
    day, by = case.node.dated(one.path)
    if day is None or case.day <= limit.after(day) or _never_stale(case, one):
        return None
    due, age = limit.after(day), case.day - day
    dated = "" if by == DECLARED else " (dated by Git)"
    return _finding(
        one,
        "stale-asset",
        f"{one.asset.title}: {days(age)} old{dated}, {limit.allows}",
        case.node.locate(Place(one.path, ("last_updated",))),
        severity=one.severity,
        limit=limit,
        since=due + 1,
        due=due,
    )
