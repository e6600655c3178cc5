"""Cases, what they expect, and how a scan's answer is held against it."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from tests.acceptance.nodes import (
    AS_OF,
    ASSET_SEVERITY,
    ASSETS,
    CADENCE_SEVERITY,
    CHECKS,
    NOT_APPLICABLE,
    NOT_EXPECTED,
    PASS_RATE,
    Node,
    blueprint_of,
    full,
    path_of,
)

ANY = "*"  # the contract leaves this field open
INITIALS = {"O": "poc", "E": "economy", "P": "premium", "F": "fast_track"}
PLAYBOOKS = {
    "C01/CHK_ENG_001": "PB_167",
    "C01/CHK_ENG_002": "PB_168",
    "C01/CHK_ENG_003": "PB_169",
    "C01/CHK_ENG_004": "PB_168",
    "C02/CHK_CS_001": "PB_171",
    "C02/CHK_CS_002": "PB_172",
    "C02/CHK_CS_003": "PB_401",
    "C02/CHK_CS_004": "PB_174",
    "C03/CHK_ACCT_001": "PB_175",
    "C03/CHK_ACCT_002": "PB_176",
    "C03/CHK_ACCT_003": "PB_178",
    "C03/CHK_ACCT_004": "PB_177",
    "C04/CHK_HUB_001": "PB_179",
    "C04/CHK_HUB_002": "PB_180",
    "C04/CHK_HUB_003": "PB_181",
    "C04/CHK_HUB_004": "PB_182",
    "C05/CHK_SVC_001": "PB_183",
    "C05/CHK_SVC_002": "PB_184",
    "C05/CHK_SVC_003": "PB_185",
    "C05/CHK_SVC_004": "PB_186",
    "C06/CHK_SUP_001": "PB_187",
    "C06/CHK_SUP_002": "PB_188",
    "C06/CHK_SUP_003": "PB_189",
    "C06/CHK_SUP_004": "PB_190",
    "C07/CHK_ADV_001": "PB_192",
    "C07/CHK_ADV_002": "PB_194",
    "C07/CHK_ADV_003": "PB_193",
    "C07/CHK_ADV_004": "PB_191",
}
OWNERS = {  # the owner's role, or its alternatives
    "C01": ("CSM",),
    "C02": ("CA", "CSM"),
    "C03": ("AE",),
    "C04": ("CSM",),
    "C05": ("Services Delivery Manager",),
    "C06": ("Support Lead",),
    "C07": ("Customer Marketing",),
}
INPUT_RULES = {"yaml-syntax", "not-a-mapping", "duplicate-key", "unsafe-yaml"}
UNUSABLE = {"missing-asset", "invalid-asset", "unsafe-path", *INPUT_RULES}
Path = Sequence[str | int]


@dataclass(frozen=True)
class Gap:
    """An expected gap. `file` and `at` say where in the node's data it points; `span` allows the whole item."""

    rule: str
    severity: str
    check: str | None = None
    asset: str | None = None  # short name, or a path for an asset that the catalog does not know
    file: str | None = None  # short name, path or blueprint.yaml
    at: tuple[str | int, ...] | None = None
    span: bool = False
    line: int | tuple[int, int] | None = None
    blueprint: str | None = None


# --- what the tables say ---------------------------------------------------------------------------------


def chk(check: str, *at: str | int, root: bool = False, span: bool = False, file: str | None = None) -> Gap:
    """A failed checklist item: always a warning."""
    name = CHECKS[check]
    where = at if at or root else None
    return Gap("failed-check", "warning", check, name, file or name, where, span)


def cad(check: str | None, name: str, *at: str | int, span: bool = False) -> Gap:
    return Gap("overdue-cadence", "cadence", check, name, name, at or None, span)


def stale(name: str, check: str | None = None) -> Gap:
    return Gap("stale-asset", "asset", check, name, name, ("last_updated",))


def missing(name: str) -> Gap:
    return Gap("missing-asset", "asset", None, name, "blueprint.yaml", ("reference_blueprints", ANY))


