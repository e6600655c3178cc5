"""The form of an asset's file: faults as YAML and by its schema, and in its dates, ids and references."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from blueprint_cli.engagement.node import AssetFile
from blueprint_cli.jsonpath import Selector
from blueprint_cli.model import DatedBy, Location, Severity
from blueprint_cli.policy.plan import AssetRequirement
from blueprint_cli.predicates.scope import Place, Source, State, Undecidable
from blueprint_cli.rules.context import Context, Finding, few
from blueprint_cli.schema import Defect
from blueprint_cli.text import quoted
from blueprint_cli.times import iso


def files(context: Context) -> Iterator[Finding]:
    """What is wrong with the assets that exist; in an engagement that is not active, an invalid one is a warning."""
    severity = None if context.node.instance.active else Severity.WARNING
    for asset, file in _existing(context):
        for fault in faults(context, asset, file):
            yield replace(fault, severity=severity) if severity and fault.rule == "invalid-asset" else fault
    for asset in context.plan.assets:
        yield from misnamed(asset, context.node.files[asset.path])


def misnamed(asset: AssetRequirement, file: AssetFile) -> Iterator[Finding]:
    """A file that only differs in spelling from an asset that does not exist: nobody reads it."""
    if file.near is not None and file.near.respelt:
        message = f"{quoted(file.near.path)} is not read; rename it to {quoted(file.path)}"
        yield finding(asset, "misnamed-file", message, Location(file.near.path, 1, 1))


def lint(context: Context) -> Iterator[Finding]:
    """What is wrong in the files of an engagement that is not active: nothing is missing or too old then."""
    yield from files(context)
    for asset, file in _existing(context):
        yield from warnings(context, asset, file)


def _existing(context: Context) -> Iterator[tuple[AssetRequirement, AssetFile]]:
    pairs = ((asset, context.node.files[asset.path]) for asset in context.plan.assets)
    return ((asset, file) for asset, file in pairs if file.state is not State.ABSENT)


def finding(asset: AssetRequirement, rule: str, message: str, at: Location, **more: Any) -> Finding:
    """A fault of an asset, with the asset's owner and playbook."""
    return Finding(
        rule,
        message,
        at,
        blueprint=asset.row.blueprint,
        asset=asset.path,
        owner_roles=asset.owner_roles,
        playbook=asset.row.playbook,
        **more,
    )


def faults(context: Context, asset: AssetRequirement, file: AssetFile) -> Iterator[Finding]:
    """What is wrong with the file as YAML and by its schema."""
    if file.unreadable is not None:
        message = f"{file.path} {file.unreadable.message}"
        yield finding(asset, file.unreadable.rule, message, Location(file.path, 1, 1))
        return
    assert file.document is not None  # noqa: S101 - a file that exists and can be read has a document
    for fault in file.document.faults:
        at = Location(file.path, fault.line, fault.column)
        yield finding(asset, fault.rule, fault.message, at, item=fault.rule)
    yield from few(_defect(context, asset, defect) for defect in file.defects if not defect.unknown_key)
    yield from few(_defect(context, asset, defect) for defect in file.defects if defect.unknown_key)


def _defect(context: Context, asset: AssetRequirement, defect: Defect) -> Finding:
    return finding(
        asset,
        "unknown-key" if defect.unknown_key else "invalid-asset",
        defect.message,
        context.node.locate(Place(asset.path, defect.place)),
        item=defect.identity,
        severity=None if defect.unknown_key else asset.severity,
    )


def warnings(context: Context, asset: AssetRequirement, file: AssetFile) -> Iterator[Finding]:
    """Faults in the dates, ids and references of a file that can be read."""
    data = file.document.data if file.document is not None else None
    if not isinstance(data, dict):
        return
    yield from _dates(context, asset, data)
    for key, value in data.items():
        if type(value) is list and len(value) > 1 and not _all_ids_differ(value):
            yield from few(_duplicates(context, asset, key, value))
    if asset.row.references and file.state is not State.BROKEN:
        yield from few(_dangling(context, asset, data))


