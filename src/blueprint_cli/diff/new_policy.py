"""New engagements that need what is new in the policy: an archetype, a track or a reference blueprint.

A change is judged by the policy of its base, which knows nothing of these. Where both are new, nothing that the base
requires could be relaxed: such an engagement is judged by the policy that comes with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from blueprint_cli.diff import policy_changes
from blueprint_cli.diff.affected import Pair
from blueprint_cli.engagement.infohub import InfoHub
from blueprint_cli.engagement.resolve import Planner
from blueprint_cli.files.tree import Tree
from blueprint_cli.policy.layers import SCHEMAS
from blueprint_cli.policy.load import Policy
from blueprint_cli.policy.model import Archetype
from blueprint_cli.workspace import Snapshot

Archetypes = Mapping[str, Archetype]


def by_own(base: Snapshot, tree: Tree, policy: Policy) -> Snapshot:
    """The new tree by its own policy, with the settings of the base."""
    return replace(base, infohub=InfoHub(tree, policy, base.config), planner=Planner())


def engagements(
    pairs: Iterable[Pair], base: Snapshot, own: Snapshot, changed: Collection[str], files: Iterable[str]
) -> list[Pair]:
    """The new engagements that the policy of the base does not know how to judge, and that of the head does."""
    listed = list(pairs)
    known = {pair.path for pair in listed} | {ref.path for ref in base.portfolio.nodes}
    new = [pair for pair in listed if pair.base is None]
    new += [Pair(None, ref) for ref in own.portfolio.nodes if ref.blueprint in changed and ref.path not in known]
    before, now = (side.policy.catalog.archetypes for side in (base, own))
    schemas = any(SCHEMAS in path for path in files)
    return [pair for pair in new if _needs(_written(own, pair), before, now, schemas=schemas)]


def _written(own: Snapshot, pair: Pair) -> Mapping[str, Any]:
    side = policy_changes.side(own, pair.head)
    return side.document.data if side is not None and side.document.ok and side.document.data else {}


def _needs(data: Mapping[str, Any], before: Archetypes, now: Archetypes, *, schemas: bool) -> bool:
    """Whether an engagement needs what is new. ``schemas``: whether those of the base may have changed."""
    name, track = data.get("archetype"), data.get("track")
    if not isinstance(name, str) or name not in now:
        return False
    if name not in before:
        return True
    if schemas or not _only_adds(before[name], now[name]):
        return False
    rows = data.get("reference_blueprints")
    ids = {str(row.get("id")) for row in rows if isinstance(row, dict)} if isinstance(rows, list) else set()
    new_blueprints = now[name].reference_blueprints.keys() - before[name].reference_blueprints.keys()
    return (track in now[name].tracks and track not in before[name].tracks) or bool(ids & new_blueprints)


def _only_adds(before: Archetype, now: Archetype) -> bool:
    """Whether everything that the base has of an archetype is as it was."""
    parts = (
        (before.tracks, now.tracks),
        (before.reference_blueprints, now.reference_blueprints),
    )
    kept = all(id in new and new[id].written == row.written for old, new in parts for id, row in old.items())
    return kept and before.written == now.written
