"""Which checks of declared dates against Git's history a run makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from blueprint_cli.engagement.node import NodeRef
from blueprint_cli.gitdates.crosscheck import CrossCheck
from blueprint_cli.gitdates.hollow import SUFFIXES, hollow
from blueprint_cli.rules.context import Context, Finding
from blueprint_cli.workspace import Snapshot

DateCheck = Callable[[Context], Iterable[Finding]]
"""Finds the declared dates of one engagement that its history contradicts."""


def configured(snapshot: Snapshot, nodes: Sequence[NodeRef]) -> tuple[DateCheck | None, list[str]]:
    """The check that the configuration requires for some engagements, made by one walk for each kind of it, and
    remarks on what it may miss."""
    config, portfolio = snapshot.config, snapshot.portfolio
    realms = any(archetype.realm_scope for archetype in snapshot.policy.catalog.archetypes.values())
    below = portfolio.paths if realms else (path for ref in nodes for path in portfolio.below(ref.path))
    paths = {path: None for path in below if path.endswith(SUFFIXES)}
    checks: list[DateCheck] = []
    notes: list[str] = []
    if config.hollow_refresh and paths:
        required = "hollow_refresh" in config.origins
        check, note = hollow(snapshot.tree, paths, snapshot.zone, config.limits, required=required)
        checks += [check] if check else []
        notes += [note] if note else []
    if config.git_clock:
        checks.append(CrossCheck(snapshot.zone, snapshot.infohub.last_changes(paths, nodes)))
    if not checks:
        return None, notes
    return lambda context: [finding for check in checks for finding in check(context)], notes
