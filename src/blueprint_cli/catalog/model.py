"""The catalog as values: archetypes, reference blueprints, tracks. Every row remembers where it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from blueprint_cli.model import Playbook, Severity
from blueprint_cli.predicates import build
from blueprint_cli.predicates.base import LimitSpec, Path, Predicate, Source
from blueprint_cli.select import Selector, selector
from blueprint_cli.times import Span, span

Written = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row of policy is written: the file, as users know it, and the path within it."""

    file: str
    path: Path

    def __str__(self) -> str:
        return f"{self.file}: {'.'.join(map(str, self.path))}" if self.path else self.file

    def at(self, *more: str | int) -> Origin:
        """A place below this one."""
        return Origin(self.file, (*self.path, *more))


@dataclass(frozen=True)
class Row:
    """One row of policy: what is written, and where. Predicates are built when they are first asked."""

    written: Written
    origin: Origin

    @cached_property
    def id(self) -> str:
        """Its identifier within its file."""
        return str(self.written["id"])

    @cached_property
    def title(self) -> str:
        """As messages name it."""
        return str(self.written.get("title", ""))

    @cached_property
    def playbook(self) -> str | None:
        """Id of the playbook that answers it."""
        return self.written.get("playbook")

    def predicate(self, key: str) -> Predicate:
        """The predicate that stands under a key."""
        return build(self.written[key], self.origin.file)


@dataclass(frozen=True)
class DueRule:
    """Until when absence is excused: so long after a lifecycle date."""

    after: str
    within: LimitSpec
    length: Span

    @classmethod
    def of(cls, written: Written, origin: Origin) -> DueRule:
        """From ``{after: contract_signed, within: 30 days}``."""
        within = written["within"]
        return cls(written["after"], LimitSpec(literal=within, where=origin.file), _span(within))


@dataclass(frozen=True)
class Asset(Row):
    """An asset that a reference blueprint requires."""

    blueprint: str = ""

    @cached_property
    def path(self) -> str:
        """The catalog's name of it, whatever file an instance maps it to."""
        return str(self.written["path"])

    @cached_property
    def schema(self) -> str | None:
        """Id of its schema."""
        return self.written.get("schema")

    @cached_property
    def depth_row(self) -> str | None:
        """The track row whose cell names the depth."""
        return self.written["depth"]["row"] if "depth" in self.written else None

    @cached_property
    def due(self) -> DueRule | None:
        """Until when its absence is excused."""
        return DueRule.of(self.written["due"], self.origin.at("due")) if "due" in self.written else None

    @cached_property
    def review_every(self) -> LimitSpec | None:
        """Its own rhythm."""
        if "review_every" not in self.written:
            return None
        return LimitSpec.of(self.written["review_every"], str(self.origin.at("review_every")))

    @cached_property
    def never_stale_when(self) -> Predicate | None:
        """While this holds, it is not stale."""
        return self.predicate("never_stale_when") if "never_stale_when" in self.written else None

    @cached_property
    def dates(self) -> tuple[Selector, ...]:
        """Its own dates that should not lie in the future."""
        return tuple(selector(text) for text in self.written.get("dates", ()))

    @cached_property
    def references(self) -> tuple[tuple[Selector, Source, str], ...]:
        """Which of its values refer, to what, and what that is called."""
        return tuple(
            (selector(one["select"]), Source.of(one["to"]), one["what"]) for one in self.written.get("references", ())
        )


@dataclass(frozen=True)
class Cadence(Row):
    """A rhythm that the track asks for."""

    blueprint: str | None = None

    @cached_property
    def row(self) -> str:
        """The track row that gives the rhythm."""
        return str(self.written["row"])

    @cached_property
    def asset(self) -> str | None:
        """The log that is its evidence."""
        return self.written.get("asset")

    @cached_property
    def end_only(self) -> str | None:
        """The lifecycle date on which one entry is due where the cell says so."""
        return self.written.get("end_only")

    @cached_property
    def requires(self) -> Predicate:
        """What satisfies it."""
        return self.predicate("requires")


