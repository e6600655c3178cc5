"""`bp catalog`: what there is, everything about one thing, and whether it holds together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from blueprint_cli.cli.catalog import catalog as app
from blueprint_cli.errors import BpError
from blueprint_cli.policy.layers import packaged_root
from blueprint_cli.policy.load import packaged_policy
from tests.policy.faults import FILES


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = app(list(arguments), standalone_mode=False)
    return int(code or 0), capsys.readouterr().out


def _entry(capsys: pytest.CaptureFixture[str], name: str) -> dict[str, Any]:
    code, out = _run(capsys, "show", name, "--format", "json")
    assert code == 0
    (entry,) = json.loads(out)["entries"]
    assert isinstance(entry, dict)
    return entry


def test_list_names_what_there_is_with_counts(capsys: pytest.CaptureFixture[str]) -> None:
    _, out = _run(capsys, "list")
    assert (
        "C02_customer_success_operating_model  Customer success operating model    4 assets, 4 checks, 2 cadences"
        in out
    )
    (archetype,) = json.loads(_run(capsys, "list", "--format", "json")[1])["archetypes"]
    assert [track["id"] for track in archetype["tracks"]] == ["poc", "economy", "premium", "fast_track"]
    assert sum(blueprint["checks"] for blueprint in archetype["reference_blueprints"]) == 28


@pytest.mark.parametrize("name", ["C01/CHK_ENG_003", "CHK_ENG_003"])
def test_a_check_tells_what_it_asks_on_each_track(capsys: pytest.CaptureFixture[str], name: str) -> None:
    entry = _entry(capsys, name)
    assert (entry["kind"], entry["id"]) == ("check", "C01/CHK_ENG_003")
    text = (packaged_root() / FILES["C01"]).read_text(encoding="utf-8").splitlines()
    assert entry["origin"]["file"] == FILES["C01"]
    assert "id: CHK_ENG_003" in text[entry["origin"]["line"] - 1]
    limits = list(entry["limit_(row_validation.engagement_gap_max)"].items())
    assert limits == [("poc", "–"), ("economy", "30 days"), ("premium", "14 days"), ("fast_track", "7 days")]
    _, out = _run(capsys, "show", name)
    assert f"{FILES['C01']}:{entry['origin']['line']}" in out
    assert "newest customer touchpoint" in out
    assert "owner: CSM" in out
    assert "playbook: PB_169 Address engagement gap" in out


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("post_sales_governance", "archetype", "C → D: Renewal cycle begins"),
        ("C04_customer_knowledge_hub", "reference blueprint", "required on: premium, fast_track"),
        ("C04", "reference blueprint", "C04/CHK_HUB_001"),
        ("premium", "track", "  cadence.qbr  "),
        ("governance/health_score.yaml", "asset", "due: 30 days after contract signature"),
        ("engagement/customer_profile.yaml", "asset", "comprehensive"),
        ("PB_173", "playbook", "health_score_declining"),
        ("PB_971", "playbook", "gap_scan"),
        ("qbr", "cadence", "semi-annual"),
        ("gap_scan", "cadence", "one entry, due on end of the engagement"),
        ("success_achieved", "signal", "at least 1 × achieved milestone"),
        ("validation.escalation_sla", "track row", "C05/CHK_SVC_003"),
    ],
)
def test_show_knows_every_kind_of_thing(capsys: pytest.CaptureFixture[str], name: str, kind: str, words: str) -> None:
    assert _entry(capsys, name)["kind"] == kind
    assert words in _run(capsys, "show", name)[1]


def test_every_thing_of_the_catalog_can_be_shown() -> None:
    from blueprint_cli.policy.entries import CatalogEntries

    for archetype in packaged_policy().catalog.archetypes.values():
        made = list(CatalogEntries(archetype).all())
        assert len(made) > 28 * 3
        assert all(entry.title and entry.facts for entry in made if entry.kind != "playbook")


def test_an_unknown_name_is_answered_with_close_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BpError) as refused:
        _run(capsys, "show", "chk_eng_03")
    assert "the catalog has no `chk_eng_03`" in refused.value.message
    assert "CHK_ENG_003" in str(refused.value.hint)


def test_an_unknown_format_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BpError, match="`xml` is not a format"):
        _run(capsys, "list", "--format", "xml")


def test_check_says_ok_with_counts(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = _run(capsys, "check")
    assert code == 0
    assert out.startswith("OK: 1 archetype, 7 reference blueprints, 4 tracks, 28 assets, 28 checks, 6 cadences")


def test_check_prints_every_problem_at_its_place(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    target = tmp_path / FILES["premium"]
    target.parent.mkdir(parents=True)
    text = (packaged_root() / FILES["premium"]).read_text(encoding="utf-8")
    target.write_text(
        text.replace("staleness: 7 days", "staleness: soon").replace("qbr: q", "qbr: Q"), encoding="utf-8"
    )
    code, out = _run(capsys, "check")
    assert code == 2
    lines = target.read_text(encoding="utf-8").splitlines()
    first, second = out.splitlines()
    at = {cell: f"{FILES['premium']}:{lines.index(cell) + 1}" for cell in ("  qbr: Quarterly", "  staleness: soon")}
    assert first.startswith(f"{at['  qbr: Quarterly']}:8: `Quarterly` cannot stand in row `cadence.qbr`")
    assert second.startswith(f"{at['  staleness: soon']}:14: `soon` cannot stand in row `validation.staleness`")
