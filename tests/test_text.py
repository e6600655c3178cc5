"""Text for people: what is quoted, counted, listed and suggested, and that all of it is bounded."""

from __future__ import annotations

import pytest

from blueprint_cli import text
from blueprint_cli.text import Suggestions, clip, count, did_you_mean, join_path, listed, quoted, safe, suggest


def closest(word: str, known: list[str]) -> str | None:
    pair = Suggestions().closest([word], known)
    return pair[1] if pair else None


def test_clip_keeps_what_fits() -> None:
    assert [clip("abcd", limit) for limit in (5, 4, 3, 1)] == ["abcd", "abcd", "ab…", "…"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Zoë Müller", "Zoë Müller"),
        ("a`b", "a'b"),
        ("a\nb\x1b[31m", r"a\nb\x1b[31m"),
        ("right\u202eleft\u00a0", r"right\u202eleft\xa0"),
        ("half \ud800", r"half \ud800"),
        ("x" * 61, "x" * 59 + "…"),
    ],
)
def test_safe_is_short_printable_and_without_backticks(written: str, shown: str) -> None:
    assert safe(written) == shown
    assert safe(shown) == shown


def test_quoted_ends_where_the_value_ends() -> None:
    assert quoted("a`b`") == "`a'b'`"
    assert quoted(5) == "`5`"
    assert quoted("x" * 500) == "`" + "x" * (text.MAX_QUOTED - 1) + "…`"


@pytest.mark.parametrize(
    ("number", "noun", "counted"),
    [
        (0, "entry", "0 entries"),
        (1, "entry", "1 entry"),
        (2, "key", "2 keys"),
        (12_345, "error", "12,345 errors"),
    ],
)
def test_count(number: int, noun: str, counted: str) -> None:
    assert count(number, noun) == counted


def test_a_long_list_is_cut_and_counted() -> None:
    assert listed([]) == ""
    assert listed("abc") == "a, b, c"
    assert listed(map(str, range(5)), limit=3) == "0, 1, 2, … (2 more)"


def test_only_what_is_listed_is_put_into_words() -> None:
    shown: list[int] = []

    def show(number: int) -> str:
        shown.append(number)
        return f"#{number}"

    assert listed(range(100_000), limit=2, show=show) == "#0, #1, … (99,998 more)"
    assert shown == [0, 1]


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("chanel", "channel"),
        ("High-Touch", "high_touch"),
        ("frist_name", "first_name"),
        ("CSMM", "CSM"),
        ("INT-3", "INT-03"),
        ("CHK_ENG_003", "C01/CHK_ENG_003"),
        ("C08_customer_advocacy", "C07_customer_advocacy"),
        ("phase", "phase_1"),
    ],
)
def test_a_misspelt_name_is_recognised(word: str, name: str) -> None:
    assert closest(word, ["something else", name, "zzz"]) == name
    assert closest(name, [word]) == word


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("INT-03", "INT-04"),
        ("TP-014", "TP-0140"),
        ("stakeholder_1", "stakeholder_2"),
        ("CHK_ENG_003", "C01/CHK_ENG_004"),
        ("P5", "P1"),
        ("AE", "SE"),
        ("EBR", "QBR"),
        ("colour", "status"),
        ("", "a"),
    ],
)
def test_what_is_no_misspelling_is_not_suggested(word: str, name: str) -> None:
    assert closest(word, [name]) is None
    assert closest(name, [word]) is None


def test_the_closest_comes_first_and_equals_keep_their_order() -> None:
    assert closest("channel", ["channels", "chanel", "channel", "Channel", "status"]) == "channel"
    assert closest("channel", ["channels", "Channel", "channel"]) == "Channel"


def test_of_several_words_the_best_pair_is_found() -> None:
    suggestions = Suggestions()
    assert suggestions.closest(["colour", "statuss"], ["status", "color"]) == ("statuss", "status")
    assert suggestions.closest(["x"], ["status"]) is None
    assert suggestions.closest([], []) is None


def test_the_end_of_a_sentence() -> None:
    known = ["status", "channel"]
    assert did_you_mean("chanel", known) == "; did you mean `channel`?"
    assert did_you_mean("owner", known) == "; known: channel, status"
    assert did_you_mean("owner", []) == ""
    codes = [f"C{number:02}" for number in range(40)]
    assert did_you_mean("X01", codes).startswith("; known: C00, C01")
    assert did_you_mean("C399", codes).startswith("; known: C39, C30, C31")
    assert did_you_mean("`status\n", ["`status\n"]) == "; did you mean `'status\\n`?"
    assert Suggestions().hint("owner", known) == ""


def test_a_name_that_was_looked_up_in_vain() -> None:
    known = ["C01/CHK_ENG_003", "C01/CHK_ENG_001", "validation.staleness", "validation.pass_rate", "premium"]
    assert suggest("CHK_ENG_033", known) == "Did you mean `C01/CHK_ENG_003`?"
    assert suggest("Validation", known) == "Did you mean `validation.staleness` or `validation.pass_rate`?"
    assert suggest("Premum", known, 1) == "Did you mean `premium`?"
    assert suggest("something", known) is None
    assert suggest("", known) is None
    assert suggest("x" * 1_000_000, ["x" * 1_000_000]) is not None


def test_suggesting_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [f"name {letter}" for letter in map(chr, range(0x4E00, 0x4E00 + text.MAX_COMPARED))]
    assert closest("status", [*many[1:], "status"]) == "status"
    assert closest("status", [*many, "status"]) is None

    monkeypatch.setattr(text, "MAX_COMPARISONS", 3)
    suggestions = Suggestions()
    assert suggestions.closest(["status"], ["a", "b"]) is None
    assert suggestions.closest(["chanel"], ["channel"]) == ("chanel", "channel")
    assert suggestions.closest(["colour"], ["color"]) is None
    assert suggestions.closest(["chanel"], ["channel"]) == ("chanel", "channel"), "what is known costs nothing"


def test_of_a_long_word_only_the_beginning_counts() -> None:
    assert closest("x" * 1_000_000, ["x" * text.MAX_SHOWN]) == "x" * text.MAX_SHOWN
    assert closest("9" * 1_000_000, ["1"]) is None


def test_paths_are_joined_within_the_repository() -> None:
    assert join_path("", "a/", ".", "/b") == "a/b"
    assert join_path(".", "") == ""


@pytest.mark.parametrize(("word", "name"), [("a1", "b1"), ("TPa", "TPb"), ("SA", "AE"), ("PM1", "PX1")])
def test_short_names_that_share_most_letters_are_others(word: str, name: str) -> None:
    assert Suggestions().closest([word], [name]) is None
