"""Two reports of the same engagement side by side: what a change introduced, fixed, uncovered and excused.

Both are as of one moment, so a gap that only time has brought is on both sides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from blueprint_cli.diff.matching import Matching, worse
from blueprint_cli.model import Gap, NodeReport, Subject
from blueprint_cli.model.difference import NodeGap
from blueprint_cli.rulebook import RULES

_UNUSABLE = ("missing", "invalid")
_NOT_THERE = ("not_applicable", "not_yet_due")  # and nothing requires it

POLICY = NodeReport.of_repository(Subject.POLICY)
"""The report of changes of policy, which concern all engagements."""


@dataclass(frozen=True, slots=True)
class Comparison:
    introduced: tuple[NodeGap, ...] = ()
    fixed: tuple[NodeGap, ...] = ()
    uncovered: tuple[NodeGap, ...] = ()
    excused: tuple[NodeGap, ...] = ()
    unchanged: tuple[NodeGap, ...] = ()
    hidden: tuple[NodeGap, ...] = ()
    """Gaps of the base that can no longer be judged: neither fixed nor unchanged."""


@dataclass(frozen=True, slots=True)
class Counterparts:
    """The same files under the other side's blueprint.yaml; None where both judge alike."""

    head_as_before: NodeReport | None = None
    """The head's files by the terms of the base: a gap that is in it is not fixed."""
    base_as_now: NodeReport | None = None
    """The base's files by the blueprint.yaml of the head: a gap that is in it is not introduced by other files."""


def compare(
    base: NodeReport | None,
    head: NodeReport,
    other: Counterparts | None = None,
    changed: Collection[str] = (),
) -> Comparison:
    """The gaps of one engagement on both sides. ``base`` None: it is new. ``changed``: the paths that differ."""
    if base is None:
        return Comparison(introduced=tuple(NodeGap(head, gap) for gap in head.gaps))
    other, matching = other or Counterparts(), Matching(base, head)
    introduced = [gap for known, gap in matching.both if worse(known, gap)]
    unchanged = [gap for known, gap in matching.both if not worse(known, gap)]
    uncovered = _uncovered(matching, base, head, other.base_as_now, changed)
    introduced += _without(matching.new, uncovered)
    excused = _excused(matching.lost, base, head, other.head_as_before)
    hidden = [gap for gap in _without(matching.lost, excused) if _hidden(gap, base, head)]
    fixed = _without(matching.lost, [*excused, *hidden])
    sides = ((head, introduced), (base, fixed), (head, uncovered), (base, excused), (head, unchanged), (base, hidden))
    return Comparison(*(tuple(NodeGap(report, gap) for gap in gaps) for report, gaps in sides))


def _without(gaps: Iterable[Gap], others: Iterable[Gap]) -> list[Gap]:
    left_out = set(others)
    return [gap for gap in gaps if gap not in left_out]


def judged(report: NodeReport) -> bool:
    """Whether the engagement's requirements were judged: its blueprint could be read, and it is active."""
    return bool(report.reference_blueprints)


def blocked(report: NodeReport) -> bool:
    """Whether nothing was judged because of its blueprint.yaml."""
    return not judged(report) and any(RULES[gap.rule].blocks for gap in report.gaps if gap.asset is None)


def unread(report: NodeReport) -> set[str]:
    """The assets that are there and cannot be read, also where a waiver excuses what they lack."""
    return {gap.asset for gap in report.gaps if RULES[gap.rule].unreadable and gap.asset is not None}


# Uncovered -------------------------------------------------------------------------------------------


def _uncovered(
    matching: Matching, base: NodeReport, head: NodeReport, base_as_now: NodeReport | None, changed: Collection[str]
) -> list[Gap]:
    """The gaps of the head that the base could not show, though what they are about was there."""
    there_before = set() if base_as_now is None else {gap for _, gap in Matching(base_as_now, head).both}
    evidence = _Evidence(base)
    uncovered = [
        gap for gap in matching.new if (gap in there_before and _was_open(gap, base)) or evidence.hid(gap, changed)
    ]
    others = [gap for gap in _without(matching.new, uncovered) if not RULES[gap.rule].consequence]
    if uncovered and not others:  # a rate follows from the checks below it
        uncovered += [gap for gap in _without(matching.new, uncovered) if RULES[gap.rule].consequence]
    return uncovered


