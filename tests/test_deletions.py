"""No deletion improves a verdict: neither a file that is gone nor an entry that is gone turns a gap into silence.

Two things are by the contract not deletions of evidence. What nothing requires on a track may be absent. And what must
hold of *every* entry (each critical case, each open risk) is judged entry by entry: the entry that is wrong is the gap,
and without it there is nothing to judge. Such requirements are known by this: an empty list satisfies them.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from benchmarks.portfolio import node
from blueprint_cli.errors import BpError
from blueprint_cli.model import NodeStatus, Status
from blueprint_cli.policy.plan import Kind
from blueprint_cli.rules.context import Context
from blueprint_cli.rules.judge import Verdict
from blueprint_cli.scan import Scanner
from blueprint_cli.yamlfile import read
from tests.support.cases.build import BASES, Checkout, clean_files, clean_node, node_of, repository
from tests.support.cases.judge import workspace_at
from tests.support.cases.table import AS_OF, cases

EXAMPLES = Path(__file__).parents[1] / "examples" / "realms"
Files = Mapping[str, bytes]
Requirement = tuple[Kind, str]
BETTER = (Status.PASSED, Status.NOT_APPLICABLE)
JUDGED = (Kind.CHECK, Kind.CADENCE)
"""Not the form of an asset, which is judged entry by entry, and not the gates, which follow."""
GENERATED = 2
EVERY = 211
"""Of the cases every so many is tried: all of them would take an hour."""


@dataclass(frozen=True)
class Judged:
    """The verdict on an engagement."""

    status: NodeStatus
    outcomes: Mapping[Requirement, Status]
    optional: frozenset[str]
    """The assets that nothing requires."""
    evidence: Mapping[Requirement, str]
    """The asset that a requirement is about."""

    def failed(self) -> set[Requirement]:
        return {requirement for requirement, status in self.outcomes.items() if status is Status.FAILED}


def engagements() -> dict[str, tuple[str, str, Files]]:
    """Name to REALM/NODE, the day of the scan and the files of its repository."""
    found: dict[str, tuple[str, str, Files]] = {}
    for blueprint in sorted(EXAMPLES.glob("*/*/blueprint.yaml")):
        name = blueprint.parent.relative_to(EXAMPLES).as_posix()
        files = {f"{name}/{p.relative_to(blueprint.parent)}": p.read_bytes() for p in blueprint.parent.rglob("*.yaml")}
        found[f"example {name}"] = (
            name,
            AS_OF,
            {p: raw for p, raw in files.items() if not p.endswith("gap_report.yaml")},
        )
        found[f"example {name} later"] = name, "2026-07-01", found[f"example {name}"][2]
    for base in sorted(path.name for path in BASES.iterdir()):
        name = clean_node(base)
        files = {f"{name}/{path}": raw for path, raw in clean_files(base).items()}
        for day in (AS_OF, "2027-03-01"):
            found[f"clean {base} on {day}"] = name, day, files
    for number in range(GENERATED):
        name, texts = node(number, seed=7, healthy=0.0)
        files = {f"{name}/{path}": text.encode() for path, text in texts.items()}
        for day in (AS_OF, "2026-06-01"):
            found[f"generated {number} on {day}"] = name, day, files
    # A file that cannot be read costs what its rule says, a missing one what the track says: that may be less.
    for case in [case for case in cases() if case.table != "input"][::EVERY]:
        if not case.situation.keys() & {"links", "committed_on", "track", "check", "config", "move"}:
            found[f"case {case.name}"] = node_of(case), case.as_of, repository(case)
    return found


@cache
def known() -> dict[str, tuple[str, str, Files]]:
    return engagements()


class Judge:
    """Judges one repository after the other in the same directory."""

    def __init__(self, root: Path) -> None:
        self._checkout = Checkout(root)

    def __call__(self, files: Files, day: str) -> Judged | None:
        """The verdict; None where the engagement is not judged at all."""
        self._checkout.hold(files)
        workspace = workspace_at(self._checkout.root)
        snapshot = workspace.open(workspace.tree(), {"as_of": day})
        seen: list[tuple[Context, Verdict]] = []
        (ref,) = snapshot.portfolio.nodes
        report = Scanner(snapshot, [ref]).node(ref, lambda context, verdict: seen.append((context, verdict)))
        if not seen:
            return None
        context, verdict = seen[0]
        plan = context.plan
        evidence = {(Kind.ASSET, asset.path): asset.path for asset in plan.assets}
        evidence |= {(Kind.CHECK, check.row.full_id): check.row.asset for check in plan.checks}
        evidence |= {(Kind.CADENCE, cadence.row.id): cadence.row.asset or "" for cadence in plan.cadences}
        optional = frozenset(asset.path for asset in plan.assets if not asset.expected)
        outcomes = {(outcome.kind, outcome.key): outcome.status for outcome in verdict.outcomes}
        return Judged(report.status, outcomes, optional, evidence)


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    return Judge(tmp_path_factory.mktemp("deletions"))


def improved(before: Judged, after: Judged) -> set[Requirement]:
    return {requirement for requirement in before.failed() if after.outcomes.get(requirement) in BETTER}


@pytest.mark.parametrize("name", known())
def test_deleting_an_asset_improves_nothing(name: str, judge: Judge) -> None:
    engagement, day, files = known()[name]
    before = judge(files, day)
    if before is None:
        return
    for asset in sorted(
        {name for kind, name in before.outcomes if kind is Kind.ASSET and f"{engagement}/{name}" in files}
    ):
        after = judge({path: raw for path, raw in files.items() if path != f"{engagement}/{asset}"}, day)
        assert after is not None
        better = improved(before, after)
        if asset in before.optional:
            better = {requirement for requirement in better if before.evidence.get(requirement, asset) != asset}
        else:
            missing_is_excused = after.outcomes[Kind.ASSET, asset] is not Status.FAILED
            worse = before.status is not NodeStatus.FAILING or after.status is NodeStatus.FAILING
            assert worse or missing_is_excused, f"without {asset} the engagement passes"
        assert not better, f"without {asset}: {better}"


@pytest.mark.parametrize("name", known())
def test_deleting_an_entry_improves_nothing_that_is_not_about_that_entry(name: str, judge: Judge) -> None:
    _, day, files = known()[name]
    before = judge(files, day)
    if before is None or not before.failed():
        return
    dice = random.Random(name)
    for path, data in documents(files):
        for key, items in data.items():
            if not isinstance(items, list) or not items:
                continue
            empty = changed(judge, files, day, path, {**data, key: []})
            gone = dice.randrange(len(items))
            after = changed(judge, files, day, path, {**data, key: items[:gone] + items[gone + 1 :]})
            if empty is None or after is None:
                continue
            better = {target for target in improved(before, after) if target[0] in JUDGED} - improved(before, empty)
            assert not better, f"without {key}[{gone}] of {path}: {better}"


def documents(files: Files) -> Iterator[tuple[str, dict[str, Any]]]:
    """The assets that can be read; of the entries of blueprint.yaml some are waivers, which are to be deleted."""
    for path in sorted(files):
        if path.endswith(".yaml") and not path.endswith(("blueprint.yaml", "bp.yaml")) and "/" in path:
            document = read(files[path])
            if document.ok and isinstance(document.data, dict):
                yield path, document.data


def changed(judge: Judge, files: Files, day: str, path: str, data: dict[str, Any]) -> Judged | None:
    """The verdict with another content of one file; JSON is YAML."""
    try:
        return judge({**files, path: json.dumps(data).encode()}, day)
    except BpError:
        return None
