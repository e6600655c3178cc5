"""A small portfolio as a value: one failing node, one clean, one with a warning, one skipped."""

from __future__ import annotations

from blueprint_cli.model import (
    AssetLine,
    BlueprintLine,
    CadenceLine,
    CheckLine,
    CustomerHealth,
    DatedBy,
    Gap,
    Handoff,
    Location,
    NodeReport,
    NodeStatus,
    Owner,
    PassRate,
    Playbook,
    Recommendation,
    Report,
    Severity,
    Signal,
    Status,
    Threshold,
    Upcoming,
    WaiverLine,
)

AS_OF = "2026-03-02"
HEALTH_SCORE = "ACME/IMPLEMENTATION/governance/health_score.yaml"
SOURCE = {
    HEALTH_SCORE: ["schema_version: '1.0'", "customer: ACME", "last_updated: 2026-02-18"],
}

CSM = Owner("CSM", "dana.reyes")
STALE = Gap(
    rule="stale-asset",
    severity=Severity.ERROR,
    message="health score is 12 days old, premium allows 7",
    location=Location(HEALTH_SCORE, 3, 15),
    reference_blueprint="C02_customer_success_operating_model",
    check=None,
    asset="governance/health_score.yaml",
    threshold=Threshold("7 days", "tracks/post_sales_governance/premium.yaml: validation.staleness"),
    since="2026-02-26",
    owner=CSM,
    playbook=Playbook("PB_401", "Calculate health score"),
    fingerprint="9f2c000000000001",
)
MISSING = Gap(
    rule="missing-asset",
    severity=Severity.ERROR,
    message="`success_plan.yaml` does not exist",
    location=Location("ACME/IMPLEMENTATION/blueprint.yaml", 14),
    reference_blueprint="C03_value_realization",
    check=None,
    asset="value/success_plan.yaml",
    owner=Owner("CSM", None),
    playbook=Playbook("PB_102", "Create success plan"),
    fingerprint="9f2c000000000002",
)
FAILED = Gap(
    rule="failed-check",
    severity=Severity.WARNING,
    message="no executive sponsor with `role: sponsor` | ask `dana@acme.example`, see #12",
    location=Location("ACME/IMPLEMENTATION/engagement/stakeholder map.yaml", 7, 3),
    reference_blueprint="C01_customer_engagement",
    check="C01/CHK_ENG_001",
    asset="engagement/stakeholder_map.yaml",
    since="2026-02-01",
    due="2026-02-01",
    owner=CSM,
    playbook=Playbook("PB_101", "Map stakeholders"),
    fingerprint="9f2c000000000003",
)
FUTURE = Gap(
    rule="future-date",
    severity=Severity.NOTE,
    message="the latest entry lies 3 days ahead of 2026-03-02",
    location=Location("BOLT/ONBOARDING/engagement/touchpoint_log.yaml", 21, 11),
    reference_blueprint=None,
    check=None,
    asset="engagement/touchpoint_log.yaml",
    fingerprint="9f2c000000000004",
)

