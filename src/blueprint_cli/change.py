"""What a change can affect, and what in it loosens the judgement.

A pull request is judged by its base's policy, and no waiver that it brings excuses it; here is found what a
reviewer has to be told of nevertheless.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from blueprint_cli import gaps
from blueprint_cli.catalog.load import BLUEPRINTS, SCHEMAS, TRACKS
from blueprint_cli.catalog.model import Archetype
from blueprint_cli.config import FILE, Config
from blueprint_cli.instance import Instance
from blueprint_cli.model import Gap, Location, NodeReport, Severity, Status
from blueprint_cli.node import NodeRef
from blueprint_cli.portfolio import Portfolio
from blueprint_cli.rules import blueprint
from blueprint_cli.rules.base import Finding
from blueprint_cli.rules.registry import RULES
from blueprint_cli.scan import INSTANCE_SCHEMA, Scanner
from blueprint_cli.tree import Tree, Unreadable
from blueprint_cli.yamlfile import Document, read

RULE = "policy-change"
_ALIKE = 0.6
"""How much of a blueprint.yaml must be kept for it to be the same engagement under another name."""
_MOST_MOVES = 400
"""Pairs of a lost and a new engagement that are compared line by line; beyond it only equal files count."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One engagement on both sides; None where a side does not have it."""

    base: NodeRef | None
    head: NodeRef | None
    touched: bool = True
    """Whether one of its files differs: if not, both sides have the same gaps."""

    @property
    def path(self) -> str:
        """Where it is, or was."""
        ref = self.head or self.base
        return ref.path if ref else ""

    @property
    def renamed(self) -> bool:
        """Whether it was moved."""
        return self.base is not None and self.head is not None and self.base.path != self.head.path


# Which engagements ----------------------------------------------------------------------------------


def pairs(base: Scanner, head: Scanner, changed: Collection[str], everything: bool) -> list[Pair]:
    """The engagements that the changed paths can affect, by path; ``everything``: all that there are."""
    near: tuple[Portfolio, ...] = (base.portfolio, head.portfolio)
    if not everything and not _realm_roots(base.portfolio):
        near = _around(changed, *near)
    old, new = ({ref.path: ref for ref in portfolio.nodes} for portfolio in near)
    reports = {ref.report for ref in (*old.values(), *new.values())}
    above = {folder for path in changed if path not in reports for folder in _folders(path)}
    roots = _realm_roots(base.portfolio)
    found = []
    for path in sorted({*old, *new}):
        touched = path in above or any(_lies_below(path, root, above) for root in roots)
        if touched or everything:
            found.append(Pair(old.get(path), new.get(path), touched))
    return list(_rejoined(found, base, head))


def _folders(path: str) -> Iterator[str]:
    """The directories that a path lies in, and the path itself: a link may stand where one was."""
    yield path
    while path:
        path = path.rpartition("/")[0]
        yield path


def _around(changed: Collection[str], *sides: Portfolio) -> tuple[Portfolio, ...]:
    """The portfolios without what lies elsewhere: of a thousand engagements, only those around the changes."""
    names = {one.blueprint_path for side in sides for one in side.catalog.archetypes.values()}
    scopes = set()
    for path in changed:
        folders = sorted(set(_folders(path)) - {path}, key=len)
        blueprints = ((folder, f"{folder}/{name}".lstrip("/")) for folder in folders for name in names)
        top = next((f for f, blueprint in blueprints if any(blueprint in side.entries for side in sides)), None)
        scopes.add(path.partition("/")[0] if top is None else top)
    prefixes = tuple(f"{scope}/" if scope else "" for scope in scopes)
    found = []
    for side in sides:
        small = Portfolio(side.tree, side.config, side.catalog)
        small.entries = {path: kind for path, kind in side.entries.items() if path.startswith(prefixes)}
        found.append(small)
    return tuple(found)


def _realm_roots(portfolio: Portfolio) -> list[str]:
    """Where below a realm the blueprints stand that govern all of it."""
    every = portfolio.catalog.archetypes.values()
    return [one.blueprint_path.rpartition("/")[0] for one in every if one.realm_scope and "/" in one.blueprint_path]


def _lies_below(node: str, root: str, above: Collection[str]) -> bool:
    realm = "" if node == root else node.removesuffix(f"/{root}")
    return realm != node and realm in above


def _rejoined(found: list[Pair], base: Scanner, head: Scanner) -> Iterator[Pair]:
    """The pairs, with lost and new engagements joined where one was renamed to the other."""
    lost = [one.base for one in found if one.base and not one.head and one.base.blueprint]
    new = [one.head for one in found if one.head and not one.base and one.head.blueprint]
    moved = _moves(_texts(base.tree, lost), _texts(head.tree, new)) if lost and new else {}
    origins = {one.path: one for one in lost}
    gone = set(moved.values())
    for one in found:
        if one.head is not None and one.head.path in moved:
            yield Pair(origins[moved[one.head.path]], one.head)
        elif one.head is not None or one.base is None or one.base.path not in gone:
            yield one


