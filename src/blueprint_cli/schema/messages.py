"""The errors about one value as one sentence: what was expected, and what is there.

What comes from the file stands in backticks, so that a message can be redacted.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Sequence
from typing import Any

from blueprint_cli.schema import dates
from blueprint_cli.schema.hints import is_date
from blueprint_cli.text import count, listed, safe

_READABLE_PATTERN = 30  # characters of a pattern that is shown although the schema describes it in words
_MAX_DESCRIPTION = 120
_TYPES = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "null",
}
_A_DATE = "a date like 2026-01-05"
_LIKE = "; write it like 2026-01-05, or 2026-01-05T10:00:00Z"
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_FORMATS = {
    "date": "a date like 2026-01-05",
    "date-time": "a time like 2026-01-05T10:00:00Z",
    "time": "a time of day like 10:00:00Z",
    "email": "an e-mail address",
    "uri": "a web address",
    "uri-reference": "a web address",
    "hostname": "a host name",
    "uuid": "a UUID",
}
_WEIGHT = ("type", "const", "enum", "format", "pattern")
"""The keyword to report first: a value of the wrong type has no other error worth reporting."""
_LACKING = frozenset({"contains", "minContains"})
_ENTRIES = _LACKING | {"minItems", "maxItems", "maxContains", "items", "unevaluatedItems"}


def chief(errors: Sequence[Any]) -> Any:
    """Of the errors about one value the one to report."""
    return min(errors, key=lambda error: _WEIGHT.index(error.validator) if error.validator in _WEIGHT else 9)


def message(name: str, errors: Sequence[Any], characters: str | None, hint: str) -> str:
    """What is wrong with the value called ``name``, and a hint, as a sentence without its full stop.

    ``characters``: those of the file, where the value is not a text.
    """
    if not hint and _wrong_date(chief(errors)):
        hint = _LIKE
    return _sentence(name, errors, characters) + hint


def _wrong_date(error: Any) -> bool:
    """Whether a text should be a date, and is nothing that resembles one."""
    date = error.validator in {"format", "pattern"} and is_date(error.schema)
    return date and not dates.is_local(error.instance) and not _DAY.fullmatch(error.instance)


def _sentence(name: str, errors: Sequence[Any], characters: str | None) -> str:
    first = chief(errors)
    keyword, value, schema = first.validator, first.instance, first.schema
    if keyword == "type":
        expected = first.validator_value
        types = expected if isinstance(expected, list) else [expected]
        return _wrong_type(name, _A_DATE if is_date(schema) else _either(types), value, characters)
    if keyword in {"const", "enum"}:
        choices = [first.validator_value] if keyword == "const" else list(first.validator_value)
        return _wrong_choice(name, choices, value, characters)
    if keyword in {"format", "pattern"}:
        return _wrong_form(name, schema, value)
    if entries := [error for error in errors if error.validator in _ENTRIES]:
        return _wrong_entries(name, entries)
    if keyword in _SIZES:
        return _wrong_size(name, keyword, first.validator_value, value, schema)
    if keyword == "uniqueItems":
        return f"{name} has the same entry twice: {shown(first.validator_value)}"
    if keyword == "propertyNames":
        return f"{name} is not an allowed key{_allowed_keys(first.validator_value)}"
    if keyword == "oneOf":
        return f"{name} matches several alternatives that exclude each other"
    if keyword is None or first.validator_value == {}:
        return f"{name} is not allowed here"
    title = schema.get("title") if isinstance(schema, dict) else None
    return f"{name} has a value that is not allowed" + (f": {safe(str(title))}" if title else "")


def shown(value: Any) -> str:
    """A value as a message shows it; of a list or mapping only that it is one."""
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    if isinstance(value, str):
        return f"`{safe(value)}`" if value else "empty text"
    if isinstance(value, int | float):
        return f"`{safe(str(value))}`"
    return "null" if value is None else "a list" if isinstance(value, list) else "a mapping"


def bare(value: Any) -> str:
    """A number or a value of the schema, which needs no backticks."""
    return shown(value).strip("`")


def _either(types: list[str]) -> str:
    return " or ".join(_TYPES.get(kind, kind) for kind in types)


def _wrong_type(name: str, expected: str, value: Any, characters: str | None) -> str:
    if value is None:
        return f"{name} has no value; it must be {expected}"
    return f"{name} must be {expected}, not {_described(value, characters, whole='a whole number' in expected)}"


def _described(value: Any, characters: str | None, *, whole: bool = False) -> str:
    """A value that is of the wrong type, with the name of its own: ``the text `5` ``."""
    if isinstance(value, str):
        return f"the text {shown(value)}" if value else "empty text"
    noun = "the number " if isinstance(value, int | float) and not isinstance(value, bool) and not whole else ""
    return noun + (shown(value) if characters is None else f"`{safe(characters)}`")


def _wrong_choice(name: str, choices: list[Any], value: Any, characters: str | None) -> str:
    texts = all(isinstance(choice, str) for choice in choices)
    same_kind = any(type(choice) is type(value) for choice in choices)
    there = shown(value) if same_kind else _described(value, characters)
    if len(choices) == 1:
        return f"{name} must be {'the text ' if texts and not same_kind else ''}{shown(choices[0])}, not {there}"
    row = listed(choices, show=bare)
    if value is None:
        return f"{name} has no value; it must be one of {row}"
    return f"{name}: {there} is not one of {'the texts ' if texts and not same_kind else ''}{row}"


def _no_date(name: str, value: str) -> str:
    """The text is not a date or time as `bp` reads it."""
    if day := _DAY.fullmatch(value):
        year, month, _ = map(int, day.groups())
        last = calendar.monthrange(year, month)[1] if year and 1 <= month <= 12 else None
        example = f"{year:04}-{month:02}-{last}" if last else "2026-01-05"
        return f"{name}: {shown(value)} is not a date that exists; write a date like {example}"
    if dates.is_local(value):
        return f"{name}: {shown(value)} has no offset from UTC"
    return f"{name}: {shown(value)} is not a date"


def _wrong_form(name: str, schema: dict[str, Any], value: str) -> str:
    """The text is not what `format` or `pattern` requires."""
    form = schema.get("format")
    if form == "bp-date":
        return _no_date(name, value)
    if form is not None:
        return f"{name}: {shown(value)} is not {_FORMATS.get(form, f'of the format {safe(str(form))}')}"
    if not value.strip():
        return f"{name} must not be empty"
    pattern, described = str(schema.get("pattern")), schema.get("description")
    if described is None or len(pattern) <= _READABLE_PATTERN:
        return f"{name}: {shown(value)} does not match the pattern `{safe(pattern)}`"
    expected = safe(str(described), _MAX_DESCRIPTION)
    return f"{name}: {shown(value)} does not have the right form; expected: {expected}"


def _wrong_size(name: str, keyword: str, limit: Any, value: Any, schema: dict[str, Any]) -> str:
    """The number, text or mapping is too large or too small."""
    low, high = schema.get("minimum"), schema.get("maximum")
    if keyword in {"minimum", "maximum"} and low is not None and high is not None:
        return f"{name} must be from {bare(low)} to {bare(high)}, not {bare(value)}"
    if keyword == "minLength" and limit == 1:
        return f"{name} must not be empty"
    return f"{name} {_SIZES[keyword](limit)}, not {len(value) if isinstance(value, str | dict) else bare(value)}"


_SIZES: dict[str, Callable[[Any], str]] = {
    "minimum": lambda limit: f"must be at least {bare(limit)}",
    "maximum": lambda limit: f"must be at most {bare(limit)}",
    "exclusiveMinimum": lambda limit: f"must be more than {bare(limit)}",
    "exclusiveMaximum": lambda limit: f"must be less than {bare(limit)}",
    "multipleOf": lambda limit: f"must be a multiple of {bare(limit)}",
    "minLength": lambda limit: f"must have at least {count(limit, 'character')}",
    "maxLength": lambda limit: f"may have at most {count(limit, 'character')}",
    "minProperties": lambda limit: f"must have at least {count(limit, 'key')}",
    "maxProperties": lambda limit: f"may have at most {count(limit, 'key')}",
}


def _wrong_entries(name: str, errors: list[Any]) -> str:
    """A list's length and everything it must contain, in one sentence."""
    length = len(errors[0].instance)
    least = max((error.validator_value for error in errors if error.validator == "minItems"), default=None)
    lacking = list(dict.fromkeys(_wanted(error.schema) for error in errors if error.validator in _LACKING))
    if least is not None:
        among = f", among them {_merged(lacking)}" if lacking else f"; it has {length or 'none'}"
        return f"{name} needs at least {count(least, 'entry')}{among}"
    if any(error.validator == "minContains" for error in errors):
        return f"{name} needs {_merged(lacking)}"
    if lacking:
        return f"{name}: no entry has {', and none has '.join(lacking)}"
    error = errors[0]
    if error.validator == "maxContains":
        entry = _entry(error.schema["contains"])
        return f"{name} may have at most {count(error.validator_value, 'entry')} with {entry}"
    if error.validator == "unevaluatedItems":
        return f"{name} has {count(length, 'entry')}, more than are allowed"
    most = error.validator_value if error.validator == "maxItems" else len(error.schema.get("prefixItems", ()))
    return f"{name} may have at most {count(most, 'entry')}; it has {length}"


