"""The catalog as values: archetypes, reference blueprints, tracks. Every row remembers where it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from blueprint_cli.model import Playbook, Severity
from blueprint_cli.policy.row import DueRule, Origin, Row, Written, span_of
from blueprint_cli.policy.rows import Asset, Cadence, Check, ReferenceBlueprint, Trigger, playbooks_of
from blueprint_cli.times import Span


@dataclass(frozen=True)
class Track(Row):
    """An engagement track: one column of the archetype's tables."""

    @cached_property
    def rank(self) -> int:
        """How demanding it is."""
        return int(self.written["rank"])

    @cached_property
    def required(self) -> frozenset[str]:
        """The reference blueprints that it asks for."""
        return frozenset(self.written["reference_blueprints"]["required"])

    @cached_property
    def optional(self) -> frozenset[str]:
        """The reference blueprints that it lets a node have."""
        return frozenset(self.written["reference_blueprints"].get("optional", ()))

    @cached_property
    def severities(self) -> dict[str, Severity]:
        """Severity by rule, on this track."""
        return {rule: Severity(text) for rule, text in self.written.get("severities", {}).items()}

    def cell(self, row: str) -> str:
        """What stands in a row (``table.row``); ``-`` where the row does not apply or is not there."""
        table, _, name = row.partition(".")
        return str(self.written.get(table, {}).get(name, EMPTY))

    def where(self, row: str) -> str:
        """File and row, as the report cites them."""
        return f"{self.origin.file}: {row}"


EMPTY = "-"
"""The cell of a row that does not apply."""
END_ONLY = "end only"
"""The cell of a rhythm that asks for one entry, at the end of the engagement."""


@dataclass(frozen=True)
class Archetype(Row):
    """A governance model: its words, its reference blueprints and its tracks."""

    reference_blueprints: Mapping[str, ReferenceBlueprint] = field(default_factory=dict)
    tracks: Mapping[str, Track] = field(default_factory=dict)

    @cached_property
    def realm_scope(self) -> bool:
        """Whether an instance governs a realm, not a node."""
        return bool(self.written["scope"] == "realm")

    @cached_property
    def blueprint_path(self) -> str:
        """Path of the instance below the node (or realm)."""
        return str(self.written["blueprint"])

    @cached_property
    def report_path(self) -> str:
        """Path of the gap report below the node (or realm)."""
        return str(self.written["report"])

    @cached_property
    def gap_scan(self) -> frozenset[str]:
        """Which of the gap-scan checks apply; all where it says nothing."""
        all_of_them = ("blueprint", "reference_blueprints", "assets", "checklists", "cadence")
        return frozenset(self.written.get("gap_scan", all_of_them))

    @cached_property
    def lifecycle(self) -> Mapping[str, Written]:
        """Its dates: title, and whether an active node must have it."""
        return dict(self.written.get("lifecycle", {}))

    @cached_property
    def late_visible(self) -> Span:
        """How long a deadline met late stays failed."""
        return span_of(self.written.get("late_visible", "0 days"))

    @cached_property
    def upcoming_within(self) -> Span:
        """How far ahead the report looks."""
        return span_of(self.written.get("upcoming_within", "2 weeks"))

    @cached_property
    def may_be_not_applicable(self) -> frozenset[str]:
        """The reference blueprints that an instance may set aside with a reason."""
        return frozenset(self.written.get("may_be_not_applicable", ()))

    @cached_property
    def staleness_row(self) -> str | None:
        """The row with the longest age of an asset."""
        return self.written.get("staleness")

    @cached_property
    def additional_due(self) -> DueRule | None:
        """Until when the absence of an additional asset is excused."""
        due = self.written.get("additional_assets", {}).get("due")
        return None if due is None else DueRule.of(due, self.origin.at("additional_assets", "due"))

    @cached_property
    def cadences(self) -> tuple[Cadence, ...]:
        """Rhythms of the archetype itself."""
        return tuple(Cadence(r, self.origin.at("cadences", i)) for i, r in enumerate(self.written.get("cadences", ())))

    @cached_property
    def handoffs(self) -> tuple[Trigger, ...]:
        """Handoffs to and from other archetypes."""
        return tuple(Trigger(r, self.origin.at("handoffs", i)) for i, r in enumerate(self.written.get("handoffs", ())))

    @cached_property
    def gates(self) -> tuple[Row, ...]:
        """Shares of passed outcomes that a node must reach."""
        return tuple(Row(r, self.origin.at("gates", i)) for i, r in enumerate(self.written.get("gates", ())))

    @cached_property
    def playbooks(self) -> dict[str, Playbook]:
        """Every playbook, by id."""
        own = list(playbooks_of(self.written))
        return {one.id: one for rb in self.reference_blueprints.values() for one in rb.playbooks} | {
            p.id: p for p in own
        }

    @cached_property
    def checks(self) -> dict[str, Check]:
        """Every check, by full id."""
        return {check.full_id: check for rb in self.reference_blueprints.values() for check in rb.checks}

    @cached_property
    def assets(self) -> dict[str, Asset]:
        """Every asset, by path."""
        return {asset.path: asset for rb in self.reference_blueprints.values() for asset in rb.assets}

    @cached_property
    def asset_rows(self) -> dict[str, tuple[str, Written]]:
        """The row that speaks of an asset: its name and declaration, by asset path."""
        return {
            row["asset"]: (f"{table}.{name}", row)
            for table, rows in self.written["rows"].items()
            for name, row in rows.items()
            if "asset" in row
        }

    def severity(self, rule: str, track: Track) -> Severity | None:
        """How much a gap of a rule weighs: as written, or as the track's cell of a row says. None: as by itself."""
        weight = self.written.get("severities", {}).get(rule)
        if isinstance(weight, dict):
            weight = track.cell(weight["row"])
        return None if weight in (None, EMPTY) else Severity(weight)

    def lifecycle_title(self, name: str) -> str:
        """How messages name a lifecycle date."""
        return str(self.lifecycle.get(name, {}).get("title", name))


@dataclass(frozen=True)
class Catalog:
    """All archetypes, by id; the order is that of their ids."""

    archetypes: Mapping[str, Archetype]
    notes: tuple[str, ...] = ()
    """What was found and left alone, for standard error."""


__all__ = [
    "EMPTY",
    "END_ONLY",
    "Archetype",
    "Asset",
    "Cadence",
    "Catalog",
    "Check",
    "DueRule",
    "Origin",
    "ReferenceBlueprint",
    "Row",
    "Track",
    "Trigger",
    "Written",
]
