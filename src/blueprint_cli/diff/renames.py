"""Which engagements were renamed: the directory is another one, most of what is in it is the same."""

from __future__ import annotations

import difflib
import hashlib
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from blueprint_cli.engagement.node import NodeRef
from blueprint_cli.files.tree import GAP_REPORT
from blueprint_cli.workspace import Snapshot

_ALIKE = 0.6
"""Likeness of two blueprint.yaml, from 0 to 1, from which on they may be of one engagement."""
_TOGETHER = 0.5
"""Share of the files that moved together unchanged, from which on their engagements are one."""
MAX_MOVES = 400
"""Pairs of a removed and an added engagement whose blueprints are compared line by line; of more, only equal ones."""
_MAX_FILES = 100  # of an engagement that are compared
_MAX_HOLDERS = 20  # engagements that have the same file: one that more have, such as a template, shows nothing
_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class _Side:
    """What the engagements of one side are recognised by, by their paths."""

    blueprints: Mapping[str, Sequence[bytes]]
    """The lines of each blueprint."""
    files: Mapping[str, frozenset[Hashable]]
    """The other files, each as its path below the engagement and a hash of its content."""


def found(base: Snapshot, removed: Sequence[NodeRef], head: Snapshot, added: Sequence[NodeRef]) -> dict[str, str]:
    """The old path by the new path of each engagement that was renamed: the surest first."""
    old, new = _side(base, removed), _side(head, added)
    scored = []
    together = _moved_together(old.files, new.files)
    by_line = len(old.blueprints) * len(new.blueprints) <= MAX_MOVES
    for path, lines in new.blueprints.items():
        for origin, before in old.blueprints.items():
            share = together.get((path, origin), 0.0)
            likeness = 1.0 if lines == before else _likeness(before, lines) if by_line else 0.0
            if share >= _TOGETHER or likeness >= _ALIKE:
                same_name = path.rpartition("/")[2] == origin.rpartition("/")[2]
                scored.append((-share, -likeness, not same_name, path, origin))
    moved: dict[str, str] = {}
    taken: set[str] = set()
    for *_, path, origin in sorted(scored):
        if path not in moved and origin not in taken:
            moved[path] = origin
            taken.add(origin)
    return moved


def _likeness(before: Sequence[bytes], after: Sequence[bytes]) -> float:
    return difflib.SequenceMatcher(None, before, after, autojunk=False).ratio()


def _side(snapshot: Snapshot, refs: Iterable[NodeRef]) -> _Side:
    blueprints: dict[str, Sequence[bytes]] = {}
    files: dict[str, frozenset[Hashable]] = {}
    for ref in refs:
        paths = snapshot.portfolio.below(ref.path)[:_MAX_FILES]
        own = [ref.blueprint or "", *(path for path in paths if path.rpartition("/")[2] != GAP_REPORT)]
        own = [path for path in own if path not in snapshot.tree.unmerged]
        read = {path: raw for path, raw in snapshot.tree.read(own, _BYTES) if isinstance(raw, bytes)}
        blueprints[ref.path] = read.pop(ref.blueprint or "", b"").splitlines()
        files[ref.path] = frozenset(
            (path.removeprefix(ref.path), hashlib.sha256(raw).digest()) for path, raw in read.items()
        )
    return _Side(blueprints, files)


def _moved_together(
    old: Mapping[str, frozenset[Hashable]], new: Mapping[str, frozenset[Hashable]]
) -> dict[tuple[str, str], float]:
    """The share of an old engagement's files that a new one has in the same places, by new and old path."""
    holders: dict[Hashable, list[str]] = {}
    for path, files in new.items():
        for file in files:
            holders.setdefault(file, []).append(path)
    shares: Counter[tuple[str, str]] = Counter()
    for origin, files in old.items():
        for file in files:
            for path in holders.get(file, ()) if len(holders.get(file, ())) <= _MAX_HOLDERS else ():
                shares[path, origin] += 1
    return {(path, origin): number / len(old[origin]) for (path, origin), number in shares.items()}