def _wanted(schema: dict[str, Any]) -> str:
    """The entry that `contains` requires, and how many of them where it is more than one."""
    least, entry = schema.get("minContains", 1), _entry(schema["contains"])
    return entry if least == 1 else f"{count(least, 'entry')} with {entry}"


def _entry(schema: Any) -> str:
    """What distinguishes the required entry from others: ``role champion (with relationship)``."""
    if not isinstance(schema, dict):
        return "any value"
    tags = {
        key: subschema
        for key, subschema in schema.get("properties", {}).items()
        if isinstance(subschema, dict) and ("const" in subschema or "enum" in subschema)
    }
    if not tags:
        return safe(str(schema.get("title") or schema.get("description") or "what the schema requires"))
    also = [safe(key) for key in schema.get("required", ()) if key not in tags]
    choices = {key: [tag["const"]] if "const" in tag else tag["enum"] for key, tag in tags.items()}
    entry = " and ".join(f"{safe(key)} {' or '.join(map(bare, values))}" for key, values in choices.items())
    return entry + (f" (with {', '.join(also)})" if also else "")


def _merged(entries: list[str]) -> str:
    """``role a, b`` for ``role a`` and ``role b``: the word that all begin with stands once."""
    first = entries[0].split(" ", 1)[0] + " "
    if all(entry.startswith(first) for entry in entries):
        return first + ", ".join(entry.removeprefix(first) for entry in entries)
    return ", ".join(entries)


def _allowed_keys(schema: Any) -> str:
    if isinstance(schema, dict) and isinstance(schema.get("enum"), list):
        return f"; allowed keys: {listed(schema['enum'], show=bare)}"
    if isinstance(schema, dict) and "pattern" in schema:
        return f"; a key must match the pattern `{safe(str(schema['pattern']))}`"
    return ""
