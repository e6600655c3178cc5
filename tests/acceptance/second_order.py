"""Where rules meet: one cause and one gap, clamped months, waivers beside missing assets, what messages say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from tests.acceptance.clean import additional, young
from tests.acceptance.defects import (
    ALL,
    BP,
    MONTH,
    A,
    both,
    cut,
    health,
    life,
    newest_entry,
    newest_touchpoint,
    put,
    reviews_of_business,
)
from tests.acceptance.faults import not_applicable, own_gap, waiver
from tests.acceptance.kit import ANY, Gap, bp_err, bp_warn, cad, case, chk, invalid, missing, stale, warn
from tests.acceptance.nodes import (
    ADV2,
    ADV3,
    ADV4,
    CS2,
    CS3,
    ENG1,
    ENG3,
    ENG4,
    HUB3,
    HUB4,
    SUP2,
    SUP4,
    SVC1,
    Node,
    at,
    days,
    touchpoint,
)

JAN_31, NOV_30, AUG_31 = date(2026, 1, 31), date(2025, 11, 30), date(2025, 8, 31)
FEB_28, MAR_1 = date(2026, 2, 28), date(2026, 3, 1)
FUTURE_RISK = {
    "id": "RK-9",
    "title": "Not found yet",
    "severity": "critical",
    "status": "open",
    "owner": "kim.moreau",
    "identified_at": at(A + days(1), "10:00"),
}
FUTURE_CASE = {
    "id": "CS-9",
    "subject": "Not opened yet",
    "severity": "critical",
    "status": "open",
    "opened_at": at(A + days(1), "10:00"),
}
LOG, KEY = "touchpoint_log", "touchpoints"


def months() -> None:
    """A month or a quarter that ends in a shorter month ends on its last day."""

    def edge(tag: str, tracks: str, change: Callable[[Node], None], *gaps: Gap, **more: Any) -> None:
        case(f"MONTH_END_{tag}_LAST_DAY", tracks, change, as_of=FEB_28)
        case(f"MONTH_END_{tag}_DAY_AFTER", tracks, change, *gaps, as_of=MAR_1, **more)

    edge("ADV4", ALL, newest_entry("reference_profile", "candidate_reviews", NOV_30), chk(ADV4, "candidate_reviews", 1))
    edge("ACCT2", ALL, newest_entry("account_health_report", "reviews", JAN_31), chk("C03/CHK_ACCT_002", "reviews", 1))
    edge("HEALTH", "E", health(JAN_31), cad(CS3, "health_score", "calculated_at"))
    edge("SUP4", "P", newest_entry("support_health", "reviews", JAN_31), cad(SUP4, "support_health", "reviews", 1))
    edge("SUP4", "E", newest_entry("support_health", "reviews", NOV_30), cad(SUP4, "support_health", "reviews", 1))
    edge("QBR_F", "F", reviews_of_business(JAN_31, None), cad("C02/CHK_CS_004", LOG, KEY, 0))
    edge("QBR_P", "P", reviews_of_business(NOV_30, None), cad("C02/CHK_CS_004", LOG, KEY, 0))
    note = "whether `check` is set for the cadence of a check that is not applicable"
    edge("QBR_E", "E", reviews_of_business(AUG_31, None), cad(ANY, LOG, KEY, 0), ambiguous=note)
    edge("STALE_QUARTER", "EPF", put("support_profile", "last_updated", NOV_30), stale("support_profile"))
    edge("STALE_MONTH", "EPF", put("success_plan", "last_updated", JAN_31), stale("success_plan"))
    edge("STALE_REPORT", "E", put("services_report", "last_updated", JAN_31), stale("services_report"))
    new_year = date(2026, 1, 1)
    last = newest_entry("sentiment_tracker", "entries", date(2025, 12, 1))
    case("NEW_YEAR_LAST_DAY", ALL, last, as_of=new_year)
    late = newest_entry("sentiment_tracker", "entries", date(2025, 11, 30))
    case("NEW_YEAR_DAY_AFTER", ALL, late, chk(ENG4, "entries", 1), as_of=new_year)
    case(
        "MONTH_END_DECEMBER",
        "EP",
        newest_entry("sentiment_tracker", "entries", date(2026, 11, 30)),
        chk(ENG4, "entries", 1),
        as_of=date(2026, 12, 31),
    )
    case("MONTH_END_SIGNED", "EP", put("sentiment_tracker", "entries", []), signed=JAN_31, as_of=FEB_28, due=[ENG4])
    case(
        "MONTH_END_SIGNED_AFTER",
        "EP",
        put("sentiment_tracker", "entries", []),
        chk(ENG4, "entries"),
        signed=JAN_31,
        as_of=MAR_1,
    )
    leap = date(2024, 2, 29)
    case("LEAP_SIGNED", "EP", cut("customer_profile", "completed_at"), signed=date(2024, 2, 22), as_of=leap, due=[ENG1])
    case(
        "LEAP_SIGNED_AFTER",
        "EP",
        cut("customer_profile", "completed_at"),
        chk(ENG1, root=True),
        signed=date(2024, 2, 22),
        as_of=date(2024, 3, 1),
    )
    case("LEAP_THIRTY_DAYS", "EP", put("architecture_decisions", "last_updated", date(2024, 1, 30)), as_of=leap)
    case(
        "LEAP_THIRTY_ONE_DAYS",
        "EP",
        put("architecture_decisions", "last_updated", date(2024, 1, 29)),
        stale("architecture_decisions", HUB3),
        as_of=leap,
    )


def entries() -> None:
    """What counts as an entry."""
    kind = both(newest_touchpoint(6, internal=False), put(LOG, KEY, -1, "type", "internal"))
    case("ENTRY_INTERNAL_WITH_CUSTOMER", "EPF", kind)
    no_vendor = both(newest_touchpoint(6, internal=False), put(LOG, KEY, -1, "participants", "vendor", []))
    case("ENTRY_WITHOUT_VENDOR", "EPF", no_vendor)
    moved = both(newest_touchpoint(20), lambda n: n.get(LOG, KEY).insert(0, touchpoint(40, A - days(5), "training")))
    case("ENTRY_OUT_OF_ORDER", "EPF", moved)
    case("ENTRY_FUTURE_RISK", "EPF", lambda n: n.get("services_risk_register", "risks").append(FUTURE_RISK))
    case("ENTRY_FUTURE_CASE", ALL, lambda n: n.get("case_log", "cases").append(FUTURE_CASE))
    case("ENTRY_PERMISSION_ENDS_TODAY", ALL, put("permission_tracker", "permissions", 0, "expires_at", at(A, "08:00")))
    ended = put("permission_tracker", "permissions", 0, "expires_at", at(A, "01:00", 3))
    case("ENTRY_PERMISSION_ENDED", "EP", ended, chk(ADV2, "permissions", 0, span=True))
    same_day = put("advocacy_log", "uses", 1, "date", at(A - days(150), "08:00"))
    case("ENTRY_USE_ON_THE_DAY_GRANTED", "EP", same_day)
    today = newest_entry("sentiment_tracker", "entries", A)
    case("ENTRY_TODAY", ALL, today)
    case("ENTRY_LATE_TODAY", ALL, newest_entry("sentiment_tracker", "entries", at(A, "23:59")))
    case(
        "CLEAN_FUTURE_CONTRACT",
        ALL,
        lambda n: (young(n), n.set(BP, "lifecycle", "contract_signed", A + days(5))),
        judged=False,
    )
    quoted = lambda n: n.set("customer_profile", "completed_at", (n.signed + days(8)).isoformat())  # noqa: E731
    case("ENTRY_QUOTED_LATE", ALL, quoted, chk(ENG1, "completed_at"), signed=A - days(40))
    signed = lambda n: n.set(BP, "lifecycle", "contract_signed", f"{n.signed}T23:00:00-05:00")  # noqa: E731
    late = both(put("customer_profile", "completed_at", lambda n: n.signed + days(8)), signed)
    case("ANCHOR_WITH_OFFSET", "EP", late, signed=A - days(40))
    later = both(put("customer_profile", "completed_at", lambda n: n.signed + days(9)), signed)
    case("ANCHOR_WITH_OFFSET_LATE", "EP", later, chk(ENG1, "completed_at"), signed=A - days(40))


def meetings() -> None:
    """Several rules on one asset."""
    two = "whether a log whose entries and whose `last_updated` are both old is one gap or two"
    for track in "EPF":
        old = both(newest_touchpoint(45), put(LOG, "last_updated", A - days(45)))
        merged = cad(ENG3, LOG, KEY, -2)
        case("MEET_SILENT_LOG", track, old, merged, stale(LOG), alternatives=[[merged]], ambiguous=two)
        old = both(
            newest_entry("engagement_status", "syncs", A - days(30)),
            put("engagement_status", "last_updated", A - days(30)),
        )
        merged = cad(SVC1, "engagement_status", "syncs", 1)
        case(
            "MEET_SILENT_SYNCS", track, old, merged, stale("engagement_status"), alternatives=[[merged]], ambiguous=two
        )
        old = both(
            newest_entry("sentiment_tracker", "entries", A - days(45)),
            put("sentiment_tracker", "last_updated", A - days(45)),
        )
        merged = chk(ENG4, "entries", 1)
        case(
            "MEET_SILENT_MOOD",
            track,
            old,
            merged,
            stale("sentiment_tracker"),
            alternatives=[[merged], [stale("sentiment_tracker", ENG4)]],
            ambiguous=two,
        )
    both_bad = both(put(LOG, KEY, 0, "type", "x"), newest_touchpoint(45), put(LOG, KEY, 0, "type", "x"))
    one = invalid(LOG, KEY, 0, "type")
    case(
        "MEET_INVALID_AND_OVERDUE",
        "EP",
        both_bad,
        one,
        alternatives=[[one, cad(ENG3, LOG, KEY, -2)]],
        ambiguous="whether the cadence of an invalid log is judged",
        judged=False,
    )
    unsaid = both(put("learning_path", "modules", 0, "order", "x"), put("learning_path", "last_updated", A - days(200)))
    one = invalid("learning_path", "modules", 0, "order")
    case(
        "MEET_INVALID_AND_STALE",
        "EP",
        unsaid,
        one,
        stale("learning_path"),
        alternatives=[[one]],
        ambiguous="whether an invalid asset is stale as well",
        judged=False,
    )
    case(
        "MEET_UNKNOWN_AND_INVALID",
        "EP",
        both(put("learning_path", "audiance", "x"), put("learning_path", "modules", 0, "order", "x")),
        warn("unknown-key", "learning_path", "audiance"),
        one,
    )
    case(
        "MEET_UNKNOWN_AND_FAILED",
        "EP",
        both(put("learning_path", "extras", "x"), put("learning_path", "modules", [])),
        warn("unknown-key", "learning_path", "extras"),
        chk(HUB4, "modules"),
    )
    case(
        "MEET_FUTURE_AND_FAILED",
        "EP",
        both(put("learning_path", "last_updated", A + days(3)), put("learning_path", "modules", [])),
        warn("future-date", "learning_path", "last_updated"),
        chk(HUB4, "modules"),
    )
    case(
        "MEET_STALE_AND_FAILED",
        "EPF",
        both(put("learning_path", "last_updated", A - days(200)), put("learning_path", "modules", [])),
        stale("learning_path"),
        chk(HUB4, "modules"),
    )
    case(
        "MEET_TWO_STALE",
        "EPF",
        both(
            put("learning_path", "last_updated", A - days(200)), put("support_profile", "last_updated", A - days(200))
        ),
        stale("learning_path"),
        stale("support_profile"),
    )
    cascade = "whether uses and stories dangle where the permission tracker itself is absent"
    gone = lambda n: n.drop("permission_tracker")  # noqa: E731
    case(
        "MEET_NO_PERMISSIONS",
        "P",
        gone,
        missing("permission_tracker"),
        allow=["failed-check", "unresolved-reference"],
        ambiguous=cascade,
        judged=False,
    )
    unread = lambda n: n.raw("permission_tracker", "a: [\n")  # noqa: E731
    case(
        "MEET_UNREADABLE_PERMISSIONS",
        "P",
        unread,
        Gap("yaml-syntax", "error", None, "permission_tracker", "permission_tracker"),
        allow=["failed-check", "unresolved-reference"],
        ambiguous=cascade,
        judged=False,
    )

    case("MEET_WAIVED_CS3", "EPF", both(health(A - days(60)), waiver("check", CS3)), waived=[CS3])
    merged = both(health(A - days(60), touched=A - days(60)), waiver("check", CS3))
    case(
        "MEET_WAIVED_CS3_STALE",
        "P",
        merged,
        alternatives=[[stale("health_score")], [stale("health_score", CS3)]],
        ambiguous="whether a check's waiver covers the staleness that is told with it",
        judged=False,
    )
    merged = both(put("architecture_decisions", "last_updated", A - days(60)), waiver("check", HUB3))
    case(
        "MEET_WAIVED_HUB3",
        "P",
        merged,
        alternatives=[[stale("architecture_decisions")], [stale("architecture_decisions", HUB3)]],
        ambiguous="whether a check's waiver covers the staleness that is told with it",
        judged=False,
    )
    no_path = both(lambda n: n.drop("learning_path"), waiver("check", HUB4))
    case(
        "MEET_WAIVED_CHECK_OF_MISSING",
        "EP",
        no_path,
        missing("learning_path"),
        alternatives=[[missing("learning_path"), own_gap("unused-waiver")]],
        ambiguous="whether a waiver of a check of a missing asset is used",
        judged=False,
    )
    absent = lambda n: (additional(n), n.extra.clear())  # noqa: E731
    case("MEET_WAIVED_ADDITIONAL", ALL, both(absent, waiver("asset", "success/exec_scorecard.yaml")))
    two_waivers = both(
        newest_entry("sentiment_tracker", "entries", MONTH - days(1)), waiver("check", ENG4), waiver("check", CS2)
    )
    case(
        "MEET_ONE_OF_TWO_WAIVERS", ALL, two_waivers, replace(own_gap("unused-waiver"), at=("waivers", 1)), judged=False
    )
    na = both(waiver("check", ENG3))
    case("MEET_WAIVER_NOT_APPLICABLE", "O", na, own_gap("unused-waiver"), judged=False)
    off = both(put("case_log", "cases", []), put("advocacy_log", "uses", []))
    case("MEET_EMPTY_LOGS", ALL, off, na=[SUP2, ADV3])


def beside_the_point() -> None:
    """What looks like a fault and is none, and the other way round."""
    review = both(reviews_of_business(None, None), put(LOG, KEY, 5, "type", "ebr"))
    case("EBR_IS_NO_QBR", "PF", review, cad("C02/CHK_CS_004", LOG, KEY))
    case("SAME_ID_IN_OTHER_FILE", "EP", put("services_risk_register", "risks", 0, "id", "MS-1"))
    case(
        "INACTIVE_NO_CONTRACT",
        "EP",
        both(put(BP, "status", "on_hold"), cut(BP, "lifecycle", "contract_signed")),
        judged=False,
        report_status="skipped",
    )
    gap = Gap("missing-reference-blueprint", "error", None, None, BP)
    for short, tracks in (("C01", "OP"), ("C03", "EP"), ("C04", "PF"), ("C06", "OP")):
        case(f"BLUEPRINT_NA_{short}", tracks, not_applicable(short), replace(gap, blueprint=short), judged=False)
    twice = both(
        put("adoption_metrics", "measurements", 0, "metric", "x"),
        put("adoption_metrics", "measurements", 2, "metric", "x"),
    )
    reference = [warn("unresolved-reference", "adoption_metrics", "measurements", k, "metric") for k in (0, 2)]
    case("REF_METRIC_TWICE", "EP", twice, *reference)

    def nested_extensions(n: Node) -> None:
        n.bp["metadata"]["x-crm"] = "0065"
        n.bp["reference_blueprints"][0]["x-since"] = "always"
        n.bp["playbooks"][0]["x-by"] = {"a": 1}

    case("CLEAN_NESTED_X_KEYS", ALL, nested_extensions)

    def mapped_to_its_own_folder(n: Node) -> None:
        n.moved["touchpoint_log"] = "internal-infohub/engagement/touchpoint_log.yaml"
        n.bp["assets"] = {"engagement/touchpoint_log.yaml": n.moved["touchpoint_log"]}

    case("CLEAN_MAPPED_DEEP", ALL, mapped_to_its_own_folder)

    def customer_advocate(n: Node) -> None:
        n.bp["team"] = {"CA": "ana.duarte", **n.bp["team"]}
        n.set("success_plan", "last_updated", MONTH - days(1))

    case("OWNER_ALTERNATIVE", "EPF", customer_advocate, stale("success_plan"))
    nobody = both(cut(BP, "team"), put("success_plan", "last_updated", MONTH - days(1)))
    case("OWNER_UNKNOWN", "EPF", nobody, stale("success_plan"))
    scan_itself = put(BP, "playbooks", 2, "id", "PB_971")
    unresolved = bp_warn("unresolved-reference", "playbooks", 2, "id")
    case(
        "PLAYBOOK_OF_THE_SCAN",
        "P",
        scan_itself,
        alternatives=[[unresolved]],
        ambiguous="whether PB_971 may stand among a node's playbooks",
    )
    case("PLAYBOOK_401", "P", put(BP, "playbooks", 2, "id", "PB_401"))
    strange = put("engagement_plan", "cadence", "coffee", "monthly")
    unknown = warn("unknown-key", "engagement_plan", "cadence", "coffee")
    case(
        "CADENCE_OF_UNKNOWN_TYPE",
        "P",
        strange,
        unknown,
        alternatives=[[invalid("engagement_plan", "cadence", "coffee")], [invalid("engagement_plan", "cadence")]],
        ambiguous="whether an unknown touchpoint type in `cadence` is an unknown key or invalid",
        judged=False,
    )
    band = put("health_score", "bands", "superb", 95)
    unknown = warn("unknown-key", "health_score", "bands", "superb")
    case(
        "BAND_UNKNOWN",
        "P",
        band,
        unknown,
        alternatives=[[invalid("health_score", "bands", "superb")], [invalid("health_score", "bands")]],
        ambiguous="whether an unknown status in `bands` is an unknown key or invalid",
        judged=False,
    )
    case(
        "OPTIONAL_NA_C04",
        "E",
        not_applicable("C04"),
        alternatives=[[bp_err("invalid-blueprint", "reference_blueprints", 3)]],
        ambiguous="whether an optional blueprint other than C05 and C07 may be not_applicable",
        judged=False,
    )

    def left_behind(n: Node) -> None:
        n.bp["reference_blueprints"].pop(n.instantiates("C07"))
        n.set("reference_profile", "qualifying", "perhaps")

    case(
        "FILES_OF_NO_BLUEPRINT",
        "P",
        left_behind,
        alternatives=[
            [invalid("reference_profile", "qualifying")],
            [replace(invalid("reference_profile", "qualifying"), severity="warning")],
        ],
        ambiguous="whether the files of a reference blueprint that is not instantiated are linted",
        judged=False,
    )
    planned_today = put(BP, "metadata", "last_updated", A + days(30))
    case(
        "FUTURE_METADATA",
        "P",
        planned_today,
        alternatives=[[bp_warn("future-date", "metadata", "last_updated")]],
        ambiguous="whether `metadata.last_updated` in the future is a future-date",
    )
    not_yet = waiver("check", ENG4, approved_on=A + days(5))
    mood = newest_entry("sentiment_tracker", "entries", MONTH - days(1))
    case(
        "WAIVER_APPROVED_LATER",
        "P",
        both(mood, not_yet),
        chk(ENG4, "entries", 1),
        alternatives=[
            [],
            [chk(ENG4, "entries", 1), own_gap("unused-waiver")],
            [bp_err("invalid-blueprint", "waivers", 0, "approved_on")],
        ],
        ambiguous="whether a waiver is in force before its approval",
        judged=False,
    )
    roots = 'infohub_roots: ["internal-infohub", "external-infohub"]\n'

    def no_blueprint_file(n: Node) -> None:
        n.root = "internal-infohub"
        n.removed.add(BP)

    case(
        "ROOTS_NO_BLUEPRINT",
        "P",
        no_blueprint_file,
        Gap("missing-blueprint", "error", None, None, BP),
        config=roots,
        judged=False,
    )


def odd_names() -> None:
    old = put("sentiment_tracker", "last_updated", A - days(100))
    for name in ("ODD NAME", "ODD_NÄME", "ODD.NAME", "ODD'NAME", "ODD[NAME]", "ODD-#NAME", "odd_lower"):
        case(name, "P", old, stale("sentiment_tracker"))


def words() -> None:
    """What a message must mention, so that the reader need not look it up."""

    def says(tag: str, tracks: str, change: Callable[[Node], Any], gap: Gap, *words: str) -> None:
        case(f"SAYS_{tag}", tracks, change, gap, judged=False, says=words)

    says(
        "KEY",
        "EP",
        put("customer_profile", "segmnt", "x"),
        warn("unknown-key", "customer_profile", "segmnt"),
        "segment",
    )
    says("NESTED_KEY", "EP", put(LOG, KEY, 1, "sumary", "x"), warn("unknown-key", LOG, KEY, 1, "sumary"), "summary")
    says("BLUEPRINT_KEY", "EP", put(BP, "metadata", "ownr", "x"), bp_warn("unknown-key", "metadata", "ownr"), "owner")
    says("ROOT_KEY", "EP", put(BP, "waiver", []), bp_warn("unknown-key", "waiver"), "waivers")
    says(
        "ENUM",
        "EP",
        put("sentiment_tracker", "entries", 1, "label", "posative"),
        invalid("sentiment_tracker", "entries", 1, "label"),
        "positive",
    )
    says("TRACK", "EP", put(BP, "track", "premum"), bp_err("invalid-blueprint", "track"), "premium")
    says(
        "ARCHETYPE",
        "EP",
        put(BP, "archetype", "post_sale_governance"),
        bp_err("unknown-archetype", "archetype"),
        "post_sales_governance",
    )
    says(
        "BLUEPRINT_ID",
        "EP",
        lambda n: n.bp["reference_blueprints"].append({"id": "C07_customer_advocasy"}),
        bp_err("invalid-blueprint", "reference_blueprints", 7),
        "C07_customer_advocacy",
    )
    says("WAIVER_CHECK", "EP", waiver("check", "C01/CHK_ENG_033"), own_gap("unresolved-reference"), "C01/CHK_ENG_003")
    says(
        "WAIVER_ASSET",
        "EP",
        waiver("asset", "engagement/touchpoints_log.yaml"),
        own_gap("unresolved-reference"),
        "engagement/touchpoint_log.yaml",
    )
    says(
        "FEB_30", "EP", life("go_live", "2026-02-30"), bp_err("invalid-blueprint", "lifecycle", "go_live"), "2026-02-30"
    )
    says(
        "CONFLICT",
        "EP",
        lambda n: n.raw("learning_path", "<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> x\n"),
        Gap("yaml-syntax", "error", None, "learning_path", "learning_path", None, False, 1),
        "merge",
    )
    says(
        "LFS",
        "EP",
        lambda n: n.raw("learning_path", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"),
        Gap("not-a-mapping", "error", None, "learning_path", "learning_path"),
        "LFS",
    )


def register() -> None:
    for table in (months, entries, meetings, beside_the_point, odd_names, words):
        table()
