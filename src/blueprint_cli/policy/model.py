"""The catalog as values: archetypes, reference blueprints, tracks. Each remembers where it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from blueprint_cli.model import Playbook, Severity
from blueprint_cli.policy.rows import (
    Asset,
    Cadence,
    Check,
    Consistency,
    Customer,
    CustomerHealth,
    DueRule,
    Gate,
    HandoffTrigger,
    Row,
    Trigger,
    Written,
    optional_value,
    rows,
    span_of,
    value,
)
from blueprint_cli.times import Span

EMPTY = "-"  # the cell of a row that does not apply
END_ONLY = "end only"  # the cell of a rhythm that requires one entry, at the end of the engagement
_GAP_SCAN = ("blueprint", "reference_blueprints", "assets", "checklists", "cadence")


def _playbooks(written: Iterable[Written]) -> tuple[Playbook, ...]:
    return tuple(Playbook(row["id"], row["name"]) for row in written)


@dataclass(frozen=True)
class ReferenceBlueprint(Row):
    """A reusable composition of assets, checks, cadences and signals."""

    code = value("code", str)  # what qualifies its check ids
    within = cached_property(lambda row: (row.id, row.code))
    assets = rows("assets", Asset)
    checks = rows("checks", Check)
    cadences = rows("cadences", Cadence)
    signals = rows("signals", Trigger)
    playbooks = value("playbooks", _playbooks, ())

    @cached_property
    def owner_roles(self) -> tuple[str, ...]:
        """The owning role, or its alternatives in the order in which the team is searched."""
        internal = self.written["stakeholders"]["internal"]
        roles = next((stakeholder["role"] for stakeholder in internal if stakeholder.get("owner")), ())
        return (roles,) if isinstance(roles, str) else tuple(roles)


def _longest(written: Written) -> Span | None:
    """The longest term of a waiver."""
    return span_of(written["longest"]) if "longest" in written else None


@dataclass(frozen=True)
class Track(Row):
    """An engagement track: one column of the archetype's tables."""

    rank = value("rank", int)
    severities = value("severities", lambda written: {rule: Severity(text) for rule, text in written.items()}, {})
    longest_waiver = optional_value("waivers", _longest)  # from the approval on; None: as the archetype says

    @cached_property
    def required(self) -> frozenset[str]:
        return frozenset(self.written["reference_blueprints"]["required"])

    @cached_property
    def optional(self) -> frozenset[str]:
        return frozenset(self.written["reference_blueprints"].get("optional", ()))

    def cell(self, row: str) -> str:
        """The cell of a row (``table.row``); ``-`` where the row does not apply or does not exist."""
        table, _, name = row.partition(".")
        return str(self.written.get(table, {}).get(name, EMPTY))

    def where(self, row: str) -> str:
        """File and row, as the report cites them."""
        return f"{self.origin.file}: {row}"


@dataclass(frozen=True)
class Completeness:
    """How strict each track is on missing assets: the row that names the level, and the levels."""

    row: str
    levels: Mapping[str, tuple[str, Severity]]
    """By the row's cell: which assets are expected (``all`` or ``listed``), and the severity of a missing one."""

    @classmethod
    def of(cls, written: Written) -> Completeness:
        levels = written["levels"].items()
        return cls(written["row"], {name: (level["expect"], Severity(level["severity"])) for name, level in levels})


