"""Which file was meant by a name that is looked for and not there.

A file is *respelt* where only its spelling differs from the name: case, ``_``, ``-`` and spaces, composed letters, the
extension, the mark of a copy. That is certain enough for a gap. A file that is merely alike (edit distance, or the same
name in another directory) is only ever suggested. All of it is bounded: an engagement may hold thousands of files.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from blueprint_cli.text import MAX_COMPARISONS, likeness, normal

_YAML = (".yaml", ".yml")
_ENDINGS = (*_YAML, ".json", ".txt", ".md", ".markdown", ".bak", ".old", ".orig")
"""What editors, browsers and people put at the end of a name."""
_TEXTS = (".md", ".markdown")
_COPY = re.compile(r"^(?:copy of |kopie von )|(?:[ _-]+(?:copy|kopie)(?: ?\(?\d+\)?)?| ?\(\d+\))$")
_SEPARATORS = re.compile(r"[-_\s]+")
_CLOSE = 0.8
"""Likeness, from 0 to 1, from which on a file is suggested."""
_RESPELT, _ELSEWHERE, _ALIKE = 3.0, 2.0, 0.0
"""Ranks: only the spelling differs; only the directory, too; the likeness of the names (0 to 1) and of the place."""


@dataclass(frozen=True, slots=True)
class Near:
    """The file that was probably meant."""

    path: str
    """From the repository root."""
    respelt: bool
    """Whether nothing but the spelling differs: to rename it is enough."""


def spelling(path: str) -> str:
    """A path without what spelling may vary in: equal for paths that differ in nothing else."""
    folder, _, name = path.rpartition("/")
    bare, text = _stem(name)
    return f"{_folded(folder)}/{bare}{'.md' if text else ''}"


def is_respelt(path: str, wanted: str) -> bool:
    """Whether a path differs from the one that is looked for in spelling alone."""
    return path != wanted and spelling(path) == spelling(wanted)


def stem(name: str) -> str:
    """A file name without endings, case and separators: equal for names that differ in nothing else."""
    return _stem(name)[0]


def is_alike(name: str, wanted: str) -> bool:
    """Whether a file name may be a misspelling of another one."""
    ours, theirs = _stem(name), _stem(wanted)
    return name != wanted and ours[1] == theirs[1] and likeness(ours[0], theirs[0], _CLOSE) >= _CLOSE


def is_yaml(name: str) -> bool:
    """Whether a name ends like that of a YAML file, whatever the case and whatever was put after it."""
    return any(ending in _YAML for ending in _endings(name)[1])


def meant(absent: Sequence[str], present: Iterable[str], files: Collection[str]) -> dict[str, Near]:
    """By path of what is looked for and absent, the file that was meant by it.

    ``files``: those that nothing else is known to be. Each is offered once, for what it resembles most; one that
    resembles something ``present`` most is a version of that.
    """
    targets = [*absent, *present]
    if not absent or not files or len(targets) * len(files) > 20 * MAX_COMPARISONS:
        return {}
    stems = {path: (spelling(path), *_stem(path.rpartition("/")[2])) for path in (*targets, *files)}
    rated: dict[str, tuple[float, str]] = {}
    for file in files:
        rank, target = max((_rank(stems[file], stems[target]), target) for target in targets)
        if rank and target in absent and rank > rated.get(target, (0.0, ""))[0]:
            rated[target] = (rank, file)
    return {target: Near(file, rank == _RESPELT) for target, (rank, file) in rated.items()}


_Spelling = tuple[str, str, bool]


def _rank(file: _Spelling, target: _Spelling) -> float:
    """How much a file resembles a target; 0 where it does not."""
    if file[0] == target[0]:
        return _RESPELT
    if file[2] != target[2]:
        return 0.0
    if file[1] == target[1]:
        return _ELSEWHERE
    alike = likeness(file[1], target[1], _CLOSE)
    return alike + _same_folder(file[0], target[0]) if alike >= _CLOSE else 0.0


def _same_folder(one: str, other: str) -> float:
    return 0.5 if one.rpartition("/")[0] == other.rpartition("/")[0] else 0.0


def _stem(name: str) -> tuple[str, bool]:
    """The folded name without its endings, and whether it is that of a text (Markdown)."""
    bare, endings = _endings(name)
    return _folded(_COPY.sub("", bare)), not set(endings).isdisjoint(_TEXTS)


def _endings(name: str) -> tuple[str, list[str]]:
    """A name in lower case without its endings, and those."""
    bare, endings = normal(name).casefold().strip().rstrip("~"), []
    while ending := next((ending for ending in _ENDINGS if bare.endswith(ending)), None):
        bare = bare.removesuffix(ending).strip()
        endings.append(ending)
    return bare, endings


def _folded(text: str) -> str:
    return _SEPARATORS.sub("", normal(text).casefold())
