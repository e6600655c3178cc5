"""A node's ``blueprint.yaml`` as a value: what this engagement says about itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from blueprint_cli.model import Owner
from blueprint_cli.policy.plan import Kind
from blueprint_cli.times import Moment, Zone

ACTIVE = "active"
SET_ASIDE = "not_applicable"
WAIVABLE = (Kind.CHECK, Kind.ASSET, Kind.REFERENCE_BLUEPRINT)


@dataclass(frozen=True)
class Waiver:
    """A requirement that somebody allowed this node to miss, until a day."""

    index: int
    written: Mapping[str, Any]
    zone: Zone
    counts: bool = True
    """False for one that a change brings with it: it cannot excuse what the change does."""

    @cached_property
    def kind(self) -> Kind:
        """What it waives: a check, an asset or a reference blueprint."""
        return next(kind for kind in WAIVABLE if kind in self.written)

    @cached_property
    def target(self) -> str:
        """What it waives."""
        return str(self.written[self.kind])

    @property
    def expires(self) -> str:
        """Its last day, as written."""
        return str(self.written["expires"])

    @property
    def reason(self) -> str:
        """Why it was granted."""
        return str(self.written["reason"])

    def within(self, granted: Iterable[object]) -> bool:
        """Whether one of the waivers that were granted, as they are written, permits as much: the same thing, no
        later and no shorter. The words may differ: a reason may be mended."""
        return any(self._inside(one) for one in granted if isinstance(one, Mapping))

    def _inside(self, granted: Mapping[str, Any]) -> bool:
        begun, over = (self.zone.moment(granted.get(key)) for key in ("approved_on", "expires"))
        if begun is None or over is None or granted.get(self.kind) != self.written[self.kind]:
            return False
        return begun.day <= self._day("approved_on") and self._day("expires") <= over.day

    def _day(self, key: str) -> int:
        moment = self.zone.moment(self.written[key])
        return moment.day if moment else 0

    def expired(self, day: int) -> bool:
        """Whether its last day is over; the last day itself counts."""
        return day > self._day("expires")

    def in_force(self, day: int) -> bool:
        """Whether it excuses: it counts, is approved already and not expired yet."""
        return self.counts and self._day("approved_on") <= day and not self.expired(day)


@dataclass(frozen=True)
class Entry:
    """One reference blueprint as the instance lists it."""

    index: int
    id: str
    set_aside: bool
    reason: str | None


@dataclass(frozen=True)
class Instance:
    """A blueprint instance that its schema accepts."""

    data: Mapping[str, Any]
    zone: Zone
    counted: Sequence[Any] | None = None
    """The waivers that were granted before, as they are written: what is within them counts; None: all count."""

    @property
    def archetype(self) -> str:
        """Id of its archetype."""
        return str(self.data["archetype"])

    @property
    def track(self) -> str:
        """Id of its engagement track."""
        return str(self.data["track"])

    @property
    def active(self) -> bool:
        """Only active engagements are judged."""
        return bool(self.data["status"] == ACTIVE)

    @cached_property
    def lifecycle(self) -> dict[str, Moment]:
        """The dates that are known."""
        found = {name: self.zone.moment(text) for name, text in (self.data.get("lifecycle") or {}).items()}
        return {name: moment for name, moment in found.items() if moment is not None}

    @cached_property
    def team(self) -> dict[str, str]:
        """Who holds each role."""
        return _named(self.data.get("team"))

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """The reference blueprints that it lists; the first of an id counts."""
        found: dict[str, Entry] = {}
        for index, one in enumerate(self.data["reference_blueprints"]):
            entry = Entry(index, one["id"], one.get("status") == SET_ASIDE, one.get("reason"))
            found.setdefault(entry.id, entry)
        return found

    @cached_property
    def path_map(self) -> dict[str, str]:
        """Assets that live elsewhere in the node."""
        return _named(self.data.get("assets"))

    @property
    def additional(self) -> list[Mapping[str, Any]]:
        """Assets that this engagement requires beyond its reference blueprints."""
        return list(self.data.get("additional_assets") or ())

    @cached_property
    def waivers(self) -> tuple[Waiver, ...]:
        """What it was allowed to miss."""
        found = (Waiver(i, one, self.zone) for i, one in enumerate(self.data.get("waivers") or ()))
        counted = self.counted
        return tuple(found if counted is None else (replace(one, counts=one.within(counted)) for one in found))

    def owner(self, roles: tuple[str, ...]) -> Owner:
        """Who holds the owning role; of alternatives, the first that the team has.

        Without a role (a gap of the blueprint itself) it is the engagement's own owner.
        """
        if not roles:
            return Owner(None, str(self.data["metadata"]["owner"]))
        for role in roles:
            if role in self.team:
                return Owner(role, self.team[role])
        return Owner("/".join(roles), None)


def _named(written: Mapping[str, Any] | None) -> dict[str, str]:
    """A mapping of names to names, without the `x-` keys, under which anything may stand."""
    return {key: value for key, value in (written or {}).items() if not key.startswith("x-")}
