"""Why an engagement has a requirement: every value that shaped it with its file and line, and what was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from blueprint_cli.engagement.node import NodeRef
from blueprint_cli.errors import BpError
from blueprint_cli.model import Gap, NodeReport, Status
from blueprint_cli.policy.load import Policy
from blueprint_cli.policy.plan import AssetRequirement, Kind
from blueprint_cli.policy.rows import Asset, Cadence, Check, Gate, Origin, Row
from blueprint_cli.rules import assets
from blueprint_cli.rules.context import Context, Outcome
from blueprint_cli.rules.judge import Verdict
from blueprint_cli.scan import Scanner
from blueprint_cli.text import listed, suggest
from blueprint_cli.times import iso


@dataclass(frozen=True, slots=True)
class Shaped:
    """One value that shaped the requirement, and where it is written."""

    place: str
    what: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A requirement of one engagement, from its origin to what would satisfy it."""

    node: str
    requirement: str
    title: str
    status: Status
    reason: str
    due: str | None
    shaped: tuple[Shaped, ...]
    asks: tuple[str, ...]
    gaps: tuple[Gap, ...]


def explain(scanner: Scanner, name: str) -> Explanation:
    """Explain a check, asset, cadence, reference blueprint or gate of the one engagement that is scanned.

    Raises BpError where it has no such requirement, or is not judged.
    """
    (ref,) = scanner.nodes
    seen: list[tuple[Context, Verdict]] = []
    report = scanner.node(ref, lambda context, verdict: seen.append((context, verdict)))
    if not seen:
        why = report.reason or next((gap.message for gap in report.gaps), "it cannot be judged")
        raise BpError(f"{ref.name} is not judged: {why}")
    context, verdict = seen[0]
    outcome = _outcome(verdict, name, ref)
    requirement = _Requirement(scanner.snapshot.policy, context, outcome)
    return Explanation(
        node=ref.name,
        requirement=outcome.key,
        title=requirement.row.title,
        status=outcome.status,
        reason=outcome.reason,
        due=None if outcome.due is None else iso(outcome.due),
        shaped=tuple(requirement.shaped()),
        asks=tuple(requirement.asks()),
        gaps=tuple(_gaps(report, outcome)),
    )


def _outcome(verdict: Verdict, name: str, ref: NodeRef) -> Outcome:
    known = {outcome.key: outcome for outcome in verdict.outcomes}
    if name in known:
        return known[name]
    short = [key for key in known if key.endswith(f"/{name}")]
    if len(short) == 1:
        return known[short[0]]
    hint = suggest(name, known) or f"Its requirements: {listed(sorted(known))}."
    raise BpError(f"{ref.name} has no requirement `{name}`", hint)


def _gaps(report: NodeReport, outcome: Outcome) -> Iterator[Gap]:
    for gap in report.gaps:
        by_check = outcome.kind is Kind.CHECK and gap.check == outcome.key
        by_asset = outcome.kind is Kind.ASSET and gap.asset == outcome.key
        by_blueprint = outcome.kind is Kind.REFERENCE_BLUEPRINT and gap.rule == "missing-reference-blueprint"
        by_finding = any(f.message == gap.message and f.location == gap.location for f in outcome.findings)
        if by_check or by_asset or by_finding or (by_blueprint and gap.reference_blueprint == outcome.key):
            yield gap


