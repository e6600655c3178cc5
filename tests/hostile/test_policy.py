"""A repository's own schemas, catalog and configuration want to exhaust the machine, reach out or see too much."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.kit import CANARY, VICTIM, Place, sound

BLUEPRINT, ASSET, SCHEMA = f"{VICTIM}/blueprint.yaml", f"{VICTIM}/success/x.yaml", "schemas/x.schema.json"
DATED = "last_updated: 2026-03-01\n"
REFERENCE = "reference_blueprints/post_sales_governance/C04_customer_knowledge_hub.yaml"
PACKAGED = Path(__file__).parents[2] / REFERENCE


def chain(keyword: str, levels: int = 25) -> dict[str, Any]:
    defs: dict[str, Any] = {f"d{n}": {keyword: [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(levels)}
    return {"$defs": defs | {f"d{levels}": {"type": "string"}}, "$ref": "#/$defs/d0"}


TWICE = [{"properties": {"a": {"$ref": "#"}}, "required": ["z"]}] * 2
NO_ONE, TOO_LARGE = "invalid-blueprint", "invalid-asset"
WORDS = [[f"v{n}-{m}" for m in range(300)] for n in range(200)]
SCHEMAS: dict[str, tuple[Any, str, str, str]] = {
    "anyOf doubles": (chain("anyOf"), DATED, NO_ONE, "too costly"),
    "oneOf doubles": (chain("oneOf"), DATED, NO_ONE, "too costly"),
    "doubles with the data": ({"anyOf": TWICE}, DATED + "a: " + "{a: " * 50 + "{}" + "}" * 50, NO_ONE, "too costly"),
    "a circle": ({"$ref": "#"}, DATED, NO_ONE, "in a circle"),
    "another host": ({"$ref": "http://127.0.0.1:9/x.json"}, DATED, NO_ONE, "leads nowhere"),
    "a file": ({"$ref": "file:///etc/passwd"}, DATED, NO_ONE, "leads nowhere"),
    "a file beside the repository": ({"$ref": "../../outside/x.json"}, DATED, NO_ONE, "leads nowhere"),
    "an expression that goes back": ({"properties": {"a": {"pattern": "^(a+)+\\1$"}}}, DATED, NO_ONE, "cannot be used"),
    "an expression of a megabyte": ({"pattern": "a" * 900_000}, DATED, NO_ONE, "cannot be used"),
    "8,000 large expressions": (
        {"properties": {f"p{n}": {"pattern": f".{{300}}{n}"} for n in range(8_000)}},
        DATED,
        NO_ONE,
        "too large together",
    ),
    "500 threads": (
        {"properties": {"a": {"pattern": "^(a|b)*a(a|b){500}c"}}},
        DATED + "a: " + "ab" * 400_000,
        TOO_LARGE,
        "too large for its schema",
    ),
    "50,000 literals for 20,000 entries": (
        {"properties": {"a": {"items": {"enum": [f"v{n}" for n in range(50_000)]}}}},
        DATED + f"a: [{'w, ' * 20_000}w]\n",
        TOO_LARGE,
        "too large for its schema",
    ),
    "300 literals in each of 200 alternatives": (
        {"properties": {"a": {"oneOf": [{"properties": {"t": {"enum": words}}} for words in WORDS]}}},
        DATED + "a: {t: none}\n",
        TOO_LARGE,
        "`none` is not one of v0-0, v0-1, v0-2",
    ),
    "a nested expression": (
        {"properties": {"a": {"pattern": "^(a+)+$"}}},
        DATED + f"a: {'a' * 50_000}!\n",
        TOO_LARGE,
        "does not match the pattern",
    ),
    "forged sentences": (
        {"properties": {"a": {"const": "::error::x\n\x1b[31m", "description": "\n::error::y"}}},
        DATED + "a: b\n",
        TOO_LARGE,
        r"::error::x\n\x1b[31m",
    ),
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_that_a_blueprint_names(tmp_path: Path, name: str) -> None:
    schema, raw, rule, words = SCHEMAS[name]
    place = Place.new(tmp_path / "repo")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x.json").write_text(json.dumps({"const": CANARY}))
    row = f"{{path: success/x.yaml, reference_blueprint: C02_customer_success_operating_model, schema: {SCHEMA}}}"
    place.write(BLUEPRINT, place.read(BLUEPRINT) + f"additional_assets:\n  - {row}\n")
    place.write(SCHEMA, json.dumps(schema))
    place.write(ASSET, raw)
    answer = place.scan().witnessed()
    path = BLUEPRINT if rule == NO_ONE else ASSET
    assert answer.rules(path) == [rule]
    assert words in answer.about(path)[0]


def selecting(query: str) -> Callable[[Place], None]:
    """The hub's reference blueprint with another query in one check."""

    def plant(place: Place) -> None:
        text = PACKAGED.read_text(encoding="utf-8")
        was = '"$.modules[*]"'
        assert was in text
        place.write(REFERENCE, text.replace(was, json.dumps(query), 1))

    return plant


