"""Two reports of the same engagement side by side: what a change introduced and what it fixed.

Both are as of one moment, so a gap that only time has brought is on both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from blueprint_cli.model import Gap, NodeReport, Subject
from blueprint_cli.model.difference import NodeGap
from blueprint_cli.rulebook import RULES

_UNUSABLE = ("missing", "invalid")

POLICY = NodeReport.of_repository(Subject.POLICY)
"""The report of changes of policy, which concern all engagements."""


@dataclass(frozen=True, slots=True)
class Comparison:
    introduced: tuple[NodeGap, ...] = ()
    fixed: tuple[NodeGap, ...] = ()
    unchanged: tuple[NodeGap, ...] = ()
    hidden: tuple[NodeGap, ...] = ()
    """Gaps of the base that can no longer be judged: neither fixed nor unchanged."""


def compare(base: NodeReport | None, head: NodeReport) -> Comparison:
    """The gaps of one engagement on both sides, matched by fingerprint. ``base`` None: it is new."""
    if base is None:
        return Comparison(introduced=tuple(NodeGap(head, gap) for gap in head.gaps))
    introduced: list[NodeGap] = []
    unchanged: list[NodeGap] = []
    before = _by_fingerprint(base.gaps)
    for fingerprint, gaps in _by_fingerprint(head.gaps).items():
        for gap, known in _pair(gaps, before.get(fingerprint, [])):
            (introduced if known is None or worse(known, gap) else unchanged).append(NodeGap(head, gap))
    lost = [NodeGap(base, gap) for gaps in before.values() for gap in gaps]
    hidden = [entry for entry in lost if _hidden(entry.gap, base, head)]
    fixed = [entry for entry in lost if entry not in hidden]
    return Comparison(tuple(introduced), tuple(fixed), tuple(unchanged), tuple(hidden))


def worse(base: Gap, head: Gap) -> bool:
    """Whether a gap has a higher severity than in the base, or concerns one more item."""
    return head.severity.rank < base.severity.rank or not set(head.items) <= set(base.items)


def judged(report: NodeReport) -> bool:
    """Whether the engagement's requirements were judged: its blueprint could be read, and it is active."""
    return bool(report.reference_blueprints)


def _by_fingerprint(gaps: Iterable[Gap]) -> dict[str, list[Gap]]:
    grouped: dict[str, list[Gap]] = {}
    for gap in gaps:
        grouped.setdefault(gap.fingerprint, []).append(gap)
    return grouped


def _pair(gaps: list[Gap], known: list[Gap]) -> Iterator[tuple[Gap, Gap | None]]:
    """Each gap with its counterpart, which is taken from ``known``; those of the same message first."""
    rest = []
    for gap in gaps:
        same = next((other for other in known if other.message == gap.message), None)
        if same is None:
            rest.append(gap)
        else:
            known.remove(same)
            yield gap, same
    for gap in rest:
        yield gap, known.pop(0) if known else None


def _hidden(gap: Gap, base: NodeReport, head: NodeReport) -> bool:
    """Whether a gap is gone only because its subject cannot be judged any more."""
    if not judged(head):
        blocked = any(RULES[other.rule].blocks for other in head.gaps if other.asset is None)
        return judged(base) or (blocked and not RULES[gap.rule].blocks)
    if any(line.check == gap.check and line.status in ("failed", "not_evaluable") for line in head.checks):
        return True
    now = next((line.status for line in head.assets if line.asset == gap.asset), None)
    before = next((line.status for line in base.assets if line.asset == gap.asset), None)
    return not RULES[gap.rule].blocks and now in _UNUSABLE and now != before
