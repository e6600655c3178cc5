"""The fast reader only accepts what the careful one accepts, with the same value of the same types.

The corpus goes through the situations of YAML 1.2 (after the headings of the public YAML test suite, in files of
our own); the generators go through numbers, through text made of YAML's signs, and through structures.
"""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml_rs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blueprint_cli.yamlfile import Limits, document, dump, fast, read
from blueprint_cli.yamlfile.positions import find_key

QUICK = settings(
    max_examples=400, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


def exact(value: Any) -> Any:
    """``value`` in a form that is equal only for the same types, signs and order of keys."""
    if isinstance(value, dict):
        return [(key, exact(item)) for key, item in value.items()]
    if isinstance(value, list):
        return ["list", *map(exact, value)]
    return (type(value).__name__, repr(value))


def agree(text: str) -> bool:
    """Whether the fast reader accepts; fails where it should not have."""
    quick = fast.accept(text, Limits())
    if quick is None:
        return False
    reading = document.read_carefully(text.encode(), Limits())
    assert not reading.faults, (text, reading.faults)
    assert reading.root is not None
    assert exact(reading.root.data) == exact(quick), text
    for name, key in product(quick, (True, False)):
        assert find_key(text, name, key=key) in (None, reading.root.find([name], key=key)), (text, name)
    return True


# Each is read by the fast reader, as most files are.
ORDINARY = [
    "a: 1\n",
    "a: 1",
    "---\na: 1\n",
    "--- # comment\na: 1\n",
    "# comment\n\na: 1 # comment\n  # comment\nb: 2#no comment\n",
    "a: R&D\nb: Great! Really!\nc: 5 % off, 100%\nd: https://example.com/x?y=1&z=*#top\n",
    "a: '!'\nb: text with *stars* in it\nc: a < b\nd: x & y\n",
    "when: 2026-03-02\nat: '09:30'\nstamp: 2026-03-02T10:00:00Z\nlate: 12:30\n",
    "a: yes\nb: no\nc: on\nd: off\ne: y\nf: NO\n",
    "a: true\nb: False\nc: TRUE\nd: null\ne: ~\nf:\ng: Null\n",
    "a: 0\nb: -1\nc: +2\nd: 0.5\ne: -.5\nf: 1e3\ng: 1.\nh: 0x1F\ni: 0o14\nj: 0b11\nk: -0\nl: -0.0\n",
    "a: 1.2.3\nb: 1e\nc: 0x\nd: .\ne: 0o8\nf: x_1\ng: C1_x_2\nh: v1_000\n",
    "a: 010\nb: -007\nc: +00\nd: '010'\n",
    "a: 9007199254740991\nb: -9007199254740991\nc: 123456789012.5\n",
    "a:\n  b:\n    - c\n    -   d\n    - e: f\n      g: h\n",
    "a:\n- b\n- c\nd:\n- - e\n  - f\n- []\n- {}\n",
    'a: [b, \'c\', "d", [e], {f: g}, ]\nh: {i: j, k: [l], m, "n": o}\n',
    "a: [b: c, d]\ne: {\n  f: g,\n  h: i }\n",
    '{"a": 1, "b": [true, null, "x"], "c": {"d":-1.5}}\n',
    "a: one\n  two\n\n  three\nb: four\n",
    "a: 'one\n  two\n\n  three'\n",
    'a: "one\n  two\\\n  three\\n\\t\\x41\\u263a\\U0001F600 \\/ \\" \\\\"\n',
    "a: 'it''s'\nb: \"it's\"\nc: it's\n",
    "a: |\n  one\n   two\n\n  three\nb: |-\n  x\nc: |+\n  x\n\nd: >\n  one\n  two\n\n  three\ne: >-\n  x\n\n",
    "a: |2\n    indented\nb: >1-\n  x\n",
    "a: |\nb: >\nc: 1\n",
    "a: |\n  # no comment\n  key: value\n  - item\n  tag! 5%\n",
    "a: [https://example.com/x?y, 12:30]\nb: {at: 12:30, who?: me, q: why?}\n",
    "'a b': 1\n\"c\": 2\nd e: 3\nf#g: 4\n'': 5\n",
    "größe: „ü“ – …\n日本: 語\nemoji: 😀\nnbsp: a\u00a0b\n",
    "a: 1\r\nb:\r\n  - c\r\n",
    "a: 1\rb: 2\r",
    "b: x\ty\n",
    "a: - 1\n".replace("- 1", "-1 - 2"),
    "a: -b\nc: :d\ne: ?f\n",
    "? a\n: b\n? c\n",
    "a: {of: \"$.cases[?@.status == 'open' && @.level != 1 || !@.end].dates[*]\"}\n",
    "a: [is it?, what?then]\nb: Is it != !\nc: wow !\nd: R & D\n",
    "a: b:c\nd: e::f\n",
    "{}\n",
    "a: !important\n".replace("!important", "not!important"),
]

# The careful reader has to look, and finds nothing wrong.
CAREFUL = [
    ("a: 1_000\nb: 0X1F\nc: _1\nd: 0xA_B\ne: 1\n", {"a": "1_000", "b": "0X1F", "c": "_1", "d": "0xA_B", "e": 1}),
    ("a: 1e400\nb: -1e400\n", {"a": "1e400", "b": "-1e400"}),
    ("a: 1\n...\n", {"a": 1}),
    ("a: 1\n...\n# end\n", {"a": 1}),
    ("a: |\nb: >\n", {"a": "", "b": ""}),
    ("a: |\n  x", {"a": "x"}),
    ("a: &x 1\nb: &y [c]\n", {"a": 1, "b": ["c"]}),
    ("a:\t1\n", {"a": 1}),
    ("a: [is it ?, what ?then]\n", {"a": ["is it ?", "what ?then"]}),
    (
        "{b?`: 1, c?@d: 2, e??%: 3, f? |: 4, g?': 5, h?*: 6}\n",
        {"b?`": 1, "c?@d": 2, "e??%": 3, "f? |": 4, "g?'": 5, "h?*": 6},
    ),
    ('{"a":[""], b?`: [x], "c":d?"e}\n', {"a": [""], "b?`": ["x"], "c": 'd?"e'}),
    ("a: [[[[[[[[[[x]]]]]]]]]]\n", {"a": [[[[[[[[[["x"]]]]]]]]]]}),
    ("a: [x, # why\n  y]\n", {"a": ["x", "y"]}),
    ("a: !!str 1\nb: !!int '2'\nc: !!float 3\n", {"a": "1", "b": 2, "c": 3.0}),
    ("a: !!null ''\nb: !!bool 'true'\nc: !!str\n", {"a": None, "b": True, "c": ""}),
    ("a: !!map {b: !!seq [c]}\n", {"a": {"b": ["c"]}}),
    ("a: !<tag:yaml.org,2002:str> 1\n", {"a": "1"}),
    ("%YAML 1.2\n---\na: 1\n", {"a": 1}),
    ("%YAML 1.1\n---\na: yes\nb: 010\n", {"a": "yes", "b": 10}),
    ("a: &x [1]\nb: *x\nc: {d: *x}\n", {"a": [1], "b": [1], "c": {"d": [1]}}),
    ("a: &x 1\nb: &x 2\nc: *x\n", {"a": 1, "b": 2, "c": 2}),
    ("&k a: 1\nb: *k\n", {"a": 1, "b": "a"}),
    ("a: &k b\n*k : 1\n", {"a": "b", "b": 1}),
    ("!!str a: 1\nb: c\n", {"a": 1, "b": "c"}),
    ("a: <<\n'<<': 1\n", {"a": "<<", "<<": 1}),
    ("a: 12345678901234567890.0\n", {"a": 12345678901234567890.0}),
    ("a: |\n  !!tag\n  &one *two\n", {"a": "!!tag\n&one *two\n"}),
    ("a: !!int 010\nb: [https://x.org, 12:30]\n", {"a": 10, "b": ["https://x.org", "12:30"]}),
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_files_are_read_fast(text: str) -> None:
    assert agree(text)


WHOLE = Path(__file__).parents[2]
KEPT = sorted(
    path
    for folder in ("examples", "tests/cases", "reference_blueprints", "tracks", "fuzz/corpus")
    for path in (WHOLE / folder).rglob("*")
    if path.suffix in (".yaml", ".yml") or "corpus" in path.parts
)
"""Every example, every case, the policy, and what the fuzzing collected."""


def test_every_file_of_the_repository() -> None:
    raw = [path.read_bytes() for path in KEPT if path.is_file()]
    texts = [data.decode() for data in raw if data.decode("utf-8", "ignore").encode() == data]
    accepted = [text for text in texts if agree(text)]
    assert len(accepted) > 0.7 * len(texts) > 300


@pytest.mark.parametrize(("text", "value"), CAREFUL)
def test_unusual_files_are_read_carefully(text: str, value: Any) -> None:
    assert fast.accept(text, Limits()) is None
    found = read(text.encode())
    assert found.faults == ()
    assert exact(found.data) == exact(value)


@pytest.mark.parametrize("failure", ["panic", MemoryError, RecursionError, ValueError])
def test_where_the_native_reader_fails_the_careful_one_answers(
    monkeypatch: pytest.MonkeyPatch, failure: str | type[BaseException]
) -> None:
    class PanicException(BaseException):
        """As the Rust side raises it."""

    def loads(_text: str, **_options: Any) -> Any:
        raise PanicException if isinstance(failure, str) else failure

    monkeypatch.setattr(yaml_rs, "loads", loads)
    assert read(b"a: 1\n").data == {"a": 1}


def test_an_interrupt_in_the_native_reader_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def loads(_text: str, **_options: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(yaml_rs, "loads", loads)
    with pytest.raises(KeyboardInterrupt):
        read(b"a: 1\n")


NUMBERS = st.text("0123456789+-.eExXoObB_:aAfFiInN~", min_size=1, max_size=8) | st.from_regex(
    r"[-+]?(0[xob])?[0-9]{0,20}\.?[0-9]{0,4}([eE][-+]?[0-9]{1,4})?", fullmatch=True
)
FORMS = [
    "a: {}\n",
    "a:\n  - {}\n",
    "a: [{}, 1]\n",
    "{}: 1\n",
    "a: {{{}: 1}}\n",
    '{{"a":{}}}\n',
    "{} : 1\n",
    "a:\n {}\n",
]


@QUICK
@given(NUMBERS, st.sampled_from(FORMS))
def test_numbers(number: str, form: str) -> None:
    agree(form.format(number))


# fmt: off
WORDS = r"""
1_000 1__0 0_1 _1 1_ +_1 ._5 1_0.5 1e1_0 0x1_0 0xA_B 0b1_1 0X1F 0O7 0B1 -0X1F b_e a_1 01 -01 +0 -0 1. .5 1e3 1e400
.inf -.INF .NaN 9007199254740991 9007199254740992 -9007199254740992 9223372036854775808 18446744073709551616 0x0 0xG
0o8 ~ Null nULL TRUE tRUE yes on 12:30 2026-02-30 1.2.3 [] {} [a,] [,] [a,,b] [a:] [a:b] [::] [?] [?a] [:] {a} {?}
{:} {a:} {a:1} {a:?b} {"a":1} {'a':'b'} {"a"} ["a"b] [a"b] ["a]"] ['a] [[a],b] [|] [>] [>a] [|a] [!] [a#b]
[[[[[[[[a]]]]]]]] ! !a !!str !!set !!binary &a &a" * *a | > |- >- |+ |2 >1- |0 |10 |++ |# |a >a ? - : , @ ` % # = <<
'' "" '"' "'" 'a''b' "\u0041" "\uD83D\uDE00" "\ud800" "\U0001F600" "\x41" "\q" "\N" "\L" "\e" "a -a ?a :a a: :: a:b
a#b a! wow! ... --- --
"""
SCALARS = [
    *WORDS.split(),
    *("a b", "a # b", "- a", "? a", "a: b", "[a, b]", "[ a ]", "[a , b]", "{a: b}", "{a: , b: }", "[a b]", "! a"),
    *("& a", "* a", "a !", "a ! b", "a & b", "'a b'c", "'a' b", "[a] b", "|\n  a", ">\n  a\n\n  b", "|\n\n  a"),
    *("|\n  \n", "a\n  b", "'a\n  b'", '"a\n  b"', "[a,\n  b]", "[a\n  b]", "[a, # c\n  b]", "{a: b,\n  c: d}"),
    *("{a\n  b: c}", "{'a\n  b': c}", "[>-\n  a]", "[|\n  a]", "{a: |\n  b}", "{a: >x}", "[?  a]", "[- a]"),
    *("[a: b, c: d]", "\ta", "a\t", "a\tb", "a\t# b", "\x7f", "a\x80", "\xa0", "\x00", "\ufffe", "\ue000", "\r  a"),
    "a\r\n  b",
]
PLACES = [
    *("a: {}\n", "a: {}", "a:\n  - {}\n", "- {}\n", "{}: 1\n", "? {}\n: 1\n", "? {}", "a:\n  {}\n", "a: [{}]\n"),
    *("a: {{b: {}}}\n", "{{{}: 1}}\n", "a: [x,\n {}\n]\n", "a: x\n  {}\nb: 1\n", "a: [x] {}\n", "---\na: {}\n"),
    *("{}\n---\na: 1\n", "a: {}\r\nb: 1\r\n", "a: {} # c\nb: 1\n"),
]
# fmt: on


def test_every_scalar_in_every_place() -> None:
    accepted = {scalar for scalar in SCALARS for place in PLACES if agree(place.format(scalar))}
    assert len(accepted) > len(SCALARS) / 2


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("count", [15, 16, 17, 20, 31, 32, 33, 42, 43, 63, 64, 65, 100, 101, 308, 309, 310, 400, 5000])
def test_long_numbers(form: str, count: int) -> None:
    for text in ("7" * count, "0" * count, "-" + "9" * count, "0." + "3" * count, "3" * count + ".5"):
        agree(form.format(text))
    for text in ("0x" + "c" * count, "-0x" + "F" * count, "0o" + "7" * count, "+0b" + "1" * count):
        agree(form.format(text))


SIGNS = st.sampled_from(
    [
        "\n",
        "\n  ",
        "\n    ",
        " ",
        ": ",
        ":",
        "- ",
        "? ",
        "[",
        "]",
        "{",
        "}",
        ", ",
        ",",
        "#",
        " # ",
        "&x ",
        "*x",
        " *x ",
        "!",
        "!!str ",
        "!x ",
        "!<x> ",
        "!e!x ",
        "?",
        " ?",
        "&&",
        "|\n",
        ">-\n",
        "|2\n",
        "'",
        '"',
        "\\",
        "%",
        "@",
        "`",
        "\t",
        "\r\n",
        "\r",
        "---\n",
        "...\n",
        "<<: ",
        "<<",
        "~",
        "null",
        "true",
        "yes",
        "010",
        "1",
        "-1",
        ".5",
        "1e9",
        ".inf",
        "0x1",
        "2026-01-02",
        "12:30",
        "é",
        "\u2028",
        "\x85",
        "\ufeff",
        "a",
        "b",
        "a: ",
        "b: ",
        "- a: ",
        "key: value\n",
        "\\n",
        "\\x41",
        "=",
        "x y",
        "%YAML 1.2\n---\n",
    ]
)


@QUICK
@given(st.lists(SIGNS, max_size=14).map("".join))
def test_text_of_signs(text: str) -> None:
    agree(text)
    agree("a: " + text)
    read(text.encode()).locate(["a", 0])


@QUICK
@given(st.sampled_from(ORDINARY + [text for text, _ in CAREFUL]), st.data())
def test_files_with_an_accident(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    gone = data.draw(st.integers(0, 3))
    agree(text[:at] + data.draw(SIGNS) + text[at + gone :])


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [
        "",
        " ",
        "yes",
        "NO",
        "null",
        "~",
        "1",
        "1.0",
        "-1",
        "0x1",
        "010",
        "1_000",
        "12:30",
        "1e5",
        ".5",
        "<<",
        "=",
        "- a",
        "a: b",
        "a #b",
        "#a",
        "a:",
        "2026-03-02",
        "2026-03-02 10:00",
        "7 days",
        "'",
        '"',
        "it's",
        "\n",
        "a\nb",
        "a\n\nb\n",
        "\t",
        "!x",
        "&x",
        "*x",
        "%",
        "@",
        "`",
        "|",
        ">",
        "[",
        "]",
        "{",
        "}",
        ",",
        "?",
        "-",
        "---",
        "...",
        "\\",
        "\u2028",
        "\x85",
        "\ufeff",
        "\x00",
        "\x7f",
        "\ufffe",
        "é",
        "😀",
        "y",
        "N",
        "On",
        "inf",
        ".inf",
        ".NaN",
        "0o7",
        "0b1",
        "+1",
        "a" * 1200,
        "TRUE",
        "a : b",
    ]
)
SCALAR = (
    TEXT
    | st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
)
TREE = st.recursive(SCALAR, lambda t: st.lists(t, max_size=4) | st.dictionaries(TEXT, t, max_size=4), max_leaves=12)


@QUICK
@given(st.dictionaries(TEXT, TREE, max_size=4))
def test_structures(tree: dict[str, Any]) -> None:
    agree(json.dumps(tree, ensure_ascii=False))
    agree(json.dumps(tree, ensure_ascii=False, indent=1))
    agree(dump(tree))
