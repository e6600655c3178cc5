"""One file of an engagement holds what no engagement file should: one gap on it, and everything else is judged.

Each row is planted in a sound engagement of its own; all of them are scanned, linted and scanned from the index, in one
run each.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.kit import AS_OF, DAY, Answer, Place, sound

PROFILE = "engagement/customer_profile.yaml"
FINE = sound("poc")[PROFILE].decode()
NAMED, DATED, AMOUNT = "customer: Northwind Cold Storage\n", "last_updated: 2026-02-20\n", "arr: 240000\n"
UNSAFE, SYNTAX, INVALID = ["unsafe-yaml"], ["yaml-syntax"], ["invalid-asset"]
MAPPING, TWICE, KEY = ["not-a-mapping"], ["duplicate-key"], ["unknown-key"]


def named(value: str) -> str:
    return FINE.replace(NAMED, f"customer: {value}\n")


def dated(day: str) -> str:
    return FINE.replace(DATED, f"last_updated: {day}\n")


def worth(number: str) -> str:
    return FINE.replace(AMOUNT, f"arr: {number}\n")


ROWS: dict[str, tuple[str | bytes, list[str]]] = {
    # aliases, merge keys, anchors
    "a cyclic alias": (named("&a [*a]"), UNSAFE),
    "an alias of nothing": (named("*a"), SYNTAX),
    "a merge key": (FINE + "x-a: &a {b: 1}\nx-c:\n  <<: *a\n", UNSAFE),
    "an alias as a key": (FINE + "x-a: &a b\nx-c: {*a : 1}\n", []),
    # keys
    "a key twice": (FINE + NAMED, TWICE),
    "a key twice in another spelling": (FINE + '"customer": B\n', TWICE),
    "keys that are equal after typing": (FINE + "x-a: {1: a, true: b, 1.0: c}\n", UNSAFE),
    "a number as a key": (FINE + "1: a\n", ["number-key", "unknown-key"]),
    "nothing as a key": (FINE + "~: a\n", UNSAFE),
    "an empty key": (FINE + ": a\n", SYNTAX),
    "a list as a key": (FINE + "? [a, b]\n: c\n", UNSAFE),
    "a mapping as a key": (FINE + "? {a: b}\n: c\n", UNSAFE),
    "a tag in a key": (FINE + "!!python/name:os.system a: b\n", UNSAFE),
    "a key with a line break": (FINE + '"a\\nb": c\n', KEY),
    "a key that turns the text around": (FINE + '"cust\u202eomer": c\n', KEY),
    "a key with an invisible character": (FINE + "customer\u200b: c\n", KEY),
    "a key in other letters that look the same": (FINE + "c\u0443stomer: c\n", KEY),
    # tags
    "a tag that makes a Python object": (named("!!python/object/apply:os.system ['exit 9']"), UNSAFE),
    "a tag of one's own": (named("!x y"), UNSAFE),
    "a tag of a set": (FINE + "x-a: !!set {a, b}\n", UNSAFE),
    "a tag of an ordered mapping": (FINE + "x-a: !!omap [a: b]\n", UNSAFE),
    "a tag of bytes": (named("!!binary aGVsbG8="), UNSAFE),
    "a tag of a date": (dated("!!timestamp 2026-02-20"), UNSAFE),
    "a tag that does not fit": (named("!!int ''"), UNSAFE),
    "a binary number without digits": (named("!!int 0b_"), UNSAFE),
    "a tag handle": ("%TAG !y! tag:yaml.org,2002:\n---\n" + named("!y!python/name:os.system x"), UNSAFE),
    # numbers
    "5,000 digits": (worth("9" * 5_000), UNSAFE),
    "101 digits": (worth("1" * 101), UNSAFE),
    "300 hexadecimal digits": (worth("0x" + "f" * 300), UNSAFE),
    "300 hexadecimal digits in a text": (named('"0x' + "f" * 300 + '"'), []),
    "300 hexadecimal digits as a key": (FINE + "0x" + "f" * 300 + ": a\n", UNSAFE),
    "not a number": (worth(".nan"), UNSAFE),
    "no end": (worth("-.inf"), UNSAFE),
    "1e400": (worth("1e400"), INVALID),
    "more than a double tells apart": (worth("9007199254740993"), UNSAFE),
    # what YAML 1.1 reads otherwise
    "Norway": (named("NO"), []),
    "a zero in front": (named("010"), INVALID),
    "minutes and seconds": (named("12:30"), []),
    "an underscore": (worth("1_000"), INVALID),
    "an octal number": (named("0o17"), INVALID),
    "another version's directive": ("%YAML 1.1\n---\n" + named("yes"), []),
    "a version that does not exist": ("%YAML 2.0\n---\n" + FINE, SYNTAX),
    # dates
    "February the 30th": (dated("2026-02-30"), INVALID),
    "month 13": (dated("2026-13-01"), INVALID),
    "an offset of 25 hours": (dated("2026-01-05T10:00:00+25:00"), INVALID),
    "the last moment of time, beyond UTC": (dated("9999-12-31T23:59:59-14:00"), INVALID),
    "the first moment of time, before UTC": (dated("0001-01-01T00:00:00+14:00"), INVALID),
    "a leap second": (dated("2026-01-05T23:59:60Z"), INVALID),
    "year 0": (dated("0000-01-01"), INVALID),
    "year 10000": (dated("10000-01-01"), INVALID),
    "digits of another script": (dated("\u0662\u0660\u0662\u0666-01-01"), INVALID),
    "the year 9999": (dated("9999-12-31"), ["future-date"]),
    "the year 1": (dated("0001-01-01"), []),
    # shape
    "nothing": ("", MAPPING),
    "comments only": ("# a\n# b\n", MAPPING),
    "two documents": (FINE + "---\na: 1\n", MAPPING),
    "an end and a beginning": (FINE + "...\n---\n", MAPPING),
    "a list": ("- a\n", MAPPING),
    "a text": ("hello\n", MAPPING),
    "a pointer of LFS": ("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", MAPPING),
    "a merge conflict": ("<<<<<<< HEAD\n" + FINE + "=======\na: 1\n>>>>>>> x\n", SYNTAX),
    "tabs": (FINE + "x-a:\n\tb: c\n", SYNTAX),
    "65 levels": (FINE + f"x-a: {'[' * 64}{']' * 64}\n", UNSAFE),
    "64 levels": (FINE + f"x-a: {'[' * 63}{']' * 63}\n", []),
    # bytes
    "bytes that are not UTF-8": (FINE.encode() + b"# \xff\xfe\n", SYNTAX),
    "a surrogate in UTF-8": (FINE.encode() + b"# \xed\xa0\x80\n", SYNTAX),
    "UTF-16": (FINE.encode("utf-16"), SYNTAX),
    "UTF-16 without a mark": (FINE.encode("utf-16-le"), SYNTAX),
    "UTF-32": (FINE.encode("utf-32"), SYNTAX),
    "a byte order mark": (b"\xef\xbb\xbf" + FINE.encode(), ["byte-order-mark"]),
    "a zero byte": (FINE + "# \0\n", SYNTAX),
    "an escape character": (FINE + "# \x1b[31m\n", SYNTAX),
    "half a character": (named('"\\ud800"'), SYNTAX),
    "an invisible line break": (named("a\u2028customer: b"), UNSAFE),
    "CR LF": (FINE.replace("\n", "\r\n"), []),
    "CR alone": (FINE.replace("\n", "\r"), []),
    "an image": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", SYNTAX),
}
LINTED = {"future-date"}
"""What `bp lint` does not look for: it knows no day."""


def folder(name: str) -> str:
    return f"ROWS/R{list(ROWS).index(name):02}"


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    place = Place.new(tmp_path_factory.mktemp("data") / "repo", *(folder(name) for name in ROWS))
    for name, (raw, _) in ROWS.items():
        for path, content in sound("poc").items():
            place.write(f"{folder(name)}/{path}", content)
        place.write(f"{folder(name)}/{PROFILE}", raw)
    place.git("config", "core.autocrlf", "false")
    return {"scan": place.scan(), "lint": place.lint(), "staged": place.staged()}


@pytest.mark.parametrize("name", ROWS)
def test_a_hostile_file_is_one_gap_on_it(answers: dict[str, Answer], name: str) -> None:
    expected = ROWS[name][1]
    for command, answer in answers.items():
        found = answer.rules(f"{folder(name)}/{PROFILE}")
        wanted = [rule for rule in expected if command != "lint" or rule not in LINTED]
        assert found == wanted, (command, answer.about(f"{folder(name)}/{PROFILE}"))


def test_the_others_are_judged_all_the_same(answers: dict[str, Answer]) -> None:
    for answer in answers.values():
        assert answer.code == 1
        answer.witnessed()


def test_a_hostile_file_costs_its_own_requirement_only(answers: dict[str, Answer]) -> None:
    """Nothing else of the engagement is blamed: its other files have no gap."""
    elsewhere = {
        gap["location"]["path"]
        for gap in answers["scan"].gaps
        if gap["location"]["path"].startswith("ROWS/") and not gap["location"]["path"].endswith(PROFILE)
    }
    assert {path.rpartition("/")[2] for path in elsewhere} <= {"blueprint.yaml"}  # the gate, where a check fails


def test_the_day_of_the_kit_is_before_the_scan() -> None:
    assert DAY[:10] < AS_OF
    assert Path(__file__).exists()