FAILING = NodeReport(
    realm="ACME",
    node="IMPLEMENTATION",
    path="ACME/IMPLEMENTATION",
    report_path="ACME/IMPLEMENTATION/gap_report.yaml",
    as_of=AS_OF,
    archetype="post_sales_governance",
    track="premium",
    status=NodeStatus.FAILING,
    reason=None,
    customer_health=CustomerHealth(68, "at_risk", "2026-02-18", "governance/health_score.yaml"),
    outcomes={
        Status.PASSED: 61,
        Status.FAILED: 10,
        Status.NOT_YET_DUE: 1,
        Status.NOT_APPLICABLE: 1,
        Status.WAIVED: 1,
    },
    gaps=(STALE, MISSING, FAILED),
    gates={
        "checklist_pass_rate": PassRate(0.86, 0.9, 19, 3),
        "cadence_compliance": PassRate(1.0, None, 4, 0),
    },
    upcoming=(
        Upcoming(
            "2026-03-05",
            "C04/CHK_HUB_001",
            "knowledge/customer_hub_config.yaml",
            CSM,
            "customer hub configuration goes stale",
        ),
        Upcoming("2026-03-09", None, None, Owner("CSM", None), "quarterly business review is due"),
    ),
    signals=(
        Signal(
            "champion_left",
            "C06_risk_management",
            Playbook("PB_301", "Recover an engagement"),
            "no contact with the champion for 30 days",
        ),
    ),
    handoffs=(Handoff("C", "D", "renewal in 90 days", "renewal is 88 days away"),),
    recommendations=(
        Recommendation(
            "PB_401",
            "Calculate health score",
            "closes 1 gap",
            "high",
            ("9f2c000000000001",),
        ),
    ),
    checks=(
        CheckLine("C01/CHK_ENG_001", Status.FAILED, "no executive sponsor", "2026-02-01"),
        CheckLine("C01/CHK_ENG_002", Status.PASSED, "24 touchpoints in 90 days"),
        CheckLine("C03/CHK_VAL_001", Status.NOT_EVALUABLE, "value/success_plan.yaml is missing"),
        CheckLine("C04/CHK_HUB_001", Status.NOT_YET_DUE, "due 2026-03-05", "2026-03-05"),
        CheckLine("C07/CHK_ADV_001", Status.NOT_APPLICABLE, "premium does not ask for it"),
        CheckLine("C07/CHK_ADV_002", Status.WAIVED, "waived until 2026-06-30"),
    ),
    cadences=(CadenceLine("weekly_sync", Status.PASSED, "last on 2026-02-27"),),
    assets=(
        AssetLine("governance/health_score.yaml", HEALTH_SCORE, "stale", "2026-02-18", DatedBy.DECLARED),
        AssetLine("value/success_plan.yaml", None, "missing"),
        AssetLine(
            "engagement/stakeholder_map.yaml",
            "ACME/IMPLEMENTATION/engagement/stakeholder map.yaml",
            "valid",
            "2026-02-26",
            DatedBy.GIT,
        ),
    ),
    reference_blueprints=(
        BlueprintLine("C01_customer_engagement", True, "instantiated", 9, 2),
        BlueprintLine("C07_customer_advocacy", False, "not_instantiated"),
    ),
    waivers=(
        WaiverLine(
            check="C07/CHK_ADV_002",
            asset=None,
            reference_blueprint=None,
            expires="2026-06-30",
            reason="customer asked for silence during the merger",
            approved_by="kim.osei",
        ),
    ),
)
NOTED = NodeReport(
    realm="BOLT",
    node="ONBOARDING",
    path="BOLT/ONBOARDING",
    report_path="BOLT/ONBOARDING/gap_report.yaml",
    as_of=AS_OF,
    archetype="post_sales_governance",
    track="poc",
    status=NodeStatus.PASSING,
    reason=None,
    outcomes={Status.PASSED: 22},
    gaps=(FUTURE,),
    gates={"checklist_pass_rate": PassRate(1.0, 0.7, 12, 0)},
)
CLEAN = NodeReport(
    realm="CALDER",
    node="RUN",
    path="CALDER/RUN",
    report_path="CALDER/RUN/gap_report.yaml",
    as_of=AS_OF,
    archetype="post_sales_governance",
    track="economy",
    status=NodeStatus.PASSING,
    reason=None,
    outcomes={Status.PASSED: 40},
    gates={"checklist_pass_rate": PassRate(1.0, 0.8, 20, 0)},
    checks=(CheckLine("C01/CHK_ENG_001", Status.PASSED, "sponsor named"),),
)
SKIPPED = NodeReport(
    realm="DORN",
    node="PILOT",
    path="DORN/PILOT",
    report_path=None,
    as_of=AS_OF,
    archetype="post_sales_governance",
    track="poc",
    status=NodeStatus.SKIPPED,
    reason="its status is churned",
    outcomes={},
)

REPORT = Report(AS_OF, (FAILING, NOTED, CLEAN, SKIPPED), ("no dates from Git: this clone is shallow",))
HEALTHY = Report(AS_OF, (CLEAN, SKIPPED))
EMPTY = Report(AS_OF, ())


def snippet(at: Location) -> list[str] | None:
    """The source lines up to the located one."""
    lines = SOURCE.get(at.path)
    return None if lines is None or at.line is None else lines[max(at.line - 2, 0) : at.line]
