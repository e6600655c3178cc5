"""One case of each layer: valid files, some mutations, and the invariants that must hold."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random

from . import claims, command
from .damage import damaged
from .extremes import SIGNS
from .portfolio import CONFIG, Files, policy, realms, tracks


@cache
def _every_file() -> list[bytes]:
    """All valid files, the small ones first: they are read a hundred times as fast."""
    contents = {raw for files in (*tracks().values(), realms(), policy()) for raw in files.values()}
    return sorted({*contents, CONFIG}, key=lambda raw: (len(raw), raw))


def _any_file(dice: Random) -> bytes:
    files = _every_file()
    return files[int(len(files) * dice.random() ** 2)]


def reader(dice: Random) -> None:
    """Bytes to a document: noise, a few characters, or a mutated file."""
    what = dice.random()
    if what < 0.05:
        raw = dice.randbytes(dice.randrange(60))
    elif what < 0.45:
        raw = "".join(
            dice.choice(SIGNS) if dice.random() < 0.7 else dice.choice("ab1") for _ in range(dice.randrange(16))
        ).encode()
    elif what < 0.65:
        raw = damaged(b"a: 1\nb: [x, {c: 2026-03-02}]\nd:\n  - e: |\n      text\n    f: 'it''s'\n", dice)
    else:
        raw = damaged(_any_file(dice), dice, [_any_file(dice)])
    claims.reader(raw)


def _broken(files: Files, dice: Random, most: int = 3) -> dict[str, bytes]:
    """A portfolio with some mutated files; one may be removed, one added; blueprints are preferred."""
    broken, paths = dict(files), [path for path in sorted(files) if path[0].isupper()]
    blueprints = [path for path in paths if path.endswith("blueprint.yaml")]
    for _ in range(dice.randint(1, most)):
        path = dice.choice(blueprints if blueprints and dice.random() < 0.3 else paths)
        if dice.random() < 0.08:
            broken.pop(path, None)
        elif path in broken:
            broken[path] = damaged(broken[path], dice, [broken.get(dice.choice(paths), b"")])
    if dice.random() < 0.05:
        broken[f"{paths[0].rpartition('/')[0]}/{dice.choice(_NAMES)}"] = _any_file(dice)
    return broken


_NAMES = ["gap_report.yaml", "notes.yaml", "a\nb.yaml", "\u202ecod.yaml", "\udcff.yaml", "x" * 200, "bp.yaml"]


def _portfolio(dice: Random) -> Files:
    return realms() if dice.random() < 0.1 else tracks()[dice.choice(sorted(tracks()))]


def node(dice: Random) -> None:
    """A mutated portfolio, from bytes to every format."""
    claims.node(_broken(_portfolio(dice), dice))


def change(dice: Random) -> None:
    """A mutation of a portfolio that may be mutated already."""
    files = _portfolio(dice)
    base = _broken(files, dice) if dice.random() < 0.4 else dict(files)
    claims.change(base, _broken(base or files, dice) if base else dict(files))


def lint(dice: Random) -> None:
    """The same files to `bp lint`."""
    claims.lint(_broken(_portfolio(dice), dice))


def config(dice: Random) -> None:
    """A mutated bp.yaml over a valid portfolio."""
    files = {**tracks()["poc"], "bp.yaml": damaged(CONFIG, dice)}
    claims.settings(files, "bp.yaml")


_OF_POLICY = ("archetype", "reference_blueprint", "track", "predicate", "blueprint")
"""The schemas of policy files: a repository may bring its own copies."""


def rules(dice: Random) -> None:
    """A repository with policy of its own, one file of which is mutated."""
    if dice.random() < 0.2:
        own, files = {p: raw for p, raw in realms().items() if not p[0].isupper()}, realms()
    else:
        own, files = dict(policy()), tracks()["premium"]
    path = dice.choice(sorted(own))
    if path.startswith("schemas/") or dice.random() < 0.5:
        own = {name: raw for name, raw in own.items() if name.split("/")[0] == path.split("/")[0]}
    own[path] = damaged(own[path], dice, [own[dice.choice(sorted(own))]])
    if dice.random() < 0.2:
        own |= dict.fromkeys((f"schemas/{name}.schema.json" for name in _OF_POLICY), b'{"type": "object"}')
    claims.settings({**files, **own}, "")


def arguments(dice: Random) -> None:
    """A random command line, in a directory of its own."""
    command.run(command.words(dice), dice)


LAYERS: dict[str, Callable[[Random], None]] = {
    layer.__name__: layer for layer in (reader, node, change, lint, config, rules, arguments)
}
"""By name, from the bytes up."""
