"""What loosens the judgement, and what only looks as if it did: nothing of it may help the change that brings it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.realms import DAY, ROLLOUT, TRIAL, Answer, Bp, Realms

PACKAGED = Path(__file__).parents[2]
BLUEPRINT = f"{ROLLOUT}/blueprint.yaml"
CASES = f"{ROLLOUT}/support/case_log.yaml"
SCORECARD = f"{ROLLOUT}/success/exec_scorecard.yaml"
WAIVER = """waivers:
  - {asset: support/case_log.yaml, reason: agreed, approved_by: m.ortiz, approved_on: 2026-02-01, expires: 2026-08-01}
"""


def messages(answer: Answer) -> list[str]:
    """The messages of the policy changes."""
    assert {gap["severity"] for gap in answer.data["policy_changes"]} <= {"warning"}
    return [gap["message"] for gap in answer.data["policy_changes"]]


@pytest.fixture
def waived(realms: Realms) -> Realms:
    """A base that lacks an asset and has a waiver for it."""
    realms.append(BLUEPRINT, WAIVER)
    realms.remove(CASES)
    realms.commit()
    return realms


# Waivers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("reason: agreed", "reason: agreed with the customer"),
        ("approved_by: m.ortiz", "approved_by: maria.ortiz"),
        ("expires: 2026-08-01", "expires: 2026-04-01"),
        ("approved_on: 2026-02-01", "approved_on: 2026-02-03"),
        ("reason: agreed, approved_by: m.ortiz", "approved_by: m.ortiz, reason: agreed"),
        ("waivers:\n", "waivers:\n  # still needed\n"),
    ],
)
def test_a_waiver_that_permits_no_more_than_the_base_has_still_counts(
    waived: Realms, diff: Bp, old: str, new: str
) -> None:
    waived.edit(BLUEPRINT, old, new)
    answer = diff()
    assert (answer.code, answer.rules("introduced"), messages(answer)) == (0, [], [])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("expires: 2026-08-01", "expires: 2026-08-02"),
        ("approved_on: 2026-02-01", "approved_on: 2026-01-31"),
    ],
)
def test_a_waiver_that_permits_more_does_not_count(waived: Realms, diff: Bp, old: str, new: str) -> None:
    waived.edit(BLUEPRINT, old, new)
    answer = diff()
    assert (answer.code, answer.rules("introduced")) == (1, ["missing-asset"])
    assert [message.partition(" (")[0] for message in messages(answer)] == [
        "a waiver of `support/case_log.yaml` was changed"
    ]


def test_a_waiver_of_something_else_does_not_count(waived: Realms, diff: Bp) -> None:
    waived.remove(f"{ROLLOUT}/governance/health_score.yaml")
    waived.edit(BLUEPRINT, "asset: support/case_log.yaml", "asset: governance/health_score.yaml")
    answer = diff()
    assert answer.rules("introduced").count("missing-asset") == 2
    assert "`governance/health_score.yaml` was added" in messages(answer)[0]


def test_an_expired_waiver_that_is_extended_does_not_count(waived: Realms, diff: Bp) -> None:
    waived.edit(BLUEPRINT, "expires: 2026-08-01", "expires: 2026-02-10")
    waived.commit()
    waived.edit(BLUEPRINT, "expires: 2026-02-10", "expires: 2026-08-01")
    answer = diff()
    assert "missing-asset" in answer.rules("unchanged")
    assert "was changed (until 2026-08-01)" in messages(answer)[0]


def test_what_the_waivers_of_a_broken_base_permit_still_counts(waived: Realms, diff: Bp) -> None:
    waived.edit(BLUEPRINT, "status: active", "status: asleep")
    waived.edit(BLUEPRINT, "waivers:\n", "waivers:\n  - 7\n  - {asset: x.yaml, approved_on: soon}\n")
    waived.commit()
    waived.edit(BLUEPRINT, "status: asleep", "status: active")
    waived.edit(BLUEPRINT, "  - 7\n  - {asset: x.yaml, approved_on: soon}\n", "")
    answer = diff()
    assert (answer.code, answer.rules("introduced"), messages(answer)) == (0, [], [])


# Tightening is not loosening -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("review_every: monthly", "review_every: 20 days"),
        ("review_every: monthly", "review_every: monthly\n    x-note: the board's page"),
        ("go_live: 2025-12-08", "go_live: 2025-12-05"),
        ("  renewal: 2026-11-10\n", "  renewal: 2026-11-10\n  engagement_ends: 2027-11-10\n"),
        ("status: active\nlifecycle", "x-note: none\nstatus: active\nlifecycle"),
        ("owner: jonas.ek", "owner: dana.reyes"),
        ("CSM: jonas.ek", "CSM: dana.reyes"),
        (
            "additional_assets:\n",
            "additional_assets:\n  - {path: board.yaml, reference_blueprint: C03_account_team_postsales}\n",
        ),
    ],
)
def test_what_asks_for_more_or_the_same_is_not_listed(realms: Realms, diff: Bp, old: str, new: str) -> None:
    realms.edit(BLUEPRINT, old, new)
    assert messages(diff()) == []


def test_one_direction_is_listed_and_the_other_is_not(realms: Realms, diff: Bp) -> None:
    realms.edit(BLUEPRINT, "status: active", "status: planned")
    realms.edit(BLUEPRINT, "go_live: 2025-12-08", "go_live: 2025-12-18")
    realms.commit()
    assert len(messages(diff("HEAD~", "HEAD"))) == 2
    realms.git("revert", "--no-edit", "HEAD")
    assert messages(diff("HEAD~", "HEAD")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("review_every: monthly", "review_every: quarterly"),
        ("    review_every: monthly\n", ""),
        (
            "reference_blueprint: C02_customer_success_operating_model",
            "reference_blueprint: C05_services_coordination",
        ),
    ],
)
def test_an_additional_asset_of_which_less_is_required(realms: Realms, diff: Bp, old: str, new: str) -> None:
    realms.edit(BLUEPRINT, old, new)
    assert messages(diff()) == ["the requirements of additional asset `success/exec_scorecard.yaml` were changed"]


# Schemas that an engagement brings itself ------------------------------------------------------------

SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["last_updated", "pages"],
    "properties": {"pages": {"type": "integer", "maximum": 1}},
}


@pytest.fixture(params=[f"{ROLLOUT}/shapes/board.schema.json", "shapes/board.json", "shapes/board"])
def shape(request: pytest.FixtureRequest, realms: Realms) -> str:
    """A base whose additional asset has a schema outside the catalog's directories."""
    path = str(request.param)
    realms.write(path, json.dumps(SCHEMA))
    realms.edit(BLUEPRINT, "    review_every: monthly\n", f"    review_every: monthly\n    schema: {path}\n")
    realms.append(SCORECARD, "pages: 1\n")
    realms.add_node(TRIAL)
    realms.commit()
    return path


