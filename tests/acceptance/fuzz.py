"""Random damage: whatever stands in the files, the scan ends, and every node is in its output."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from .kit import Case
from .nodes import AS_OF, TRACKS, Node, Raw, full

VALUES: list[Any] = [
    None,
    True,
    -1,
    10**30,
    1.5e300,
    "",
    " ",
    "\u0000",
    "\u202e",
    "🙂",
    "x" * 5000,
    [],
    {},
    [[]],
    [None],
    {"": ""},
    {"id": None},
    Raw("2026-02-30"),
    Raw("2026-03-02T24:00:00Z"),
    Raw("0000-00-00"),
    Raw("9999-12-31"),
    Raw("0001-01-01T00:00:00+14:00"),
    Raw("9999-12-31T23:59:59-14:00"),
    Raw("0o17"),
    Raw(".inf"),
    Raw("!!int x"),
    Raw("*x"),
    Raw("&x y"),
    Raw("|"),
    Raw("<<"),
    Raw("::"),
    Raw("yes"),
]
BYTES = [
    b"\x00",
    b"\xff",
    b"\t",
    b"\r",
    b"\xe2\x80\xa8",
    b"- ",
    b": ",
    b"{",
    b"]",
    b'"',
    b"#",
    b"---\n",
    b"...\n",
    b"\n\n",
]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    children: Any = ()
    if isinstance(value, dict):
        children = value.items()
    elif isinstance(value, list):
        children = enumerate(value)
    for key, item in children:
        found += places(item, (*path, key))
    return found


def damage_value(node: Node, dice: random.Random) -> None:
    name = dice.choice(["blueprint.yaml", *node.a])
    path = dice.choice(places(node.get(name)))
    if dice.random() < 0.3:
        node.unset(name, *path)
    else:
        node.set(name, *path, dice.choice(VALUES))


def damage_text(node: Node, dice: random.Random) -> None:
    name = dice.choice(["blueprint.yaml", *node.a])
    data = node.rendered(name)[0].encode()
    spot = dice.randrange(len(data))
    kind = dice.randrange(4)
    if kind == 0:
        data = data[:spot] + dice.choice(BYTES) + data[spot:]
    elif kind == 1:
        data = data[:spot] + data[spot + dice.randrange(1, 40) :]
    elif kind == 2:
        lines = data.splitlines(keepends=True)
        one, two = dice.randrange(len(lines)), dice.randrange(len(lines))
        lines[one], lines[two] = lines[two], lines[one]
        data = b"".join(lines)
    else:
        data = data[:spot]
    node.raw(name, data)


def damaged(count: int, seed: int = 0) -> list[Case]:
    cases = []
    for number in range(count):
        dice = random.Random(f"{seed}/{number}")  # noqa: S311 - reproducible damage
        track = dice.choice(TRACKS)
        node = full(track)
        change: Callable[[Node, random.Random], None] = dice.choice((damage_value, damage_value, damage_text))
        for _ in range(dice.randrange(1, 4)):
            change(node, dice)
        cases.append(Case(f"F{seed}_{number}", node, [[]], {}, AS_OF.isoformat(), judge_gaps=False, realm=f"T_{track}"))
    return cases
