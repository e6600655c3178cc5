"""The repository of a case: a clean engagement, changed as the case requires."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.cases import written
from tests.support.cases.table import AS_OF, HOME, Case
from tests.support.repository import commit_all

BASES = HOME / "_bases"
_DATE = re.compile(rb"\d{4}-\d\d-\d\d")


def node_of(case: Case) -> str:
    """REALM/NODE."""
    return str(case.situation.get("node", clean_node(case.base)))


@cache
def clean_node(base: str) -> str:
    """REALM/NODE of a clean engagement."""
    (blueprint,) = (BASES / base).glob("*/*/blueprint.yaml")
    return str(blueprint.parent.relative_to(BASES / base))


@cache
def clean_files(base: str, day: str = AS_OF) -> Mapping[str, bytes]:
    """The files of a clean engagement, by path below it. On another day than its own all of its dates move along."""
    home = BASES / base / clean_node(base)
    files = {str(file.relative_to(home)): file.read_bytes() for file in sorted(home.rglob("*")) if file.is_file()}
    later = date.fromisoformat(day) - date.fromisoformat(AS_OF)
    return {path: _DATE.sub(lambda found: _moved(found[0], later), raw) for path, raw in files.items()}


def _moved(day: bytes, later: timedelta) -> bytes:
    return (date.fromisoformat(day.decode()) + later).isoformat().encode()


def build(case: Case, root: Path) -> None:
    """Write the repository of a case into a directory."""
    situation = case.situation
    if "changed_on" in situation:
        Checkout(root).hold(_below(node_of(case), clean_files(case.base, case.clean_on)))
        commit_all(root, situation["committed_on"])
    Checkout(root).hold(repository(case))
    for path, to in situation.get("links", {}).items():
        link = root / node_of(case) / path
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(to)
    if day := situation.get("changed_on") or situation.get("committed_on"):
        commit_all(root, day)


class Checkout:
    """A directory that holds the files of one repository after the other: of two cases most files are the same."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._held: Mapping[str, bytes] = {}

    def hold(self, files: Mapping[str, bytes]) -> None:
        """Write what is new or different, and remove what is not there any more, with directories that become empty."""
        for path in self._held.keys() - files.keys():
            gone = self.root / path
            gone.unlink()
            while gone.parent != self.root and not any(gone.parent.iterdir()):
                gone = gone.parent
                gone.rmdir()
        for path, content in files.items():
            if self._held.get(path) != content:
                file = self.root / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
        self._held = files


def repository(case: Case) -> dict[str, bytes]:
    """The files of the repository, by path from its root."""
    situation = case.situation
    files = _below(node_of(case), files_of(case))
    files |= {path: text.encode() for path, text in situation.get("repository", {}).items()}
    return files | ({"bp.yaml": situation["config"].encode()} if "config" in situation else {})


def _below(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{folder}/{path}": content for path, content in files.items()}


def files_of(case: Case) -> dict[str, bytes]:
    """The files of the engagement, by path below it."""
    situation = case.situation
    added = {
        path: text if isinstance(text, bytes) else text.encode() for path, text in situation.get("files", {}).items()
    }
    files = {**clean_files(case.base, case.clean_on), **added}
    changes: dict[str, list[tuple[str, Any]]] = {}
    for where, value in situation.get("set", {}).items():
        name, _, path = where.partition(".")
        changes.setdefault(_path(case.base, name), []).append((path, value))
    for where in situation.get("unset", ()):
        name, _, path = where.partition(".")
        changes.setdefault(_path(case.base, name), []).append((path, None))
    for path, listed in changes.items():
        files[path] = _changed(files[path], listed)
    for name, edits in situation.get("edits", {}).items():
        path = _path(case.base, name)
        files[path] = _edited(f"{case.name}: {path}", files[path].decode(), edits).encode()
    for name in situation.get("remove", ()):
        del files[_path(case.base, name)]
    return _moved_to(files, {_path(case.base, name): to for name, to in situation.get("move", {}).items()})


def _moved_to(files: Mapping[str, bytes], moves: Mapping[str, str]) -> dict[str, bytes]:
    """Files and whole directories in other places. A move of a file counts more than one of its directory."""

    def place(path: str) -> str:
        folder = next((f"{folder}/" for folder in moves if path.startswith(f"{folder}/")), "")
        return moves.get(path) or (f"{moves[folder[:-1]]}/{path.removeprefix(folder)}" if folder else path)

    return {place(path): content for path, content in files.items()}


def _path(base: str, name: str) -> str:
    """The path of a file, which one of the clean engagement may be named without: ``touchpoint_log``."""
    return _named(base).get(name, name)


@cache
def _named(base: str) -> Mapping[str, str]:
    return {Path(path).stem: path for path in clean_files(base)}


def _changed(raw: bytes, changes: list[tuple[str, Any]]) -> bytes:
    data = written.read(raw.decode())
    for path, value in changes:
        if value is None:
            written.cut(data, path)
        else:
            written.put(data, path, value)
    return written.write(data).encode()


def _edited(what: str, text: str, edits: list[dict[str, str]]) -> str:
    for edit in edits:
        was, now = edit["was"], edit["now"]
        assert text.count(was) == 1, f"{what}: {was!r} occurs {text.count(was)} times"
        text = text.replace(was, now)
    return text
