"""What a pull request is to blame for, situation by situation."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.realms import DAY, IMPLEMENTATION, ROLLOUT, TRIAL, Answer, Bp, Realms
from tests.support.repository import Scratch

BLUEPRINT = f"{ROLLOUT}/blueprint.yaml"
CASES = f"{ROLLOUT}/support/case_log.yaml"
HEALTH = f"{ROLLOUT}/governance/health_score.yaml"


def silent(answer: Answer) -> None:
    """Nothing is to blame on anybody."""
    assert (answer.code, answer.data["introduced"], answer.data["policy_changes"]) == (0, [], [])


def test_no_change_compares_nothing(realms: Realms, diff: Bp) -> None:
    answer = diff()
    commit = realms.git("rev-parse", "HEAD")
    assert answer.data == {
        "schema_version": 2,
        "base": commit,
        "head": "worktree",
        "as_of": DAY,
        "introduced": [],
        "fixed": [],
        "uncovered": [],
        "excused": [],
        "unchanged": [],
        "policy_changes": [],
        "deleted_nodes": [],
    }


def test_deleting_a_required_asset_is_introduced_and_putting_it_back_is_fixed(realms: Realms, diff: Bp) -> None:
    realms.remove(HEALTH)
    answer = diff()
    (gap,) = answer.data["introduced"]
    assert (answer.code, gap["node"], gap["rule"], gap["asset"]) == (
        1,
        ROLLOUT,
        "missing-asset",
        "governance/health_score.yaml",
    )
    realms.commit()
    realms.git("checkout", "--quiet", "HEAD~", "--", HEALTH)
    back = diff()
    assert (back.code, back.rules("fixed"), back.rules("introduced")) == (0, ["missing-asset"], [])


def test_the_calendar_is_nobodys_fault(realms: Realms, bp: Bp) -> None:
    realms.append(CASES, "# seen\n")
    later = bp("diff", "HEAD", "--as-of", "2026-06-30", "--format", "json")
    assert later.code == 0
    assert "stale-asset" in later.rules("unchanged")
    assert later.data["introduced"] == later.data["fixed"] == []


def test_reordered_and_shifted_is_unchanged(realms: Realms, diff: Bp) -> None:
    broken = "  - {id: NW-30, subject: Slow, severity: critical, status: open, opened_at: 2026-02-20}\n"
    realms.append(CASES, broken)
    realms.commit()
    text = (realms.path / CASES).read_text(encoding="utf-8")
    head, *entries = text.split("  - ")
    realms.write(CASES, "# one\n# two\n" + head + "".join(f"  - {entry}" for entry in entries[::-1]))
    answer = diff()
    silent(answer)
    assert "failed-check" in answer.rules("unchanged")


def test_a_second_failing_item_in_a_failing_check_is_introduced(realms: Realms, diff: Bp) -> None:
    realms.append(CASES, "  - {id: NW-30, subject: Slow, severity: critical, status: open, opened_at: 2026-02-20}\n")
    realms.commit()
    realms.append(CASES, "  - {id: NW-31, subject: Slower, severity: critical, status: open, opened_at: 2026-02-21}\n")
    answer = diff("HEAD")
    assert answer.rules("introduced") == ["failed-check"]
    assert answer.data["introduced"][0]["check"] == "C06/CHK_SUP_002"


def test_a_change_of_another_engagement_is_not_looked_at(realms: Realms, diff: Bp) -> None:
    realms.add_node(IMPLEMENTATION)
    realms.commit()
    realms.append(CASES, "# seen\n")
    answer = diff()
    assert {gap["node"] for gap in answer.data["unchanged"]} <= {ROLLOUT}


def test_a_gap_report_alone_is_no_change(realms: Realms, bp: Bp) -> None:
    realms.write(f"{ROLLOUT}/gap_report.yaml", f"as_of: {DAY}\n")
    text = bp("diff", "HEAD", "--as-of", DAY)
    assert (text.code, text.out) == (0, "0 introduced, 0 fixed, 0 unchanged; 0 engagements compared\n")


# The blueprint ---------------------------------------------------------------------------------------


def test_a_lower_track_is_listed_and_a_higher_one_is_judged(realms: Realms, diff: Bp) -> None:
    realms.edit(BLUEPRINT, "track: fast_track", "track: premium")
    lowered = diff()
    (change,) = lowered.data["policy_changes"]
    assert (lowered.code, change["severity"], change["location"]["line"]) == (0, "warning", 7)
    assert "lowered from fast_track to premium" in change["message"]
    realms.commit()
    realms.edit(BLUEPRINT, "track: premium", "track: fast_track")
    assert diff().data["policy_changes"] == []


def test_a_stricter_track_is_introduced_by_the_change(realms: Realms, diff: Bp) -> None:
    realms.add_node(TRIAL)
    realms.commit()
    realms.edit(f"{TRIAL}/blueprint.yaml", "track: poc", "track: premium")
    answer = diff()
    assert answer.code == 1
    assert "missing-reference-blueprint" in answer.rules("introduced")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("status: active", "status: on_hold", "status was set from active to on_hold"),
        ("  go_live: 2025-12-08\n", "", "lifecycle.go_live was removed"),
        ("go_live: 2025-12-08", "go_live: 2026-12-08", "lifecycle.go_live was moved from 2025-12-08 to 2026-12-08"),
        (
            "id: C05_services_coordination",
            "id: C05_services_coordination\n    status: not_applicable\n    reason: none sold",
            "C05_services_coordination was set to not_applicable",
        ),
        ("  - id: C07_customer_advocacy\n", "", "C07_customer_advocacy was removed"),
        ("    review_every: monthly\n", "    review_every: annual\n", "`success/exec_scorecard.yaml` were changed"),
        (
            "playbooks:\n",
            "assets:\n  support/case_log.yaml: support/case_log.yaml\nplaybooks:\n",
            "`support/case_log.yaml` was mapped to",
        ),
    ],
)
def test_what_loosens_the_judgement_is_listed(realms: Realms, diff: Bp, old: str, new: str, message: str) -> None:
    realms.edit(BLUEPRINT, old, new)
    changes = diff().data["policy_changes"]
    assert [change["rule"] for change in changes] == ["policy-change"]
    assert message in changes[0]["message"]
    assert changes[0]["node"] == ROLLOUT


def test_a_dropped_additional_asset_is_listed(realms: Realms, diff: Bp) -> None:
    text = (realms.path / BLUEPRINT).read_text(encoding="utf-8")
    start, end = text.index("additional_assets:"), text.index("playbooks:")
    realms.write(BLUEPRINT, text[:start] + text[end:])
    (change,) = diff().data["policy_changes"]
    assert "`success/exec_scorecard.yaml` was removed" in change["message"]


WAIVER = """waivers:
  - {asset: support/case_log.yaml, reason: agreed, approved_by: m.ortiz, approved_on: 2026-02-01, expires: 2026-08-01}
