"""All errors about one value, in one sentence: the one that says most, or several merged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from blueprint_cli.schema import lists, words
from blueprint_cli.schema.words import Guesses, safe, show

_WEIGHT = ("type", "const", "enum", "format", "pattern")
"""A value of the wrong type has no other fault worth telling."""


def sentence(name: str, errors: Sequence[Any], guesses: Guesses) -> str:
    """What is wrong with the value called ``name``."""
    first = min(errors, key=lambda error: _WEIGHT.index(error.validator) if error.validator in _WEIGHT else 9)
    keyword, value, schema = first.validator, first.instance, first.schema
    if keyword == "type":
        expected = first.validator_value
        return words.wrong_type(name, expected if isinstance(expected, list) else [expected], value)
    if keyword == "const":
        return words.wrong_choice(name, [first.validator_value], value, guesses)
    if keyword == "enum":
        return words.wrong_choice(name, list(first.validator_value), value, guesses)
    if keyword in {"format", "pattern"}:
        return words.wrong_format(name, schema, value)
    entries = [error for error in errors if error.validator in lists.KEYWORDS]
    if entries:
        return lists.wrong_list(name, entries)
    if keyword in words.SIZES:
        return words.wrong_size(name, keyword, first.validator_value, value, schema)
    if keyword == "uniqueItems":
        return f"{name} has the same entry twice: {show(first.validator_value)}"
    if keyword == "propertyNames":
        return f"{name} is not a possible key here" + _key_hint(first.validator_value)
    if keyword == "oneOf":
        return f"{name} fits several descriptions that exclude each other"
    if keyword is None or first.validator_value == {}:
        return f"{name} is not allowed here"
    title = schema.get("title") if isinstance(schema, dict) else None
    return f"{name} is not allowed as it is" + (f": {safe(str(title))}" if title else "")


def _key_hint(schema: Any) -> str:
    if isinstance(schema, dict):
        if isinstance(schema.get("enum"), list):
            return f"; possible keys: {words.listed(safe(str(key)) for key in schema['enum'])}"
        if "pattern" in schema:
            return f"; a key must have the form `{safe(str(schema['pattern']))}`"
    return ""
