"""What counts as content of an asset: the quick look at two texts never contradicts the careful one."""

from __future__ import annotations

import random

import pytest
import yaml

from blueprint_cli.gitdates import same_content
from blueprint_cli.yamlfile import read
from tests.support.realms import REALMS

ASSETS = sorted(REALMS.glob("*/*/*/*.yaml"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("last_updated: 2026-01-01\na: b\n", "last_updated: 2026-02-01\na: b\n"),
        ("last_updated: '2026-01-01'\na: 'left  right'\n", 'a: "left  right"\nlast_updated: 2026-02-01\n'),
        ("a: yes\nupdated_by: >-\n  Jo\n\n  Lind\n", "updated_by: sam\na: yes\n"),
        ("{last_updated: 2026-01-01, a: word}\n", "{last_updated: 2026-02-01, a: word}\n"),
        ('"last_updated": 2026-01-01\na: 1\n', '"last_updated": 2026-02-01\na: 1\n'),
        ("a: 171\nb: null\nc: true\n", "a: 0xAB\nb: ~\nc: True\n"),
        ('a: "word"\n', 'a: "wo\\x72d"\n'),
        ("a: &some {b: word}\nc: *some\n", "a: {b: word}\nc: {b: word}\n"),
        ("a: !!str word\n", "a: word\n"),
        ("a: word # remark\n", "# other\na: word\n"),
        ("a: one two three\n", "a: one\n  two\n  three\n"),
        ("a: word\r\nb: 1.0\r\n", "a: word\nb: 1\n"),
        ("%YAML 1.2\n---\na: word\n", "a: word\n"),
    ],
)
def test_another_way_to_write_the_same_is_never_surely_different(one: str, other: str) -> None:
    first, second = read(one.encode()).data, read(other.encode()).data
    assert first is not None
    assert same_content.same(first, second) or "0x" in other or "1.0" in one
    for left, right in ((one, other), (other, one)):
        assert not same_content.surely_differ(left.encode(), right.encode())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a: [one, two]\n", "a: [one]\n"),
        ("a:\n  - {date: 2026-01-01}\n", "a:\n  - {date: 2026-01-02}\n"),
        ("last_updated: 2026-01-01\nstatus: open\n", "last_updated: 2026-02-01\nstatus: closed\n"),
        ("a: 1\n", "a: 1\nreviewed_at: 2026-02-01\n"),
    ],
)
def test_another_word_is_surely_different(one: str, other: str) -> None:
    for left, right in ((one, other), (other, one)):
        assert same_content.surely_differ(left.encode(), right.encode())
        assert not same_content.same(read(left.encode()).data, read(right.encode()).data)


def test_order_counts_in_lists_and_not_among_keys() -> None:
    assert same_content.same({"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"d": 3, "c": 2}, "a": 1})
    assert not same_content.same({"a": [1, 2]}, {"a": [2, 1]})
    assert not same_content.same({"a": 1}, {"a": True})
    assert same_content.same({"last_updated": "2026-01-01", "updated_by": "a"}, {"updated_by": "b"})


@pytest.mark.parametrize("seed", range(20))
def test_every_asset_written_anew_by_another_writer_is_the_same(seed: int) -> None:
    chance = random.Random(seed)
    path = chance.choice(ASSETS)
    raw = path.read_bytes()
    data = read(raw).data
    items = list(data.items())
    chance.shuffle(items)
    style = {"width": chance.choice([20, 80, 400]), "default_flow_style": chance.choice([True, False, None])}
    again = yaml.safe_dump(dict(items) | {"last_updated": "2026-12-12"}, sort_keys=False, allow_unicode=True, **style)
    assert same_content.same(read(again.encode()).data, data)
    assert not same_content.surely_differ(raw, again.encode())
    assert not same_content.surely_differ(again.encode(), raw)
