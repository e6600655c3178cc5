"""Clean nodes: nothing may be reported on any of these."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from tests.acceptance.kit import case
from tests.acceptance.nodes import (
    AS_OF,
    CHECKS,
    Node,
    add_months,
    at,
    business_day_before,
    days,
    full,
    minimal,
    touchpoint,
)

ALL = "OEPF"
STAMPED = partial(full, stamps=True)
QUOTED = partial(full, quoted=True)
SVC = [c for c in CHECKS if c.startswith("C05")]
ADV = [c for c in CHECKS if c.startswith("C07")]


def services_off(n: Node) -> None:
    """No professional services were sold."""
    n.bp["reference_blueprints"][n.instantiates("C05")] |= {
        "status": "not_applicable",
        "reason": "no professional services sold",
    }
    n.drop("engagement_status", "milestone_tracker", "services_risk_register", "services_report")
    del n.bp["lifecycle"]["services_engaged"]


def advocacy_off(n: Node) -> None:
    n.bp["reference_blueprints"][n.instantiates("C07")] |= {
        "status": "not_applicable",
        "reason": "the contract forbids publicity",
    }
    n.drop("reference_profile", "success_stories", "advocacy_log", "permission_tracker")


def completed_engagement(n: Node) -> None:
    """Services are done and closed: their files may grow old."""
    n.a["engagement_status"] |= {
        "last_updated": n.as_of - days(70),
        "state": "completed",
        "completed_at": n.as_of - days(71),
        "syncs": [{"date": n.as_of - days(80), "summary": "Last open points"}],
    }
    n.a["milestone_tracker"]["last_updated"] = n.as_of - days(160)
    n.a["milestone_tracker"]["milestones"] = n.a["milestone_tracker"]["milestones"][:2]
    n.a["services_risk_register"]["last_updated"] = n.as_of - days(120)
    n.a["services_report"]["last_updated"] = n.as_of - days(71)
    n.a["services_report"]["reports"] = [
        {
            "date": n.as_of - days(71),
            "type": "closure",
            "rag": "green",
            "summary": "All sites handed over",
            "author": "kim.moreau",
        }
    ]


def quiet(n: Node) -> None:
    """Nothing open in any log: those logs never go stale."""
    n.a["case_log"]["cases"].pop()
    n.a["intervention_log"]["interventions"].pop()
    n.a["services_risk_register"]["risks"].pop()
    n.set("services_risk_register", "risks", 1, "status", "closed")
    for name in (
        "case_log",
        "intervention_log",
        "services_risk_register",
        "advocacy_log",
        "dse_engagement",
        "postsales_handoff",
    ):
        n.set(name, "last_updated", n.as_of - days(300))


def young(n: Node) -> None:
    """Signed three days ago: nothing is due, and only the blueprint exists."""
    n.bp["lifecycle"] = {"contract_signed": n.signed}
    del n.bp["playbooks"]
    n.drop(*list(n.a))


def young_started(n: Node) -> None:
    """Signed three days ago; the first files are there."""
    for name in list(n.a):
        if name not in ("customer_profile", "team_responsibilities", "support_profile"):
            n.drop(name)
    n.bp["lifecycle"] = {"contract_signed": n.signed, "onboarded": n.as_of + days(4)}
    n.unset("customer_profile", "completed_at")
    n.a["team_responsibilities"]["acknowledgements"] = []


def waivers_in_force(n: Node) -> None:
    a = n.as_of
    n.a["sentiment_tracker"]["entries"] = n.a["sentiment_tracker"]["entries"][:1]
    n.drop("account_health_report")
    common = {"reason": "agreed with the customer", "approved_by": "m.ortiz", "approved_on": a - days(20)}
    n.bp["waivers"] = [
        {"check": "C01/CHK_ENG_004", **common, "expires": a},
        {"asset": "account/account_health_report.yaml", **common, "expires": a + days(100)},
    ]


def without_waived_blueprint(n: Node) -> None:
    a = n.as_of
    n.bp["reference_blueprints"].pop(n.instantiates("C03"))
    n.drop("postsales_handoff", "account_health_report", "team_responsibilities", "expansion_tracker")
    n.bp["waivers"] = [
        {
            "reference_blueprint": "C03_account_team_postsales",
            "reason": "sold by a partner",
            "approved_by": "m.ortiz",
            "approved_on": a - days(40),
            "expires": a + days(1),
        }
    ]
    # the review of type qbr went with the report
    n.set("touchpoint_log", "touchpoints", 5, "type", "qbr")


SCORECARD = b"""{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "required": ["score"],
  "properties": {
    "score": {"type": "number", "description": "0 to 10"},
    "comment": {"type": "string", "description": "one line"}
  }
}
"""
SCORECARD_PATH = "schemas/exec_scorecard.schema.json"


def additional(n: Node, *, schema: bool = True, every: str = "monthly") -> None:
    """A customer-specific asset, required beside those of the catalog."""
    item: dict[str, Any] = {
        "path": "success/exec_scorecard.yaml",
        "reference_blueprint": "C02_customer_success_operating_model",
    }
    if n.track == "poc":
        item["reference_blueprint"] = "C01_customer_engagement"
    n.extra["success/exec_scorecard.yaml"] = {
        "last_updated": n.as_of - days(3),
        "updated_by": "dana.reyes",
        "x-colour": "blue",
    }
    if schema:
        item["schema"] = SCORECARD_PATH
        n.extra["success/exec_scorecard.yaml"] |= {"score": 7.5, "comment": "steady"}
        n.repository[SCORECARD_PATH] = SCORECARD
    if every:
        item["review_every"] = every
    n.bp["additional_assets"] = [item]


def path_map(n: Node) -> None:
    moved = {
        "touchpoint_log": "internal-infohub/journey/touchpoint_log.yaml",
        "health_score": "internal-infohub/metrics/health.yaml",
    }
    n.moved |= moved
    n.bp["assets"] = {
        "engagement/touchpoint_log.yaml": moved["touchpoint_log"],
        "governance/health_score.yaml": moved["health_score"],
    }


def extensions(n: Node) -> None:
    """`x-` keys are free; comments, blank lines and a document marker are ordinary YAML."""
    n.bp["x-salesforce"] = {"id": "0065", "anything": [1, 2]}
    for asset in n.a.values():
        asset["x-note"] = "free text"
    n.raw("learning_path", "---\n# how to start\n\n" + n.text("learning_path") + "\n# end\n")
    text = n.text("use_case_library").replace("status: live", "status: 'live'")
    n.raw("use_case_library", text.replace("\n", "\r\n"))


def flow_style(n: Node) -> None:
    """JSON is YAML, and so are anchors used with measure."""
    n.raw(
        "sentiment_tracker",
        f"""last_updated: {n.as_of}
