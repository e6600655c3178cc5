"""The hooks of our manifest, scenario by scenario, under the real git and the real pre-commit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from blueprint_cli.yamlfile import dump, read
from tests.hooks.hooked import BROKEN, NODE, PROFILE, TOUCHPOINTS, Answer, Hooked, manifest


def test_a_clean_commit_passes_and_nothing_is_written(hooked: Hooked) -> None:
    hooked.edit(PROFILE, "arr: 186000", "arr: 190000")
    hooked.git("add", "--all")
    before = hooked.state()
    done = hooked.try_commit()
    assert not done.blocked, done.output
    assert "bp lint (changed YAML)" in done.output
    assert "bp scan (what this commit introduces)" in done.output
    assert before == f"M  {PROFILE}\0"
    assert hooked.state() == ""


def test_broken_yaml_is_blocked_with_file_and_line(hooked: Hooked) -> None:
    hooked.write(PROFILE, "a: 1\n" + BROKEN)
    done = hooked.try_commit("--all")
    assert done.blocked
    assert f"{PROFILE}:2:" in done.output
    assert "[yaml-syntax]" in done.output
    assert (hooked.path / PROFILE).read_text() == "a: 1\n" + BROKEN


def test_broken_yaml_outside_any_engagement_is_blocked(hooked: Hooked) -> None:
    hooked.write("pipeline.yml", BROKEN)
    hooked.git("add", "--all")
    done = hooked.try_commit()
    assert done.blocked
    assert "pipeline.yml:2:1: error:" in done.output or "pipeline.yml:1:" in done.output


def test_yaml_of_other_tools_is_left_alone(hooked: Hooked) -> None:
    hooked.write("list.yml", "- a\n- b\n")
    hooked.write("several.yml", "a: 1\n---\nb: 2\n")
    hooked.write(".gitlab-ci.yml", "job:\n  script: !reference [.setup, script]\n")
    hooked.write("empty.yaml", "")
    hooked.git("add", "--all")
    done = hooked.try_commit()
    assert not done.blocked, done.output


def test_what_the_schema_forbids_is_blocked(hooked: Hooked) -> None:
    hooked.edit(PROFILE, "segment: high_touch", "segment: [high_touch]")
    done = hooked.try_commit("--all")
    assert done.blocked
    assert "[invalid-asset]" in done.output


def test_a_required_asset_that_is_deleted_is_blocked(hooked: Hooked) -> None:
    hooked.git("rm", "--quiet", PROFILE)
    done = hooked.try_commit()
    assert done.blocked
    assert "[missing-asset]" in done.output
    assert "engagement/customer_profile.yaml" in done.output


def test_a_required_asset_that_is_renamed_is_blocked(hooked: Hooked) -> None:
    hooked.git("mv", PROFILE, f"{NODE}/engagement/profile of the customer.yaml")
    done = hooked.try_commit()
    assert done.blocked
    assert "[missing-asset]" in done.output


def test_what_the_calendar_did_blocks_nothing(hooked: Hooked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BP_AS_OF", "2027-03-02")  # every asset is stale by now, every rhythm was missed
    hooked.edit(PROFILE, "title: Group Maintenance Manager", "title: Head of Maintenance")
    done = hooked.try_commit("--all")
    assert not done.blocked, done.output


def test_only_what_is_staged_is_judged(hooked: Hooked) -> None:
    hooked.edit(PROFILE, "arr: 186000", "arr: 190000")
    hooked.git("add", "--all")
    hooked.write(PROFILE, BROKEN)
    done = hooked.try_commit()
    assert not done.blocked, done.output
    assert (hooked.path / PROFILE).read_text() == BROKEN
    assert "arr: 190000" in hooked.git("show", f"HEAD:{PROFILE}")


def test_a_fault_that_is_staged_is_found_though_the_file_was_fixed(hooked: Hooked) -> None:
    good = (hooked.path / PROFILE).read_text()
    hooked.write(PROFILE, BROKEN)
    hooked.git("add", "--all")
    hooked.write(PROFILE, good)
    done = hooked.try_commit()
    assert done.blocked
    assert "[yaml-syntax]" in done.output
    assert (hooked.path / PROFILE).read_text() == good


def test_commit_of_one_path_judges_that_path_only(hooked: Hooked) -> None:
    hooked.edit(PROFILE, "arr: 186000", "arr: 190000")
    hooked.write(TOUCHPOINTS, BROKEN)
    hooked.git("add", TOUCHPOINTS)
    assert not (done := hooked.try_commit("--", PROFILE)).blocked, done.output
    assert hooked.state() == f"M  {TOUCHPOINTS}\0"
    assert hooked.try_commit("--", TOUCHPOINTS).blocked


def test_commit_from_a_subdirectory(hooked: Hooked) -> None:
    hooked.write(PROFILE, BROKEN)
    done = hooked.try_git("-C", f"{NODE}/support", "commit", "--all", "--message=change")
    assert done.blocked
    assert f"{PROFILE}:2:1" in done.output or f"{PROFILE}:1:" in done.output


def test_a_linked_work_tree(hooked: Hooked, tmp_path: Path) -> None:
    linked = tmp_path / "linked tree"
    hooked.git("worktree", "add", "--quiet", "-b", "side", str(linked))
    (linked / PROFILE).unlink()
    (linked / "notes.yaml").write_text(BROKEN)
    hooked.write(TOUCHPOINTS, BROKEN)  # beside it, in the main work tree
    hooked.git("-C", str(linked), "add", "--all")
    done = hooked.try_git("-C", str(linked), "commit", "--message=change")
    assert done.blocked
    assert "[missing-asset]" in done.output
    assert "notes.yaml:" in done.output
    assert TOUCHPOINTS not in done.output


def test_many_files_are_one_run_with_one_count(hooked: Hooked) -> None:
    """pre-commit would spread them over processes, each with a count of its own."""
    for number in range(150):
        hooked.write(f"notes/with space {number:03}.yaml", "a: 1\n" if number else BROKEN)
    hooked.git("add", "--all")
    done = hooked.try_commit()
    assert done.output.count(" checked: ") == 1, done.output
    assert "150 files checked: 1 error" in done.output


def test_the_author_of_a_commit_sees_what_blocks_it(hooked: Hooked) -> None:
    hooked.git("rm", "--quiet", PROFILE)
    output = hooked.try_commit().output
    assert "→ PB_167 Onboard new customer (CSM: dana.reyes)" in output
    assert "fails for 1 gap at or above error: `bp rule missing-asset` explains what to do" in output


def test_a_merge_is_judged(hooked: Hooked) -> None:
    hooked.git("checkout", "--quiet", "-b", "side")
    hooked.git("rm", "--quiet", PROFILE)
    hooked.git("commit", "--quiet", "--no-verify", "--message=side")
    hooked.git("checkout", "--quiet", "main")
    hooked.write("notes.yaml")
    hooked.git("add", "--all")
    hooked.git("commit", "--quiet", "--no-verify", "--message=main")
    done = hooked.try_git("merge", "--no-edit", "side")
    assert done.blocked
    assert "[missing-asset]" in done.output
    done = hooked.try_commit()
    assert done.blocked
    hooked.git("checkout", "HEAD", "--", PROFILE)
    assert not (done := hooked.try_commit()).blocked, done.output


def test_the_first_commit_of_all(fresh: Callable[[str], Hooked]) -> None:
    hooked = fresh("new")
    hooked.write("notes.yaml")
    hooked.git("add", "--all")
    assert not (done := hooked.try_commit()).blocked, done.output
    other = fresh("other")
    other.engagement()
    other.write(PROFILE, BROKEN)
    other.git("add", "--all")
    assert "[yaml-syntax]" in (done := other.try_commit()).output
    assert done.blocked


NAMES = ["with space.yaml", 'it\'s "so".yaml', "-rf.yaml", "--output=x.yaml", "Größe日.yaml", "$(touch pwned).yaml"]


@pytest.mark.parametrize("good", [True, False])
def test_names_of_files(hooked: Hooked, good: bool) -> None:
    for name in NAMES:
        hooked.write(name, "a: 1\n" if good else BROKEN)
        hooked.write(f"{NODE}/notes/{name}", "a: 1\n" if good else BROKEN)
    hooked.git("add", "--all")
    done = hooked.try_commit()
    assert done.blocked is not good, done.output
    if not good:
        for name in NAMES:
            assert f"\n{name}:" in done.output
            assert f"\n{NODE}/notes/{name}:" in done.output
    assert not list(hooked.path.rglob("pwned*"))


def test_a_line_end_in_a_name(hooked: Hooked) -> None:
    hooked.write(f"{NODE}/notes/two\nlines.yaml", BROKEN)
    hooked.git("add", "--all")
    done = hooked.try_commit()
    assert done.blocked
    assert r"two\nlines.yaml:" in done.output


def test_a_policy_file_that_is_wrong_is_reported_with_its_line(hooked: Hooked) -> None:
    hooked.write("bp.yaml", "fail_on: error\nfial_on: error\n")
    hooked.git("add", "--all")
    done = hooked.try_commit()
    assert done.blocked
    assert "bp.yaml:2:" in done.output


def test_the_manual_stage_refreshes_the_reports(hooked: Hooked) -> None:
    done = hooked.hook("bp-report", "--hook-stage", "manual", "--all-files")
    assert (hooked.path / NODE / "gap_report.yaml").is_file()
    assert done.code == 0, done.output  # new files are not tracked yet: nothing that is tracked was modified
    hooked.git("add", "--all")
    assert not (done := hooked.try_commit()).blocked, done.output
    assert not hooked.hook("bp-report", "--hook-stage", "manual", "--all-files").blocked
    hooked.write(f"{NODE}/gap_report.yaml", "schema_version: 1\n")
    hooked.git("add", "--all")
    done = hooked.hook("bp-report", "--hook-stage", "manual", "--all-files")
    assert done.blocked
    assert "files were modified by this hook" in done.output


def test_the_arguments_that_the_page_shows_block_warnings(hooked: Hooked) -> None:
    page = (hooked.root / "docs" / "ci.md").read_text(encoding="utf-8")
    block = page.partition("To fail on warnings too")[2].partition("```yaml\n")[2].partition("```")[0]
    shown = {hook["id"]: hook["args"] for hook in read(block.encode()).data["repos"][0]["hooks"]}
    assert set(shown) == {"bp-lint", "bp-scan"}
    hooks = [
        {**hook, "language": "system", "args": shown[str(hook["id"])]}
        for hook in manifest(hooked.root)
        if hook["id"] in shown
    ]
    hooked.write(".pre-commit-config.yaml", dump({"repos": [{"repo": "local", "hooks": hooks}]}))
    hooked.edit(PROFILE, "last_updated: ", "last_updated: 2026-02-20 # was ")
    hooked.write("-x.yaml")
    hooked.git("add", "--all")
    done = hooked.try_commit()
    assert done.blocked, done.output
    assert "[hollow-refresh]" in done.output
    assert "fails for 1 gap at or above warning" in done.output
    assert "bp lint (changed YAML)...................................................Passed" in done.output


@pytest.mark.slow
def test_the_manifest_itself_in_an_environment_of_its_own(hooked: Hooked, tmp_path: Path) -> None:
    clone = tmp_path / "blueprint-cli"
    hooked.git("clone", "--quiet", str(hooked.root), str(clone))
    hooked.write(PROFILE, BROKEN)
    hooked.git("add", "--all")
    done = hooked.try_git("-c", f"alias.hooks=!pre-commit try-repo '{clone}' --ref HEAD --verbose", "hooks")
    assert done.blocked
    assert done.output.count("[yaml-syntax]") == 2, done.output  # bp-lint and bp-scan


# Where nothing is staged -----------------------------------------------------------------------------


def range_of(hooked: Hooked, *more: str) -> Answer:
    return hooked.hook("bp-scan", "--from-ref", "HEAD~1", "--to-ref", "HEAD", *more)


def unverified(hooked: Hooked) -> None:
    """Commit what somebody would whose hooks are not installed."""
    hooked.git("add", "--all")
    hooked.git("commit", "--quiet", "--no-verify", "--message=change")


def test_a_range_of_commits_is_judged_in_ci(hooked: Hooked) -> None:
    hooked.edit(PROFILE, "arr: 186000", "arr: 190000")
    unverified(hooked)
    done = range_of(hooked)
    assert not done.blocked, done.output
    assert "0 introduced, 0 fixed" in done.output
    assert "1 engagement compared" in done.output
    (hooked.path / PROFILE).unlink()
    unverified(hooked)
    done = range_of(hooked, "--hook-stage", "pre-push")
    assert done.blocked
    assert "[missing-asset]" in done.output


def test_a_run_over_all_files_says_that_it_judged_no_change(hooked: Hooked) -> None:
    done = hooked.hook("bp-scan", "--all-files")
    assert not done.blocked, done.output
    assert "nothing is staged: nothing was judged" in done.output
    assert "pre-commit run --from-ref origin/main --to-ref HEAD" in done.output


def test_a_push_is_judged(hooked: Hooked, tmp_path: Path) -> None:
    hooked.git("init", "--quiet", "--bare", str(tmp_path / "remote.git"))
    hooked.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    hooked.git("push", "--quiet", "--no-verify", "origin", "main")
    hooked.edit(PROFILE, "arr: 186000", "arr: 190000")
    unverified(hooked)
    done = hooked.try_git("push", "origin", "main")
    assert not done.blocked, done.output
    assert "1 engagement compared" in done.output
    (hooked.path / PROFILE).unlink()
    unverified(hooked)
    hooked.edit(TOUCHPOINTS, "last_updated", "last_updated")
    hooked.write("notes.yaml")
    unverified(hooked)
    done = hooked.try_git("push", "origin", "main")
    assert done.blocked
    assert "[missing-asset]" in done.output


def test_a_range_that_is_not_there_is_no_success(hooked: Hooked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "0" * 40)
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")
    done = hooked.hook("bp-scan")
    assert done.blocked
    assert "is not known" in done.output
