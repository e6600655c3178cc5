"""What a repair uncovers is not introduced, and what another judgement lets pass is not fixed."""

from __future__ import annotations

import pytest

from tests.support.realms import DAY, IMPLEMENTATION, ROLLOUT, TRIAL, Bp, Realms

LATER = "2026-03-25"
"""A day on which the examples have gaps that nobody has worked on."""
BLUEPRINT = f"{IMPLEMENTATION}/blueprint.yaml"
TOUCHPOINTS = f"{IMPLEMENTATION}/engagement/touchpoint_log.yaml"
HEALTH = f"{IMPLEMENTATION}/governance/health_score.yaml"
CASES = f"{IMPLEMENTATION}/support/case_log.yaml"


@pytest.fixture
def late(bp: Bp) -> Bp:
    """`bp diff HEAD` as of that day."""
    return lambda *more: bp("diff", "HEAD", "--as-of", LATER, "-f", "json", *more)


@pytest.fixture(autouse=True)
def implementation(realms: Realms) -> None:
    realms.add_node(IMPLEMENTATION)
    realms.commit()


def committed(realms: Realms, path: str, text: str | None) -> None:
    """The base has another text at the path, or nothing; the head has what was there."""
    was = (realms.path / path).read_text(encoding="utf-8")
    realms.remove(path) if text is None else realms.write(path, text)
    realms.commit()
    realms.write(path, was)


# Uncovered -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [None, "a: [\n", "- a\n", "", "a: 1\na: 2\n", "last_updated: 2026-02-01\n", "\0\0"])
@pytest.mark.parametrize("path", [TOUCHPOINTS, HEALTH, CASES])
def test_a_repaired_file_introduces_nothing(realms: Realms, late: Bp, path: str, text: str | None) -> None:
    committed(realms, path, text)
    answer = late()
    assert (answer.code, answer.data["introduced"]) == (0, [])
    assert answer.data["fixed"]
    if not (text or "").startswith("last_updated"):  # whose age is known
        assert answer.data["uncovered"]


@pytest.mark.parametrize("text", [None, "a: [\n"])
def test_a_file_that_decides_on_others_uncovers_their_gaps(realms: Realms, late: Bp, text: str | None) -> None:
    committed(realms, f"{IMPLEMENTATION}/services/engagement_status.yaml", text)
    answer = late()
    assert (answer.code, answer.data["introduced"]) == (0, [])
    assert {gap["asset"] for gap in answer.data["uncovered"]} >= {
        "services/services_report.yaml",
        "services/services_risk_register.yaml",
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("track: premium", "track: ["),
        ("track: premium", "track: gold"),
        ("archetype: post_sales_governance", "archetype: post_sale_governance"),
        ("status: active", "state: active"),
    ],
)
def test_a_repaired_blueprint_introduces_nothing(realms: Realms, late: Bp, old: str, new: str) -> None:
    was = (realms.path / BLUEPRINT).read_text(encoding="utf-8")
    committed(realms, BLUEPRINT, was.replace(old, new, 1))
    answer = late()
    assert (answer.code, answer.data["introduced"]) == (0, [])
    assert len(answer.data["uncovered"]) > 20


def test_a_blueprint_that_was_missing_introduces_nothing(realms: Realms, late: Bp) -> None:
    committed(realms, BLUEPRINT, None)
    answer = late()
    assert (answer.code, answer.data["introduced"], answer.rules("fixed")) == (0, [], ["missing-blueprint"])


def test_what_else_a_repair_of_the_blueprint_brings_is_introduced(realms: Realms, late: Bp) -> None:
    was = (realms.path / BLUEPRINT).read_text(encoding="utf-8")
    committed(realms, BLUEPRINT, was.replace("track: premium", "track: [", 1))
    realms.remove(HEALTH)
    answer = late()
    assert (answer.code, answer.rules("introduced")) == (1, ["missing-asset"])


def test_a_reference_blueprint_that_was_missing_uncovers_its_gaps(realms: Realms, late: Bp) -> None:
    was = (realms.path / BLUEPRINT).read_text(encoding="utf-8")
    committed(realms, BLUEPRINT, was.replace("  - id: C06_support_dse_engagement\n", "", 1))
    answer = late()
    assert (answer.code, answer.data["introduced"]) == (0, [])
    assert "missing-reference-blueprint" in answer.rules("fixed")
    assert answer.data["uncovered"]


def test_a_date_that_was_missing_uncovers_what_fell_due(realms: Realms, late: Bp) -> None:
    was = (realms.path / BLUEPRINT).read_text(encoding="utf-8")
    (line,) = [line for line in was.splitlines(keepends=True) if "contract_signed:" in line]
    committed(realms, BLUEPRINT, was.replace(line, "", 1))
    answer = late()
    assert (answer.code, answer.data["introduced"]) == (0, [])
    assert "missing-date" in answer.rules("fixed")


def test_faults_that_a_change_writes_into_a_new_file_are_introduced(realms: Realms, late: Bp) -> None:
    committed(realms, HEALTH, None)
    realms.write(HEALTH, "trend: [\n")
    assert (late().code, late().rules("introduced")) == (1, ["yaml-syntax"])


def test_a_second_fault_in_a_file_that_was_read_is_introduced(realms: Realms, late: Bp) -> None:
    was = (realms.path / HEALTH).read_text(encoding="utf-8")
    realms.write(HEALTH, was.replace("last_updated:", "lastupdated:", 1))
    realms.commit()
    realms.append(HEALTH, "trends: up\n")
    assert late().rules("introduced") == ["unknown-key"]


