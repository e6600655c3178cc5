"""What has nearly the right name is named: by the gap, by lint, by a remark."""

from __future__ import annotations

from pathlib import Path

import pytest

from blueprint_cli.engagement.near_names import meant
from tests.support.realms import DAY, TRIAL, Answer, Bp, Realms

CLEAN = ("scan", "--as-of", DAY, "--no-write")
SPELLINGS = (
    "blueprint.yml",
    "Blueprint.yaml",
    "BLUEPRINT.YML",
    "blueprint.yaml.txt",
    "blueprint.yaml.bak",
    "blueprint.json",
    "blueprint",
    "Copy of blueprint.yaml",
    "blueprint (1).yaml",
    "blueprint - Copy.yaml",
    "blue-print.yaml",
    "bluprint.yaml",
)
"""Names under which a whole engagement would be passed over."""


def gaps(answer: Answer) -> list[tuple[str, str]]:
    return [(gap["rule"], gap["location"]["path"]) for node in answer.data["nodes"] for gap in node["gaps"]]


@pytest.mark.parametrize("name", SPELLINGS)
def test_an_engagement_is_never_passed_over(realms: Realms, bp: Bp, name: str) -> None:
    realms.write(f"BETA/ONB/{name}", (realms.path / "NORDWIND/ROLLOUT/blueprint.yaml").read_bytes())
    expected = [("missing-blueprint", f"BETA/ONB/{name}")]
    assert gaps(bp(*CLEAN, "-f", "json")) == expected
    for named in ([], ["BETA"], [f"BETA/ONB/{name}"]):
        linted = bp("lint", "-f", "json", *named)
        assert (linted.code, gaps(linted)) == (1, expected)
    realms.git("add", "--all")
    assert [gap["rule"] for gap in bp("diff", "HEAD", "--staged", "-f", "json").data["introduced"]] == [expected[0][0]]


def test_the_hint_is_what_to_do(realms: Realms, bp: Bp) -> None:
    realms.move("NORDWIND/ROLLOUT/blueprint.yaml", "NORDWIND/ROLLOUT/Blueprint.yml")
    assert "`Blueprint.yml` is not read; rename it to blueprint.yaml" in bp(*CLEAN).out
    realms.move("NORDWIND/ROLLOUT/Blueprint.yml", "NORDWIND/ROLLOUT/blueprint.yaml")
    assert bp(*CLEAN).code == 0


def test_an_asset_of_such_an_engagement_alone_is_not_fine(realms: Realms, bp: Bp) -> None:
    realms.move("NORDWIND/ROLLOUT/blueprint.yaml", "NORDWIND/ROLLOUT/blueprint.yml")
    answer = bp("lint", "NORDWIND/ROLLOUT/engagement/customer_profile.yaml")
    assert (answer.code, "missing-blueprint" in answer.out) == (1, True)


@pytest.mark.parametrize(
    "name", ["blueprint.md", "blueprint.yaml.j2", "blueprint.json", "blueprints.yaml", "BLUEFIN.yaml"]
)
def test_files_that_only_sound_alike_are_no_engagements(realms: Realms, bp: Bp, name: str) -> None:
    realms.write(f"docs/{name}", "steps: []\n")
    answer = bp(*CLEAN)
    assert (answer.code, answer.out.splitlines()[-1]) == (0, "1 node: 1 passing; no gaps")


@pytest.mark.parametrize(
    "name",
    [
        "support/support_profile.yml",
        "support/support_profile.YAML",
        "support/support-profile.yaml",
        "support/supportprofile.yaml",
        "support/support_profile.json",
        "support/support_profile.yaml.txt",
        "support/Copy of support_profile.yaml",
        "Support/support_profile.yaml",
    ],
)
def test_a_respelt_asset_is_named_by_scan_and_by_lint(realms: Realms, bp: Bp, name: str) -> None:
    realms.move("NORDWIND/ROLLOUT/support/support_profile.yaml", f"NORDWIND/ROLLOUT/{name}")
    assert f"is not there; rename `NORDWIND/ROLLOUT/{name}` to that" in bp(*CLEAN).out
    for named in ([], ["NORDWIND"], [f"NORDWIND/ROLLOUT/{name}"]):
        assert ("misnamed-file", f"NORDWIND/ROLLOUT/{name}") in gaps(bp("lint", "-f", "json", *named))


