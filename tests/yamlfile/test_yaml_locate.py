"""Where things are: lines and columns of values, keys, items, and of what is not there."""

from __future__ import annotations

import pytest

from blueprint_cli.yamlfile import read
from blueprint_cli.yamlfile.positions import find_key

TEXT = """\
# a comment
---
owner: dana   # who
role:   "CSM"
"größe – x": ünï
empty:
notes: |
  one
  two
people:
  - id: P1
    tags: [a, {b: c}]
  - plain
  -
  - - inner
  - [flow, {k: v}]
  - &shared
    id: P2
  - *shared
nested:
  deep: {x: 1, y: {z: 2}}
tagged: !!str 12
again: *shared
? long
: short
"""

PLACES = {
    (): (3, 1),
    ("owner",): (3, 8),
    ("role",): (4, 9),
    ("größe – x",): (5, 14),
    ("empty",): (6, 1),
    ("notes",): (7, 8),
    ("people",): (10, 1),
    ("people", 0): (11, 5),
    ("people", 0, "id"): (11, 9),
    ("people", 0, "tags"): (12, 5),
    ("people", 0, "tags", 0): (12, 12),
    ("people", 0, "tags", 1): (12, 16),
    ("people", 0, "tags", 1, "b"): (12, 19),
    ("people", 1): (13, 5),
    ("people", 2): (14, 3),
    ("people", 3): (15, 5),
    ("people", 3, 0): (15, 7),
    ("people", 4): (16, 5),
    ("people", 4, 1): (16, 13),
    ("people", 4, 1, "k"): (16, 16),
    ("people", 5): (18, 5),
    ("people", 5, "id"): (18, 9),
    ("people", 6): (19, 5),
    ("people", 6, "id"): (18, 9),
    ("nested", "deep"): (21, 3),
    ("nested", "deep", "y"): (21, 16),
    ("nested", "deep", "y", "z"): (21, 23),
    ("tagged",): (22, 9),
    ("again",): (23, 1),
    ("long",): (25, 3),
    # what is not there
    ("missing",): (3, 1),
    ("owner", "x"): (3, 8),
    ("people", 99): (10, 1),
    ("people", -1): (10, 1),
    ("people", "id"): (10, 1),
    ("people", 0, "missing", "x"): (11, 5),
    ("nested", 0): (20, 1),
}


@pytest.fixture(scope="module")
def document():  # type: ignore[no-untyped-def]
    return read(TEXT.encode())


@pytest.mark.parametrize("path", PLACES, ids=repr)
def test_places(document, path) -> None:  # type: ignore[no-untyped-def]
    assert document.locate(path) == PLACES[path]


def test_keys(document) -> None:  # type: ignore[no-untyped-def]
    assert document.locate(["role"], key=True) == (4, 1)
    assert document.locate(["people", 0, "id"], key=True) == (11, 5)
    assert document.locate(["nested", "deep", "y", "z"], key=True) == (21, 20)
    assert document.locate(["people", 1], key=True) == (13, 5)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    raw = TEXT.replace("\n", end).encode()
    document = read(raw)
    assert document.data == read(TEXT.encode()).data
    assert {path: document.locate(path) for path in PLACES} == PLACES
    assert [document.line(n) for n in range(28)] == ["", *TEXT.split("\n"), ""]


def test_the_same_place_whichever_reader_was_first() -> None:
    fast, careful = read(b"a: 1\nb: [x, y]\n"), read(b"a: !!int 1\nb: [x, y]\n")
    assert fast.data == careful.data
    assert fast.locate(["b", 1]) == careful.locate(["b", 1]) == (2, 8)


def test_an_empty_mapping_is_where_its_brace_is() -> None:
    assert read(b"# c\n{}\n").locate(()) == (2, 1)
    assert read(b"a: {}\n").locate(["a"]) == (1, 1)


def test_a_file_with_faults_still_has_places() -> None:
    document = read(b"a: 1\nb:\n  c: 1\n  c: 2\n")
    assert document.locate(["b", "c"]) == (3, 6)
    assert read(b"a: [\n").locate(["a"]) == (1, 5)
    assert read(b"").locate(["a"]) == (1, 1)
    assert read(b"\xff").line(1) == "\ufffd"


def test_places_beside_what_the_parser_misunderstands() -> None:
    document = read(b"see: [https://x.org, 12:30, {who?: me, at:x: y}]\nlast: {a: b:c}\n")
    assert document.data == {"see": ["https://x.org", "12:30", {"who?": "me", "at:x": "y"}], "last": {"a": "b:c"}}
    assert document.locate(["see", 1]) == (1, 22)
    assert document.locate(["see", 2, "at:x"]) == (1, 46)
    assert document.locate(["last", "a"]) == (2, 11)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: 1\nlast_updated: 2026-03-02\n", (2, 15)),
        ("last_updated:   '2026-03-02' # by hand\n", (1, 17)),
        ("---\n# ünï\nlast_updated: 2026-03-02", (3, 15)),
        ("last_updated: 2026-03-02\nnote: see last_updated\n", None),
        ("a: {b: 1,\nlast_updated: 2}\n'last_updated': 3\n", None),
        ('a: {b: 1,\nlast_updated: 2}\n"last\\x5fupdated": 3\n', None),
        ("? last_updated\n: 1\n", None),
        ("{last_updated: 1}\n", None),
        ("a: 1\rlast_updated: 1\n", None),
        ("last_updated:\n  2026-03-02\n", None),
        ("last_updated: # when?\n", None),
        ("last_updated:\n- 1\n", None),
        ("last_updated: [1]\n", None),
    ],
)
def test_a_key_is_found_only_where_there_is_one_possible_place(text: str, place: tuple[int, int] | None) -> None:
    document = read(text.encode())
    assert document.data or place is None
    assert find_key(text, "last_updated", key=False) == place
    if place:
        assert document.locate(["last_updated"]) == place
        assert document.locate(["last_updated"], key=True) == (place[0], 1)


def test_a_name_with_spaces_is_not_found() -> None:
    assert find_key("a b: 1\n", "a b", key=False) is None
