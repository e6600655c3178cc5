"""The invariants of every result, for any input. One that does not hold raises ``AssertionError``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import chain, product
from typing import Any

import jsonschema_rs

from blueprint_cli import lint as linting
from blueprint_cli.cli.outputs import Snippets
from blueprint_cli.diff import policy_changes
from blueprint_cli.diff.compare import Comparison, compare
from blueprint_cli.engagement.node import NodeRef
from blueprint_cli.errors import BpError, PolicyError
from blueprint_cli.gitdates import same_content
from blueprint_cli.gitdates.hollow import bumped
from blueprint_cli.model import Gap, Location, NodeReport, Report, Status, Subject
from blueprint_cli.model.difference import Difference, NodeGap
from blueprint_cli.render import offered, render
from blueprint_cli.render.data import report_data
from blueprint_cli.render.options import RenderOptions
from blueprint_cli.render.yaml import gap_report
from blueprint_cli.report import load
from blueprint_cli.rulebook import RULES
from blueprint_cli.rules.context import Context, Outcome
from blueprint_cli.rules.judge import Verdict
from blueprint_cli.scan import Options, Scanner
from blueprint_cli.times import Zone
from blueprint_cli.yamlfile import Document, Limits, dump, fast, read
from blueprint_cli.yamlfile.document import read_carefully
from blueprint_cli.yamlfile.positions import find_key
from tests.render.shapes import SHAPES, assert_neutral

from .portfolio import AS_OF, WORKSPACE, Files, MemoryTree, packaged_schema

INPUT = {"yaml-syntax", "not-a-mapping", "duplicate-key", "unsafe-yaml", "byte-order-mark"}
"""The rules about a file as YAML."""
_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


# Bytes ----------------------------------------------------------------------------------------------


def exact(value: Any) -> Any:
    """``value`` in a form that is equal only for the same types, signs and order of keys."""
    if isinstance(value, dict):
        return [(key, exact(item)) for key, item in value.items()]
    if isinstance(value, list):
        return ["list", *map(exact, value)]
    return (type(value).__name__, repr(value))


def reader(raw: bytes, limits: Limits | None = None) -> Document:
    """A file is a document or has faults that can be shown; the fast reader agrees; what was read can be written."""
    limits = limits or Limits()
    document, again = read(raw, limits), read(raw, limits)
    assert document.ok or document.faults, "neither data nor a fault"
    assert document.faults == again.faults, "two readings differ"
    lines = _lines(raw[: limits.file_bytes])
    for fault in document.faults:
        assert fault.rule in INPUT | {"number-key"}, fault
        assert 0 < len(fault.message) <= limits.message_length, fault
        assert fault.message.isprintable(), fault
        _within(lines, fault.line, fault.column, fault)
    assert not document.ok or {fault.rule for fault in document.faults} <= {"byte-order-mark", "number-key"}
    if document.ok:
        _read(raw, lines, document, again, limits)
    return document


def _read(raw: bytes, lines: list[str], document: Document, again: Document, limits: Limits) -> None:
    value = exact(document.data)
    assert value == exact(again.data), "two readings differ"
    careful = read_carefully(raw, limits)
    accepted = not document.faults and fast.accept(raw.decode(), limits) is not None
    if accepted:
        assert not careful.faults, f"the fast reader accepts what the careful reader refuses: {careful.faults}"
    assert careful.root is not None
    for name, key in product(document.data if accepted else (), (True, False)):
        seen, there = find_key(raw.decode(), name, key=key), careful.root.find([name], key=key)
        assert seen in (None, there), f"find_key has {name!r} at {seen}, it is at {there}"
    assert exact(careful.root.data) == value, "the readers differ"
    back = read(dump(document.data).encode(), _unlimited(limits))
    assert back.faults == (), f"what was read cannot be written: {back.faults}"
    assert exact(back.data) == value, "what was written is not what was read"
    for path in _some_paths(document.data):
        _within(lines, *document.locate(path), path)
        _within(lines, *document.locate(path, key=True), path)


def _unlimited(limits: Limits) -> Limits:
    return replace(limits, file_bytes=limits.file_bytes * 10)


def _some_paths(data: Any, most: int = 40) -> Iterator[tuple[str | int, ...]]:
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), data)]
    while waiting and most:
        path, value = waiting.pop()
        most -= 1
        yield path
        items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        waiting += [((*path, key), item) for key, item in list(items)[:10]]


def _lines(raw: bytes) -> list[str]:
    """The lines of a file as an editor counts them."""
    return re.split(r"\r\n|\r|\n", raw.decode("utf-8-sig", "replace"))


def _within(lines: Sequence[str], line: int, column: int, what: object) -> None:
    assert 1 <= line <= len(lines), (what, line, len(lines))
    assert 1 <= column <= len(lines[line - 1]) + 1, (what, line, column, lines[line - 1][:80])


# Engagements ----------------------------------------------------------------------------------------


def scanner(files: Files, as_of: str = AS_OF, links: Sequence[str] = (), **more: Any) -> Scanner:
    """Everything that judging needs. Raises BpError where the configuration or the policy cannot be used."""
    snapshot = WORKSPACE.open(MemoryTree(files, links), {"as_of": as_of}, **more)
    return Scanner(snapshot, snapshot.portfolio.nodes)


def node(files: Files, as_of: str = AS_OF) -> list[NodeReport]:
    """Every engagement of a portfolio gets one report, and every format can show it."""
    return judged(scanner(files, as_of))


def _record(seen: list[tuple[Context, Verdict]], context: Context, verdict: Verdict) -> None:
    seen.append((context, verdict))


def judged(judge: Scanner) -> list[NodeReport]:
    """The reports of all engagements, each of them checked."""
    reports = []
    for ref in judge.nodes:
        seen: list[tuple[Context, Verdict]] = []
        report = judge.node(ref, partial(_record, seen))
        _sane(judge, ref, report)
        if seen:
            _one_outcome_each(*seen[0], report)
        reports.append(report)
    formats(Report(judge.snapshot.as_of.text, tuple(reports), tuple(judge.notes)), judge.snapshot.tree)
    return reports


def _one_outcome_each(case: Context, verdict: Verdict, report: NodeReport) -> None:
    plan, parts = case.plan, case.plan.archetype.gap_scan
    required = {
        "blueprint": ["blueprint"],
        "reference_blueprints": [f"reference_blueprint {blueprint.id}" for blueprint in plan.blueprints],
        "assets": [f"asset {asset.path}" for asset in plan.assets],
        "checklists": [f"check {check.full_id}" for check in _checks(case)],
        "cadence": [f"cadence {required.row.id}" for required in plan.cadences],
    }
    wanted = Counter(chain.from_iterable(keys for part, keys in required.items() if part in parts))
    wanted["blueprint blueprint"] = wanted.pop("blueprint", 0)
    wanted.update(f"gate {gate.id}" for gate in plan.archetype.gates)
    outcomes = Counter(f"{outcome.kind} {outcome.key}" for outcome in verdict.outcomes)
    assert outcomes == +wanted, (outcomes - wanted, wanted - outcomes)
    assert sum(report.outcomes.values()) == len(verdict.outcomes)
    for outcome in verdict.outcomes:
        assert outcome.reason, outcome
        assert outcome.status is not Status.FAILED or outcome.findings or _reported_elsewhere(outcome, case, verdict), (
            f"failed without a gap: {outcome}"
        )


def _reported_elsewhere(outcome: Outcome, case: Context, verdict: Verdict) -> bool:
    """Whether the gap is in blueprint.yaml, or of the asset that the outcome depends on."""
    if outcome.kind in ("blueprint", "reference_blueprint"):
        return any(finding.location.path == case.node.ref.blueprint for finding in verdict.findings)
    return any(other.key in outcome.reason for other in verdict.outcomes if other.kind == "asset" and other.findings)


def _checks(case: Context) -> list[Any]:
    """Every check of the archetype's reference blueprints that this plan knows."""
    known = {blueprint.id for blueprint in case.plan.blueprints}
    return [
        check for row in case.plan.archetype.reference_blueprints.values() if row.id in known for check in row.checks
    ]