@pytest.mark.parametrize(
    "name", ["support_profile.yaml", "supports/support_profile.yaml", "support/suport_profile.yaml"]
)
def test_a_similar_file_is_suggested(realms: Realms, bp: Bp, name: str) -> None:
    realms.move("NORDWIND/ROLLOUT/support/support_profile.yaml", f"NORDWIND/ROLLOUT/{name}")
    assert f"is not there; did you mean `NORDWIND/ROLLOUT/{name}`?" in bp(*CLEAN).out
    answer = bp("lint", f"NORDWIND/ROLLOUT/{name}")
    assert answer.code == 0
    assert "checked as YAML only, as no schema applies" in answer.err
    assert "did you mean `support/support_profile.yaml`?" in answer.err


def test_each_file_is_offered_once_and_for_what_it_resembles_most() -> None:
    absent = ["a/success_plan.yaml", "a/engagement_plan.yaml"]
    assert {path: near.path for path, near in meant(absent, [], ["a/success-plan.yml"]).items()} == {
        "a/success_plan.yaml": "a/success-plan.yml"
    }
    assert meant(["a/mutual_plan.yaml"], ["a/mutual_plans.yaml"], ["a/Copy of mutual_plans.yaml"]) == {}


def test_thousands_of_files_are_not_compared() -> None:
    assert meant([f"a/asset_{n}.yaml" for n in range(50)], [], [f"a/file_{n}.yaml" for n in range(5000)]) == {}


def test_decomposed_letters(realms: Realms, bp: Bp) -> None:
    composed, decomposed = "M\u00dcLLER", "MU\u0308LLER"
    realms.add_node(TRIAL, f"{decomposed}/TRIAL")
    realms.move(f"{decomposed}/TRIAL/support/support_profile.yaml", f"{decomposed}/TRIAL/u\u0308bersicht.yaml")
    realms.append(f"{decomposed}/TRIAL/blueprint.yaml", "assets: {support/support_profile.yaml: \u00fcbersicht.yaml}\n")
    for named in ([f"{composed}/TRIAL"], ["--realm", composed]):
        answer = bp(*CLEAN, *named)
        assert (answer.code, answer.out.splitlines()[-1]) == (0, "1 node: 1 passing; no gaps"), answer.err
    assert bp("lint", f"{composed}/TRIAL/blueprint.yaml").code == 0
    realms.write("bp.yaml", f"exclude: [{composed}/**]\n")
    answer = bp(*CLEAN)
    assert (answer.out.splitlines()[-2], answer.err) == ("1 node: 1 passing; no gaps", "")


def test_two_blueprints_in_one_directory(tmp_path: Path, realms: Realms, bp: Bp) -> None:
    """An archetype of a repository may call its blueprints otherwise; then a directory may hold one of each."""
    folder = realms.path / "reference_blueprints" / "pilots"
    source = next((Path(__file__).parents[2] / "reference_blueprints").glob("*/archetype.yaml"))
    folder.mkdir(parents=True)
    text = source.read_text(encoding="utf-8").replace(f"id: {source.parent.name}", "id: pilots", 1)
    assert "blueprint: blueprint.yaml" in text
    (folder / "archetype.yaml").write_text(
        text.replace("blueprint: blueprint.yaml", "blueprint: pilot.yaml", 1), encoding="utf-8"
    )
    realms.write("NORDWIND/ROLLOUT/pilot.yaml", (realms.path / "NORDWIND/ROLLOUT/blueprint.yaml").read_bytes())
    answer = bp(*CLEAN)
    assert answer.code in (1, 2), answer.out
