"""Single planted defects in the checks, the cadences, the staleness and the presence of assets.

A row reads: name, tracks (O poc, E economy, P premium, F fast_track), what is changed in a clean node, and
the gaps that must be reported, which are all that may be. A failing gate is added by the kit where the
failures of the row bring the pass rate below the track's.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from tests.acceptance.kit import ANY, INITIALS, Gap, bp_err, bp_warn, cad, case, chk, invalid, missing, stale, warn
from tests.acceptance.nodes import (
    ACCT1,
    ACCT2,
    ACCT3,
    ACCT4,
    ADV1,
    ADV2,
    ADV3,
    ADV4,
    AS_OF,
    ASSETS,
    CS1,
    CS2,
    CS3,
    CS4,
    ENG1,
    ENG2,
    ENG3,
    ENG4,
    HUB1,
    HUB2,
    HUB3,
    HUB4,
    NOT_APPLICABLE,
    NOT_EXPECTED,
    SUP2,
    SUP3,
    SUP4,
    SVC1,
    SVC2,
    SVC3,
    SVC4,
    Node,
    add_months,
    at,
    days,
    full,
    touchpoint,
)

ALL = "OEPF"
A = AS_OF
MONTH = date(2026, 2, 2)  # the oldest day that one calendar month takes to A
QUARTER = date(2025, 12, 2)
HALF_YEAR = date(2025, 9, 2)


def put(name: str, *path_and_value: Any) -> Callable[[Node], None]:
    """A mutation that sets one value; a callable value is asked for with the node."""

    def change(n: Node) -> None:
        *path, value = path_and_value
        n.set(name, *path, value(n) if callable(value) else value)

    return change


def cut(name: str, *path: str | int) -> Callable[[Node], None]:
    return lambda n: n.unset(name, *path)


def as_it_is(_: Node) -> None:
    """No change."""


def both(*changes: Callable[[Node], Any]) -> Callable[[Node], None]:
    def change(n: Node) -> None:
        for one in changes:
            one(n)

    return change


def life(key: str, day: Any) -> Callable[[Node], None]:
    return put("blueprint.yaml", "lifecycle", key, day)


def no_life(key: str) -> Callable[[Node], None]:
    return cut("blueprint.yaml", "lifecycle", key)


BP = "blueprint.yaml"
NO_CONTRACT = bp_warn("missing-date", "lifecycle")


# --- C01 -------------------------------------------------------------------------------------------------


def profile_completed() -> None:
    done = ("customer_profile", "completed_at")
    gap = chk(ENG1, "completed_at")
    case("ENG1_DAY_7", ALL, put(*done, lambda n: n.signed + days(7)), signed=A - days(40))
    case("ENG1_DAY_8", ALL, put(*done, lambda n: n.signed + days(8)), gap, signed=A - days(40))
    case("ENG1_LATE_90", ALL, put(*done, A - days(90)), gap, signed=A - days(110))
    case("ENG1_LATE_91", ALL, put(*done, A - days(91)), signed=A - days(111))
    case("ENG1_LATE_LONG_AGO", "EP", put(*done, lambda n: n.signed + days(30)))
    case("ENG1_OPEN", ALL, cut(*done), chk(ENG1, root=True))
    case("ENG1_OPEN_DUE_DAY", ALL, cut(*done), signed=A - days(7), due=[ENG1])
    case("ENG1_OPEN_DAY_AFTER", ALL, cut(*done), chk(ENG1, root=True), signed=A - days(8))
    stamp = lambda n: at(n.signed + days(7), "23:30", -5)  # noqa: E731
    case("ENG1_OFFSET_LATE", "EP", put(*done, stamp), gap, signed=A - days(40))
    stamp = lambda n: at(n.signed + days(8), "01:00", 3)  # noqa: E731
    case("ENG1_OFFSET_IN_TIME", "EP", put(*done, stamp), signed=A - days(40))
    case("ENG1_FUTURE", "EP", put(*done, A + days(5)), chk(ENG1), signed=A - days(40))
    case("ENG1_NO_CONTRACT", ALL, no_life("contract_signed"), NO_CONTRACT, judged=False)
    case(
        "ENG1_NO_CONTRACT_OPEN",
        ALL,
        both(no_life("contract_signed"), cut(*done)),
        NO_CONTRACT,
        judged=False,
    )
    case("MISSING_DATE_NO_LIFECYCLE", "EP", cut(BP, "lifecycle"), bp_warn("missing-date", root=True), judged=False)
    case("ENG1_POC_SIGNED_LEAP", "OP", put(*done, date(2024, 2, 29)), as_of=date(2024, 3, 8), signed=date(2024, 2, 22))
    case(
        "ENG1_LEAP_LATE",
        "OP",
        put(*done, date(2024, 3, 1)),
        gap,
        as_of=date(2024, 3, 8),
        signed=date(2024, 2, 22),
    )


def engagement_plan() -> None:
    planned = "engagement_plan", "planned"
    period = ("engagement_plan", "cadence", "check_in")
    slower = {"O": "quarterly", "E": "quarterly", "P": "monthly", "F": "bi-weekly"}
    for track, word in slower.items():
        case("ENG2_TOO_SELDOM", track, put(*period, word), chk(ENG2, "cadence", "check_in"))
    case("ENG2_MORE_OFTEN", ALL, put(*period, "daily"))
    case("ENG2_SEMI_ANNUAL", "E", put(*period, "semi-annual"), chk(ENG2, "cadence", "check_in"))
    case("ENG2_ANNUAL", "P", put(*period, "annual"), chk(ENG2, "cadence", "check_in"))
    last = {"O": add_months(A, 1), "E": add_months(A, 1), "P": A + days(14), "F": A + days(7)}
    for track, day in last.items():
        case("ENG2_PLANNED_LAST_DAY", track, put(*planned, 1, "date", day))
        case("ENG2_PLANNED_DAY_AFTER", track, put(*planned, 1, "date", day + days(1)), chk(ENG2))
        case("ENG2_PLANNED_TOMORROW", track, put(*planned, 1, "date", A + days(1)))
    case("ENG2_NOTHING_PLANNED", ALL, put(*planned, []), chk(ENG2))
    case("ENG2_ONLY_PAST", ALL, lambda n: n.get(*planned).__delitem__(slice(1, 3)), chk(ENG2))
    case("ENG2_YOUNG_DUE_DAY", "EPF", put(*planned, []), signed=A - days(30), due=[ENG2])
    case("ENG2_YOUNG_DAY_AFTER", "EPF", put(*planned, []), chk(ENG2), signed=A - days(31))
    case("ENG2_YOUNG_SLOW", "EPF", put(*period, "annual"), signed=A - days(20), due=[ENG2])
    today = "whether a touchpoint planned for the very day of the scan lies after the scan"
    case(
        "ENG2_PLANNED_TODAY",
        "P",
        put(*planned, 1, "date", A),
        chk(ENG2),
        alternatives=[[]],
        ambiguous=today,
    )
    case(
        "ENG2_NO_CHECK_IN",
        "P",
        cut(*period),
        chk(ENG2),
        alternatives=[[invalid("engagement_plan", "cadence")]],
        ambiguous="whether `cadence` must have `check_in` by its schema",
    )


def newest_touchpoint(back: int, *, internal: bool = True) -> Callable[[Node], None]:
    """Let the newest touchpoint with a customer be `back` days old; internal ones may be newer."""

    def change(n: Node) -> None:
        day = n.as_of - days(back)
        kept = [t for t in n.get("touchpoint_log", "touchpoints") if t["date"] < day]
        new = [*kept, touchpoint(20, day, "check_in")]
        if internal:
            new.append(touchpoint(21, n.as_of - days(1), "internal", customer=False))
        n.set("touchpoint_log", "touchpoints", new)

    return change


def engagement_gap() -> None:
    log, key = "touchpoint_log", "touchpoints"
    newest = cad(ENG3, log, key, -2)
    for track, limit in (("P", 14), ("F", 7)):
        case("ENG3_LAST_DAY", track, newest_touchpoint(limit))
        case("ENG3_DAY_AFTER", track, newest_touchpoint(limit + 1), newest)
        case("ENG3_LONG", track, newest_touchpoint(25), newest)
        nothing = put(log, key, [])
        case("ENG3_ANCHOR_LAST_DAY", track, nothing, signed=A - days(limit), due=[ENG3])
        case("ENG3_ANCHOR_DAY_AFTER", track, nothing, cad(ENG3, log, key), signed=A - days(limit + 1))
        early = lambda n, k=limit: n.set(log, key, [touchpoint(1, at(n.as_of - days(k + 1), "23:30", -5), "qbr")])  # noqa: E731
        case("ENG3_OFFSET_LAST_DAY", track, early)
        late = lambda n, k=limit: n.set(log, key, [touchpoint(1, at(n.as_of - days(k), "00:30", 2), "qbr")])  # noqa: E731
        case("ENG3_OFFSET_DAY_AFTER", track, late, cad(ENG3, log, key, 0))
        future = both(
            newest_touchpoint(limit + 1),
            lambda n: n.get(log, key).append(touchpoint(22, n.as_of + days(1), "check_in")),
        )
        case("ENG3_FUTURE_ENTRY", track, future, cad(ENG3, log, key, -3))
        first = both(newest_touchpoint(limit + 1, internal=False), lambda n: n.get(log, key).reverse())
        case("ENG3_NEWEST_FIRST", track, first, cad(ENG3, log, key, 0))
    # economy: the calendar month and the thirty days disagree
    case("ENG3_LAST_DAY", "E", newest_touchpoint(28))
    alone = cad(ANY, log, key, -2)
    note = "whether `check` is set where the cadence is overdue but its paired check passes"
    case("CHECK_IN_OVERDUE_29", "E", newest_touchpoint(29), alone, passed=[ENG3], ambiguous=note)
    case("CHECK_IN_OVERDUE_30", "E", newest_touchpoint(30), alone, passed=[ENG3], ambiguous=note)
    case("ENG3_DAY_AFTER", "E", newest_touchpoint(31), newest)
    case("ENG3_LONG", "E", newest_touchpoint(60), newest)
    january = date(2026, 2, 1)
    case("ENG3_WITHOUT_CADENCE_OK", "E", newest_touchpoint(30), as_of=january)
    case("ENG3_WITHOUT_CADENCE", "E", newest_touchpoint(31), chk(ENG3, key, -2), as_of=january)
    case("ENG3_MONTH_END_OK", "E", newest_touchpoint(28), as_of=date(2026, 2, 28))
    case("ENG3_ANCHOR_LAST_DAY", "E", put(log, key, []), signed=MONTH, due=[ENG3])
    case(
        "ENG3_ANCHOR_CADENCE",
        "E",
        put(log, key, []),
        cad(ANY, log, key),
        signed=MONTH - days(1),
        due=[ENG3],
        ambiguous=note,
    )
    case("ENG3_ANCHOR_DAY_AFTER", "E", put(log, key, []), cad(ENG3, log, key), signed=A - days(31))
    internal = lambda n: n.set(log, key, [touchpoint(k, n.as_of - days(k), "check_in", customer=False) for k in (1, 3)])  # noqa: E731
    case("ENG3_ONLY_INTERNAL", "EPF", internal, cad(ENG3, log, key))
    case("ENG3_EMPTY", "EPF", put(log, key, []), cad(ENG3, log, key))
    case(
        "ENG3_EMPTY_NO_CONTRACT", "EPF", both(put(log, key, []), no_life("contract_signed")), NO_CONTRACT, judged=False
    )
    # POC: no maximum, and the only rhythm is one touchpoint by the end
    case("ENG3_POC_SILENT", "O", newest_touchpoint(100))
    ended = life("engagement_ends", A - days(1))
    case("END_ONLY_EMPTY_DUE_DAY", "O", both(put(log, key, []), life("engagement_ends", A)))
    case("END_ONLY_EMPTY_AFTER", "O", both(put(log, key, []), ended), cad(None, log, key))
    case("END_ONLY_INTERNAL_AFTER", "O", both(internal, ended), cad(None, log, key))
    case("END_ONLY_MET", "O", both(newest_touchpoint(150), ended))
    case("END_ONLY_NO_DATE", "O", both(put(log, key, []), no_life("engagement_ends")))
    case(
        "END_ONLY_NO_LOG",
        "O",
        both(ended, lambda n: n.drop(log)),
        ambiguous="whether the cadence is judged on a log that POC does not expect and that is absent",
        alternatives=[[cad(None, log)], [Gap("overdue-cadence", "warning", None, ANY)]],
    )


def newest_entry(name: str, key: str, day: date, **fixed: Any) -> Callable[[Node], None]:
    """Date the newest entry of a log, dropping what is newer and keeping one that is older."""

    def change(n: Node) -> None:
        entries = n.get(name, key)
        last = {**entries[-1], **fixed, "date": day}
        older = {**entries[0], **fixed, "date": day - days(9)}
        n.set(name, key, [older, last])

    return change


def sentiment() -> None:
    name, key = "sentiment_tracker", "entries"
    case("ENG4_LAST_DAY", ALL, newest_entry(name, key, MONTH))
    case("ENG4_DAY_AFTER", ALL, newest_entry(name, key, MONTH - days(1)), chk(ENG4, key, 1))
    case("ENG4_EMPTY", ALL, put(name, key, []), chk(ENG4, key))
    case("ENG4_ANCHOR_LAST_DAY", ALL, put(name, key, []), signed=MONTH, due=[ENG4])
    case("ENG4_ANCHOR_DAY_AFTER", ALL, put(name, key, []), chk(ENG4, key), signed=MONTH - days(1))
    case(
        "ENG4_FUTURE_ENTRY",
        "EP",
        both(
            newest_entry(name, key, MONTH - days(1)),
            lambda n: n.get(name, key).append({"date": A + days(1), "source": "nps", "label": "positive"}),
        ),
        chk(ENG4, key, 1),
    )
    case("ENG4_CLAMPED_LAST_DAY", "EP", newest_entry(name, key, date(2026, 1, 31)), as_of=date(2026, 2, 28))
    case(
        "ENG4_CLAMPED_DAY_AFTER",
        "EP",
        newest_entry(name, key, date(2026, 1, 31)),
        chk(ENG4, key, 1),
        as_of=date(2026, 3, 1),
    )
    case("ENG4_LEAP_LAST_DAY", "EP", newest_entry(name, key, date(2024, 1, 31)), as_of=date(2024, 2, 29))
    case(
        "ENG4_LEAP_DAY_AFTER",
        "EP",
        newest_entry(name, key, date(2024, 1, 30)),
        chk(ENG4, key, 1),
        as_of=date(2024, 3, 1),
    )
    case(
        "ENG4_MONTH_END",
        "EP",
        newest_entry(name, key, date(2026, 2, 28)),
        chk(ENG4, key, 1),
        as_of=date(2026, 3, 31),
    )
    case(
        "ENG4_NO_CONTRACT",
        "EP",
        both(put(name, key, []), no_life("contract_signed")),
        NO_CONTRACT,
        judged=False,
    )


# --- C02 -------------------------------------------------------------------------------------------------


def success_plan() -> None:
    made = ("success_plan", "created_at")
    gap = chk(CS1, "created_at")
    case("CS1_DAY_30", ALL, put(*made, lambda n: n.signed + days(30)), signed=A - days(60))
    case("CS1_DAY_31", ALL, put(*made, lambda n: n.signed + days(31)), gap, signed=A - days(60))
    case("CS1_LATE_90", ALL, put(*made, A - days(90)), gap, signed=A - days(121))
    case("CS1_LATE_91", ALL, put(*made, A - days(91)), signed=A - days(122))


def adoption() -> None:
    name, key = "adoption_metrics", "measurements"
    case("CS2_LAST_DAY", ALL, newest_entry(name, key, A - days(7)))
    case("CS2_DAY_AFTER", ALL, newest_entry(name, key, A - days(8)), chk(CS2, key, 1))
    case("CS2_EMPTY", ALL, put(name, key, []), chk(CS2, key))
    empty = put(name, key, [])
    case("CS2_ANCHOR_LAST_DAY", ALL, both(empty, life("onboarded", A - days(7))), due=[CS2])
    case("CS2_ANCHOR_DAY_AFTER", ALL, both(empty, life("onboarded", A - days(8))), chk(CS2, key))
    case("CS2_NOT_ONBOARDED", ALL, both(empty, no_life("onboarded")), due=[CS2, "C04/CHK_HUB_001"], judged=False)
    old = both(newest_entry(name, key, A - days(8)), life("onboarded", A - days(5)))
    case("CS2_OLD_BUT_NOT_DUE", "P", old, due=[CS2])


def health(calculated: date, *history: date, touched: date | None = None) -> Callable[[Node], None]:
    def change(n: Node) -> None:
        n.a["health_score"] |= {
            "calculated_at": calculated,
            "history": [{"date": day, "score": 70 + k} for k, day in enumerate(history)],
        }
        if touched:
            n.set("health_score", "last_updated", touched)

    return change


def health_score() -> None:
    name = "health_score"
    merged = cad(CS3, name, "calculated_at")
    overdue = cad(ANY, name, "calculated_at")
    note = "whether `check` is set where the cadence is overdue but its paired check passes"
    for track, last in (("E", MONTH), ("P", A - days(7)), ("F", date(2026, 2, 27))):
        day = last - days(1)
        case("CS3_LAST_DAY", track, health(last))
        case("CS3_DAY_AFTER", track, health(day), merged)
        case("CS3_DAY_AFTER_AND_STALE", track, health(day, touched=day), merged)
        case("CS3_WITHOUT_CADENCE", track, health(day, A - days(1)), chk(CS3, "calculated_at"))
        case("CS3_STALE_ONLY", track, health(A - days(1), touched=day), stale(name))
        case("CS3_AND_STALE", track, health(day, A - days(1), touched=day), stale(name, CS3))
        far = last - days(60)
        case("CS3_LONG", track, health(far, far - days(7)), merged)
    case("CS3_POC", "O", health(A - days(200), touched=A - days(200)))
    later = bool  # readability of the table: (as_of, calculated, is it overdue)
    for as_of, calculated, late in (
        (date(2026, 3, 3), date(2026, 3, 2), later(0)),
        (date(2026, 3, 3), date(2026, 3, 1), later(1)),
        (date(2026, 3, 4), date(2026, 3, 2), later(1)),
        (date(2026, 2, 28), date(2026, 2, 27), later(0)),
        (date(2026, 2, 28), date(2026, 2, 26), later(1)),
        (date(2026, 3, 1), date(2026, 2, 27), later(0)),
        (date(2026, 3, 1), date(2026, 2, 26), later(1)),
        (date(2026, 3, 2), date(2026, 2, 28), later(0)),
    ):
        title = f"DAILY_{as_of:%a}_FROM_{calculated:%a_%d}".upper()
        if late:
            case(title, "F", health(calculated), overdue, as_of=as_of, passed=[CS3], ambiguous=note)
        else:
            case(title, "F", health(calculated), as_of=as_of)
    future = put(name, "calculated_at", A + days(2))
    case("CS3_FUTURE", ALL, future, warn("future-date", name, "calculated_at"))
    stamp = at(A - days(8), "22:30", -3)  # 01:30 of the next day in UTC
    case("CS3_OFFSET_LAST_DAY", "P", put(name, "calculated_at", stamp), base=quiet_history)
    stamp = at(A - days(7), "01:30", 3)
    case(
        "CS3_OFFSET_DAY_AFTER",
        "P",
        put(name, "calculated_at", stamp),
        merged,
        base=quiet_history,
    )


def quiet_history(track: str, as_of: date, *, signed: date | None) -> Node:
    node = full(track, as_of, signed=signed)
    node.set("health_score", "history", [])
    return node


def reviews_of_business(log: date | None, report: date | None) -> Callable[[Node], None]:
    """The only quarterly reviews on record, as a touchpoint and as an account review."""

    def change(n: Node) -> None:
        touchpoints = n.get("touchpoint_log", "touchpoints")
        touchpoints[5]["type"] = "check_in"
        if log:
            touchpoints.insert(0, touchpoint(30, log, "qbr"))
        reviews = n.get("account_health_report", "reviews")
        reviews[1]["type"] = "monthly"
        if report:
            reviews.insert(0, {**reviews[0], "date": report, "type": "qbr"})

    return change


def qbr() -> None:
    name, key = "touchpoint_log", "touchpoints"
    for track, last in (("P", QUARTER), ("F", MONTH), ("E", HALF_YEAR)):
        check = CS4 if track != "E" else ANY
        note = "whether `check` is set for the cadence of a check that is not applicable"
        more = {"ambiguous": note} if track == "E" else {}
        after = last - days(1)
        case("CS4_LAST_DAY", track, reviews_of_business(last, None))
        case("CS4_DAY_AFTER", track, reviews_of_business(after, None), cad(check, name, key, 0), **more)
        case("CS4_REVIEW_LAST_DAY", track, reviews_of_business(None, last))
        report = Gap("overdue-cadence", "cadence", check, name)
        case("CS4_REVIEW_DAY_AFTER", track, reviews_of_business(None, after), report, **more)
        case("CS4_NEWER_IN_LOG", track, reviews_of_business(last, after))
        case("CS4_NEWER_IN_REPORT", track, reviews_of_business(after, last))
        never = reviews_of_business(None, None)
        case("CS4_ANCHOR_LAST_DAY", track, never, signed=last, due=[CS4] if track != "E" else [])
        case("CS4_ANCHOR_DAY_AFTER", track, never, cad(check, name, key), signed=after, **more)
        far = reviews_of_business(last - days(200), last - days(250))
        case("CS4_LONG", track, far, cad(check, name, key, 0), signed=date(2024, 6, 3), **more)
    case("CS4_POC_NEVER", "O", reviews_of_business(None, None), signed=date(2024, 6, 3))
    leap = reviews_of_business(date(2023, 11, 30), None)  # a quarter later is Feb 29
    case("CS4_LEAP_LAST_DAY", "P", leap, as_of=date(2024, 2, 29))
    case("CS4_LEAP_DAY_AFTER", "P", leap, cad(CS4, name, key, 0), as_of=date(2024, 3, 1))


# --- C03 -------------------------------------------------------------------------------------------------


def handoff() -> None:
    name = "postsales_handoff"
    gap = chk(ACCT1, "completed_at")
    done = (name, "completed_at")
    case("ACCT1_DAY_7", ALL, put(*done, lambda n: n.signed + days(7)), signed=A - days(40))
    case("ACCT1_DAY_8", ALL, put(*done, lambda n: n.signed + days(8)), gap, signed=A - days(40))
    case("ACCT1_LATE_90", ALL, put(*done, A - days(90)), gap, signed=A - days(98))
    case("ACCT1_LATE_91", ALL, put(*done, A - days(91)), signed=A - days(99))

    def unfinished(n: Node) -> None:
        n.a[name] |= {"status": "in_progress", "last_updated": A - days(1)}
        del n.a[name]["completed_at"]

    case("ACCT1_OPEN", ALL, unfinished, chk(ACCT1))
    case("ACCT1_OPEN_DUE_DAY", ALL, unfinished, signed=A - days(7), due=[ACCT1])
    case("ACCT1_OPEN_DAY_AFTER", ALL, unfinished, chk(ACCT1), signed=A - days(8))
    draft = both(unfinished, put(name, "status", "draft"))
    case("ACCT1_DRAFT", "EPF", draft, chk(ACCT1), signed=A - days(40))
    for track, limit in (("E", 14), ("P", 7), ("F", 3)):
        old = lambda k: both(unfinished, put(name, "last_updated", A - days(k)))  # noqa: E731
        case("STALE_OPEN_HANDOFF_LAST_DAY", track, old(limit), signed=A - days(2), due=[ACCT1])
        case("STALE_OPEN_HANDOFF", track, old(limit + 1), stale(name), signed=A - days(2), due=[ACCT1])


def account_review() -> None:
    name, key = "account_health_report", "reviews"
    case("ACCT2_LAST_DAY", ALL, newest_entry(name, key, MONTH))
    case("ACCT2_DAY_AFTER", ALL, newest_entry(name, key, MONTH - days(1)), chk(ACCT2, key, 1))
    case("ACCT2_EMPTY", ALL, put(name, key, []), chk(ACCT2, key))
    case("ACCT2_ANCHOR_LAST_DAY", ALL, put(name, key, []), signed=MONTH, due=[ACCT2])
    case("ACCT2_ANCHOR_DAY_AFTER", ALL, put(name, key, []), chk(ACCT2, key), signed=MONTH - days(1))


def responsibilities() -> None:
    name = "team_responsibilities"
    case("ACCT3_NO_ACK_RESPONSIBLE", ALL, cut(name, "acknowledgements", 2), chk(ACCT3))
    case("ACCT3_NO_ACK_ACCOUNTABLE", ALL, cut(name, "acknowledgements", 1), chk(ACCT3))
    case("ACCT3_NO_ACKS", ALL, put(name, "acknowledgements", []), chk(ACCT3))
    case("ACCT3_NEW_PERSON", "EP", put(name, "activities", 1, "accountable", "ana.duarte"), chk(ACCT3))
    case("ACCT3_CONSULTED_NEED_NOT", ALL, put(name, "activities", 1, "consulted", ["x.y", "z.w"]))
    case("ACCT3_NO_ACK_DUE_DAY", "EP", cut(name, "acknowledgements", 2), signed=A - days(30), due=[ACCT3])
    case("ACCT3_NO_ACK_DAY_AFTER", "EP", cut(name, "acknowledgements", 2), chk(ACCT3), signed=A - days(31))


def expansion() -> None:
    name, key = "expansion_tracker", "opportunities"
    item = chk(ACCT4, key, 1, span=True)
    case("ACCT4_NO_NEXT_STEP", ALL, cut(name, key, 1, "next_step"), item)
    case("ACCT4_UPDATED_30", ALL, put(name, key, 1, "updated_at", A - days(30)))
    case("ACCT4_UPDATED_31", ALL, put(name, key, 1, "updated_at", A - days(31)), item)
    for stage in ("identified", "proposed", "committed"):
        change = both(put(name, key, 1, "stage", stage), cut(name, key, 1, "next_step"))
        case(f"ACCT4_{stage.upper()}", "P", change, item)
    case("ACCT4_LOST", ALL, both(put(name, key, 1, "stage", "lost"), cut(name, key, 1, "next_step")))
    idle = lambda k: both(put(name, key, []), put(name, "reviewed_at", A - days(k)))  # noqa: E731
    case("ACCT4_NONE_OPEN_90", ALL, idle(90))
    case("ACCT4_NONE_OPEN_91", ALL, idle(91), chk(ACCT4, "reviewed_at"))
    closed = lambda k: both(put(name, key, 1, "stage", "closed"), put(name, "reviewed_at", A - days(k)))  # noqa: E731
    case("ACCT4_ALL_CLOSED_91", "EP", closed(91), chk(ACCT4, "reviewed_at"))
    case("ACCT4_OPEN_REVIEW_OLD", ALL, put(name, "reviewed_at", A - days(170)))
    case("ACCT4_DUE_DAY", "EP", cut(name, key, 1, "next_step"), signed=A - days(30), due=[ACCT4])
    case("ACCT4_DAY_AFTER", "EP", cut(name, key, 1, "next_step"), item, signed=A - days(31))


# --- C04 -------------------------------------------------------------------------------------------------


def hub() -> None:
    name = "customer_hub_config"
    made = (name, "initialized_at")
    gap = chk(HUB1, "initialized_at")
    case("HUB1_DAY_14", ALL, put(*made, lambda n: n.onboarded + days(14)), signed=A - days(40))
    case("HUB1_DAY_15", ALL, put(*made, lambda n: n.onboarded + days(15)), gap, signed=A - days(40))
    late = lambda k: both(life("onboarded", A - days(k + 15)), put(*made, A - days(k)))  # noqa: E731
    case("HUB1_LATE_90", ALL, late(90), gap)
    case("HUB1_LATE_91", ALL, late(91))
    name, key = "use_case_library", "use_cases"
    case("HUB2_TWO", ALL, put(name, key, 1, "status", "proposed"), chk(HUB2, key))
    case("HUB2_RETIRED", ALL, put(name, key, 0, "status", "retired"), chk(HUB2, key))
    case("HUB2_NONE", ALL, put(name, key, []), chk(HUB2, key))
    case("HUB2_THREE_LIVE", ALL, put(name, key, 1, "status", "live"))
    short = put(name, key, 0, "status", "proposed")
    case("HUB2_DUE_DAY", ALL, both(short, life("onboarded", A - days(30))), due=[HUB2])
    case("HUB2_DAY_AFTER", ALL, both(short, life("onboarded", A - days(31))), chk(HUB2, key))
    case("HUB2_NOT_ONBOARDED", "EP", both(short, no_life("onboarded")), judged=False)
    name = "architecture_decisions"
    case("HUB3_LAST_DAY", ALL, put(name, "last_updated", A - days(30)))
    case("HUB3_DAY_AFTER", "EPF", put(name, "last_updated", A - days(31)), stale(name, HUB3))
    case("HUB3_LONG", "EPF", put(name, "last_updated", A - days(120)), stale(name, HUB3))
    case("HUB3_DAY_AFTER", "O", put(name, "last_updated", A - days(31)), chk(HUB3, "last_updated"))
    case(
        "HUB3_STALE_NOT_DUE",
        "P",
        both(put(name, "last_updated", A - days(31)), life("onboarded", A - days(20))),
        Gap("stale-asset", "asset", ANY, name, name, ("last_updated",)),
        ambiguous="whether `check` is set on a stale asset whose check is not due yet",
    )
    name = "learning_path"
    case("HUB4_EMPTY", ALL, put(name, "modules", []), chk(HUB4, "modules"))
    empty = put(name, "modules", [])
    case("HUB4_DUE_DAY", ALL, both(empty, life("onboarded", A - days(30))), due=[HUB4])
    case("HUB4_DAY_AFTER", ALL, both(empty, life("onboarded", A - days(31))), chk(HUB4, "modules"))


# --- C05 -------------------------------------------------------------------------------------------------


def syncs() -> None:
    name, key = "engagement_status", "syncs"
    for track, last in (("E", A - days(14)), ("P", A - days(7)), ("F", date(2026, 2, 27))):
        day = last - days(1)
        case("SVC1_LAST_DAY", track, newest_entry(name, key, last))
        case("SVC1_DAY_AFTER", track, newest_entry(name, key, day), cad(SVC1, name, key, 1))
        case("SVC1_LONG", track, newest_entry(name, key, A - days(60)), cad(SVC1, name, key, 1))
        empty = put(name, key, [])
        case(
            "SVC1_ANCHOR_LAST_DAY", track, both(empty, life("services_engaged", last)), due=[SVC1], judged=track != "F"
        )
        case("SVC1_ANCHOR_DAY_AFTER", track, both(empty, life("services_engaged", day)), cad(SVC1, name, key))
        for state in ("not_engaged", "scoping"):
            idle = both(newest_entry(name, key, A - days(60)), put(name, "state", state))
            case(f"SVC1_{state.upper()}", track, idle, na=[SVC1])
        future = both(
            newest_entry(name, key, day),
            lambda n: n.get("engagement_status", "syncs").append({"date": A + days(1), "summary": "Next"}),
        )
        case("SVC1_FUTURE_ENTRY", track, future, cad(SVC1, name, key, 1))
    case("SVC1_POC", "O", newest_entry(name, key, A - days(90)))
    case("SVC1_DAILY_TUE", "F", newest_entry(name, key, date(2026, 3, 2)), as_of=date(2026, 3, 3))
    case(
        "SVC1_DAILY_TUE_AFTER",
        "F",
        newest_entry(name, key, date(2026, 3, 1)),
        cad(SVC1, name, key, 1),
        as_of=date(2026, 3, 3),
    )


def milestones() -> None:
    name, key = "milestone_tracker", "milestones"
    gap = chk(SVC2, key, 0, span=True)

    def times(completed: Any, recorded: Any) -> Callable[[Node], None]:
        def change(n: Node) -> None:
            n.set(name, key, 0, "completed_at", completed)
            n.set(name, key, 0, "recorded_at", recorded)
            if recorded is None:
                n.unset(name, key, 0, "recorded_at")

        return change

    d = A - days(10)
    case("SVC2_24H", ALL, times(at(d, "10:00"), at(d + days(1), "10:00")))
    case("SVC2_24H_01", ALL, times(at(d, "10:00"), at(d + days(1), "10:01")), gap)
    case("SVC2_OFFSET_OK", "EP", times(at(d, "10:00"), at(d + days(1), "11:30", 2)))
    case("SVC2_OFFSET_LATE", "EP", times(at(d, "10:00"), at(d + days(1), "09:30", -2)), gap)
    case("SVC2_NOT_RECORDED", ALL, times(at(d, "10:00"), None), gap)
    case("SVC2_NOT_RECORDED_TODAY", ALL, times(at(A, "08:00"), None), judged=False)
    case("SVC2_NOT_RECORDED_25H", ALL, times(at(A - days(1), "23:00"), None), gap, as_of=A)
    case("SVC2_LATE_90", ALL, times(at(A - days(93), "10:00"), at(A - days(90), "10:00")), gap)
    case("SVC2_LATE_91", ALL, times(at(A - days(93), "10:00"), at(A - days(91), "10:00")))
    case("SVC2_DATES_SAME_DAY", ALL, times(d, d))
    alone = lambda n: n.get(name, key).__delitem__(1)  # noqa: E731
    case("SVC2_DATES_NEXT_DAY", ALL, both(times(d, d + days(1)), alone), not_evaluable=[SVC2])
    case("SVC2_DATES_THREE_DAYS", ALL, times(d, d + days(3)), gap)
    case("SVC2_DATES_NOT_RECORDED", ALL, times(A - days(4), None), gap)
    case("SVC2_DATE_THEN_TIME", ALL, both(times(d, at(d, "18:00"))))
    case("SVC2_DATE_THEN_NEXT_NOON", "EP", both(times(d, at(d + days(1), "12:00")), alone), not_evaluable=[SVC2])
    case("SVC2_TIME_THEN_DATE_LATE", "EP", times(at(d, "12:00"), d + days(2)), gap)
    case("SVC2_FUTURE", "EP", times(at(A + days(2), "12:00"), None), judged=False)
    case("SVC2_IN_PROGRESS", ALL, lambda n: n.get(name, key).__delitem__(slice(0, 2)), na=[SVC2])


def risks() -> None:
    name, key = "services_risk_register", "risks"

    def times(index: int, found: Any, escalated: Any, status: str = "open") -> Callable[[Node], None]:
        def change(n: Node) -> None:
            n.get(name, key)[index] |= {"identified_at": found, "status": status}
            n.unset(name, key, index, "escalated_at")
            if escalated is not None:
                n.set(name, key, index, "escalated_at", escalated)

        return change

    critical, high = chk(SVC3, key, 0, span=True), chk(SVC3, key, 1, span=True)
    d = A - days(10)
    case("SVC3_CRITICAL_4H", "EPF", times(0, at(d, "08:00"), at(d, "12:00")))
    case("SVC3_CRITICAL_4H_01", "EPF", times(0, at(d, "08:00"), at(d, "12:01")), critical)
    late = {
        "E": (at(d + days(2), "08:00"), at(d + days(2), "08:01")),
        "P": (at(d + days(1), "08:00"), at(d + days(1), "08:01")),
        "F": (at(d, "12:00"), at(d, "12:01")),
    }
    for track, (last, after) in late.items():
        case("SVC3_HIGH_LAST", track, times(1, at(d, "08:00"), last))
        case("SVC3_HIGH_AFTER", track, times(1, at(d, "08:00"), after), high)
    case("SVC3_NOT_ESCALATED", "EPF", times(0, at(d, "08:00"), None), critical)
    case("SVC3_HIGH_NOT_ESCALATED", "EPF", times(1, at(d, "08:00"), None), high)
    case("SVC3_CRITICAL_TODAY_IN_TIME", "EPF", times(0, at(A, "21:00"), None), judged=False)
    case("SVC3_CRITICAL_TODAY_LATE", "EPF", times(0, at(A, "18:00"), None), critical)
    case("SVC3_HIGH_TODAY", "EP", times(1, at(A, "01:00"), None), judged=False)
    case("SVC3_HIGH_TODAY", "F", times(1, at(A, "01:00"), None), high)
    case("SVC3_LATE_90", "EPF", times(0, at(A - days(91), "08:00"), at(A - days(90), "08:00")), critical)
    case("SVC3_LATE_91", "EPF", times(0, at(A - days(92), "08:00"), at(A - days(91), "08:00")))
    one = lambda index: lambda n: n.set(name, key, [n.get(name, key)[index]])  # noqa: E731
    case("SVC3_DATES_CRITICAL", "EPF", both(times(0, d, d), one(0)), not_evaluable=[SVC3])
    case("SVC3_DATES_HIGH_SAME_DAY", "EP", both(times(1, d, d), one(1)))
    case("SVC3_DATES_HIGH_SAME_DAY", "F", both(times(1, d, d), one(1)), not_evaluable=[SVC3])
    case("SVC3_DATES_HIGH_NEXT_DAY", "PF", both(times(1, d, d + days(1)), one(1)), not_evaluable=[SVC3])
    case("SVC3_DATES_HIGH_NEXT_DAY", "E", both(times(1, d, d + days(1)), one(1)))
    case("SVC3_DATES_THREE_DAYS", "EPF", times(1, d, d + days(4)), high)
    case("SVC3_POC", "O", times(0, at(d, "08:00"), None))
    case("SVC3_MEDIUM", "EPF", put(name, key, 2, "identified_at", at(A - days(60), "08:00")))
    case("SVC3_NONE_SERIOUS", "EPF", one(2), na=[SVC3])


def closure() -> None:
    def done(n: Node) -> None:
        n.a["engagement_status"] |= {
            "state": "completed",
            "completed_at": A - days(5),
            "last_updated": A - days(50),
        }

    more = {"na": [SVC1]}
    case("SVC4_NO_CLOSURE", ALL, done, chk(SVC4, "reports"), **more)
    case("SVC4_NO_REPORTS", ALL, both(done, put("services_report", "reports", [])), chk(SVC4, "reports"), **more)
    closure_report = both(done, put("services_report", "reports", 1, "type", "closure"))
    case("SVC4_CLOSURE", ALL, closure_report, na=[SVC1], passed=[SVC4])
    case("SVC4_DUE_DAY", "EP", both(done, life("services_engaged", A - days(14))), due=[SVC4], **more)
    case("SVC4_DAY_AFTER", "EP", both(done, life("services_engaged", A - days(15))), chk(SVC4, "reports"), **more)


# --- C06 -------------------------------------------------------------------------------------------------


def cases_escalated() -> None:
    name, key = "case_log", "cases"
    gap = chk(SUP2, key, 0, span=True)

    def times(opened: Any, escalated: Any = None, resolved: Any = None) -> Callable[[Node], None]:
        def change(n: Node) -> None:
            row = n.get(name, key, 0)
            row |= {"opened_at": opened, "status": "closed" if resolved else "open"}
            for field, value in (("escalated_at", escalated), ("resolved_at", resolved)):
                row.pop(field)
                if value is not None:
                    row[field] = value

        return change

    d = A - days(10)
    case("SUP2_1H", ALL, times(at(d, "08:00"), at(d, "09:00"), at(d, "20:00")))
    case("SUP2_1H_01", ALL, times(at(d, "08:00"), at(d, "09:01"), at(d, "20:00")), gap)
    case("SUP2_OFFSET_OK", "EP", times(at(d, "08:00"), at(d, "10:30", 2), at(d, "20:00")))
    case("SUP2_OFFSET_LATE", "EP", times(at(d, "08:00"), at(d, "08:30", -1), at(d, "20:00")), gap)
    case("SUP2_NOT_ESCALATED", ALL, times(at(d, "08:00")), gap)
    case("SUP2_TODAY_IN_TIME", ALL, times(at(A, "23:30")), judged=False)
    case("SUP2_TODAY_LATE", ALL, times(at(A, "22:30")), gap)
    case(
        "SUP2_LATE_90", ALL, times(at(A - days(91), "08:00"), at(A - days(90), "08:00"), at(A - days(80), "08:00")), gap
    )
    case("SUP2_LATE_91", ALL, times(at(A - days(92), "08:00"), at(A - days(91), "08:00"), at(A - days(80), "08:00")))
    case("SUP2_CLOSED_WITHOUT_90", ALL, times(at(A - days(95), "08:00"), None, at(A - days(90), "08:00")), gap)
    case("SUP2_CLOSED_WITHOUT_91", ALL, times(at(A - days(95), "08:00"), None, at(A - days(91), "08:00")))
    case("SUP2_HIGH_NEED_NOT", ALL, put(name, key, 1, "opened_at", at(A - days(60), "08:00")))
    case("SUP2_DATES_SAME_DAY", ALL, times(d, d, d), not_evaluable=[SUP2])
    case("SUP2_DATES_NEXT_DAY", ALL, times(d, d + days(1), d + days(2)), not_evaluable=[SUP2])
    case("SUP2_DATES_LATER", ALL, times(d, d + days(3), d + days(3)), gap)
    case("SUP2_NO_CRITICAL", ALL, cut(name, key, 0), na=[SUP2])
    moment = {"as_of_arg": "2026-03-02T12:00:00Z"}
    case("SUP2_MOMENT_IN_TIME", "EP", times(at(A, "11:30")), judged=False, **moment)
    case("SUP2_MOMENT_LATE", "EP", times(at(A, "10:45")), gap, **moment)
    case("SUP2_MOMENT_AFTER", "EP", times(at(A, "13:00")), judged=False, **moment)


def designated_engineer() -> None:
    name, key = "dse_engagement", "activities"
    fresh = put(name, "last_updated", A - days(1))
    gap = chk(SUP3, key, 1, span=True)
    case("SUP3_NO_OUTCOME", ALL, both(fresh, cut(name, key, 1, "outcome")), gap)
    case("SUP3_NO_ACTIVITY", ALL, both(fresh, put(name, key, [])), chk(SUP3, key))
    case("SUP3_NOT_ASSIGNED", ALL, both(fresh, put(name, "assigned", False), put(name, key, [])), na=[SUP3])
    late = both(fresh, put(name, key, []))
    case("SUP3_DUE_DAY", "EPF", late, signed=A - days(30), due=[SUP3])
    case("SUP3_DAY_AFTER", "EPF", late, chk(SUP3, key), signed=A - days(31))
    for track, limit in (("E", 14), ("P", 7), ("F", 3)):
        old = both(cut(name, key, 1, "outcome"), put(name, "last_updated", A - days(limit + 1)))
        case("STALE_OPEN_DSE", track, old, gap, stale(name))
        ok = both(cut(name, key, 1, "outcome"), put(name, "last_updated", A - days(limit)))
        case("STALE_OPEN_DSE_LAST_DAY", track, ok, gap)


def support_review() -> None:
    name, key = "support_health", "reviews"
    for track, last in (("E", QUARTER), ("P", MONTH), ("F", A - days(7))):
        day = last - days(1)
        case("SUP4_LAST_DAY", track, newest_entry(name, key, last))
        case("SUP4_DAY_AFTER", track, newest_entry(name, key, day), cad(SUP4, name, key, 1))
        case("SUP4_LONG", track, newest_entry(name, key, day - days(90)), cad(SUP4, name, key, 1))
        empty = put(name, key, [])
        case("SUP4_ANCHOR_LAST_DAY", track, empty, signed=last, due=[SUP4])
        case("SUP4_ANCHOR_DAY_AFTER", track, empty, cad(SUP4, name, key), signed=day)
    case("SUP4_POC", "O", put(name, key, []))


# --- C07 -------------------------------------------------------------------------------------------------


def advocacy() -> None:
    name, key = "success_stories", "stories"
    for status in ("candidate", "draft"):
        case(f"ADV1_{status.upper()}", ALL, put(name, key, 0, "status", status), chk(ADV1, key))
    case("ADV1_APPROVED", ALL, put(name, key, 0, "status", "approved"))
    case("ADV1_NONE", ALL, put(name, key, []), chk(ADV1, key))
    unfit = both(put(name, key, []), put("reference_profile", "qualifying", False))
    case("ADV1_NOT_QUALIFYING", ALL, unfit, na=[ADV1])
    case("ADV1_DUE_DAY", "EPF", put(name, key, []), signed=A - days(30), due=[ADV1])
    case("ADV1_DAY_AFTER", "EPF", put(name, key, []), chk(ADV1, key), signed=A - days(31))

    name, key = "permission_tracker", "permissions"
    gap = chk(ADV2, key, 0, span=True)
    case("ADV2_LAST_DAY", ALL, put(name, key, 0, "expires_at", A))
    case("ADV2_DAY_AFTER", ALL, put(name, key, 0, "expires_at", A - days(1)), gap)
    case("ADV2_LONG", ALL, put(name, key, 0, "expires_at", A - days(40)), gap)
    case(
        "ADV2_EXPIRED",
        ALL,
        both(put(name, key, 0, "expires_at", A - days(1)), put(name, key, 0, "status", "expired")),
        na=[ADV2],
    )

    uses = "advocacy_log", "uses"
    fresh = put("advocacy_log", "last_updated", A - days(1))
    first, second = chk(ADV3, "uses", 0, span=True), chk(ADV3, "uses", 1, span=True)
    case("ADV3_NO_OUTCOME", ALL, both(fresh, cut(*uses, 1, "outcome")), second)
    case("ADV3_DANGLING", ALL, put(*uses, 1, "permission_id", "PM-9"), second)
    case("ADV3_REVOKED", ALL, put(name, key, 0, "status", "revoked"), second, na=[ADV2])
    case("ADV3_GRANTED_SAME_DAY", ALL, put(name, key, 0, "granted_at", A - days(60)))
    case("ADV3_GRANTED_AFTER", ALL, put(name, key, 0, "granted_at", A - days(59)), second)
    case("ADV3_EXPIRED_SAME_DAY", ALL, put(name, key, 1, "expires_at", A - days(100)))
    case("ADV3_EXPIRED_BEFORE", ALL, put(name, key, 1, "expires_at", A - days(101)), first)
    case("ADV3_FUTURE_ONLY", ALL, lambda n: n.get(*uses).__delitem__(slice(0, 2)), na=[ADV3])
    for track, limit in (("E", 14), ("P", 7), ("F", 3)):
        old = lambda k: both(cut(*uses, 1, "outcome"), put("advocacy_log", "last_updated", A - days(k)))  # noqa: E731
        case("STALE_OPEN_USE_LAST_DAY", track, old(limit), second)
        case("STALE_OPEN_USE", track, old(limit + 1), second, stale("advocacy_log"))

    name, key = "reference_profile", "candidate_reviews"
    case("ADV4_LAST_DAY", ALL, newest_entry(name, key, QUARTER))
    case("ADV4_DAY_AFTER", ALL, newest_entry(name, key, QUARTER - days(1)), chk(ADV4, key, 1))
    case("ADV4_EMPTY", ALL, put(name, key, []), chk(ADV4, key))
    case("ADV4_ANCHOR_LAST_DAY", ALL, put(name, key, []), signed=QUARTER, due=[ADV4])
    case("ADV4_ANCHOR_DAY_AFTER", ALL, put(name, key, []), chk(ADV4, key), signed=QUARTER - days(1))


# --- staleness -------------------------------------------------------------------------------------------

DAYS = {7: A - days(7), 14: A - days(14), 3: A - days(3)}
ROW = {"E": DAYS[14], "P": DAYS[7], "F": DAYS[3]}
EVERYWHERE = {
    "team_responsibilities": QUARTER,
    "customer_hub_config": QUARTER,
    "learning_path": QUARTER,
    "reference_profile": QUARTER,
    "support_profile": QUARTER,
    "success_stories": QUARTER,
    "permission_tracker": QUARTER,
    "use_case_library": QUARTER,
    "milestone_tracker": QUARTER,
    "success_plan": MONTH,
    "customer_profile": MONTH,
    "engagement_plan": MONTH,
    "sentiment_tracker": MONTH,
    "account_health_report": MONTH,
    "expansion_tracker": MONTH,
}
BY_TRACK = {  # the longest of the row and the asset's own period: the oldest good day
    "touchpoint_log": {"E": MONTH, "P": DAYS[14], "F": DAYS[7]},
    "adoption_metrics": {"E": DAYS[14], "P": DAYS[7], "F": DAYS[7]},
    "health_score": {"E": MONTH, "P": DAYS[7], "F": DAYS[3]},
    "engagement_status": {"E": DAYS[14], "P": DAYS[7], "F": DAYS[3]},
    "services_report": {"E": MONTH, "P": DAYS[7], "F": DAYS[3]},
    "support_health": {"E": QUARTER, "P": MONTH, "F": DAYS[7]},
    "case_log": ROW,
    "intervention_log": ROW,
    "services_risk_register": ROW,
}


def staleness() -> None:
    table = {name: dict.fromkeys("EPF", day) for name, day in EVERYWHERE.items()} | BY_TRACK
    opened = put("intervention_log", "interventions", 1, "status", "open")
    for name, last in table.items():
        more = opened if name == "intervention_log" else as_it_is
        for track, day in last.items():
            case(f"STALE_{name.upper()}_LAST_DAY", track, both(more, put(name, "last_updated", day)))
            gone = both(more, put(name, "last_updated", day - days(1)))
            case(f"STALE_{name.upper()}", track, gone, stale(name))
        stamp = at(last["P"] - days(1), "23:30", -1)
        case(f"STALE_{name.upper()}_OFFSET_OK", "P", both(more, put(name, "last_updated", stamp)))
        stamp = at(last["P"], "00:30", 1)
        case(f"STALE_{name.upper()}_OFFSET", "P", both(more, put(name, "last_updated", stamp)), stale(name))
    for name in ("milestone_tracker", "services_risk_register", "services_report", "engagement_status"):
        idle = both(put("engagement_status", "state", "scoping"), put(name, "last_updated", A - days(400)))
        case(f"STALE_IDLE_{name.upper()}", "EPF", idle, na=[SVC1])
    for name in ASSETS:
        if name != "architecture_decisions":
            case(f"STALE_POC_{name.upper()}", "O", put(name, "last_updated", A - days(500)))
    future = put("team_responsibilities", "last_updated", A + days(1))
    case("FUTURE_DATE", ALL, future, warn("future-date", "team_responsibilities", "last_updated"))
    future = put("team_responsibilities", "last_updated", at(A, "23:30", -5))
    case("FUTURE_DATE_OFFSET", "EP", future, warn("future-date", "team_responsibilities", "last_updated"))
    case("FUTURE_NOT_YET", "EP", put("team_responsibilities", "last_updated", at(A, "23:30")))
    case("FUTURE_NOT_YET_OFFSET", "EP", put("team_responsibilities", "last_updated", at(A + days(1), "01:00", 5)))
    far = put("architecture_decisions", "last_updated", A + days(400))
    case("FUTURE_DATE_HUB3", ALL, far, warn("future-date", "architecture_decisions", "last_updated"))
    for name in ("customer_profile", "support_profile", "learning_path"):
        case(f"UNDATED_{name.upper()}", ALL, cut(name, "last_updated"), warn("undated-asset", name, root=True))
    case(
        "UNDATED_NO_PERIOD",
        "EPF",
        cut("intervention_log", "last_updated"),
        warn("undated-asset", "intervention_log", root=True),
    )

    def old_in_git(n: Node) -> None:
        n.unset("sentiment_tracker", "last_updated")
        n.old.add(n.real("sentiment_tracker"))

    case(
        "UNDATED_OLD_IN_GIT",
        "EPF",
        old_in_git,
        warn("undated-asset", "sentiment_tracker", root=True),
        Gap("stale-asset", "asset", None, "sentiment_tracker"),
    )
    case("UNDATED_OLD_IN_GIT", "O", old_in_git, warn("undated-asset", "sentiment_tracker", root=True))


# --- presence --------------------------------------------------------------------------------------------


def take_away(name: str) -> Callable[[Node], None]:
    """Drop an asset, and what other assets say about its content."""

    def change(n: Node) -> None:
        n.drop(name)
        if name == "permission_tracker":
            n.a["advocacy_log"]["uses"] = []
            for story in n.get("success_stories", "stories"):
                story.pop("permission_id", None)

    return change


UNSURE = {"not_applicable", "not_evaluable"}
SIDE: dict[str, dict[str, Any]] = {  # what the absence means for checks of other assets
    "permission_tracker": {"na": [ADV3]},
    "reference_profile": {"na": [ADV1]},
    "engagement_status": {"either": {SVC4: UNSURE}},
}
LATER = {  # checks that fall due after their asset does
    "touchpoint_log": CS4,
    "support_health": SUP4,
    "reference_profile": ADV4,
}
# asset -> track -> (lifecycle date that its due date hangs on, the latest such date that is past due)
ANCHORS: dict[str, dict[str, tuple[str, date]]] = {}


def due_after(anchor: str, last: date, names: str, tracks: str = "EPF") -> None:
    for name in names.split():
        for track in tracks:
            ANCHORS.setdefault(name, {})[track] = (anchor, last)


due_after("contract_signed", A - days(7), "customer_profile", "OEPF")
due_after("contract_signed", A - days(7), "postsales_handoff")
due_after("contract_signed", A - days(30), "engagement_plan success_plan intervention_log health_score")
due_after("contract_signed", A - days(30), "team_responsibilities expansion_tracker case_log dse_engagement")
due_after("contract_signed", A - days(30), "reference_profile success_stories advocacy_log permission_tracker")
due_after("contract_signed", A - days(30), "support_profile", "OEPF")
due_after("contract_signed", MONTH, "sentiment_tracker account_health_report")
due_after("contract_signed", A - days(14), "touchpoint_log", "P")
due_after("contract_signed", A - days(7), "touchpoint_log", "F")
due_after("contract_signed", A - days(30), "touchpoint_log", "E")
due_after("contract_signed", A - days(30), "support_health", "E")
due_after("contract_signed", MONTH, "support_health", "P")
due_after("contract_signed", A - days(7), "support_health", "F")
due_after("onboarded", A - days(7), "adoption_metrics")
due_after("onboarded", A - days(14), "customer_hub_config", "PF")
due_after("onboarded", A - days(30), "use_case_library architecture_decisions learning_path")
due_after("services_engaged", A - days(14), "milestone_tracker services_risk_register services_report")
due_after("services_engaged", A - days(14), "engagement_status", "E")
due_after("services_engaged", A - days(7), "engagement_status", "P")


def presence() -> None:
    for name in ASSETS:
        side = SIDE.get(name, {})
        for track in "OEPF":
            gaps = [] if name in NOT_EXPECTED[INITIALS[track]] else [missing(name)]
            case(f"MISSING_{name.upper()}", track, take_away(name), *gaps, **side)
        for track, (anchor, last) in ANCHORS[name].items():
            away = take_away(name)
            if name == "adoption_metrics":  # due by the contract's date as well
                away = both(away, life("contract_signed", A - days(20)))
            on_time = both(away, life(anchor, last))
            more = dict(side)
            if name == "touchpoint_log" and track == "E":
                more["ambiguous"] = "whether a cadence can be overdue on a log that is absent and not yet due"
                more["alternatives"] = [[cad(None, name)]]
            case(f"MISSING_{name.upper()}_DUE_DAY", track, on_time, **more)
            late = both(away, life(anchor, last - days(1)))
            more = dict(side)
            if name in LATER and LATER[name] not in NOT_APPLICABLE[INITIALS[track]]:
                more["either"] = {LATER[name]: {"failed", "not_yet_due"}}
            if name == "touchpoint_log" and track == "F":
                more["ambiguous"] = "whether a check of a missing asset fails before its own later due date"
                more["alternatives"] = [[missing(name), bp_err("low-pass-rate", "track")]]
            case(f"MISSING_{name.upper()}_DAY_AFTER", track, late, missing(name), **more)
        anchor = ANCHORS[name].get("P", ("",))[0]
        if anchor in ("onboarded", "services_engaged"):
            case(f"MISSING_{name.upper()}_NO_ANCHOR", "P", both(away, no_life(anchor)), judged=False)
        if anchor == "contract_signed":
            nothing = both(take_away(name), no_life(anchor))
            case(f"MISSING_{name.upper()}_NO_ANCHOR", "P", nothing, NO_CONTRACT, judged=False)

    early = both(take_away("adoption_metrics"), life("contract_signed", A - days(31)), no_life("onboarded"))
    case("MISSING_ADOPTION_BY_CONTRACT", "P", early, missing("adoption_metrics"), judged=False)

    def empty(n: Node) -> None:
        n.drop(*list(n.a))

    def every(n: Node) -> list[Gap]:
        return [missing(name) for name in ASSETS if name not in NOT_EXPECTED[n.track]]

    case("MISSING_EVERYTHING", ALL, empty, expect=every)
    three = ("sentiment_tracker", "account_health_report", "learning_path")
    case("MISSING_THREE", "EPF", lambda n: n.drop(*three), *(missing(name) for name in three))
    case("MISSING_TWO", "EPF", lambda n: n.drop(*three[:2]), *(missing(name) for name in three[:2]))

    def misplaced(n: Node) -> None:
        n.moved["learning_path"] = "learning_path.yaml"

    case("MISSING_WRONG_FOLDER", "PF", misplaced, missing("learning_path"))

    def wrong_ending(n: Node) -> None:
        n.moved["learning_path"] = "knowledge/learning_path.yml"

    case(
        "MISSING_WRONG_ENDING",
        "P",
        wrong_ending,
        missing("learning_path"),
        ambiguous="whether a file that ends in .yml stands for the asset",
        alternatives=[[]],
    )


def register() -> None:
    for table in (
        profile_completed,
        engagement_plan,
        engagement_gap,
        sentiment,
        success_plan,
        adoption,
        health_score,
        qbr,
        handoff,
        account_review,
        responsibilities,
        expansion,
        hub,
        syncs,
        milestones,
        risks,
        closure,
        cases_escalated,
        designated_engineer,
        support_review,
        advocacy,
        staleness,
        presence,
    ):
        table()