def _sane(judge: Scanner, ref: NodeRef, report: NodeReport) -> None:
    prints = [gap.fingerprint for gap in report.gaps]
    assert len(set(prints)) == len(prints), "two gaps have the same fingerprint"
    order = [(RULES[gap.rule].consequence, gap.severity.rank) for gap in report.gaps]
    assert order == sorted(order), "worst first, what follows from other gaps last"
    for gap in report.gaps:
        assert gap.rule in RULES, gap
        assert 0 < len(gap.message) <= judge.snapshot.config.limits.message_length, gap
        _placed(judge, ref, gap)
    failed = report.outcomes.get(Status.FAILED, 0)
    assert not failed or report.gaps, "requirements failed without a gap"


def _placed(judge: Scanner, ref: NodeRef, gap: Gap) -> None:
    at = gap.location
    here = judge.snapshot.portfolio.entries.get(at.path) == "file" and judge.snapshot.tree.read([at.path], 1 << 30)
    if not here:
        assert at.path.startswith(ref.path) or at.path in ("bp.yaml", *judge.snapshot.portfolio.entries), gap
        return
    _, raw = next(iter(here))
    if at.line is not None and isinstance(raw, bytes):
        _within(_lines(raw), at.line, at.column or 1, gap)


# Formats --------------------------------------------------------------------------------------------


