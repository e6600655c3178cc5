"""The engagement's blueprint.yaml: why it cannot be judged, and which of its entries are wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from blueprint_cli.engagement.node import Node, NodeRef
from blueprint_cli.model import Location
from blueprint_cli.policy.model import Archetype
from blueprint_cli.policy.plan import Kind
from blueprint_cli.rules.context import Finding, few
from blueprint_cli.rules.form import duplicates
from blueprint_cli.schema import Defect, Validator, Written
from blueprint_cli.text import did_you_mean, listed, quoted
from blueprint_cli.times import offset
from blueprint_cli.yamlfile import Document

SCHEMA = "blueprint.schema.json"
"""The schema of blueprint.yaml."""


def missing(ref: NodeRef) -> Finding:
    """A directory that should be an engagement and has no blueprint.yaml."""
    at = ref.expected_at or Location(ref.path)
    return Finding("missing-blueprint", f"{ref.name} has no {ref.wanted}: {ref.why}", at)


def surplus(ref: NodeRef) -> Iterator[Finding]:
    """Further blueprints beside the one of an engagement: which of them counts is not for us to decide."""
    first = (ref.blueprint or "").rpartition("/")[2]
    for path in ref.others:
        name = path.rpartition("/")[2]
        message = f"{name} is a second blueprint beside {first}: an engagement has only one; remove the other"
        yield Finding("invalid-blueprint", message, Location(path, 1, 1), item=f"second:{name}")


def namesakes(ref: NodeRef, others: Sequence[str]) -> Iterator[Finding]:
    """Other engagements of the same name, by their directories."""
    if others:
        message = f"{ref.name} is also the name of {listed(others, 3, show=quoted)}: rename one of them"
        yield Finding("duplicate-name", message, Location(ref.blueprint or ref.path, 1, 1), item=ref.path)


def unreadable(ref: NodeRef, document: Document) -> list[Finding]:
    """What is wrong with blueprint.yaml as YAML."""
    file = ref.blueprint or ""
    return [Finding(fault.rule, fault.message, Location(file, fault.line, fault.column)) for fault in document.faults]


def schema_faults(ref: NodeRef, document: Document, validator: Validator, zone: str) -> list[Finding]:
    """What the schema of blueprint.yaml finds wrong; unknown keys are warnings."""
    if validator.is_valid(document.data):
        return []
    defects = validator.defects(document.data, Written(document.written, offset(zone)))
    wrong = few(_defect(ref, document, defect) for defect in defects if not defect.unknown_key)
    return [*wrong, *few(_defect(ref, document, defect) for defect in defects if defect.unknown_key)]


def _defect(ref: NodeRef, document: Document, defect: Defect) -> Finding:
    rule = "unknown-key" if defect.unknown_key else "invalid-blueprint"
    return Finding(rule, defect.message, _at(ref, document, *defect.place), item=defect.identity)


def unknown_archetype(ref: NodeRef, document: Document, name: str, known: Iterable[str]) -> Finding:
    """The archetype is not in the catalog."""
    names = did_you_mean(name, known)
    own = quoted(f"reference_blueprints/{name}/archetype.yaml")
    next_step = "" if "did you mean" in names else f"; describe one of your own in {own}"
    message = f"archetype {quoted(name)} is not in the catalog{names}{next_step}"
    return Finding("unknown-archetype", message, _at(ref, document, "archetype"))


def unknown_track(ref: NodeRef, document: Document, name: str, known: Iterable[str]) -> Finding:
    """The track is not one of the archetype's."""
    message = f"track {quoted(name)} does not exist{did_you_mean(name, known)}"
    return Finding("invalid-blueprint", message, _at(ref, document, "track"), item="track")


def _at(ref: NodeRef, document: Document, *path: str | int) -> Location:
    return Location(ref.blueprint or "", *document.locate(path))


def semantic_faults(node: Node, archetype: Archetype) -> Iterator[Finding]:
    """Entries of blueprint.yaml that its schema accepts and that are wrong all the same."""
    for faults in (_blueprints, _additional, _unresolved, _lifecycle, _roles, _playbooks):
        yield from few(faults(node, archetype))


