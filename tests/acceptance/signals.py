"""The 28 signals and 4 handoffs: for each a node on which it is active and one on which it is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.acceptance.clean import completed_engagement
from tests.acceptance.defects import (
    MONTH,
    QUARTER,
    A,
    both,
    cut,
    life,
    newest_entry,
    newest_touchpoint,
    no_life,
    put,
    take_away,
)
from tests.acceptance.kit import case
from tests.acceptance.nodes import Node, at, days

Change = Callable[[Node], Any] | None


def unfinished(n: Node) -> None:
    n.a["postsales_handoff"] |= {"status": "in_progress", "last_updated": A - days(1)}
    del n.a["postsales_handoff"]["completed_at"]


def mood(label: str) -> Change:
    return put("sentiment_tracker", "entries", 2, "label", label)


def achieved(back: int) -> Change:
    return put("success_plan", "milestones", 0, "achieved_at", A - days(back))


def risk(**values: Any) -> Change:
    return lambda n: n.get("services_risk_register", "risks", 2).update(values)


def open_case(**values: Any) -> Change:
    return lambda n: n.get("case_log", "cases", 2).update(values)


def stalled(n: Node) -> None:
    for row in n.get("adoption_metrics", "measurements"):
        if row["metric"] == "weekly active users":
            row["value"] = 97


def done_without_closure(n: Node) -> None:
    completed_engagement(n)
    n.set("services_report", "reports", 0, "type", "status")


def not_recorded(n: Node) -> None:
    n.set("milestone_tracker", "milestones", 0, "completed_at", at(A, "08:00"))
    n.unset("milestone_tracker", "milestones", 0, "recorded_at")


no_stories = both(put("success_stories", "stories", []), put("reference_profile", "qualifying", False))
TABLE: dict[str, tuple[Change, Change, dict[str, Any]]] = {  # signal: active, not active, further settings
    "contract_signed": (cut("customer_profile", "completed_at"), None, {}),
    "engagement_gap": (newest_touchpoint(15), newest_touchpoint(14), {}),
    "sentiment_negative": (mood("negative"), None, {}),
    "milestone_reached": (achieved(30), achieved(31), {}),
    "customer_assigned": (take_away("success_plan"), None, {"signed": A - days(10)}),
    "adoption_stalled": (stalled, None, {}),
    "health_score_declining": (put("health_score", "trend", "declining"), None, {}),
    "success_plan_due": (
        put("success_plan", "reviewed_at", QUARTER - days(1)),
        put("success_plan", "reviewed_at", QUARTER),
        {},
    ),
    "deal_closed": (take_away("postsales_handoff"), None, {"signed": A - days(3)}),
    "handoff_required": (unfinished, None, {"signed": A - days(3)}),
    "account_review_due": (
        newest_entry("account_health_report", "reviews", MONTH - days(1)),
        newest_entry("account_health_report", "reviews", MONTH),
        {},
    ),
    "expansion_signal": (put("expansion_tracker", "opportunities", 1, "stage", "identified"), None, {}),
    "customer_onboarded": (
        both(take_away("customer_hub_config"), life("onboarded", A - days(5))),
        both(take_away("customer_hub_config"), no_life("onboarded")),
        {},
    ),
    "content_stale": (put("use_case_library", "last_updated", A - days(120)), None, {}),
    "use_case_added": (put("use_case_library", "use_cases", 3, "status", "proposed"), None, {}),
    "architecture_decision": (put("architecture_decisions", "decisions", 1, "status", "proposed"), None, {}),
    "services_engaged": (None, completed_engagement, {}),
    "services_milestone": (not_recorded, None, {}),
    "services_risk": (
        risk(severity="high", identified_at=at(A, "10:00")),
        risk(severity="high", identified_at=at(A, "10:00"), escalated_at=at(A, "11:00")),
        {},
    ),
    "services_complete": (done_without_closure, completed_engagement, {}),
    "support_case_opened": (None, cut("case_log", "cases", 2), {}),
    "escalation_triggered": (open_case(escalated_at=at(A - days(1), "10:20")), None, {}),
    "dse_assigned": (
        both(put("dse_engagement", "activities", []), put("dse_engagement", "last_updated", A - days(1))),
        None,
        {},
    ),
    "support_health_declining": (put("support_health", "trend", "declining"), None, {}),
    "success_achieved": (no_stories, None, {}),
    "reference_request": (
        both(cut("advocacy_log", "uses", 1, "outcome"), put("advocacy_log", "last_updated", A - days(1))),
        None,
        {},
    ),
    "story_opportunity": (put("success_stories", "stories", 1, "status", "candidate"), None, {}),
    "advocacy_renewal": (
        put("permission_tracker", "permissions", 0, "expires_at", A + days(30)),
        put("permission_tracker", "permissions", 0, "expires_at", A + days(31)),
        {},
    ),
}


def critical_case(escalated: Any = None) -> Change:
    values = {"severity": "critical", "opened_at": at(A - days(1), "10:00")}
    return open_case(**values, **({"escalated_at": escalated} if escalated else {}))


def register() -> None:
    quiet = {"judge_gaps": False, "judged": False}
    for signal, (on, off, more) in TABLE.items():
        case(f"SIGNAL_{signal.upper()}_ON", "P", on, signals={signal: True}, **quiet, **more)
        case(f"SIGNAL_{signal.upper()}_OFF", "P", off, signals={signal: False}, **quiet, **more)
    no_person = both(take_away("success_plan"), cut("blueprint.yaml", "team", "CSM"))
    case(
        "SIGNAL_CUSTOMER_ASSIGNED_NOBODY",
        "P",
        no_person,
        signals={"customer_assigned": False},
        signed=A - days(10),
        **quiet,
    )
    for name, change, handoff, active, more in (
        ("CONTRACT_ON", unfinished, ("B", "C"), True, {"signed": A - days(3)}),
        ("CONTRACT_OFF", no_life("contract_signed"), ("B", "C"), False, {}),
        ("STEERING_RISK", risk(severity="critical", identified_at=at(A - days(1), "10:00")), ("C", "A"), True, {}),
        ("STEERING_CASE", critical_case(), ("C", "A"), True, {}),
        ("STEERING_OFF", None, ("C", "A"), False, {}),
        ("STEERING_CASE_OFF", critical_case(at(A - days(1), "10:30")), ("C", "A"), False, {}),
        ("EXPANSION_ON", None, ("C", "B"), True, {}),
        (
            "EXPANSION_COMMITTED",
            put("expansion_tracker", "opportunities", 1, "stage", "committed"),
            ("C", "B"),
            True,
            {},
        ),
        ("EXPANSION_OFF", put("expansion_tracker", "opportunities", 1, "stage", "identified"), ("C", "B"), False, {}),
        ("RENEWAL_ON", life("renewal", A + days(90)), ("C", "D"), True, {}),
        ("RENEWAL_OFF", life("renewal", A + days(91)), ("C", "D"), False, {}),
    ):
        case(f"HANDOFF_{name}", "P", change, handoffs={handoff: active}, **quiet, **more)