@cache
def _report_schema() -> Any:
    base = "file:///schemas/"  # what a schema without `$id` is resolved against
    names = ("gap_report.schema.json", "asset.schema.json")
    registry = jsonschema_rs.Registry([(base + name, packaged_schema(name)) for name in names])
    return jsonschema_rs.Draft202012Validator({"$ref": base + names[0]}, registry=registry, offline=True)


def formats(report: Report, tree: Any) -> None:
    """Every format can be read by a parser of its own, and the data satisfies the report's schema."""
    data = report_data(report)
    for node_report, written in zip(report.nodes, data["nodes"], strict=True):
        problem = next(_report_schema().iter_errors(written), None)
        assert problem is None, (str(problem)[:500], node_report.name)
        back = read(gap_report(node_report).encode(), Limits(file_bytes=1 << 30, nodes=1 << 30))
        assert back.ok, back.faults
        assert back.data == written
        assert report_data(load.node(written)) == written, "a report that cannot be read back"
    for redact in (False, True):
        options = RenderOptions(redact=redact)
        for name in offered("report"):
            parsed(name, render(report, name, options))
        parsed("markdown", render(report, "markdown", replace(options, page_limit=1_000_000)))
    shown = render(report, "text", RenderOptions(color=True, width=60, snippet=Snippets(tree)))
    assert_neutral(_ESCAPE.sub("", shown))


def parsed(name: str, text: str) -> None:
    """An output is harmless and a parser of its format can read it."""
    assert_neutral(text, own_commands=name == "github")
    SHAPES[name](text)


# Changes --------------------------------------------------------------------------------------------


def change(base: Files, head: Files) -> list[Comparison]:
    """What a change did to each engagement: every gap of both sides is in exactly one of the lists."""
    old = scanner(base)
    before = {report.path: report for report in judged(old)}
    new = old.snapshot.of(MemoryTree(head))
    refs = {ref.path: ref for ref in new.portfolio.nodes}
    sides = {
        path: (
            policy_changes.side(old.snapshot, next((r for r in old.nodes if r.path == path), None)),
            policy_changes.side(new, ref),
        )
        for path, ref in refs.items()
    }
    granted = {path: side.waivers if side else () for path, (side, _) in sides.items()}
    changed = {path for path in {*base, *head} if base.get(path) != head.get(path)}
    for path in changed & base.keys() & head.keys():
        _compared(new.zone, read(base[path]).data, read(head[path]).data)
    comparisons, loosened = [], []
    for report in judged(Scanner(new, new.portfolio.nodes, Options(granted_waivers=granted))):
        comparison = compare(before.get(report.path), report)
        _complete(comparison, before.get(report.path), report)
        comparisons.append(comparison)
        if report.path in refs:
            gaps = policy_changes.loosened(refs[report.path], *sides[report.path], new.policy.catalog.archetypes)
            loosened += [NodeGap(report, gap) for gap in gaps]
    _rendered(comparisons, loosened)
    return comparisons


