"""Everything known about one thing of the catalog, by its id: what `bp catalog show` tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from blueprint_cli.policy.describe import describe, limit
from blueprint_cli.policy.load import Policy
from blueprint_cli.policy.model import Archetype, ReferenceBlueprint, Track
from blueprint_cli.policy.rows import Asset, Cadence, Check, Origin, Row, Trigger
from blueprint_cli.predicates.limit import LimitSpec

Fact = str | list[str] | dict[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing: what it is, where it is written, and the facts by label. Empty facts are not told."""

    kind: str
    id: str
    title: str
    archetype: str
    origin: Origin
    facts: Mapping[str, Fact]


class Entries:
    """The things of one archetype. ``bound`` answers what a limit is on a track (None: it does not apply)."""

    def __init__(self, archetype: Archetype, bound: Any) -> None:
        self.archetype, self._bound = archetype, bound
        self.tracks = sorted(archetype.tracks.values(), key=lambda one: (one.rank, one.id))

    def all(self) -> Iterator[tuple[tuple[str, ...], Any]]:
        """Names, and what makes the entry."""
        a = self.archetype
        yield (a.id,), lambda: self._archetype()
        for track in self.tracks:
            yield (track.id,), lambda track=track: self._track(track)
        for blueprint in a.reference_blueprints.values():
            yield (blueprint.id, blueprint.code), lambda rb=blueprint: self._blueprint(rb)
            for asset in blueprint.assets:
                yield (asset.path,), lambda one=asset, rb=blueprint: self._asset(one, rb)
            for check in blueprint.checks:
                yield (check.full_id, check.id), lambda one=check, rb=blueprint: self._check(one, rb)
            for signal in blueprint.signals:
                yield (signal.id,), lambda one=signal, rb=blueprint: self._signal(one, rb)
        for cadence in self._cadences():
            yield (cadence.id,), lambda one=cadence: self._cadence(one)
        for name in a.playbooks:
            yield (name,), lambda name=name: self._playbook(name)
        for table, rows in a.written["rows"].items():
            for name in rows:
                yield (f"{table}.{name}",), lambda table=table, name=name: self._row(table, name)

    def _cadences(self) -> list[Cadence]:
        rest = [one for rb in self.archetype.reference_blueprints.values() for one in rb.cadences]
        return [*self.archetype.cadences, *rest]

    def _entry(self, kind: str, name: str, title: str, at: Origin, facts: dict[str, Fact | None]) -> Entry:
        return Entry(kind, name, title, self.archetype.id, at, {k: v for k, v in facts.items() if v})

    def _archetype(self) -> Entry:
        a = self.archetype
        facts: dict[str, Fact | None] = {
            "purpose": a.written.get("purpose"),
            "scope": f"{a.written['scope']}, instance {a.blueprint_path}, report {a.report_path}",
            "gap scan": ", ".join(sorted(a.gap_scan)),
            "lifecycle": {
                name: str(one["title"]) + (" (required)" if one.get("required") else "")
                for name, one in a.lifecycle.items()
            },
            "roles": ", ".join(a.written.get("roles", ())),
            "reference blueprints": _named(a.reference_blueprints.values()),
            "tracks": _named(self.tracks),
            "gates": [
                f"{one.title}: at least row {one.written['at_least']['row']} of {one.written['of']}" for one in a.gates
            ],
            "cadences": _named(a.cadences),
            "handoffs": [
                f"{one.written['from']} → {one.written['to']}: {one.written['trigger']}" for one in a.handoffs
            ],
        }
        return self._entry("archetype", a.id, a.title, a.origin, facts)

    def _track(self, track: Track) -> Entry:
        cells = {
            f"{table}.{name}": track.cell(f"{table}.{name}")
            for table, rows in self.archetype.written["rows"].items()
            for name in rows
        }
        facts: dict[str, Fact | None] = {
            "rank": str(track.rank),
            "required": sorted(track.required),
            "optional": sorted(track.optional),
            "rows": cells,
            "severities": {rule: str(weight) for rule, weight in track.severities.items()},
        }
        return self._entry("track", track.id, track.title, track.origin, facts)

    def _blueprint(self, rb: ReferenceBlueprint) -> Entry:
        required = [track.id for track in self.tracks if rb.id in track.required]
        optional = [track.id for track in self.tracks if rb.id in track.optional]
        facts: dict[str, Fact | None] = {
            "intent": rb.written.get("intent"),
            "note": rb.written.get("note"),
            "owner": "/".join(rb.owner_roles),
            "internal": ", ".join(_role(one["role"]) for one in rb.written["stakeholders"]["internal"]),
            "external": ", ".join(rb.written["stakeholders"].get("external", ())),
            "required on": ", ".join(required),
            "optional on": ", ".join(optional),
            "assets": {one.path: str(one.written.get("purpose", one.title)) for one in rb.assets},
            "checks": {one.full_id: one.title for one in rb.checks},
            "cadences": _named(rb.cadences),
            "signals": _named(rb.signals),
            "playbooks": {one.id: one.name for one in rb.playbooks},
        }
        return self._entry("reference blueprint", rb.id, rb.title, rb.origin, facts)

    def _asset(self, one: Asset, rb: ReferenceBlueprint) -> Entry:
        row, _ = self.archetype.asset_rows.get(one.path, (None, {}))
        due = one.written.get("due")
        facts: dict[str, Fact | None] = {
            **self._belongs(one, rb),
            "purpose": one.written.get("purpose"),
            "schema": one.schema,
            "depth": self._cells(one.depth_row) if one.depth_row else None,
            f"row {row}": self._cells(row) if row and row != one.depth_row else None,
            "due": f"{due['within']} after {self.archetype.lifecycle_title(due['after'])}" if due else None,
            "review every": self._limit(one.review_every),
            "never stale when": self._described(one, "never_stale_when"),
            "checks": {c.full_id: c.title for c in self.archetype.checks.values() if c.asset == one.path},
            "cadences": _named(c for c in self._cadences() if c.asset == one.path),
        }
        return self._entry("asset", one.path, one.title, one.origin, facts)

    def _check(self, one: Check, rb: ReferenceBlueprint) -> Entry:
        limits = {_label(spec): limits for spec in one.requires.rows() if isinstance(limits := self._limit(spec), dict)}
        facts: dict[str, Fact | None] = {
            **self._belongs(one, rb),
            "asset": one.asset,
            "asked": self._described(one, "requires"),
            **{f"limit ({label})": values for label, values in limits.items()},
            "only on": ", ".join(one.tracks or ()),
            "only at depth": ", ".join(one.depths or ()),
            "one cause with": ", ".join(self._pairs(one)),
        }
        return self._entry("check", one.full_id, one.title, one.origin, facts)

    def _cadence(self, one: Cadence) -> Entry:
        rb = self.archetype.reference_blueprints.get(one.blueprint or "")
        end = self.archetype.lifecycle_title(one.end_only) if one.end_only else None
        facts: dict[str, Fact | None] = {
            **self._belongs(one, rb),
            "evidence": one.asset,
            f"row {one.row}": self._cells(one.row),
            "end only": f"one entry, due on {end}" if end else None,
            "asked": self._described(one, "requires"),
        }
        return self._entry("cadence", one.id, one.title, one.origin, facts)

    def _signal(self, one: Trigger, rb: ReferenceBlueprint) -> Entry:
        facts = {**self._belongs(one, rb), "says": one.message, "active when": self._described(one, "when")}
        return self._entry("signal", one.id, one.title, one.origin, facts)

    def _playbook(self, name: str) -> Entry:
        a = self.archetype
        rows: list[Row] = [a, *a.reference_blueprints.values()]
        at = next(
            row.origin.at("playbooks", index)
            for row in rows
            for index, one in enumerate(row.written.get("playbooks", ()))
            if one["id"] == name
        )
        signals = [one for rb in a.reference_blueprints.values() for one in rb.signals]
        facts: dict[str, Fact | None] = {
            "checks": {one.full_id: one.title for one in a.checks.values() if one.playbook == name},
            "assets": {one.path: one.title for one in a.assets.values() if one.playbook == name},
            "cadences": _named(one for one in self._cadences() if one.playbook == name),
            "signals": _named(one for one in signals if one.playbook == name),
        }
        return self._entry("playbook", name, a.playbooks[name].name, at, facts)

    def _row(self, table: str, name: str) -> Entry:
        row, full = self.archetype.written["rows"][table][name], f"{table}.{name}"
        users = {
            one.full_id: one.title
            for one in self.archetype.checks.values()
            if any(full in (spec.row, spec.capped_by) for spec in one.requires.rows())
        }
        facts: dict[str, Fact | None] = {
            "holds": row["type"] + (f": {', '.join(row['values'])}" if "values" in row else ""),
            "asset": row.get("asset"),
            "on": self._cells(full),
            "checks": users,
            "cadences": _named(one for one in self._cadences() if one.row == full),
        }
        return self._entry("track row", full, row["title"], self.archetype.origin.at("rows", table, name), facts)

    def _belongs(self, row: Row, rb: ReferenceBlueprint | None) -> dict[str, Fact | None]:
        playbook = self.archetype.playbooks.get(row.playbook or "")
        return {
            "reference blueprint": f"{rb.id} {rb.title}" if rb else None,
            "owner": "/".join(rb.owner_roles) if rb else None,
            "playbook": f"{playbook.id} {playbook.name}" if playbook else None,
        }

    def _described(self, row: Row, key: str) -> list[str] | None:
        return describe(row.written[key], self.archetype) if key in row.written else None

    def _cells(self, row: str) -> dict[str, str]:
        return {track.id: track.cell(row) for track in self.tracks}

    def _limit(self, spec: LimitSpec | None) -> Fact | None:
        if spec is None or spec.staleness_of or not (spec.row or spec.capped_by):
            return spec.literal if spec else None
        bound = {track.id: self._bound(track, spec) for track in self.tracks}
        return {name: "–" if one is None else str(one.text) for name, one in bound.items()}

    def _pairs(self, check: Check) -> list[str]:
        cadence = [f"cadence {check.paired_cadence}"] if check.paired_cadence else []
        return cadence + ([f"staleness of {check.asset}"] if check.paired_staleness else [])


def find(policy: Policy, name: str, bound: Any) -> tuple[list[Entry], list[str]]:
    """Everything of this name, and all names that there are."""
    found: list[Entry] = []
    names: dict[str, None] = {}
    for archetype in policy.catalog.archetypes.values():
        for known, make in Entries(archetype, bound).all():
            names.update(dict.fromkeys(known))
            if name in known:
                found.append(make())
    return found, list(names)


def _label(spec: LimitSpec) -> str:
    if spec.capped_by:
        return limit({"literal": spec.literal, "capped_by": spec.capped_by})
    return f"row {spec.row}" if spec.row else str(spec.literal)


def _named(rows: Iterable[Row]) -> dict[str, str]:
    return {row.id: row.title for row in rows}


def _role(role: str | list[str]) -> str:
    return role if isinstance(role, str) else "/".join(role)
