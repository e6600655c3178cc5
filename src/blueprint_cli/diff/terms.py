"""The terms of an engagement: what in its blueprint.yaml decides how its other files are judged.

A gap that is gone only because the terms are others was not fixed by anybody; a gap that was there already, hidden by a
blueprint.yaml that could not be used, was not introduced by the repair. Both are found by judging one side's files by
the other side's terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from blueprint_cli.diff.compare import blocked, judged
from blueprint_cli.diff.policy_changes import Side, is_as_strict
from blueprint_cli.engagement.instance import Instance
from blueprint_cli.model import NodeReport
from blueprint_cli.policy.model import Archetype
from blueprint_cli.yamlfile import Document

_OPEN = frozenset({"missing-date", "missing-reference-blueprint", "invalid-blueprint"})
"""Gaps of blueprint.yaml that keep requirements from being judged."""


def head_as_before(base: Side | None, head: Side | None, archetypes: Mapping[str, Archetype]) -> Document | None:
    """The head's blueprint.yaml with the terms of the base; None where they are the same, or one side has none."""
    if base is None or head is None or base.instance is None or head.instance is None or not base.instance.active:
        return None
    archetype = archetypes.get(base.instance.archetype)
    data = {**head.instance.data, **_terms(base.instance, head.instance, archetype)}
    return None if data == head.instance.data else replace(head.document, data=data)


def base_as_now(before: NodeReport, after: NodeReport, base: Side | None, head: Side | None) -> Document | None:
    """The blueprint.yaml of the head, where it repairs one of the base by which not everything could be judged."""
    if head is None or head.instance is None or not head.instance.active or not judged(after):
        return None
    if base is not None and base.document.data == head.document.data:
        return None
    is_open = blocked(before) or any(gap.rule in _OPEN for gap in before.gaps)
    return head.document if is_open else None


def _terms(base: Instance, head: Instance, archetype: Archetype | None) -> dict[str, Any]:
    """What the base says of them. What the head adds to it stays: a date that was missing, one more requirement.

    Waivers are not among them: those that a change adds do not count anyway. Nor is where assets are: a file that was
    found at another path is there.
    """
    terms = {key: base.data[key] for key in ("archetype", "track", "status")}
    if base.dates:
        terms["lifecycle"] = {**head.dates, **base.dates}
    entries = _entries(base, head, archetype)
    if entries != head.data["reference_blueprints"]:
        terms["reference_blueprints"] = entries
    additional = _additional(base, head)
    if additional != head.additional:
        terms["additional_assets"] = additional
    return terms


def _entries(base: Instance, head: Instance, archetype: Archetype | None) -> list[Any]:
    known = archetype.reference_blueprints if archetype else {}
    active = {entry.id: entry for entry in base.blueprints.values() if not entry.set_aside and entry.id in known}
    dropped = [id for id in active if id not in head.blueprints or head.blueprints[id].set_aside]
    rows = base.data["reference_blueprints"]
    kept = [row for row in head.data["reference_blueprints"] if row["id"] not in dropped]
    return [*kept, *(rows[active[id].index] for id in dropped)]


def _additional(base: Instance, head: Instance) -> list[Any]:
    after = {asset["path"]: asset for asset in head.additional}
    laxer = {
        asset["path"]: asset
        for asset in base.additional
        if asset["path"] not in after or not is_as_strict(asset, after[asset["path"]])
    }
    return [*(asset for asset in head.additional if asset["path"] not in laxer), *laxer.values()]
