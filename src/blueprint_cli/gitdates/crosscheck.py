"""Declared dates checked against what else is known of a file: the commit that wrote it, and its newest entry.

Opt-in (`git_clock: true`): commits are re-dated by rebases, imports and scratch repositories, so a portfolio has to
say that its commit dates mean something.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from blueprint_cli.files.tree import Change
from blueprint_cli.gitdates.hollow import dated_files
from blueprint_cli.gitdates.same_content import DATED
from blueprint_cli.policy.plan import Plan
from blueprint_cli.predicates.dates import Newest
from blueprint_cli.predicates.scope import Place, Source, Undecidable
from blueprint_cli.rules import form
from blueprint_cli.rules.context import Context, Finding
from blueprint_cli.times import Moment, Zone, iso

_TOLERANCE = 1
"""Days: a date in one time zone, a commit in another."""


@dataclass
class CrossCheck:
    """Finds dates of one engagement that cannot be true."""

    zone: Zone
    changes: Mapping[str, Change]
    """The last change of each committed file, as Git knows it."""

    def __call__(self, context: Context) -> Iterator[Finding]:
        """Dates newer than the commit that wrote them, and entries newer than the date of their file."""
        sources = _newest(context.plan)
        for asset, file in dated_files(context):
            moment = context.node.zone.moment(file.data[DATED])
            if moment is None:
                continue
            change = self.changes.get(file.path)
            day = None if change is None or change.when is None else self.zone.instant(change.when).day
            if day is not None and moment.day > day + _TOLERANCE:
                message = f"`{DATED}` {moment.text} is newer than the commit that wrote it ({iso(day)})"
                at = context.node.locate(Place(asset, (DATED,)))
                yield form.finding(context.plan.assets_by_path[asset], "future-date", message, at, item="commit")
            for what, source in sources.get(asset, ()):
                yield from _ahead(context, asset, what, source, moment)


def _ahead(context: Context, asset: str, what: str, source: Source, declared: Moment) -> Iterator[Finding]:
    scope = context.scope(asset)
    try:
        entries = [(context.node.zone.moment(value), place) for place, value in scope.places(source)]
    except Undecidable:
        return
    dated = [(moment, place) for moment, place in entries if moment and moment.first <= context.node.as_of.last]
    moment, place = max(dated, key=lambda entry: entry[0].last, default=(declared, Place(asset, ())))
    if moment.day > declared.day:
        message = f"the newest {what} is of {iso(moment.day)}, after `{DATED}` {declared.text}"
        at, required = context.node.locate(place), context.plan.assets_by_path[asset]
        yield form.finding(required, "future-date", message, at, item=f"newest:{what}")


def _newest(plan: Plan) -> dict[str, list[tuple[str, Source]]]:
    """By asset, where the checks and cadences select its newest entry, and what they call that entry."""
    predicates = [(check.row.asset, check.row.requires) for check in plan.checks]
    predicates += [(cadence.row.asset, cadence.row.requires) for cadence in plan.cadences if cadence.row.asset]
    sources: dict[str, dict[str, tuple[str, Source]]] = {}
    for asset, predicate in predicates:
        for part in predicate.walk():
            if isinstance(part, Newest):
                for source in part.of:
                    known = sources.setdefault(source.asset or asset, {})
                    known.setdefault(source.select.text, (part.what, source))
    return {asset: list(known.values()) for asset, known in sources.items()}