def invalid(name: str, *at: str | int, root: bool = False, span: bool = False) -> Gap:
    return Gap("invalid-asset", "asset", None, name, name, at if at or root else None, span)


def warn(rule: str, name: str, *at: str | int, root: bool = False, span: bool = False) -> Gap:
    return Gap(rule, "warning", None, name, name, at if at or root else None, span)


def err(rule: str, name: str, line: int | tuple[int, int] | None = None) -> Gap:
    return Gap(rule, "error", None, name, name, None, False, line)


def bp_err(rule: str, *at: str | int, root: bool = False, line: int | None = None) -> Gap:
    return Gap(rule, "error", None, None, "blueprint.yaml", at if at or root else None, False, line)


def bp_warn(rule: str, *at: str | int, root: bool = False, asset: str | None = None) -> Gap:
    return Gap(rule, "warning", None, asset, "blueprint.yaml", at if at or root else None)


def no_blueprint(short: str) -> Gap:
    at = ("reference_blueprints",)
    return Gap("missing-reference-blueprint", "error", None, None, "blueprint.yaml", at, blueprint=short)


# --- cases -----------------------------------------------------------------------------------------------


@dataclass
class Case:
    id: str
    node: Node
    expected: list[list[Gap]]  # alternatives: the first is the reading that we prefer
    statuses: dict[str, set[str]]  # check -> what its status may be; empty: not asserted
    as_of: str
    config: str = ""
    ambiguous: str = ""
    allow: frozenset[str] = frozenset()  # rules that may be reported beside the expected ones
    signals: dict[str, bool] = field(default_factory=dict)
    handoffs: dict[tuple[str, str], bool] = field(default_factory=dict)
    judge_gaps: bool = True
    report_status: str = ""
    says: tuple[str, ...] = ()  # words that the gaps' messages must hold
    realm: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.realm, self.id

    @property
    def name(self) -> str:
        return f"{self.realm[2:]}/{self.id}"


Mutation = Callable[[Node], Any]
Expected = Sequence[Gap] | Callable[[Node], Sequence[Gap]]
CASES: list[Case] = []
_names: set[tuple[str, str]] = set()


def case(
    name: str,
    tracks: str,
    mutate: Mutation | None = None,
    *gaps: Gap,
    expect: Callable[[Node], Iterable[Gap]] | None = None,
    base: Callable[..., Node] = full,
    as_of: date = AS_OF,
    as_of_arg: str = "",
    signed: date | None = None,
    passed: Iterable[str] = (),
    na: Iterable[str] = (),
    due: Iterable[str] = (),
    waived: Iterable[str] = (),
    not_evaluable: Iterable[str] = (),
    failed: Iterable[str] = (),
    either: dict[str, set[str]] | None = None,
    alternatives: Iterable[Sequence[Gap]] = (),
    judged: bool = True,
    **more: Any,
) -> None:
    """Plant one defect in a clean node of each of the tracks; see the tables for how it reads."""
    for initial in tracks:
        track = INITIALS[initial]
        node = base(track, as_of, signed=signed)
        if mutate:
            mutate(node)
        listed = [*gaps, *(expect(node) if expect else ())]
        statuses: dict[str, set[str]] = {}
        if judged:
            statuses = base_statuses(node)
            for status, checks in {
                "passed": passed,
                "not_applicable": na,
                "not_yet_due": due,
                "waived": waived,
                "not_evaluable": not_evaluable,
                "failed": failed,
            }.items():
                for check in checks:
                    statuses[check] = {status}
            statuses |= either or {}  # open between several: left out of the rate
            fixed = {*passed, *na, *due, *waived, *not_evaluable, *(either or ())}
            mark_failed(statuses, listed, node, fixed)
            listed += gate(statuses, track)
        chosen = [[resolve(gap, node) for gap in way] for way in (listed, *alternatives)]
        worst = any(gap.severity == "error" for gap in chosen[0])
        settings = {"report_status": "failing" if worst else "passing", **more}
        settings["allow"] = frozenset(settings.get("allow", ()))
        item = Case(name, node, chosen, statuses, as_of_arg or as_of.isoformat(), realm=f"T_{track}", **settings)
        if item.key in _names:
            raise ValueError(f"two cases are called {item.name}")
        _names.add(item.key)
        CASES.append(item)