def requiring(predicate: Any) -> Callable[[Place], None]:
    """The hub's reference blueprint with another condition in one check."""

    def plant(place: Place) -> None:
        text = PACKAGED.read_text(encoding="utf-8")
        was = 'count: {of: "$.modules[*]", what: learning module, min: 1}'
        assert was in text
        place.write(REFERENCE, text.replace(was, json.dumps(predicate)[1:-1], 1))

    return plant


def every(inner: Any) -> Any:
    source = {"asset": "engagement/touchpoint_log.yaml", "select": "$.touchpoints[*]"}
    return {"every": {"of": source, "what": "touchpoint", "each": inner}}


def schemas(count: int, size: int) -> Callable[[Place], None]:
    blob = json.dumps({"type": "object", "description": "x" * size})

    def plant(place: Place) -> None:
        for number in range(count):
            place.write(f"schemas/s{number}.schema.json", blob)

    return plant


def file(path: str, raw: str | bytes) -> Callable[[Place], None]:
    return lambda place: place.write(path, raw)


def files(count: int) -> Callable[[Place], None]:
    def plant(place: Place) -> None:
        for number in range(count):
            place.write(f"reference_blueprints/post_sales_governance/X{number}.yaml", "a: 1\n")

    return plant


def link(path: str, to: str) -> Callable[[Place], None]:
    def plant(place: Place) -> None:
        (place.root / path).parent.mkdir(parents=True, exist_ok=True)
        (place.root / path).symlink_to(to)

    return plant


def pipe(path: str) -> Callable[[Place], None]:
    return lambda place: os.mkfifo(place.root / path)


def away(place: Place) -> None:
    """A catalog outside the repository, where a link leads."""
    Place(place.root.parent / "elsewhere").write(TRACK, "a: 1\n")
    link("away/ours", "../../elsewhere")(place)
    place.write("bp.yaml", "catalog: away/ours\n")


