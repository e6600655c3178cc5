"""Everything known about one entry of the catalog, by its id: what `bp catalog show` shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

from blueprint_cli.policy.load import Policy
from blueprint_cli.policy.model import Archetype, ReferenceBlueprint, Track
from blueprint_cli.policy.plan import bind
from blueprint_cli.policy.rows import Asset, Cadence, Check, Origin, Row, Trigger, Written
from blueprint_cli.predicates.base import Predicate
from blueprint_cli.predicates.limit import LimitSpec

Fact = str | list[str] | dict[str, str]
Facts = dict[str, Fact | None]


@dataclass(frozen=True)
class CatalogEntry:
    """An archetype, track, check, … : what it is, where it is written, and the facts about it by label."""

    kind: str
    names: tuple[str, ...]  # its id, and what else it is found by
    title: str
    archetype: str
    origin: Origin
    find_facts: Callable[[], Facts]

    @property
    def id(self) -> str:
        return self.names[0]

    @cached_property
    def facts(self) -> Mapping[str, Fact]:
        """None of them is empty."""
        return {label: fact for label, fact in self.find_facts().items() if fact}


class CatalogEntries:
    """The entries of one archetype."""

    def __init__(self, archetype: Archetype) -> None:
        self.archetype = archetype
        self.tracks = sorted(archetype.tracks.values(), key=lambda track: (track.rank, track.id))
        self.checks, self.cadences = archetype.checks.values(), archetype.all_cadences

    def all(self) -> Iterator[CatalogEntry]:
        """Every entry; its facts are found when they are first needed."""
        archetype, entry = self.archetype, self._entry
        yield entry("archetype", archetype, self._archetype)
        for track in self.tracks:
            yield entry("track", track, partial(self._track, track))
        for blueprint in archetype.reference_blueprints.values():
            names = blueprint.id, blueprint.code
            yield entry("reference blueprint", blueprint, partial(self._blueprint, blueprint), names)
            for asset in blueprint.assets:
                yield entry("asset", asset, partial(self._asset, asset, blueprint), (asset.path,))
            for check in blueprint.checks:
                yield entry("check", check, partial(self._check, check, blueprint), (check.full_id, check.id))
            for signal in blueprint.signals:
                yield entry("signal", signal, partial(self._signal, signal, blueprint))
        for cadence in self.cadences:
            yield entry("cadence", cadence, partial(self._cadence, cadence))
        for playbook in archetype.playbooks.values():
            row = Row({"id": playbook.id, "title": playbook.name}, self._place(playbook.id))
            yield entry("playbook", row, partial(self._playbook, playbook.id))
        for name, written in archetype.rows.items():
            row = Row(written, archetype.origin.at("rows", *name.split(".", 1)))
            yield entry("track row", row, partial(self._row, name, written), (name,))

    def _entry(
        self, kind: str, row: Row, find_facts: Callable[[], Facts], names: tuple[str, ...] | None = None
    ) -> CatalogEntry:
        return CatalogEntry(kind, names or (row.id,), row.title, self.archetype.id, row.origin, find_facts)

    def _place(self, playbook: str) -> Origin:
        """Where a playbook is named first."""
        rows: list[Row] = [self.archetype, *self.archetype.reference_blueprints.values()]
        return next(at for row in rows for written, at in row.below("playbooks") if written["id"] == playbook)

    def _archetype(self) -> Facts:
        archetype = self.archetype
        return {
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

    def _track(self, track: Track) -> Facts:
        return {
            "rank": str(track.rank),
            "required": sorted(track.required),
            "optional": sorted(track.optional),
            "rows": {name: track.cell(name) for name in self.archetype.rows},
            "severities": {rule: str(severity) for rule, severity in track.severities.items()},
        }

    def _blueprint(self, blueprint: ReferenceBlueprint) -> Facts:
        stakeholders = blueprint.written["stakeholders"]
        roles = [stakeholder["role"] for stakeholder in stakeholders["internal"]]
        return {
            "intent": blueprint.written.get("intent"),
            "note": blueprint.written.get("note"),
            "owner": "/".join(blueprint.owner_roles),
            "internal": ", ".join(role if isinstance(role, str) else "/".join(role) for role in roles),
            "external": ", ".join(stakeholders.get("external", ())),
            "required on": ", ".join(track.id for track in self.tracks if blueprint.id in track.required),
            "optional on": ", ".join(track.id for track in self.tracks if blueprint.id in track.optional),
            "assets": {asset.path: asset.purpose or asset.title for asset in blueprint.assets},
            "checks": _checks(blueprint.checks),
            "cadences": _titles(blueprint.cadences),
            "signals": _titles(blueprint.signals),
            "playbooks": {playbook.id: playbook.name for playbook in blueprint.playbooks},
        }

    def _asset(self, asset: Asset, blueprint: ReferenceBlueprint) -> Facts:
        archetype, due = self.archetype, asset.due
        row, _ = archetype.asset_rows.get(asset.path, (None, {}))
        return {
            **self._owner(asset, blueprint),
            "purpose": asset.purpose,
            "schema": asset.schema,
            "depth": self._cells(asset.depth_row) if asset.depth_row else None,
            f"row {row}": self._cells(row) if row and row != asset.depth_row else None,
            "due": f"{due.within} after {archetype.lifecycle_title(due.after)}" if due else None,
            "review every": self._limit(asset.review_every),
            "never stale when": self._described(asset.never_stale_when),
            "checks": _checks(check for check in self.checks if check.asset == asset.path),
            "cadences": _titles(cadence for cadence in self.cadences if cadence.asset == asset.path),
        }

    def _check(self, check: Check, blueprint: ReferenceBlueprint) -> Facts:
        limits = {f"row {spec.row}" if spec.row else str(spec): self._limit(spec) for spec in check.requires.limits()}
        paired = [f"cadence {check.paired_cadence}"] if check.paired_cadence else []
        paired += [f"staleness of {check.asset}"] if check.paired_staleness else []
        return {
            **self._owner(check, blueprint),
            "asset": check.asset,
            "requires": self._described(check.requires),
            **{f"limit ({label})": values for label, values in limits.items() if isinstance(values, dict)},
            "only on": ", ".join(check.tracks or ()),
            "only at depth": ", ".join(check.depths or ()),
            "one cause with": ", ".join(paired),
        }

    def _cadence(self, cadence: Cadence) -> Facts:
        end = self.archetype.lifecycle_title(cadence.end_only) if cadence.end_only else None
        return {
            **self._owner(cadence, self.archetype.reference_blueprints.get(cadence.blueprint or "")),
            "evidence": cadence.asset,
            f"row {cadence.row}": self._cells(cadence.row),
            "end only": f"one entry, due on {end}" if end else None,
            "requires": self._described(cadence.requires),
        }

    def _signal(self, signal: Trigger, blueprint: ReferenceBlueprint) -> Facts:
        return {**self._owner(signal, blueprint), "says": signal.message, "active when": self._described(signal.when)}

    def _playbook(self, name: str) -> Facts:
        blueprints = self.archetype.reference_blueprints.values()
        signals = [signal for blueprint in blueprints for signal in blueprint.signals]
        return {
            "checks": _checks(check for check in self.checks if check.playbook == name),
            "assets": {asset.path: asset.title for asset in self.archetype.assets.values() if asset.playbook == name},
            "cadences": _titles(cadence for cadence in self.cadences if cadence.playbook == name),
            "signals": _titles(signal for signal in signals if signal.playbook == name),
        }

    def _row(self, name: str, row: Written) -> Facts:
        return {
            "holds": row["type"] + (f": {', '.join(row['values'])}" if "values" in row else ""),
            "asset": row.get("asset"),
            "on": self._cells(name),
            "checks": _checks(
                check
                for check in self.checks
                if any(name in (spec.row, spec.capped_by) for spec in check.requires.limits())
            ),
            "cadences": _titles(cadence for cadence in self.cadences if cadence.row == name),
        }

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
        limits = {track.id: bind(track, spec) for track in self.tracks}
        return {name: limit.text if limit else "–" for name, limit in limits.items()}


def find(policy: Policy, name: str) -> tuple[list[CatalogEntry], list[str]]:
    """All entries of this name, and all names that exist."""
    archetypes = policy.catalog.archetypes.values()
    entries = [entry for archetype in archetypes for entry in CatalogEntries(archetype).all()]
    names = dict.fromkeys(known for entry in entries for known in entry.names)
    return [entry for entry in entries if name in entry.names], list(names)


def _checks(checks: Iterable[Check]) -> dict[str, str]:
    return {check.full_id: check.title for check in checks}


def _titles(rows: Iterable[Row]) -> dict[str, str]:
    return {row.id: row.title for row in rows}
