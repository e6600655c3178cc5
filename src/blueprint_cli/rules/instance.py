"""The instance itself: whether blueprint.yaml can be judged, and what in it leads nowhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from blueprint_cli.engagement.instance import Instance
from blueprint_cli.engagement.node import Node, NodeRef
from blueprint_cli.model import Location, Status
from blueprint_cli.policy.model import Archetype
from blueprint_cli.policy.plan import BlueprintRequirement, Kind, Plan
from blueprint_cli.rules.context import Context, Finding, Outcome, few
from blueprint_cli.rules.form import duplicates
from blueprint_cli.schema import Defect, Validator
from blueprint_cli.times import iso
from blueprint_cli.yamlfile import Document

_COMPARED = 100
"""Names that one is compared with, and characters of it: a guess must not become the main work."""


def suggest(word: str, known: Iterable[str]) -> str:
    """``; did you mean `x`?``, or the names that exist, or nothing where there are none."""
    import difflib  # late: only where something is misspelt

    names = sorted(known)[:_COMPARED]
    close = difflib.get_close_matches(word, names, 1) if len(word) <= _COMPARED else []
    if close:
        return f"; did you mean `{close[0]}`?"
    return f"; known: {', '.join(names[:8])}{', …' if len(names) > 8 else ''}" if names else ""


def unreadable(ref: NodeRef, document: Document) -> list[Finding]:
    """The faults that keep blueprint.yaml from being read at all."""
    return [Finding(f.rule, f.message, Location(ref.blueprint or "", f.line, f.column)) for f in document.faults]


SCHEMA = "blueprint.schema.json"
"""The schema of blueprint.yaml."""


def schema_faults(ref: NodeRef, document: Document, validator: Validator) -> list[Finding]:
    """What the schema of blueprint.yaml finds wrong; unknown keys are warnings."""
    if validator.is_valid(document.data):
        return []
    defects = validator.defects(document.data)
    found = few(_defect(ref, document, one, "invalid-blueprint") for one in defects if not one.unknown_key)
    return [*found, *few(_defect(ref, document, one, "unknown-key") for one in defects if one.unknown_key)]


def _defect(ref: NodeRef, document: Document, defect: Defect, rule: str) -> Finding:
    at = Location(ref.blueprint or "", *document.locate(defect.place))
    return Finding(rule, defect.message, at, item=defect.identity)


def unknown_archetype(ref: NodeRef, document: Document, name: str, known: Iterable[str]) -> Finding:
    """The archetype is not in the catalog."""
    at = Location(ref.blueprint or "", *document.locate(("archetype",)))
    return Finding("unknown-archetype", f"archetype `{name}` is not in the catalog{suggest(name, known)}", at)


def unknown_track(ref: NodeRef, document: Document, name: str, known: Iterable[str]) -> Finding:
    """The track is not one of the archetype's."""
    at = Location(ref.blueprint or "", *document.locate(("track",)))
    return Finding("invalid-blueprint", f"track `{name}` does not exist{suggest(name, known)}", at, item="track")


def semantic_faults(node: Node, archetype: Archetype) -> Iterator[Finding]:
    """What blueprint.yaml says that cannot be: unknown, repeated or groundless entries, references to nothing."""
    for found in (_blueprint_entries, _additional, _unresolved, _lifecycle, _playbooks):
        yield from few(found(node, archetype))


def _additional(node: Node, archetype: Archetype) -> Iterator[Finding]:
    seen = set(archetype.assets)
    for index, one in enumerate(node.instance.additional):
        name, path = one["reference_blueprint"], one["path"]
        if name not in archetype.reference_blueprints:
            at = node.in_blueprint("additional_assets", index, "reference_blueprint")
            message = f"reference blueprint `{name}` does not exist{suggest(name, archetype.reference_blueprints)}"
            yield Finding("invalid-blueprint", message, at, item=f"additional:{path}")
        if path in seen:
            at = node.in_blueprint("additional_assets", index, "path")
            yield Finding("duplicate-id", f"asset `{path}` is required already: keep one", at, item=f"again:{path}")
        seen.add(path)


def _lifecycle(node: Node, archetype: Archetype) -> Iterator[Finding]:
    for name in node.instance.dates:
        if name not in archetype.lifecycle and not name.startswith("x-"):
            message = f"`{name}` is no lifecycle date{suggest(name, archetype.lifecycle)}"
            yield Finding("unknown-key", message, node.in_blueprint("lifecycle", name), item=f"lifecycle.{name}")


def _playbooks(node: Node, _archetype: Archetype) -> Iterator[Finding]:
    for index, name in duplicates(node.instance.playbooks):
        message = f"id `{name}` is used twice in `playbooks`: ids must tell entries apart"
        at = node.in_blueprint("playbooks", index, "id")
        yield Finding("duplicate-id", message, at, item=f"playbooks:{name}")


def _blueprint_entries(node: Node, archetype: Archetype) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, one in enumerate(node.instance.listed):
        name = one.id
        at: tuple[str | int, ...] = ("reference_blueprints", index, "id")
        if name in seen:
            message = f"reference blueprint `{name}` is listed twice: keep one entry"
            yield Finding("invalid-blueprint", message, node.in_blueprint(*at), item=f"twice:{name}")
        elif name not in archetype.reference_blueprints:
            message = f"reference blueprint `{name}` does not exist{suggest(name, archetype.reference_blueprints)}"
            yield Finding("invalid-blueprint", message, node.in_blueprint(*at), item=f"unknown:{name}")
        elif one.set_aside and not one.reason:
            message = f"`{name}` is not_applicable without a reason: say why"
            yield Finding("invalid-blueprint", message, node.in_blueprint(*at[:2]), item=f"reason:{name}")
        seen.add(name)


