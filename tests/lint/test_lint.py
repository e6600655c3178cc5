"""bp lint: the form of files and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from blueprint_cli import pool
from blueprint_cli.errors import BpError
from blueprint_cli.files.partial import PartialListing
from blueprint_cli.lint import lint, places
from blueprint_cli.model import Report
from blueprint_cli.rulebook import FORM
from blueprint_cli.workspace import Workspace
from tests.support.repository import Scratch

ROOT = Path(__file__).parents[2]

NODE = "ACME/IMPLEMENTATION"
PROFILE = f"{NODE}/engagement/customer_profile.yaml"
INTERVENTIONS = f"{NODE}/success/intervention_log.yaml"
BROKEN = "a: 1\nb: [unclosed\nc: 2\n"


@pytest.fixture(autouse=True)
def _hermetic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("GIT_", "BP_", "GITHUB_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Scratch")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "scratch@example.org")


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    """A repository with all examples in it, the broken ones too."""
    made = Scratch.new(tmp_path / "acme")
    for folder in ("realms", "broken"):
        for realm in (ROOT / "examples" / folder).iterdir():
            if realm.is_dir():
                shutil.copytree(realm, made.path / realm.name)
    made.commit({"bp.yaml": "exclude: [BLUEPRINTS/NOTHING]\n"})
    return made


def bp(at: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it."""
    return subprocess.run(
        [sys.executable, "-m", "blueprint_cli", "lint", *arguments],
        cwd=at,
        env={**os.environ, **more},
        capture_output=True,
        text=True,
        check=False,
    )


def rules(at: Scratch, paths: Sequence[str], monkeypatch: pytest.MonkeyPatch, *, staged: bool = False) -> list[str]:
    """What the careful half finds, as ``path rule``."""
    monkeypatch.chdir(at.path)
    workspace = replace(Workspace.find(), paths=tuple(paths))
    report = lint(workspace, workspace.open(workspace.tree(staged=staged)), pool.reports, staged=staged)
    return [f"{gap.location.path} {gap.rule}" for node in report.nodes for gap in node.gaps]


def test_a_sound_file_is_checked_without_what_judging_needs(scratch: Scratch) -> None:
    """A hook runs before every commit, and to load takes most of its time."""
    code = (
        "import sys; sys.argv = ['bp', 'lint', sys.argv[1]]\nfrom blueprint_cli.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(*(m for m in ('typer', 'rich', 'jsonschema', 'jsonpath_rfc9535', 'ruamel', 'hashlib', 'shutil',"
        " 'difflib', 'zoneinfo', 'multiprocessing', 'blueprint_cli.predicates.base', 'blueprint_cli.rules.judge',"
        " 'blueprint_cli.gitdates', 'blueprint_cli.render.redact') if m in sys.modules))"
    )
    (scratch.path / "bp.yaml").unlink()  # the places of its keys are looked up by the careful reader
    done = subprocess.run(
        [sys.executable, "-c", code, PROFILE], cwd=scratch.path, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["1 file checked: no gaps", ""]


@pytest.mark.parametrize(
    "names", [[PROFILE], ["--", PROFILE], ["-f", "text", PROFILE], [PROFILE, "--fail-on", "error"]]
)
def test_however_a_file_is_named(scratch: Scratch, names: list[str]) -> None:
    done = bp(scratch.path, *names)
    assert (done.returncode, done.stdout, done.stderr) == (0, "1 file checked: no gaps\n", "")
    done = bp(scratch.path, *names, INTERVENTIONS)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "2 files checked: 1 error")