def _dates(context: Context, asset: AssetRequirement, data: Mapping[str, Any]) -> Iterator[Finding]:
    node, last = context.node, context.node.as_of.last
    file = node.files[asset.path]
    invalid = any(defect.path == ("last_updated",) for defect in file.defects)
    if file.undated and not invalid and asset.path.endswith((".yaml", ".yml")):
        age = "is taken from Git" if node.dated(asset.path)[1] is DatedBy.GIT else "is not known"
        at = node.locate(Place(asset.path, ("last_updated",) if "last_updated" in data else ()))
        fault = f"{quoted(data['last_updated'])} is not a date" if "last_updated" in data else "is missing"
        yield finding(asset, "undated-asset", f"`last_updated` {fault}: its age {age}", at)
    yield from _early(context, asset, [((key,), data.get(key)) for key in ("last_updated", "reviewed_at")])
    for select in asset.row.dates:
        moments = node.zone.moments(select.values(data))
        if moments and max([moment.first for moment in moments]) > last:
            yield from few(_early(context, asset, select.places(data)))


def _early(
    context: Context, asset: AssetRequirement, dates: Iterable[tuple[Sequence[str | int], Any]]
) -> Iterator[Finding]:
    for path, value in dates:
        moment = context.node.zone.moment(value)
        if moment is not None and moment.is_after(context.node.as_of):
            message = f"`{path[-1]}` {moment.text} is after the scan"
            if moment.day == context.day + 1:
                message += f", which is on {iso(context.day)} in {context.node.zone.name}, the `timezone` of bp.yaml"
            at = context.node.locate(Place(asset.path, tuple(path)))
            yield finding(asset, "future-date", message, at, item=".".join(map(str, path)))


def _duplicates(context: Context, asset: AssetRequirement, key: str, items: list[Any]) -> Iterator[Finding]:
    for index, name in duplicates(items):
        message = f"id {quoted(name)} is used twice in {quoted(key)}: ids must be unique"
        at = context.node.locate(Place(asset.path, (key, index, "id")))
        yield finding(asset, "duplicate-id", message, at, item=f"{key}:{name}")


def duplicates(items: Sequence[Any]) -> Iterator[tuple[int, str]]:
    """Index and id of every entry whose id an earlier entry has."""
    seen: set[str] = set()
    for index, item in enumerate(items):
        name = item.get("id") if type(item) is dict else None
        if isinstance(name, str | int):
            if str(name) in seen:
                yield index, str(name)
            seen.add(str(name))


def _all_ids_differ(items: list[Any]) -> bool:
    """Whether all ids differ: a quick test that nearly every list passes."""
    ids = [item["id"] for item in items if type(item) is dict and "id" in item]
    try:
        return len(set(ids)) == len(ids)
    except TypeError:  # an id that is a list or a mapping: its schema says what is wrong
        return False


def _dangling(context: Context, asset: AssetRequirement, data: dict[str, Any]) -> Iterator[Finding]:
    for select, target, what in asset.row.references:
        for path, value in _unknown(context, asset, data, select, target):
            message = f"{what} {quoted(value)} does not exist"
            at = context.node.locate(Place(asset.path, path))
            yield finding(asset, "unresolved-reference", message, at, item=f"{path[-1]}:{value}")


def _unknown(
    context: Context, asset: AssetRequirement, data: dict[str, Any], select: Selector, target: Source
) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """The selected values that the target does not have; none where the target is missing or cannot be judged."""
    values = select.values(data)
    if not values or target.asset in context.missing:
        return
    try:
        known = set(map(str, context.scope(asset.path).values(target)))
    except Undecidable:
        return
    if not all(str(value) in known for value in values):
        yield from ((path, value) for path, value in select.places(data) if str(value) not in known)