TRACK = "tracks/post_sales_governance/premium.yaml"
REFUSED: dict[str, tuple[Callable[[Place], None], str]] = {
    "a query that goes everywhere": (selecting("$..[?@..a]..b"), "is not allowed"),
    "a query that doubles": (selecting("$" + "[*,*]" * 30), "selects twice"),
    "a query that doubles at the ends": (selecting("$" + "[0,-1]" * 30), "selects twice"),
    "a query that doubles in a filter": (selecting("$.modules[?count(@" + "[*,*]" * 20 + ") > 0]"), "selects twice"),
    "a query with an expression": (selecting("$.modules[?search(@.title, '(a+)+$')]"), "is not allowed"),
    "a query that sees everything again": (selecting("$.modules[?$.modules[?$.modules]]"), "is not allowed"),
    "a query of a megabyte": (selecting("$" + ".a" * 400_000), "longer than"),
    "a deep query": (selecting("$.modules[?" + "(" * 240 + "@.a" + ")" * 240 + "]"), "can never match"),
    "every touchpoint for every touchpoint": (
        requiring(every(every(every({"filled": {"of": ["$.id"], "what": "id"}})))),
        "lookup",
    ),
    "3,000 broken reference blueprints": (files(3_000), "more"),
    "a bomb for a track": (file(TRACK, "a: &a [" + "x, " * 900 + f"]\nb: &b [{'*a, ' * 900}]\n"), "unsafe-yaml"),
    "a track of bytes": (file(TRACK, b"\xff\xfe\0"), "yaml-syntax"),
    "a link for a track": (link(TRACK, "/etc/passwd"), "symbolic link"),
    "a link for a reference blueprint": (link(REFERENCE, "/dev/zero"), "symbolic link"),
    "a link for an archetype": (link("reference_blueprints/x/archetype.yaml", "/etc/passwd"), "symbolic link"),
    # the configuration
    "a bomb for the configuration": (
        file("bp.yaml", "a: &a [" + "x, " * 900 + f"]\nb: &b [{'*a, ' * 900}]\n"),
        "unsafe-yaml",
    ),
    "five megabytes of configuration": (file("bp.yaml", "# " + "x" * 5_000_000), "limits.file_bytes"),
    "a list for the configuration": (file("bp.yaml", "- a\n"), "not-a-mapping"),
    "a limit of 5,000 digits": (file("bp.yaml", f"limits: {{file_bytes: {'9' * 5_000}}}\n"), "5000 digits"),
    "limits of nothing": (file("bp.yaml", "limits: {depth: 0, nodes: -1}\n"), "limits.depth"),
    "50,000 unknown settings": (file("bp.yaml", "".join(f"k{n}: 1\n" for n in range(49_000))), "more"),
    "a link for the configuration": (link("bp.yaml", "/etc/passwd"), "symbolic link"),
    "a pipe for the configuration": (pipe("bp.yaml"), "pipe"),
    "a directory for the configuration": (file("bp.yaml/x", ""), "directory"),
    "a time zone elsewhere": (file("bp.yaml", "timezone: ../../etc/passwd\n"), "not known"),
    "a time zone with a zero byte": (file("bp.yaml", 'timezone: "UTC\\0"\n'), "not known"),
    "a long time zone": (file("bp.yaml", f"timezone: {'a' * 5_000}\n"), "timezone"),
    "a report elsewhere": (file("bp.yaml", "report: {path: ../../x.yaml}\n"), "report.path"),
    "a report in Git's directory": (file("bp.yaml", "report: {path: ../.git/config.yaml}\n"), "report.path"),
    "catalogs outside": (
        file("bp.yaml", 'catalog: ["../..", "/etc", "..", "./../x", ".git"]\n'),
        "`../..` is outside the repository",
    ),
    "a catalog that is not there": (
        file("bp.yaml", "# ours\ncatalog: nowhere\n"),
        "bp.yaml:2: `nowhere` has no policy",
    ),
    "a catalog of two that is not there": (file("bp.yaml", f"catalog: [., {VICTIM}]\n"), f"`{VICTIM}` has no policy"),
    "a link for a catalog": (away, "bp.yaml:1: `away/ours` is a link, and links are not followed"),
    "long globs": (file("bp.yaml", f"realms: ['{'*a' * 5_000}']\n"), "realms"),
}


def test_a_line_break_in_a_setting_makes_no_line(tmp_path: Path) -> None:
    """What looks like a message of bp would be one of a stranger."""
    for text in ("Europe/Berlin\\nbp: no gaps", "UTC\\r\\nbp: no gaps", "UTC\\u2028bp: no gaps", "UTC\\x85bp: no gaps"):
        place = Place.new(tmp_path / f"repo{len(text)}{text[4]}")
        for setting in ("timezone", "as_of", "catalog", "fail_on", "format", "infohub_roots"):
            place.write("bp.yaml", f'{setting}: "{text}"\n')
            answer = place.scan()
            assert answer.code == 2
            assert not re.search(r"^(bp: )?bp: no gaps", answer.err, re.MULTILINE), answer.err


@pytest.mark.parametrize("name", REFUSED)
def test_policy_that_is_refused(tmp_path: Path, name: str) -> None:
    """Exit 2, with the file and what is wrong with it: who can change the policy decides the judgement."""
    plant, words = REFUSED[name]
    place = Place.new(tmp_path / "repo")
    plant(place)
    answer = place.scan()
    assert answer.code == 2
    assert words in answer.err
    assert len(answer.err) < 100_000
    assert not answer.out


