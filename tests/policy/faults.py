"""Planted faults: one edit of the packaged catalog each, and the one problem that it must give."""

from __future__ import annotations

from dataclasses import dataclass

NAME = "post_sales_governance"
FILES = {
    "archetype": f"reference_blueprints/{NAME}/archetype.yaml",
    "C01": f"reference_blueprints/{NAME}/C01_customer_engagement.yaml",
    "C02": f"reference_blueprints/{NAME}/C02_customer_success_operating_model.yaml",
    "C03": f"reference_blueprints/{NAME}/C03_account_team_postsales.yaml",
    "C04": f"reference_blueprints/{NAME}/C04_customer_knowledge_hub.yaml",
    "C05": f"reference_blueprints/{NAME}/C05_services_coordination.yaml",
    "C06": f"reference_blueprints/{NAME}/C06_support_dse_engagement.yaml",
    "C07": f"reference_blueprints/{NAME}/C07_customer_advocacy.yaml",
    "premium": f"tracks/{NAME}/premium.yaml",
    "log": "schemas/C01_customer_engagement/touchpoint_log.schema.json",
}


@dataclass(frozen=True)
class Fault:
    """The first ``old`` of a file becomes ``new``; the problem stands at ``at`` (else where the edit is)."""

    file: str
    old: str
    new: str
    words: str
    at: tuple[str, str] | None = None
    """File, and the text whose first line it is."""


CHECK_IN = """      newest:
        # Reading: our own people among the customer's are not a customer contact.
        of: {each: "$.touchpoints[*]", outsiders: "$.participants.customer[*]", select: $.date}
        what: customer touchpoint
        since: contract_signed
        within: {row: cadence.customer_check_in}
"""
AUTOMATION = """automation:
  health_score_calculation: real_time
  engagement_gap_alerts: immediate
  sentiment_analysis: ai_assisted
  success_intervention: ai_recommended
  advocacy_identification: ai_suggested
"""
SECOND_LOG = "  - {path: engagement/touchpoint_log.yaml, title: log, due: {after: contract_signed, within: 7 days}}\n"
A_TEXT = "  - {path: notes.txt, title: notes, due: {after: contract_signed, within: 7 days}}\n"
OUTSIDE = "  - {path: ../notes.md, title: notes, due: {after: contract_signed, within: 7 days}}\n"

