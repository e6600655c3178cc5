"""Reference blueprints × track × instance, resolved to a plan. Most nodes share one."""

from __future__ import annotations

from collections.abc import Mapping

from blueprint_cli.engagement.instance import BlueprintEntry, Instance
from blueprint_cli.model import Severity
from blueprint_cli.policy.model import EMPTY, END_ONLY, Archetype, Track
from blueprint_cli.policy.plan import (
    ENVELOPE,
    AssetRequirement,
    BlueprintRequirement,
    CadenceRequirement,
    CheckRequirement,
    Plan,
    bind,
)
from blueprint_cli.policy.rows import Asset, Origin
from blueprint_cli.predicates.limit import Limit, LimitSpec


class Planner:
    """Makes plans, and remembers those that nodes share."""

    def __init__(self) -> None:
        self._shared: dict[object, Plan] = {}

    def plan(self, archetype: Archetype, track: Track, instance: Instance, file: str) -> Plan:
        """The plan of an instance; ``file``: the path of its blueprint.yaml."""
        listed = tuple(sorted((entry.id, entry.set_aside) for entry in instance.blueprints.values()))
        key = (archetype.id, track.id, listed)
        if key not in self._shared:
            self._shared[key] = _plan(archetype, track, instance.blueprints)
        shared = self._shared[key]
        if not instance.additional:
            return shared
        assets = {asset.path: asset for asset in shared.assets}
        for asset in _additional(archetype, track, instance, file):
            assets.setdefault(asset.path, asset)
        return Plan(archetype, track, shared.blueprints, tuple(assets.values()), shared.checks, shared.cadences)


def _plan(archetype: Archetype, track: Track, entries: Mapping[str, BlueprintEntry]) -> Plan:
    blueprints = tuple(
        BlueprintRequirement(
            id=name,
            required=name in track.required,
            optional=name in track.optional,
            instantiated=name in entries,
            set_aside=name in entries and entries[name].set_aside,
            row=row,
        )
        for name, row in archetype.reference_blueprints.items()
    )
    active = [blueprint.row for blueprint in blueprints if blueprint.active]
    checks = tuple(CheckRequirement(check, archetype, track, row.owner_roles) for row in active for check in row.checks)
    by_asset: dict[str, list[CheckRequirement]] = {}
    for check in checks:
        by_asset.setdefault(check.row.asset, []).append(check)
    assets = tuple(
        _asset(archetype, track, asset, row.owner_roles, tuple(by_asset.get(asset.path, ())))
        for row in active
        for asset in row.assets
    )
    cadences = tuple(
        CadenceRequirement(cadence, track.cell(cadence.row), row.owner_roles)
        for row in active
        for cadence in row.cadences
    ) + tuple(CadenceRequirement(cadence, track.cell(cadence.row), ()) for cadence in archetype.cadences)
    return Plan(archetype, track, blueprints, assets, checks, cadences)


def _asset(
    archetype: Archetype, track: Track, asset: Asset, roles: tuple[str, ...], checks: tuple[CheckRequirement, ...]
) -> AssetRequirement:
    expect, severity = completeness(archetype, track)
    row, declared = archetype.asset_rows.get(asset.path, (None, {}))
    cell = track.cell(row) if row else None
    if cell == EMPTY or cell == "optional":
        expected, why = False, f"{track.where(row or '')} is {cell}"
    elif expect == "listed" and (cell is None or declared["type"] not in ("depth", "period")):
        expected, why = False, f"{track.title} expects only the assets of its asset rows"
    else:
        expected, why = True, f"{track.where(row)} is {cell}" if row else str(asset.origin)
    depth = track.cell(asset.depth_row) if asset.depth_row else None
    return AssetRequirement(
        row=asset,
        expected=expected,
        why=why,
        depth=None if depth == EMPTY else depth,
        schema=asset.schema,
        severity=severity,
        staleness=_staleness(archetype, track, asset.review_every),
        owner_roles=roles,
        own_checks=checks,
    )


def completeness(archetype: Archetype, track: Track) -> tuple[str, Severity]:
    """Which assets the track expects (``all`` or ``listed``), and the severity of one that is missing."""
    rule, strict = archetype.completeness, ("all", Severity.ERROR)
    return strict if rule is None else rule.levels.get(track.cell(rule.row), strict)


def _staleness(archetype: Archetype, track: Track, own: LimitSpec | None) -> Limit | None:
    """The longer of the track's staleness limit and the asset's own period; None: it is never stale."""
    row = archetype.staleness_row
    common = bind(track, LimitSpec(row=row)) if row else None
    if row and common is None:
        return None
    period = bind(track, own) if own and track.cell(own.row or "") != END_ONLY else None
    limits = [limit for limit in (common, period) if limit is not None]
    if not limits:
        return None
    longest = max(limits, key=lambda limit: limit.spans[0].rank)
    spans = tuple(span for limit in limits for span in limit.spans)
    return Limit(spans, longest.text, longest.source, longest.track)


def _additional(archetype: Archetype, track: Track, instance: Instance, file: str) -> list[AssetRequirement]:
    _, severity = completeness(archetype, track)
    requirements = []
    for index, written in enumerate(instance.additional):
        name, owner = written["path"], written["reference_blueprint"]
        title = name.rsplit("/", 1)[-1].rsplit(".", 1)[0].replace("_", " ")
        asset = Asset({"title": title, **written}, Origin(file, ("additional_assets", index)), owner)
        row = archetype.reference_blueprints.get(owner)
        requirements.append(
            AssetRequirement(
                row=asset,
                expected=True,
                why=f"{file}: additional_assets",
                depth=None,
                schema=asset.schema or ENVELOPE,
                severity=severity,
                staleness=_staleness(archetype, track, asset.review_every),
                owner_roles=row.owner_roles if row else (),
                additional=index,
            )
        )
    return requirements
