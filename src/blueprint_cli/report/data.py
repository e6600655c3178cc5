"""Reports as plain data and back, field by field as ``model`` describes them; and their texts, by kind.

The order of the keys is that of the fields, and part of the format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from enum import Enum
from functools import partial
from typing import Any, TypeVar

from blueprint_cli.model import Value
from blueprint_cli.model.fields import Text
from blueprint_cli.report.fields import fields, holding

_V = TypeVar("_V", bound=Value)


def to_data(value: Value) -> dict[str, Any]:
    """A report, or a part of one, as plain data."""
    data: dict[str, Any] = {}
    for field in fields(type(value)):
        held = getattr(value, field.name)
        if not field.written or (held is None and field.omitted):
            continue
        if field.described:
            held = field.each(held, to_data)
        if field.merged:
            data.update(held)
        else:
            data[field.key] = list(held) if field.many else held
    return data


def from_data(described: type[_V], data: Mapping[str, Any], **others: Any) -> _V:
    """What such data was made of. ``others``: fields that are not written. Unknown keys are ignored."""
    for field in fields(described):
        if not field.given or not field.written:
            continue
        held: Any = data.get(field.key)
        if field.merged:
            known = {other.key for other in fields(described)}
            held = {key: data[key] for key in data if key not in known and not key.startswith("x-")}
        if field.described:
            held = field.each(held, partial(from_data, field.type))
        elif issubclass(field.type, Enum):
            held = field.each(held, field.type)
        if field.keys:
            held = {field.keys(key): value for key, value in held.items()}
        others[field.name] = tuple(held) if field.many else held
    return described(**others)


def texts(value: Value, kinds: frozenset[Text]) -> Iterator[str]:
    """Every text of these kinds in a value."""
    for field in holding(type(value), kinds):
        for held in field.values(getattr(value, field.name)):
            if field.described:
                yield from texts(held, kinds)
            else:
                yield held


def mapped(value: _V, change: Mapping[Text, Callable[[str], str]]) -> _V:
    """The value with every text changed for whose kind there is a change; the same one where none differs."""
    return _mapped(value, change, frozenset(change))


def _mapped(value: _V, change: Mapping[Text, Callable[[str], str]], kinds: frozenset[Text]) -> _V:
    changed = {}
    for field in holding(type(value), kinds):
        held = getattr(value, field.name)
        if field.kind is not None:
            now = field.each(held, change[field.kind])
        else:
            now = field.each(held, lambda inner: _mapped(inner, change, kinds))
        if now is not held:
            changed[field.name] = now
    return replace(value, **changed) if changed else value
