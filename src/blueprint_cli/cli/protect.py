"""What an output must not replace: the files that the run reads, and whatever people keep."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from blueprint_cli import config, gitrepo
from blueprint_cli.errors import BpError
from blueprint_cli.policy.layers import FOLDERS
from blueprint_cli.policy.load import packaged_policy
from blueprint_cli.render.earlier import HEAD, TAIL, is_output

_HINT = "Name another file; `bp` replaces only what it wrote itself."


def refuse(target: str, inputs: Iterable[str]) -> None:
    """Raises BpError where an output to ``target`` would replace one of the ``inputs``, a file that Git keeps, or a
    file of an engagement or of the policy. What an earlier run wrote there may be replaced."""
    for name in inputs:
        if _same(target, name):
            raise BpError(f"{target} is read by this run: it is not overwritten", "Name another file.")
    if not os.path.isfile(target) or _is_earlier(target):
        return
    path = Path(os.path.realpath(target))
    if _is_of_engagement(path):
        raise BpError(f"{target} belongs to an engagement: it is not overwritten", _HINT)
    if _is_policy(path):
        raise BpError(f"{target} belongs to the policy: it is not overwritten", _HINT)
    if gitrepo.is_tracked(str(path)):
        raise BpError(f"{target} is tracked by Git and not an output of bp: it is not overwritten", _HINT)


def _same(target: str, other: str) -> bool:
    try:
        return Path(target).samefile(other)
    except (OSError, ValueError):
        return False


def _is_earlier(target: str) -> bool:
    """Whether an earlier run wrote the file. One that cannot be read is not known to be that."""
    try:
        with Path(target).open("rb") as file:
            head = file.read(HEAD)
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - TAIL))
            return is_output(head, file.read(TAIL))
    except OSError:
        return False


def _is_of_engagement(path: Path) -> bool:
    names = packaged_policy().catalog.blueprint_paths
    return any(os.path.isfile(folder / name) for folder in path.parents for name in names)


def _is_policy(path: Path) -> bool:
    """Whether it is a configuration, or lies where a repository usually has its catalog."""
    here = Path(os.path.realpath("."))
    first = path.relative_to(here).parts[0] if path.is_relative_to(here) else ""
    return path.name == config.FILE or f"{first}/" in FOLDERS
