"""What a change did: the gaps that it introduced, fixed, uncovered and excused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from blueprint_cli.model.gap import Gap
from blueprint_cli.model.report import NodeReport


class NodeGap(NamedTuple):
    """A gap and the report that it stands in."""

    node: NodeReport
    gap: Gap


LISTS = ("introduced", "fixed", "uncovered", "excused", "unchanged", "policy_changes")
"""The lists of gaps of a difference."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change did. ``base`` and ``head`` are commit ids, or ``index`` or ``worktree``."""

    base: str
    """The commit that the change starts from."""
    head: str
    """What was judged: a commit, index or worktree."""
    as_of: str
    """The day or moment that both sides were judged at."""
    introduced: tuple[NodeGap, ...] = ()
    """Gaps of the head that the change is to blame for: these alone fail a run."""
    fixed: tuple[NodeGap, ...] = ()
    """Gaps of the base that are gone because the work was done."""
    uncovered: tuple[NodeGap, ...] = ()
    """Gaps of the head that the base hid: what they are about was missing there, or could not be read."""
    excused: tuple[NodeGap, ...] = ()
    """Gaps of the base that are gone only because the engagement is judged otherwise."""
    unchanged: tuple[NodeGap, ...] = ()
    """Gaps of both sides."""
    policy_changes: tuple[NodeGap, ...] = ()
    """What lowers the requirements; errors where that is to fail the run."""
    deleted_nodes: tuple[NodeReport, ...] = ()
    """Engagements of the base that are gone: nothing of them is fixed."""
    nodes: tuple[NodeReport, ...] = ()
    """The head's reports of all engagements that were compared."""
    notes: tuple[str, ...] = ()

    @property
    def lists(self) -> dict[str, tuple[NodeGap, ...]]:
        """Its lists of gaps by name, in the order in which the formats for programs have them."""
        return {name: getattr(self, name) for name in LISTS}


def worst_first(entries: Iterable[NodeGap]) -> tuple[NodeGap, ...]:
    """Entries by severity, and within one severity in the order of the engagements."""
    return tuple(sorted(entries, key=lambda entry: entry.gap.severity.rank))