def base_statuses(node: Node) -> dict[str, set[str]]:
    listed = listed_blueprints(node)
    statuses = {}
    for check, asset in CHECKS.items():
        if check[:3] not in listed:
            statuses[check] = {"not_applicable"}
        elif asset not in node.a or node.real(asset) in node.removed:
            statuses[check] = {"not_applicable", "not_yet_due"}
        elif check in NOT_APPLICABLE[node.track]:
            statuses[check] = {"not_applicable"}
        else:
            statuses[check] = {"passed"}
    return statuses


def listed_blueprints(node: Node) -> set[str]:
    return {b["id"][:3] for b in node.bp.get("reference_blueprints") or () if "status" not in b}


def mark_failed(statuses: dict[str, set[str]], gaps: Iterable[Gap], node: Node, fixed: set[str]) -> None:
    """What the gaps mean for the checklist: their own check, or every check of an unusable asset."""
    for gap in gaps:
        if gap.check in statuses:
            statuses[gap.check] = {"failed"}
        elif gap.rule in UNUSABLE and gap.asset:
            for check, asset in CHECKS.items():
                if asset != gap.asset or check in fixed or check[:3] not in listed_blueprints(node):
                    continue
                if check == "C05/CHK_SVC_004":  # "otherwise not applicable", or the check of an absent asset
                    statuses[check] = {"failed", "not_applicable"}
                elif check not in NOT_APPLICABLE[node.track]:
                    statuses[check] = {"failed"}
                    if gap.asset in NOT_EXPECTED[node.track]:
                        statuses[check] = {"failed", "not_applicable", "not_evaluable"}


def gate(statuses: dict[str, set[str]], track: str) -> list[Gap]:
    """The gate of the checklist's pass rate: an error below the track's row."""
    count = Counter("".join(sorted(s)) for s in statuses.values())
    judged = count["passed"] + count["failed"]
    if judged and count["passed"] / judged < PASS_RATE[track]:
        return [bp_err("low-pass-rate", "track")]
    return []


def resolve(gap: Gap, node: Node) -> Gap:
    """Severity words become severities, places become lines, short names become the catalog's paths."""
    severity = {"asset": ASSET_SEVERITY, "cadence": CADENCE_SEVERITY}.get(gap.severity, {}).get(node.track)
    line, file = gap.line, gap.file
    if gap.at is not None and file is not None:
        path = list(gap.at)
        if path and path[-1] == ANY:
            path[-1] = node.instantiates(blueprint_of(gap.asset or "")[:3])
        where = node.rendered(file)[1]
        path = absolute(path, node, file)
        line = where[tuple(path)]
        if gap.span:
            line = (line, max(n for p, n in where.items() if p[: len(path)] == tuple(path)))
    asset = path_of(gap.asset) if gap.asset in ASSETS else gap.asset
    file = node.real(file) if file else None
    return replace(gap, severity=severity or gap.severity, asset=asset, file=file, line=line, at=None)


def absolute(path: list[Any], node: Node, file: str) -> list[Any]:
    """Negative list indexes count from the end."""
    out: list[Any] = []
    for step in path:
        if isinstance(step, int) and step < 0:
            step += len(node.get(file, *out))
        out.append(step)
    return out


# --- comparison ------------------------------------------------------------------------------------------


def name_of(item: dict[str, Any]) -> str:
    place = item.get("location") or {}
    return (
        f"{item.get('rule')} {item.get('severity')} check={item.get('check')} asset={item.get('asset')} "
        f"at {place.get('path')}:{place.get('line')}  -- {item.get('message')}"
    )


