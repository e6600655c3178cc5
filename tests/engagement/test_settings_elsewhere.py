"""Settings under another name or in another place are remarked on, and an unknown archetype hides no broken file."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.realms import DAY, ROLLOUT, Answer, Bp, Realms

CLEAN = ("scan", "--as-of", DAY, "--no-write")


@pytest.mark.parametrize("name", ["bp.yml", "BP.yaml", "bp.yaml.txt", "bp.json"])
def test_under_another_name(realms: Realms, bp: Bp, name: str) -> None:
    realms.write(name, "fail_on: warning\n")
    assert bp(*CLEAN).err == f"bp: `{name}` is not read: settings are in bp.yaml; rename it\n"


def test_in_another_place(realms: Realms, run: Callable[..., Answer]) -> None:
    realms.write("infohub/bp.yaml", "realms: [NORDWIND]\n")
    realms.move("NORDWIND", "infohub/NORDWIND")
    remark = "bp: `infohub/bp.yaml` is not read: settings are those at the root"
    assert run(realms.path / "infohub", *CLEAN).err.startswith(remark)
    assert run(realms.path, *CLEAN, "infohub").err.startswith(remark)
    answer = run(realms.path, *CLEAN, "--config", "infohub/bp.yaml")
    assert (answer.code, "write `infohub/NORDWIND`" in answer.err) == (2, True)


def test_the_files_of_an_unknown_archetype(realms: Realms, bp: Bp) -> None:
    realms.edit(f"{ROLLOUT}/blueprint.yaml", "archetype: ", "archetype: un")
    realms.write(f"{ROLLOUT}/own/x.yaml", "a: [\n")
    answer = bp(*CLEAN, "-f", "json")
    rules = {(gap["rule"], gap["location"]["path"]) for node in answer.data["nodes"] for gap in node["gaps"]}
    assert rules == {
        ("unknown-archetype", f"{ROLLOUT}/blueprint.yaml"),
        ("yaml-syntax", f"{ROLLOUT}/own/x.yaml"),
    }