BACKTRACK = "*a" * 200
ACCEPTED: dict[str, Callable[[Place], None]] = {
    "300 schemas of a megabyte": schemas(300, 1_000_000),
    "a schema of brackets": file(SCHEMA, "[" * 100_000),
    "a schema of digits": file(SCHEMA, '{"minimum": ' + "9" * 900_000 + "}"),
    "a schema of no number": file(SCHEMA, '{"minimum": NaN}'),
    "a schema that is a link": link(SCHEMA, "/etc/passwd"),
    "a directory of schemas that is a link": link("schemas", "/etc"),
    "roots outside": file("bp.yaml", 'infohub_roots: [".", "../..", "/etc", "..\\\\..", "../../outside"]\n'),
    "a catalog that is the root, however it is written": file("bp.yaml", "catalog: [., ./, /, x/..]\n"),
    "globs that go back and forth": file(
        "bp.yaml", f"exclude: [{', '.join(repr(BACKTRACK + 'b') for _ in range(150))}]\n"
    ),
    "globs that are not globs": file("bp.yaml", r"exclude: ['[', '[]-a]', '(?P<x>', '\', '[!', '[z-a]']" + "\n"),
    "a report that is a bomb": file(f"{VICTIM}/gap_report.yaml", "a: &a [" + "x, " * 900 + f"]\nb: [{'*a, ' * 900}]\n"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_policy_that_changes_nothing(tmp_path: Path, name: str) -> None:
    place = Place.new(tmp_path / "repo")
    (tmp_path / "outside" / "engagement").mkdir(parents=True)
    (tmp_path / "outside" / "engagement" / "touchpoint_log.yaml").write_text(CANARY)
    for number in range(30):
        place.write(f"{VICTIM}/{'/'.join(['a' * 100] * 8)}/f{number}", "x")
    ACCEPTED[name](place)
    answer = place.scan().witnessed()
    assert len(answer.gaps) == 1


def test_two_thousand_engagements_that_are_listed_and_not_there(tmp_path: Path) -> None:
    place = Place.new(tmp_path / "repo")
    place.write("bp.yaml", f"nodes: [{', '.join(f'A/B{n}' for n in range(2_000))}]\n")
    answer = place.scan().witnessed()
    assert answer.rules("bp.yaml") == ["missing-blueprint"] * 2_000


def test_a_hostile_report_is_none(tmp_path: Path) -> None:
    """`--check` holds it against a scan; whatever it is, it is not up to date."""
    for raw in ("a: &a [*a]\n", "as_of: 9999-12-31T23:59:59-14:00\n", "as_of: 0001-01-01\n", "[" * 200_000, "\0"):
        place = Place.new(tmp_path / f"repo{len(raw)}")
        place.write(f"{VICTIM}/gap_report.yaml", raw)
        answer = place.bp("scan", "--check", "--as-of", "2026-03-02", "--format", "json").witnessed()
        assert answer.code == 1
        assert f"{VICTIM}" in answer.err


def test_no_asset_is_mapped_to_what_lies_elsewhere(tmp_path: Path) -> None:
    place = Place.new(tmp_path / "repo")
    (tmp_path / "secret.yaml").write_text(f"note: {CANARY}\n")
    (tmp_path / "secret.json").write_text(json.dumps({"const": CANARY}))
    names = [name for name in sound() if "/" in name][:6]
    targets = ["../../../secret.yaml", "/etc/passwd", "..\\..\\x", ".git/config", f"../../{VICTIM}/blueprint.yaml", "."]
    mapped = "".join(f"  {name}: {json.dumps(to)}\n" for name, to in zip(names, targets, strict=True))
    row = "{path: ../../../secret.yaml, reference_blueprint: C01_customer_engagement, schema: ../secret.json}"
    place.write(BLUEPRINT, place.read(BLUEPRINT) + f"assets:\n{mapped}additional_assets:\n  - {row}\n")
    answer = place.scan().witnessed()
    assert {gap["rule"] for gap in answer.gaps if gap["asset"] in names} <= {"missing-asset", "unsafe-path"}
    assert {gap["asset"] for gap in answer.gaps} >= set(names)
    assert "there is no schema ../secret.json" in answer.about(BLUEPRINT)