def wanted(gap: Gap) -> str:
    line = gap.line if not isinstance(gap.line, tuple) else f"{gap.line[0]}..{gap.line[1]}"
    return (
        f"{gap.rule} {gap.severity} check={gap.check} asset={gap.asset} "
        f"at {gap.file}:{line}{' blueprint=' + gap.blueprint if gap.blueprint else ''}"
    )


def fits(gap: Gap, item: dict[str, Any], place: str) -> bool:
    """Whether a reported gap is this expected one, its place left aside or not (`place` is the node's path)."""
    fields = ((gap.rule, "rule"), (gap.severity, "severity"), (gap.check, "check"), (gap.asset, "asset"))
    if any(want not in (ANY, item.get(key)) for want, key in fields):
        return False
    if gap.blueprint and not str(item.get("reference_blueprint")).startswith(gap.blueprint):
        return False
    if not place or gap.line is None:
        return True
    found = item.get("location") or {}
    low, high = gap.line if isinstance(gap.line, tuple) else (gap.line, gap.line)
    return found.get("path") == f"{place}/{gap.file}" and low <= (found.get("line") or 0) <= high


def pair(expected: list[Gap], got: list[dict[str, Any]], place: str) -> tuple[list[Gap], list[dict[str, Any]]]:
    """What is left over on either side when as many as possible are matched, exact places first."""
    left, rest = list(expected), list(got)
    for gap in list(left):
        hit = next((item for item in rest if fits(gap, item, place)), None)
        if hit is not None:
            left.remove(gap)
            rest.remove(hit)
    return left, rest


@dataclass
class Verdict:
    missed: list[str] = field(default_factory=list)  # planted, not reported
    false: list[str] = field(default_factory=list)  # reported, not planted
    misplaced: list[str] = field(default_factory=list)  # right gap, wrong line or file
    absent: list[str] = field(default_factory=list)  # the tool crashed, or says nothing of the node
    other: list[str] = field(default_factory=list)  # statuses, signals, handoffs

    @property
    def gaps_ok(self) -> bool:
        return not (self.missed or self.false or self.misplaced or self.absent)

    @property
    def ok(self) -> bool:
        return self.gaps_ok and not self.other

    def lines(self) -> list[str]:
        return [
            *(f"  expected  {text}" for text in self.missed),
            *(f"  got       {text}" for text in self.false),
            *(f"  misplaced {text}" for text in self.misplaced),
            *(f"  absent    {text}" for text in self.absent),
            *(f"  also      {text}" for text in self.other),
        ]


def judge(item: Case, report: dict[str, Any] | None) -> Verdict:
    if report is None:
        lost = [wanted(gap) for gap in item.expected[0]]
        return Verdict(missed=lost, absent=["the node is not in the output at all"])
    verdict = Verdict()
    if item.judge_gaps:
        ways = [compare(way, item, report["gaps"]) for way in item.expected]
        verdict = next((v for v in ways if v.gaps_ok), ways[0])
    verdict.other = list(
        itertools.chain(
            check_statuses(item, report),
            check_announcements(item, report),
            check_invariants(item, report),
            check_words(item, report),
        )
    )
    return verdict


def compare(expected: list[Gap], item: Case, got: list[dict[str, Any]]) -> Verdict:
    place = "/".join(item.key)
    verdict = Verdict()
    left, rest = pair(expected, got, place)
    lost, extra = pair(left, rest, "")
    for gap in left:
        if gap not in lost or left.count(gap) > lost.count(gap):
            verdict.misplaced.append(wanted(gap))
    verdict.misplaced += [f"    instead {name_of(r)}" for r in rest if r not in extra]
    verdict.missed = [wanted(gap) for gap in lost]
    verdict.false = [name_of(r) for r in extra if r.get("rule") not in item.allow]
    if not verdict.misplaced and not verdict.missed and not verdict.false:
        return Verdict()
    return verdict


