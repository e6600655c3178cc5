"""Every rule has a page, every page a rule, and what a page claims is so."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from blueprint_cli.catalog.load import load, packaged
from blueprint_cli.catalog.model import EMPTY, Archetype, Track
from blueprint_cli.manual import page
from blueprint_cli.plan import completeness
from blueprint_cli.rules.registry import RULES

from .conftest import Scan
from .pages import SECTIONS, Example, section, settings, waiver

ASSET_RULES = ("missing-asset", "invalid-asset", "stale-asset")
"""Their weight is that of the track's asset completeness."""
WITHOUT_HISTORY = sorted(set(RULES) - {"hollow-refresh", "policy-change"})


@pytest.fixture(scope="module")
def archetype() -> Archetype:
    return load([packaged()]).catalog.archetypes["post_sales_governance"]


def rules_of(node: dict[str, Any]) -> set[str]:
    return {gap["rule"] for gap in node["gaps"]}


def test_pages_and_rules_are_the_same_names() -> None:
    pages = {
        one.name.removesuffix(".md") for one in files("blueprint_cli.manual").iterdir() if one.name.endswith(".md")
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


@pytest.mark.parametrize("rule", WITHOUT_HISTORY)
def test_example(rule: str, tmp_path: Path, scan: Scan) -> None:
    example = Example.of(page(rule))
    node = example.copy(tmp_path)
    assert rules_of(scan(tmp_path, example.day)) == set(), "the example starts from an engagement that is not clean"
    example.apply("With the fault", node)
    assert rules_of(scan(tmp_path, example.day)) == {rule} | example.companions
    example.apply("Put right", node)
    assert rules_of(scan(tmp_path, example.day)) == set()


@pytest.mark.parametrize("rule", WITHOUT_HISTORY)
def test_waiver(rule: str, tmp_path: Path, scan: Scan) -> None:
    """A waiver excuses what the page says that it excuses, and nothing else."""
    example = Example.of(page(rule))
    node = example.copy(tmp_path)
    example.apply("With the fault", node)
    gaps = [gap for gap in scan(tmp_path, example.day)["gaps"] if gap["rule"] == rule]
    targets = {
        "asset": gaps[0]["asset"],
        "check": gaps[0]["check"],
        "reference blueprint": gaps[0]["reference_blueprint"],
    }
    named = waiver(page(rule))
    assert named == "none" or targets[named], "the gap of the example names nothing that a waiver could name"
    if not (node / "blueprint.yaml").exists() or "waivers:" in (node / "blueprint.yaml").read_text(encoding="utf-8"):
        return
    for kind, target in targets.items():
        if target is not None and (kind == named or named == "none"):
            left = rules_of(waived(node, kind.replace(" ", "_"), target, tmp_path, example.day, scan))
            assert (rule in left) == (named == "none"), f"a waiver of {target}"


def waived(node: Path, kind: str, target: str, root: Path, day: str, scan: Scan) -> dict[str, Any]:
    file = node / "blueprint.yaml"
    before = file.read_text(encoding="utf-8")
    row = {kind: target, "reason": "agreed", "approved_by": "m.ortiz", "approved_on": day, "expires": day}
    file.write_text(f"{before}waivers: {json.dumps([row])}\n", encoding="utf-8")
    try:
        return scan(root, day)
    finally:
        file.write_text(before, encoding="utf-8")


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
        return str(completeness(archetype, track)[1])
    return str(track.severities.get(rule) or RULES[rule].severity)


def commit(root: Path, day: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@bp.example", "-c", "commit.gpgsign=false"]
    dates = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z", "PATH": "/usr/bin:/bin"}
    quiet = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    subprocess.run(["git", "add", "-A"], cwd=root, check=True)
    subprocess.run(["git", *identity, "commit", "-qm", "x"], cwd=root, env=dates | quiet, check=True)


def diff(root: Path, day: str) -> dict[str, Any]:
    """What `bp diff` says of the work tree against the last commit."""
    command = [sys.executable, "-m", "blueprint_cli", "diff", "HEAD", "--as-of", day, "--format", "json"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in (0, 1), done.stderr
    return dict(json.loads(done.stdout))


def test_hollow_refresh(tmp_path: Path) -> None:
    example = Example.of(page("hollow-refresh"))
    node = example.copy(tmp_path)
    example.apply("Committed before", node)
    commit(tmp_path, "2026-01-29")
    example.apply("With the fault", node)
    assert rules_of({"gaps": diff(tmp_path, example.day)["introduced"]}) == {"hollow-refresh"}
    example.apply("Put right", node)
    assert diff(tmp_path, example.day)["introduced"] == []


def test_policy_change(tmp_path: Path) -> None:
    example = Example.of(page("policy-change"))
    node = example.copy(tmp_path)
    commit(tmp_path, "2026-02-27")
    example.apply("With the fault", node)
    assert rules_of({"gaps": diff(tmp_path, example.day)["policy_changes"]}) == {"policy-change"}
    example.apply("Put right", node)
    assert diff(tmp_path, example.day)["policy_changes"] == []