class _Requirement:
    """The rows of the policy, and the values of the instance, that lead to one outcome."""

    def __init__(self, policy: Policy, context: Context, outcome: Outcome) -> None:
        self.policy, self.context, self.outcome = policy, context, outcome
        self.archetype, self.track = context.plan.archetype, context.plan.track
        self.row = self._row()

    def _row(self) -> Row:
        key, kind = self.outcome.key, self.outcome.kind
        if kind is Kind.CHECK:
            return self.archetype.checks[key]
        if kind is Kind.ASSET:
            return self.context.plan.assets_by_path[key].row
        if kind is Kind.CADENCE:
            return next(planned.row for planned in self.context.plan.cadences if planned.row.id == key)
        if kind is Kind.REFERENCE_BLUEPRINT:
            return self.archetype.reference_blueprints[key]
        if kind is Kind.GATE:
            return next(gate for gate in self.archetype.gates if gate.id == key)
        return self.archetype

    def asks(self) -> list[str]:
        if isinstance(self.row, Check | Cadence):
            return self.row.requires.describe(self.archetype.lifecycle_title)
        if self.outcome.kind is Kind.ASSET:
            return self._asset_asks(self.context.plan.assets_by_path[self.outcome.key])
        if isinstance(self.row, Gate):
            return [f"at least {self.track.cell(self.row.row)} of what was judged is satisfied"]
        return ["it is listed under reference_blueprints"]

    def _asset_asks(self, required: AssetRequirement) -> list[str]:
        lines = ["the file exists" + ("" if required.expected else " (not expected here, but judged where it exists)")]
        if required.schema:
            depth = f" at depth {required.depth}" if required.depth else ""
            lines.append(f"it is valid against {required.schema}{depth}")
        if required.staleness is not None:
            lines.append(f"it was updated within {required.staleness.text} ({required.staleness.source})")
        due = assets.due_of(self.context, required)
        if due is not None and due.day:
            lines.append(f"its absence is excused until {iso(due.day)}")
        return lines

    def shaped(self) -> Iterator[Shaped]:
        """Every value that shaped the requirement, from the catalog to the instance."""
        instance = self.context.node.instance
        yield self._policy(self.row.origin, f"{self.outcome.kind.replace('_', ' ')} {self.outcome.key}")
        blueprint = self.outcome.blueprint
        if blueprint and blueprint in self.archetype.reference_blueprints:
            if blueprint in self.track.required:
                yield self._policy(self.track.origin.at("reference_blueprints", "required"), f"requires {blueprint}")
            entry = instance.blueprints.get(blueprint)
            if entry is not None:
                verb = "sets aside" if entry.set_aside else "instantiates"
                yield self._instance(f"{verb} {blueprint}", "reference_blueprints", entry.index)
        yield self._instance(f"track {instance.track}", "track")
        for row in self._rows():
            yield self._policy(self.track.origin.at(*row.split(".")), f"{row}: {self.track.cell(row)}")
        for name in sorted(set(_names(self.row.written)) & set(self.archetype.lifecycle)):
            if name in instance.dates:
                yield self._instance(f"lifecycle.{name}: {instance.dates[name]}", "lifecycle", name)
            else:
                yield self._instance(f"lifecycle.{name} is not known")
        asset = self.outcome.key if self.outcome.kind is Kind.ASSET else None
        if isinstance(self.row, Check | Cadence):
            asset = self.row.asset
        if asset in instance.path_map:
            yield self._instance(f"{asset} is {instance.path_map[asset]}", "assets", asset)
        for waiver in instance.waivers:
            if waiver.target in (self.outcome.key, asset, blueprint):
                yield self._instance(f"waiver until {waiver.expires}", "waivers", waiver.index)

    def _rows(self) -> list[str]:
        rows: list[str | None] = []
        if isinstance(self.row, Check | Cadence):
            rows += [row for spec in self.row.requires.limits() for row in (spec.row, spec.capped_by)]
        if isinstance(self.row, Asset):
            declared, _ = self.archetype.asset_rows.get(self.row.path, (None, {}))
            own, completeness = self.row.review_every, self.archetype.completeness
            rows += [declared, own.row if own else None, self.archetype.staleness_row]
            rows += [completeness.row if completeness else None]
        if isinstance(self.row, Gate | Cadence):
            rows.append(self.row.row)
        return [row for row in dict.fromkeys(rows) if row]

    def _policy(self, origin: Origin, what: str) -> Shaped:
        line, _ = self.policy.locate(origin)
        return Shaped(f"{origin.file}:{line}", what)

    def _instance(self, what: str, *path: str | int) -> Shaped:
        at = self.context.node.in_blueprint(*path)
        return Shaped(f"{at.path}:{at.line}", what)


def _names(written: Any) -> Iterator[str]:
    """Every text in a row, among them the lifecycle dates that it names."""
    if isinstance(written, str):
        yield written
    elif isinstance(written, dict | list):
        for value in written.values() if isinstance(written, dict) else written:
            yield from _names(value)