updated_by: dana.reyes
entries:
  - {{date: "{n.as_of - days(9)}", source: nps, label: positive, score: 9}}
  - {{date: {n.as_of - days(39)}, source: csat, label: neutral, score: 4}}
""",
    )
    n.raw(
        "learning_path",
        f"""last_updated: {n.as_of - days(9)}
updated_by: &who noor.haddad
owner: *who
audience: >-
  site leads
  and their deputies
modules:
- id: LM-1
  title: "First count: the basics"
  order: 1
""",
    )


def shallow(n: Node) -> None:
    """Exactly what the track's depth asks for."""
    profile, plan, support = (n.a[k] for k in ("customer_profile", "success_plan", "support_profile"))
    del profile["provenance"]
    if n.track == "poc":
        for key in ("arr", "preferences", "business_goals"):
            del profile[key]
        profile["stakeholders"] = [{"name": "Mara Lindqvist", "role": "blocker"}]
        del support["escalation_contacts"], support["sla"]
        support["contacts"] = [{"name": "Tomas Okafor", "role": "technical owner"}]
    elif n.track == "economy":
        del profile["business_goals"]
        profile["stakeholders"] = [
            {"name": "Mara Lindqvist", "role": "champion"},
            {"name": "Rui Tanaka", "role": "end_user"},
        ]
        for key in ("milestones", "risks", "reviewed_at"):
            del plan[key]
        plan["objectives"] = [{"id": "OBJ-1", "outcome": "Fewer picks", "metric": "picks", "target": 400}]
        del support["sla"]
    elif n.track == "fast_track":
        del profile["business_goals"]
        profile["stakeholders"] = profile["stakeholders"][1:3]
        for person in profile["stakeholders"]:
            del person["relationship"]
    else:
        profile["stakeholders"] = profile["stakeholders"][:3]
        profile["business_goals"] = profile["business_goals"][:1]
    health = n.a["health_score"]
    del health["bands"], health["method"]
    health["history"] = []