def _texts(tree: Tree, refs: Iterable[NodeRef]) -> dict[str, list[bytes]]:
    """The lines of each engagement's blueprint, by path of the engagement."""
    named = {ref.blueprint: ref.path for ref in refs if ref.blueprint}
    contents = tree.read(list(named), 1 << 20)
    return {named[path]: raw.splitlines() for path, raw in contents if isinstance(raw, bytes)}


def _moves(lost: Mapping[str, list[bytes]], new: Mapping[str, list[bytes]]) -> dict[str, str]:
    """Old path by new path of what was renamed: equal blueprints first, then the most alike."""
    scored = []
    for path, lines in new.items():
        for origin, before in lost.items():
            score = 1.0 if lines == before else 0.0
            if not score and len(lost) * len(new) <= _MOST_MOVES:
                score = difflib.SequenceMatcher(None, before, lines, autojunk=False).ratio()
            if score >= _ALIKE:
                same_name = path.rpartition("/")[2] == origin.rpartition("/")[2]
                scored.append((-score, not same_name, path, origin))
    moved: dict[str, str] = {}
    for *_, path, origin in sorted(scored):
        if path not in moved and origin not in moved.values():
            moved[path] = origin
    return moved


def left_behind(lost: NodeReport, head: Scanner) -> NodeRef | None:
    """An engagement without blueprint whose assets are still there; None where it is gone altogether."""
    there = head.portfolio.entries
    asset = next((line.asset for line in lost.assets if line.path in there), None)
    if asset is None:
        return None
    at = Location(f"{lost.path}/blueprint.yaml" if lost.path else "blueprint.yaml")
    return NodeRef(lost.realm, lost.node, lost.path, None, None, f"it holds assets such as {asset}", at)


# What loosens the judgement -------------------------------------------------------------------------


@dataclass(frozen=True)
class Side:
    """One side's blueprint.yaml."""

    document: Document
    instance: Instance | None
    """None where it is not valid."""

    @property
    def waivers(self) -> list[Any]:
        """Its waivers as they are written, whatever else is wrong with it."""
        written = self.document.data.get("waivers") if self.document.ok else None
        return written if isinstance(written, list) else []


def side(scanner: Scanner, ref: NodeRef | None) -> Side | None:
    """The blueprint of an engagement; None where it has none that can be read."""
    if ref is None or ref.blueprint is None:
        return None
    _, raw = next(iter(scanner.tree.read([ref.blueprint], scanner.config.limits.file_bytes)))
    if isinstance(raw, Unreadable):
        return None
    document = read(raw, scanner.config.limits)
    if not document.ok:
        return Side(document, None)
    faults = blueprint.schema_faults(ref, document, scanner.policy.store.validator(INSTANCE_SCHEMA))
    valid = all(one.rule != "invalid-blueprint" for one in faults)
    return Side(document, Instance(document.data, scanner.zone) if valid else None)


def loosened(ref: NodeRef, base: Side | None, head: Side | None, archetypes: Mapping[str, Archetype]) -> list[Gap]:
    """What the head's blueprint.yaml asks less than the base's, as gaps of rule ``policy-change``."""
    if head is None or head.instance is None:
        return []
    before = base.instance if base else None
    said: list[tuple[str, str, tuple[str | int, ...]]] = list(_waivers(base.waivers if base else [], head.instance))
    if before is not None:
        for part in (_terms, _entries, _lifecycle, _assets):
            said += part(before, head.instance, archetypes)
    owner = head.instance.owner(())
    return [
        gaps.gap(
            ref,
            Finding(RULE, message, Location(ref.blueprint or "", *head.document.locate(path)), item=item),
            RULES[RULE].severity,
            owner,
            None,
        )
        for item, message, path in said
    ]


Said = Iterator[tuple[str, str, tuple[str | int, ...]]]
"""What identifies it, the message, and where it stands in blueprint.yaml."""


def _terms(base: Instance, head: Instance, archetypes: Mapping[str, Archetype]) -> Said:
    if base.archetype != head.archetype:
        yield "archetype", f"archetype was changed from {base.archetype} to {head.archetype}", ("archetype",)
    elif base.track != head.track:
        archetype = archetypes.get(head.archetype)
        old, new = (archetype.tracks.get(one.track) if archetype else None for one in (base, head))
        if old is None or new is None or new.rank <= old.rank:
            word = "lowered" if old and new and new.rank < old.rank else "changed"
            yield "track", f"track was {word} from {base.track} to {head.track}", ("track",)
    if base.active and not head.active:
        status = head.data["status"]
        yield "status", f"status was set from active to {status}: nothing is required any more", ("status",)