"""


def test_a_waiver_does_not_excuse_the_change_that_brings_it(realms: Realms, diff: Bp) -> None:
    realms.remove(CASES)
    realms.append(BLUEPRINT, WAIVER)
    answer = diff()
    assert (answer.code, answer.rules("introduced")) == (1, ["missing-asset"])
    assert "a waiver of `support/case_log.yaml` was added" in answer.data["policy_changes"][0]["message"]


def test_a_waiver_that_the_base_has_excuses(realms: Realms, diff: Bp) -> None:
    realms.append(BLUEPRINT, WAIVER)
    realms.commit()
    realms.remove(CASES)
    answer = diff()
    silent(answer)
    assert answer.rules("fixed") == ["unused-waiver"]
    realms.edit(BLUEPRINT, "expires: 2026-08-01", "expires: 2027-08-01")
    extended = diff()
    assert extended.rules("introduced") == ["missing-asset"]
    assert "was changed (until 2027-08-01)" in extended.data["policy_changes"][0]["message"]


def test_removing_a_waiver_introduces_what_it_excused(realms: Realms, diff: Bp) -> None:
    realms.remove(CASES)
    realms.append(BLUEPRINT, WAIVER)
    realms.commit()
    realms.edit(BLUEPRINT, WAIVER, "")
    assert diff().rules("introduced") == ["missing-asset"]


def test_a_blueprint_that_cannot_be_judged_fixes_nothing(realms: Realms, diff: Bp) -> None:
    realms.add_node(IMPLEMENTATION)
    realms.commit()
    realms.edit(f"{IMPLEMENTATION}/blueprint.yaml", "track:", "track: [")
    broken = diff()
    assert (broken.code, broken.rules("introduced"), broken.data["fixed"]) == (1, ["yaml-syntax"], [])
    assert "cannot be judged any more" in broken.err
    realms.git("checkout", "--quiet", "--", ".")
    realms.edit(f"{IMPLEMENTATION}/blueprint.yaml", "status: active", "status: on_hold")
    assert diff().data["fixed"] == []


def test_an_asset_that_cannot_be_read_fixes_nothing(realms: Realms, diff: Bp) -> None:
    realms.append(CASES, "  - {id: NW-30, subject: Slow, severity: critical, status: open, opened_at: 2026-02-20}\n")
    realms.commit()
    realms.append(CASES, "  - {id: [\n")
    broken = diff()
    assert (broken.rules("introduced"), broken.data["fixed"]) == (["yaml-syntax"], [])
    realms.remove(CASES)
    assert (diff().rules("introduced"), diff().data["fixed"]) == (["missing-asset"], [])


# Deleted, new and renamed ----------------------------------------------------------------------------


def test_a_deleted_blueprint_is_introduced_while_assets_remain(realms: Realms, diff: Bp) -> None:
    realms.remove(BLUEPRINT)
    answer = diff()
    assert (answer.code, answer.rules("introduced")) == (1, ["missing-blueprint"])
    assert answer.data["fixed"] == answer.data["deleted_nodes"] == []


def test_a_deleted_engagement_is_a_note(realms: Realms, diff: Bp) -> None:
    realms.add_node(IMPLEMENTATION)
    realms.commit()
    realms.remove(IMPLEMENTATION)
    answer = diff()
    silent(answer)
    assert answer.data["fixed"] == []
    assert answer.data["deleted_nodes"] == [IMPLEMENTATION]


@pytest.mark.parametrize("to", ["ACME/ROLLOUT_EU", "ACME/Implementation"])
@pytest.mark.parametrize("committed", [True, False])
def test_a_renamed_engagement_keeps_its_gaps(realms: Realms, diff: Bp, to: str, committed: bool) -> None:
    realms.add_node(IMPLEMENTATION)
    before = realms.commit()
    realms.move(IMPLEMENTATION, to)
    realms.edit(f"{to}/blueprint.yaml", "metadata:", "x-note: moved\nmetadata:")
    realms.remove(f"{to}/engagement/customer_profile.yaml")
    if committed:
        realms.commit()
    answer = diff(before, "HEAD") if committed else diff(before)
    assert answer.rules("introduced") == ["missing-asset"]
    assert len(answer.data["unchanged"]) > 5
    assert answer.data["deleted_nodes"] == []
    assert f"is now {to}" in answer.err


def test_a_rename_is_known_by_the_files_that_moved_together(realms: Realms, diff: Bp) -> None:
    realms.add_node(IMPLEMENTATION)
    realms.commit()
    realms.move(IMPLEMENTATION, "ACME/ROLLOUT_EU")
    text = (realms.path / "ACME/ROLLOUT_EU/blueprint.yaml").read_text(encoding="utf-8")
    head, *rest = [line for line in text.splitlines(keepends=True) if not line.startswith("#")]
    realms.write("ACME/ROLLOUT_EU/blueprint.yaml", head + "".join(f"{line.rstrip()}  # moved\n" for line in rest))
    answer = diff()
    assert (answer.data["introduced"], answer.data["deleted_nodes"]) == ([], [])
    assert len(answer.data["unchanged"]) > 5


def test_two_engagements_of_one_template_are_not_taken_for_each_other(realms: Realms, diff: Bp) -> None:
    names = {"A": "Y", "B": "X"}  # by their order, or their blueprints alone, A would be X
    for old in names:
        realms.add_node(ROLLOUT, f"TWINS/{old}")
        realms.append(f"TWINS/{old}/engagement/customer_profile.yaml", f"# {old}\n")
        realms.append(f"TWINS/{old}/support/case_log.yaml", f"# {old}\n")
    realms.remove("TWINS/A/governance/health_score.yaml")
    realms.commit()
    for old, new in names.items():
        realms.move(f"TWINS/{old}", f"TWINS/{new}")
    answer = diff()
    assert (answer.data["introduced"], answer.data["fixed"]) == ([], [])
    assert "TWINS/A is now TWINS/Y" in answer.err


def test_a_new_engagement_is_all_introduced_and_its_waivers_do_not_count(realms: Realms, diff: Bp) -> None:
    realms.add_node(ROLLOUT, "NORDWIND/SECOND")
    silent(diff())
    realms.append("NORDWIND/SECOND/blueprint.yaml", WAIVER)
    realms.remove("NORDWIND/SECOND/support/case_log.yaml")
    answer = diff()
    assert answer.rules("introduced") == ["missing-asset"]
    assert answer.rules("policy_changes") == ["policy-change"]


def test_a_renamed_asset_is_missing_and_so_is_one_in_other_letters(realms: Realms, diff: Bp) -> None:
    for to in ("health_score_2026.yaml", "Health_Score.yaml"):
        realms.git("checkout", "--quiet", "--force", "HEAD", "--", ".")
        realms.move(HEALTH, f"{ROLLOUT}/governance/{to}")
        realms.append(f"{ROLLOUT}/governance/{to}", "# moved\n")
        assert diff().rules("introduced") == ["missing-asset"]
        realms.remove(f"{ROLLOUT}/governance/{to}")


# Policy ----------------------------------------------------------------------------------------------


def test_a_change_is_not_judged_by_the_policy_that_it_brings(realms: Realms, diff: Bp) -> None:
    realms.write("bp.yaml", "exclude: [NORDWIND/**]\nfail_on: never\n")
    realms.remove(HEALTH)
    answer = diff()
    assert (answer.code, answer.rules("introduced")) == (1, ["missing-asset"])
    (change,) = answer.data["policy_changes"]
    assert (change["node"], change["location"]["path"]) == (None, "bp.yaml")
    assert "exclude, fail_on" in change["message"]


def test_policy_from_judges_by_another_revision(realms: Realms, diff: Bp) -> None:
    realms.write("bp.yaml", "fail_on: never\n")
    realms.remove(HEALTH)
    realms.commit()
    assert diff("HEAD~", "HEAD").code == 1
    assert diff("HEAD~", "HEAD", "--policy-from", "HEAD").code == 0


def test_a_broken_policy_of_the_head_is_refused(realms: Realms, diff: Bp) -> None:
    realms.write("bp.yaml", "fail_onn: never\n")
    assert diff().code == 2
    realms.write("bp.yaml", "fail_on: error\n")
    realms.write("tracks/post_sales_governance/premium.yaml", "id: premium\n")
    answer = diff()
    assert (answer.code, "tracks/post_sales_governance/premium.yaml" in answer.err) == (2, True)


def test_a_broken_policy_of_the_base_says_how_to_go_on(realms: Realms, diff: Bp) -> None:
    realms.commit({"bp.yaml": "fail_onn: never\n"})
    realms.commit({"bp.yaml": "fail_on: error\n"})
    answer = diff("HEAD~", "HEAD")
    assert (answer.code, "--policy-from HEAD" in answer.err) == (2, True)
    assert diff("HEAD~", "HEAD", "--policy-from", "HEAD").code in (0, 2)


def test_catalog_files_are_listed_and_affect_every_engagement(realms: Realms, bp: Bp) -> None:
    realms.add_node(TRIAL)
    realms.commit()
    packaged = Path(__file__).parents[2] / "tracks" / "post_sales_governance" / "poc.yaml"
    realms.write("tracks/post_sales_governance/poc.yaml", packaged.read_text(encoding="utf-8"))
    answer = bp("diff", "HEAD", "--as-of", DAY)
    assert "tracks/post_sales_governance/poc.yaml was added [policy-change]" in answer.out
    assert answer.out.endswith("1 policy change; 2 engagements compared\n")
    data = json.loads(bp("diff", "HEAD", "--as-of", "2026-06-30", "-f", "json").out)
    assert {gap["node"] for gap in data["unchanged"]} == {ROLLOUT, TRIAL}
    assert data["introduced"] == data["fixed"] == []


# Git -------------------------------------------------------------------------------------------------


def test_staged_sees_the_index_alone(realms: Realms, diff: Bp) -> None:
    realms.remove(HEALTH)
    silent(diff("HEAD", "--staged"))
    realms.git("add", "--all")
    realms.git("checkout", "--quiet", "HEAD", "--", HEALTH)
    realms.git("rm", "--quiet", "--cached", HEALTH)
    staged = diff("HEAD", "--staged")
    assert (staged.code, staged.data["head"], staged.rules("introduced")) == (1, "index", ["missing-asset"])
    silent(diff("HEAD"))


def test_a_partially_staged_file_is_judged_as_staged(realms: Realms, diff: Bp) -> None:
    realms.append(CASES, "  - {id: NW-30, subject: Slow, severity: critical, status: open, opened_at: 2026-02-20}\n")
    realms.git("add", "--all")
    realms.edit(CASES, "opened_at: 2026-02-20", "opened_at: 2026-02-20, escalated_at: 2026-02-20")
    assert diff("HEAD", "--staged").rules("introduced") == ["failed-check", "stale-asset"]
    assert diff("HEAD").rules("introduced") == ["stale-asset"]


def test_the_base_is_where_the_branch_began(realms: Realms, diff: Bp) -> None:
    """What the main branch did meanwhile is neither introduced nor fixed by the branch."""
    realms.git("checkout", "--quiet", "-b", "topic")
    realms.append(CASES, "# seen\n")
    realms.commit()
    realms.git("checkout", "--quiet", "main")
    realms.remove(HEALTH)
    realms.commit()
    began = realms.git("merge-base", "main", "topic")
    answer = diff("main", "topic")
    silent(answer)
    assert (answer.data["base"], answer.data["fixed"]) == (began, [])
    merged = realms.merge("2026-01-06T12:00:00+00:00", "topic")
    assert diff("topic", merged).rules("introduced") == ["missing-asset"]


def test_criss_cross_histories_have_a_base(realms: Realms, diff: Bp) -> None:
    realms.git("checkout", "--quiet", "-b", "topic")
    one = realms.commit({f"{ROLLOUT}/notes.md": "one\n"})
    realms.git("checkout", "--quiet", "main")
    two = realms.commit({f"{ROLLOUT}/more.md": "two\n"})
    realms.merge("2026-01-06T12:00:00+00:00", one)
    realms.git("checkout", "--quiet", "topic")
    realms.merge("2026-01-06T12:00:00+00:00", two)
    realms.remove(HEALTH)
    realms.commit()
    answer = diff("main", "topic")
    assert answer.data["base"] in (one, two)
    assert answer.rules("introduced") == ["missing-asset"]


@pytest.fixture
def pull_request(realms: Realms) -> str:
    """The merge commit that a CI service makes of a pull request that loses an asset."""
    realms.git("checkout", "--quiet", "-b", "topic")
    realms.remove(HEALTH)
    realms.commit()
    realms.git("checkout", "--quiet", "main")
    realms.commit({"README.md": "meanwhile\n"})
    realms.git("checkout", "--quiet", "--detach")
    return realms.merge("2026-01-06T12:00:00+00:00", "topic")


def test_a_merge_ref_fetched_to_depth_two_is_enough(
    realms: Realms, pull_request: str, tmp_path: Path, run: Callable[..., Answer]
) -> None:
    realms.git("branch", "pull", pull_request)
    deep = realms.clone(tmp_path / "two", "--depth=2", "--branch=pull")
    answer = run(deep.path, "diff", "HEAD^1", "HEAD", "--as-of", DAY, "-f", "json")
    assert answer.rules("introduced") == ["missing-asset"]
    assert answer.data["base"] == realms.git("rev-parse", "main")
    shallow = realms.clone(tmp_path / "one", "--depth=1", "--branch=pull")
    answer = run(shallow.path, "diff", "HEAD^1", "HEAD", "--as-of", DAY)
    assert (answer.code, "fetch-depth: 0" in answer.err) == (2, True)


def test_branches_that_a_shallow_clone_does_not_join_are_refused(
    realms: Realms, tmp_path: Path, run: Callable[..., Answer]
) -> None:
    realms.git("checkout", "--quiet", "-b", "topic")
    realms.commit({"one.md": "1\n"})
    realms.git("checkout", "--quiet", "main")
    realms.commit({"two.md": "2\n"})
    clone = realms.clone(tmp_path / "clone", "--depth=1", "--no-single-branch")
    answer = run(clone.path, "diff", "origin/topic", "origin/main")
    assert (answer.code, "git fetch --unshallow" in answer.err) == (2, True)


def test_unrelated_histories_are_refused(realms: Realms, diff: Bp) -> None:
    realms.git("checkout", "--quiet", "--orphan", "other")
    realms.commit({"one.md": "1\n"})
    answer = diff("main", "other")
    assert (answer.code, "no commit in common" in answer.err) == (2, True)


def test_an_unborn_branch_is_the_empty_tree(tmp_path: Path, run: Callable[..., Answer]) -> None:
    fresh = Realms.new(tmp_path / "fresh")
    assert isinstance(fresh, Realms)
    fresh.add_node(ROLLOUT)
    fresh.remove(HEALTH)
    for head in ([], ["--staged"]):
        fresh.git("add", "--all")
        answer = run(fresh.path, "diff", "HEAD", *head, "--as-of", DAY, "-f", "json")
        assert answer.rules("introduced") == ["missing-asset"]


def test_a_bare_repository_needs_both_sides(realms: Realms, tmp_path: Path, run: Callable[..., Answer]) -> None:
    realms.remove(HEALTH)
    realms.commit()
    bare = realms.clone(tmp_path / "bare.git", "--bare")
    assert run(bare.path, "diff", "HEAD~", "HEAD", "--as-of", DAY, "-f", "json").rules("introduced") == [
        "missing-asset"
    ]
    answer = run(bare.path, "diff", "HEAD~")
    assert (answer.code, "bp diff BASE HEAD" in answer.err) == (2, True)


def test_a_subdirectory_and_a_linked_work_tree_see_the_whole_change(
    realms: Realms, tmp_path: Path, run: Callable[..., Answer]
) -> None:
    realms.git("worktree", "add", "--quiet", str(tmp_path / "linked"), "-b", "side")
    linked = Scratch(tmp_path / "linked")
    (linked.path / HEALTH).unlink()
    for where in (linked.path, linked.path / ROLLOUT / "support"):
        answer = run(where, "diff", "main", "--as-of", DAY, "-f", "json")
        assert answer.rules("introduced") == ["missing-asset"]


def test_usage(realms: Realms, tmp_path: Path, diff: Bp, run: Callable[..., Answer]) -> None:
    assert diff("HEAD", "HEAD", "--staged").code == 2
    unknown = diff("mian")
    assert (unknown.code, "Did you mean `main`?" in unknown.err) == (2, True)
    (tmp_path / "plain").mkdir()
    answer = run(tmp_path / "plain", "diff", "HEAD")
    assert (answer.code, "needs Git" in answer.err) == (2, True)


def test_a_hook_judges_what_this_very_commit_takes(realms: Realms) -> None:
    """`commit -a` and `commit PATH` give the hook an index of their own."""
    hook = realms.write(
        ".git/hooks/pre-commit",
        f"#!/bin/sh\nexec '{sys.executable}' -m blueprint_cli diff HEAD --staged --as-of {DAY} > .git/output\n",
    )
    hook.chmod(0o755)
    realms.remove(HEALTH)
    realms.append(CASES, "# seen\n")
    before = realms.git("rev-parse", "HEAD")
    realms.git("commit", "--quiet", "-a", "--message=all", ok=False)
    assert realms.git("rev-parse", "HEAD") == before
    assert "[missing-asset]" in (realms.path / ".git" / "output").read_text(encoding="utf-8")
    realms.git("commit", "--quiet", "--message=one", CASES)
    assert realms.git("diff", "--name-only", "HEAD~", "HEAD") == CASES
    realms.git("commit", "--quiet", "--message=the other", HEALTH, ok=False)
    assert realms.git("log", "--format=%s", "-1") == "one"
