"""How messages name an item of a list and a place in a document."""

from __future__ import annotations

from typing import Any

from blueprint_cli.predicates.scope import Place, Scope
from blueprint_cli.text import quoted, safe


def label(item: Any, index: int) -> str:
    """What identifies an item for people: its id, name or title, else its position."""
    if isinstance(item, dict):
        for key in ("id", "name", "title"):
            if isinstance(item.get(key), str) and item[key]:
                return str(item[key])
    return f"number {index + 1}"


def named(scope: Scope, place: Place) -> str:
    """A place as the keys that lead to it from ``$``: ```cases[CS-1].opened_at```."""
    inside = place.asset == scope.asset and place.path[: len(scope.base)] == scope.base
    value = scope.data if inside else scope.facts.document(place.asset)[1] if place.asset else None
    name = ""
    for step in place.path[len(scope.base) :] if inside else place.path:
        value = _child(value, step)
        name += f"[{safe(label(value, step))}]" if isinstance(step, int) else f".{safe(step)}"
    return quoted(name.removeprefix(".")) if name else "the file"


def _child(value: Any, step: str | int) -> Any:
    try:
        return value[step]
    except (KeyError, IndexError, TypeError):
        return None
