"""A node's ``blueprint.yaml`` as a value: what this engagement says about itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from blueprint_cli.model import SHARED, Owner, WaiverLine
from blueprint_cli.policy.plan import Kind
from blueprint_cli.times import Moment, Zone

ACTIVE = "active"
SET_ASIDE = "not_applicable"
WAIVABLE = (Kind.CHECK, Kind.ASSET, Kind.REFERENCE_BLUEPRINT)


@dataclass(frozen=True)
class Waiver:
    """A requirement that this engagement is allowed to miss until a day."""

    index: int
    written: Mapping[str, Any]
    zone: Zone
    counts: bool = True
    """False for one that a change adds: it cannot excuse the change itself."""

    @cached_property
    def kind(self) -> Kind:
        """What it waives: a check, an asset or a reference blueprint."""
        return next(kind for kind in WAIVABLE if kind in self.written)

    @cached_property
    def target(self) -> str:
        """Id of the check or reference blueprint, or path of the asset."""
        return str(self.written[self.kind])

    @property
    def reason(self) -> str:
        """Why it was approved."""
        return str(self.written["reason"])

    @property
    def expires(self) -> str:
        """Its last day, as written."""
        return str(self.written["expires"])

    @cached_property
    def first_day(self) -> int:
        """The day of its approval."""
        return self._day("approved_on")

    @cached_property
    def last_day(self) -> int:
        """The last day on which it excuses."""
        return self._day("expires")

    @property
    def reported(self) -> WaiverLine:
        """As a report lists it."""
        return WaiverLine(
            check=self.written.get("check"),
            asset=self.written.get("asset"),
            reference_blueprint=self.written.get("reference_blueprint"),
            expires=self.expires,
            reason=self.reason,
            approved_by=self.written["approved_by"],
        )

    def within(self, granted: Iterable[object]) -> bool:
        """Whether one of the granted waivers, as written, permits as much: the same target for at least the same
        days. Reason and approver may differ."""
        return any(self._within(waiver) for waiver in granted if isinstance(waiver, Mapping))

    def _within(self, granted: Mapping[str, Any]) -> bool:
        first, last = (self.zone.moment(granted.get(key)) for key in ("approved_on", "expires"))
        if first is None or last is None or granted.get(self.kind) != self.written[self.kind]:
            return False
        return first.day <= self.first_day and self.last_day <= last.day

    def _day(self, key: str) -> int:
        moment = self.zone.moment(self.written[key])
        return moment.day if moment else 0

    def expired(self, day: int) -> bool:
        """Whether its last day is over."""
        return day > self.last_day

    def in_force(self, day: int) -> bool:
        """Whether it excuses: it counts, is approved already and has not expired."""
        return self.counts and self.first_day <= day <= self.last_day


@dataclass(frozen=True)
class BlueprintEntry:
    """One reference blueprint as the instance lists it."""

    index: int
    id: str
    set_aside: bool
    """Whether its status is ``not_applicable``."""
    reason: str | None


@dataclass(frozen=True)
class Instance:
    """A blueprint instance that is valid by its schema."""

    data: Mapping[str, Any]
    zone: Zone
    granted: Sequence[Any] | None = None
    """Waivers that the base granted, as written. A waiver counts only if one of them permits as much. None: all
    count."""

    @property
    def archetype(self) -> str:
        """Id of its archetype."""
        return str(self.data["archetype"])

    @property
    def track(self) -> str:
        """Id of its engagement track."""
        return str(self.data["track"])

    @property
    def status(self) -> str:
        """Its phase: ``active``, ``planned``, …"""
        return str(self.data["status"])

    @property
    def active(self) -> bool:
        """Only active engagements are judged."""
        return self.status == ACTIVE

    @cached_property
    def dates(self) -> dict[str, Any]:
        """Its lifecycle dates as written."""
        return dict(self.data.get("lifecycle") or {})

    @cached_property
    def lifecycle(self) -> dict[str, Moment]:
        """Its lifecycle dates that are known."""
        moments = {name: self.zone.moment(text) for name, text in self.dates.items()}
        return {name: moment for name, moment in moments.items() if moment is not None}

    @cached_property
    def team(self) -> dict[str, str]:
        """The person who holds each role; of a role that is shared all of them, ``a, b``."""
        return {role: SHARED.join(people) for role, people in self.people.items()}

    @cached_property
    def people(self) -> dict[str, tuple[str, ...]]:
        """The people who hold each role."""
        held = _names(self.data.get("team"))
        return {role: (people,) if isinstance(people, str) else tuple(people) for role, people in held.items()}

    @cached_property
    def listed(self) -> tuple[BlueprintEntry, ...]:
        """The entries of its list of reference blueprints."""
        rows = enumerate(self.data["reference_blueprints"])
        return tuple(
            BlueprintEntry(index, row["id"], row.get("status") == SET_ASIDE, row.get("reason")) for index, row in rows
        )

    @cached_property
    def blueprints(self) -> dict[str, BlueprintEntry]:
        """The same by id; the first entry of an id counts."""
        entries: dict[str, BlueprintEntry] = {}
        for entry in self.listed:
            entries.setdefault(entry.id, entry)
        return entries

    @cached_property
    def path_map(self) -> dict[str, str]:
        """Assets that are elsewhere in the node."""
        return _names(self.data.get("assets"))

    @cached_property
    def additional(self) -> list[Mapping[str, Any]]:
        """Assets that this engagement requires beyond its reference blueprints."""
        return list(self.data.get("additional_assets") or ())

    @cached_property
    def playbooks(self) -> list[Mapping[str, Any]]:
        """The playbooks that it lists."""
        return list(self.data.get("playbooks") or ())

    @cached_property
    def waivers(self) -> tuple[Waiver, ...]:
        """What it is allowed to miss."""
        waivers = [Waiver(index, written, self.zone) for index, written in enumerate(self.data.get("waivers") or ())]
        if self.granted is not None:
            waivers = [replace(waiver, counts=waiver.within(self.granted)) for waiver in waivers]
        return tuple(waivers)

    def owner(self, roles: tuple[str, ...]) -> Owner:
        """The first of these roles that somebody in the team holds.

        Without a role (a gap of the blueprint itself) it is the engagement's own owner.
        """
        if not roles:
            return Owner(None, str(self.data["metadata"]["owner"]))
        for role in roles:
            if role in self.team:
                return Owner(role, self.team[role])
        return Owner("/".join(roles), None)


def _names(written: Mapping[str, Any] | None) -> dict[str, Any]:
    """A mapping of names to names or lists of them, without its ``x-`` keys, whose values may be anything."""
    return {key: value for key, value in (written or {}).items() if not key.startswith("x-")}
