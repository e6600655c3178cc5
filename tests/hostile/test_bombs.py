"""Files that want to exhaust the machine: one run each, within its processor time and 500 MB."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.kit import VICTIM, Place, sound

pytestmark = pytest.mark.slow
LOG = f"{VICTIM}/engagement/touchpoint_log.yaml"
BLUEPRINT = f"{VICTIM}/blueprint.yaml"
MB = 1 << 20
FINE = sound()["engagement/touchpoint_log.yaml"].decode()
HEAD = "last_updated: 2026-03-01\nupdated_by: dana.reyes\n"
ENTRY = (
    "- {id: %s, date: 2026-02-27, type: qbr, channel: call, participants: {customer: [a], vendor: [b]}, summary: s}\n"
)


def bomb(first: str, line: str) -> str:
    """Ten lines, each of which repeats the line before nine times."""
    lines = [f"a0: &a0 {first}\n"]
    lines += [f"a{n}: &a{n} {line % ', '.join([f'*a{n - 1}'] * 9)}\n" for n in range(1, 10)]
    return "".join(lines)


def listed(key: str, item: str, count: int) -> Callable[[Place], None]:
    """The blueprint with that many more items under a key that it has."""

    def plant(place: Place) -> None:
        more = "".join(item % n for n in range(count))
        place.edit(BLUEPRINT, f"{key}:\n", f"{key}:\n{more}")

    return plant


def added(text: str) -> Callable[[Place], None]:
    return lambda place: place.write(BLUEPRINT, place.read(BLUEPRINT) + text)


def log(text: str) -> Callable[[Place], None]:
    return lambda place: place.write(LOG, text)


def sparse(place: Place) -> None:
    """A file of four gigabytes that takes no room."""
    with (place.root / LOG).open("r+b") as file:
        file.truncate(4 << 30)


UNSAFE = {"unsafe-yaml"}
DEFECTS = {"invalid-asset", "unknown-key", "duplicate-id"}
ASSETS: dict[str, tuple[Callable[[Place], None], set[str]]] = {
    "alias bomb": (log(bomb("[x, x, x, x, x, x, x, x, x]", "[%s]")), UNSAFE),
    "alias bomb in one text": (log(f"a: &a {'x' * 1000}\nb: &b [{'*a, ' * 900}]\nc: [{'*b, ' * 900}]\n"), UNSAFE),
    "merge-key bomb": (log(bomb("{k: v}", "{<<: [%s]}")), UNSAFE),
    "200,000 levels in brackets": (log("a: " + "[" * 200_000), UNSAFE),
    "200,000 levels in braces": (log("{a: " * 200_000), UNSAFE),
    "200,000 levels of dashes": (log("- " * 200_000 + "x\n"), UNSAFE),
    "200,000 levels of question marks": (log("? " * 200_000 + "x\n"), UNSAFE),
    "levels by indentation": (log("".join(f"{' ' * n}a:\n" for n in range(1_400))), UNSAFE),
    "four gigabytes": (sparse, UNSAFE),
    "one byte too many": (log(HEAD + "#" * (MB - len(HEAD) + 1)), UNSAFE),
    "a megabyte in one text": (log(HEAD + f"touchpoints: {'x' * (MB - 100)}\n"), {"invalid-asset"}),
    "a megabyte in one key": (log(FINE + f"? {'x' * (MB - len(FINE) - 100)}\n: 1\n"), {"unknown-key"}),
    "a megabyte in one line": (log(HEAD + f"touchpoints: [{'1, ' * 90_000}1]\n"), {"invalid-asset"}),
    "more values than are read": (log(HEAD + f"touchpoints: [{'1, ' * 110_000}1]\n"), UNSAFE),
    "thousands of defects": (log(HEAD + "touchpoints:\n" + "- {id: 1, date: x, zzz: 1}\n" * 9_000), DEFECTS),
    "5,000 equal mappings": (log(HEAD + "touchpoints:\n" + ENTRY % "T" * 5_000), {"duplicate-id"}),
    "30,000 unknown keys": (
        log(FINE + "".join(f"touchpointz{n}: 1\n" for n in range(30_000))),
        {"unknown-key"},
    ),
    "long keys that look like known ones": (
        log(FINE + "".join(f"? {'touchpoints' * 3_000}{n}\n: 1\n" for n in range(20))),
        {"unknown-key"},
    ),
}
BLUEPRINTS: dict[str, tuple[Callable[[Place], None], set[str]]] = {
    "alias bomb": (added(bomb("[x, x, x, x, x, x, x, x, x]", "[%s]")), UNSAFE),
    "10,000 reference blueprints": (listed("reference_blueprints", "  - id: D%d_x\n", 10_000), {"invalid-blueprint"}),
    "190 unknown reference blueprints": (listed("reference_blueprints", "  - id: D%d_x\n", 190), {"invalid-blueprint"}),
    "12,000 playbooks": (listed("playbooks", "  - {id: X_%d, status: active}\n", 12_000), {"invalid-blueprint"}),
    "9,000 waivers": (
        added(
            "waivers:\n"
            + "".join(
                f"  - {{check: C07/X{n}, reason: r, approved_by: a, approved_on: 2026-02-01, expires: 2026-08-01}}\n"
                for n in range(9_000)
            )
        ),
        {"invalid-blueprint"},
    ),
    "900 waivers of nothing": (
        added(
            "waivers:\n"
            + "".join(
                f"  - {{check: C07/X{n}, reason: r, approved_by: a, approved_on: 2026-02-01, expires: 2026-08-01}}\n"
                for n in range(900)
            )
        ),
        {"unresolved-reference"},
    ),
    "a period of 99,999 years": (
        added(
            "additional_assets:\n  - {path: success/x.yaml, reference_blueprint: C01_customer_engagement, "
            "review_every: 99999 years}\n"
        ),
        {"missing-asset"},
    ),
    "a period of a million digits": (
        added(
            "additional_assets:\n  - {path: success/x.yaml, reference_blueprint: C01_customer_engagement, "
            f"review_every: {'9' * 1_000_000} days}}\n"
        ),
        {"invalid-blueprint"},
    ),
}


@pytest.mark.parametrize("name", ASSETS)
def test_an_asset_that_wants_to_exhaust_the_machine(tmp_path: Path, name: str) -> None:
    plant, rules = ASSETS[name]
    place = Place.new(tmp_path / "repo")
    plant(place)
    answer = place.scan().witnessed()
    assert answer.code == 1
    found = answer.rules(LOG)
    assert set(found) == rules
    assert len(found) <= 1_000
    assert len(found) == 1 or rules != UNSAFE  # a limit that is hit is one gap


@pytest.mark.parametrize("name", BLUEPRINTS)
def test_a_blueprint_that_wants_to_exhaust_the_machine(tmp_path: Path, name: str) -> None:
    plant, rules = BLUEPRINTS[name]
    place = Place.new(tmp_path / "repo")
    plant(place)
    answer = place.scan().witnessed()
    assert answer.code == 1
    assert set(answer.rules(BLUEPRINT)) == rules


@pytest.mark.parametrize("name", ["merge-key bomb", "four gigabytes"])
def test_the_same_from_the_hook_and_from_the_index(tmp_path: Path, name: str) -> None:
    plant, rules = ASSETS[name]
    place = Place.new(tmp_path / "repo")
    base = place.commit()
    plant(place)
    assert set(place.lint().witnessed().rules(LOG)) == rules
    assert set(place.bp("lint", "--format", "json", "--", LOG).rules(LOG)) == rules
    assert set(place.diff(base).rules(LOG)) == rules
    if plant is not sparse:  # Git itself would pack four gigabytes
        assert set(place.staged().witnessed().rules(LOG)) == rules
        head = place.commit()
        assert set(place.diff(base, head).rules(LOG)) == rules


def test_many_files_at_the_limit_are_bounded_together(tmp_path: Path) -> None:
    place = Place.new(tmp_path / "repo")
    files = sorted(str(file.relative_to(place.root)) for file in (place.root / VICTIM).rglob("*/*.yaml"))
    for path in files:
        place.write(path, HEAD + "# " + "x" * (MB - 100) + "\n")
    answer = place.scan().witnessed()
    unread = [path for path in files if answer.rules(path) == ["unsafe-yaml"]]
    assert len(files) - 4 <= len(unread) < len(files)
    assert "together" in answer.about(unread[-1])[0]