def test_a_schema_that_the_change_relaxes_does_not_judge_it(realms: Realms, bp: Bp, diff: Bp, shape: str) -> None:
    realms.write(shape, json.dumps({**SCHEMA, "properties": {}}))
    realms.append(SCORECARD, "\n")
    answer = diff()
    assert (answer.code, messages(answer)) == (0, [f"{shape} was changed"])
    realms.edit(SCORECARD, "pages: 1", "pages: 5")
    answer = diff()
    assert (answer.code, answer.rules("introduced"), messages(answer)) == (
        1,
        ["invalid-asset"],
        [f"{shape} was changed"],
    )
    scan = ("scan", "--no-write", "--as-of", DAY)
    assert bp(*scan).code == 0
    assert bp(*scan, "--policy-from", "HEAD").code == 1
    realms.commit()
    assert diff("HEAD~", "HEAD").rules("introduced") == ["invalid-asset"]
    assert diff("HEAD~", "HEAD", "--policy-from", "HEAD").code == 0


def test_only_the_engagements_that_name_a_schema_are_affected(realms: Realms, bp: Bp, shape: str) -> None:
    realms.write(shape, json.dumps({**SCHEMA, "properties": {}}))
    answer = bp("diff", "HEAD", "--as-of", DAY)
    assert (answer.code, answer.out.splitlines()[-1]) == (
        0,
        "0 introduced, 0 fixed, 0 unchanged, 1 policy change; 1 engagement compared",
    )


def test_a_schema_that_is_broken_or_gone_is_introduced(realms: Realms, diff: Bp, shape: str) -> None:
    realms.write(shape, '{"type": 7}')
    broken = diff()
    assert (broken.code, broken.rules("introduced")) == (1, ["invalid-blueprint"])
    assert shape in broken.data["introduced"][0]["message"]
    realms.remove(shape)
    gone = diff()
    assert (gone.rules("introduced"), messages(gone)) == (["invalid-blueprint"], [f"{shape} was deleted"])


def test_a_schema_that_is_new_judges_at_once(realms: Realms, diff: Bp) -> None:
    realms.write("board.json", json.dumps(SCHEMA))
    realms.edit(BLUEPRINT, "    review_every: monthly\n", "    review_every: monthly\n    schema: board.json\n")
    answer = diff()
    assert (answer.rules("introduced"), messages(answer)) == (["invalid-asset"], [])