FAULTS: dict[str, Fault] = {
    # names that are used twice
    "check twice": Fault(
        "C01", "id: CHK_ENG_004", "id: CHK_ENG_003", "check `C01/CHK_ENG_003` is used twice: first in"
    ),
    "signal twice": Fault(
        "C01", "id: milestone_reached", "id: engagement_gap", "signal `engagement_gap` is used twice"
    ),
    "cadence twice": Fault(
        "archetype", "id: gap_scan\n", "id: qbr\n", "cadence `qbr` is used twice", ("C02", "id: qbr")
    ),
    "code twice": Fault("C02", "code: C02", "code: C01", "code `C01` is used twice"),
    "asset twice": Fault(
        "C03",
        "assets:\n",
        "assets:\n" + SECOND_LOG,
        "asset `engagement/touchpoint_log.yaml` is used twice",
        ("C03", SECOND_LOG),
    ),
    "playbook twice": Fault(
        "C03",
        "  - {id: PB_176,",
        "  - {id: PB_175, name: Execute post-sales handoff}\n  - {id: PB_176,",
        "playbook `PB_175` is used twice",
    ),
    "playbook by two names": Fault(
        "C03",
        "  - {id: PB_178,",
        "  - {id: PB_174, name: Something else}\n  - {id: PB_178,",
        "playbook `PB_174` is called `Conduct quarterly business review` in",
    ),
    "row of an asset twice": Fault(
        "archetype",
        "asset: support/support_profile.yaml}",
        "asset: governance/health_score.yaml}",
        "row of the asset `governance/health_score.yaml` is used twice",
    ),
    # names that do not exist
    "playbook": Fault(
        "C01", "playbook: PB_169", "playbook: PB_1690", "playbook `PB_1690` does not exist; known: PB_169, "
    ),
    "playbook of a signal": Fault(
        "C04", "playbook: PB_182\n    message", "playbook: PB_982\n    message", "playbook `PB_982` does not exist"
    ),
    "role": Fault("C01", "{role: AE}", "{role: AEE}", "role `AEE` does not exist; known: AE, CSM"),
    "role that is held": Fault(
        "C02", "held: {role: CSM}", "held: {role: CSMM}", "role `CSMM` does not exist; did you mean `CSM`?"
    ),
    "row": Fault(
        "C01",
        "within: {row: validation.engagement_gap_max,",
        "within: {row: validation.gap_max,",
        "track row `validation.gap_max` does not exist; ",
    ),
    "row of a cadence": Fault(
        "C02",
        "row: cadence.qbr",
        "row: cadence.qbrs",
        "track row `cadence.qbrs` does not exist; did you mean `cadence.qbr`?",
    ),
    "row that caps": Fault(
        "C05",
        "capped_by: validation.escalation_sla",
        "capped_by: validation.escalation",
        "track row `validation.escalation` does not exist",
    ),
    "row of depths": Fault(
        "C01",
        "depth: {row: assets.customer_profile}",
        "depth: {row: assets.health_score}",
        "row `assets.health_score` holds a period, expected a depth",
    ),
    "row of another type": Fault(
        "C01",
        "within: {row: validation.engagement_gap_max,",
        "within: {row: validation.asset_completeness,",
        "holds a choice, expected a period or span",
    ),
    "row of the staleness": Fault(
        "archetype",
        "staleness: validation.staleness",
        "staleness: validation.stale",
        "track row `validation.stale` does not exist; did you mean `validation.staleness`?",
    ),
    "row of a gate": Fault(
        "archetype",
        "{row: validation.checklist_pass_rate}",
        "{row: validation.staleness}",
        "holds a span, expected a percent: validation.checklist_pass_rate",
    ),
    "row of completeness": Fault(
        "archetype",
        "row: validation.asset_completeness",
        "row: validation.completeness",
        "track row `validation.completeness` does not exist",
    ),
    "date of a due rule": Fault(
        "C01",
        "due: {after: contract_signed,",
        "due: {after: contract_sign,",
        "lifecycle date `contract_sign` does not exist; did you mean `contract_signed`?",
    ),
    "date of additional assets": Fault(
        "archetype",
        "{after: contract_signed,",
        "{after: signed,",
        "lifecycle date `signed` does not exist; known: ",
    ),
    "date since": Fault("C01", "since: contract_signed", "since: contract", "lifecycle date `contract` does not exist"),
    "date reached": Fault(
        "archetype",
        "reached: {date: renewal",
        "reached: {date: renewed",
        "lifecycle date `renewed` does not exist; did you mean `renewal`?",
    ),
    "date of a deadline": Fault(
        "C01",
        "after: contract_signed, within: 7 days}\n  - id",
        "after: contracted, within: 7 days}\n  - id",
        "lifecycle date `contracted` does not exist",
    ),
    "date of the end": Fault(
        "C01", "end_only: engagement_ends", "end_only: engagement_end", "lifecycle date `engagement_end` does not exist"
    ),
    "asset of a check": Fault(
        "C01",
        "asset: engagement/engagement_plan.yaml",
        "asset: engagement/plan.yaml",
        "asset `engagement/plan.yaml` does not exist; did you mean",
    ),
    "asset of a cadence": Fault(
        "C06",
        "asset: support/support_health.yaml",
        "asset: support/health.yaml",
        "asset `support/health.yaml` does not exist",
    ),
    "asset that exists": Fault(
        "C02",
        "exists: {asset: success/success_plan.yaml}",
        "exists: {asset: success/succes_plan.yaml}",
        "did you mean `success/success_plan.yaml`?",
    ),
    "asset of a source": Fault(
        "C07",
        "in: {asset: advocacy/permission_tracker.yaml",
        "in: {asset: advocacy/permissions.yaml",
        "asset `advocacy/permissions.yaml` does not exist",
    ),
    "asset of a row": Fault(
        "archetype",
        "asset: governance/health_score.yaml}",
        "asset: governance/health.yaml}",
        "asset `governance/health.yaml` does not exist",
    ),
    "asset that is stale": Fault(
        "C04", "assets: knowledge/, is", "assets: learning/, is", "asset `learning/` does not exist"
    ),
    "asset of a staleness": Fault(
        "C02",
        "{staleness_of: governance/health_score.yaml}",
        "{staleness_of: governance/score.yaml}",
        "asset `governance/score.yaml` does not exist",
    ),
    "paired cadence": Fault(
        "C01",
        "one_cause: {cadence: customer_check_in, staleness: true}",
        "one_cause: {cadence: check_in, staleness: true}",
        "cadence `check_in` does not exist",
    ),
    "check of an outcome": Fault(
        "C01",
        "outcome: {check: C01/CHK_ENG_003,",
        "outcome: {check: CHK_ENG_003,",
        "check `CHK_ENG_003` does not exist; did you mean `C01/CHK_ENG_003`?",
    ),
    "track of a check": Fault(
        "C02",
        "tracks: [premium, fast_track]",
        "tracks: [premium, fasttrack]",
        "track `fasttrack` does not exist; did you mean `fast_track`?",
    ),
    "depth of a check": Fault(
        "C06",
        "depths: [standard, premium_sla]",
        "depths: [standard, premium]",
        "depth of support/support_profile.yaml `premium` does not exist",
    ),
    "schema": Fault(
        "C01",
        "schema: C01_customer_engagement/touchpoint_log",
        "schema: C01_customer_engagement/touchpoints",
        "did you mean `C01_customer_engagement/touchpoint_log.schema.json`?",
    ),
    "blueprint of a track": Fault(
        "premium",
        "optional: [C07_customer_advocacy]",
        "optional: [C08_customer_advocacy]",
        "reference blueprint `C08_customer_advocacy` does not exist; did you mean `C07_customer_advocacy`?",
    ),
    "blueprint to set aside": Fault(
        "archetype",
        "may_be_not_applicable: [C05_services_coordination,",
        "may_be_not_applicable: [C05_services,",
        "reference blueprint `C05_services` does not exist",
    ),
    "rule of a severity": Fault(
        "premium",
        "overdue-cadence: error",
        "overdue-cadences: error",
        "rule `overdue-cadences` does not exist; did you mean `overdue-cadence`?",
    ),
    # tracks and their tables
    "required and optional": Fault(
        "premium",
        "optional: [C07_customer_advocacy]",
        "optional: [C01_customer_engagement]",
        "reference blueprint `C01_customer_engagement` is used twice",
    ),
    "track of another archetype": Fault(
        "premium",
        "archetype: post_sales_governance",
        "archetype: post_sales",
        "its directory is that of `post_sales_governance`",
    ),
    "unknown table": Fault(
        "premium", "automation:", "automations:", "table `automations` does not exist; did you mean `automation`?"
    ),
    "missing table": Fault(
        "premium",
        AUTOMATION,
        "",
        "table `automation` is missing: its rows are health_score_calculation,",
        ("premium", "id: premium"),
    ),
    "unknown row": Fault(
        "premium", "staleness: 7 days", "stalenes: 7 days", "row `stalenes` does not exist; did you mean `staleness`?"
    ),
    "missing row": Fault(
        "premium",
        "  staleness: 7 days\n",
        "",
        "row `validation.staleness` is missing: write `-`",
        ("premium", "validation:"),
    ),
    "cell of a depth": Fault(
        "premium",
        "customer_profile: comprehensive",
        "customer_profile: complete",
        "the schema of engagement/customer_profile.yaml has the depths basic, standard, comprehensive",
    ),
    "cell of a period": Fault("premium", "qbr: quarterly", "qbr: every quarter", "expected a rhythm: daily, weekly,"),
    "cell of the end": Fault("premium", "qbr: quarterly", "qbr: end only", "does not say `end_only`"),
    "cell of a span": Fault("premium", "staleness: 7 days", "staleness: a week", "expected a length such as 14 days"),
    "cell of a share": Fault(
        "premium", "checklist_pass_rate: 90%", "checklist_pass_rate: '0.9'", "expected a share such as 90%"
    ),
    "cell of a choice": Fault(
        "premium", "customer_hub_config: required", "customer_hub_config: mandatory", "expected required, optional"
    ),
    "level that is not a value": Fault(
        "archetype",
        "    warn: {expect",
        "    warning: {expect",
        "value of the row `warning` does not exist; did you mean `warn`?",
    ),
    "level that is missing": Fault(
        "archetype",
        "    minimal: {expect: listed, severity: warning}\n",
        "",
        "level `minimal` is missing",
        ("archetype", "  levels:"),
    ),
    # owners, dates, paths
    "no owner": Fault(
        "C01",
        "{role: CSM, owner: true}",
        "{role: CSM}",
        "no owner: exactly one role is `owner: true`",
        ("C01", "  internal:"),
    ),
    "two owners": Fault(
        "C01", "{role: AE}", "{role: AE, owner: true}", "2 owners: exactly one role", ("C01", "  internal:")
    ),
    "no due rule": Fault(
        "C01",
        "    due: {after: contract_signed, within: 7 days}\n",
        "",
        "asset `engagement/customer_profile.yaml` has no `due`",
        ("C01", "  - path: engagement/customer_profile.yaml"),
    ),
    "asset of another kind": Fault(
        "C03", "assets:\n", "assets:\n" + A_TEXT, "an asset is a file of .yaml, .yml, .md", ("C03", A_TEXT)
    ),
    "asset elsewhere": Fault(
        "C03", "assets:\n", "assets:\n" + OUTSIDE, "must be a path below the engagement", ("C03", OUTSIDE)
    ),
    "report elsewhere": Fault(
        "archetype", "report: gap_report.yaml", "report: /gap_report.yaml", "must be a path below the engagement"
    ),
    # selectors
    "no JSONPath": Fault(
        "C01", '"$.entries[*].date"', '"$.entries[*.date"', "`$.entries[*.date` is not a JSONPath query:"
    ),
    "key that no item has": Fault(
        "C01", '"$.entries[*].date"', '"$.entries[*].dat"', "can never match: `dat` is not a key there; the keys are"
    ),
    "key of a list": Fault(
        "C01",
        '"$.entries[*].date"',
        '"$.entries.date"',
        "`date` is applied to a list, which has no keys; select its entries with [*]",
    ),
    "items where dates belong": Fault("C01", '"$.entries[*].date"', '"$.entries[*]"', "selects a mapping, not a date"),
    "entries of a text": Fault("C01", '"$.entries[*].date"', '"$.entries[*].date[*]"', "which has no entries"),
    "key within each": Fault("C03", "of: [$.owner]", "of: [$.owners]", "`owners` is not a key there; the keys are"),
    "key of the newest": Fault("C01", "by: $.date", "by: $.day", "`day` is not a key there"),
    "key that covers": Fault("C03", "by: $.name", "by: $.nam", "did you mean `name`?"),
    "key of the item found": Fault("C07", "from: $.granted_at", "from: $.granted", "did you mean `granted_at`?"),
    "key of the item that refers": Fault(
        "C07", "date: $.date\n                from", "date: $.on\n                from", "`on` is not a key there"
    ),
    "key in a filter": Fault("C06", "[?@.channel]", "[?@.chanel]", "did you mean `channel`?"),
    "key after a not": Fault("C06", "[?!@.outcome]", "[?!@.outcomes]", "did you mean `outcome`?"),
    "key in a count": Fault(
        "C01",
        'each: "$.touchpoints[*]"',
        'each: "$.touchpoints[?count(@.participants.customers[*]) > 0]"',
        "did you mean `customer`?",
    ),
    "key of the outsiders": Fault(
        "C01", '"$.participants.customer[*]"', '"$.participants.customers[*]"', "did you mean `customer`?"
    ),
    "lifecycle date of an order": Fault(
        "archetype", "[contract_signed, renewal]", "[contract_signed, renewl]", "did you mean `renewal`?"
    ),
    "key of blueprint.yaml": Fault("archetype", "$.approved_on", "$.aproved_on", "did you mean `approved_on`?"),
    "items of a consistency": Fault("C06", 'each: "$.cases[*]"', 'each: "$.case[*]"', "did you mean `cases`?"),
    "severity that a completeness row decides": Fault(
        "premium", "  overdue-cadence: error", "  missing-asset: note", "it has no effect: row"
    ),
    "date of an asset": Fault(
        "C02", "dates: [$.calculated_at]", "dates: [$.calculated]", "did you mean `calculated_at`?"
    ),
    "reference": Fault("C02", '"$.measurements[*].metric"', '"$.measurements[*].metrics"', "did you mean `metric`?"),
    "value in a filter": Fault(
        "C03",
        "[?@.stage == 'identified']",
        "[?@.stage == 'identifed']",
        "@.stage: `identifed` cannot be there: expected `identified`,",
    ),
    "value of a handoff": Fault(
        "archetype",
        "@.severity == 'critical' && @.status == 'open'",
        "@.severity == 'critical' && @.status == 'opened'",
        "`opened` cannot be there",
    ),
    "value of a set": Fault(
        "C01", "in: [negative]", "in: [negativ]", "`negativ` cannot be there: expected `positive`,"
    ),
    "value of another type": Fault(
        "C06",
        "of: $.assigned, in: [true]}",
        "of: $.assigned, in: ['yes']}",
        "`yes` cannot be there: expected true or false",
    ),
    "state of a blueprint": Fault(
        "C05", "select: $.state}, in: [active]", "select: $.state}, in: [activ]", "did you mean `active`?"
    ),
    "no document in scope": Fault(
        "C02",
        "of: {asset: governance/health_score.yaml, select: $.trend}",
        "of: $.trend",
        "no document is in scope here: write {asset: …, select: …}",
    ),
    # predicates where they mean nothing
    "rhythm without a record": Fault(
        "C01",
        CHECK_IN,
        "      age: {what: log, within: {row: cadence.customer_check_in}}\n",
        "requires one entry on record",
        ("C01", "end_only: engagement_ends"),
    ),
    "outcome in a check": Fault(
        "C03",
        "value: {what: handoff status, of: $.status, in: [completed]}",
        "outcome: {check: C01/CHK_ENG_001, is: passed}",
        "only signals and handoffs can use `outcome`",
    ),
    "stale check": Fault(
        "C01",
        "outcome: {check: C01/CHK_ENG_003, is: failed}",
        "outcome: {check: C01/CHK_ENG_003, is: stale}",
        "a check is never `stale`",
    ),
    "age without an asset": Fault(
        "archetype",
        "reached: {date: renewal, ahead: 90 days}",
        "age: {what: renewal, within: 90 days}",
        "`age` needs an asset",
    ),
    "limit that says nothing": Fault("C01", "within: 1 month}", "within: {}}", "no length of time is given"),
    "cap of nothing": Fault(
        "C05",
        "within: {literal: 4 hours, capped_by: validation.escalation_sla}",
        "within: {row: validation.escalation_sla, capped_by: validation.escalation_sla}",
        "`capped_by` shortens a `literal`",
    ),
    # schemas
    "schema that leads nowhere": Fault(
        "log",
        "../asset.schema.json#/$defs/date",
        "../asset.schema.json#/$defs/day",
        "leads nowhere",
        ("C01", "schema: C01_customer_engagement/touchpoint_log"),
    ),
    "schema of an unknown type": Fault(
        "log",
        '"type": "object"',
        '"type": "objekt"',
        "is not a valid JSON Schema",
        ("C01", "schema: C01_customer_engagement/touchpoint_log"),
    ),
}
