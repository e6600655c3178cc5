"""Shards of a scan, made one report again."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from blueprint_cli import api
from tests.support.realms import DAY, REALMS, Answer, Bp, Realms

NAMES = sorted(f"{path.parent.parent.name}/{path.parent.name}" for path in REALMS.glob("*/*/blueprint.yaml"))


@pytest.fixture
def portfolio(tmp_path: Path, request: pytest.FixtureRequest) -> Realms:
    """All examples, at the root or below a directory."""
    scratch = Realms.new(tmp_path / "portfolio")
    assert isinstance(scratch, Realms)
    below = getattr(request, "param", "")
    for name in NAMES:
        scratch.add_node(name, f"{below}{name}")
    scratch.write(f"{below}ACME/LOST/support/case_log.yaml")
    scratch.write(f"{below}ACME/BROKEN/blueprint.yaml", "a: [\n")
    return scratch


@pytest.fixture
def scan(portfolio: Realms, run: Callable[..., Answer]) -> Bp:
    """`bp scan --format json`."""
    return lambda *more: run(portfolio.path, "scan", "--no-write", "--as-of", DAY, "-f", "json", *more)


@pytest.fixture(scope="module")
def known() -> dict[tuple[str, str], bytes]:
    """Shards by where the engagements stand and which share it is: they are scanned once."""
    return {}


@pytest.fixture
def shards(scan: Bp, portfolio: Realms, tmp_path: Path, known: dict[tuple[str, str], bytes]) -> list[str]:
    """The reports of three shards and of an empty one, the last first."""
    (below,) = {path.parent.parent.parent.name for path in portfolio.path.rglob("ROLLOUT/blueprint.yaml")}
    for number, share in enumerate(("1/3", "2/3", "3/3", "99/99"), 1):
        file = tmp_path / f"{number}.json"
        if (below, share) not in known:
            assert scan("--shard", share, "-o", str(file)).code in (0, 1)
            known[below, share] = file.read_bytes()
        file.write_bytes(known[below, share])
    return [str(tmp_path / f"{number}.json") for number in (4, 3, 2, 1)]


@pytest.mark.parametrize("portfolio", ["", "customers/"], indirect=True)
def test_merged_shards_are_the_whole_scan_byte_for_byte(
    scan: Bp, shards: list[str], run: Callable[..., Answer], tmp_path: Path
) -> None:
    whole = scan()
    merged = run(tmp_path, "merge", *shards, "-f", "json")
    assert merged.out == whole.out
    assert merged.code == whole.code == 1
    assert run(tmp_path, "merge", *shards, "--fail-on", "never", "-f", "json").code == 0
    again = run(tmp_path, "merge", shards[0], *shards, "-f", "json")
    assert again.out == whole.out


def test_every_format_is_that_of_the_whole_scan(
    portfolio: Realms, shards: list[str], run: Callable[..., Answer]
) -> None:
    for format in ("text", "yaml", "sarif", "junit", "github", "gitlab", "markdown"):
        whole = run(portfolio.path, "scan", "--no-write", "--as-of", DAY, "-f", format)
        assert run(portfolio.path, "merge", *shards, "-f", format).out == whole.out


def changed(path: str, change: Callable[[Any], object]) -> None:
    data = json.loads(Path(path).read_text(encoding="utf-8"))
    change(data)
    Path(path).write_text(json.dumps(data), encoding="utf-8")


def as_version_1(data: dict[str, Any]) -> None:
    """Turn a report into what version 1 of the format had."""
    for part in (data, *data["nodes"]):
        part["schema_version"] = 1
        part["summary"]["health"] = part["summary"].pop("compliance")
    for node in data["nodes"]:
        node["generated_by"] = "blueprint-cli 0.0.9"
        node.pop("customer_health", None)
        for line in node["assets"]:
            day = line.pop("last_updated")
            line["age_days"] = day and (date.fromisoformat(DAY) - date.fromisoformat(day)).days


def test_reports_of_version_1_are_read(shards: list[str], run: Callable[..., Answer], tmp_path: Path) -> None:
    """Beside those of today, and as them: only the customers' own health is not in them."""
    whole = run(tmp_path, "merge", *shards, "-f", "json").data
    changed(shards[0], as_version_1)
    first = {node["node"] for node in json.loads(Path(shards[0]).read_text(encoding="utf-8"))["nodes"]}
    merged = run(tmp_path, "merge", *shards, "-f", "json").data
    for node in whole["nodes"]:
        if node["node"] in first:
            node.pop("customer_health", None)
    assert merged == whole
    assert {node.node for node in api.load(shards[0]).nodes} == first


