"""All gaps of one kind in one file are compared, however many; only what is shown is cut."""

from __future__ import annotations

from tests.support.realms import DAY, ROLLOUT, Bp, Realms

TRACKER = f"{ROLLOUT}/engagement/sentiment_tracker.yaml"
HEAD = "last_updated: 2026-02-26\nupdated_by: jonas.ek\nentries:\n"


def entry(number: int, source: str = "source: csm", *, label: str = "positive") -> str:
    return f"  - {{date: 2026-02-{1 + number % 26:02}, {source}, label: {label}, stakeholder: S{number}}}\n"


def test_a_new_kind_of_fault_is_introduced_beside_many_old_ones(realms: Realms, diff: Bp) -> None:
    many = HEAD + "".join(entry(number, "sourc: csm") for number in range(1_250))
    realms.write(TRACKER, many)
    realms.commit()
    realms.write(TRACKER, many + entry(1, label="splendid"))
    answer = diff()
    assert (answer.code, answer.rules("introduced"), answer.data["fixed"]) == (1, ["invalid-asset"], [])
    assert len(answer.data["unchanged"]) >= 1_250


def test_repairing_some_of_many_introduces_nothing(realms: Realms, diff: Bp) -> None:
    realms.write(TRACKER, HEAD + "".join(entry(number, "sourc: csm") for number in range(160)))
    realms.commit()
    fixed = [entry(number) for number in range(60)]
    realms.write(TRACKER, HEAD + "".join([*fixed, *(entry(number, "sourc: csm") for number in range(60, 160))]))
    answer = diff()
    assert (answer.code, answer.data["introduced"], len(answer.data["fixed"])) == (0, [], 60)
    assert answer.rules("unchanged").count("invalid-asset") == 100


def test_one_more_of_many_unknown_keys_is_introduced(realms: Realms, diff: Bp) -> None:
    many = HEAD + "".join(entry(number, "source: csm, extra: 1") for number in range(600))
    realms.write(TRACKER, many)
    realms.commit()
    realms.write(TRACKER, many + entry(700, "source: csm, extra: 1"))
    assert diff().rules("introduced") == ["unknown-key"]


def test_people_see_the_first_hundred_and_the_number(realms: Realms, bp: Bp) -> None:
    realms.write(TRACKER, HEAD + "".join(entry(number, "source: csm, extra: 1") for number in range(150)))
    out = bp("diff", "HEAD", "--as-of", DAY, "--fail-on", "warning").out
    assert out.count("[unknown-key]") == 100
    assert f"  and 50 more unknown-key in {TRACKER}\n" in out
    assert "150 introduced (150 warnings)" in out
    assert "fails for 150 gaps" in out


# Entries without an id -------------------------------------------------------------------------------


def test_an_edit_elsewhere_in_an_entry_without_id_changes_no_gap(realms: Realms, diff: Bp) -> None:
    realms.write(TRACKER, HEAD + entry(1) + entry(2, "sourc: csm") + entry(3, "source: csm, extra: 1"))
    realms.commit()
    realms.edit(TRACKER, "sourc: csm, label: positive", "sourc: csm, label: neutral")
    realms.edit(TRACKER, "stakeholder: S3", "stakeholder: Tove Lund")
    answer = diff()
    assert (answer.code, answer.data["introduced"], answer.data["fixed"]) == (0, [], [])
    assert "invalid-asset" in answer.rules("unchanged")


def test_another_fault_in_an_entry_without_id_is_introduced(realms: Realms, diff: Bp) -> None:
    realms.write(TRACKER, HEAD + entry(1) + entry(2, "sourc: csm"))
    realms.commit()
    realms.edit(TRACKER, "sourc: csm, label: positive", "sourc: csm, label: splendid")
    answer = diff()
    assert (answer.rules("introduced"), answer.data["fixed"]) == (["invalid-asset"], [])