def _unresolved(node: Node, archetype: Archetype) -> Iterator[Finding]:
    instance = node.instance
    if not (instance.waivers or instance.path_map or instance.playbooks):
        return
    extra = {one["path"] for one in instance.additional}
    known = {
        "playbook": set(archetype.playbooks),
        "check": set(archetype.checks),
        "asset": set(archetype.assets) | extra,
        "reference_blueprint": set(archetype.reference_blueprints),
    }
    named = [
        *(("playbook", one["id"], ("playbooks", i, "id")) for i, one in enumerate(instance.playbooks)),
        *((w.kind, w.target, ("waivers", w.index, w.kind)) for w in instance.waivers),
        *(("asset", key, ("assets", key)) for key in instance.path_map),
    ]
    for kind, name, path in named:
        if name not in known[kind]:
            what = kind.replace("_", " ")
            message = f"{what} `{name}` does not exist{suggest(name, known[kind])}"
            yield Finding("unresolved-reference", message, node.in_blueprint(*path), item=f"{path[0]}:{name}")


def missing_dates(node: Node, archetype: Archetype) -> Iterator[Finding]:
    """The lifecycle dates that an active node must have."""
    for name, date in archetype.lifecycle.items():
        if date.get("required") and name not in node.instance.dates:
            message = f"lifecycle.{name} is missing: without {date['title']} nothing can fall due"
            yield Finding("missing-date", message, _lifecycle_line(node), item=name)


def _lifecycle_line(node: Node) -> Location:
    if "lifecycle" in node.instance.data:
        return node.in_blueprint("lifecycle")
    return Location(node.ref.blueprint or "", 1, 1)


def judge_required(context: Context, one: BlueprintRequirement) -> Outcome:
    """One reference blueprint of the archetype: instantiated where the track requires it."""

    def outcome(status: Status, reason: str, *findings: Finding) -> Outcome:
        return Outcome(Kind.REFERENCE_BLUEPRINT, one.id, status, reason, None, one.id, findings)

    if one.active:
        return outcome(Status.PASSED, "instantiated")
    entry = context.node.instance.blueprints.get(one.id)
    if one.set_aside and (one.id in context.plan.archetype.may_be_not_applicable or not one.required):
        return outcome(Status.NOT_APPLICABLE, (entry.reason if entry else None) or "set aside without a reason")
    if not one.required:
        optional = "optional on" if one.optional else "not asked for on"
        return outcome(Status.NOT_APPLICABLE, f"{optional} {context.plan.track.title}")
    if _misspelt(context, one.id):
        return outcome(Status.FAILED, "named with an id that does not exist")
    what = "set aside" if one.set_aside else "not instantiated"
    finding = Finding(
        "missing-reference-blueprint",
        f"{context.plan.track.title} requires {one.id}, which is {what}",
        context.node.in_blueprint("reference_blueprints"),
        blueprint=one.id,
        owner_roles=one.row.owner_roles,
        playbook=one.row.assets[0].playbook if one.row.assets else None,
    )
    return outcome(Status.FAILED, what, finding)


def _misspelt(context: Context, wanted: str) -> bool:
    """Whether an unknown id in the list is meant for this one: then that is the one gap."""
    import difflib

    known = context.plan.archetype.reference_blueprints
    unknown = [name for name in context.node.instance.blueprints if name not in known]
    return any(difflib.get_close_matches(name, known, 1) == [wanted] for name in unknown)


def missing(ref: NodeRef) -> Finding:
    """A directory that should be an engagement and has no blueprint.yaml."""
    at = ref.expected_at or Location(ref.path)
    return Finding("missing-blueprint", f"{ref.name} has no blueprint.yaml: {ref.why}", at)


def waiver_faults(context: Context, used: set[int]) -> Iterator[Finding]:
    """Waivers that are past their last day, and those that excuse nothing."""
    instance: Instance = context.node.instance
    plan: Plan = context.plan
    if not instance.waivers:
        return
    known: dict[Kind, Collection[str]] = {
        Kind.CHECK: plan.archetype.checks,
        Kind.ASSET: {*plan.archetype.assets, *plan.assets_by_path},
        Kind.REFERENCE_BLUEPRINT: plan.archetype.reference_blueprints,
    }
    for waiver in instance.waivers:
        if waiver.target not in known[waiver.kind]:
            continue
        expired = waiver.expired(context.day)
        if not expired and (not waiver.in_force(context.day) or waiver.index in used):
            continue
        at = context.node.in_blueprint("waivers", waiver.index)
        where = _owner_of(plan, waiver.kind, waiver.target)
        if expired:
            day = waiver.last_day
            message = f"the waiver of {waiver.target} expired on {iso(day)}: renew it or remove it"
            more = {"since": day + 1, "due": day}
            yield Finding("expired-waiver", message, at, item=f"waiver:{waiver.target}", **where, **more)  # type: ignore[arg-type]
        else:
            message = f"the waiver of {waiver.target} excuses nothing: remove it"
            yield Finding("unused-waiver", message, at, item=f"waiver:{waiver.target}", **where)  # type: ignore[arg-type]


def _owner_of(plan: Plan, kind: Kind, target: str) -> dict[str, str | None]:
    """Whose a gap about a waiver is; the gap itself is the blueprint's, so it names no asset."""
    if kind is Kind.CHECK:
        return {"check": target, "blueprint": plan.archetype.checks[target].blueprint}
    if kind is Kind.ASSET:
        asset = plan.archetype.assets.get(target) or plan.assets_by_path[target].asset
        return {"blueprint": asset.blueprint}
    return {"blueprint": target}