def _blueprints(node: Node, archetype: Archetype) -> Iterator[Finding]:
    seen: set[str] = set()
    for entry in node.instance.listed:
        name, place = entry.id, ("reference_blueprints", entry.index)
        if name in seen:
            message, at = f"reference blueprint {quoted(name)} is listed twice: keep one entry", (*place, "id")
            yield Finding("invalid-blueprint", message, node.in_blueprint(*at), item=f"twice:{name}")
        elif name not in archetype.reference_blueprints:
            message, at = _no_blueprint(name, archetype), (*place, "id")
            yield Finding("invalid-blueprint", message, node.in_blueprint(*at), item=f"unknown:{name}")
        elif entry.set_aside and not entry.reason:
            message = f"{quoted(name)} is not_applicable without a reason: add one"
            yield Finding("invalid-blueprint", message, node.in_blueprint(*place), item=f"reason:{name}")
        seen.add(name)


def _no_blueprint(name: str, archetype: Archetype) -> str:
    return f"reference blueprint {quoted(name)} does not exist{did_you_mean(name, archetype.reference_blueprints)}"


def _additional(node: Node, archetype: Archetype) -> Iterator[Finding]:
    seen = set(archetype.assets)
    for index, asset in enumerate(node.instance.additional):
        name, path = asset["reference_blueprint"], asset["path"]
        if name not in archetype.reference_blueprints:
            at = node.in_blueprint("additional_assets", index, "reference_blueprint")
            yield Finding("invalid-blueprint", _no_blueprint(name, archetype), at, item=f"additional:{path}")
        if path in seen:
            at = node.in_blueprint("additional_assets", index, "path")
            message = f"asset {quoted(path)} is already required: keep one entry"
            yield Finding("duplicate-id", message, at, item=f"again:{path}")
        seen.add(path)


def _unresolved(node: Node, archetype: Archetype) -> Iterator[Finding]:
    instance = node.instance
    if not (instance.waivers or instance.path_map or instance.playbooks):
        return
    known = {
        "playbook": set(archetype.playbooks),
        Kind.CHECK: set(archetype.checks),
        Kind.ASSET: set(archetype.assets) | {asset["path"] for asset in instance.additional},
        Kind.REFERENCE_BLUEPRINT: set(archetype.reference_blueprints),
    }
    references: list[tuple[str, str, tuple[str | int, ...]]] = [
        *(("playbook", row["id"], ("playbooks", index, "id")) for index, row in enumerate(instance.playbooks)),
        *((waiver.kind, waiver.target, ("waivers", waiver.index, waiver.kind)) for waiver in instance.waivers),
        *((Kind.ASSET, path, ("assets", path)) for path in instance.path_map),
    ]
    for kind, name, path in references:
        if name not in known[kind]:
            message = f"{kind.replace('_', ' ')} {quoted(name)} does not exist{did_you_mean(name, known[kind])}"
            yield Finding("unresolved-reference", message, node.in_blueprint(*path), item=f"{path[0]}:{name}")


def _lifecycle(node: Node, archetype: Archetype) -> Iterator[Finding]:
    for name in node.instance.dates:
        if name not in archetype.lifecycle and not name.startswith("x-"):
            message = f"{quoted(name)} is not a lifecycle date{did_you_mean(name, archetype.lifecycle)}"
            yield Finding("unknown-key", message, node.in_blueprint("lifecycle", name), item=f"lifecycle.{name}")


def _roles(node: Node, archetype: Archetype) -> Iterator[Finding]:
    for name in unknown_roles(node, archetype):
        message = f"{quoted(name)} is not a role{did_you_mean(name, archetype.roles or ())}"
        yield Finding("unknown-key", message, node.in_blueprint("team", name), item=f"team.{name}")


def unknown_roles(node: Node, archetype: Archetype) -> list[str]:
    """The roles of the team that the archetype does not know."""
    roles = archetype.roles
    return [] if roles is None else [name for name in node.instance.team if name not in roles]


def _playbooks(node: Node, _archetype: Archetype) -> Iterator[Finding]:
    for index, name in duplicates(node.instance.playbooks):
        message = f"id {quoted(name)} is used twice in `playbooks`: ids must be unique"
        at = node.in_blueprint("playbooks", index, "id")
        yield Finding("duplicate-id", message, at, item=f"playbooks:{name}")


def missing_dates(node: Node, archetype: Archetype) -> Iterator[Finding]:
    """The lifecycle dates that an active engagement must have, and lacks."""
    for name, date in archetype.lifecycle.items():
        if date.get("required") and name not in node.instance.dates:
            yield missing_date(node, name, f"without {date['title']} nothing can fall due")


def missing_date(node: Node, name: str, why: str) -> Finding:
    """A lifecycle date that is needed and not given."""
    written = "lifecycle" in node.instance.data
    at = node.in_blueprint("lifecycle") if written else Location(node.ref.blueprint or "", 1, 1)
    return Finding("missing-date", f"lifecycle.{name} is missing: {why}", at, item=name)
