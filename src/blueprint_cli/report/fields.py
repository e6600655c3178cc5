"""The fields of the values that reports are made of, as their classes in ``model`` describe them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from operator import is_
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from blueprint_cli.model import Value
from blueprint_cli.model.fields import Limits, Text


@dataclass(frozen=True, slots=True)
class Field:
    """One field. It holds one value, a row of them or a mapping to them, or None."""

    name: str
    given: bool  # whether it is an argument of its class; else the class derives it from the others
    key: str  # its name in the file
    type: type[Any]  # of its values: a described class, an enumeration, or a type of JSON
    described: bool  # whether its values have fields of their own
    kind: Text | None = None
    limits: Limits | None = None
    optional: bool = False
    many: bool = False
    keys: Callable[[str], Any] | None = None  # the type of the keys of a mapping
    written: bool = True
    omitted: bool = False  # whether its key is left out where it is None
    merged: bool = False  # whether the keys of its mapping stand beside those of the other fields

    def values(self, held: Any) -> Iterable[Any]:
        """The values in what it holds."""
        if held is None:
            return ()
        return held if self.many else held.values() if self.keys else (held,)

    def each(self, held: Any, change: Callable[[Any], Any]) -> Any:
        """What it holds, with every value changed."""
        if held is None:
            return None
        if self.many:
            values = [change(value) for value in held]
            return held if all(map(is_, values, held)) else tuple(values)
        if self.keys:
            return {key: change(value) for key, value in held.items()}
        return change(held)


def _fields(described: type[Any]) -> tuple[Field, ...]:
    hints = get_type_hints(described, include_extras=True)
    return tuple(
        Field(field.name, field.init, **{"key": field.name, **_facts(hints[field.name]), **field.metadata})
        for field in dataclasses.fields(described)
    )


def _facts(hint: Any) -> dict[str, Any]:
    """What a type says, as arguments of ``Field``."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _facts(inner[0]) | {"optional": True}
    if origin is Annotated:
        facts = {("kind" if isinstance(fact, Text) else "limits"): fact for fact in inner[1:]}
        return _facts(inner[0]) | facts
    if origin is tuple:
        return _facts(inner[0]) | {"many": True}
    if origin is Mapping:
        return _facts(inner[1]) | {"keys": inner[0]}
    return {"type": hint, "described": issubclass(hint, Value)}


fields: Callable[[type[Any]], tuple[Field, ...]] = cache(_fields)  # type: ignore[assignment]  # mypy: a class is hashable
"""The fields of a described class, in order."""


def _holding(described: type[Any], kinds: frozenset[Text]) -> tuple[Field, ...]:
    return tuple(
        field
        for field in fields(described)
        if field.given and (field.kind in kinds or (field.described and holding(field.type, kinds)))
    )


holding: Callable[[type[Any], frozenset[Text]], tuple[Field, ...]] = cache(_holding)  # type: ignore[assignment]  # the same
"""The fields of a described class in which a text of these kinds may stand, in other values too."""
