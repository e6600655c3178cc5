"""The layers that a repository adds to the packaged catalog, from the directories that its configuration names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate
from pathlib import Path

from blueprint_cli.errors import BpError, PolicyError
from blueprint_cli.files.partial import below
from blueprint_cli.files.tree import Kind, Tree, Unreadable
from blueprint_cli.policy.layers import FOLDERS, Layer, is_packaged
from blueprint_cli.text import Suggestions, safe

_BYTES = 1_048_576  # of one file


def layers(tree: Tree, root: str, folders: Sequence[str], where: str) -> list[Layer]:
    """What the directories of a tree add, in order. ``root``: where the tree lies on the disk; ``where``: where the
    directories are named.

    Raises PolicyError for a directory without policy. Only the root ("") may have none: nobody needs to name it.
    """
    own = {folder: _layer(tree, folder) for folder in folders if not is_packaged(Path(root, folder))}
    absent = [folder for folder, layer in own.items() if folder and not layer.files]
    if absent:
        raise PolicyError("the catalog is not there:", [f"{where}: {_absent(tree, folder)}" for folder in absent])
    return [layer for layer in own.values() if layer.files]


def _layer(tree: Tree, folder: str) -> Layer:
    prefix = f"{folder}/" if folder else ""
    files: dict[str, Callable[[], bytes]] = {
        path.removeprefix(prefix): partial(_read, tree, path)
        for path in below(tree.entries(), *(prefix + name.rstrip("/") for name in FOLDERS))
        if path.endswith((".yaml", ".json"))
    }
    return Layer(prefix, files)


def _read(tree: Tree, path: str) -> bytes:
    _, raw = next(iter(tree.read([path], _BYTES)))
    if isinstance(raw, Unreadable):
        raise BpError(f"{path} {raw.message}")
    return raw


def _absent(tree: Tree, folder: str) -> str:
    """What is wrong with a directory that has no policy, and what to write instead."""
    name, entries = f"`{safe(folder)}`", tree.entries()
    why = f"{name} has no policy"
    if folder.split("/")[0] == "..":
        why = f"{name} is outside the repository"
    elif any(entries.get(path) is Kind.SYMLINK for path in accumulate(folder.split("/"), "{}/{}".format)):
        why = f"{name} is a link, and links are not followed"
    starts = ((path, f"/{path}".find(f"/{part}") - 1) for path in entries for part in FOLDERS)
    others = {path[:end] for path, end in starts if end > 0}
    hint = Suggestions().hint(folder, sorted(others))
    return f"{why}; name a directory that contains {', '.join(FOLDERS[:-1])} or {FOLDERS[-1]}{hint}"
