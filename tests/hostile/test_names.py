"""A decoy: an engagement of a stranger under the name of an honest one. Nothing of the one counts for the other."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.hostile.kit import AS_OF, VICTIM, WITNESS, Place

DECOYS = ["AAA/ACME/VICTIM", "zz/ACME/VICTIM", f"{VICTIM}/more/ACME/VICTIM"]
PROFILE = "engagement/customer_profile.yaml"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """The victim lacks an asset, which a decoy has."""
    place = Place.new(tmp_path / "repo")
    (place.root / VICTIM / PROFILE).unlink()
    place.commit()
    return place


@pytest.mark.parametrize("decoy", DECOYS)
def test_both_are_judged_and_both_say_so(place: Place, decoy: str) -> None:
    before = place.scan()
    place.add(decoy)
    answer = place.scan().witnessed()
    assert [gap for gap in answer.gaps if gap["rule"] != "duplicate-name"] == before.gaps
    for node, other in ((VICTIM, decoy), (decoy, VICTIM)):
        assert answer.rules(f"{node}/blueprint.yaml").count("duplicate-name") == 1
        message = f"ACME/VICTIM is also the name of `{other}`: rename one of them"
        assert message in answer.about(f"{node}/blueprint.yaml")
    prints = [gap["fingerprint"] for gap in answer.gaps]
    assert len(set(prints)) == len(prints)
    alone = place.scan("--", VICTIM)
    assert [gap for gap in alone.gaps if gap["rule"] == "duplicate-name"], "a report depends on what was named"
    introduced = [(gap["rule"], gap["location"]["path"]) for gap in place.diff("HEAD").gaps]
    assert ("duplicate-name", f"{decoy}/blueprint.yaml") in introduced
    assert {rule for rule, _ in introduced} == {"duplicate-name"}


def test_names_that_are_not_used_twice(place: Place) -> None:
    place.add("zz/ACME/OTHER")
    place.add("zz/BETA/VICTIM")
    place.add("zz/acme/VICTIM")
    assert "duplicate-name" not in [gap["rule"] for gap in place.scan().witnessed().gaps]


@pytest.mark.parametrize("decoy", DECOYS)
def test_history_shows_the_one_that_is_named(place: Place, decoy: str) -> None:
    days = ("--until", AS_OF, "--step", "commit", "--format", "json")
    before = place.bp("history", VICTIM, *days).data["points"]
    place.add(decoy)
    place.commit()
    shutil.rmtree(place.root / decoy)
    place.commit()
    after = place.bp("history", VICTIM, *days).data["points"]
    assert {point["node"] for point in after} == {VICTIM}
    healths = [{"compliance": point["compliance"], "errors": point["gaps"]["error"]} for point in (*before, *after)]
    assert healths == healths[:1] * len(healths)
    every = place.bp("history", *days).data["points"]
    assert {point["node"] for point in every} == {VICTIM, decoy, WITNESS}


def test_history_goes_on_where_an_engagement_moves(place: Place) -> None:
    place.git("mv", "ACME", "BETA/ACME")
    place.commit()
    points = place.bp("history", "--until", AS_OF, "--step", "commit", "--format", "json").data["points"]
    assert {point["node"] for point in points} == {VICTIM, WITNESS}
    assert all(point["compliance"] is not None for point in points)


@pytest.mark.parametrize("decoy", DECOYS)
def test_reports_of_shards_are_merged(place: Place, decoy: str) -> None:
    place.add(decoy)
    status = place.read(f"{decoy}/blueprint.yaml").replace("status: active", "status: on_hold")
    for content in (place.read(f"{decoy}/blueprint.yaml"), status):
        place.write(f"{decoy}/blueprint.yaml", content)
        whole = place.scan()
        files = []
        for shard in (1, 2, 3):
            files.append(f"../{shard}.json")
            (place.root / files[-1]).write_text(place.scan("--shard", f"{shard}/3").out)
        merged = place.bp("merge", "--shards", "3", "--format", "json", *files)
        assert json.loads(merged.out) == json.loads(whole.out)
        assert len(merged.data["nodes"]) == 3
