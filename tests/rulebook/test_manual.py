"""Every rule has a page, every page a rule, and what a page claims is so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from blueprint_cli.policy.load import packaged_policy
from blueprint_cli.policy.model import EMPTY, Archetype, Track
from blueprint_cli.rulebook import RULES
from blueprint_cli.rulebook.manual import page
from tests.rulebook.pages import SECTIONS, Example, section, settings, waiver
from tests.support.repository import commit_all

ASSET_RULES = ("missing-asset", "invalid-asset", "stale-asset")
"""Their weight is that of the track's asset completeness."""
DAY = "2026-03-02"
Reports = dict[tuple[str, str], dict[str, Any]]
WITHOUT_HISTORY = sorted(set(RULES) - {"hollow-refresh", "policy-change"})


@pytest.fixture(scope="module")
def archetype() -> Archetype:
    return packaged_policy().catalog.archetypes["post_sales_governance"]


def scan(root: Path, *options: str) -> Reports:
    """The reports of all engagements below a directory, by realm and node."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("BP_", "GIT_"))}
    command = [
        sys.executable,
        "-m",
        "blueprint_cli",
        "scan",
        "--as-of",
        DAY,
        "--no-write",
        "--format",
        "json",
        *options,
    ]
    ceiling = {"GIT_CEILING_DIRECTORIES": str(root.parent)}
    done = subprocess.run(
        command, cwd=root, env=environment | ceiling, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode in (0, 1), done.stderr
    return {(node["realm"], node["node"]): node for node in json.loads(done.stdout)["nodes"]}


def rules_of(node: dict[str, Any]) -> set[str]:
    return {gap["rule"] for gap in node["gaps"]}


def test_pages_and_rules_are_the_same_names() -> None:
    pages = {
        path.name.removesuffix(".md")
        for path in files("blueprint_cli.rulebook.manual").iterdir()
        if path.name.endswith(".md")
    }
    assert pages == set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_page_has_its_sections(rule: str) -> None:
    lines = page(rule).splitlines()
    assert lines[0] == f"# {rule}"
    assert lines[2] == RULES[rule].summary
    assert [line.removeprefix("## ") for line in lines if line.startswith("## ")] == SECTIONS
    assert all(section(page(rule), title).strip() for title in SECTIONS)
    assert "](" not in page(rule), "a page is shown in many places: a relative link leads nowhere in most of them"
    assert max(map(len, lines)) <= 125


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Reports:
    """All examples in one scan: as they find their engagement, with the fault, and put right. The node is the rule."""
    root = tmp_path_factory.mktemp("examples")
    for rule in WITHOUT_HISTORY:
        example = Example.of(page(rule))
        assert example.day == DAY, "all examples are of one day, so that one scan does for all"
        for phase in ("Before", "Incorrect", "Correct"):
            node = example.copy(root / phase / rule)
            if phase != "Before":
                example.apply("Incorrect", node)
            if phase == "Correct":
                example.apply(phase, node)
    return scan(root)


@pytest.mark.parametrize("rule", WITHOUT_HISTORY)
def test_example(rule: str, reports: Reports) -> None:
    example = Example.of(page(rule))
    assert rules_of(reports["Before", rule]) == set(), "the example starts from an engagement that is not clean"
    assert rules_of(reports["Incorrect", rule]) == {rule} | example.companions
    assert rules_of(reports["Correct", rule]) == set()


@pytest.fixture(scope="module")
def waived(tmp_path_factory: pytest.TempPathFactory, reports: Reports) -> Reports:
    """All faults again, with a waiver of whatever the gap names: by kind of waiver and rule."""
    root = tmp_path_factory.mktemp("waivers")
    for rule in WITHOUT_HISTORY:
        for kind, target in targets(rule, reports).items():
            if target is None:
                continue
            example = Example.of(page(rule))
            node = example.copy(root / kind / rule)
            example.apply("Incorrect", node)
            file = node / "blueprint.yaml"
            before = file.read_text(encoding="utf-8") if file.exists() else "waivers:"
            if "waivers:" not in before:
                row = {kind: target, "reason": "agreed", "approved_by": "m.ortiz", "approved_on": DAY, "expires": DAY}
                file.write_text(f"{before}waivers: {json.dumps([row])}\n", encoding="utf-8")
    return scan(root)


def targets(rule: str, reports: Reports) -> dict[str, str | None]:
    """What a waiver of the fault could name."""
    gap = next(gap for gap in reports["Incorrect", rule]["gaps"] if gap["rule"] == rule)
    return {kind: gap[kind] for kind in ("asset", "check", "reference_blueprint")}


@pytest.mark.parametrize("rule", WITHOUT_HISTORY)
def test_waiver(rule: str, reports: Reports, waived: Reports) -> None:
    """A waiver excuses what the page says that it excuses, and nothing else."""
    named = waiver(page(rule)).replace(" ", "_")
    found = targets(rule, reports)
    assert named == "none" or found[named], "the gap of the example names nothing that a waiver could name"
    for kind, target in found.items():
        if target is not None and named in (kind, "none"):
            assert (rule in rules_of(waived[kind, rule])) == (named == "none"), f"a waiver of {target}"


@pytest.mark.parametrize("rule", RULES)
def test_settings_are_those_of_the_tracks(rule: str, archetype: Archetype) -> None:
    titles, rows = settings(page(rule))
    tracks = sorted(archetype.tracks.values(), key=lambda track: track.rank)
    assert titles == [track.title for track in tracks]
    assert rows.pop("Severity") == [severity(rule, archetype, track) for track in tracks]
    for name, cells in rows.items():
        assert cells == ["–" if track.cell(name) == EMPTY else track.cell(name) for track in tracks]


def severity(rule: str, archetype: Archetype, track: Track) -> str:
    if rule == "stale-asset" and archetype.staleness_row and track.cell(archetype.staleness_row) == EMPTY:
        return "–"
    if rule in ASSET_RULES:
        levels = archetype.written["completeness"]
        return str(levels["levels"][track.cell(levels["row"])]["severity"])
    return str(track.severities.get(rule) or RULES[rule].severity)


def diff(root: Path, day: str) -> dict[str, Any]:
    """What `bp diff` says of the work tree against the last commit."""
    command = [sys.executable, "-m", "blueprint_cli", "diff", "HEAD", "--as-of", day, "--format", "json"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in (0, 1), done.stderr
    return dict(json.loads(done.stdout))


def test_hollow_refresh(tmp_path: Path) -> None:
    example = Example.of(page("hollow-refresh"))
    node = example.copy(tmp_path / "REALM" / "NODE")
    example.apply("Committed", node)
    commit_all(tmp_path, "2026-01-29")
    example.apply("Incorrect", node)
    assert rules_of({"gaps": diff(tmp_path, example.day)["introduced"]}) == {"hollow-refresh"}
    commit_all(tmp_path, "2026-02-27")
    assert rules_of(scan(tmp_path, "--hollow")["REALM", "NODE"]) == {"hollow-refresh"}
    example.apply("Correct", node)
    assert diff(tmp_path, example.day)["introduced"] == []
    commit_all(tmp_path, "2026-02-28")
    assert rules_of(scan(tmp_path, "--hollow")["REALM", "NODE"]) == set()


def test_policy_change(tmp_path: Path) -> None:
    example = Example.of(page("policy-change"))
    node = example.copy(tmp_path / "REALM" / "NODE")
    commit_all(tmp_path, "2026-02-27")
    example.apply("Incorrect", node)
    assert rules_of({"gaps": diff(tmp_path, example.day)["policy_changes"]}) == {"policy-change"}
    example.apply("Correct", node)
    assert diff(tmp_path, example.day)["policy_changes"] == []
