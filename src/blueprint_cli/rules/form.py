"""The form of an asset's file: what is wrong with it as YAML, by its schema, and in its dates, ids and references."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from blueprint_cli.engagement.node import AssetFile
from blueprint_cli.files.tree import Unreadable
from blueprint_cli.model import DatedBy, Location, Severity
from blueprint_cli.policy.plan import AssetRequirement
from blueprint_cli.predicates.scope import Place, State, Undecidable
from blueprint_cli.rules.context import Context, Finding, few
from blueprint_cli.schema import Defect
from blueprint_cli.text import quoted
from blueprint_cli.yamlfile import Fault, Limits, read


def files(context: Context) -> Iterator[Finding]:
    """What is wrong with the files that are there as files; of a node that is not judged nothing blocks."""
    severity = None if context.node.instance.active else Severity.WARNING
    for one, file in _there(context):
        for fault in faults(context, one, file):
            yield replace(fault, severity=severity) if severity and fault.rule == "invalid-asset" else fault


def lint(context: Context) -> Iterator[Finding]:
    """What is wrong in the files of a node that is not judged: absence and age are no matter then."""
    yield from files(context)
    for one, file in _there(context):
        yield from warnings(context, one, file)


def _there(context: Context) -> Iterator[tuple[AssetRequirement, AssetFile]]:
    found = context.node.files
    return ((one, found[one.path]) for one in context.plan.assets if found[one.path].state is not State.ABSENT)


def unread(contents: Mapping[str, bytes | Unreadable], names: Mapping[str, str], limits: Limits) -> Iterator[Finding]:
    """The input faults of files (path to asset in ``names``) that no requirement speaks of."""
    for path, raw in contents.items():
        if isinstance(raw, Unreadable):
            yield Finding(raw.rule, f"{path} {raw.message}", Location(path, 1, 1), asset=names[path])
            continue
        for fault in read(raw, limits).faults:
            at = Location(path, fault.line, fault.column)
            yield Finding(fault.rule, fault.message, at, asset=names[path], item=fault.rule)


def finding(one: AssetRequirement, rule: str, message: str, at: Location, **more: Any) -> Finding:
    """A fault of an asset: whose it is and what to do follows from the asset."""
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


def faults(context: Context, one: AssetRequirement, file: AssetFile) -> Iterator[Finding]:
    """What is wrong with the file itself and with what it says."""
    if file.unreadable is not None:
        yield finding(one, file.unreadable.rule, f"{file.path} {file.unreadable.message}", Location(file.path, 1, 1))
        return
    assert file.document is not None  # noqa: S101 - a file that is there and readable has a document
    for fault in file.document.faults:
        yield finding(one, fault.rule, fault.message, _at(file, fault), item=fault.rule)
    for unknown in (False, True):
        defects = (defect for defect in file.defects if defect.unknown_key is unknown)
        yield from few(_defect(context, one, defect) for defect in defects)


def _defect(context: Context, one: AssetRequirement, defect: Defect) -> Finding:
    return finding(
        one,
        "unknown-key" if defect.unknown_key else "invalid-asset",
        defect.message,
        context.node.locate(Place(one.path, defect.place)),
        item=defect.identity,
        severity=None if defect.unknown_key else one.severity,
    )


def _at(file: AssetFile, fault: Fault) -> Location:
    return Location(file.path, fault.line, fault.column)


def warnings(context: Context, one: AssetRequirement, file: AssetFile) -> Iterator[Finding]:
    """What deserves a warning in a file that can be read: dates, ids, references."""
    data = file.document.data if file.document is not None else None
    if not isinstance(data, dict):
        return
    node, last = context.node, context.node.as_of.last
    declared = data.get("last_updated")
    if "last_updated" not in data and one.path.endswith((".yaml", ".yml")):
        _, by = node.dated(one.path)
        known = "its age is taken from Git" if by is DatedBy.GIT else "its age is not known"
        yield finding(one, "undated-asset", f"`last_updated` is missing: {known}", node.locate(Place(one.path, ())))
    moment = node.zone.moment(declared)
    if moment is not None and moment.first > last:
        at = node.locate(Place(one.path, ("last_updated",)))
        yield finding(one, "future-date", f"`last_updated` {moment.text} is after the scan", at, item="last_updated")
    for select in one.asset.dates:
        moments = node.zone.moments(select.values(data))
        if moments and max([moment.first for moment in moments]) > last:
            yield from few(_early(context, one, select.places(data)))
    for key, value in data.items():
        if type(value) is list and len(value) > 1 and not _told_apart(value):
            yield from few(_duplicates(context, one, key, value))
    if one.asset.references and file.state is not State.BROKEN:
        yield from few(_dangling(context, one, data))


def _early(
    context: Context, one: AssetRequirement, dates: Iterable[tuple[tuple[str | int, ...], Any]]
) -> Iterator[Finding]:
    for path, value in dates:
        moment = context.node.zone.moment(value)
        if moment is not None and moment.first > context.node.as_of.last:
            message = f"`{path[-1]}` {moment.text} is after the scan"
            at = context.node.locate(Place(one.path, path))
            yield finding(one, "future-date", message, at, item=".".join(map(str, path)))


def _duplicates(context: Context, one: AssetRequirement, key: str, items: list[Any]) -> Iterator[Finding]:
    for index, name in duplicates(items):
        message = f"id {quoted(name)} is used twice in {quoted(key)}: ids must tell entries apart"
        at = context.node.locate(Place(one.path, (key, index, "id")))
        yield finding(one, "duplicate-id", message, at, item=f"{key}:{name}")


def duplicates(items: list[Any]) -> Iterator[tuple[int, str]]:
    """Index and id of every entry whose id an earlier entry has."""
    seen: set[str] = set()
    for index, item in enumerate(items):
        name = item.get("id") if type(item) is dict else None
        if isinstance(name, str | int):
            if str(name) in seen:
                yield index, str(name)
            seen.add(str(name))


def _told_apart(items: list[Any]) -> bool:
    """Whether all ids differ, at the speed of C: nearly always, and nothing else need be looked at."""
    ids = [item["id"] for item in items if type(item) is dict and "id" in item]
    try:
        return len(set(ids)) == len(ids)
    except TypeError:  # an id that is a list or a mapping: its schema says what is wrong
        return False


def _dangling(context: Context, one: AssetRequirement, data: dict[str, Any]) -> Iterator[Finding]:
    scope = context.scope(one.path)
    for select, target, what in one.asset.references:
        values = select.values(data)
        if not values or target.asset in context.missing:
            continue
        try:
            known = set(map(str, scope.values(target)))
        except Undecidable:
            continue
        if all(str(value) in known for value in values):
            continue
        for path, value in select.places(data):
            if str(value) not in known:
                message = f"{what} {quoted(value)} does not exist"
                at = context.node.locate(Place(one.path, path))
                item = f"{path[-1]}:{value}"
                yield finding(one, "unresolved-reference", message, at, item=item)