def test_a_requirement_that_begins_to_apply_is_introduced(realms: Realms, late: Bp) -> None:
    was = (realms.path / BLUEPRINT).read_text(encoding="utf-8")
    for old, new in (("status: active", "status: on_hold"), ("track: premium", "track: poc")):
        committed(realms, BLUEPRINT, was.replace(old, new, 1))
        answer = late()
        assert (answer.code, answer.data["uncovered"]) == (1, [])
        assert len(answer.data["introduced"]) > 10
        realms.commit()


# Excused ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "introduced"),
    [
        ("track: premium", "track: poc", ["missing-date"]),  # of the day on which a POC ends
        ("status: active", "status: on_hold", []),
        ("status: active", "status: completed", []),
        ("contract_signed: 2025-09-08", "contract_signed: 2026-03-20", ["contradiction"]),
        ("  - id: C05_services_coordination\n", "", ["missing-reference-blueprint"]),
    ],
)
def test_gaps_that_are_judged_otherwise_are_excused(
    realms: Realms, late: Bp, old: str, new: str, introduced: list[str]
) -> None:
    realms.remove(TOUCHPOINTS)
    realms.commit()
    realms.edit(BLUEPRINT, old, new)
    answer = late()
    assert answer.data["fixed"] == []
    assert [change["rule"] for change in answer.data["policy_changes"]] == ["policy-change"]
    assert answer.rules("introduced") == introduced
    assert answer.data["excused"]


def test_work_beside_a_lower_track_is_fixed(realms: Realms, late: Bp) -> None:
    committed(realms, f"{IMPLEMENTATION}/engagement/customer_profile.yaml", "a: [\n")
    realms.edit(BLUEPRINT, "track: premium", "track: poc")
    answer = late()
    assert answer.rules("fixed") == ["yaml-syntax"]
    assert answer.data["excused"]


def test_a_fault_of_the_blueprint_itself_is_fixed(realms: Realms, late: Bp) -> None:
    realms.edit(BLUEPRINT, "metadata:", "lifecycles: {}\nmetadata:")
    realms.commit()
    realms.edit(BLUEPRINT, "lifecycles: {}\n", "")
    realms.edit(BLUEPRINT, "track: premium", "track: economy")
    assert "unknown-key" in late().rules("fixed")


# What fails a protected branch -----------------------------------------------------------------------


def test_policy_changes_fail_a_run_that_permits_none(realms: Realms, late: Bp) -> None:
    realms.edit(BLUEPRINT, "track: premium", "track: poc")
    assert late().code == 0
    assert late("--fail-on", "warning").code == 1
    for more in ((), ("--fail-on", "never")):
        answer = late("--fail-on-policy-change", *more)
        assert (answer.code, [change["severity"] for change in answer.data["policy_changes"]]) == (1, ["error"])


def test_so_do_deleted_engagements(realms: Realms, late: Bp) -> None:
    realms.remove(IMPLEMENTATION)
    assert late("--fail-on", "warning").code == 0
    answer = late("--fail-on-policy-change")
    assert (answer.code, answer.rules("policy_changes")) == (1, ["policy-change"])
    assert answer.data["deleted_nodes"] == [IMPLEMENTATION]


def test_a_change_that_lowers_nothing_passes_there(realms: Realms, late: Bp) -> None:
    realms.append(HEALTH, "# seen\n")
    assert late("--fail-on-policy-change").code == 0


@pytest.mark.parametrize("format", ["text", "markdown", "github", "yaml"])
def test_every_format_for_people_counts_them(realms: Realms, bp: Bp, format: str) -> None:
    committed(realms, TOUCHPOINTS, None)
    realms.edit(BLUEPRINT, "track: premium", "track: fast_track")
    realms.edit(BLUEPRINT, "  - id: C05_services_coordination\n", "")
    out = bp("diff", "HEAD", "--as-of", DAY, "-f", format).out
    if format != "yaml":
        assert " uncovered, " in out
    if format in ("text", "markdown"):
        assert "Uncovered: " in out


def test_an_engagement_without_faults_has_five_empty_lists(realms: Realms, diff: Bp) -> None:
    realms.add_node(TRIAL)
    realms.append(f"{ROLLOUT}/blueprint.yaml", "# seen\n")
    data = diff().data
    assert [data[name] for name in ("introduced", "fixed", "uncovered", "excused")] == [[]] * 4


# A waived file that breaks ---------------------------------------------------------------------------

WAIVER = """waivers:
  - {asset: support/case_log.yaml, reason: agreed, approved_by: m.ortiz, approved_on: 2026-02-01, expires: 2026-08-01}
"""


@pytest.mark.parametrize("text", ["a: [\n", "- a\n", "a: 1\na: 2\n"])
def test_breaking_a_waived_file_fixes_nothing_and_is_seen(realms: Realms, late: Bp, bp: Bp, text: str) -> None:
    realms.append(BLUEPRINT, WAIVER)
    realms.append(CASES, "colour: red\n")
    realms.commit()
    was = (realms.path / CASES).read_text(encoding="utf-8")
    realms.write(CASES, text)
    answer = late()
    assert (answer.code, answer.data["fixed"], len(answer.data["introduced"])) == (0, [], 1)
    (gap,) = answer.data["introduced"]
    assert (gap["asset"], gap["severity"]) == ("support/case_log.yaml", "warning")
    assert "cannot be judged any more" in answer.err
    assert gap["message"] in bp("scan", "--no-write", "--as-of", LATER, IMPLEMENTATION).out
    realms.commit()
    realms.write(CASES, was)
    back = late()
    assert (back.data["introduced"], back.rules("fixed")) == ([], [gap["rule"]])
