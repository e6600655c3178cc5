"""What to write instead of a wrong value, as the exact text: the same value in the form that the schema wants.

A hint is offered only if the file with it has no fault left at this place. It quotes the characters of the file, not
what a program reads there: ``00123`` is the number 123, and the text "00123".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from blueprint_cli.schema import dates, numbers
from blueprint_cli.schema.defect import Written
from blueprint_cli.text import Suggestions, safe

_LONGEST = 60  # characters of a value that is worth repeating
_YES = ("yes", "y", "on", "true", "1")
_NO = ("no", "n", "off", "false", "0")
_ANSWERS = {**dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)}
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212"
_NOTHING = "\u201c\u201d\u201e\u00ab\u00bb\u200b\u00ad\ufeff"  # quotation marks, and what cannot be seen
_TYPOGRAPHY = str.maketrans(_DASHES + "\u2018\u2019", "-" * len(_DASHES) + "''", _NOTHING)
_PLAIN = re.compile(r"[A-Za-z][\w.@/ -]*[\w.@/-]|[A-Za-z]")
_WORDS = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n"))


class Candidate(NamedTuple):
    """A value that may be meant, and how YAML writes it."""

    value: Any
    text: str
    verb: str = "write"


Fits = Callable[[Any], bool]
"""Whether the file has no fault left at the place of the value, if it had this one."""


def hint(error: Any, characters: str | None, written: Written, suggestions: Suggestions, fits: Fits) -> str:
    """The end of a sentence on a wrong value; empty where nothing is certain to keep it."""
    value, choices = error.instance, _choices(error)
    candidates = _candidates(error, choices, value, characters, written)
    proven = [candidate for candidate in candidates if _can_be_shown(candidate.text) and fits(candidate.value)]
    if proven:
        verb = proven[0].verb
        return f"; {verb} " + " or ".join(f"`{candidate.text}`" for candidate in proven[:2] if candidate.verb == verb)
    if isinstance(value, str) and value:
        return likely(value, tuple(choice for choice in choices if isinstance(choice, str)), suggestions)
    return ""


def likely(word: str, known: tuple[str, ...], suggestions: Suggestions) -> str:
    """``; did you mean `tier`?``, and which letter of the word only looks like one of it."""
    pair = suggestions.closest([_tidy(word)], known)
    return f"; did you mean `{safe(pair[1])}`?{odd_letter(word, pair[1])}" if pair else ""


def odd_letter(word: str, meant: str) -> str:
    """A sentence on the first character of a word that only looks like a letter of another one; often none."""
    odd = next((char for char in word if not char.isascii() and char.isprintable() and char not in meant), None)
    if odd is None or not meant.isascii():
        return ""
    from unicodedata import name  # late: a megabyte

    return f" It has {name(odd, 'a character')} (U+{ord(odd):04X})"


def is_date(schema: Any) -> bool:
    """Whether a schema wants a date as `bp` reads it."""
    return isinstance(schema, dict) and schema.get("format") == "bp-date"


def _choices(error: Any) -> list[Any]:
    if error.validator == "const":
        return [error.validator_value]
    return list(error.validator_value) if error.validator == "enum" else []


def _candidates(
    error: Any, choices: list[Any], value: Any, characters: str | None, written: Written
) -> Iterator[Candidate]:
    text = characters if characters is not None else value if isinstance(value, str) else None
    if text is None or len(text) > _LONGEST:
        return
    tidy, types = _tidy(text), _types(error)
    if is_date(error.schema):
        yield from (Candidate(day, day) for day in dates.readings(tidy, written.offset))
        return
    if choices:
        yield from _same_choice(choices, value, text, tidy)
    if "string" in types and value is not None and not isinstance(value, str):
        yield Candidate(text, json.dumps(text, ensure_ascii=False), "put it in quotes:")
    if {"number", "integer"} & types and isinstance(value, str):
        yield from (Candidate(json.loads(number), number) for number in numbers.readings(tidy) if _is_json(number))
    if "boolean" in types and tidy.lower() in _ANSWERS:
        answer = _ANSWERS[tidy.lower()]
        yield Candidate(answer, json.dumps(answer))
    if "array" in types:
        yield from _lists(value, text)
    if error.validator == "pattern" and isinstance(value, str) and tidy != value:
        yield Candidate(tidy, _as_yaml(tidy))


def _types(error: Any) -> set[str]:
    if error.validator != "type":
        return set()
    return {error.validator_value} if isinstance(error.validator_value, str) else set(error.validator_value)


def _same_choice(choices: list[Any], value: Any, text: str, tidy: str) -> Iterator[Candidate]:
    for choice in choices:
        if isinstance(choice, str) and not isinstance(value, str) and choice.casefold() == text.casefold():
            yield Candidate(choice, json.dumps(choice, ensure_ascii=False), "put it in quotes:")
        elif isinstance(value, str) and isinstance(choice, str) and tidy == choice != value:
            yield Candidate(choice, _as_yaml(choice))
        elif isinstance(value, str) and isinstance(choice, bool) and _ANSWERS.get(tidy.lower()) is choice:
            yield Candidate(choice, json.dumps(choice))
        elif isinstance(value, str) and isinstance(choice, int | float) and tidy == str(choice):
            yield Candidate(choice, str(choice))


def _lists(value: Any, text: str) -> Iterator[Candidate]:
    """The list that one value, or a row of them, stands for."""
    if not isinstance(value, str):
        yield Candidate([value], f"[{text}]", "write it as a list:")
        return
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if parts:
        yield Candidate(parts, f"[{', '.join(map(_as_yaml, parts))}]", "write it as a list:")


def _tidy(text: str) -> str:
    """Without the quotation marks, dashes and spaces of typography, and without spaces around it."""
    if not text.isascii():
        from unicodedata import normalize  # late: a megabyte

        text = normalize("NFKC", text)
    return text.translate(_TYPOGRAPHY).strip(" \t\"'")


def _as_yaml(text: str) -> str:
    """A text as YAML writes it: in quotes where it could be read as something else."""
    return text if _PLAIN.fullmatch(text) and text.lower() not in _WORDS else json.dumps(text, ensure_ascii=False)


def _can_be_shown(text: str) -> bool:
    return text.isprintable() and "`" not in text


def _is_json(number: str) -> bool:
    return re.fullmatch(r"-?(?:0|[1-9]\d*)(?:\.\d+)?", number, re.ASCII) is not None
