"""What judging produces: one outcome for each requirement, and the findings that make a report's gaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, islice
from typing import Any, NamedTuple

from blueprint_cli.engagement.node import Node
from blueprint_cli.model import Location, Severity, Status
from blueprint_cli.policy.plan import Kind, Plan
from blueprint_cli.predicates.limit import Limit
from blueprint_cli.predicates.scope import Scope, State
from blueprint_cli.rulebook import RULES


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault, before the report makes a gap of it with owner and playbook by name."""

    rule: str
    message: str
    location: Location
    severity: Severity | None = None
    """None: the one that the track, the archetype or the rule sets."""
    blueprint: str | None = None
    asset: str | None = None
    check: str | None = None
    item: str = ""
    """Its identity among the faults of its rule in the same file, independent of line and day."""
    items: tuple[str, ...] = ()
    """The faulty items: a change that adds one makes the gap worse."""
    limit: Limit | None = None
    since: int | None = None
    due: int | None = None
    owner_roles: tuple[str, ...] = ()
    playbook: str | None = None
    family: str = ""
    """Id of the check on the same evidence: it stays the gap's identity, whichever rule reports the gap."""
    rest: Iterable[Finding] = field(default=(), compare=False)
    """The findings that this one stands for. They can be listed once."""


MAX_FINDINGS = 100
"""Findings of one kind in one file: more of them are one mistake, made a hundred times."""


MAX_COMPARED = 10_000
"""The same where two reports are compared: what is left out of one of them would look fixed, or introduced."""


def few(findings: Iterable[Finding]) -> Iterator[Finding]:
    """At most ``MAX_FINDINGS``, then one that stands for the rest; stops consuming there."""
    remaining = iter(findings)
    yield from islice(remaining, MAX_FINDINGS)
    for finding in islice(remaining, 1):
        message = f"there are more than {MAX_FINDINGS} gaps of this kind here: fix those first"
        yield replace(finding, message=message, item="more", items=(), rest=chain([finding], remaining))


def every(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings with all that some of them stand for, up to ``MAX_COMPARED`` of one kind in one file."""
    for finding in findings:
        remaining = iter(finding.rest)
        listed = [replace(each, severity=finding.severity) for each in islice(remaining, MAX_COMPARED - MAX_FINDINGS)]
        yield from listed
        if not listed or next(remaining, None) is not None:
            yield replace(finding, rest=())


class Outcome(NamedTuple):
    """The status of one requirement. ``due``: until when it holds, or is excused."""

    kind: Kind
    key: str
    status: Status
    reason: str
    due: int | None = None
    blueprint: str | None = None
    findings: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()
    """Faults that make gaps, but do not affect the status."""


@dataclass
class Context:
    """One engagement while it is judged: its facts, its plan, and what is known so far."""

    node: Node
    plan: Plan
    assets: dict[str, Outcome] = field(default_factory=dict)
    """Outcomes of assets by path: the checks of a missing or invalid asset have no gaps of their own."""
    missing: set[str] = field(default_factory=set)
    """Assets whose absence is a gap: what refers to something in them is not another one."""
    disputed: set[str] = field(default_factory=set)
    """Lifecycle dates that a gap reports as wrong: what else disagrees with them is not another one."""
    _scopes: dict[str | None, Scope] = field(default_factory=dict)
    _indexes: dict[Any, dict[Any, Any]] = field(default_factory=dict)

    @property
    def day(self) -> int:
        """The day of the scan."""
        return self.node.as_of.day

    @cached_property
    def broken(self) -> frozenset[str]:
        """The assets that are there and cannot be judged, or not as a whole."""
        return frozenset(name for name, file in self.node.files.items() if file.state is State.BROKEN)

    @cached_property
    def horizon(self) -> int:
        """The last day that the report looks ahead to."""
        return self.plan.archetype.upcoming_within.after(self.day)

    def scope(self, asset: str | None) -> Scope:
        """The scope of an asset's document; None: of no document."""
        if asset not in self._scopes:
            self._scopes[asset] = Scope(
                self.node,
                self.plan,
                self.node.zone,
                self.node.as_of,
                asset,
                self.node.document(asset)[1] if asset else None,
                missing=self.missing,
                indexes=self._indexes,
                whole=True,
            )
        return self._scopes[asset]

    def severity(self, finding: Finding) -> Severity:
        """The severity of a finding on this track."""
        return finding.severity or self.plan.severity(finding.rule, RULES[finding.rule].severity)