def _line(data: Any) -> Any:
    return next(line for node in data["nodes"] for line in node["assets"])


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["nodes"][0].update(assets=7),
        lambda data: _line(data).update(age_days=-1),
        lambda data: _line(data).update(age_days=10**9),
        lambda data: data["nodes"][0].update(summary=None),
        lambda data: data["nodes"].append("x"),
        lambda data: data.update(summary=[]),
        lambda data: data["nodes"][0].update(as_of="soon"),
    ],
)
def test_what_was_not_a_report_of_version_1_is_refused(
    shards: list[str], run: Callable[..., Answer], tmp_path: Path, change: Callable[[Any], object]
) -> None:
    shard = max(shards, key=lambda name: Path(name).stat().st_size)
    changed(shard, as_version_1)
    changed(shard, change)
    answer = run(tmp_path, "merge", *shards)
    assert (answer.code, shard in answer.err) == (2, True)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.update(schema_version=3), "schema_version 3"),
        (lambda data: data.update(as_of="2026-03-03"), "as of"),
        (lambda data: data.update(as_of=["\x1b[1m"], nodes=[]), "`as_of` is not a date"),
        (lambda data: data.update(as_of="soon", nodes=[]), "`as_of` is not a date"),
        (lambda data: data["nodes"].pop(), "its summary does not match its engagements"),
        (lambda data: data["nodes"][0].update(realm="A\x1b[1mB"), "not one that this version"),
        (lambda data: data.pop("nodes"), "is not a report of bp scan"),
        (lambda data: data.update(nodes={}), "`nodes` is not a list"),
        (lambda data: data["nodes"][0].pop("gaps"), "nodes[0] is not the report of an engagement"),
        (lambda data: data["nodes"][0].update(as_of="2026-01-01"), "nodes[0] is as of 2026-01-01"),
        (lambda data: data["nodes"][0].update(generated_by="blueprint-cli 9.9.9"), "not one that this version"),
        (lambda data: data["nodes"][0]["summary"].update(compliance=1), "not one that this version"),
    ],
)
def test_what_does_not_belong_together_is_refused(
    shards: list[str], run: Callable[..., Answer], tmp_path: Path, change: Callable[[Any], object], message: str
) -> None:
    changed(shards[-1], change)
    answer = run(tmp_path, "merge", *shards)
    assert (answer.code, message in answer.err, shards[-1] in answer.err) == (2, True, True)


def test_one_engagement_with_two_reports_is_refused(
    shards: list[str], run: Callable[..., Answer], tmp_path: Path
) -> None:
    other = tmp_path / "other.json"
    other.write_text(Path(shards[-1]).read_text(encoding="utf-8"), encoding="utf-8")
    changed(str(other), lambda data: data["nodes"][0].update(track="poc"))
    answer = run(tmp_path, "merge", *shards, str(other))
    assert (answer.code, "1.json and " in answer.err, "other.json" in answer.err) == (2, True, True)


def test_unreadable_files_are_named(run: Callable[..., Answer], tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("not json", encoding="utf-8")
    for name, message in (("nowhere.json", "cannot be read"), ("x.json", "is not JSON")):
        answer = run(tmp_path, "merge", name)
        assert (answer.code, f"{name} {message}" in answer.err) == (2, True)
    assert run(tmp_path, "merge").code == 2


def test_a_missing_shard_is_reported_if_their_number_is_given(
    shards: list[str], scan: Bp, run: Callable[..., Answer], tmp_path: Path
) -> None:
    assert run(tmp_path, "merge", *shards, "--shards", "4", "-f", "json").out == scan().out
    answer = run(tmp_path, "merge", *shards[1:], shards[1], "--shards", "4")
    assert (answer.code, answer.out, "3 of 4 reports are there" in answer.err) == (2, "", True)
    twice = tmp_path / "twice.json"
    twice.write_bytes(Path(shards[1]).read_bytes())
    answer = run(tmp_path, "merge", *shards[1:], str(twice), "--shards", "4")
    assert (answer.code, "twice.json both report " in answer.err) == (2, True)
    assert run(tmp_path, "merge", *shards, "--shards", "0").code == 2


def test_standard_input_is_a_report(
    shards: list[str], scan: Bp, run: Callable[..., Answer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Path(shards[-1]).open(encoding="utf-8") as file:
        monkeypatch.setattr("sys.stdin", file)
        assert run(tmp_path, "merge", "-", *shards[:-1], "-", "-f", "json").out == scan().out
