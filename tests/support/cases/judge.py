"""What a scan reports of a case, in this process, and the excerpt of it that a table holds."""

from __future__ import annotations

import atexit
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from blueprint_cli import gitrepo
from blueprint_cli.errors import BpError
from blueprint_cli.gitdates.checks import configured
from blueprint_cli.model import Gap, NodeReport, NodeStatus, Severity
from blueprint_cli.render.neutral import visible
from blueprint_cli.scan import Options, Scanner
from blueprint_cli.workspace import Workspace
from tests.support.cases.build import Checkout, build, node_of, repository
from tests.support.cases.heard import listening
from tests.support.cases.table import Case

CLEAN = "no gap"


@dataclass(frozen=True)
class Judged:
    """The report of a case's engagement, or why there is none."""

    report: NodeReport | None
    fail_on: str = "error"
    error: str = ""
    heard: frozenset[tuple[str, bool]] = frozenset()
    """Which kinds of predicates were evaluated, and whether each of them held."""

    @property
    def exit_code(self) -> int:
        """What ``bp scan`` would exit with."""
        if self.report is None:
            return 2
        if self.fail_on == "never":
            return 0
        return int(any(gap.severity.rank <= Severity(self.fail_on).rank for gap in self.report.gaps))


@cache
def judged(case: Case) -> Judged:
    """What a scan reports of a case: scanned once in a process, however many tests need it."""
    with listening() as heard:
        if case.situation.keys() & {"links", "committed_on"}:
            with tempfile.TemporaryDirectory(prefix="case-") as root:
                result = judge(case, Path(root))
        else:
            checkout = _checkout()
            checkout.hold(repository(case))
            result = scanned(case, checkout.root)
    return Judged(result.report, result.fail_on, result.error, frozenset(heard))


@cache
def _checkout() -> Checkout:
    directory = tempfile.TemporaryDirectory(prefix="cases-")
    atexit.register(directory.cleanup)
    return Checkout(Path(directory.name))


def judge(case: Case, root: Path) -> Judged:
    """Build the repository of a case in a directory and scan it."""
    build(case, root)
    return scanned(case, root)


def scanned(case: Case, root: Path) -> Judged:
    situation = case.situation
    try:
        workspace = workspace_at(root)
        snapshot = workspace.open(workspace.tree(), {"as_of": case.as_of})
        beside = situation.get("repository", {})
        refs = [ref for ref in snapshot.portfolio.nodes if ref.blueprint not in beside]
        assert [ref.name for ref in refs] == [node_of(case)], f"{case.name} holds {[ref.name for ref in refs]}"
        date_check, _ = configured(snapshot, refs)
        options = Options(situation.get("track"), committed_report="check" in situation, date_check=date_check)
        (report,) = Scanner(snapshot, refs, options).scan()
    except BpError as problem:
        return Judged(None, error=str(problem).replace(str(root), "."))
    return Judged(report, snapshot.config.fail_on)


def workspace_at(root: Path) -> Workspace:
    """The workspace of a directory."""
    place = os.path.realpath(root)
    repo = gitrepo.discover(place) if (root / ".git").exists() else None
    return Workspace(place, repo, place)


def excerpt(case: Case) -> str:
    """What a table expects of a case: each gap, and each answer that is not that of the clean engagement.

    An answer that a gap already gives is not repeated.
    """
    result = judged(case)
    if result.report is None:
        return f"error: {result.error}"
    report = result.report
    lines = [gap_line(gap, report.path) for gap in report.gaps] or [CLEAN]
    if result.exit_code != (report.summary.gaps[Severity.ERROR] > 0):
        lines.append(f"exit code: {result.exit_code}")
    if report.status is NodeStatus.SKIPPED:
        lines.append("skipped")
    elif not report.checks:
        lines.append("not judged")
    else:
        lines += _differing(report, _clean(case.base, case.clean_on))
    return "\n".join([*lines, *_shown(report, case.situation.get("show", ()))])


def gap_line(gap: Gap, node: str) -> str:
    """``path:line: severity: message [rule check asset]``; the check and the asset where the path does not say it."""
    path = visible(gap.location.path.removeprefix(f"{node}/"))
    place = path if gap.location.line is None else f"{path}:{gap.location.line}"
    subjects = filter(None, [gap.rule, gap.check, None if gap.asset == path else gap.asset])
    return f"{place}: {gap.severity}: {visible(gap.message)} [{' '.join(map(visible, subjects))}]"


def answers(report: NodeReport) -> dict[str, str]:
    """Every answer of a report by what it is about: checks, cadences, assets, reference blueprints."""
    return {
        **{line.check: str(line.status) for line in report.checks},
        **{line.cadence: str(line.status) for line in report.cadences},
        **{line.asset: str(line.status) for line in report.assets},
        **{line.id: str(line.status) for line in report.reference_blueprints},
    }


@cache
def _clean(base: str, day: str) -> NodeReport:
    report = judged(Case("", 0, "clean", base, {"clean_on": day})).report
    assert report is not None
    return report


def _differing(report: NodeReport, clean: NodeReport) -> Iterator[str]:
    """A line for each kind of answer: ``not_applicable: C02/CHK_CS_004, customer_check_in``."""
    now, before = answers(report), answers(clean)
    named = {name for gap in report.gaps for name in (gap.check, gap.asset)}
    changed: dict[str, list[str]] = {}
    for name in (*before, *(name for name in now if name not in before)):
        answer = now.get(name, "absent")
        if answer != before.get(name) and name not in named:
            changed.setdefault(answer, []).append(name)
    for answer, names in changed.items():
        yield f"{answer}: {', '.join(names)}"


def _shown(report: NodeReport, show: list[str]) -> Iterator[str]:
    if "signals" in show:
        yield f"signals: {', '.join(f'{line.reference_blueprint[:3]}/{line.id}' for line in report.signals) or 'none'}"
    if "handoffs" in show:
        yield f"handoffs: {', '.join(f'{line.source}>{line.target}' for line in report.handoffs) or 'none'}"
    if "upcoming" in show:
        yield from (f"due {line.due}: {line.message}" for line in report.upcoming)
