"""One faulty value in plain words: what was expected, what is there, and how to write it."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from itertools import chain, islice, repeat
from typing import Any

from blueprint_cli.schema.sanitize import Unreadable

_MAX_TEXT = 60
_MAX_CHOICES = 10
_MAX_COMPARISONS = 5000
"""Of unlike words in one document: 50,000 unknown keys shall not take a minute to wonder about."""
_CLOSE = 0.7
_READABLE_PATTERN = 30
_TYPES = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "yes/no (true or false)",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}
_NUMBER = re.compile(r"[-+]?\d{1,30}(\.\d{1,30})?", re.ASCII)
_ANSWERS = {
    **dict.fromkeys(("yes", "y", "on", "true"), "true"),
    **dict.fromkeys(("no", "n", "off", "false"), "false"),
}
_FORMATS = {
    "date": "a date like 2026-01-05",
    "date-time": "a moment like 2026-01-05T10:00:00Z",
    "time": "a time like 10:00:00Z",
    "email": "an e-mail address",
    "uri": "a web address",
    "uri-reference": "a web address",
    "hostname": "a host name",
    "uuid": "a UUID",
}


def safe(text: str, limit: int = _MAX_TEXT) -> str:
    """A text that can stand in a message: short, on one line, without control or invisible characters."""
    short = text if len(text) <= limit else text[: limit - 1] + "…"
    if short.isprintable() and "`" not in short:
        return short
    return "".join("'" if c == "`" else c if c.isprintable() else c.encode("unicode_escape").decode() for c in short)


def show(value: Any) -> str:
    """A value as a message quotes it; of a list or mapping only what it is."""
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    if isinstance(value, str):
        return f"`{safe(value)}`" if value else "an empty text"
    if isinstance(value, int | float):
        return f"`{safe(str(value))}`"
    return kind_of(value)


def kind_of(value: Any) -> str:
    """What sort of thing a value is."""
    if isinstance(value, Unreadable):
        return value.what
    if value is None:
        return _TYPES["null"]
    if isinstance(value, bool):
        return _TYPES["boolean"]
    return _TYPES[
        "string"
        if isinstance(value, str)
        else "array"
        if isinstance(value, list)
        else "object"
        if isinstance(value, dict)
        else "number"
    ]


def count(number: int, thing: str) -> str:
    """``1 entry``, ``2 entries``."""
    plural = thing[:-1] + "ies" if thing.endswith("y") and not thing.endswith("ey") else thing + "s"
    return f"{number} {thing if number == 1 else plural}"


def listed(items: Iterable[str]) -> str:
    """Names in a row; a long row is cut, and what is cut off is only counted."""
    rest = iter(items)
    shown = list(islice(rest, _MAX_CHOICES))
    left = sum(1 for _ in rest)
    return ", ".join(shown) + (f", … ({left} more)" if left else "")


class Guesses:
    """Answers "did you mean …?", as long as comparing words does not become the main work."""

    def __init__(self) -> None:
        self._left = _MAX_COMPARISONS
        self._known: dict[tuple[str, str], float] = {}

    def closest(self, words: Sequence[str], among: Sequence[str]) -> tuple[str, str] | None:
        """Of all pairs the one that is most alike, if any is: (word, its like)."""
        pairs = ((self._likeness(word, other), word, other) for word in words for other in among[:200])
        best = max(pairs, key=lambda pair: pair[0], default=None)
        return best[1:] if best is not None and best[0] >= _CLOSE else None

    def _likeness(self, one: str, other: str) -> float:
        """0 to 1; case, `_` and `-` do not count."""
        if (one, other) not in self._known and self._left > 0:
            self._left -= 1
            self._known[one, other] = _likeness(_bare(one), _bare(other))
        return self._known.get((one, other), 0.0)


def _bare(word: str) -> str:
    return word[:_MAX_TEXT].casefold().replace("-", "").replace("_", "")


def _likeness(one: str, other: str) -> float:
    shorter, longer = sorted((len(one), len(other)))
    if one == other or shorter < longer / 2:
        return float(one == other)
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def wrong_type(name: str, types: list[str], value: Any) -> str:
    """The value is of none of the types, and how to write it so that it is."""
    expected = " or ".join(_TYPES.get(each, each) for each in types)
    if value is None:
        return f"{name} has no value; it must be {expected}"
    if types == ["integer"] and isinstance(value, float):
        return f"{name} must be {expected}, not {show(value)}"
    shown = f" ({show(value)})" if isinstance(value, str | bool | int | float) and value != "" else ""
    hint = ""
    if "string" in types and isinstance(value, bool | int | float):
        text = str(value).lower() if isinstance(value, bool) else str(value)
        hint = f'; put it in quotes: "{safe(text)}"'
    elif isinstance(value, str):
        if {"number", "integer"} & set(types) and _NUMBER.fullmatch(value):
            hint = "; remove the quotes"
        elif "boolean" in types and value.lower() in _ANSWERS:
            hint = f"; write {_ANSWERS[value.lower()]} without quotes"
        elif "array" in types and value:
            hint = f"; write it as a list: [{safe(value)}]"
    return f"{name} must be {expected}, not {kind_of(value)}{shown}{hint}"


def wrong_choice(name: str, choices: list[Any], value: Any, guesses: Guesses) -> str:
    """The value is none of the choices."""
    words = tuple(each for each in choices if isinstance(each, str))
    near = guesses.closest([value], words) if isinstance(value, str) and value else None
    hint = f"; did you mean `{safe(near[1])}`?" if near is not None else ""
    if len(choices) == 1:
        return f"{name} must be {show(choices[0])}, not {show(value)}{hint}"
    told = (safe(each) if isinstance(each, str) else show(each).strip("`") for each in choices[:_MAX_CHOICES])
    row = listed(chain(told, repeat("", len(choices) - _MAX_CHOICES)))
    if value is None:
        return f"{name} has no value; it must be one of {row}"
    return f"{name}: {show(value)} is not one of {row}{hint}"


def wrong_date(name: str, value: str) -> str:
    """The text is not a date or moment as `bp` reads it."""
    shown = safe(value) or "an empty text"
    if day := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", value[:40], re.ASCII):
        year, month, _ = map(int, day.groups())
        last = calendar.monthrange(year, month)[1] if year and 1 <= month <= 12 else None
        example = f"{year:04}-{month:02}-{last}" if last else "2026-01-05"
        return f"{name}: {shown} is not a day that exists; write a date like {example}"
    if moment := re.fullmatch(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d)(:\d\d)?(\.\d+)?", value[:40], re.ASCII):
        date, minutes, seconds, _ = moment.groups()
        whole = f"{date}T{minutes}{seconds or ':00'}Z"
        return f"{name}: {shown} does not say its offset from UTC; write {whole}, or only the day, {date}"
    return f"{name}: {shown} is not a date; write it like 2026-01-05, or 2026-01-05T10:00:00Z"


def wrong_format(name: str, schema: dict[str, Any], value: str) -> str:
    """The text does not have the form that `format` or `pattern` asks for."""
    form = schema.get("format")
    if form == "bp-date":
        return wrong_date(name, value)
    if form is not None:
        return f"{name}: {show(value)} is not {_FORMATS.get(form, f'of the form {safe(str(form))}')}"
    if not value.strip():
        return f"{name} is blank: write what it asks for"
    pattern, described = str(schema.get("pattern")), schema.get("description")
    if described is not None and len(pattern) > _READABLE_PATTERN:
        return f"{name}: {show(value)} does not have the right form; expected: {safe(str(described), 120)}"
    return f"{name}: {show(value)} does not have the form `{safe(pattern)}`"


def wrong_size(name: str, keyword: str, limit: Any, value: Any, schema: dict[str, Any]) -> str:
    """The number, text or mapping is too large or too small."""
    low, high = schema.get("minimum"), schema.get("maximum")
    if keyword in {"minimum", "maximum"} and low is not None and high is not None:
        return f"{name} must be from {_number(low)} to {_number(high)}, not {_number(value)}"
    if keyword == "minLength" and limit == 1:
        return f"{name} must not be empty"
    return _SIZES[keyword](name, limit, value)


def _number(value: Any) -> str:
    return show(value).strip("`")


_SIZES: dict[str, Callable[[str, Any, Any], str]] = {
    "minimum": lambda n, limit, v: f"{n} must be at least {_number(limit)}, not {_number(v)}",
    "maximum": lambda n, limit, v: f"{n} must be at most {_number(limit)}, not {_number(v)}",
    "exclusiveMinimum": lambda n, limit, v: f"{n} must be more than {_number(limit)}, not {_number(v)}",
    "exclusiveMaximum": lambda n, limit, v: f"{n} must be less than {_number(limit)}, not {_number(v)}",
    "multipleOf": lambda n, limit, v: f"{n} must be a multiple of {_number(limit)}, not {_number(v)}",
    "minLength": lambda n, limit, v: f"{n} must have at least {count(limit, 'character')}, not {len(v)}",
    "maxLength": lambda n, limit, v: f"{n} may have at most {count(limit, 'character')}, not {len(v)}",
    "minProperties": lambda n, limit, v: f"{n} must have at least {count(limit, 'key')}, not {len(v)}",
    "maxProperties": lambda n, limit, v: f"{n} may have at most {count(limit, 'key')}, not {len(v)}",
}
SIZES = frozenset(_SIZES)
