"""What a repository adds or overrides: by id, in order, and never half: a bad override is reported before any scan."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from blueprint_cli.config import Config
from blueprint_cli.errors import PolicyError
from blueprint_cli.files.disk import Directory
from blueprint_cli.policy.layers import packaged, packaged_root
from blueprint_cli.policy.load import Policy, packaged_policy
from blueprint_cli.workspace import Workspace
from tests.policy.faults import FILES, NAME

BLUEPRINTS, TRACKS = f"reference_blueprints/{NAME}", f"tracks/{NAME}"


def _policy(root: Path, *folders: str) -> Policy:
    workspace = Workspace(str(root), None, str(root))
    return workspace.policy(Directory(str(root)), Config(catalog=folders or (".",)))


def _write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def _packaged(path: str) -> str:
    return (packaged_root() / path).read_text(encoding="utf-8")


def _bp(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "BP_"))}
    return subprocess.run(
        [sys.executable, "-m", "blueprint_cli", *arguments],
        cwd=root,
        env={**clean, "GIT_CEILING_DIRECTORIES": str(root.parent)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_repository_without_policy_has_the_packaged_one(tmp_path: Path) -> None:
    workspace = Workspace(str(tmp_path), None, str(tmp_path))
    assert workspace.policy(Directory(str(tmp_path)), Config()) is packaged_policy()


def test_a_track_of_the_same_id_replaces_the_packaged_one(tmp_path: Path) -> None:
    text = _packaged(FILES["premium"]).replace("engagement_gap_max: 14 days", "engagement_gap_max: 10 days")
    _write(tmp_path, f"{TRACKS}/ours.yaml", text)
    archetype = _policy(tmp_path).catalog.archetypes[NAME]
    assert sorted(archetype.tracks) == ["economy", "fast_track", "poc", "premium"]
    premium = archetype.tracks["premium"]
    assert premium.cell("validation.engagement_gap_max") == "10 days"
    assert premium.where("validation.engagement_gap_max") == f"{TRACKS}/ours.yaml: validation.engagement_gap_max"


@pytest.mark.parametrize("folder", ["policy", "./policy/", "/policy", "x/../policy", ".policy", ".github/policy"])
def test_a_catalog_in_a_directory_of_any_name(tmp_path: Path, folder: str) -> None:
    text = _packaged(FILES["premium"]).replace("id: premium", "id: gold")
    _write(tmp_path, f"{folder.strip('/').replace('x/../', '')}/{TRACKS}/gold.yaml", text)
    assert "gold" in _policy(tmp_path, folder).catalog.archetypes[NAME].tracks


def test_a_catalog_that_is_not_there(tmp_path: Path) -> None:
    _write(tmp_path, f"policy/{TRACKS}/gold.yaml", _packaged(FILES["premium"]).replace("id: premium", "id: gold"))
    _write(tmp_path, "empty/tracks/README.md", "")
    for folders in (["polcy"], ["policy", "empty"], [".", "polcy"], ["../policy"], ["policy/tracks"]):
        with pytest.raises(PolicyError) as caught:
            _policy(tmp_path, *folders)
        (problem,) = caught.value.problems
        assert "name a directory that contains reference_blueprints/, tracks/ or schemas/" in problem
    assert "gold" in _policy(tmp_path, ".", "policy").catalog.archetypes[NAME].tracks


def test_a_track_of_a_new_id_stands_beside_the_others(tmp_path: Path) -> None:
    _write(tmp_path, f"{TRACKS}/gold.yaml", _packaged(FILES["premium"]).replace("id: premium", "id: gold"))
    assert "gold" in _policy(tmp_path).catalog.archetypes[NAME].tracks


def test_a_reference_blueprint_is_replaced_by_its_id_and_may_bring_its_schema(tmp_path: Path) -> None:
    asset = (
        "  - {path: advocacy/quotes.yaml, title: quotes, schema: ours/quotes.schema.json,\n"
        "     due: {after: contract_signed, within: 30 days}, dates: [$.quotes.newest]}\n"
    )
    text = _packaged(FILES["C07"]).replace("assets:\n", "assets:\n" + asset)
    _write(tmp_path, f"{BLUEPRINTS}/advocacy.yaml", text)
    schema = '{"properties": {"quotes": {"properties": {"newest": {"type": "string"}}, "additionalProperties": false}}}'
    _write(tmp_path, "schemas/ours/quotes.schema.json", schema)
    policy = _policy(tmp_path)
    archetype = policy.catalog.archetypes[NAME]
    assert len(archetype.reference_blueprints) == 7
    assert archetype.assets["advocacy/quotes.yaml"].origin.file == f"{BLUEPRINTS}/advocacy.yaml"
    assert policy.store.validator("ours/quotes.schema.json").is_valid({"quotes": {"newest": "2026-01-05"}})


def test_a_schema_of_the_same_name_replaces_the_packaged_one(tmp_path: Path) -> None:
    name = "C04_customer_knowledge_hub/learning_path.schema.json"
    _write(tmp_path, f"schemas/{name}", _packaged(f"schemas/{name}").replace('"modules"', '"lessons"'))
    with pytest.raises(PolicyError) as refused:
        _policy(tmp_path)
    (problem,) = refused.value.problems
    assert problem.startswith(f"{BLUEPRINTS}/C04_customer_knowledge_hub.yaml:")
    assert "`modules` is not a key there; the keys are" in problem


@pytest.mark.parametrize("name", ["archetype", "reference_blueprint", "track", "predicate", "blueprint", "asset"])
def test_the_forms_of_policy_are_not_policy(tmp_path: Path, name: str) -> None:
    """Anyone who may write anything there could make the rest of the program meet what it does not expect."""
    _write(tmp_path, f"schemas/{name}.schema.json", '{"type": "object"}')
    _write(tmp_path, f"{BLUEPRINTS}/C07_customer_advocacy.yaml", "id: C07_customer_advocacy\nchecks: [[1], {id: 2}]\n")
    with pytest.raises(PolicyError) as refused:
        _policy(tmp_path)
    assert all(problem.startswith(f"{BLUEPRINTS}/C07_customer_advocacy.yaml:") for problem in refused.value.problems)


def test_a_copy_of_a_reserved_schema_is_ignored_with_a_note(tmp_path: Path) -> None:
    _write(tmp_path, "schemas/track.schema.json", '{"type": "object"}')
    policy = _policy(tmp_path)
    assert policy.catalog.notes == (
        "schemas/track.schema.json is ignored: bp uses its own schemas of policy files and of blueprint.yaml",
    )
    assert not policy.store.validator("track.schema.json").is_valid({})


def test_later_folders_win(tmp_path: Path) -> None:
    for folder, days in (("group", 12), ("team", 11)):
        text = _packaged(FILES["premium"]).replace("engagement_gap_max: 14 days", f"engagement_gap_max: {days} days")
        _write(tmp_path, f"{folder}/{FILES['premium']}", text)
    for folders, cell in ((("group", "team"), "11 days"), (("team", "group"), "12 days")):
        track = _policy(tmp_path, *folders).catalog.archetypes[NAME].tracks["premium"]
        assert track.cell("validation.engagement_gap_max") == cell
        assert track.origin.file.startswith(f"{folders[1]}/tracks/")


def test_a_directory_that_is_not_a_catalog_is_ignored_with_a_note(tmp_path: Path) -> None:
    _write(tmp_path, "tracks/rails/main_line.yaml", "gauge: 1435\n")
    _write(tmp_path, "tracks/readme.yaml", "gauge: 1435\n")
    _write(tmp_path, "reference_blueprints/villas/large.yaml", "rooms: [1, 2\n")
    policy = _policy(tmp_path)
    assert list(policy.catalog.archetypes) == [NAME]
    assert policy.catalog.notes == (
        "reference_blueprints/villas is ignored: there is no reference_blueprints/villas/archetype.yaml",
        "tracks/rails is ignored: there is no reference_blueprints/rails/archetype.yaml",
    )


ENGAGEMENT = f"archetype: {NAME}\ntrack: premium\n"
BAD = {
    "unknown key": (
        "premium",
        "optional: [C07_customer_advocacy]",
        "optionl: [C07_customer_advocacy]",
        ("did you mean `optional`?",),
    ),
    "unknown predicate": ("C01", "      newest:\n", "      newst:\n", ("newst",)),
    "no span": ("C01", "within: 1 month}", "within: a while}", ("a while",)),
    "unknown row": (
        "C01",
        "row: validation.engagement_gap_max",
        "row: validation.gap",
        ("validation.engagement_gap_max",),
    ),
    "no YAML": ("premium", "rank: 3", "rank: [3", ("yaml-syntax",)),
    "duplicate key": ("premium", "rank: 3", "id: gold\nrank: 3", ("duplicate-key",)),
}


@pytest.mark.parametrize(("file", "old", "new", "words"), BAD.values(), ids=BAD)
def test_a_bad_override_is_refused_before_any_scan(
    tmp_path: Path, file: str, old: str, new: str, words: tuple[str, ...]
) -> None:
    before = _packaged(FILES[file])
    line = before[: before.index(old)].count("\n") + 1
    _write(tmp_path, FILES[file], before.replace(old, new, 1))
    with pytest.raises(PolicyError) as refused:
        _policy(tmp_path)
    (problem,) = refused.value.problems
    assert problem.startswith(f"{FILES[file]}:{line}:")
    assert [word for word in words if word not in problem] == []


def test_the_command_line_stops_before_the_scan(tmp_path: Path) -> None:
    _write(tmp_path, "ACME/ROLLOUT/blueprint.yaml", ENGAGEMENT)
    _write(tmp_path, FILES["premium"], _packaged(FILES["premium"]).replace("staleness: 7 days", "staleness: soon"))
    ran = _bp(tmp_path, "scan", "--as-of", "2026-03-02")
    assert (ran.returncode, ran.stdout) == (2, "")
    line = (tmp_path / FILES["premium"]).read_text(encoding="utf-8").splitlines().index("  staleness: soon") + 1
    assert f"{FILES['premium']}:{line}:14: `soon` cannot stand in row `validation.staleness`" in ran.stderr
    assert not (tmp_path / "ACME/ROLLOUT/gap_report.yaml").exists()


def test_the_packaged_catalog_is_complete() -> None:
    assert {path for path in packaged().files if path.startswith(TRACKS)} == {
        f"{TRACKS}/{name}.yaml" for name in ("poc", "economy", "premium", "fast_track")
    }