@dataclass(frozen=True)
class Archetype(Row):
    """A governance model: its vocabulary, its reference blueprints and its tracks."""

    reference_blueprints: Mapping[str, ReferenceBlueprint] = field(default_factory=dict)
    tracks: Mapping[str, Track] = field(default_factory=dict)

    scope = value("scope", str)  # what an instance governs: ``node`` or ``realm``
    blueprint_path = value("blueprint", str)  # path of the instance below the node (or realm)
    report_path = value("report", str)  # path of the gap report below the node (or realm)
    gap_scan = value("gap_scan", frozenset[str], _GAP_SCAN)  # which of the gap-scan checks apply; all by default
    lifecycle = value("lifecycle", dict[str, Written], {})  # its dates: title, and whether an active node must have it
    consistency = rows("consistency", Consistency)  # what must agree in blueprint.yaml
    roles = optional_value("roles", tuple[str, ...])  # the roles that it knows; None: any
    late_visible = value("late_visible", span_of, "0 days")
    upcoming_within = value("upcoming_within", span_of, "2 weeks")  # how far ahead the report looks
    may_be_not_applicable = value("may_be_not_applicable", frozenset[str], ())  # what an instance may set aside
    longest_waiver = optional_value("waivers", _longest)  # from the approval on; None: any
    completeness = optional_value("completeness", Completeness.of)  # None: every asset is expected
    staleness_row = optional_value("staleness", str)  # the row with the longest age of an asset
    cadences = rows("cadences", Cadence)
    handoffs = rows("handoffs", HandoffTrigger)
    customer = optional_value("customer", Customer.of)  # None: whose engagement it is, is not compared
    customer_health = optional_value("customer_health", CustomerHealth.of)  # None: it knows no such score
    gates = rows("gates", Gate)  # shares of passed outcomes that an engagement must reach

    @cached_property
    def realm_scope(self) -> bool:
        return self.scope == "realm"

    @cached_property
    def additional_due(self) -> DueRule | None:
        """Until when the absence of an additional asset is excused."""
        due = self.written.get("additional_assets", {}).get("due")
        return None if due is None else DueRule.of(due)

    @cached_property
    def all_cadences(self) -> tuple[Cadence, ...]:
        """Its own rhythms, then those of its reference blueprints."""
        rest = [cadence for blueprint in self.reference_blueprints.values() for cadence in blueprint.cadences]
        return (*self.cadences, *rest)

    @cached_property
    def playbooks(self) -> dict[str, Playbook]:
        """Every playbook, by id; the archetype's own name of it wins."""
        rest = [playbook for blueprint in self.reference_blueprints.values() for playbook in blueprint.playbooks]
        return {playbook.id: playbook for playbook in (*rest, *_playbooks(self.written.get("playbooks", ())))}

    @cached_property
    def checks(self) -> dict[str, Check]:
        """Every check, by full id."""
        return {check.full_id: check for rb in self.reference_blueprints.values() for check in rb.checks}

    @cached_property
    def assets(self) -> dict[str, Asset]:
        return {asset.path: asset for rb in self.reference_blueprints.values() for asset in rb.assets}

    @cached_property
    def rows(self) -> dict[str, Written]:
        """Every row of the track tables, as ``table.row``: its title and what its cells hold."""
        tables = self.written["rows"].items()
        return {f"{table}.{name}": row for table, declared in tables for name, row in declared.items()}

    @cached_property
    def asset_rows(self) -> dict[str, tuple[str, Written]]:
        """The row that is about an asset: its name and declaration, by asset path."""
        return {row["asset"]: (name, row) for name, row in self.rows.items() if "asset" in row}

    def severity(self, rule: str, track: Track) -> Severity | None:
        """Severity of a rule's gaps, as written or as the track's cell of a row says. None: the rule's own."""
        written = self.written.get("severities", {}).get(rule)
        if isinstance(written, dict):
            written = track.cell(written["row"])
        return None if written in (None, EMPTY) else Severity(written)

    def future_severity(self, name: str) -> Severity | None:
        """What it weighs that an active engagement has this lifecycle date in the future; None: it may be."""
        severity = self.lifecycle.get(name, {}).get("future")
        return None if severity is None else Severity(severity)

    def lifecycle_title(self, name: str) -> str:
        return str(self.lifecycle.get(name, {}).get("title", name))


@dataclass(frozen=True)
class Catalog:
    """All archetypes, by id; the order is that of their ids."""

    archetypes: Mapping[str, Archetype]
    notes: tuple[str, ...] = ()  # what was ignored, for standard error

    @cached_property
    def blueprint_paths(self) -> list[str]:
        """Where a blueprint may stand below the directory of an engagement or a realm, sorted."""
        paths = {archetype.blueprint_path for archetype in self.archetypes.values()}
        return sorted(paths | {path.rpartition("/")[2] for path in paths})
