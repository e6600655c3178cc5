"""YAML as it is written: mappings and lists whose scalars are their own text, quotes included.

`set` and `unset` of a case change files through this. What a case sets is what then stands in the file, be it a date
that no calendar has or a number in quotes. A file that is changed so is written in block style, as the clean
engagements are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(text: str) -> Any:
    """Mappings, lists and scalars as written. Comments are lost; so is the form of a flow collection."""
    return written(yaml.compose(text, Loader=LOADER))


def written(node: yaml.Node) -> Any:
    """The data of a node, its scalars as they are written."""
    if isinstance(node, yaml.MappingNode):
        return {written(key): written(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [written(item) for item in node.value]
    text = str(node.value)
    return {'"': json.dumps(text, ensure_ascii=False), "'": f"'{text}'"}.get(node.style, text)


def write(data: Any) -> str:
    """In block style, a scalar a line."""
    return "".join(f"{line}\n" for line in _lines(data, ""))


def _lines(data: Any, indent: str) -> list[str]:
    items = [(f"{key}:", v) for key, v in data.items()] if isinstance(data, Mapping) else [("-", v) for v in data]
    lines: list[str] = []
    for lead, value in items:
        if isinstance(value, str) or not value:
            text = value if isinstance(value, str) else "[]" if isinstance(value, list) else "{}"
            lines.append(f"{indent}{lead} {text}".rstrip())
        elif lead == "-" and isinstance(value, Mapping):
            first, *others = _lines(value, indent + "  ")
            lines += [f"{indent}- {first.lstrip()}", *others]
        else:
            lines += [f"{indent}{lead}", *_lines(value, indent + "  ")]
    return lines


def put(data: Any, path: str, value: Any) -> None:
    """Set the value at a path such as ``stakeholders.0.role`` or ``touchpoints.TP-004.type``.

    A step into a list is the `id` of an item or a position; the position after the last one adds an item.
    """
    place, last = _place(data, path)
    if not isinstance(place, list):
        place[last] = value
    elif (position := _position(place, last)) == len(place):
        place.append(value)
    else:
        place[position] = value


def cut(data: Any, path: str) -> None:
    """Remove what stands at a path, or the items of a list from one to another: ``touchpoints.TP-002..TP-009``."""
    path, _, to = path.partition("..")
    place, last = _place(data, path)
    if isinstance(place, list):
        del place[_position(place, last) : _position(place, to or last) + 1]
    else:
        del place[last]


def _place(data: Any, path: str) -> tuple[Any, str]:
    *steps, last = path.split(".")
    for step in steps:
        data = data[_position(data, step) if isinstance(data, list) else step]
    return data, last


def _position(items: list[Any], step: str) -> int:
    named = [index for index, item in enumerate(items) if isinstance(item, dict) and item.get("id") == step]
    return named[0] if named else int(step)