def _compared(zone: Zone, before: Any, after: Any) -> None:
    """Any two files can be compared for a date that moved alone."""
    if isinstance(before, dict) and isinstance(after, dict):
        assert same_content.same(after, after)
        assert same_content.same(before, after) == same_content.same(after, before)
        assert bumped(zone, before, after) in (False, True)


def _complete(comparison: Comparison, before: NodeReport | None, after: NodeReport) -> None:
    introduced, fixed, uncovered, excused, unchanged, hidden = ([gap.fingerprint for _, gap in part] for part in (
        comparison.introduced, comparison.fixed, comparison.uncovered, comparison.excused, comparison.unchanged,
        comparison.hidden))  # fmt: skip
    was = [gap.fingerprint for gap in before.gaps] if before else []
    now = [gap.fingerprint for gap in after.gaps]
    assert Counter(introduced + uncovered + unchanged) == Counter(now)
    assert set(fixed + excused + hidden) <= set(was) - set(now)
    same = compare(after, after)
    assert len(same.unchanged) == len(now), "a gap that differs from itself"


def _rendered(comparisons: Sequence[Comparison], loosened: list[NodeGap]) -> None:
    parts = {
        name: tuple(entry for comparison in comparisons for entry in getattr(comparison, name))
        for name in ("introduced", "fixed", "uncovered", "excused", "unchanged")
    }
    difference = Difference("base", "worktree", AS_OF, policy_changes=tuple(loosened), **parts)
    for redact in (False, True):
        for name in offered("difference"):
            parsed(name, render(difference, name, RenderOptions(redact=redact)))


# Settings and policy --------------------------------------------------------------------------------


def settings(files: Files, changed: str) -> None:
    """With any configuration or policy, the engagements are judged, or an error says what is wrong."""
    try:
        judge = scanner(files)
    except BpError as problem:
        explained(problem, changed)
        return
    try:
        judged(judge)
    except BpError as problem:  # a schema is compiled when the first asset needs it
        explained(problem, changed)


def explained(problem: BpError, where: str) -> None:
    """An error that names the file; each problem of a policy with its line."""
    text = str(problem)
    assert text.strip(), "an error without a message"
    assert where in text, f"{where} is not named: {text[:300]}"
    if isinstance(problem, PolicyError):
        assert problem.problems
        assert all(re.match(r"\S.*?(:\d+)?(:\d+)?: \S", line, re.DOTALL) for line in problem.problems), problem.problems


# Lint -----------------------------------------------------------------------------------------------


def lint(files: Files) -> Report:
    """`bp lint` finds what `bp scan` finds about form: the same gaps, never others."""
    tree = MemoryTree(files)
    report = linting.lint(WORKSPACE, WORKSPACE.open(tree), lambda scanner: list(scanner.scan()))
    judge = replace(scanner(files), options=Options(granted_waivers={}))
    scanned = {_identity(gap) for ref in judge.nodes for gap in judge.node(ref).gaps}
    for linted in report.nodes:
        if linted.subject is Subject.ENGAGEMENT:
            assert {_identity(gap) for gap in linted.gaps} <= scanned
    formats(report, tree)
    return report


def _identity(gap: Gap) -> tuple[str, str, Location, str]:
    return gap.fingerprint, gap.severity, gap.location, gap.message


def by_fingerprint(reports: Sequence[NodeReport]) -> Mapping[str, Gap]:
    """All gaps by identity."""
    return {gap.fingerprint: gap for report in reports for gap in report.gaps}