def _was_open(gap: Gap, base: NodeReport) -> bool:
    """Whether the requirement had no answer in the base, because its blueprint.yaml was wrong."""
    if blocked(base):
        return True
    if any(line.id == gap.reference_blueprint and line.status == "missing" for line in base.reference_blueprints):
        return True
    rules = {(known.rule, known.reference_blueprint) for known in base.gaps}
    if ("missing-reference-blueprint", gap.reference_blueprint) in rules:
        return True
    waited = {str(line.status) for line in base.checks if line.check == gap.check}
    waited |= {line.status for line in base.assets if line.asset == gap.asset}
    return ("missing-date", None) in rules and (not waited or "not_yet_due" in waited)


class _Evidence:
    """What the base's files could show."""

    def __init__(self, base: NodeReport) -> None:
        self._checks = {line.check: line.status for line in base.checks}
        self._unread = unread(base)
        self._undecided = {line.asset for line in base.assets if line.status == "not_evaluable"}
        """Of which a file that could not be judged decides whether they are too old."""
        self._unusable = {line.asset for line in base.assets if line.status in _UNUSABLE} | self._unread

    def hid(self, gap: Gap, changed: Collection[str]) -> bool:
        """Whether the requirement of a gap had no answer, because a file was missing or not valid."""
        if gap.check is not None and self._checks.get(gap.check) in ("passed", "not_evaluable"):
            return self._checks[gap.check] == "not_evaluable"
        if gap.asset in self._undecided and RULES[gap.rule].precedence > 0:
            return True
        if gap.asset in self._unusable:
            # A fault of form either could be seen there, or was written by the change.
            return gap.asset in self._unread or RULES[gap.rule].precedence > 0
        refers = gap.rule == "unresolved-reference" and gap.location.path not in changed
        return refers and bool(self._unusable)


# Excused and hidden ----------------------------------------------------------------------------------


def _excused(lost: Iterable[Gap], base: NodeReport, head: NodeReport, as_before: NodeReport | None) -> list[Gap]:
    """The gaps of the base that are gone without the work that they ask for."""
    still = set() if as_before is None else {gap for gap, _ in Matching(base, as_before).both}
    return [
        gap for gap in lost if _is_moot(gap, head) or (gap in still and not (judged(head) and _is_of_blueprint(gap)))
    ]


def _is_of_blueprint(gap: Gap) -> bool:
    """Whether it is a fault of blueprint.yaml itself: what is written there otherwise is how it is fixed."""
    of_nothing_else = gap.asset is None and gap.check is None and gap.reference_blueprint is None
    return of_nothing_else and not RULES[gap.rule].consequence


def _is_moot(gap: Gap, head: NodeReport) -> bool:
    """Whether the file that it is about was taken away, and nothing requires one."""
    gone = any(line.asset == gap.asset and line.status in _NOT_THERE for line in head.assets)
    return gone and RULES[gap.rule].precedence > 0


def _hidden(gap: Gap, base: NodeReport, head: NodeReport) -> bool:
    """Whether a gap is gone only because its subject cannot be judged any more."""
    if not judged(head):
        return judged(base) or (blocked(head) and not RULES[gap.rule].blocks)
    if any(line.check == gap.check and line.status in ("failed", "not_evaluable") for line in head.checks):
        return True
    lost = unread(head) - unread(base)
    if (gap.asset in lost and not RULES[gap.rule].unreadable) or (lost and gap.rule == "unused-waiver"):
        return True
    now = next((line.status for line in head.assets if line.asset == gap.asset), None)
    before = next((line.status for line in base.assets if line.asset == gap.asset), None)
    return not RULES[gap.rule].blocks and now in _UNUSABLE and now != before
