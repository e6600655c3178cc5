"""Two judgements of the same engagements, held side by side: what a change introduced and what it fixed.

Both are made at one moment, so what the calendar did is on both sides and nobody's fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from blueprint_cli.model import Gap, NodeReport, Severity, Subject

Entry = tuple[NodeReport, Gap]
"""A gap and the report that it stands in."""

_UNUSABLE = ("missing", "invalid")
_IN_THE_WAY = frozenset(
    {"missing-asset", "invalid-asset", "yaml-syntax", "not-a-mapping", "duplicate-key", "unsafe-yaml", "unsafe-path"}
)
"""What keeps the rest of an asset from being judged."""

POLICY = NodeReport.of_repository(Subject.POLICY)
"""The report in which changes of policy stand: they concern all engagements."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of one engagement's gaps."""

    introduced: tuple[Entry, ...] = ()
    fixed: tuple[Entry, ...] = ()
    unchanged: tuple[Entry, ...] = ()
    hidden: tuple[Entry, ...] = ()
    """Gaps of the base that can no longer be judged: neither fixed nor there."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change did. ``base`` and ``head`` are commit ids, or ``index`` or ``worktree``."""

    base: str
    head: str
    as_of: str
    introduced: tuple[Entry, ...] = ()
    fixed: tuple[Entry, ...] = ()
    unchanged: tuple[Entry, ...] = ()
    policy_changes: tuple[Entry, ...] = ()
    deleted_nodes: tuple[NodeReport, ...] = ()
    """The base's reports of engagements that are gone altogether: nothing of them counts as fixed."""
    nodes: tuple[NodeReport, ...] = ()
    """The head's reports of all engagements that were compared."""
    notes: tuple[str, ...] = ()


def compare(base: NodeReport | None, head: NodeReport) -> Comparison:
    """The gaps of one engagement on both sides, matched by fingerprint. ``base`` None: it is new."""
    if base is None:
        return Comparison(introduced=tuple((head, gap) for gap in head.gaps))
    introduced: list[Entry] = []
    unchanged: list[Entry] = []
    before = _by_fingerprint(base.gaps)
    for fingerprint, gaps in _by_fingerprint(head.gaps).items():
        for gap, known in _pair(gaps, before.get(fingerprint, [])):
            (introduced if known is None or worse(known, gap) else unchanged).append((head, gap))
    lost = [(base, gap) for gaps in before.values() for gap in gaps]
    hidden = [entry for entry in lost if _hidden(entry[1], base, head)]
    fixed = [entry for entry in lost if entry not in hidden]
    return Comparison(tuple(introduced), tuple(fixed), tuple(unchanged), tuple(hidden))


def worse(base: Gap, head: Gap) -> bool:
    """Whether a gap that was there before weighs more now, or is about one more item."""
    return head.severity.rank < base.severity.rank or not set(head.items) <= set(base.items)


def worst_first(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """All entries by severity; within one in the order of the engagements."""
    return tuple(sorted(entries, key=lambda entry: entry[1].severity.rank))


def counted(entries: Iterable[Entry]) -> dict[Severity, int]:
    """How many entries weigh how much."""
    found = dict.fromkeys(Severity, 0)
    for _, gap in entries:
        found[gap.severity] += 1
    return found


def judged(report: NodeReport) -> bool:
    """Whether the engagement's requirements were judged: its blueprint could be read, and it is active."""
    return bool(report.reference_blueprints)


def _by_fingerprint(gaps: Iterable[Gap]) -> dict[str, list[Gap]]:
    found: dict[str, list[Gap]] = {}
    for gap in gaps:
        found.setdefault(gap.fingerprint, []).append(gap)
    return found


def _pair(gaps: list[Gap], known: list[Gap]) -> Iterator[tuple[Gap, Gap | None]]:
    """Each gap with its counterpart, which is taken from ``known``; the same words go together first."""
    rest = []
    for gap in gaps:
        same = next((one for one in known if one.message == gap.message), None)
        if same is None:
            rest.append(gap)
        else:
            known.remove(same)
            yield gap, same
    for gap in rest:
        yield gap, known.pop(0) if known else None


def _hidden(gap: Gap, base: NodeReport, head: NodeReport) -> bool:
    """Whether a gap is gone only because what it speaks of cannot be judged any more."""
    if not judged(head):
        return judged(base) or gap.rule not in {"yaml-syntax", "invalid-blueprint", "unknown-archetype"}
    if any(line.check == gap.check and line.status in ("failed", "not_evaluable") for line in head.checks):
        return True
    now = next((line.status for line in head.assets if line.asset == gap.asset), None)
    before = next((line.status for line in base.assets if line.asset == gap.asset), None)
    return gap.rule not in _IN_THE_WAY and now in _UNUSABLE and now != before
