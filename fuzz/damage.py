"""Mutations of a valid file: of its content, of how it is written, and of its bytes.

``damaged`` is the one mutator. A ``Random`` drives it, so that a number, or hypothesis, decides what happens.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from blueprint_cli.yamlfile import read

from .extremes import BYTES, DATES, SCALARS, SIGNS, TEXTS, Raw


def damaged(raw: bytes, dice: Random, others: Sequence[bytes] = ()) -> bytes:
    """A valid file after one to four mutations. ``others``: files of which a piece may be inserted."""
    kind = dice.randrange(4)
    data = _parsed(raw) if kind < 3 else None
    if isinstance(data, dict):
        data = copy.deepcopy(data)
        for change in dice.sample(OF_DATA, dice.randint(1, 3)):
            change(data, dice)
        flow = raw.startswith(b"{") or dice.random() < 0.15
        raw = written(data, flow=flow).encode("utf-8", "replace")
        if kind < 2:
            return raw
    for _ in range(dice.randint(1, 3)):
        raw = dice.choice(OF_TEXT)(raw, dice, others or (raw,))
    return raw


@lru_cache(maxsize=4096)
def _parsed(raw: bytes) -> Any:
    return read(raw).data


# Content --------------------------------------------------------------------------------------------

Holder = dict[str, Any] | list[Any]


def _places(data: Any) -> list[tuple[Any, Any]]:
    """Every value by its container and its key or index there."""
    found: list[tuple[Any, Any]] = []
    waiting: list[Any] = [data]
    for holder in waiting:
        steps = list(holder) if isinstance(holder, dict) else range(len(holder))
        found += [(holder, step) for step in steps]
        waiting += [holder[step] for step in steps if isinstance(holder[step], dict | list)]
    return found


def _replace(data: Any, dice: Random) -> None:
    if places := _places(data):
        holder, step = dice.choice(places)
        holder[step] = copy.deepcopy(dice.choice(SCALARS)) if dice.random() < 0.6 else dice.choice(TEXTS)


def _redate(data: Any, dice: Random) -> None:
    """A date moves by days, to a boundary, or out of the calendar."""
    places = [(h, s) for h, s in _places(data) if isinstance(h[s], str) and re.match(r"\d{4}-\d\d-\d\d", h[s])]
    if places:
        holder, step = dice.choice(places)
        if dice.random() < 0.5:
            holder[step] = Raw(dice.choice(DATES).strip() or "~")
        else:
            moved = date(2026, 3, 2) + timedelta(
                days=dice.choice((-400, -91, -31, -30, -8, -7, -1, 0, 1, 7, 365, 90_000))
            )
            holder[step] = moved.isoformat()


def _remove(data: Any, dice: Random) -> None:
    if places := _places(data):
        holder, step = dice.choice(places)
        del holder[step]


def _rename(data: Any, dice: Random) -> None:
    places = [(h, s) for h, s in _places(data) if isinstance(h, dict)]
    if places:
        holder, step = dice.choice(places)
        name = dice.choice(
            [step.upper(), step[:-1], f"{step}s", f" {step}", f"{step}:", *TEXTS, Raw("1"), Raw("? [a]"), Raw("!x k")]
        )
        items = [(name if key == step else key, value) for key, value in holder.items()]
        holder.clear()
        holder.update(items)


def _transplant(data: Any, dice: Random) -> None:
    """A value, or all of a collection, replaces another one."""
    if places := _places(data):
        (source, at), (holder, step) = dice.choice(places), dice.choice(places)
        holder[step] = copy.deepcopy(source[at])


def _multiply(data: Any, dice: Random) -> None:
    lists = [h[s] for h, s in _places(data) if isinstance(h[s], list) and h[s]]
    if lists:
        items = dice.choice(lists)
        items += [copy.deepcopy(dice.choice(items)) for _ in range(dice.choice((1, 1, 2, 5, 120)))]


def _reorder(data: Any, dice: Random) -> None:
    if places := [(h, s) for h, s in _places(data) if isinstance(h[s], list | dict) and h[s]]:
        holder, step = dice.choice(places)
        value = holder[step]
        items = list(value.items()) if isinstance(value, dict) else list(value)
        dice.shuffle(items)
        holder[step] = dict(items) if isinstance(value, dict) else items


def _wrap(data: Any, dice: Random) -> None:
    """A value is nested: in a list, a mapping, or many of them."""
    if places := _places(data):
        holder, step = dice.choice(places)
        for _ in range(dice.choice((1, 1, 2, 30, 61, 64, 70))):
            holder[step] = [holder[step]] if dice.random() < 0.5 else {"a": holder[step]}


def _unwrap(data: Any, dice: Random) -> None:
    if places := [(h, s) for h, s in _places(data) if isinstance(h[s], list | dict) and h[s]]:
        holder, step = dice.choice(places)
        value = holder[step]
        holder[step] = next(iter(value.values())) if isinstance(value, dict) else value[0]


def _add(data: Any, dice: Random) -> None:
    holders = [data, *(h[s] for h, s in _places(data) if isinstance(h[s], dict))]
    name = dice.choice(["extra", "id", "status", "last_updated", "x-note", *TEXTS])
    dice.choice(holders)[name] = copy.deepcopy(dice.choice(SCALARS))


# None is done twice to one file, that what is wrapped and transplanted can still be written.
OF_DATA: list[Callable[[Any, Random], None]] = [
    *(_replace, _replace, _redate, _redate, _remove, _remove, _rename, _transplant, _multiply, _reorder),
    *(_wrap, _unwrap, _add),
]  # fmt: skip


def written(data: Any, *, flow: bool = False) -> str:
    """Data as YAML in block style, or in one line that is JSON as well; what is ``Raw`` unchanged."""
    if flow:
        return f"{_flow(data)}\n"
    lines: list[str] = []
    _block(data, "", lines)
    return "\n".join(lines) + "\n"


def _block(value: Any, indent: str, lines: list[str]) -> None:
    items = value.items() if isinstance(value, dict) else ((None, item) for item in value)
    for key, item in items:
        lead = f"{indent}-" if key is None else f"{indent}{_scalar(key)}:"
        if isinstance(item, dict | list) and item:
            lines.append(lead)
            _block(item, indent + "  ", lines)
        else:
            lines.append(f"{lead} {_scalar(item) if isinstance(item, str) else _flow(item)}")


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_quoted(key)}: {_flow(item)}' for key, item in value.items())}}}"
    return f"[{', '.join(map(_flow, value))}]" if isinstance(value, list) else _quoted(value)


def _scalar(value: str) -> str:
    return value if re.fullmatch(r"\d{4}-\d\d-\d\d|[a-z][a-z_]{2,}", value) else _quoted(value)


def _quoted(value: Any) -> str:
    return str(value) if isinstance(value, Raw) else json.dumps(value, ensure_ascii=False)


# How it is written, and its bytes -------------------------------------------------------------------

Text = Callable[[bytes, Random, Sequence[bytes]], bytes]


def _spot(raw: bytes, dice: Random) -> int:
    return dice.randint(0, len(raw))


def _insert(raw: bytes, dice: Random, _: Sequence[bytes]) -> bytes:
    at, sign = _spot(raw, dice), dice.choice(BYTES) if dice.random() < 0.15 else dice.choice(SIGNS).encode()
    return raw[:at] + sign + raw[at:]


def _cut(raw: bytes, dice: Random, _: Sequence[bytes]) -> bytes:
    at = _spot(raw, dice)
    return raw[:at] + raw[at + dice.choice((1, 2, 7, 40, len(raw))) :]


def _flip(raw: bytes, dice: Random, _: Sequence[bytes]) -> bytes:
    if not raw:
        return b"\xff"
    at = dice.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ 1 << dice.randrange(8)]) + raw[at + 1 :]


def _splice(raw: bytes, dice: Random, others: Sequence[bytes]) -> bytes:
    other, at = dice.choice(others), _spot(raw, dice)
    start = _spot(other, dice)
    return raw[:at] + other[start : start + dice.choice((5, 50, 500))] + raw[at:]


def _lines(raw: bytes, dice: Random, _: Sequence[bytes]) -> bytes:
    lines = raw.splitlines(keepends=True) or [b"\n"]
    one, two = dice.randrange(len(lines)), dice.randrange(len(lines))
    what = dice.randrange(4)
    if what == 0:
        lines[one], lines[two] = lines[two], lines[one]
    elif what == 1:
        lines.insert(two, lines[one])
    elif what == 2:
        lines[one] = dice.choice((b" ", b"  ", b"\t", b"- ", b"# ", b"? ")) + lines[one]
    else:
        lines[one:two] = dice.sample(lines[one:two], max(0, two - one))
    return b"".join(lines)


def _breaks(raw: bytes, dice: Random, _: Sequence[bytes]) -> bytes:
    return raw.replace(b"\n", dice.choice((b"\r\n", b"\r", b"\n\n", b"\n\t", b"\xe2\x80\xa8", b"\xc2\x85")))


def _encoded(raw: bytes, dice: Random, _: Sequence[bytes]) -> bytes:
    name = dice.choice(("utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1", "utf-7"))
    return raw.decode("utf-8", "replace").encode(name, "replace")


def _value(raw: bytes, dice: Random, put: str) -> bytes:
    """``put`` in the place of what follows one of the colons."""
    colons = [match.end() for match in re.finditer(rb": ", raw)]
    at = dice.choice(colons) if colons else len(raw)
    end = raw.find(b"\n", at)
    return raw[:at] + put.encode("utf-8", "replace") + (raw[end:] if end >= 0 else b"\n")


def _repeat(raw: bytes, dice: Random, _: Sequence[bytes]) -> bytes:
    """Anchors and aliases: one, a cycle, a bomb, a merge of keys."""
    what = dice.randrange(5)
    if what == 0:
        return _value(_value(raw, dice, "&a 1"), dice, "*a")
    if what == 1:
        return _value(raw, dice, "&a [*a]")
    if what == 2:
        return b"base: &b {status: active, id: X}\n" + _value(raw, dice, "{<<: *b}")
    width, height = dice.choice(((2, 4), (10, 3), (10, 9), (3, 40)))
    names = [
        f"a{level}: &a{level} [{', '.join([f'*a{level - 1}' if level else 'x'] * width)}]" for level in range(height)
    ]
    return "\n".join([*names, ""]).encode() + _value(raw, dice, f"*a{height - 1}")


def _deep(raw: bytes, dice: Random, _: Sequence[bytes]) -> bytes:
    depth = dice.choice((10, 62, 63, 64, 65, 130, 1000, 20_000))
    opening, closing = dice.choice((("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", ""), ("{[", ""), ("[[], ", "]")))
    return _value(raw, dice, opening * depth + "x" + closing * depth)


def _long(raw: bytes, dice: Random, _: Sequence[bytes]) -> bytes:
    piece = dice.choice(
        ("x", "é", "[],", "{},", "a: 1\n", "- ", "'", "\\", "#", ":", "\n", "&a ", "!!", "9", "a b ", "\t")
    )
    return _value(raw, dice, piece * dice.choice((100, 1_000, 3_000)))


def _documents(raw: bytes, dice: Random, others: Sequence[bytes]) -> bytes:
    return raw + dice.choice((b"---\n", b"...\n---\n", b"...\n", b"--- |\n")) + dice.choice((b"", dice.choice(others)))


def _conflict(raw: bytes, dice: Random, others: Sequence[bytes]) -> bytes:
    at, other = _spot(raw, dice), dice.choice(others)[:200]
    return raw[:at] + b"\n<<<<<<< HEAD\n" + raw[at : at + 100] + b"=======\n" + other + b"\n>>>>>>> theirs\n" + raw[at:]


OF_TEXT: list[Text] = [
    *(_insert, _insert, _insert, _cut, _cut, _flip, _flip, _splice, _lines, _lines, _breaks, _encoded, _repeat, _deep),
    *(_long, _documents, _conflict),
]