@pytest.mark.slow
def test_what_is_listed_first_changes_nothing(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of any file, the gaps are the same whether all of the work tree is listed or only what is around the file."""
    scratch.write(".gitignore", "ignored/\n")
    scratch.write("ignored/blueprint.yaml", "a: 1\n")
    scratch.write("ignored/x.yaml", BROKEN)
    scratch.write("link.yaml").unlink()
    (scratch.path / "link.yaml").symlink_to(PROFILE)
    (scratch.path / "ALIAS").symlink_to("ACME")
    inner = Scratch.new(scratch.path / "inner")
    shutil.copytree(scratch.path / NODE, inner.path / NODE)
    monkeypatch.chdir(scratch.path)
    monkeypatch.setenv("BP_AS_OF", "2026-03-02")
    some = 0
    for file in sorted(scratch.path.rglob("*.yaml")):
        workspace = Workspace.find([str(file.relative_to(scratch.path))])
        first = places(workspace)
        some += bool(first)
        answers: list[Report | str] = []
        for tree in (workspace.tree(), workspace.tree(places=first)):
            try:
                answers.append(lint(workspace, workspace.open(tree), pool.reports))
            except BpError as problem:
                answers.append(str(problem))
        assert answers[0] == answers[1], file
    assert some > 100


def test_a_hook_lists_nothing_but_the_engagement(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    def list_all(self: PartialListing) -> None:
        raise AssertionError("all of the work tree is listed")

    monkeypatch.setattr(PartialListing, "_all", property(list_all))
    monkeypatch.chdir(scratch.path)
    workspace = Workspace.find([PROFILE, INTERVENTIONS, "bp.yaml"])
    linted = lint(workspace, workspace.open(workspace.tree(places=places(workspace))), pool.reports)
    assert (linted.files, len(linted.nodes[0].gaps)) == (3, 1)


def test_the_gaps_are_those_of_the_scan(scratch: Scratch) -> None:
    linted = bp(scratch.path, "--format", "json", BP_AS_OF="2026-03-02")
    scanned = subprocess.run(
        [sys.executable, "-m", "blueprint_cli", "scan", "--no-write", "--format", "json", "--as-of", "2026-03-02"],
        cwd=scratch.path,
        capture_output=True,
        text=True,
        check=False,
    )
    ours = {gap["fingerprint"]: gap for node in json.loads(linted.stdout)["nodes"] for gap in node["gaps"]}
    theirs = {gap["fingerprint"]: gap for node in json.loads(scanned.stdout)["nodes"] for gap in node["gaps"]}
    assert ours
    assert {key: one for key, one in ours.items() if one["asset"]}.items() <= theirs.items()
    missed = {key: one for key, one in theirs.items() if key not in ours and one["asset"] and one["rule"] in FORM}
    assert missed == {}


def test_no_date_matters(scratch: Scratch) -> None:
    early, late = (bp(scratch.path, ".", BP_AS_OF=day) for day in ("2026-01-01", "2031-01-01"))
    assert early.returncode == late.returncode == 1
    assert early.stdout == late.stdout
    assert "stale" not in early.stdout


def test_one_line_a_gap_and_a_count(scratch: Scratch) -> None:
    done = bp(scratch.path, INTERVENTIONS, PROFILE)
    first, last = done.stdout.splitlines()
    assert done.returncode == 1
    assert first.startswith(
        f"{INTERVENTIONS}:26:13: error: `interventions[INT-03].status`: `in-progress` is not one of"
    )
    assert last == "2 files checked: 1 error"
    assert bp(scratch.path, "--fail-on", "never", INTERVENTIONS).returncode == 0


def test_depth_and_severity_are_those_of_the_track(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    blueprint = f"{NODE}/blueprint.yaml"
    text = (scratch.path / PROFILE).read_text().replace("arr: 186000\n", "")
    scratch.write(PROFILE, text)
    assert rules(scratch, [PROFILE], monkeypatch) == [f"{PROFILE} invalid-asset"]
    scratch.write(blueprint, (scratch.path / blueprint).read_text().replace("track: premium", "track: poc"))
    assert rules(scratch, [PROFILE], monkeypatch) == []


def test_a_mapped_asset_is_known_by_its_new_place(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = f"{NODE}/hub/who it is.yaml"
    file = scratch.write(moved, (scratch.path / PROFILE).read_text())
    blueprint = scratch.path / NODE / "blueprint.yaml"
    blueprint.write_text(
        blueprint.read_text() + "assets: {engagement/customer_profile.yaml: hub/who it is.yaml}\n"
        if "\nassets:" not in blueprint.read_text()
        else blueprint.read_text().replace(
            "\nassets:", "\nassets:\n  engagement/customer_profile.yaml: hub/who it is.yaml"
        )
    )
    assert bp(scratch.path, moved).stdout == "1 file checked: no gaps\n"
    file.write_text("- a list\n")
    assert rules(scratch, [moved], monkeypatch) == [f"{moved} not-a-mapping"]
    (scratch.path / PROFILE).write_text("- a list\n")
    assert rules(scratch, [PROFILE], monkeypatch) == []


def test_a_root_of_the_infohub_is_honoured(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch.write("bp.yaml", "infohub_roots: [internal, .]\n")
    inner = f"{NODE}/internal/engagement/customer_profile.yaml"
    scratch.write(inner, "- a list\n")
    scratch.write(PROFILE, "- a list\n")
    assert rules(scratch, [inner, PROFILE], monkeypatch) == [f"{inner} not-a-mapping"]


def test_an_instance_is_held_against_the_catalog(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    blueprint = f"{NODE}/blueprint.yaml"
    text = (scratch.path / blueprint).read_text()
    for old, new, rule in (
        ("track: premium", "track: premuim", "invalid-blueprint"),
        ("archetype: post_sales_governance", "archetype: post_sale", "unknown-archetype"),
        ("  - id: C01_customer_engagement\n", "  - id: C01_customer_engagment\n", "invalid-blueprint"),
        ("version:", "versoin: 1\nversion:", "unknown-key"),
        ("playbooks:\n", "playbooks:\n  - {id: PB_999999, status: active}\n", "unresolved-reference"),
    ):
        assert old in text
        scratch.write(blueprint, text.replace(old, new, 1))
        assert f"{blueprint} {rule}" in rules(scratch, [blueprint], monkeypatch), new


def test_yaml_of_others_must_only_be_readable(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    for text, found in (
        ("- a\n", []),
        ("a: 1\n---\nb: 2\n", []),
        ("", []),
        ("a: !tag b\n", ["unsafe-yaml"]),
        ("a: 1\na: 2\n", ["duplicate-key"]),
        (BROKEN, ["yaml-syntax"]),
    ):
        for place in ("ci.yml", f"{NODE}/notes/x.yaml"):
            scratch.write(place, text)
            assert rules(scratch, [place], monkeypatch) == [f"{place} {rule}" for rule in found]
    scratch.write("ci.yml", "a: !tag b\n")
    assert bp(scratch.path, "ci.yml").returncode == 0


def test_a_wrong_policy_file_is_exit_2_with_its_line(scratch: Scratch) -> None:
    scratch.write("bp.yaml", "fail_on: error\nrealm: [x]\n")
    done = bp(scratch.path, "bp.yaml")
    assert done.returncode == 2
    assert "bp.yaml:2:" in done.stderr
    scratch.write("bp.yaml", "fail_on: error\n")
    file = scratch.write("tracks/post_sales_governance/gold.yaml", "id: gold\ntitel: Gold\n")
    for name in (str(file.relative_to(scratch.path)), PROFILE):
        done = bp(scratch.path, name)
        assert done.returncode == 2
        assert "tracks/post_sales_governance/gold.yaml:" in done.stderr


def test_gap_reports_are_left_alone(scratch: Scratch) -> None:
    scratch.write(f"{NODE}/gap_report.yaml", BROKEN)
    assert bp(scratch.path, f"{NODE}/gap_report.yaml").returncode == 0
    assert bp(scratch.path, NODE).stdout.count("gap_report") == 0


def test_what_is_staged(scratch: Scratch) -> None:
    good = (scratch.path / PROFILE).read_text()
    scratch.write(PROFILE, BROKEN)
    scratch.git("add", PROFILE)
    scratch.write(PROFILE, good)
    assert bp(scratch.path, PROFILE).returncode == 0
    assert bp(scratch.path, "--staged", PROFILE).returncode == 1
    assert "[yaml-syntax]" in bp(scratch.path, "--staged").stdout
    scratch.write("new.yaml", BROKEN)
    done = bp(scratch.path, "--staged", "new.yaml")
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, "bp: new.yaml is not staged")


def test_what_is_not_there_is_exit_2(scratch: Scratch) -> None:
    done = bp(scratch.path, PROFILE, "no such.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("bp: no such.yaml does not exist\n")
    assert bp(scratch.path, "--format", "xml", PROFILE).returncode == 2


def test_names(scratch: Scratch) -> None:
    names = ["a b.yaml", "-rf.yaml", "q'\"q.yaml", "né日.yml", "two\nlines.yaml"]
    for name in names:
        scratch.write(name, BROKEN)
    done = bp(scratch.path, "--", *names)
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == len(names) + 1
    assert bp(scratch.path / "ACME", "--", "../a b.yaml").stdout.startswith("a b.yaml:")


def test_a_file_beyond_the_repository_is_plain_yaml(scratch: Scratch, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("- a list\n")
    assert bp(scratch.path, PROFILE, "../x.yaml").returncode == 0
    (tmp_path / "x.yaml").write_text(BROKEN)
    assert "[yaml-syntax]" in bp(scratch.path, PROFILE, "../x.yaml").stdout


def test_a_repository_within_has_rules_of_its_own(scratch: Scratch) -> None:
    inner = Scratch.new(scratch.path / "inner")
    shutil.copytree(scratch.path / NODE, inner.path / NODE)
    inner.write("bp.yaml", "fial_on: error\n")
    done = bp(scratch.path, f"inner/{PROFILE}")
    assert (done.returncode, "bp.yaml:1:" in done.stderr) == (2, True), done.stdout


def test_outside_git(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "realms" / NODE, tmp_path / "plain" / NODE)
    (tmp_path / "plain" / PROFILE).write_text("- a list\n")
    done = bp(tmp_path / "plain", PROFILE)
    assert (done.returncode, "[not-a-mapping]" in done.stdout) == (1, True)


def test_formats(scratch: Scratch) -> None:
    targets = [word for format in ("sarif", "junit", "gitlab", "json") for word in ("-f", f"{format}=out.{format}")]
    done = bp(scratch.path, *targets, "-f", "text=-", INTERVENTIONS, PROFILE, "CONTENT")
    assert done.returncode == 1
    run = json.loads((scratch.path / "out.sarif").read_text())["runs"][0]
    assert "invalid-asset" in {result["ruleId"] for result in run["results"]}
    assert json.loads((scratch.path / "out.gitlab").read_text())
    suites = ET.parse(scratch.path / "out.junit").getroot()  # noqa: S314 - ours
    names = {case.get("name") for case in suites.iter("testcase")}
    assert {"asset engagement/customer_profile.yaml", "asset success/intervention_log.yaml"} <= names
    assert done.stdout.count("[invalid-asset]") >= 1


def from_stdin(at: Path, name: str, text: str | bytes, *more: str) -> subprocess.CompletedProcess[bytes]:
    """What an editor runs while a file is typed."""
    return subprocess.run(
        [sys.executable, "-m", "blueprint_cli", "lint", "-", "--stdin-filename", name, *more],
        cwd=at,
        input=text if isinstance(text, bytes) else text.encode(),
        capture_output=True,
        check=False,
    )


def test_standard_input_is_judged_as_the_file_that_it_is_to_be(scratch: Scratch) -> None:
    saved = (scratch.path / PROFILE).read_text(encoding="utf-8")
    assert from_stdin(scratch.path, PROFILE, saved).stdout == bp(scratch.path, PROFILE).stdout.encode()
    typed = saved.replace("segment: high_touch", "segment: high")
    assert typed != saved
    answer = from_stdin(scratch.path, PROFILE, typed)
    scratch.write(PROFILE, typed)
    assert (answer.returncode, answer.stdout) == (1, bp(scratch.path, PROFILE).stdout.encode())
    assert f"{PROFILE}:".encode() in answer.stdout


def test_standard_input_may_be_a_file_that_is_not_saved_yet(scratch: Scratch) -> None:
    text = (scratch.path / PROFILE).read_text(encoding="utf-8").replace("high_touch", "high")
    expected = bp(scratch.path, scratch.write(PROFILE, text).relative_to(scratch.path).as_posix()).stdout
    (scratch.path / PROFILE).unlink()
    assert from_stdin(scratch.path, PROFILE, text).stdout.decode() == expected
    assert not (scratch.path / PROFILE).exists()
    inner = from_stdin(scratch.path / NODE, "engagement/customer_profile.yaml", text)
    assert inner.stdout.decode() == expected


def test_standard_input_may_be_any_file_that_bp_reads(scratch: Scratch) -> None:
    blueprint = (scratch.path / NODE / "blueprint.yaml").read_text(encoding="utf-8")
    assert (
        b"did you mean `active`"
        in from_stdin(
            scratch.path, f"{NODE}/blueprint.yaml", blueprint.replace("status: active", "status: actve")
        ).stdout
    )
    assert from_stdin(scratch.path, "bp.yaml", "fial_on: error\n").returncode == 2
    assert from_stdin(scratch.path, "notes.yaml", BROKEN).returncode == 1
    assert from_stdin(scratch.path, PROFILE, b"\xff\xfe\n").returncode == 1
    assert from_stdin(scratch.path, PROFILE, b"a" * 1_100_000).returncode == 1
    unmerged = from_stdin(scratch.path, PROFILE, "<<<<<<< ours\n")
    assert b"merge" in unmerged.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["-"],
        ["-", PROFILE, "--stdin-filename", PROFILE],
        [PROFILE, "--stdin-filename", PROFILE],
        ["--stdin-filename", PROFILE],
        ["-", "--staged", "--stdin-filename", PROFILE],
    ],
)
def test_standard_input_needs_one_name(scratch: Scratch, arguments: list[str]) -> None:
    answer = bp(scratch.path, *arguments)
    assert (answer.returncode, answer.stdout) == (2, ""), answer.stderr
    assert "stdin-filename" in answer.stderr
