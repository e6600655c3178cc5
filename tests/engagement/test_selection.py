"""What the user names exists or is an error, and what the settings name is there or is remarked on."""

from __future__ import annotations

import os

import pytest

from tests.support.realms import DAY, TRIAL, Bp, Realms

CLEAN = ("scan", "--as-of", DAY, "--no-write")
BROKEN = "a: [\n"


@pytest.mark.parametrize("more", [(), ("--rev", "HEAD"), ("--staged",)])
def test_a_path_that_is_not_there(bp: Bp, more: tuple[str, ...]) -> None:
    answer = bp(*CLEAN, *more, "NORDWIND/ROLLOUT/suport")
    assert (answer.code, answer.out) == (2, "")
    assert "NORDWIND/ROLLOUT/suport does not exist\n  Did you mean `support`?" in answer.err


def test_a_path_within_an_engagement(realms: Realms, bp: Bp) -> None:
    (realms.path / "NORDWIND/ROLLOUT/empty").mkdir()
    for path in ("NORDWIND/ROLLOUT/support", "NORDWIND/ROLLOUT/blueprint.yaml", "NORDWIND/ROLLOUT/empty"):
        assert bp(*CLEAN, path).code == 0


@pytest.mark.parametrize(
    ("settings", "remark"),
    [
        ("realms: [NORDWIND, BLUFIN]", "`BLUFIN` in `realms` matches nothing; did you mean `BLUEFIN`?"),
        ("exclude: ['OLD\\**']", "`OLD\\**` in `exclude` matches nothing; write `OLD/**`"),
        ("exclude: ['OLD/** ']", "`OLD/** ` in `exclude` matches nothing; write `OLD/**`"),
        ("exclude: ['!NORDWIND/**']", "`!NORDWIND/**` in `exclude` matches nothing; `!` takes nothing back here"),
        ("exclude: ['ARCHIV/**']", "`ARCHIV/**` in `exclude` matches nothing; did you mean `ARCHIVE/**`?"),
        ("exclude: ['TRIAL/**']", "paths count from the root of the repository: write `BLUEFIN/TRIAL/**`"),
        ("exclude: ['vendor/**']", "`vendor/**` in `exclude` matches nothing\n"),
        ("exclude: ['OLD/**', '*.pdf']\nrealms: ['NORD*', ./BLUEFIN/]", ""),
        ("realms: [.]", ""),
    ],
)
def test_a_line_of_the_settings_that_matches_nothing(realms: Realms, bp: Bp, settings: str, remark: str) -> None:
    realms.add_node(TRIAL)
    for path in ("OLD/x.yaml", "ARCHIVE/x.yaml", "NORDWIND/a.pdf"):
        realms.write(path)
    realms.write("bp.yaml", settings + "\n")
    answer = bp(*CLEAN)
    assert answer.code == 0
    assert (remark in answer.err) if remark else answer.err == ""


def test_realms_that_match_nothing_at_all(realms: Realms, bp: Bp) -> None:
    realms.write("bp.yaml", "realms: [nordwind]\n")
    answer = bp(*CLEAN)
    assert answer.code == 2
    assert "bp.yaml:1: `nordwind` in `realms` matches nothing; did you mean `NORDWIND`?" in answer.err


@pytest.mark.parametrize("named", [["NORDWIND/OLD"], ["NORDWIND/OLD/x.yaml"], ["--", "vendor/x.yaml"], ["vendor"]])
def test_what_is_excluded_is_excluded_from_lint_too(realms: Realms, bp: Bp, named: list[str]) -> None:
    realms.write("NORDWIND/OLD/x.yaml", BROKEN)
    realms.write("vendor/x.yaml", BROKEN)
    assert bp("lint", *named).code == 1
    realms.write("bp.yaml", "exclude: ['NORDWIND/OLD/**', 'vendor/**']\n")
    answer = bp("lint", *named)
    assert (answer.code, answer.out) == (0, "0 files checked\n")
    assert "1 file left out by `exclude`" in answer.err


def test_an_excluded_path_that_is_scanned(realms: Realms, bp: Bp) -> None:
    realms.write("bp.yaml", "exclude: ['NORDWIND/**']\n")
    answer = bp(*CLEAN, "NORDWIND")
    assert (answer.code, "(bp.yaml excludes it)" in answer.err) == (2, True)


def test_what_is_not_checked_says_why(realms: Realms, bp: Bp) -> None:
    realms.write("notes.txt")
    (realms.path / "empty").mkdir()
    os.mkfifo(realms.path / "pipe")
    answer = bp("lint", "notes.txt")
    assert (answer.code, answer.out) == (0, "0 files checked\n")
    assert "neither YAML, Markdown nor JSON: `notes.txt`" in answer.err
    assert bp("lint", "empty").err == "bp: there is no file to check\n"
    assert bp("lint", "pipe").code == 2


@pytest.mark.parametrize("text", [None, "{", '{"$schema": "http://json-schema.org/draft-07/schema#"}', "type: object"])
def test_a_schema_that_cannot_be_used(realms: Realms, bp: Bp, text: str | None) -> None:
    asset = "{path: extra/e.yaml, reference_blueprint: C01_customer_engagement, schema: own.json}"
    realms.add_node(TRIAL)
    realms.append("BLUEFIN/TRIAL/blueprint.yaml", f"additional_assets: [{asset}]\n")
    realms.write("BLUEFIN/TRIAL/extra/e.yaml", "last_updated: 2026-03-01\nupdated_by: a.b\n")
    if text is not None:
        realms.write("own.json", text)
    answer = bp("lint", "BLUEFIN/TRIAL/extra/e.yaml")
    assert (answer.code, "[invalid-blueprint]" in answer.out) == (1, True), answer.out
    assert bp("lint", "BLUEFIN/TRIAL/support/support_profile.yaml").code == 0


def test_an_asset_is_not_fine_where_its_schema_is_not_known(realms: Realms, bp: Bp) -> None:
    realms.append("NORDWIND/ROLLOUT/blueprint.yaml", "a: [\n")
    answer = bp("lint", "NORDWIND/ROLLOUT/support/support_profile.yaml")
    assert (answer.code, "[yaml-syntax]" in answer.out) == (1, True)
    assert "checked as YAML only, as the blueprint cannot be judged" in answer.err