def nothing_to_judge(n: Node) -> None:
    """Empty logs say nothing about escalation, use or permission."""
    n.a["services_risk_register"]["risks"] = []
    n.a["case_log"]["cases"] = []
    n.a["milestone_tracker"]["milestones"] = []
    n.a["intervention_log"]["interventions"] = []
    n.a["advocacy_log"]["uses"] = []
    n.a["permission_tracker"]["permissions"] = []
    n.a["success_stories"]["stories"] = []
    n.a["reference_profile"] |= {"qualifying": False, "reference_types": [], "restrictions": []}
    n.a["dse_engagement"] = {
        "last_updated": n.as_of - days(1),
        "updated_by": "pat.olsen",
        "assigned": False,
        "activities": [],
    }


def poc_bare(n: Node) -> None:
    """Under `minimal` only the profile and the support profile are expected."""
    n.drop(*(name for name in list(n.a) if name not in ("customer_profile", "support_profile")))


def old_files(n: Node) -> None:
    """A POC has no staleness row; only the age that a check itself asks for counts."""
    for name, asset in n.a.items():
        if name != "architecture_decisions":
            asset["last_updated"] = n.as_of - days(400)


def reversed_logs(n: Node) -> None:
    """The order of the entries says nothing."""
    for name, key in (
        ("touchpoint_log", "touchpoints"),
        ("sentiment_tracker", "entries"),
        ("adoption_metrics", "measurements"),
        ("account_health_report", "reviews"),
        ("engagement_status", "syncs"),
        ("support_health", "reviews"),
        ("reference_profile", "candidate_reviews"),
        ("engagement_plan", "planned"),
    ):
        n.get(name, key).reverse()


def offsets(n: Node) -> None:
    """Timestamps of other zones count on their day in UTC."""
    a = n.as_of
    reach = {"premium": 14, "fast_track": 7}.get(n.track, 20)
    n.a["touchpoint_log"]["touchpoints"] = [
        touchpoint(1, at(a - days(reach + 1), "22:00", -5), "qbr"),
    ]
    n.set("customer_profile", "completed_at", at(n.signed + days(8), "01:00", 3))
    n.set("milestone_tracker", "milestones", 0, "recorded_at", at(a - days(29), "20:00", 5.5))


def edge_days(n: Node) -> None:
    """Everything on the last good day."""
    a, track = n.as_of, n.track
    month = min(d for d in (a - days(k) for k in range(26, 34)) if add_months(d, 1) >= a)
    reach = {"premium": 14, "fast_track": 7}.get(track, 28)
    n.a["touchpoint_log"]["touchpoints"] = [
        touchpoint(1, month, "qbr"),
        touchpoint(2, a - days(reach), "check_in"),
    ]
    n.a["account_health_report"]["reviews"][1:] = []
    n.a["account_health_report"]["reviews"][0]["date"] = month
    n.a["sentiment_tracker"]["entries"] = [{"date": month, "source": "csm", "label": "neutral"}]
    n.a["adoption_metrics"]["measurements"] = [{"date": a - days(7), "metric": "sites connected", "value": 5}]
    n.a["adoption_metrics"]["last_updated"] = a - days(7)
    n.a["architecture_decisions"]["last_updated"] = a - days(30)
    n.a["expansion_tracker"]["opportunities"][1]["updated_at"] = a - days(30)
    n.a["support_health"]["reviews"] = [
        {
            "date": a - days(7) if track == "fast_track" else month,
            "reviewer": "pat.olsen",
            "summary": "Quiet",
        }
    ]
    health = {"premium": a - days(7), "fast_track": business_day_before(a)}.get(track, month)
    n.a["health_score"] |= {"calculated_at": health, "last_updated": health, "history": []}
    syncs = {"premium": a - days(7), "economy": a - days(14)}.get(track, business_day_before(a))
    n.a["engagement_status"]["syncs"] = [{"date": syncs, "summary": "Cut-over plan"}]
    n.a["permission_tracker"]["permissions"][0]["expires_at"] = a