# The policy of the repository ------------------------------------------------------------------------


@pytest.fixture
def many(tmp_path_factory: pytest.TempPathFactory, realms: Realms) -> Realms:
    """More engagements than one process judges."""
    for number in range(31):
        realms.add_node(ROLLOUT, f"NORDWIND/N{number:02}")
    realms.commit()
    return realms


def test_every_process_judges_by_the_base(many: Realms, diff: Bp) -> None:
    many.write("board.json", json.dumps(SCHEMA))
    for number in range(31):
        name = f"NORDWIND/N{number:02}"
        many.edit(
            f"{name}/blueprint.yaml", "review_every: monthly\n", "review_every: monthly\n    schema: board.json\n"
        )
        many.append(f"{name}/success/exec_scorecard.yaml", "pages: 1\n")
    many.commit()
    many.write("board.json", "{}")
    for number in range(31):
        many.edit(f"NORDWIND/N{number:02}/success/exec_scorecard.yaml", "pages: 1", "pages: 2")
    answer = diff("HEAD", "--jobs", "2")
    assert answer.rules("introduced") == ["invalid-asset"] * 31


BROKEN = {
    "bp.yaml": "fail_on: sometimes\n",
    "tracks/post_sales_governance/poc.yaml": "id: [\n",
    "reference_blueprints/post_sales_governance/C07_customer_advocacy.yaml": "id: C07_customer_advocacy\n",
}


@pytest.mark.parametrize("path", BROKEN)
@pytest.mark.parametrize("more", [[], ["--policy-from", "HEAD"]])
def test_a_head_with_a_broken_policy_is_refused_by_name(realms: Realms, diff: Bp, path: str, more: list[str]) -> None:
    realms.write(path, BROKEN[path])
    answer = diff("HEAD", *more)
    assert (answer.code, path in answer.err, answer.out) == (2, True, "")
    assert diff("HEAD", "--staged", *more).code == 0
    realms.git("add", "--all")
    assert diff("HEAD", "--staged", *more).code == 2


def test_a_file_of_the_head_that_is_not_a_schema_is_reported(realms: Realms, diff: Bp) -> None:
    """As in a scan, where it is ignored and the packaged one judges."""
    path = "schemas/C06_support_dse_engagement/case_log.schema.json"
    realms.write(path, "{")
    answer = diff()
    assert (messages(answer), f"{path} is ignored" in answer.err) == ([f"{path} was added"], True)


def test_a_policy_file_that_only_looks_different_is_not_listed(realms: Realms, diff: Bp) -> None:
    realms.commit({"bp.yaml": "fail_on: error\nexclude: [old/**]\n"})
    realms.write("bp.yaml", "# ours\nexclude: ['old/**']\nfail_on: error\n")
    answer = diff()
    assert (answer.code, messages(answer)) == (0, [])


def test_a_configuration_that_is_deleted_is_listed_with_its_settings(realms: Realms, diff: Bp) -> None:
    realms.commit({"bp.yaml": "fail_on: note\n"})
    realms.remove("bp.yaml")
    assert messages(diff()) == ["bp.yaml was deleted: fail_on"]


def test_a_catalog_elsewhere_is_policy_too(realms: Realms, diff: Bp) -> None:
    track = (PACKAGED / "tracks/post_sales_governance/fast_track.yaml").read_text(encoding="utf-8")
    moved = "policy/tracks/post_sales_governance/fast_track.yaml"
    realms.commit({"bp.yaml": "catalog: policy\n", moved: track})
    realms.write(moved, track.replace("staleness: 3 days", "staleness: 300 days"))
    realms.edit(f"{ROLLOUT}/governance/health_score.yaml", "last_updated: 2026-02-27", "last_updated: 2026-02-01")
    answer = diff()
    assert "stale-asset" in answer.rules("introduced")
    assert messages(answer) == [f"{moved} was changed"]


def test_every_format_shows_every_policy_change(realms: Realms, bp: Bp, tmp_path: Path) -> None:
    realms.write("bp.yaml", "fail_on: never\n")
    realms.edit(BLUEPRINT, "track: fast_track", "track: premium")
    formats = ("text", "json", "yaml", "sarif", "junit", "github", "gitlab", "markdown")
    files = {format: tmp_path / f"out.{format}" for format in formats}
    targets = [word for format, file in files.items() for word in ("-f", f"{format}={file}")]
    assert bp("diff", "HEAD", "--as-of", DAY, *targets).code == 0
    for file in files.values():
        text = file.read_text(encoding="utf-8")
        assert text.count("track was lowered from fast_track to premium") == 1, file
        assert text.count("bp.yaml was added: fail_on") == 1, file
