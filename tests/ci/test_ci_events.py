"""Which commits the action compares: every event, with the history and the checkout that belong to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.ci.conftest import PROFILE
from tests.ci.test_ci_action import NOW, run
from tests.support.repository import Scratch

LATER = "2026-03-01T14:00:00+00:00"
FULL = ["push", "schedule", "workflow_dispatch", "repository_dispatch", "release"]
REVIEWS = ["pull_request", "pull_request_review", "pull_request_review_comment"]


@pytest.fixture
def updated(server: Scratch) -> Scratch:
    """A branch that deletes an asset and into which main was merged: the button "Update branch"."""
    server.git("rm", "--quiet", PROFILE)
    server.commit()
    server.merge(LATER, "main")
    return server


def happened(at: Scratch, event: Mapping[str, Any], sha: str = "") -> dict[str, str]:
    """The variables of a runner for an event."""
    path = at.path.parent / "event.json"
    path.write_text(json.dumps(event))
    return {"GITHUB_EVENT_PATH": str(path), **({"GITHUB_SHA": at.git("rev-parse", sha)} if sha else {})}


def request(at: Scratch, base: str, head: str) -> dict[str, Any]:
    """The part of an event that names the commits of a pull request."""
    shas = {name: {"sha": at.git("rev-parse", revision)} for name, revision in (("base", base), ("head", head))}
    return {"number": 7, "pull_request": shas}


@pytest.mark.parametrize("event", REVIEWS)
def test_the_merge_of_a_pull_request_is_judged(
    updated: Scratch, checkout: Callable[[str], Scratch], event: str
) -> None:
    merged = checkout("2")
    ran = run(merged.path, "bp", event, NOW, happened(merged, {}, "HEAD"))
    assert (ran.code, ran.outputs["mode"]) == (1, "diff"), ran.output
    assert "missing-asset" in ran.output


def test_the_merge_is_known_by_its_reference_or_by_its_parents(
    updated: Scratch, checkout: Callable[[str], Scratch]
) -> None:
    """A checkout of `refs/pull/7/merge` may be newer than the commit of the run."""
    merged = checkout("0")
    event = request(merged, "HEAD^1", "HEAD^2")
    by_reference = run(merged.path, "bp", "pull_request", NOW, happened(merged, {}, "HEAD^1"))
    merged.git("update-ref", "-d", "refs/remotes/pull/7/merge")
    by_parents = run(merged.path, "bp", "pull_request", NOW, happened(merged, event, "HEAD^1"))
    by_nothing = run(merged.path, "bp", "pull_request", NOW, happened(merged, {}, "HEAD^1"))
    assert [ran.code for ran in (by_reference, by_parents, by_nothing)] == [1, 1, 2]


@pytest.mark.parametrize("event", [*REVIEWS, "pull_request_target"])
def test_a_branch_into_which_its_target_was_merged_is_no_merge_of_a_pull_request(updated: Scratch, event: str) -> None:
    for sha in ("", "main"):
        ran = run(updated.path, "bp", event, NOW, happened(updated, request(updated, "main", "change"), sha))
        assert (ran.code, ran.outputs) == (2, {"exit-code": "2"}), ran.output
        assert "leave its `ref` out" in ran.output or "run the workflow on `pull_request`" in ran.output


def test_the_head_of_a_pull_request_is_compared_with_a_base_that_is_given(updated: Scratch) -> None:
    ran = run(updated.path, "bp", "pull_request", {**NOW, "base": "main"}, happened(updated, {}, "main"))
    assert (ran.code, ran.outputs["mode"]) == (1, "diff"), ran.output


@pytest.mark.parametrize("inputs", [NOW, {**NOW, "base": "HEAD"}, {**NOW, "base": "HEAD^1"}])
def test_the_target_says_nothing_about_a_change(updated: Scratch, inputs: dict[str, str]) -> None:
    """What pull_request_target checks out, a merge or not."""
    event = request(updated, "main", "change")
    updated.git("checkout", "--quiet", "main")
    updated.git("branch", "other", "main~1")
    updated.merge(LATER, "other")
    ran = run(updated.path, "bp", "pull_request_target", inputs, happened(updated, event, "main"))
    assert (ran.code, ran.outputs) == (2, {"exit-code": "2"}), ran.output
    assert "run the workflow on `pull_request`" in ran.output


def test_a_merge_that_was_checked_out_for_pull_request_target_is_judged(
    updated: Scratch, checkout: Callable[[str], Scratch]
) -> None:
    merged = checkout("2")
    ran = run(merged.path, "bp", "pull_request_target", NOW, happened(merged, {}, "HEAD^1"))
    assert (ran.code, ran.outputs["mode"]) == (1, "diff"), ran.output


@pytest.mark.parametrize("way", ["merge", "rebase", "two requests"])
def test_a_merge_queue_is_compared_with_the_base_of_its_group(server: Scratch, way: str) -> None:
    """However the queue merges, also where its first commit alone deletes the asset."""
    server.git("rm", "--quiet", PROFILE)
    server.commit()
    server.commit({"notes.md": "more\n"})
    base = server.git("rev-parse", "main")
    if way == "rebase":
        server.git("rebase", "--quiet", "main")
    else:
        server.git("checkout", "--quiet", "--detach", "main")
        server.merge(LATER, "change")
    if way == "two requests":
        server.git("branch", "other", "main~1")
        server.merge(LATER, "other")
    event = {"merge_group": {"base_sha": base, "head_sha": server.git("rev-parse", "HEAD")}}
    ran = run(server.path, "bp", "merge_group", NOW, happened(server, event, "HEAD"))
    assert (ran.code, ran.outputs["mode"]) == (1, "diff"), ran.output


def test_a_merge_queue_whose_commits_are_not_known_is_not_judged(server: Scratch) -> None:
    group = {"merge_group": {"base_sha": server.git("rev-parse", "main"), "head_sha": server.git("rev-parse", "HEAD")}}
    unknown = run(server.path, "bp", "merge_group", NOW, happened(server, {}, "HEAD"))
    assert (unknown.code, unknown.outputs) == (2, {"exit-code": "2"}), unknown.output
    assert "merge_group.base_sha" in unknown.output
    known = happened(server, group, "HEAD")
    server.git("checkout", "--quiet", "main")
    elsewhere = run(server.path, "bp", "merge_group", NOW, known)
    assert elsewhere.code == 2, elsewhere.output
    assert "leave its `ref` out" in elsewhere.output


@pytest.mark.parametrize("event", FULL)
def test_on_every_other_event_everything_is_judged(updated: Scratch, event: str) -> None:
    ran = run(updated.path, "bp", event, NOW, happened(updated, {}, "HEAD"))
    assert (ran.code, ran.outputs["mode"]) == (1, "scan"), ran.output


def test_what_cannot_be_started_is_not_reported_as_gaps(server: Scratch) -> None:
    assert run(server.path, "bp", "", NOW).code == 2
    server.write("out", "a file\n")
    assert run(server.path, "bp", "push", {**NOW, "sarif-file": "out/bp.sarif"}).code == 2
    broken = server.write("event.json", "{")
    for event in ("merge_group", "pull_request"):
        assert run(server.path, "bp", event, NOW, {"GITHUB_EVENT_PATH": str(broken)}).code == 2
