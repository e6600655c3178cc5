"""Which values of which assets the answer of a predicate rests on: what is wrong elsewhere does not matter to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple

from blueprint_cli.jsonpath import Selector
from blueprint_cli.jsonpath.steps import Entries, Steps
from blueprint_cli.predicates.base import Predicate
from blueprint_cli.predicates.parameters import DateOrAnchor, Nested, OfItem, Values
from blueprint_cli.predicates.scope import Path, Source

ANY = "*"
"""Any entry of a list or of a mapping."""


class Read(NamedTuple):
    """Where a predicate looks: an asset (None: blueprint.yaml) and the keys that lead there."""

    asset: str | None
    path: tuple[str, ...]

    def touches(self, path: Path) -> bool:
        """Whether it looks at a value or within it."""
        pairs = zip(self.path, path, strict=False)
        return len(path) <= len(self.path) and all(own in (ANY, step) for own, step in pairs)


def reads(predicate: Predicate, asset: str | None) -> set[Read]:
    """Everything that a predicate on a document looks at."""
    return set(_reads(predicate, (Read(asset, ()),)))


def _reads(predicate: Predicate, here: tuple[Read, ...]) -> Iterator[Read]:
    selected: dict[str, tuple[Read, ...]] = {"": here}
    for parameter in predicate.parameters():
        value, role = getattr(predicate, parameter.field), parameter.role
        parts = value if isinstance(value, tuple) else (value,)
        if isinstance(role, Values | DateOrAnchor):
            sources = [part for part in parts if isinstance(part, Source)]
            selected[parameter.name] = tuple(read for source in sources for read in _targets(source, here))
            yield from selected[parameter.name]
            yield from (read for source in sources for read in _conditions(source, here))
        elif isinstance(role, OfItem) and isinstance(value, Selector):
            yield from _paths(value, selected[role.of])
        elif isinstance(role, Nested):
            for part in parts:
                yield from _reads(part, selected[role.of]) if part is not None else ()
    if predicate.needs_asset:
        yield from (Read(read.asset, (*read.path, "last_updated")) for read in here)


def _start(source: Source, here: tuple[Read, ...]) -> tuple[Read, ...]:
    """Where the query of a source begins."""
    root = here if source.asset is None else (Read(source.asset, ()),)
    return root if source.each is None else tuple(_paths(source.each, root))


def _targets(source: Source, here: tuple[Read, ...]) -> Iterator[Read]:
    """What a source selects."""
    return _paths(source.select, _start(source, here))


def _conditions(source: Source, here: tuple[Read, ...]) -> Iterator[Read]:
    """What decides whether it is selected."""
    root, start = here if source.asset is None else (Read(source.asset, ()),), _start(source, here)
    if source.each is not None:
        yield from _filters(source.each, root)
    if source.outsiders is not None:
        yield from _paths(source.outsiders, start)
    yield from _filters(source.select, start)


def _paths(select: Selector, here: Iterable[Read]) -> Iterator[Read]:
    ways = [[ANY if isinstance(pick, Entries) else pick.name for pick in picks] for picks in product(*select.steps())]
    return (Read(start.asset, (*start.path, *way)) for start in here for way in ways)


def _filters(select: Selector, here: Iterable[Read]) -> Iterator[Read]:
    inner = list(_inside_filters(select.steps()))
    return (Read(start.asset, (*start.path, *names)) for start in here for names in inner)


def _inside_filters(steps: Steps) -> Iterator[tuple[str, ...]]:
    for picks in product(*steps):
        names: tuple[str, ...] = ()
        for pick in picks:
            names = (*names, ANY if isinstance(pick, Entries) else pick.name)
            for operand in pick.operands if isinstance(pick, Entries) else ():
                ways = [[ANY if isinstance(p, Entries) else p.name for p in inner] for inner in product(*operand.steps)]
                yield from ((*names, *way) for way in ways)
                yield from ((*names, *deeper) for deeper in _inside_filters(operand.steps))
