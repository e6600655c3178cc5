"""Which gap of the base is which gap of the head: by fingerprint, then by what they say of the same file."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable

from blueprint_cli.model import Gap, NodeReport

_NUMBERED = re.compile(r"number \d+")
"""How a check names an item that has no id, name or title: by its position, which another item may take."""


class Matching:
    """The gaps of two reports of one engagement: those that are on both sides, and the rest of each side."""

    def __init__(self, base: NodeReport, head: NodeReport) -> None:
        self.both: list[tuple[Gap, Gap]] = []
        """Each gap of the base with the same one of the head, in the order of the head."""
        self.lost, self.new = list(base.gaps), list(head.gaps)
        for same in (_identity, lambda gap: gap.fingerprint):
            self._match(same, same)
        # The identity of an entry without an id is a hash of its content: it changes with every edit of the entry.
        self._match(_saying(base), _saying(head))
        position = {id(gap): number for number, gap in enumerate(head.gaps)}
        self.both.sort(key=lambda pair: position[id(pair[1])])

    def _match(self, of_base: Callable[[Gap], Hashable], of_head: Callable[[Gap], Hashable]) -> None:
        waiting: dict[Hashable, list[Gap]] = {}
        for gap in self.lost:
            waiting.setdefault(of_base(gap), []).append(gap)
        matched: set[int] = set()
        for gap in self.new:
            if known := waiting.get(of_head(gap)):
                self.both.append((known.pop(0), gap))
                matched |= {id(member) for member in self.both[-1]}
        self.lost = [gap for gap in self.lost if id(gap) not in matched]
        self.new = [gap for gap in self.new if id(gap) not in matched]


def _identity(gap: Gap) -> Hashable:
    return gap.fingerprint, gap.message


def _saying(report: NodeReport) -> Callable[[Gap], Hashable]:
    """What a gap says of which file; the directory of the engagement may have been renamed."""
    within = f"{report.path}/" if report.path else ""
    return lambda gap: (gap.rule, gap.asset, gap.check, gap.location.path.removeprefix(within), gap.message)


def worse(base: Gap, head: Gap) -> bool:
    """Whether a gap has a higher severity than in the base, or concerns one more item."""
    return head.severity.rank < base.severity.rank or _more(base.items, head.items)


def _more(base: Iterable[str], head: Iterable[str]) -> bool:
    """Whether there is an item that was not there, or more of those that only a position identifies."""
    named, numbered = ([[*filter(keep, side)] for side in (base, head)] for keep in (_has_name, _NUMBERED.fullmatch))
    return not set(named[1]) <= set(named[0]) or len(numbered[1]) > len(numbered[0])


def _has_name(item: str) -> bool:
    return _NUMBERED.fullmatch(item) is None
