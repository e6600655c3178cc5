"""What in a change loosens the requirements.

A pull request is judged by its base's policy, and no waiver that it adds counts. These are the changes that a reviewer
must know of nevertheless.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from blueprint_cli.config import FILE, Config
from blueprint_cli.diff.compare import POLICY
from blueprint_cli.engagement.instance import WAIVABLE, Instance
from blueprint_cli.engagement.node import NodeRef
from blueprint_cli.files.tree import Tree, Unreadable
from blueprint_cli.model import Gap, Location, NodeReport, Severity
from blueprint_cli.model.difference import NodeGap
from blueprint_cli.policy.layers import FOLDERS, is_packaged
from blueprint_cli.policy.model import Archetype
from blueprint_cli.report import gaps
from blueprint_cli.rulebook import RULES
from blueprint_cli.rules.context import Finding
from blueprint_cli.rules.instance import SCHEMA, schema_faults
from blueprint_cli.text import join_path
from blueprint_cli.times import span
from blueprint_cli.workspace import Snapshot
from blueprint_cli.yamlfile import Document, read

RULE = "policy-change"


@dataclass(frozen=True)
class Side:
    document: Document
    instance: Instance | None
    """None where it is not valid."""

    @property
    def waivers(self) -> list[Any]:
        """Its waivers as they are written, whatever else in it is not valid."""
        written = self.document.data.get("waivers") if self.document.ok else None
        return written if isinstance(written, list) else []


def side(snapshot: Snapshot, ref: NodeRef | None) -> Side | None:
    """The blueprint of an engagement; None where it has none that can be read."""
    if ref is None or ref.blueprint is None:
        return None
    _, raw = next(iter(snapshot.tree.read([ref.blueprint], snapshot.config.limits.file_bytes)))
    if isinstance(raw, Unreadable):
        return None
    document = read(raw, snapshot.config.limits)
    if not document.ok:
        return Side(document, None)
    faults = schema_faults(ref, document, snapshot.policy.store.validator(SCHEMA), snapshot.config.timezone)
    valid = all(fault.rule != "invalid-blueprint" for fault in faults)
    return Side(document, Instance(document.data, snapshot.zone) if valid else None)


def loosened(ref: NodeRef, base: Side | None, head: Side | None, archetypes: Mapping[str, Archetype]) -> list[Gap]:
    """What the head's blueprint.yaml no longer requires, compared with the base's: gaps of rule ``policy-change``."""
    if head is None or head.instance is None:
        return []
    before = base.instance if base else None
    loosenings = list(_waivers(base.waivers if base else [], head.instance))
    if before is not None:
        for part in (_terms, _entries, _lifecycle, _assets):
            loosenings += part(before, head.instance, archetypes)
    owner = head.instance.owner(())
    return [
        gaps.gap(
            ref.name,
            Finding(RULE, message, Location(ref.blueprint or "", *head.document.locate(path)), item=item),
            RULES[RULE].severity,
            owner,
            None,
        )
        for item, message, path in loosenings
    ]


Loosenings = Iterator[tuple[str, str, tuple[str | int, ...]]]
"""Of each: its identity, the message, and its place in blueprint.yaml."""


def _terms(base: Instance, head: Instance, archetypes: Mapping[str, Archetype]) -> Loosenings:
    if base.archetype != head.archetype:
        yield "archetype", f"archetype was changed from {base.archetype} to {head.archetype}", ("archetype",)
    elif base.track != head.track:
        archetype = archetypes.get(head.archetype)
        old, new = (archetype.tracks.get(side.track) if archetype else None for side in (base, head))
        if old is None or new is None or new.rank <= old.rank:
            word = "lowered" if old and new and new.rank < old.rank else "changed"
            yield "track", f"track was {word} from {base.track} to {head.track}", ("track",)
    if base.active and not head.active:
        yield "status", f"status was set from active to {head.status}: nothing is required any more", ("status",)


def _entries(base: Instance, head: Instance, _: Mapping[str, Archetype]) -> Loosenings:
    for name, entry in base.blueprints.items():
        now = head.blueprints.get(name)
        if now is None:
            yield f"entry:{name}", f"reference blueprint {name} was removed", ("reference_blueprints",)
        elif now.set_aside and not entry.set_aside:
            at = ("reference_blueprints", now.index)
            yield f"entry:{name}", f"reference blueprint {name} was set to not_applicable", at


def _lifecycle(base: Instance, head: Instance, _: Mapping[str, Archetype]) -> Loosenings:
    for name, moment in base.lifecycle.items():
        now = head.lifecycle.get(name)
        if now is None:
            yield f"lifecycle:{name}", f"lifecycle.{name} was removed; it was {moment.text}", ("lifecycle",)
        elif now.first > moment.last:
            message = f"lifecycle.{name} was moved from {moment.text} to {now.text}"
            yield f"lifecycle:{name}", message, ("lifecycle", name)


def _assets(base: Instance, head: Instance, _: Mapping[str, Archetype]) -> Loosenings:
    after = {asset["path"]: (index, asset) for index, asset in enumerate(head.additional)}
    for asset in base.additional:
        path = asset["path"]
        if path not in after:
            yield f"additional:{path}", f"additional asset `{path}` was removed", ("additional_assets",)
        elif not is_as_strict(asset, after[path][1]):
            at = ("additional_assets", after[path][0])
            yield f"additional:{path}", f"the requirements of additional asset `{path}` were changed", at
    for name, path in head.path_map.items():
        if base.path_map.get(name) != path:
            yield f"map:{name}", f"`{name}` was mapped to `{path}`", ("assets", name)


def is_as_strict(base: Mapping[str, Any], head: Mapping[str, Any]) -> bool:
    """Whether an additional asset has at least the requirements that it had: one schema more, or a shorter rhythm."""
    for key in {**base, **head}:
        before, now = base.get(key), head.get(key)
        if before == now or key.startswith("x-") or (key == "schema" and before is None):
            continue
        rhythms = [span(str(written)) for written in (before, now)] if key == "review_every" and before and now else []
        old, new = rhythms or (None, None)
        if old is None or new is None or new.rank > old.rank:
            return False
    return True


def _waivers(base: list[Any], head: Instance) -> Loosenings:
    waivers = [waiver for waiver in base if isinstance(waiver, dict)]
    known = {(kind, waiver[kind]) for waiver in waivers for kind in WAIVABLE if kind in waiver}
    for waiver in head.waivers:
        if waiver.within(base):
            continue
        what = "changed" if (waiver.kind, waiver.target) in known else "added"
        message = f"a waiver of `{waiver.target}` was {what} (until {waiver.expires}): it does not count here"
        yield f"waiver:{waiver.kind}:{waiver.target}", message, ("waivers", waiver.index)


def as_errors(changes: Iterable[NodeGap], deleted: Iterable[NodeReport]) -> tuple[NodeGap, ...]:
    """The changes, and the deletion of engagements, as what fails a run that is to permit none of them."""
    errors = [NodeGap(node, replace(gap, severity=Severity.ERROR)) for node, gap in changes]
    for node in deleted:
        at = Location(join_path(node.path, "blueprint.yaml"))
        finding = Finding(RULE, f"{node.name} was deleted: nothing is required any more", at, item="deleted")
        errors.append(NodeGap(node, gaps.gap(node.name, finding, Severity.ERROR, None, None)))
    return tuple(errors)


def policy_files(changed: Collection[str], configs: Iterable[Config], root: str) -> list[str]:
    """The changed files that are policy: the configuration, and what a repository adds to the catalog."""
    folders = {folder for config in configs for folder in config.catalog_folders}
    prefixes = tuple(
        f"{folder}/{name}" if folder else name
        for folder in folders
        if not is_packaged(Path(root, folder))
        for name in FOLDERS
    )
    return sorted(
        path for path in changed if path == FILE or (path.startswith(prefixes) and path.endswith((".yaml", ".json")))
    )


def policy_changes(paths: Iterable[str], base: Tree, head: Tree, configs: tuple[Config, Config]) -> list[Gap]:
    """One gap of rule ``policy-change`` for each changed policy file."""
    changes = []
    for path in paths:
        what = "deleted" if path not in head.entries() else "changed" if path in base.entries() else "added"
        message, line = f"{path} was {what}", None if what == "deleted" else 1
        if path == FILE:
            keys, line = _settings(*configs, line)
            if not keys:
                continue
            message = f"{message}: {', '.join(keys)}"
        finding = Finding(RULE, message, Location(path, line, None if line is None else 1), item=path)
        changes.append(gaps.gap(POLICY.name, finding, Severity(RULES[RULE].severity), None, None))
    return changes


def _settings(base: Config, head: Config, line: int | None) -> tuple[list[str], int | None]:
    """The settings that differ, and the line of the first that the head still has."""
    old, new = ((side.document.data or {}) if side.document else {} for side in (base, head))
    keys = [key for key in {**new, **old} if old.get(key) != new.get(key)]
    lines = [head.document.locate((key,))[0] for key in keys if key in new] if head.document else []
    return keys, min(lines, default=line)
