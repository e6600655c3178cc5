"""Every kind of bad input: its rule, and the line and column that a reader should look at."""

from __future__ import annotations

import pytest

from blueprint_cli.yamlfile import Limits, faults, read

# name: (bytes, rule, line, column, words of the message)
BAD: dict[str, tuple[bytes, str, int, int, str]] = {
    "tab as indentation": (b"a:\n\tb: 1\n", "yaml-syntax", 2, 1, "tab"),
    "tab after spaces": (b"a:\n  b: 1\n  \tc: 2\n", "yaml-syntax", 3, 3, "tab"),
    "tab before a dash": (b"a:\n\t- b\n", "yaml-syntax", 2, 1, "tab"),
    "tab in a block of text": (b"a: |\n\tx\n", "yaml-syntax", 2, 1, "tab"),
    "colon inside a value": (b"a: b: c\n", "yaml-syntax", 1, 5, "put the value in quotes"),
    "colon inside a value, not ASCII": ("é: ü – : c\n".encode(), "yaml-syntax", 1, 8, "colon"),
    "key below a value": (b"a: 1\n  b: 2\n", "yaml-syntax", 2, 4, "indentation"),
    "too little indentation": (b"a:\n    b: 1\n  c: 2\n", "yaml-syntax", 3, 3, "indentation"),
    "line without a colon": (b"a: 1\nb\nc: 2\n", "yaml-syntax", 2, 1, "colon"),
    "last line without a colon": (b"a: 1\nb\n", "yaml-syntax", 2, 1, "indentation"),
    "list item beside keys": (b"a: 1\n- b\n", "yaml-syntax", 2, 1, "indentation"),
    "key beside list items": (b"a:\n  - b\n  c: 1\n", "yaml-syntax", 3, 3, "list item"),
    "dash inside a value": (b"a: - b\n", "yaml-syntax", 1, 4, "list item"),
    "quote never closed": (b'a: 1\nb: "x\nc: 2\n', "yaml-syntax", 2, 4, "never closed"),
    "quote inside quotes": (b"a: 'it's'\nb: 2\n", "yaml-syntax", 1, 8, "after a value"),
    "bracket never closed": (b"a: [1, 2\nb: 3\n", "yaml-syntax", 1, 4, "`]`"),
    "brace never closed": (b"a: {b: 1\nc: 2\n", "yaml-syntax", 1, 4, "`}`"),
    "bracket never opened": (b"a: ]\n", "yaml-syntax", 1, 4, "bracket"),
    "two commas": (b"a: [b,, c]\n", "yaml-syntax", 1, 7, "commas"),
    "at sign": (b"a: @dana\n", "yaml-syntax", 1, 4, "cannot start with `@`"),
    "backtick": (b"a: `x`\n", "yaml-syntax", 1, 4, "cannot start with"),
    "percent sign": (b"a: %5\n", "yaml-syntax", 1, 4, "cannot start with `%`"),
    "star before text": (b"a: *bold*\n", "yaml-syntax", 1, 9, "quotes"),
    "unknown alias": (b"a: *nothing\n", "yaml-syntax", 1, 4, "not defined"),
    "unknown escape": (b'a: "C:\\users"\n', "yaml-syntax", 1, 7, "backslash"),
    "unknown escape letter": (b'a: "\\q"\n', "yaml-syntax", 1, 5, "backslash"),
    "half a surrogate pair": (b'a: "\\ud800"\n', "yaml-syntax", 1, 5, "half of a pair"),
    "text after a block sign": (b"a: |x\n  y\n", "yaml-syntax", 1, 5, "block of text"),
    "unknown version": (b"%YAML 2.0\n---\na: 1\n", "yaml-syntax", 1, 1, "version"),
    "no-break space after the colon": ("a:\u00a0b\nc: d\n".encode(), "yaml-syntax", 1, 3, "no-break space (U+00A0)"),
    "no-break space in the last line": ("x: 1\na:\u00a0b".encode(), "yaml-syntax", 2, 3, "write the line as `a: b`"),
    "no-break space after a dash": ("x:\n- a\n-\u00a0b: 1\n- c\n".encode(), "yaml-syntax", 3, 2, "`- b: 1`"),
    "no-break space alone": ("x: 1\n\u00a0\ny: 2\n".encode(), "yaml-syntax", 2, 1, "remove it"),
    "em space after the colon": ("x:\u2003y\nz: 1\n".encode(), "yaml-syntax", 1, 3, "em space (U+2003)"),
    "soft hyphen after the colon": ("x:\u00ady\nz: 1\n".encode(), "yaml-syntax", 1, 3, "soft hyphen (U+00AD)"),
    "colon of another width": ("x\uff1ay\nz: 1\n".encode(), "yaml-syntax", 1, 2, "write the line as `x: y`"),
    "an innocent no-break space": ("x: M\u00a0b\ny\nz: 1\n".encode(), "yaml-syntax", 2, 1, "expected `key: value`"),
    "byte order mark on a line": ("a: 1\n\ufeff\nb: 2\n".encode(), "yaml-syntax", 2, 1, "byte order mark (U+FEFF)"),
    "byte order mark after dashes": ("---\ufeff\na: 1\n".encode(), "yaml-syntax", 1, 4, "byte order mark (U+FEFF)"),
    "byte order mark before a key": ("---\n\ufeffa: 1\n".encode(), "yaml-syntax", 2, 1, "byte order mark (U+FEFF)"),
    "tab after a dash": (b"x:\n  -\t{name: A}\n", "yaml-syntax", 2, 4, "write the line as `- {name: A}`"),
    "encrypted": (b"\0GITCRYPT\0\x9c\xff", "yaml-syntax", 1, 1, "git-crypt unlock"),
    "compressed": (b"\x1f\x8b\x08\0\0\0\0\0\0\xff", "yaml-syntax", 1, 1, "not a text"),
    "braces of a template": (b"x: {{ name }}\n", "unsafe-yaml", 1, 7, 'write the line as `x: "{{ name }}"`'),
    "line in brackets not indented": (b"a: [b,\nc,\nd]\n", "yaml-syntax", 2, 1, "indent it"),
    "line in quotes not indented": (b'a: "b\nc"\n', "yaml-syntax", 2, 1, "indent it"),
    "tab before a line in quotes": (b'a: "b\n\tc"\n', "yaml-syntax", 2, 1, "tab"),
    "empty lines indented further": (b"a: >\n \n  \n   \n # b\n", "yaml-syntax", 5, 2, "remove their spaces"),
    "comment right after a quote": (b'a: "b"# c\n', "yaml-syntax", 1, 7, "write a space"),
    "comment right after a block sign": (b"a: ># b\n  c\n", "yaml-syntax", 1, 5, "write a space"),
    "merge conflict": (b"a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\n", "yaml-syntax", 2, 1, "merge conflict"),
    "merge conflict, CRLF": (b"<<<<<<< HEAD\r\nb: 1\r\n=======\r\n", "yaml-syntax", 1, 1, "merge conflict"),
    "rest of a merge conflict": (b"a: 1\nb: 1\n=======\nc: 2\n", "yaml-syntax", 3, 1, "merge conflict"),
    "not UTF-8": (b"a: 1\nb: caf\xe9\n", "yaml-syntax", 2, 7, "byte 0xE9 at offset 11"),
    "not UTF-8, after others": ("a: ü".encode() + b"\xff", "yaml-syntax", 1, 5, "offset 5"),
    "surrogate as UTF-8": (b"a: \xed\xa0\x80\n", "yaml-syntax", 1, 4, "not UTF-8"),
    "not UTF-8, after a mark": (b"\xef\xbb\xbfa: \xff\n", "yaml-syntax", 1, 4, "offset 6"),
    "not UTF-8, old line breaks": (b"a: 1\r\rb: \xff\r", "yaml-syntax", 3, 4, "offset 9"),
    "UTF-16": ("a: 1\n".encode("utf-16"), "yaml-syntax", 1, 1, "UTF-16"),
    "UTF-16 without a mark": ("a: 1\n".encode("utf-16-le"), "yaml-syntax", 1, 1, "UTF-16"),
    "NUL": (b"a: 1\nb: x\0y\n", "yaml-syntax", 2, 5, "U+0000"),
    "escape character": (b"a: \x1b[31m\n", "yaml-syntax", 1, 4, "U+001B"),
    "DEL in a comment": (b"a: 1 # \x7f\n", "yaml-syntax", 1, 8, "U+007F"),
    "C1 control": ("a: \x90\n".encode(), "yaml-syntax", 1, 4, "U+0090"),
    "no character": ("a: \ufffe\n".encode(), "yaml-syntax", 1, 4, "U+FFFE"),
    "empty": (b"", "not-a-mapping", 1, 1, "empty"),
    "only spaces": (b"\n  \n", "not-a-mapping", 1, 1, "empty"),
    "only comments": (b"# a: 1\n", "not-a-mapping", 1, 1, "empty"),
    "only a document start": (b"---\n", "not-a-mapping", 1, 1, "empty"),
    "only a comment after a document start": (b"---\n # c", "not-a-mapping", 1, 1, "empty"),
    "null": (b"~\n", "not-a-mapping", 1, 1, "empty"),
    "a list": (b"# c\n- a\n", "not-a-mapping", 2, 1, "list"),
    "a list of mappings": (b"- a: 1\n", "not-a-mapping", 1, 1, "list"),
    "plain text": (b"hello world\n", "not-a-mapping", 1, 1, "plain text"),
    "a number": (b"12\n", "not-a-mapping", 1, 1, "plain text"),
    "two documents": (b"a: 1\n---\nb: 2\n", "not-a-mapping", 2, 1, "second document"),
    "an empty second document": (b"a: 1\n---\n", "not-a-mapping", 2, 1, "second document"),
    "documents after an end": (b"a: 1\n...\n---\nb: 1\n", "not-a-mapping", 3, 1, "second document"),
    "LFS pointer": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
        "not-a-mapping",
        1,
        1,
        "Git LFS",
    ),
    "duplicate key": (b"a: 1\nb: 2\na: 3\n", "duplicate-key", 3, 1, "key `a` is set twice, first on line 1"),
    "duplicate key, quoted": (b"a: 1\n'a': 3\n", "duplicate-key", 2, 1, "first on line 1"),
    "duplicate key in braces": (b"a: {b: 1, b: 2}\n", "duplicate-key", 1, 11, "first on line 1"),
    "duplicate key in a list": (b"a:\n  - x: 1\n    x: 2\n", "duplicate-key", 3, 5, "first on line 2"),
    "tag": (b"a: !!python/object:os.system x\n", "unsafe-yaml", 1, 4, "`!!python/object:os.system`"),
    "own tag": (b"a: !secret x\n", "unsafe-yaml", 1, 4, "`!secret`"),
    "bare tag": (b"a: ! x\n", "unsafe-yaml", 1, 4, "`!`"),
    "tag by a directive": (b"%TAG ! tag:x,2000:\n---\na: !b c\n", "unsafe-yaml", 3, 4, "tag:x,2000:b"),
    "set": (b"a: !!set {b}\n", "unsafe-yaml", 1, 4, "!!set"),
    "omap": (b"a: !!omap [b: 1]\n", "unsafe-yaml", 1, 4, "!!omap"),
    "binary": (b"a: !!binary aGk=\n", "unsafe-yaml", 1, 4, "!!binary"),
    "timestamp": (b"a: !!timestamp 2026-02-30\n", "unsafe-yaml", 1, 4, "!!timestamp"),
    "tag that does not fit": (b"a: !!int x\n", "unsafe-yaml", 1, 4, "!!int"),
    "empty number": (b'a: !!int ""\n', "unsafe-yaml", 1, 4, "!!int"),
    "map tag on a list": (b"a: !!map [b]\n", "unsafe-yaml", 1, 4, "does not fit"),
    "list tag on text": (b"a: !!seq b\n", "unsafe-yaml", 1, 4, "!!seq"),
    "boolean as a key": (b"true: x\n", "unsafe-yaml", 1, 1, "key `true`"),
    "null as a key": (b"~: x\n", "unsafe-yaml", 1, 1, "empty"),
    "no key": (b"{: x}\n", "yaml-syntax", 1, 2, "missing"),
    "list as a key": (b"? [a]\n: x\n", "unsafe-yaml", 1, 3, "list or a mapping"),
    "mapping as a key": (b"{a: b}: x\n", "unsafe-yaml", 1, 2, "list or a mapping"),
    "merge key": (b"a: &x {b: 1}\nc:\n  <<: *x\n", "unsafe-yaml", 3, 3, "merge keys"),
    "infinity": (b"a: .inf\n", "unsafe-yaml", 1, 4, "infinity"),
    "minus infinity": (b"a: [1, -.INF]\n", "unsafe-yaml", 1, 8, "infinity"),
    "not a number": (b"a: .NaN\n", "unsafe-yaml", 1, 4, "not a number"),
    "integer beyond 2**53": (b"a: 9007199254740993\n", "unsafe-yaml", 1, 4, "9007199254740991"),
    "hexadecimal beyond 2**53": (b"a: 0xFFFFFFFFFFFFFFFF\n", "unsafe-yaml", 1, 4, "9007199254740991"),
    "integer beyond 64 bits": (b"a: -99999999999999999999\n", "unsafe-yaml", 1, 4, "9007199254740991"),
    "5,000 digits": (b"a: " + b"7" * 5000 + b"\n", "unsafe-yaml", 1, 4, "5000 digits"),
    "leading zeros": (b"a: " + b"0" * 101 + b"\n", "unsafe-yaml", 1, 4, "101 digits"),
    "line separator": ("a: x\u2028y\n".encode(), "unsafe-yaml", 1, 5, "U+2028"),
    "next line": ("a: 1 # \x85\n".encode(), "unsafe-yaml", 1, 8, "U+0085"),
    "cyclic alias": (b"a: &x\n  - *x\n", "unsafe-yaml", 2, 5, "part of"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_has_one_cause(name: str) -> None:
    raw, rule, line, column, words = BAD[name]
    document = read(raw)
    assert document.data is None
    assert not document.ok
    (fault,) = document.faults
    assert (fault.rule, fault.line, fault.column) == (rule, line, column), fault
    assert words in fault.message
    assert fault.message.isprintable()
    assert len(fault.message) <= 250


def test_a_byte_order_mark_hides_nothing() -> None:
    document = read("\ufeffä: 1\nb: ü\n".encode())
    assert document.ok
    assert document.data == {"ä": 1, "b": "ü"}
    assert [(f.rule, f.line, f.column) for f in document.faults] == [("byte-order-mark", 1, 1)]
    assert document.locate(["ä"]) == (1, 4)
    assert document.line(1) == "ä: 1"


def test_a_byte_order_mark_does_not_excuse_other_faults() -> None:
    document = read("\ufeffa: 1\na: 2\n".encode())
    assert not document.ok
    assert [f.rule for f in document.faults] == ["byte-order-mark", "duplicate-key"]


def test_every_duplicate_is_a_fault() -> None:
    faults = read(b"a: 1\na: 2\nb:\n  c: 1\n  c: 2\na: 3\n").faults
    assert [(f.line, f.column) for f in faults] == [(2, 1), (5, 3), (6, 1)]


def test_only_the_first_cause_is_reported() -> None:
    assert {f.rule for f in read(b"a: !x 1\na: 2\nb: !y 1\n").faults} == {"unsafe-yaml"}
    assert {f.rule for f in read(b"a: 1\na: 2\nb: !y 1\n").faults} == {"duplicate-key"}
    assert {f.rule for f in read(b"a: 1\na: 2\nb: [\n").faults} == {"yaml-syntax"}


def test_messages_are_short_and_clean() -> None:
    key = '"' + "k" * 500 + "\\e[31m\\n" + '"'
    (fault,) = read(f"{key}: 1\n{key}: 2\n".encode().replace(b"500", b"5")).faults
    assert len(fault.message) < 100
    (fault,) = read(b'"\\e[31m": 1\n"\\e[31m": 2\n').faults
    assert fault.message == "key `\\x1b[31m` is set twice, first on line 1"
    (fault,) = read(b"a: 1\na: 2\n", Limits(message_length=10)).faults
    assert fault.message == "key `a` i…"


@pytest.mark.parametrize(
    ("limits", "raw", "words"),
    [
        (Limits(file_bytes=10), b"a: 1\nb: 23\n", "11 bytes"),
        (Limits(depth=2), b"a:\n  b:\n    c: 1\n", "2 levels"),
        (Limits(depth=2), b"a: [[1]]\n", "2 levels"),
        (Limits(depth=3), b"x: &x {y: 1}\na: {b: [*x]}\n", "3 levels"),
        (Limits(nodes=6), b"a: [1, 2, 3, 4]\n", "allows (6)"),
        (Limits(nodes=8), b"a: &x [1, 2]\nb: *x\n", "allows (8)"),
        (Limits(digits=3), b"a: 0001\n", "4 digits"),
    ],
)
def test_limits(limits: Limits, raw: bytes, words: str) -> None:
    (fault,) = read(raw, limits).faults
    assert fault.rule == "unsafe-yaml"
    assert words in fault.message


@pytest.mark.parametrize(
    ("limits", "raw"),
    [
        (Limits(file_bytes=11), b"a: 1\nb: 23\n"),
        (Limits(depth=3), b"a:\n  b:\n    c: 1\n"),
        (Limits(depth=4), b"x: &x {y: 1}\na: {b: [*x]}\n"),
        (Limits(nodes=7), b"a: [1, 2, 3, 4]\n"),
        (Limits(nodes=9), b"a: &x [1, 2]\nb: *x\n"),
        (Limits(digits=4), b"a: 0001\n"),
    ],
)
def test_at_the_limit(limits: Limits, raw: bytes) -> None:
    assert read(raw, limits).ok


@pytest.mark.parametrize("raw", [b"\xef\xbb\xbfa: 1\n", b"a\0\0\0", b"a: \xff", b"a: {", b"a: 1\na: 1\n", b"a" * 99])
def test_every_message_obeys_the_limit(raw: bytes) -> None:
    limits = Limits(message_length=40, file_bytes=50)
    assert read(raw, limits).faults
    assert all(len(fault.message) <= 40 for fault in read(raw, limits).faults)


@pytest.mark.parametrize(
    ("raw", "rules"),
    [
        (b"a: 1\n---\n- b\n...\n---\nc\n", []),
        (b"a: 1\n---\nb: 2\nb: 3\n", ["duplicate-key"]),
        (b"- !x 1\n---\na: 1\na: 2\n---\nb: [\n", ["unsafe-yaml", "duplicate-key", "yaml-syntax"]),
        (b"a: &x 1\n---\nb: *x\n", ["yaml-syntax"]),
        (b"", []),
    ],
)
def test_every_document_of_a_file_is_read(raw: bytes, rules: list[str]) -> None:
    assert [fault.rule for fault in faults(raw)] == rules


@pytest.mark.parametrize("key", ["1", "01", "1.10", "-5", "0x1F"])
def test_a_number_as_a_key_is_the_text_of_its_characters(key: str) -> None:
    document = read(f"a:\n  {key}: x\n".encode())
    assert document.data == {"a": {key: "x"}}
    assert [(fault.rule, fault.line, fault.column) for fault in document.faults] == [("number-key", 2, 3)]
    assert f'put it in quotes: `"{key}"`' in document.faults[0].message


def test_a_comma_within_a_number_does_not_begin_a_key() -> None:
    document = read(b"a: {csat: 4,8}\n")
    assert document.data is None
    assert "write the line as `a: {csat: 4.8}`" in document.faults[0].message
