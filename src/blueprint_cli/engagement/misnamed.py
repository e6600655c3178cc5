"""Blueprints under another name than the catalog's: whole engagements that would be passed over without a word."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

from blueprint_cli.engagement.near_names import is_alike, is_respelt
from blueprint_cli.files.tree import Tree
from blueprint_cli.text import normal

_BYTES = 1 << 16
"""Of a file of an unlikely name: larger ones are no blueprints."""
_NAMES_ARCHETYPE = re.compile(rb"""\barchetype["']?\s*:""")
_YAML = (".yaml", ".yml")
_LONGEST = 60
"""Characters of a file name that may be a misspelling."""
MAX_NAMES = 20_000
"""File names that are compared with those of the catalog."""


class Misnamed(NamedTuple):
    """A file that was meant as a blueprint."""

    path: str
    """From the repository root."""
    wanted: str
    """The name that it should have."""


def misnamed_blueprints(
    tree: Tree, paths: Sequence[str], names: Collection[str], inside: Callable[[str], bool], known: Collection[str]
) -> dict[str, Misnamed]:
    """By directory that has no blueprint, the file in it that was meant as one.

    ``names``: how blueprints are called; ``known``: the directories that have one; ``inside``: whether a directory is
    part of such an engagement. A name that differs in case or ends in ``.yml`` counts whatever the file holds, as the
    right name would; any other one only where the file names an archetype.
    """
    near = {name: wanted for name in _plausible(paths) if (wanted := _wanted(name, names)) is not None}
    found: dict[str, Misnamed] = {}
    possible: list[str] = []
    for path in paths if near else ():
        folder, _, name = path.rpartition("/")
        if name not in near or folder in known:
            continue
        if _is_sure(name, near[name]):
            found.setdefault(folder, Misnamed(path, near[name]))
        elif is_respelt(name, near[name]) or not inside(folder):
            possible.append(path)
    doubtful = [path for path in possible if path.rpartition("/")[0] not in found]
    for path, raw in tree.read(doubtful, _BYTES) if doubtful else ():
        folder, _, name = path.rpartition("/")
        if isinstance(raw, bytes) and _NAMES_ARCHETYPE.search(raw):
            found.setdefault(folder, Misnamed(path, near[name]))
    return found


def could_be_blueprint(name: str, names: Collection[str]) -> bool:
    """Whether a file of this name may be meant as a blueprint."""
    return len(name) <= _LONGEST and _wanted(name, names) is not None


def _plausible(paths: Iterable[str]) -> list[str]:
    """The different file names, short enough to be a misspelling."""
    names = {path.rpartition("/")[2] for path in paths}
    return sorted(name for name in names if len(name) <= _LONGEST)[:MAX_NAMES]


def _wanted(name: str, names: Collection[str]) -> str | None:
    if name in names:
        return None
    return next((wanted for wanted in sorted(names) if is_respelt(name, wanted) or is_alike(name, wanted)), None)


def _is_sure(name: str, wanted: str) -> bool:
    """Whether a name differs from that of a blueprint in case alone, or in the other ending of YAML."""
    stem, dot, ending = normal(name).casefold().rpartition(".")
    return dot + ending in _YAML and stem == wanted.casefold().rpartition(".")[0]