def check_statuses(item: Case, report: dict[str, Any]) -> Iterable[str]:
    if item.judge_gaps and item.report_status and not item.ambiguous and report.get("status") != item.report_status:
        yield f"report is {report.get('status')}, not {item.report_status}"
    if item.ambiguous or not item.judge_gaps:
        return
    got = {row["check"]: row["status"] for row in report.get("checks", ())}
    for check, may in item.statuses.items():
        status = got.get(check, "absent")
        if status not in may and not (status == "absent" and may == {"not_applicable"}):
            yield f"{check} is {status}, not {' or '.join(sorted(may))}"


def check_announcements(item: Case, report: dict[str, Any]) -> Iterable[str]:
    signals = {str(s["id"]).rpartition("/")[2] for s in report.get("signals", ())}
    for signal, active in item.signals.items():
        if (signal in signals) != active:
            yield f"signal {signal} is {'missing' if active else 'active'}; active: {sorted(signals)}"
    handoffs = {(str(h["from"])[:1], str(h["to"])[:1]) for h in report.get("handoffs", ())}
    for handoff, active in item.handoffs.items():
        if (handoff in handoffs) != active:
            yield f"handoff {'>'.join(handoff)} is {'missing' if active else 'there'}; {sorted(handoffs)}"


def check_words(item: Case, report: dict[str, Any]) -> Iterable[str]:
    told = " ".join(str(gap.get("message")) for gap in report["gaps"])
    for word in item.says:
        if word not in told:
            yield f"no message says {word!r}: {told}"


RULES_OF_CHECKS = ("failed-check", "overdue-cadence", "stale-asset")
SEVERITIES = ("error", "warning", "note")


def check_invariants(item: Case, report: dict[str, Any]) -> Iterable[str]:
    """What holds for every report, whatever was planted."""
    gaps, summary = report["gaps"], report["summary"]
    order = [
        (SEVERITIES.index(g["severity"]), g["location"]["path"], g["location"].get("line") or 0, g["rule"])
        for g in gaps
        if g.get("location")
    ]
    if order != sorted(order):
        yield "gaps are not ordered by severity, path, line, rule"
    if {s: sum(g["severity"] == s for g in gaps) for s in SEVERITIES} != summary["gaps"]:
        yield f"summary.gaps is {summary['gaps']}"
    if len({g["fingerprint"] for g in gaps}) != len(gaps):
        yield "two gaps have one fingerprint"
    if any(str(g["location"]["path"]).startswith(("/", "..")) for g in gaps if g.get("location")):
        yield "a location leaves the repository"
    rate = summary.get("checklist_pass_rate")
    count = Counter(row["status"] for row in report.get("checks", ()))
    counted = (count["passed"], count["failed"])
    if rate and report["status"] != "skipped" and (rate["passed"], rate["failed"]) != counted:
        yield f"the pass rate counts {rate}, the checks are {dict(count)}"
    done = summary["outcomes"].get("passed", 0)
    judged = done + summary["outcomes"].get("failed", 0)
    if summary["health"] is not None and abs(summary["health"] - 100 * done / max(judged, 1)) > 0.501:
        yield f"health is {summary['health']}, with {summary['outcomes']}"
    team = item.node.bp.get("team") or {}
    for gap in gaps:
        check = gap.get("check")
        playbook = (gap.get("playbook") or {}).get("id")
        allowed = {PLAYBOOKS.get(check)}
        if check == "C01/CHK_ENG_003" and gap["rule"] == "overdue-cadence":
            allowed.add("PB_168")  # of the check-in; which of the two a merged gap names is left open
        if check in PLAYBOOKS and gap["rule"] in RULES_OF_CHECKS and playbook not in allowed:
            yield f"the playbook of {check} is {playbook}, not {PLAYBOOKS[check]}"
        short = str(gap.get("reference_blueprint"))[:3]
        if gap.get("asset") and short in OWNERS:
            person = next((team[role] for role in OWNERS[short] if role in team), None)
            if (gap.get("owner") or {}).get("person") != person:
                yield f"the owner of {gap['asset']} is {gap.get('owner')}, not {person}"
