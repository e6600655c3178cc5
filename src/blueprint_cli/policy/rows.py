"""The rows of a reference blueprint as values: assets, cadences, checks, signals. Each remembers its place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from blueprint_cli.jsonpath import Selector, selector
from blueprint_cli.model import Playbook
from blueprint_cli.policy.row import DueRule, Origin, Row, Written
from blueprint_cli.predicates.base import Predicate
from blueprint_cli.predicates.limit import LimitSpec
from blueprint_cli.predicates.scope import Source


@dataclass(frozen=True)
class Asset(Row):
    """An asset that a reference blueprint requires."""

    blueprint: str = ""

    @cached_property
    def path(self) -> str:
        """The catalog's name of it, whatever file an instance maps it to."""
        return str(self.written["path"])

    @cached_property
    def schema(self) -> str | None:
        """Id of its schema."""
        return self.written.get("schema")

    @cached_property
    def depth_row(self) -> str | None:
        """The track row whose cell names the depth."""
        return self.written["depth"]["row"] if "depth" in self.written else None

    @cached_property
    def due(self) -> DueRule | None:
        """Until when its absence is excused."""
        return DueRule.of(self.written["due"], self.origin.at("due")) if "due" in self.written else None

    @cached_property
    def review_every(self) -> LimitSpec | None:
        """Its own rhythm."""
        if "review_every" not in self.written:
            return None
        return LimitSpec.of(self.written["review_every"], str(self.origin.at("review_every")))

    @cached_property
    def never_stale_when(self) -> Predicate | None:
        """While this holds, it is not stale."""
        return self.predicate("never_stale_when") if "never_stale_when" in self.written else None

    @cached_property
    def dates(self) -> tuple[Selector, ...]:
        """Its own dates that should not lie in the future."""
        return tuple(selector(text) for text in self.written.get("dates", ()))

    @cached_property
    def references(self) -> tuple[tuple[Selector, Source, str], ...]:
        """Which of its values refer, to what, and what that is called."""
        return tuple(
            (selector(one["select"]), Source.of(one["to"]), one["what"]) for one in self.written.get("references", ())
        )


@dataclass(frozen=True)
class Cadence(Row):
    """A rhythm that the track asks for."""

    blueprint: str | None = None

    @cached_property
    def row(self) -> str:
        """The track row that gives the rhythm."""
        return str(self.written["row"])

    @cached_property
    def asset(self) -> str | None:
        """The log that is its evidence."""
        return self.written.get("asset")

    @cached_property
    def end_only(self) -> str | None:
        """The lifecycle date on which one entry is due where the cell says so."""
        return self.written.get("end_only")

    @cached_property
    def requires(self) -> Predicate:
        """What satisfies it."""
        return self.predicate("requires")


@dataclass(frozen=True)
class Check(Row):
    """A checklist item."""

    blueprint: str = ""
    code: str = ""

    @cached_property
    def full_id(self) -> str:
        """Qualified by its reference blueprint: C01/CHK_ENG_001."""
        return f"{self.code}/{self.id}"

    @cached_property
    def asset(self) -> str:
        """The asset that it reports."""
        return str(self.written["asset"])

    @cached_property
    def tracks(self) -> tuple[str, ...] | None:
        """The tracks on which it applies; None: all."""
        return tuple(self.written["tracks"]) if "tracks" in self.written else None

    @cached_property
    def depths(self) -> tuple[str, ...] | None:
        """The depths of its asset at which it applies; None: all."""
        return tuple(self.written["depths"]) if "depths" in self.written else None

    @cached_property
    def paired_cadence(self) -> str | None:
        """The cadence that fails on the same evidence."""
        paired: str | None = self.written.get("one_cause", {}).get("cadence")
        return paired

    @cached_property
    def paired_staleness(self) -> bool:
        """Whether the staleness of its asset rests on the same evidence."""
        return bool(self.written.get("one_cause", {}).get("staleness", False))

    @cached_property
    def requires(self) -> Predicate:
        """What it asks."""
        return self.predicate("requires")


@dataclass(frozen=True)
class Trigger(Row):
    """A signal or a handoff: a condition that the report tells when it holds."""

    blueprint: str = ""

    @cached_property
    def when(self) -> Predicate:
        """When it is active."""
        return self.predicate("when")

    @property
    def message(self) -> str:
        """What the report says."""
        return str(self.written["message"])


@dataclass(frozen=True)
class ReferenceBlueprint(Row):
    """A reusable composition of assets, checks, cadences and signals."""

    assets: tuple[Asset, ...] = ()
    checks: tuple[Check, ...] = ()
    cadences: tuple[Cadence, ...] = ()
    signals: tuple[Trigger, ...] = ()
    playbooks: tuple[Playbook, ...] = ()

    @classmethod
    def of(cls, written: Written, origin: Origin) -> ReferenceBlueprint:
        """From a file that its schema accepts."""
        name, code = written["id"], written["code"]

        def rows(key: str) -> list[tuple[Written, Origin]]:
            return [(row, origin.at(key, index)) for index, row in enumerate(written.get(key, ()))]

        return cls(
            written,
            origin,
            assets=tuple(Asset(row, at, name) for row, at in rows("assets")),
            checks=tuple(Check(row, at, name, code) for row, at in rows("checks")),
            cadences=tuple(Cadence(row, at, name) for row, at in rows("cadences")),
            signals=tuple(Trigger(row, at, name) for row, at in rows("signals")),
            playbooks=playbooks_of(written),
        )

    @cached_property
    def code(self) -> str:
        """What qualifies its check ids."""
        return str(self.written["code"])

    @cached_property
    def owner_roles(self) -> tuple[str, ...]:
        """The owning role, or its alternatives in the order in which the team is searched."""
        for one in self.written["stakeholders"]["internal"]:
            if one.get("owner"):
                role = one["role"]
                return (role,) if isinstance(role, str) else tuple(role)
        return ()

    @cached_property
    def never_stale_when(self) -> Predicate | None:
        """While this holds, none of its assets is stale."""
        return self.predicate("never_stale_when") if "never_stale_when" in self.written else None


def playbooks_of(written: Written) -> tuple[Playbook, ...]:
    return tuple(Playbook(one["id"], one["name"]) for one in written.get("playbooks", ()))