@dataclass(frozen=True)
class Check(Row):
    """A checklist item."""

    blueprint: str = ""
    code: str = ""

    @cached_property
    def full_id(self) -> str:
        """Qualified by its reference blueprint: C01/CHK_ENG_001."""
        return f"{self.code}/{self.id}"

    @cached_property
    def asset(self) -> str:
        """The asset that it reports."""
        return str(self.written["asset"])

    @cached_property
    def tracks(self) -> tuple[str, ...] | None:
        """The tracks on which it applies; None: all."""
        return tuple(self.written["tracks"]) if "tracks" in self.written else None

    @cached_property
    def depths(self) -> tuple[str, ...] | None:
        """The depths of its asset at which it applies; None: all."""
        return tuple(self.written["depths"]) if "depths" in self.written else None

    @cached_property
    def paired_cadence(self) -> str | None:
        """The cadence that fails on the same evidence."""
        paired: str | None = self.written.get("one_cause", {}).get("cadence")
        return paired

    @cached_property
    def paired_staleness(self) -> bool:
        """Whether the staleness of its asset rests on the same evidence."""
        return bool(self.written.get("one_cause", {}).get("staleness", False))

    @cached_property
    def requires(self) -> Predicate:
        """What it asks."""
        return self.predicate("requires")


@dataclass(frozen=True)
class Trigger(Row):
    """A signal or a handoff: a condition that the report tells when it holds."""

    blueprint: str = ""

    @cached_property
    def when(self) -> Predicate:
        """When it is active."""
        return self.predicate("when")

    @property
    def message(self) -> str:
        """What the report says."""
        return str(self.written["message"])


@dataclass(frozen=True)
class ReferenceBlueprint(Row):
    """A reusable composition of assets, checks, cadences and signals."""

    assets: tuple[Asset, ...] = ()
    checks: tuple[Check, ...] = ()
    cadences: tuple[Cadence, ...] = ()
    signals: tuple[Trigger, ...] = ()
    playbooks: tuple[Playbook, ...] = ()

    @classmethod
    def of(cls, written: Written, origin: Origin) -> ReferenceBlueprint:
        """From a file that its schema accepts."""
        name, code = written["id"], written["code"]

        def rows(key: str) -> list[tuple[Written, Origin]]:
            return [(row, origin.at(key, index)) for index, row in enumerate(written.get(key, ()))]

        return cls(
            written,
            origin,
            assets=tuple(Asset(row, at, name) for row, at in rows("assets")),
            checks=tuple(Check(row, at, name, code) for row, at in rows("checks")),
            cadences=tuple(Cadence(row, at, name) for row, at in rows("cadences")),
            signals=tuple(Trigger(row, at, name) for row, at in rows("signals")),
            playbooks=_playbooks(written),
        )

    @cached_property
    def code(self) -> str:
        """What qualifies its check ids."""
        return str(self.written["code"])

    @cached_property
    def owner_roles(self) -> tuple[str, ...]:
        """The owning role, or its alternatives in the order in which the team is searched."""
        for one in self.written["stakeholders"]["internal"]:
            if one.get("owner"):
                role = one["role"]
                return (role,) if isinstance(role, str) else tuple(role)
        return ()

    @cached_property
    def never_stale_when(self) -> Predicate | None:
        """While this holds, none of its assets is stale."""
        return self.predicate("never_stale_when") if "never_stale_when" in self.written else None


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
        return _span(self.written.get("late_visible", "0 days"))

    @cached_property
    def upcoming_within(self) -> Span:
        """How far ahead the report looks."""
        return _span(self.written.get("upcoming_within", "14 days"))

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
        own = list(_playbooks(self.written))
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


def _playbooks(written: Written) -> tuple[Playbook, ...]:
    return tuple(Playbook(one["id"], one["name"]) for one in written.get("playbooks", ()))


def _span(text: str) -> Span:
    found = span(text)
    if found is None:  # the schema's pattern and `span` accept the same words: a test holds them together
        raise ValueError(text)
    return found
