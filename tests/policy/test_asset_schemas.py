"""The schemas as data: well formed, described for a person, and of one mind in both validators.

Every good document is *minimal*: what its depth requires and nothing else, one item in each list. So three
sweeps need no table: each key taken away, each unknown key added and each value of a wrong shape must be an
error. What the sweeps cannot know (conditions, sets, ranges, depths) is in ``BAD``.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import jsonschema
import jsonschema_rs
import pytest
from referencing import Registry, Resource

SCHEMAS = Path(__file__).parents[2] / "schemas"
DRAFT = "https://json-schema.org/draft/2020-12/schema"

FILES = {
    path.relative_to(SCHEMAS).as_posix(): json.loads(path.read_text("utf-8"))
    for path in sorted(SCHEMAS.rglob("*.schema.json"))
}
ASSETS = {name: schema for name, schema in FILES.items() if re.match(r"C0[1-7]_", name)}
OURS = ASSETS | {f"{n}.schema.json": FILES[f"{n}.schema.json"] for n in ("asset", "blueprint", "config", "gap_report")}
SHORT = {name.rpartition("/")[2].removesuffix(".schema.json"): name for name in OURS}


def place(name: str) -> str:
    """The base address of a schema: as it has no `$id`, that of its file, as for an editor."""
    return (SCHEMAS / name).as_uri()


REGISTRY: Registry[Any] = Registry().with_resources(
    (place(name), Resource.from_contents(schema)) for name, schema in FILES.items()
)
RS_REGISTRY = jsonschema_rs.Registry([(place(name), schema) for name, schema in FILES.items()])

Json = Any
Steps = tuple[str | int, ...]

UPDATED = {"updated_by": "dana.reyes"}
DAY = "2026-01-12"
SPONSOR = {"name": "Kim", "role": "executive_sponsor", "relationship": 3}
CHAMPION = {"name": "Alex", "role": "champion", "relationship": 5}
TECHNICAL = {"name": "Robin", "role": "technical_owner", "relationship": 4}
CONTACT = {"name": "Service desk", "role": "first line"}
ON_CALL = CONTACT | {"channel": "+00 000 000"}
PROFILE = {"customer": "ACME", "segment": "high_touch"}
PLAN = {"owner": "dana.reyes", "created_at": DAY}
OBJECTIVE = {"id": "OBJ-1", "outcome": "close faster", "metric": "days to close", "target": 5}
PASS_RATE = {"value": 0.86, "required": 0.9, "passed": 19, "failed": 3}
OWNER = {"role": "CSM", "person": "dana.reyes"}
PLAYBOOK = {"id": "PB_401", "name": "Calculate health score"}

GOOD: dict[tuple[str, str | None], Json] = {
    ("customer_profile", "basic"): UPDATED | PROFILE | {"stakeholders": [{"name": "Kim", "role": "end_user"}]},
    ("customer_profile", "standard"): UPDATED
    | PROFILE
    | {
        "arr": 0,
        "preferences": {"channels": ["email"]},
        "stakeholders": [{"name": "Kim", "role": "champion"}, {"name": "Robin", "role": "blocker"}],
    },
    ("customer_profile", "comprehensive"): UPDATED
    | PROFILE
    | {
        "arr": 240000.5,
        "preferences": {"channels": ["video"]},
        "stakeholders": [SPONSOR, CHAMPION, TECHNICAL],
        "business_goals": ["close the books in five days"],
    },
    ("touchpoint_log", None): UPDATED
    | {
        "touchpoints": [
            {
                "id": "TP-1",
                "date": "2026-02-18T10:00:00+01:00",
                "type": "check_in",
                "channel": "video",
                "participants": {"customer": ["Kim"], "vendor": ["dana.reyes"]},
                "summary": "pilot on plan",
            }
        ]
    },
    ("engagement_plan", None): UPDATED
    | {
        "cadence": {"check_in": "bi-weekly"},
        "planned": [{"date": DAY, "type": "qbr", "owner": "dana.reyes"}],
    },
    ("sentiment_tracker", None): UPDATED | {"entries": [{"date": DAY, "source": "nps", "label": "positive"}]},
    ("success_plan", "template"): UPDATED | PLAN | {"objectives": [OBJECTIVE]},
    ("success_plan", "custom"): UPDATED
    | PLAN
    | {
        "objectives": [OBJECTIVE | {"baseline": "15 days", "due": DAY}],
        "milestones": [{"title": "live", "due": DAY, "status": "planned", "success_criteria": "80 % log in"}],
        "risks": [{"risk": "champion leaves", "mitigation": "second contact"}],
        "reviewed_at": DAY,
    },
    ("adoption_metrics", None): UPDATED
    | {
        "metrics": [{"name": "weekly_users", "target": 250}],
        "measurements": [{"date": DAY, "metric": "weekly_users", "value": 182}],
    },
    ("intervention_log", None): UPDATED
    | {
        "interventions": [
            {
                "id": "INT-1",
                "opened_at": DAY,
                "trigger": "score below 60",
                "action": "training",
                "owner": "dana.reyes",
                "status": "open",
            }
        ]
    },
    ("health_score", None): UPDATED
    | {
        "score": 72,
        "trend": "stable",
        "status": "stable",
        "calculated_at": DAY,
        "components": [{"name": "usage", "weight": 1, "score": 72}],
        "history": [{"date": DAY, "score": 70.5}],
    },
    ("postsales_handoff", None): UPDATED
    | {
        "status": "draft",
        "from": "lee.ito",
        "to": "dana.reyes",
        "deal_context": {"why_buy": "slow close", "why_now": "audit", "why_us": "on site"},
        "stakeholders": [{"name": "Kim", "role": "procurement"}],
        "success_criteria": [{"objective": "faster close", "metric": "days", "timeline": "two quarters"}],
        "risks": ["tight go-live date"],
        "commercial": {"arr": 240000, "term_months": 36, "renewal_date": "2027-01-05"},
    },
    ("account_health_report", None): UPDATED
    | {"reviews": [{"date": DAY, "type": "monthly", "reviewer": "lee.ito", "summary": "sound"}]},
    ("team_responsibilities", None): UPDATED
    | {
        "activities": [{"name": "prepare QBR", "accountable": "dana.reyes", "responsible": ["lee.ito"]}],
        "acknowledgements": [{"name": "dana.reyes", "date": DAY}],
    },
    ("expansion_tracker", None): UPDATED
    | {
        "reviewed_at": DAY,
        "opportunities": [
            {"id": "EXP-1", "type": "seats", "stage": "identified", "owner": "lee.ito", "updated_at": DAY}
        ],
    },
    ("customer_hub_config", None): UPDATED
    | {
        "initialized_at": DAY,
        "owner": "dana.reyes",
        "sections": [{"title": "Use cases"}],
        "access": [{"role": "customer admin", "level": "write"}],
    },
    ("use_case_library", None): UPDATED
    | {"use_cases": [{"id": "UC-1", "title": "invoice matching", "owner": "Kim", "status": "live"}]},
    ("architecture_decisions", None): UPDATED
    | {
        "decisions": [
            {
                "id": "ADR-1",
                "title": "single sign-on",
                "date": DAY,
                "status": "accepted",
                "rationale": "one directory",
            }
        ]
    },
    ("learning_path", None): UPDATED
    | {
        "owner": "dana.reyes",
        "audience": "planners",
        "modules": [{"id": "M-1", "title": "dashboard", "order": 1}],
    },
    ("engagement_status", None): UPDATED
    | {"state": "active", "owner": "sam.oduya", "syncs": [{"date": DAY, "summary": "on plan"}]},
    ("milestone_tracker", None): UPDATED
    | {"milestones": [{"id": "MS-1", "title": "migrated", "due": DAY, "owner": "sam.oduya", "status": "planned"}]},
    ("services_risk_register", None): UPDATED
    | {
        "risks": [
            {
                "id": "R-1",
                "title": "partner is late",
                "severity": "high",
                "status": "open",
                "owner": "sam.oduya",
                "identified_at": "2026-02-03T08:30:00Z",
            }
        ]
    },
    ("services_report", None): UPDATED
    | {"reports": [{"date": DAY, "type": "status", "rag": "green", "summary": "on plan", "author": "sam.oduya"}]},
    ("support_profile", "basic"): UPDATED | {"tier": "basic", "contacts": [CONTACT]},
    ("support_profile", "standard"): UPDATED
    | {"tier": "standard", "contacts": [CONTACT], "escalation_contacts": [ON_CALL]},
    ("support_profile", "premium_sla"): UPDATED
    | {
        "tier": "premium",
        "contacts": [CONTACT],
        "escalation_contacts": [ON_CALL],
        "sla": [{"severity": "critical", "response_hours": 0.5}, {"severity": "high", "response_hours": 4}],
    },
    ("case_log", None): UPDATED
    | {
        "cases": [
            {
                "id": "00123",
                "subject": "export fails",
                "severity": "critical",
                "status": "open",
                "opened_at": DAY,
            }
        ]
    },
    ("dse_engagement", None): UPDATED
    | {"assigned": True, "activities": [{"date": DAY, "type": "configuration review"}]},
    ("support_health", None): UPDATED
    | {
        "metrics": {"open_cases": 3},
        "trend": "improving",
        "reviews": [{"date": DAY, "reviewer": "ada.lund", "summary": "sound"}],
    },
    ("reference_profile", None): UPDATED
    | {
        "qualifying": False,
        "reference_types": ["call"],
        "restrictions": ["no figures"],
        "contact": "Kim",
        "candidate_reviews": [{"date": DAY, "reviewer": "noa.berg", "decision": "ask again"}],
    },
    ("success_stories", None): UPDATED
    | {
        "stories": [
            {
                "id": "ST-1",
                "title": "close in five days",
                "status": "draft",
                "date": DAY,
                "outcome": {"metric": "days", "before": 15, "after": "5 days"},
                "anonymized": True,
            }
        ]
    },
    ("advocacy_log", None): UPDATED
    | {"uses": [{"id": "USE-1", "date": DAY, "requested_by": "lee.ito", "type": "call", "permission_id": "PERM-1"}]},
    ("permission_tracker", None): UPDATED
    | {
        "permissions": [
            {
                "id": "PERM-1",
                "scope": "public",
                "granted_by": "Kim",
                "granted_at": DAY,
                "expires_at": "2027-01-11",
                "status": "active",
            }
        ]
    },
    ("asset", None): dict(UPDATED),
    ("blueprint", None): {
        "version": "1.0",
        "archetype": "post_sales_governance",
        "track": "premium",
        "metadata": {"name": "ACME implementation", "owner": "dana.reyes"},
        "status": "active",
        "reference_blueprints": [{"id": "C01_customer_engagement"}],
    },
    ("config", None): {},
    ("gap_report", None): {
        "schema_version": 2,
        "generated_by": "blueprint-cli 0.1.0",
        "as_of": "2026-03-02",
        "realm": "ACME",
        "node": "IMPLEMENTATION",
        "archetype": "post_sales_governance",
        "track": "premium",
        "status": "failing",
        "summary": {
            "compliance": 86,
            "outcomes": {
                "passed": 61,
                "failed": 10,
                "not_yet_due": 4,
                "not_applicable": 3,
                "waived": 1,
                "not_evaluable": 0,
            },
            "gaps": {"error": 2, "warning": 8, "note": 0},
        },
        "gaps": [
            {
                "rule": "stale-asset",
                "severity": "error",
                "reference_blueprint": "C02_customer_success_operating_model",
                "check": None,
                "asset": "governance/health_score.yaml",
                "location": {
                    "path": "ACME/IMPLEMENTATION/governance/health_score.yaml",
                    "line": 3,
                    "column": 15,
                },
                "message": "health score is 12 days old, premium allows 7",
                "threshold": {"value": "7 days", "source": "premium.yaml: validation.staleness"},
                "since": "2026-02-26",
                "due": None,
                "owner": OWNER,
                "playbook": PLAYBOOK,
                "fingerprint": "9f2c",
            }
        ],
        "upcoming": [
            {"due": "2026-03-05", "check": None, "asset": None, "owner": None, "message": "hub must be initialised"}
        ],
        "signals": [
            {
                "id": "adoption_stalled",
                "reference_blueprint": "C02_customer_success_operating_model",
                "playbook": None,
                "message": "no growth",
            }
        ],
        "handoffs": [{"from": "C", "to": "D", "trigger": "renewal", "message": "renewal in 90 days"}],
        "recommendations": [
            {
                "playbook_id": "PB_401",
                "name": "Calculate health score",
                "reason": "stale",
                "priority": "high",
                "gaps": ["9f2c"],
            }
        ],
        "checks": [{"check": "C01/CHK_ENG_001", "status": "passed", "reason": "sponsor named", "due": None}],
        "cadences": [],
        "assets": [
            {
                "asset": "governance/health_score.yaml",
                "path": "ACME/IMPLEMENTATION/governance/health_score.yaml",
                "status": "stale",
                "last_updated": "2026-02-18",
                "dated_by": "declared",
            }
        ],
        "reference_blueprints": [
            {
                "id": "C01_customer_engagement",
                "required": True,
                "status": "instantiated",
                "passed": 9,
                "failed": 2,
            }
        ],
        "waivers": [{"expires": "2026-08-01", "reason": "no publicity", "approved_by": "m.ortiz"}],
    },
}

WAIVER = {
    "reason": "customer forbids publicity",
    "approved_by": "m.ortiz",
    "approved_on": "2026-02-01",
    "expires": "2026-08-01",
}
LATER = "2026-02-03T11:00:00Z"

# schema, depth, where to set what: still good
ALSO_GOOD: list[tuple[str, str | None, str, Json]] = [
    ("customer_profile", "basic", "stakeholders/0/relationship", 1),
    ("customer_profile", "basic", "business_goals", []),
    ("customer_profile", "basic", "arr", 1),
    ("customer_profile", "comprehensive", "completed_at", DAY),
    ("engagement_plan", None, "cadence/qbr", "semi-annual"),
    ("sentiment_tracker", None, "entries/0/score", -20),
    ("touchpoint_log", None, "touchpoints", []),
    ("success_plan", "template", "milestones", []),
    ("success_plan", "custom", "risks", []),
    ("health_score", None, "bands", {"healthy": 85, "at_risk": 40}),
    ("architecture_decisions", None, "decisions/0/superseded_by", "ADR-2"),
    ("support_profile", "basic", "sla", []),
    ("services_risk_register", None, "risks/0/category", "knowledge_loss"),
    ("asset", None, "anything", {"at": "all"}),
    ("asset", None, "provenance", {"created_by": "system", "created_at": DAY, "source": "template"}),
    ("blueprint", None, "version", 1.0),
    ("blueprint", None, "lifecycle", {"contract_signed": DAY, "first_value": LATER}),
    ("blueprint", None, "team", {"CSM": "dana.reyes", "Services Delivery Manager": "sam.oduya"}),
    ("blueprint", None, "assets", {"engagement/touchpoint_log.yaml": "internal-infohub/touchpoint_log.yaml"}),
    ("blueprint", None, "reference_blueprints/0/status", "not_applicable"),
    (
        "blueprint",
        None,
        "additional_assets",
        [{"path": "a.yaml", "reference_blueprint": "C02", "review_every": "30 days"}],
    ),
    (
        "blueprint",
        None,
        "additional_assets",
        [{"path": "a.yaml", "reference_blueprint": "C02", "schema": "s.json"}],
    ),
    ("blueprint", None, "playbooks", [{"id": "PB_175", "status": "completed", "completed_on": DAY}]),
    (
        "blueprint",
        None,
        "waivers",
        [WAIVER | {"check": "C07/CHK_ADV_001"}, WAIVER | {"asset": "success/x.yaml"}],
    ),
    (
        "blueprint",
        None,
        "changelog",
        [{"timestamp": LATER, "action": "blueprint_instantiated", "details": "C01"}],
    ),
    ("config", None, "realms", ["customers/*"]),
    ("config", None, "nodes", ["ACME/IMPLEMENTATION"]),
    ("config", None, "catalog", "governance"),
    ("config", None, "catalog", ["governance", "vendor/governance"]),
    ("config", None, "limits", {"file_bytes": 2097152}),
    ("config", None, "report", {"write": True}),
    ("config", None, "fail_on", "never"),
    ("gap_report", None, "archetype", None),
    ("gap_report", None, "reason", "status is on_hold"),
    ("gap_report", None, "gaps/0/owner", None),
    ("gap_report", None, "gaps/0/location/line", None),
    ("gap_report", None, "gaps/0/threshold", None),
    ("gap_report", None, "summary/compliance", None),
    ("gap_report", None, "summary/checklist_pass_rate", PASS_RATE),
    ("gap_report", None, "summary/gap_scan_pass_rate", PASS_RATE | {"value": None}),
    (
        "gap_report",
        None,
        "cadences",
        [{"cadence": "qbr", "status": "waived", "reason": "waived", "due": DAY}],
    ),
    ("gap_report", None, "as_of", "2026-03-02T10:00:00+01:00"),
]

# schema, depth, where to set what, where the error is (None: right there)
BAD: list[tuple[str, str | None, str, Json, str | None]] = [
    ("asset", None, "last_updated", "yesterday", None),
    ("customer_profile", "basic", "segment", "medium_touch", None),
    ("customer_profile", "basic", "customer", "", None),
    ("customer_profile", "basic", "stakeholders", [], None),
    ("customer_profile", "basic", "stakeholders/0/role", "boss", None),
    ("customer_profile", "basic", "stakeholders/0/relationship", 6, None),
    ("customer_profile", "basic", "stakeholders/0/relationship", 2.5, None),
    ("customer_profile", "standard", "arr", "240000", None),
    ("customer_profile", "standard", "arr", -1, None),
    ("customer_profile", "standard", "preferences/channels", [], None),
    ("customer_profile", "standard", "stakeholders/0/role", "end_user", "stakeholders"),
    ("customer_profile", "standard", "stakeholders", [CHAMPION], None),
    ("customer_profile", "comprehensive", "stakeholders/0/role", "end_user", "stakeholders"),
    ("customer_profile", "comprehensive", "stakeholders/2/role", "influencer", "stakeholders"),
    ("customer_profile", "comprehensive", "business_goals", [], None),
    ("touchpoint_log", None, "touchpoints/0/type", "lunch", None),
    ("touchpoint_log", None, "touchpoints/0/channel", "fax", None),
    ("touchpoint_log", None, "touchpoints/0/sentiment", "mixed", None),
    ("touchpoint_log", None, "touchpoints/0/date", "2026-02-18T10:00:00", None),
    ("engagement_plan", None, "cadence/check_in", "fortnightly", None),
    ("engagement_plan", None, "cadence/lunch", "weekly", "cadence"),
    ("engagement_plan", None, "planned/0/type", "call", None),
    ("sentiment_tracker", None, "entries/0/score", "9", None),
    ("sentiment_tracker", None, "entries/0/source", "twitter", None),
    ("success_plan", "template", "objectives", [], None),
    ("success_plan", "template", "objectives/0/target", True, None),
    ("success_plan", "custom", "milestones", [], None),
    ("success_plan", "custom", "milestones/0/status", "done", None),
    ("adoption_metrics", None, "metrics", [], None),
    ("adoption_metrics", None, "measurements/0/value", None, None),
    ("intervention_log", None, "interventions/0/status", "closed", "interventions/0"),
    ("intervention_log", None, "interventions/0/status", "done", None),
    ("health_score", None, "score", "72", None),
    ("health_score", None, "score", 101, None),
    ("health_score", None, "components", [], None),
    ("health_score", None, "components/0/weight", 30, None),
    ("health_score", None, "bands", {"green": 80}, None),
    ("health_score", None, "method", "guess", None),
    ("postsales_handoff", None, "status", "completed", ""),
    ("postsales_handoff", None, "commercial/term_months", "36", None),
    ("postsales_handoff", None, "success_criteria", [], None),
    ("account_health_report", None, "reviews/0/type", "weekly", None),
    ("account_health_report", None, "reviews/0/actions", "call Kim", None),
    ("team_responsibilities", None, "activities/0/accountable", ["dana.reyes", "lee.ito"], None),
    ("team_responsibilities", None, "activities/0/responsible", [], None),
    ("team_responsibilities", None, "activities/0/critical", "yes", None),
    ("expansion_tracker", None, "opportunities/0/stage", "won", None),
    ("expansion_tracker", None, "opportunities/0/next_step", "", None),
    ("customer_hub_config", None, "sections", [], None),
    ("customer_hub_config", None, "access/0/level", "owner", None),
    ("use_case_library", None, "use_cases/0/status", "draft", None),
    ("use_case_library", None, "use_cases/0/id", 7, None),
    ("architecture_decisions", None, "decisions/0/status", "superseded", "decisions/0"),
    ("architecture_decisions", None, "decisions/0/rationale", "", None),
    ("learning_path", None, "modules/0/order", "first", None),
    ("learning_path", None, "modules/0/duration_minutes", -5, None),
    ("engagement_status", None, "state", "paused", None),
    ("engagement_status", None, "started_at", "12.01.2026", None),
    ("milestone_tracker", None, "milestones/0/status", "completed", "milestones/0"),
    ("milestone_tracker", None, "milestones/0/recorded_at", "2026-13-01", None),
    ("services_risk_register", None, "risks/0/severity", "urgent", None),
    ("services_risk_register", None, "risks/0/category", "weather", None),
    ("services_report", None, "reports/0/rag", "yellow", None),
    ("services_report", None, "reports/0/type", "final", None),
    ("support_profile", "basic", "contacts", [], None),
    ("support_profile", "basic", "tier", "gold", None),
    ("support_profile", "standard", "escalation_contacts", [], None),
    ("support_profile", "premium_sla", "tier", "standard", None),
    ("support_profile", "premium_sla", "sla/1/severity", "low", "sla"),
    ("support_profile", "premium_sla", "sla/0/response_hours", "1h", None),
    ("case_log", None, "cases/0/status", "new", None),
    ("case_log", None, "cases/0/escalated_at", "2026-02-11 08:15", None),
    ("dse_engagement", None, "assigned", "yes", None),
    ("dse_engagement", None, "activities/0/outcome", None, None),
    ("support_health", None, "metrics/open_cases", -1, None),
    ("support_health", None, "metrics/csat", "high", None),
    ("support_health", None, "trend", "flat", None),
    ("reference_profile", None, "qualifying", 1, None),
    ("reference_profile", None, "restrictions/0", "", None),
    ("success_stories", None, "stories/0/status", "live", None),
    ("success_stories", None, "stories/0/anonymized", "no", None),
    ("success_stories", None, "stories/0/outcome/before", None, None),
    ("advocacy_log", None, "uses/0/outcome", "", None),
    ("advocacy_log", None, "uses/0/date", "soon", None),
    ("permission_tracker", None, "permissions/0/scope", "internal", None),
    ("permission_tracker", None, "permissions/0/status", "pending", None),
    ("blueprint", None, "status", "live", None),
    ("blueprint", None, "reference_blueprints", [], None),
    ("blueprint", None, "reference_blueprints/0", "C01_customer_engagement", None),
    ("blueprint", None, "reference_blueprints/0/status", "optional", None),
    ("blueprint", None, "lifecycle", {"go_live": "spring"}, "lifecycle/go_live"),
    ("blueprint", None, "team", {"CSM": ""}, "team/CSM"),
    ("blueprint", None, "waivers", [WAIVER], "waivers/0"),
    ("blueprint", None, "waivers", [WAIVER | {"check": "a", "asset": "b"}], "waivers/0"),
    (
        "blueprint",
        None,
        "additional_assets",
        [{"path": "a.yaml", "reference_blueprint": "C02", "review_every": "often"}],
        "additional_assets/0/review_every",
    ),
    ("blueprint", None, "playbooks", [{"id": "PB_175", "status": "done"}], "playbooks/0/status"),
    ("config", None, "nodes", ["ACME"], "nodes/0"),
    ("config", None, "fail_on", "info", None),
    ("config", None, "limits", {"depth": 0}, "limits/depth"),
    ("config", None, "limits", {"dept": 64}, "limits"),
    ("config", None, "catalog", [1], "catalog/0"),
    ("gap_report", None, "schema_version", 1, None),
    ("gap_report", None, "as_of", "today", None),
    ("gap_report", None, "checks/0/status", "skipped", None),
    ("gap_report", None, "gaps/0/severity", "fatal", None),
    ("gap_report", None, "summary/other", 3, None),
    ("gap_report", None, "summary/compliance", 101, None),
]


def ident(value: object) -> str | None:
    return value if isinstance(value, str) else None


def steps(path: str) -> Steps:
    return tuple(int(step) if step.isdigit() else step for step in path.split("/")) if path else ()


def changed(document: Json, at: Steps, value: Json) -> Json:
    """A copy of the document with the value at that place."""
    document = copy.deepcopy(document)
    parent = document
    for step in at[:-1]:
        parent = parent[step]
    parent[at[-1]] = value
    return document


def without(document: Json, at: Steps) -> Json:
    """A copy of the document that lacks the key at that place."""
    document = copy.deepcopy(document)
    parent = document
    for step in at[:-1]:
        parent = parent[step]
    del parent[at[-1]]
    return document


def places(value: Json, at: Steps = ()) -> Iterator[tuple[Steps, Json]]:
    """Every place in a document, the root first."""
    yield at, value
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from places(child, (*at, key))


def at_depth(name: str, depth: str | None) -> Json:
    uri = place(SHORT[name])
    levels = [{"$ref": uri}] + ([{"$ref": f"{uri}#/$defs/{depth}"}] if depth else [])
    return {"$schema": DRAFT, "allOf": levels}


@cache
def careful(name: str, depth: str | None) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(at_depth(name, depth), registry=REGISTRY)


@cache
def fast(name: str, depth: str | None) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(at_depth(name, depth), registry=RS_REGISTRY, offline=True)


def faults(name: str, depth: str | None, document: Json) -> set[Steps]:
    """Where the document is wrong; both validators must say the same."""
    ours = {tuple(error.absolute_path) for error in careful(name, depth).iter_errors(document)}
    theirs = {tuple(error.instance_path) for error in fast(name, depth).iter_errors(document)}
    assert ours == theirs
    return ours


def subschemas(schema: Json, at: str = "#") -> Iterator[tuple[str, Json]]:
    """Every subschema that declares fields; those that only ask a question (if, contains, oneOf) do not."""
    yield at, schema
    for keyword in ("properties", "$defs"):
        for key, child in schema.get(keyword, {}).items():
            yield from subschemas(child, f"{at}/{keyword}/{key}")
    for keyword in ("items", "then", "additionalProperties"):
        if isinstance(schema.get(keyword), dict):
            yield from subschemas(schema[keyword], f"{at}/{keyword}")
    for number, child in enumerate(schema.get("allOf", ())):
        yield from subschemas(child, f"{at}/allOf/{number}")


def references(value: Json) -> Iterator[str]:
    for _, child in places(value):
        if isinstance(child, dict) and isinstance(child.get("$ref"), str):
            yield child["$ref"]


def test_all_28_assets_have_a_schema_and_a_good_document() -> None:
    assert len(ASSETS) == 28
    wanted = {(name, depth) for name in SHORT for depth in FILES[SHORT[name]].get("x-depths", [None])}
    assert set(GOOD) == wanted


def test_every_asset_has_bad_documents() -> None:
    counted = [name for name, *_ in BAD]
    assert {name for name in SHORT if name != "asset" and counted.count(name) < 2} == set()


@pytest.mark.parametrize("name", FILES)
def test_schema_is_valid_against_the_metaschema(name: str) -> None:
    schema = FILES[name]
    assert schema["$schema"] == DRAFT
    jsonschema_rs.meta.validate(schema)


@pytest.mark.parametrize("name", OURS)
def test_schema_is_titled_and_described(name: str) -> None:
    schema = FILES[name]
    assert schema["title"]
    assert schema["description"]


@pytest.mark.parametrize("name", FILES)
def test_no_part_of_a_schema_is_named_by_an_address(name: str) -> None:
    """A relative reference is resolved against the nearest `$id`: with one, editors would ask the network."""
    assert [at for at, part in places(FILES[name]) if isinstance(part, dict) and "$id" in part] == []
    assert [reference for reference in references(FILES[name]) if urlsplit(reference).scheme] == []


@pytest.mark.parametrize("name", FILES)
def test_references_lead_to_files_of_the_directory(name: str) -> None:
    """Resolved as RFC 3986 and JSON Schema say, from the address of the file: nothing leaves the machine."""
    resolver = REGISTRY.resolver(place(name))
    for reference in references(FILES[name]):
        there = urldefrag(urljoin(place(name), reference)).url
        assert there in REGISTRY
        resolver.lookup(reference)


@pytest.mark.parametrize("name", OURS)
def test_every_property_is_described(name: str) -> None:
    resolver = REGISTRY.resolver(place(name))

    def described(schema: Json) -> bool:
        if "description" in schema:
            return True
        return "$ref" in schema and described(resolver.lookup(schema["$ref"]).contents)

    silent = [
        f"{at}/properties/{key}"
        for at, schema in subschemas(FILES[name])
        for key, child in schema.get("properties", {}).items()
        if not described(child)
    ]
    assert silent == []


@pytest.mark.parametrize("name", ASSETS)
def test_declared_objects_are_closed_but_for_extensions(name: str) -> None:
    for at, schema in subschemas(FILES[name]):
        if schema.get("type") == "object":
            assert schema["additionalProperties"] is False, at
            assert schema["patternProperties"] == {"^x-": True}, at


@pytest.mark.parametrize("name", [name for name in ASSETS if "x-depths" in ASSETS[name]])
def test_each_depth_includes_the_one_before(name: str) -> None:
    schema = FILES[name]
    pointers = [f"#/$defs/{depth}" for depth in schema["x-depths"]]
    assert [schema["$ref"]] == pointers[:1]
    assert list(schema["$defs"]) == schema["x-depths"]
    for before, depth in zip(pointers, schema["x-depths"][1:], strict=False):
        assert schema["$defs"][depth]["allOf"] == [{"$ref": before}]


@pytest.mark.parametrize(("name", "depth"), GOOD, ids=ident)
def test_minimal_document_is_accepted(name: str, depth: str | None) -> None:
    assert faults(name, depth, GOOD[name, depth]) == set()


@pytest.mark.parametrize("name", [name for name in SHORT if "x-depths" in FILES[SHORT[name]]])
def test_deeper_document_is_accepted_at_every_shallower_depth(name: str) -> None:
    depths = FILES[SHORT[name]]["x-depths"]
    for number, deeper in enumerate(depths):
        for shallower in depths[: number + 1]:
            assert faults(name, shallower, GOOD[name, deeper]) == set()
        for too_deep in depths[number + 1 :]:
            assert faults(name, too_deep, GOOD[name, deeper]) != set()


@pytest.mark.parametrize(("name", "depth"), GOOD, ids=ident)
def test_no_key_of_a_minimal_document_can_be_left_out(name: str, depth: str | None) -> None:
    document = GOOD[name, depth]
    for at, _ in places(document):
        if at and isinstance(at[-1], str):
            assert at[:-1] in faults(name, depth, without(document, at)), at


@pytest.mark.parametrize(("name", "depth"), GOOD, ids=ident)
def test_every_mapping_refuses_unknown_keys_and_allows_extensions(name: str, depth: str | None) -> None:
    if name == "asset":
        return  # by itself it knows the envelope only, and leaves the rest to the customer
    document = GOOD[name, depth]
    for at, value in places(document):
        if isinstance(value, dict):
            assert faults(name, depth, changed(document, (*at, "x-note"), 1)) == set()
            unknown = (*at, "surprise")
            assert faults(name, depth, changed(document, unknown, 1)) <= {at, unknown}
            assert faults(name, depth, changed(document, unknown, 1)) != set()


@pytest.mark.parametrize(("name", "depth"), GOOD, ids=ident)
def test_every_value_of_a_wrong_shape_is_rejected(name: str, depth: str | None) -> None:
    document = GOOD[name, depth]
    for at, value in places(document):
        if at:
            assert at in faults(name, depth, changed(document, at, {} if isinstance(value, list) else [])), at


@pytest.mark.parametrize(("name", "depth", "at", "value"), ALSO_GOOD, ids=ident)
def test_optional_part_is_accepted(name: str, depth: str | None, at: str, value: Json) -> None:
    assert faults(name, depth, changed(GOOD[name, depth], steps(at), value)) == set()


@pytest.mark.parametrize(("name", "depth", "at", "value", "where"), BAD, ids=ident)
def test_fault_is_found_at_its_place(name: str, depth: str | None, at: str, value: Json, where: str | None) -> None:
    expected = steps(at if where is None else where)
    assert expected in faults(name, depth, changed(GOOD[name, depth], steps(at), value))


@pytest.mark.parametrize(
    ("name", "at", "completion"),
    [
        (
            "intervention_log",
            "interventions/0",
            {"status": "closed", "outcome": "usage is back", "closed_at": DAY},
        ),
        ("architecture_decisions", "decisions/0", {"status": "superseded", "superseded_by": "ADR-2"}),
        ("milestone_tracker", "milestones/0", {"status": "completed", "completed_at": LATER}),
        ("postsales_handoff", "", {"status": "completed", "completed_at": DAY}),
    ],
    ids=ident,
)
def test_finished_item_needs_its_evidence(name: str, at: str, completion: dict[str, str]) -> None:
    document = GOOD[name, None]
    for key, value in completion.items():
        document = changed(document, (*steps(at), key), value)
    assert faults(name, None, document) == set()
    for key in completion:
        if key != "status":
            assert faults(name, None, without(document, (*steps(at), key))) == {steps(at)}


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("2026-01-05", True),
        ("2026-01-05T09:30:00Z", True),
        ("2026-01-05T09:30:00.125+05:30", True),
        ("2026-01-05T09:30:00", False),
        ("2026-01-05T09:30Z", True),
        ("2026-01-05T24:00:00Z", False),
        ("2026-01-05T09:30:00+0100", False),
        ("2026-1-5", False),
        ("2026-00-10", False),
        ("2026-01-32", False),
        (" 2026-01-05", False),
        ("2026-01-05 or so", False),
        ("٢٠٢٦-٠١-٠٥", False),
        ("20260105", False),
    ],
)
def test_date_pattern(text: str, good: bool) -> None:
    document = UPDATED | {"last_updated": text}
    assert faults("asset", None, document) == (set() if good else {("last_updated",)})
