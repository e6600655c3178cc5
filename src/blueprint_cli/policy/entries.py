"""Everything known about one entry of the catalog, by its id: what `bp catalog show` shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from blueprint_cli.policy.load import Policy
from blueprint_cli.policy.model import Archetype, ReferenceBlueprint, Track
from blueprint_cli.policy.rows import Asset, Cadence, Check, Origin, Row, Trigger
from blueprint_cli.predicates.base import Predicate
from blueprint_cli.predicates.limit import Limit, LimitSpec

Fact = str | list[str] | dict[str, str]
Facts = dict[str, Fact | None]
Bind = Callable[[Track, LimitSpec], Limit | None]
"""What a limit is on a track; None where it does not apply."""


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """An archetype, track, check, … : what it is, where it is written, and the facts about it by label."""

    kind: str
    id: str
    title: str
    archetype: str
    origin: Origin
    facts: Mapping[str, Fact]
    """None of them is empty."""


class CatalogEntries:
    """The entries of one archetype."""

    def __init__(self, archetype: Archetype, bind: Bind) -> None:
        self.archetype, self._bind = archetype, bind
        self.tracks = sorted(archetype.tracks.values(), key=lambda track: (track.rank, track.id))

    def all(self) -> Iterator[tuple[tuple[str, ...], Callable[[], CatalogEntry]]]:
        """The names of each entry, and what makes it."""
        archetype = self.archetype
        yield (archetype.id,), self._archetype
        for track in self.tracks:
            yield (track.id,), partial(self._track, track)
        for blueprint in archetype.reference_blueprints.values():
            yield (blueprint.id, blueprint.code), partial(self._blueprint, blueprint)
            for asset in blueprint.assets:
                yield (asset.path,), partial(self._asset, asset, blueprint)
            for check in blueprint.checks:
                yield (check.full_id, check.id), partial(self._check, check, blueprint)
            for signal in blueprint.signals:
                yield (signal.id,), partial(self._signal, signal, blueprint)
        for cadence in archetype.all_cadences:
            yield (cadence.id,), partial(self._cadence, cadence)
        for name in archetype.playbooks:
            yield (name,), partial(self._playbook, name)
        for name in archetype.rows:
            yield (name,), partial(self._row, name)

    def _entry(self, kind: str, name: str, title: str, at: Origin, facts: Facts) -> CatalogEntry:
        known = {label: fact for label, fact in facts.items() if fact}
        return CatalogEntry(kind, name, title, self.archetype.id, at, known)

    def _archetype(self) -> CatalogEntry:
        archetype = self.archetype
        facts: Facts = {
            "purpose": archetype.written.get("purpose"),
            "scope": f"{archetype.scope}, instance {archetype.blueprint_path}, report {archetype.report_path}",
            "gap scan": ", ".join(sorted(archetype.gap_scan)),
            "lifecycle": {
                name: archetype.lifecycle_title(name) + (" (required)" if date.get("required") else "")
                for name, date in archetype.lifecycle.items()
            },
            "roles": ", ".join(archetype.roles or ()),
            "reference blueprints": _titles(archetype.reference_blueprints.values()),
            "tracks": _titles(self.tracks),
            "gates": [f"{gate.title}: at least row {gate.row} of {gate.of}" for gate in archetype.gates],
            "cadences": _titles(archetype.cadences),
            "handoffs": [f"{row.source} → {row.target}: {row.trigger}" for row in archetype.handoffs],
        }
        return self._entry("archetype", archetype.id, archetype.title, archetype.origin, facts)

    def _track(self, track: Track) -> CatalogEntry:
        facts: Facts = {
            "rank": str(track.rank),
            "required": sorted(track.required),
            "optional": sorted(track.optional),
            "rows": {name: track.cell(name) for name in self.archetype.rows},
            "severities": {rule: str(severity) for rule, severity in track.severities.items()},
        }
        return self._entry("track", track.id, track.title, track.origin, facts)

    def _blueprint(self, blueprint: ReferenceBlueprint) -> CatalogEntry:
        stakeholders = blueprint.written["stakeholders"]
        roles = [stakeholder["role"] for stakeholder in stakeholders["internal"]]
        facts: Facts = {
            "intent": blueprint.written.get("intent"),
            "note": blueprint.written.get("note"),
            "owner": "/".join(blueprint.owner_roles),
            "internal": ", ".join(role if isinstance(role, str) else "/".join(role) for role in roles),
            "external": ", ".join(stakeholders.get("external", ())),
            "required on": ", ".join(track.id for track in self.tracks if blueprint.id in track.required),
            "optional on": ", ".join(track.id for track in self.tracks if blueprint.id in track.optional),
            "assets": {asset.path: asset.purpose or asset.title for asset in blueprint.assets},
            "checks": {check.full_id: check.title for check in blueprint.checks},
            "cadences": _titles(blueprint.cadences),
            "signals": _titles(blueprint.signals),
            "playbooks": {playbook.id: playbook.name for playbook in blueprint.playbooks},
        }
        return self._entry("reference blueprint", blueprint.id, blueprint.title, blueprint.origin, facts)

    def _asset(self, asset: Asset, blueprint: ReferenceBlueprint) -> CatalogEntry:
        archetype, due = self.archetype, asset.due
        row, _ = archetype.asset_rows.get(asset.path, (None, {}))
        facts: Facts = {
            **self._owner(asset, blueprint),
            "purpose": asset.purpose,
            "schema": asset.schema,
            "depth": self._cells(asset.depth_row) if asset.depth_row else None,
            f"row {row}": self._cells(row) if row and row != asset.depth_row else None,
            "due": f"{due.within} after {archetype.lifecycle_title(due.after)}" if due else None,
            "review every": self._limit(asset.review_every),
            "never stale when": self._described(asset.never_stale_when),
            "checks": {check.full_id: check.title for check in archetype.checks.values() if check.asset == asset.path},
            "cadences": _titles(cadence for cadence in archetype.all_cadences if cadence.asset == asset.path),
        }
        return self._entry("asset", asset.path, asset.title, asset.origin, facts)

    def _check(self, check: Check, blueprint: ReferenceBlueprint) -> CatalogEntry:
        limits = {_label(spec): self._limit(spec) for spec in check.requires.limits()}
        paired = [f"cadence {check.paired_cadence}"] if check.paired_cadence else []
        paired += [f"staleness of {check.asset}"] if check.paired_staleness else []
        facts: Facts = {
            **self._owner(check, blueprint),
            "asset": check.asset,
            "requires": self._described(check.requires),
            **{f"limit ({label})": values for label, values in limits.items() if isinstance(values, dict)},
            "only on": ", ".join(check.tracks or ()),
            "only at depth": ", ".join(check.depths or ()),
            "one cause with": ", ".join(paired),
        }
        return self._entry("check", check.full_id, check.title, check.origin, facts)

    def _cadence(self, cadence: Cadence) -> CatalogEntry:
        end = self.archetype.lifecycle_title(cadence.end_only) if cadence.end_only else None
        facts: Facts = {
            **self._owner(cadence, self.archetype.reference_blueprints.get(cadence.blueprint or "")),
            "evidence": cadence.asset,
            f"row {cadence.row}": self._cells(cadence.row),
            "end only": f"one entry, due on {end}" if end else None,
            "requires": self._described(cadence.requires),
        }
        return self._entry("cadence", cadence.id, cadence.title, cadence.origin, facts)

    def _signal(self, signal: Trigger, blueprint: ReferenceBlueprint) -> CatalogEntry:
        facts: Facts = {
            **self._owner(signal, blueprint),
            "says": signal.message,
            "active when": self._described(signal.when),
        }
        return self._entry("signal", signal.id, signal.title, signal.origin, facts)

    def _playbook(self, name: str) -> CatalogEntry:
        archetype = self.archetype
        rows: list[Row] = [archetype, *archetype.reference_blueprints.values()]
        at = next(
            row.origin.at("playbooks", index)
            for row in rows
            for index, playbook in enumerate(row.written.get("playbooks", ()))
            if playbook["id"] == name
        )
        signals = [signal for blueprint in archetype.reference_blueprints.values() for signal in blueprint.signals]
        facts: Facts = {
            "checks": {check.full_id: check.title for check in archetype.checks.values() if check.playbook == name},
            "assets": {asset.path: asset.title for asset in archetype.assets.values() if asset.playbook == name},
            "cadences": _titles(cadence for cadence in archetype.all_cadences if cadence.playbook == name),
            "signals": _titles(signal for signal in signals if signal.playbook == name),
        }
        return self._entry("playbook", name, archetype.playbooks[name].name, at, facts)

    def _row(self, name: str) -> CatalogEntry:
        row = self.archetype.rows[name]
        facts: Facts = {
            "holds": row["type"] + (f": {', '.join(row['values'])}" if "values" in row else ""),
            "asset": row.get("asset"),
            "on": self._cells(name),
            "checks": {
                check.full_id: check.title
                for check in self.archetype.checks.values()
                if any(name in (spec.row, spec.capped_by) for spec in check.requires.limits())
            },
            "cadences": _titles(cadence for cadence in self.archetype.all_cadences if cadence.row == name),
        }
        return self._entry(
            "track row", name, row["title"], self.archetype.origin.at("rows", *name.split(".", 1)), facts
        )

    def _owner(self, row: Row, blueprint: ReferenceBlueprint | None) -> Facts:
        playbook = self.archetype.playbooks.get(row.playbook or "")
        return {
            "reference blueprint": f"{blueprint.id} {blueprint.title}" if blueprint else None,
            "owner": "/".join(blueprint.owner_roles) if blueprint else None,
            "playbook": f"{playbook.id} {playbook.name}" if playbook else None,
        }

    def _described(self, predicate: Predicate | None) -> list[str] | None:
        return predicate.describe(self.archetype.lifecycle_title) if predicate else None

    def _cells(self, row: str) -> dict[str, str]:
        return {track.id: track.cell(row) for track in self.tracks}

    def _limit(self, spec: LimitSpec | None) -> Fact | None:
        if spec is None or spec.staleness_of or not (spec.row or spec.capped_by):
            return spec.literal if spec else None
        limits = {track.id: self._bind(track, spec) for track in self.tracks}
        return {name: limit.text if limit else "–" for name, limit in limits.items()}


def find(policy: Policy, name: str, bind: Bind) -> tuple[list[CatalogEntry], list[str]]:
    """All entries of this name, and all names that exist."""
    entries: list[CatalogEntry] = []
    names: dict[str, None] = {}
    for archetype in policy.catalog.archetypes.values():
        for known, make in CatalogEntries(archetype, bind).all():
            names.update(dict.fromkeys(known))
            if name in known:
                entries.append(make())
    return entries, list(names)


def _label(spec: LimitSpec) -> str:
    return f"row {spec.row}" if spec.row else str(spec)


def _titles(rows: Iterable[Row]) -> dict[str, str]:
    return {row.id: row.title for row in rows}
