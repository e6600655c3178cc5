"""Builders of clean nodes, and the small YAML renderer that knows on which line it put everything.

A clean node satisfies every requirement of its track: a scan on ``as_of`` must report no gap at all.
Recent entries are dated back from ``as_of``, deadlines are met counting from ``signed``.
"""

from __future__ import annotations

import copy
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

AS_OF = date(2026, 3, 2)  # a Monday
TRACKS = ("poc", "economy", "premium", "fast_track")

ASSETS = {  # short name -> (path, reference blueprint)
    name: (f"{folder}/{name}.yaml", blueprint)
    for blueprint, paths in {
        "C01_customer_engagement": (
            "engagement/customer_profile engagement/touchpoint_log "
            "engagement/engagement_plan engagement/sentiment_tracker"
        ),
        "C02_customer_success_operating_model": (
            "success/success_plan success/adoption_metrics success/intervention_log governance/health_score"
        ),
        "C03_account_team_postsales": (
            "account/postsales_handoff account/account_health_report "
            "account/team_responsibilities account/expansion_tracker"
        ),
        "C04_customer_knowledge_hub": (
            "knowledge/customer_hub_config knowledge/use_case_library "
            "knowledge/architecture_decisions knowledge/learning_path"
        ),
        "C05_services_coordination": (
            "services/engagement_status services/milestone_tracker "
            "services/services_risk_register services/services_report"
        ),
        "C06_support_dse_engagement": (
            "support/support_profile support/case_log support/dse_engagement support/support_health"
        ),
        "C07_customer_advocacy": (
            "advocacy/reference_profile advocacy/success_stories advocacy/advocacy_log advocacy/permission_tracker"
        ),
    }.items()
    for folder, name in (p.split("/") for p in paths.split())
}
BLUEPRINTS = tuple(dict.fromkeys(bp for _, bp in ASSETS.values()))
REQUIRED = {
    "poc": ("C01", "C06"),
    "economy": ("C01", "C02", "C03", "C05", "C06"),
    "premium": ("C01", "C02", "C03", "C04", "C05", "C06"),
    "fast_track": ("C01", "C02", "C03", "C04", "C05", "C06"),
}
CHECKS = {  # check -> the asset it reports
    "C01/CHK_ENG_001": "customer_profile",
    "C01/CHK_ENG_002": "engagement_plan",
    "C01/CHK_ENG_003": "touchpoint_log",
    "C01/CHK_ENG_004": "sentiment_tracker",
    "C02/CHK_CS_001": "success_plan",
    "C02/CHK_CS_002": "adoption_metrics",
    "C02/CHK_CS_003": "health_score",
    "C02/CHK_CS_004": "touchpoint_log",
    "C03/CHK_ACCT_001": "postsales_handoff",
    "C03/CHK_ACCT_002": "account_health_report",
    "C03/CHK_ACCT_003": "team_responsibilities",
    "C03/CHK_ACCT_004": "expansion_tracker",
    "C04/CHK_HUB_001": "customer_hub_config",
    "C04/CHK_HUB_002": "use_case_library",
    "C04/CHK_HUB_003": "architecture_decisions",
    "C04/CHK_HUB_004": "learning_path",
    "C05/CHK_SVC_001": "engagement_status",
    "C05/CHK_SVC_002": "milestone_tracker",
    "C05/CHK_SVC_003": "services_risk_register",
    "C05/CHK_SVC_004": "services_report",
    "C06/CHK_SUP_001": "support_profile",
    "C06/CHK_SUP_002": "case_log",
    "C06/CHK_SUP_003": "dse_engagement",
    "C06/CHK_SUP_004": "support_health",
    "C07/CHK_ADV_001": "success_stories",
    "C07/CHK_ADV_002": "permission_tracker",
    "C07/CHK_ADV_003": "advocacy_log",
    "C07/CHK_ADV_004": "reference_profile",
}
ENG1, ENG2, ENG3, ENG4, CS1, CS2, CS3, CS4, ACCT1, ACCT2, ACCT3, ACCT4, HUB1, HUB2, HUB3, HUB4, *_rest = CHECKS
SVC1, SVC2, SVC3, SVC4, SUP1, SUP2, SUP3, SUP4, ADV1, ADV2, ADV3, ADV4 = _rest
# What a track's "–" rows, depth and literals switch off on a full clean node (services active, DSE assigned).
NOT_APPLICABLE = {
    "poc": {ENG3, CS3, CS4, SVC1, SVC3, SVC4, SUP1, SUP4},
    "economy": {CS4, SVC4},
    "premium": {SVC4},
    "fast_track": {SVC4},
}
NOT_EXPECTED = {  # judged where they are present, but nobody asks for them
    "poc": set(ASSETS) - {"customer_profile", "support_profile"},
    "economy": {"customer_hub_config"},
    "premium": set[str](),
    "fast_track": set[str](),
}
PASS_RATE = {"poc": 0.5, "economy": 0.7, "premium": 0.9, "fast_track": 0.95}
ASSET_SEVERITY = {"poc": "warning", "economy": "warning", "premium": "error", "fast_track": "error"}
CADENCE_SEVERITY = ASSET_SEVERITY


