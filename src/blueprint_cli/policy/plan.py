"""Reference blueprints × track × instance, resolved to the flat list of what a node must satisfy.

A plan depends on the archetype, the track and which reference blueprints are instantiated: most nodes share
one. What a single node adds (its additional assets) makes a plan of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from blueprint_cli.model import Severity
from blueprint_cli.policy.model import EMPTY, Archetype, ReferenceBlueprint, Track
from blueprint_cli.policy.rows import Asset, Cadence, Check
from blueprint_cli.predicates.limit import Limit, LimitSpec
from blueprint_cli.times import Span, span

ENVELOPE = "asset.schema.json"  # the schema of an additional asset that names none: the envelope


class Kind(StrEnum):
    """What a requirement is about."""

    BLUEPRINT = "blueprint"  # the engagement's own blueprint.yaml
    REFERENCE_BLUEPRINT = "reference_blueprint"
    ASSET = "asset"
    CHECK = "check"
    CADENCE = "cadence"
    GATE = "gate"


@dataclass(frozen=True, slots=True)
class BlueprintRequirement:
    """One reference blueprint: whether the track requires it and what the instance says."""

    id: str
    required: bool
    optional: bool
    instantiated: bool
    set_aside: bool
    row: ReferenceBlueprint

    @property
    def active(self) -> bool:
        """Whether what it brings is judged."""
        return self.instantiated and not self.set_aside


@dataclass(frozen=True)
class AssetRequirement:
    """One asset of an instantiated reference blueprint, or one that the instance adds."""

    row: Asset
    expected: bool
    why: str
    depth: str | None
    schema: str | None
    severity: Severity
    staleness: Limit | None
    owner_roles: tuple[str, ...]
    own_checks: tuple[CheckRequirement, ...] = ()  # those that report it; their due dates bring its own forward
    additional: int | None = None  # index in the instance's additional_assets

    @cached_property
    def path(self) -> str:
        return self.row.path

    @property
    def own_schema(self) -> bool:
        """Whether its row names the schema (otherwise it is the envelope, or none)."""
        return self.row.schema is not None


@dataclass(frozen=True)
class CheckRequirement:
    """One checklist item of an instantiated reference blueprint."""

    row: Check
    archetype: Archetype
    track: Track
    owner_roles: tuple[str, ...]

    @cached_property
    def why_not(self) -> str | None:
        """Why it does not apply on this track at all; None where it does. Needed only where a node is judged."""
        check, track = self.row, self.track
        if check.tracks is not None and track.id not in check.tracks:
            return f"required on {', '.join(check.tracks)} only"
        if check.depths is not None:
            asset = self.archetype.assets[check.asset]
            depth = track.cell(asset.depth_row) if asset.depth_row else EMPTY
            if depth not in check.depths:
                return f"not required at depth {depth}"
        for spec in check.requires.limits():
            if (spec.row or spec.capped_by) and bind(track, spec) is None:
                return f"{spec.row or spec.capped_by} does not apply on {track.title}"
        return None


@dataclass(frozen=True)
class CadenceRequirement:
    """One rhythm; the cell of its row is a period, ``end only`` or ``-``."""

    row: Cadence
    cell: str
    owner_roles: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What a node of this archetype, track and set of reference blueprints must satisfy."""

    archetype: Archetype
    track: Track
    blueprints: tuple[BlueprintRequirement, ...]
    assets: tuple[AssetRequirement, ...]
    checks: tuple[CheckRequirement, ...]
    cadences: tuple[CadenceRequirement, ...]
    _limits: dict[LimitSpec, Limit | None] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def assets_by_path(self) -> dict[str, AssetRequirement]:
        """The asset requirements by the catalog's names."""
        return {asset.path: asset for asset in self.assets}

    @property
    def late_visible(self) -> Span:
        return self.archetype.late_visible

    @property
    def longest_waiver(self) -> Span | None:
        """The longest term of a waiver on this track; None: any."""
        return self.track.longest_waiver or self.archetype.longest_waiver

    def lifecycle_title(self, name: str) -> str:
        return self.archetype.lifecycle_title(name)

    def limit(self, spec: LimitSpec) -> Limit | None:
        """The limit on this track; None where its row is ``-``."""
        if spec not in self._limits:
            self._limits[spec] = self._staleness(spec.staleness_of) if spec.staleness_of else bind(self.track, spec)
        return self._limits[spec]

    def _staleness(self, asset: str) -> Limit | None:
        return self.assets_by_path[asset].staleness if asset in self.assets_by_path else None

    def severity(self, rule: str, default: Severity) -> Severity:
        return self.track.severities.get(rule) or self.archetype.severity(rule, self.track) or default


def bind(track: Track, spec: LimitSpec) -> Limit | None:
    """A limit on a track: the cell of its row replaces the literal, a cap shortens it, ``-`` lifts it."""
    own = span(spec.literal or "")
    literal = None if own is None else Limit((own,), own.text, spec.where)
    if spec.capped_by is not None:
        cap = span(track.cell(spec.capped_by))
        if cap is None or own is None:
            return None
        if cap.rank >= own.rank:
            return literal
        return Limit((cap,), cap.text, f"{track.where(spec.capped_by)} (caps {own.text})", track.title)
    if spec.row is None:
        return literal
    cell = track.cell(spec.row)
    length = span(cell) or own
    if cell == EMPTY or length is None:
        return None
    instead = f" (in place of {spec.literal})" if spec.literal and own != length else ""
    return Limit((length,), length.text, track.where(spec.row) + instead, track.title)