def register() -> None:
    case("CLEAN_FULL", ALL)
    case("CLEAN_MINIMAL", ALL, base=minimal)
    case("CLEAN_STAMPED", ALL, base=STAMPED)
    case("CLEAN_QUOTED", ALL, base=QUOTED)
    case("CLEAN_SHALLOW", ALL, shallow)
    case("CLEAN_SERVICES_OFF", ALL, services_off)
    case("CLEAN_ADVOCACY_OFF", ALL, advocacy_off)
    closing = {"na": ["C05/CHK_SVC_001"], "passed": ["C05/CHK_SVC_004"]}
    case("CLEAN_SERVICES_DONE", ALL, completed_engagement, **closing)
    case("CLEAN_QUIET", ALL, quiet)
    case("CLEAN_YOUNG", ALL, young, signed=AS_OF - days(3))
    case("CLEAN_YOUNG_MINIMAL", ALL, young, base=minimal, signed=AS_OF - days(3))
    started = {"due": ["C01/CHK_ENG_001", "C03/CHK_ACCT_003"]}
    case("CLEAN_YOUNG_STARTED", ALL, young_started, signed=AS_OF - days(3), **started)
    waived = {"waived": ["C01/CHK_ENG_004"], "na": ["C03/CHK_ACCT_002"]}
    case("CLEAN_WAIVERS", "EPF", waivers_in_force, **waived)
    case("CLEAN_WAIVED_BLUEPRINT", "EPF", without_waived_blueprint)
    case("CLEAN_ADDITIONAL", ALL, additional)
    case("CLEAN_ADDITIONAL_BARE", ALL, lambda n: additional(n, schema=False))
    case("CLEAN_ADDITIONAL_NO_PERIOD", ALL, lambda n: additional(n, schema=False, every=""))
    case("CLEAN_PATH_MAP", ALL, path_map)
    case("CLEAN_EXTENSIONS", ALL, extensions)
    case("CLEAN_FLOW_STYLE", ALL, flow_style)
    empty = ["C05/CHK_SVC_002", "C05/CHK_SVC_003", "C06/CHK_SUP_002", "C06/CHK_SUP_003", *ADV[:3]]
    case("CLEAN_NOTHING_TO_JUDGE", ALL, nothing_to_judge, na=empty)
    case("CLEAN_POC_BARE", "O", poc_bare)
    case("CLEAN_POC_OLD", "O", old_files)
    case("CLEAN_REVERSED", ALL, reversed_logs)
    case("CLEAN_OFFSETS", ALL, offsets)
    case("CLEAN_EDGE_DAYS", ALL, edge_days)
    for status in ("planned", "on_hold", "completed", "cancelled"):
        case(
            f"CLEAN_{status.upper()}",
            "OP" if status != "on_hold" else ALL,
            lambda n, s=status: n.bp.update(status=s),
            report_status="skipped",
            judged=False,
        )
    case(
        "CLEAN_INACTIVE_EMPTY",
        "EP",
        lambda n: (n.bp.update(status="on_hold"), n.drop(*list(n.a))),
        report_status="skipped",
        judged=False,
    )
    for optional in ("lifecycle.onboarded", "lifecycle.services_engaged", "lifecycle.engagement_ends"):
        key = optional.split(".")[1]
        case(
            f"CLEAN_WITHOUT_{key.upper()}",
            ALL,
            lambda n, k=key: n.unset("blueprint.yaml", "lifecycle", k),
            judged=False,
        )
    case(
        "CLEAN_BARE_BLUEPRINT",
        ALL,
        lambda n: (
            [n.bp.pop(k) for k in ("team", "playbooks", "changelog")]
            and n.bp.update(metadata={"name": "Roll-out", "owner": "dana.reyes"})
        ),
    )
    for day in (
        date(2024, 2, 29),
        date(2026, 1, 1),
        date(2026, 2, 28),
        date(2026, 3, 1),
        date(2026, 3, 31),
        date(2026, 12, 31),
        date(2028, 3, 1),
    ):
        for variant, change in (("FULL", None), ("EDGE_DAYS", edge_days)):
            case(f"CLEAN_{variant}_{day:%Y%m%d}", ALL if change is None else "EP", change, as_of=day)