def path_of(name: str) -> str:
    return ASSETS[name][0]


def blueprint_of(name: str) -> str:
    return ASSETS[name][1]


def days(n: int) -> timedelta:
    return timedelta(days=n)


def add_months(day: date, n: int) -> date:
    """Calendar months, clamped to the end of the month."""
    index = day.year * 12 + day.month - 1 + n
    year, month = divmod(index, 12)
    month += 1
    last = (date(year + month // 12, month % 12 + 1, 1) - days(1)).day
    return date(year, month, min(day.day, last))


def business_day_before(day: date) -> date:
    day -= days(1)
    while day.weekday() >= 5:
        day -= days(1)
    return day


def at(day: date, clock: str = "09:00", offset: float = 0) -> datetime:
    """A timestamp on that day; the offset is in hours."""
    hour, minute = clock.split(":")
    zone = UTC if offset == 0 else timezone(timedelta(hours=offset))
    return datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=zone)


# --- rendering -------------------------------------------------------------------------------------------


class Raw(str):
    """A scalar that is written as it stands: for values that a writer of YAML would never produce."""

    __slots__ = ()


PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 _./@()%,'+-]*[A-Za-z0-9_.)%]|[A-Za-z]")
WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"}
Path = tuple[str | int, ...]


def scalar(value: Any) -> str:
    if isinstance(value, Raw):
        return str(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if PLAIN.fullmatch(value) and value.lower() not in WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)


def render(data: dict[str, Any]) -> tuple[str, dict[Path, int]]:
    """Block style, one scalar a line; the second value tells on which line each path begins."""
    lines: list[str] = []
    where: dict[Path, int] = {(): 1}

    def put(value: Any, indent: int, path: Path, lead: str) -> None:
        """Write `value` after `lead` (`key:` or `-`), whose line the path has."""
        where[path] = len(lines) + 1
        if isinstance(value, dict) and value:
            if lead.endswith("-"):
                mapping(value, indent, path, lead + " ")
            else:
                lines.append(lead)
                mapping(value, indent, path, "")
        elif isinstance(value, list) and value:
            lines.append(lead)
            for index, item in enumerate(value):
                put(item, indent + 2, (*path, index), " " * indent + "-")
        else:
            text = {list: "[]", dict: "{}"}.get(type(value)) or scalar(value)
            lines.append(f"{lead} {text}")

    def mapping(value: dict[str, Any], indent: int, path: Path, first: str) -> None:
        for key, item in value.items():
            start = first or " " * indent
            first = ""
            name = key if PLAIN.fullmatch(key) or isinstance(key, Raw) else json.dumps(key)
            put(item, indent + 2, (*path, key), f"{start}{name}:")

    mapping(data, 0, (), "")
    return "\n".join(lines) + "\n", where


_cache: dict[tuple[Any, ...], tuple[Any, tuple[str, dict[Path, int]]]] = {}


# --- the node --------------------------------------------------------------------------------------------


@dataclass
class Node:
    """One engagement as plain data; `a` holds its assets under their short names."""

    track: str
    as_of: date
    signed: date
    onboarded: date
    engaged: date
    bp: dict[str, Any]
    a: dict[str, dict[str, Any]]
    files: dict[str, bytes] = field(default_factory=dict)  # further files, or raw bytes that replace a file
    extra: dict[str, dict[str, Any]] = field(default_factory=dict)  # further YAML files by path
    moved: dict[str, str] = field(default_factory=dict)  # short name -> where the file really is
    removed: set[str] = field(default_factory=set)  # paths that are not written at all
    symlinks: dict[str, str] = field(default_factory=dict)
    old: set[str] = field(default_factory=set)  # paths that were last committed long ago
    repository: dict[str, bytes] = field(default_factory=dict)  # files below the repository's root
    root: str = ""  # an InfoHub root below the node
    base: tuple[Any, ...] = ()

    def real(self, name: str) -> str:
        """The file's path below the node."""
        if name not in ASSETS:
            return name
        return self.moved.get(name) or (f"{self.root}/" if self.root else "") + path_of(name)

    def rendered(self, name: str) -> tuple[str, dict[Path, int]]:
        if name == "blueprint.yaml":
            return render(self.bp)
        if name in self.extra:
            return render(self.extra[name])
        key = (*self.base, name)
        known = _cache.get(key)
        if known is not None and known[0] == self.a[name]:
            return known[1]
        result = render(self.a[name])
        if known is None:
            _cache[key] = (copy.deepcopy(self.a[name]), result)
        return result

    def write(self) -> dict[str, bytes]:
        """Every file of the node: path below the node -> bytes."""
        out = {self.real(name): self.rendered(name)[0].encode() for name in self.a}
        out |= {name: self.rendered(name)[0].encode() for name in self.extra}
        out["blueprint.yaml"] = self.rendered("blueprint.yaml")[0].encode()
        out |= self.files
        return {path: data for path, data in out.items() if path not in self.removed}

    # what the defect tables say most
    def drop(self, *names: str) -> None:
        for name in names:
            del self.a[name]

    def get(self, name: str, *path: str | int) -> Any:
        value: Any = self.bp if name == "blueprint.yaml" else self.extra.get(name) or self.a[name]
        for step in path:
            value = value[step]
        return value

    def set(self, name: str, *path_and_value: Any) -> None:
        *path, last, value = path_and_value
        self.get(name, *path)[last] = value

    def unset(self, name: str, *path: str | int) -> None:
        del self.get(name, *path[:-1])[path[-1]]

    def text(self, name: str) -> str:
        return self.rendered(name)[0]

    def raw(self, name: str, data: str | bytes) -> None:
        """Replace the file of an asset (or blueprint.yaml) by these bytes."""
        self.files[self.real(name)] = data.encode() if isinstance(data, str) else data

    def instantiates(self, short: str) -> int:
        for index, item in enumerate(self.bp["reference_blueprints"]):
            if item["id"].startswith(short):
                return index
        raise KeyError(short)


def full(
    track: str,
    as_of: date = AS_OF,
    *,
    signed: date | None = None,
    only: tuple[str, ...] | None = None,
    stamps: bool = False,
    quoted: bool = False,
) -> Node:
    """A clean node with every asset of the instantiated reference blueprints (all seven, or `only`)."""
    a = as_of
    s = signed or a - days(182)
    o = min(s + days(7), a)
    e = min(s + days(9), a)
    node = Node(
        track,
        a,
        s,
        o,
        e,
        blueprint(track, a, s, o, e),
        assets(track, a, s, o, e),
        base=(track, a, s, stamps, quoted),
    )
    if only is not None:
        node.bp["reference_blueprints"] = [b for b in node.bp["reference_blueprints"] if b["id"][:3] in only]
        node.a = {name: v for name, v in node.a.items() if blueprint_of(name)[:3] in only}
    if stamps:
        node.bp = convert(node.bp, lambda d: at(d, "10:30"))
        node.a = {name: convert(v, lambda d: at(d, "10:30")) for name, v in node.a.items()}
    if quoted:
        node.bp = convert(node.bp, date.isoformat, moments=True)
        node.a = {name: convert(v, date.isoformat, moments=True) for name, v in node.a.items()}
    return node


def minimal(track: str, as_of: date = AS_OF, *, signed: date | None = None) -> Node:
    """Only the reference blueprints that the track requires."""
    return full(track, as_of, signed=signed, only=REQUIRED[track])


def convert(value: Any, by: Any, *, moments: bool = False) -> Any:
    if isinstance(value, dict):
        return {k: convert(v, by, moments=moments) for k, v in value.items()}
    if isinstance(value, list):
        return [convert(v, by, moments=moments) for v in value]
    if isinstance(value, datetime):
        return value.isoformat() if moments else value
    return by(value) if isinstance(value, date) else value


def blueprint(track: str, a: date, s: date, o: date, e: date) -> dict[str, Any]:
    return {
        "version": "1.0",
        "archetype": "post_sales_governance",
        "track": track,
        "metadata": {
            "name": "Warehouse roll-out",
            "owner": "dana.reyes",
            "created": s,
            "last_updated": a - days(10),
        },
        "status": "active",
        "lifecycle": {
            "contract_signed": s,
            "onboarded": o,
            "go_live": s + days(77),
            "services_engaged": e,
            "engagement_ends": a + days(180),
            "renewal": a + days(183),
        },
        "team": {
            "CSM": "dana.reyes",
            "AE": "lee.ito",
            "SA": "noor.haddad",
            "Support Lead": "pat.olsen",
            "Services Delivery Manager": "kim.moreau",
            "Customer Marketing": "ana.duarte",
        },
        "reference_blueprints": [{"id": b} for b in BLUEPRINTS],
        "playbooks": [
            {"id": "PB_175", "status": "completed", "completed_on": s + days(4)},
            {"id": "PB_167", "status": "completed", "completed_on": s + days(5)},
            {"id": "PB_168", "status": "active"},
        ],
        "changelog": [
            {
                "timestamp": at(s, "10:00").isoformat().replace("+00:00", "Z"),
                "action": "blueprint_instantiated",
                "details": "from C01 to C07",
            }
        ],
    }


def touchpoint(number: int, day: Any, kind: str, *, customer: bool = True, **more: Any) -> dict[str, Any]:
    return {
        "id": f"TP-{number:03}",
        "date": day,
        "type": kind,
        "channel": "video" if customer else "chat",
        "participants": {
            "customer": ["Mara Lindqvist", "Tomas Okafor"] if customer else [],
            "vendor": ["dana.reyes"],
        },
        "summary": f"{kind} number {number}, actions noted",
        **more,
    }


def assets(track: str, a: date, s: date, o: date, e: date) -> dict[str, dict[str, Any]]:
    def stamp(n: int, by: str = "dana.reyes") -> dict[str, Any]:
        return {"last_updated": a - days(n), "updated_by": by}

    def past(day: date) -> date:
        return min(day, a - days(1))

    sync = business_day_before(a)
    period = {"poc": "monthly", "economy": "monthly", "premium": "bi-weekly", "fast_track": "weekly"}[track]
    method = {"poc": "manual", "economy": "scheduled"}.get(track, "real_time")
    tier = {"poc": "basic", "economy": "standard"}.get(track, "premium")
    return {
        "customer_profile": {
            **stamp(10),
            "provenance": {"created_by": "dana.reyes", "created_at": s, "source": "kick-off workshop"},
            "customer": "Northwind Cold Storage",
            "segment": "high_touch",
            "arr": 240000,
            "stakeholders": [
                {
                    "name": "Ines Valdez",
                    "role": "executive_sponsor",
                    "title": "COO",
                    "email": "ines@northwind.example",
                    "relationship": 4,
                },
                {"name": "Mara Lindqvist", "role": "champion", "title": "Head of data", "relationship": 5},
                {"name": "Tomas Okafor", "role": "technical_owner", "relationship": 3},
                {"name": "Rui Tanaka", "role": "end_user", "relationship": 2},
            ],
            "preferences": {"channels": ["video", "email"]},
            "business_goals": ["Cut manual picking by a third", "One stock view for all sites"],
            "completed_at": past(s + days(5)),
        },
        "touchpoint_log": {
            **stamp(2),
            "touchpoints": [
                touchpoint(1, past(s + days(2)), "onboarding"),
                touchpoint(2, a - days(131), "training"),
                touchpoint(3, a - days(88), "check_in", sentiment="neutral"),  # a long gap, since ended
                touchpoint(4, a - days(46), "check_in", sentiment="positive"),
                touchpoint(5, a - days(32), "milestone", outcome="second site live"),
                touchpoint(6, a - days(20), "qbr", sentiment="positive", outcome="roadmap agreed"),
                touchpoint(7, a - days(11), "check_in"),
                touchpoint(8, a - days(4), "check_in", sentiment="positive"),
                touchpoint(9, a - days(2), "internal", customer=False),
            ],
        },
        "engagement_plan": {
            **stamp(12),
            "cadence": {"check_in": period, "qbr": "quarterly"},
            "planned": [
                {"date": a - days(4), "type": "check_in", "owner": "dana.reyes"},
                {"date": a + days(3), "type": "check_in", "owner": "dana.reyes", "audience": "core team"},
                {"date": a + days(66), "type": "qbr", "owner": "dana.reyes", "audience": "sponsors"},
            ],
        },
        "sentiment_tracker": {
            **stamp(9),
            "entries": [
                {"date": a - days(64), "source": "csat", "label": "neutral", "score": 3.5},
                {"date": a - days(38), "source": "csm", "label": "negative"},
                {
                    "date": a - days(9),
                    "source": "nps",
                    "label": "positive",
                    "score": 9,
                    "stakeholder": "Mara Lindqvist",
                },
            ],
        },
        "success_plan": {
            **stamp(15),
            "owner": "dana.reyes",
            "created_at": past(s + days(20)),
            "reviewed_at": a - days(40),
            "objectives": [
                {
                    "id": "OBJ-1",
                    "outcome": "Fewer manual picks",
                    "metric": "manual picks a day",
                    "target": 400,
                    "baseline": 620,
                    "due": a + days(120),
                },
                {
                    "id": "OBJ-2",
                    "outcome": "One stock view",
                    "metric": "sites connected",
                    "target": "9 of 9",
                    "baseline": "2 of 9",
                    "due": a + days(60),
                },
            ],
            "milestones": [
                {
                    "title": "Second site live",
                    "due": a - days(30),
                    "status": "achieved",
                    "success_criteria": "two sites in one view",
                    "achieved_at": a - days(50),
                },
                {
                    "title": "All sites live",
                    "due": a + days(60),
                    "status": "in_progress",
                    "success_criteria": "nine sites in one view",
                },
            ],
            "risks": [{"risk": "Sponsor moves on", "mitigation": "second sponsor named"}],
        },
        "adoption_metrics": {
            **stamp(3),
            "metrics": [
                {"name": "weekly active users", "target": 120, "unit": "users"},
                {"name": "sites connected", "target": 9},
            ],
            "measurements": [
                {"date": a - days(45), "metric": "weekly active users", "value": 71},
                {"date": a - days(45), "metric": "sites connected", "value": 3},
                {"date": a - days(17), "metric": "weekly active users", "value": 88},
                {"date": a - days(10), "metric": "sites connected", "value": 5},
                {"date": a - days(3), "metric": "weekly active users", "value": 97},
            ],
        },
        "intervention_log": {
            **stamp(2),
            "interventions": [
                {
                    "id": "IV-1",
                    "opened_at": a - days(70),
                    "trigger": "adoption below plan",
                    "action": "extra training",
                    "owner": "dana.reyes",
                    "status": "closed",
                    "outcome": "usage up by a fifth",
                    "closed_at": a - days(52),
                },
                {
                    "id": "IV-2",
                    "opened_at": a - days(12),
                    "trigger": "slow imports",
                    "action": "tuning with support",
                    "owner": "noor.haddad",
                    "status": "in_progress",
                },
            ],
        },
        "health_score": {
            **stamp(1),
            "score": 82,
            "trend": "improving",
            "status": "healthy",
            "calculated_at": a - days(1),
            "components": [
                {"name": "adoption", "weight": 0.5, "score": 80},
                {"name": "engagement", "weight": 0.3, "score": 88},
                {"name": "support", "weight": 0.2, "score": 78},
            ],
            "bands": {"healthy": 80, "stable": 65, "at_risk": 50, "critical": 30, "emergency": 0},
            "history": [
                {"date": a - days(22), "score": 77},
                {"date": a - days(15), "score": 79},
                {"date": a - days(8), "score": 80},
            ],
            "method": method,
        },
        "postsales_handoff": {
            **stamp(170, "lee.ito"),  # completed, so it never goes stale
            "status": "completed",
            "completed_at": past(s + days(4)),
            "from": "lee.ito",
            "to": "dana.reyes",
            "deal_context": {
                "why_buy": "Stock is counted by hand",
                "why_now": "New sites open in summer",
                "why_us": "Works offline",
            },
            "stakeholders": [
                {"name": "Ines Valdez", "role": "executive sponsor"},
                {"name": "Mara Lindqvist", "role": "champion"},
            ],
            "success_criteria": [
                {"objective": "One stock view", "metric": "sites connected", "timeline": "nine months"}
            ],
            "risks": ["Scanner firmware is old"],
            "commercial": {"arr": 240000, "term_months": 12, "renewal_date": a + days(183)},
        },
        "account_health_report": {
            **stamp(12, "lee.ito"),
            "reviews": [
                {"date": a - days(55), "type": "monthly", "reviewer": "lee.ito", "summary": "On plan"},
                {
                    "date": a - days(26),
                    "type": "qbr",
                    "reviewer": "lee.ito",
                    "summary": "Roadmap agreed",
                    "actions": ["Send the sizing"],
                },
                {"date": a - days(12), "type": "monthly", "reviewer": "lee.ito", "summary": "Usage grows"},
            ],
        },
        "team_responsibilities": {
            **stamp(45, "lee.ito"),
            "activities": [
                {
                    "name": "Weekly check-in",
                    "accountable": "dana.reyes",
                    "responsible": ["dana.reyes", "noor.haddad"],
                    "informed": ["lee.ito"],
                    "critical": True,
                },
                {
                    "name": "Account review",
                    "accountable": "lee.ito",
                    "responsible": ["lee.ito"],
                    "consulted": ["dana.reyes", "kim.moreau"],
                },
            ],
            "acknowledgements": [
                {"name": "dana.reyes", "date": past(s + days(12))},
                {"name": "lee.ito", "date": past(s + days(12))},
                {"name": "noor.haddad", "date": past(s + days(15))},
            ],
        },
        "expansion_tracker": {
            **stamp(10, "lee.ito"),
            "reviewed_at": a - days(30),
            "opportunities": [
                {
                    "id": "OP-1",
                    "type": "seats",
                    "stage": "closed",
                    "owner": "lee.ito",
                    "value": 12000,
                    "updated_at": a - days(90),
                },
                {
                    "id": "OP-2",
                    "type": "upsell",
                    "stage": "qualified",
                    "owner": "lee.ito",
                    "next_step": "Sizing call",
                    "value": 40000,
                    "signal": "asked for a tenth site",
                    "updated_at": a - days(10),
                },
            ],
        },
        "customer_hub_config": {
            **stamp(60),
            "initialized_at": past(o + days(10)),
            "owner": "dana.reyes",
            "sections": [{"title": "Start here"}, {"title": "Architecture"}],
            "access": [
                {"role": "Customer Admin", "level": "admin"},
                {"role": "Customer Technical Lead", "level": "write"},
            ],
        },
        "use_case_library": {
            **stamp(34),
            "use_cases": [
                {"id": "UC-1", "title": "Cycle counts", "owner": "noor.haddad", "status": "live"},
                {
                    "id": "UC-2",
                    "title": "Receiving",
                    "owner": "noor.haddad",
                    "status": "documented",
                    "value": "two hours a day",
                },
                {"id": "UC-3", "title": "Returns", "owner": "dana.reyes", "status": "documented"},
                {"id": "UC-4", "title": "Paper lists", "owner": "dana.reyes", "status": "retired"},
            ],
        },
        "architecture_decisions": {
            **stamp(15, "noor.haddad"),
            "decisions": [
                {
                    "id": "AD-1",
                    "title": "Nightly batch import",
                    "date": a - days(150),
                    "status": "superseded",
                    "rationale": "simplest start",
                    "superseded_by": "AD-2",
                },
                {
                    "id": "AD-2",
                    "title": "Event stream",
                    "date": a - days(80),
                    "status": "accepted",
                    "rationale": "stock must be current",
                },
            ],
        },
        "learning_path": {
            **stamp(50, "noor.haddad"),
            "owner": "noor.haddad",
            "audience": "site leads",
            "modules": [
                {"id": "LM-1", "title": "First count", "order": 1, "duration_minutes": 30},
                {"id": "LM-2", "title": "Corrections", "order": 2},
            ],
        },
        "engagement_status": {
            "last_updated": sync,
            "updated_by": "kim.moreau",
            "state": "active",
            "owner": "kim.moreau",
            "started_at": e,
            "syncs": [
                {"date": sync - days(14), "summary": "Import design"},
                {"date": sync - days(7), "summary": "Import tested"},
                {"date": sync, "summary": "Cut-over plan"},
            ],
        },
        "milestone_tracker": {
            **stamp(28, "kim.moreau"),
            "milestones": [
                {
                    "id": "MS-1",
                    "title": "Import tested",
                    "due": a - days(28),
                    "owner": "kim.moreau",
                    "status": "completed",
                    "completed_at": at(a - days(30), "15:00"),
                    "recorded_at": at(a - days(30), "17:30"),
                },
                {
                    "id": "MS-2",
                    "title": "Pilot site",
                    "due": a - days(60),
                    "owner": "kim.moreau",
                    "status": "completed",
                    "completed_at": at(a - days(62), "11:00"),
                    "recorded_at": at(a - days(61), "09:00"),
                },
                {
                    "id": "MS-3",
                    "title": "Cut-over",
                    "due": a + days(14),
                    "owner": "kim.moreau",
                    "status": "in_progress",
                },
            ],
        },
        "services_risk_register": {
            **stamp(2, "kim.moreau"),
            "risks": [
                {
                    "id": "RK-1",
                    "title": "Import loses rows",
                    "severity": "critical",
                    "status": "closed",
                    "owner": "kim.moreau",
                    "identified_at": at(a - days(50), "09:00"),
                    "escalated_at": at(a - days(50), "11:30"),
                    "category": "delivery",
                },
                {
                    "id": "RK-2",
                    "title": "Scanner shortage",
                    "severity": "high",
                    "status": "mitigated",
                    "owner": "kim.moreau",
                    "identified_at": at(a - days(20), "08:00"),
                    "escalated_at": at(a - days(20), "11:00"),
                    "mitigation": "loan units",
                },
                {
                    "id": "RK-3",
                    "title": "Holiday freeze",
                    "severity": "medium",
                    "status": "open",
                    "owner": "kim.moreau",
                    "identified_at": at(a - days(7), "08:00"),
                },
            ],
        },
        "services_report": {
            **stamp(1, "kim.moreau"),
            "reports": [
                {
                    "date": a - days(8),
                    "type": "status",
                    "rag": "amber",
                    "summary": "Two scanners late",
                    "author": "kim.moreau",
                },
                {
                    "date": a - days(1),
                    "type": "status",
                    "rag": "green",
                    "summary": "Back on plan",
                    "author": "kim.moreau",
                },
            ],
        },
        "support_profile": {
            **stamp(70, "pat.olsen"),
            "tier": tier,
            "contacts": [{"name": "Tomas Okafor", "role": "technical owner", "channel": "email"}],
            "escalation_contacts": [{"name": "Ines Valdez", "role": "sponsor", "channel": "phone"}],
            "sla": [
                {"severity": "critical", "response_hours": 1},
                {"severity": "high", "response_hours": 4},
            ],
        },
        "case_log": {
            **stamp(1, "pat.olsen"),
            "cases": [
                {
                    "id": "CS-1",
                    "subject": "Sync stopped",
                    "severity": "critical",
                    "status": "closed",
                    "opened_at": at(a - days(40), "07:10"),
                    "escalated_at": at(a - days(40), "07:45"),
                    "resolved_at": at(a - days(39), "16:00"),
                },
                {
                    "id": "CS-2",
                    "subject": "Slow imports",
                    "severity": "high",
                    "status": "resolved",
                    "opened_at": at(a - days(12), "10:00"),
                    "resolved_at": at(a - days(11), "12:00"),
                },
                {
                    "id": "CS-3",
                    "subject": "Label printer",
                    "severity": "low",
                    "status": "open",
                    "opened_at": at(a - days(1), "10:00"),
                },
            ],
        },
        "dse_engagement": {
            **stamp(14, "pat.olsen"),
            "assigned": True,
            "assigned_at": s + days(10),
            "engineer": "uma.pereira",
            "activities": [
                {"date": a - days(40), "type": "health check", "outcome": "two settings changed"},
                {"date": a - days(14), "type": "tuning", "outcome": "imports twice as fast"},
                {"date": a + days(12), "type": "upgrade rehearsal"},
            ],
        },
        "support_health": {
            **stamp(5, "pat.olsen"),
            "metrics": {"open_cases": 1, "csat": 4.6, "median_resolution_hours": 19.5},
            "trend": "stable",
            "reviews": [
                {"date": a - days(33), "reviewer": "pat.olsen", "summary": "One outage"},
                {"date": a - days(5), "reviewer": "pat.olsen", "summary": "Quiet month"},
            ],
        },
        "reference_profile": {
            **stamp(30, "ana.duarte"),
            "qualifying": True,
            "reference_types": ["call", "case study"],
            "restrictions": ["no logo"],
            "contact": "Mara Lindqvist",
            "candidate_reviews": [
                {"date": a - days(120), "reviewer": "ana.duarte", "decision": "wait for results"},
                {"date": a - days(30), "reviewer": "ana.duarte", "decision": "go ahead"},
            ],
        },
        "success_stories": {
            **stamp(25, "ana.duarte"),
            "stories": [
                {
                    "id": "ST-1",
                    "title": "One stock view",
                    "status": "published",
                    "date": a - days(25),
                    "outcome": {"metric": "sites connected", "before": 2, "after": 5},
                    "anonymized": False,
                    "permission_id": "PM-1",
                },
                {
                    "id": "ST-2",
                    "title": "Fewer picks",
                    "status": "draft",
                    "date": a - days(30),
                    "outcome": {"metric": "manual picks a day", "before": "620", "after": "510"},
                    "anonymized": True,
                },
            ],
        },
        "advocacy_log": {
            **stamp(60, "ana.duarte"),  # nothing open, so it never goes stale
            "uses": [
                {
                    "id": "US-1",
                    "date": a - days(100),
                    "requested_by": "lee.ito",
                    "type": "call",
                    "permission_id": "PM-2",
                    "outcome": "deal won",
                },
                {
                    "id": "US-2",
                    "date": a - days(60),
                    "requested_by": "lee.ito",
                    "type": "call",
                    "permission_id": "PM-1",
                    "outcome": "follow-up booked",
                },
                {
                    "id": "US-3",
                    "date": a + days(10),
                    "requested_by": "lee.ito",
                    "type": "event",
                    "permission_id": "PM-1",
                },
            ],
        },
        "permission_tracker": {
            **stamp(55, "ana.duarte"),
            "permissions": [
                {
                    "id": "PM-1",
                    "scope": "public",
                    "granted_by": "Ines Valdez",
                    "granted_at": a - days(150),
                    "expires_at": a + days(210),
                    "status": "active",
                },
                {
                    "id": "PM-2",
                    "scope": "private",
                    "granted_by": "Ines Valdez",
                    "granted_at": a - days(170),
                    "expires_at": a - days(80),
                    "status": "expired",
                },
            ],
        },
    }
