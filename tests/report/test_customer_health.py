"""The customer's own health beside the compliance of the engagement: shown as stated, or not at all."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from blueprint_cli import api
from blueprint_cli.errors import PolicyError
from blueprint_cli.model import CustomerHealth, NodeReport
from blueprint_cli.policy.check.audit import checked
from blueprint_cli.policy.layers import Layer, packaged
from blueprint_cli.render import render
from blueprint_cli.render.options import RenderOptions
from tests.support.realms import DAY, REALMS, ROLLOUT

ASSET = "governance/health_score.yaml"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with one engagement, which is entered."""
    shutil.copytree(REALMS / ROLLOUT, tmp_path / "home" / ROLLOUT)
    monkeypatch.chdir(tmp_path / "home")
    return tmp_path / "home"


def scanned(day: str = DAY) -> NodeReport:
    (node,) = api.scan(as_of=day).nodes
    return node


def changed(place: Path, pattern: str, replacement: str) -> None:
    file = place / ROLLOUT / ASSET
    text, number = re.subn(pattern, replacement, file.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
    assert number
    file.write_text(text, encoding="utf-8")


def test_it_is_shown_as_stated(place: Path) -> None:
    node = scanned()
    assert node.customer_health == CustomerHealth(91, "healthy", "2026-02-27", ASSET)
    assert node.summary.compliance == 100
    report = api.scan(as_of=DAY)
    assert "compliance 100 · customer health 91, healthy, 3 days old · passing" in render(
        report, "text", RenderOptions()
    )
    assert "customer health" not in render(report, "text", RenderOptions(redact=True))


def test_a_bad_score_is_shown_beside_a_good_compliance(place: Path) -> None:
    changed(place, r"^score: .*$", "score: 12.5")
    node = scanned()
    assert (node.customer_health and node.customer_health.score, node.summary.compliance) == (12.5, 100)


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [(r"^score: .*$", "score: good"), (r"^score: .*$", "score: true"), (r"^score: .*$\n", "")],
)
def test_what_is_not_a_score_is_not_shown(place: Path, pattern: str, replacement: str) -> None:
    changed(place, pattern, replacement)
    assert scanned().customer_health is None


def test_without_the_asset_there_is_none(place: Path) -> None:
    (place / ROLLOUT / ASSET).unlink()
    assert scanned().customer_health is None


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("{asset: governance/health_scores.yaml, score: $.score}", "did you mean"),
        ("{asset: governance/health_score.yaml, score: score}", "is not a JSONPath query"),
        ("{asset: governance/health_score.yaml, score: $.scores}", "can never match"),
        ("{asset: governance/health_score.yaml, score: $.score, date: $.score}", "not a date"),
        ("{asset: governance/health_score.yaml}", "score"),
    ],
)
def test_where_it_stands_is_audited(written: str, message: str) -> None:
    name = "reference_blueprints/post_sales_governance/archetype.yaml"
    text = re.sub(r"^customer_health: .*$", f"customer_health: {written}", own(name), flags=re.MULTILINE)
    with pytest.raises(PolicyError, match=re.escape(message)):
        checked([packaged(), Layer("", {name: text.encode})])


def own(name: str) -> str:
    """A file of the packaged catalog."""
    return (Path(__file__).parents[2] / name).read_text(encoding="utf-8")
