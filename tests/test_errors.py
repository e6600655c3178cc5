"""The failures that `bp` expects: their words, their bounds, and their way from one process to another."""

from __future__ import annotations

import pickle

from blueprint_cli.errors import MAX_COMBINED, MAX_PROBLEMS, BpError, PolicyError, combined


def test_a_hint_stands_below_the_message() -> None:
    assert str(BpError("it is broken")) == "it is broken"
    assert str(BpError("it is broken", "Repair it.")) == "it is broken\n  Repair it."


def test_several_errors_become_one() -> None:
    error = combined([BpError(f"{number}", f"Hint {number}.") for number in range(MAX_COMBINED + 2)])
    assert error.message.splitlines() == [*map(str, range(MAX_COMBINED)), "and 2 more"]
    assert error.hint == "Hint 0."


def test_an_error_of_policy_lists_its_problems() -> None:
    error = PolicyError("the catalog is not valid:", [f"a.yaml:{line}:1: wrong" for line in range(MAX_PROBLEMS + 1000)])
    lines = str(error).splitlines()
    assert lines[:2] == ["the catalog is not valid:", "  a.yaml:0:1: wrong"]
    assert lines[-1] == "  … and 1,000 more"
    assert len(lines) == MAX_PROBLEMS + 2
    assert len(error.problems) == MAX_PROBLEMS + 1000


def test_errors_come_whole_out_of_a_worker_process() -> None:
    for error in (BpError("broken"), BpError("broken", "Repair it."), PolicyError("not valid:", ["a:1:1: b"])):
        copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
        assert type(copy) is type(error)
        assert (str(copy), vars(copy)) == (str(error), vars(error))


def test_what_an_error_quotes_makes_no_line() -> None:
    ends = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
    error = BpError(f"`a{ends}b` is not known", f"Did you mean `c{ends}`?")
    assert str(error).splitlines() == [error.message, f"  {error.hint}"]
    assert "`a\\n\\r\\x0b" in error.message
    assert len(combined([error, PolicyError("not valid:", [f"a{ends}b"])]).message.splitlines()) == 3
    assert BpError("one\ttab and \x1b").message == "one\ttab and \x1b"  # no line: made visible where it is shown