def _entries(base: Instance, head: Instance, _: Mapping[str, Archetype]) -> Said:
    for name, entry in base.entries.items():
        now = head.entries.get(name)
        if now is None:
            yield f"entry:{name}", f"reference blueprint {name} was removed", ("reference_blueprints",)
        elif now.set_aside and not entry.set_aside:
            at = ("reference_blueprints", now.index)
            yield f"entry:{name}", f"reference blueprint {name} was set to not_applicable", at


def _lifecycle(base: Instance, head: Instance, _: Mapping[str, Archetype]) -> Said:
    for name, moment in base.lifecycle.items():
        now = head.lifecycle.get(name)
        if now is None:
            yield f"lifecycle:{name}", f"lifecycle.{name} was dropped; it was {moment.text}", ("lifecycle",)
        elif now.first > moment.last:
            message = f"lifecycle.{name} was moved from {moment.text} to {now.text}"
            yield f"lifecycle:{name}", message, ("lifecycle", name)


def _assets(base: Instance, head: Instance, _: Mapping[str, Archetype]) -> Said:
    kept = {one["path"]: (index, one) for index, one in enumerate(head.additional)}
    for one in base.additional:
        path = one["path"]
        if path not in kept:
            yield f"additional:{path}", f"additional asset `{path}` was dropped", ("additional_assets",)
        elif kept[path][1] != one:
            at = ("additional_assets", kept[path][0])
            yield f"additional:{path}", f"what is asked of additional asset `{path}` was changed", at
    for name, path in head.path_map.items():
        if base.path_map.get(name) != path:
            yield f"map:{name}", f"`{name}` was mapped to `{path}`", ("assets", name)


def _waivers(base: list[Any], head: Instance) -> Said:
    known = {(kind, one[kind]) for one in base if isinstance(one, dict) for kind in _KINDS if kind in one}
    for waiver in head.waivers:
        if waiver.written in base:
            continue
        what = "changed" if (waiver.kind, waiver.target) in known else "added"
        until = waiver.written["expires"]
        message = f"a waiver of `{waiver.target}` was {what} (until {until}): it does not count here"
        yield f"waiver:{waiver.kind}:{waiver.target}", message, ("waivers", waiver.index)


_KINDS = ("check", "asset", "reference_blueprint")


REPOSITORY = NodeReport(
    realm="repository",
    node="policy",
    path="",
    report_path=None,
    as_of="",
    archetype=None,
    track=None,
    status="passing",
    reason=None,
    outcomes=dict.fromkeys(Status, 0),
)
"""What stands for the engagement where a change of policy concerns all of them."""


def policy_files(changed: Collection[str], configs: Iterable[Config], root: str, packaged: str) -> list[str]:
    """The changed files that judge: the configuration, and what a repository adds to the catalog."""
    folders = {folder.strip("/.") for config in configs for folder in config.catalog}
    prefixes = tuple(
        f"{folder}/{name}" if folder else name
        for folder in folders
        if str(PurePosixPath(root, folder)) != packaged
        for name in (BLUEPRINTS, TRACKS, SCHEMAS)
    )
    return sorted(
        path for path in changed if path == FILE or (path.startswith(prefixes) and path.endswith((".yaml", ".json")))
    )


def policy_changes(paths: Iterable[str], base: Tree, head: Tree, configs: tuple[Config, Config]) -> list[Gap]:
    """One gap of rule ``policy-change`` for each changed policy file."""
    ref = NodeRef(REPOSITORY.realm, REPOSITORY.node, "", None, None)
    found = []
    for path in paths:
        what = "deleted" if path not in head.entries() else "changed" if path in base.entries() else "added"
        message, line = f"{path} was {what}", None if what == "deleted" else 1
        if path == FILE:
            keys, line = _settings(*configs, line)
            if not keys:
                continue
            message = f"{message}: {', '.join(keys)}"
        finding = Finding(RULE, message, Location(path, line, None if line is None else 1), item=path)
        found.append(gaps.gap(ref, finding, Severity(RULES[RULE].severity), None, None))
    return found


def _settings(base: Config, head: Config, line: int | None) -> tuple[list[str], int | None]:
    """The settings that differ, and the line of the first that the head still has."""
    old, new = ((one.document.data or {}) if one.document else {} for one in (base, head))
    keys = [key for key in {**new, **old} if old.get(key) != new.get(key)]
    lines = [head.document.locate((key,))[0] for key in keys if key in new] if head.document else []
    return keys, min(lines, default=line)


def renamed(ref: NodeRef, to: NodeRef) -> NodeRef:
    """The base's engagement under the head's name: so its gaps have the same fingerprints."""
    return replace(ref, realm=to.realm, node=to.node)
