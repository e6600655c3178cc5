"""The Git clock: declared dates held against what the history saw.

A **hollow refresh** moves `last_updated` and leaves the content as it was. Formatting, comments and the order of
keys are not content; a new `reviewed_at` is: "reviewed, unchanged" is an honest answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from blueprint_cli import gitrepo
from blueprint_cli.gitrepo import IndexTree, Objects, Repo, RevTree, Version, WorkTree
from blueprint_cli.gitrepo.history import PARTIAL, SHALLOW
from blueprint_cli.model import Location
from blueprint_cli.node import AssetFile
from blueprint_cli.predicates.question import Place
from blueprint_cli.rules.base import Case, Finding
from blueprint_cli.times import Zone, iso
from blueprint_cli.tree import Tree
from blueprint_cli.yamlfile import Limits, read

DATED = "last_updated"
_ENVELOPE = (DATED, "updated_by")
FAR_BACK = 12
"""Versions of a file that are looked at to tell since when its content stands still."""


def same_content(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two versions of an asset say the same but for when and by whom they were touched."""
    left, right = ({k: v for k, v in each.items() if k not in _ENVELOPE} for each in (one, other))
    return left == right and _exactly(left) == _exactly(right)  # for Python, 1 is True


def _exactly(data: Mapping[str, Any]) -> str:
    return json.dumps(data, sort_keys=True)


def bumped(zone: Zone, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether the declared date moved forward."""
    old, new = zone.moment(before.get(DATED)), zone.moment(after.get(DATED))
    return old is not None and new is not None and new.first > old.last


def finding(case: Case, asset: str, since: str) -> Finding:
    """The gap of an asset whose date moved alone; ``since``: from when its content is."""
    one = case.plan.assets_by_path[asset]
    declared = case.node.document(asset)[1][DATED]
    at: Location = case.node.locate(Place(asset, (DATED,)))
    return Finding(
        "hollow-refresh",
        f"`{DATED}` was moved to {declared}, but the content has not changed since {since}",
        at,
        blueprint=one.asset.blueprint,
        asset=asset,
        owner_roles=one.owner_roles,
        playbook=one.asset.playbook,
    )


def dated_files(case: Case) -> Iterator[tuple[str, AssetFile]]:
    """The assets that can be judged and declare a date."""
    for asset, file in case.node.files.items():
        if isinstance(file.data, dict) and DATED in file.data:
            yield asset, file


@dataclass(frozen=True, slots=True)
class Standing:
    """Since when a content stands still: the version that brought it, and its day where Git can tell."""

    first: Mapping[str, Any]
    day: str | None


class Past:
    """The earlier versions of files, newest first, read as far back as a question needs."""

    def __init__(self, repo: Repo, zone: Zone, limits: Limits, versions: Mapping[str, list[Version]]) -> None:
        self._repo, self._zone, self._limits = repo, zone, limits
        self._versions = versions
        self._objects: Objects | None = None

    def standing(self, path: str, now: Mapping[str, Any]) -> Standing | None:
        """Since when the file has had this content; None where its last version had another one.

        The day is unknown where the history is cut off, or goes back further than was asked for.
        """
        found: Standing | None = None
        versions = self._versions.get(path, ())
        for version in versions:
            data = self._content(version.blob, now)
            if data is None or not same_content(data, now):
                return found
            when = version.change.when
            found = Standing(data, None if when is None else iso(self._zone.instant(when).day))
        return found and Standing(found.first, found.day if len(versions) < FAR_BACK else None)

    def touched_in_vain(self, files: Mapping[str, Mapping[str, Any]]) -> list[str]:
        """The files (data by path) that may have been committed anew with the content that they had before."""
        known = {path: self._versions[path] for path in files if path in self._versions}
        again = {path: versions[1].blob for path, versions in known.items() if len(versions) > 1}
        contents = zip(again, self._read(again.values()), strict=True)
        return [path for path, raw in contents if may_say(raw, files[path])]

    def _content(self, blob: str, now: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The data of a version; None where it certainly differs."""
        raw = next(iter(self._read([blob])))
        data = read(raw, self._limits).data if isinstance(raw, bytes) and may_say(raw, now) else None
        return data if isinstance(data, dict) else None

    def _read(self, blobs: Iterable[str]) -> list[bytes | int]:
        if self._objects is None:  # opened where it is used: a process shares no pipe with another
            self._objects = Objects(self._repo)
        return list(self._objects.read(blobs, self._limits.file_bytes))

    def close(self) -> None:
        """End the processes that read objects."""
        if self._objects is not None:
            self._objects.close()
            self._objects = None


_ESCAPES = re.compile(rb"\\|\b0[xo]|[0-9]_|[0-9][eE]|\.0")
"""What may write a value in other letters than the value has."""


def may_say(raw: bytes | int, data: Mapping[str, Any]) -> bool:
    """Whether a file may hold this content: then every word of it stands there, however it is laid out.

    Most versions differ by a word or two, and need not be parsed to know it.
    """
    if not isinstance(raw, bytes):
        return False
    text = raw.decode("utf-8", "replace")
    loose = _ESCAPES.search(raw) is not None
    pending: list[Any] = [each for key, value in data.items() if key not in _ENVELOPE for each in (key, value)]
    while pending:
        value = pending.pop()
        if type(value) is dict:
            pending += value
            pending += value.values()
        elif type(value) is list:
            pending += value
        elif type(value) is str:
            if value not in text and not loose and any(word not in text for word in value.replace("'", " ").split()):
                return False
        elif type(value) is int and not loose and str(value) not in text:
            return False
    return True


def versions_at(tree: RevTree, paths: Iterable[str]) -> dict[str, list[Version]]:
    """The last versions of files at a commit, in one walk for all of them."""
    blobs = tree.blobs()
    return gitrepo.versions(tree.repo, tree.commit, {path: blobs[path] for path in paths if path in blobs}, FAR_BACK)


@dataclass
class Hollow:
    """For a scan: every file whose date moved since its content last did. Of what is not committed nothing is
    known: `bp diff` looks at that."""

    past: Past
    zone: Zone

    def __call__(self, case: Case) -> Iterator[Finding]:
        """The hollow refreshes of one engagement."""
        files = {file.path: (asset, file.data) for asset, file in dated_files(case)}
        for path in self.past.touched_in_vain({path: data for path, (_, data) in files.items()}):
            asset, data = files[path]
            found = self.past.standing(path, data)
            if found is not None and bumped(self.zone, found.first, data):
                yield finding(case, asset, found.day or f"{found.first[DATED]} at least")


def hollow(tree: Tree, below: tuple[str, ...], zone: Zone, limits: Limits) -> tuple[Hollow | None, str | None]:
    """What finds the hollow refreshes below some prefixes of paths, and what has to be said about it."""
    if not isinstance(tree, RevTree | IndexTree | WorkTree):
        return None, "hollow refreshes are not looked for: there is no history"
    repo = tree.repo
    commit = tree.commit if isinstance(tree, RevTree) else gitrepo.head(repo)
    if commit is None:
        return None, None
    if repo.is_partial:
        return None, f"hollow refreshes are not looked for: {PARTIAL}"
    committed = tree if isinstance(tree, RevTree) else RevTree(repo, commit)
    paths = [path for path in committed.entries() if path.startswith(below) and path.endswith((".yaml", ".yml"))]
    found = {path: some for path, some in versions_at(committed, paths).items() if some}
    note = f"some hollow refreshes may be missed: {SHALLOW}" if repo.is_shallow else None
    return Hollow(Past(repo, zone, limits, found), zone), note


@dataclass
class Bumped:
    """For a change: the files whose date it moved and whose content it left as the base has it."""

    base: Tree
    zone: Zone
    limits: Limits
    changed: Collection[str]
    moved: Mapping[str, str]
    """Path of an engagement's directory in the base, by its path now, where it was renamed."""

    def __call__(self, case: Case) -> Iterator[Finding]:
        """The hollow refreshes of one engagement."""
        here = case.node.ref.path
        there = self.moved.get(here)
        for asset, file in dated_files(case):
            if file.path not in self.changed:
                continue
            path = file.path if there is None else there + file.path[len(here) :]
            if path not in self.base.entries():
                continue
            _, raw = next(iter(self.base.read([path], self.limits.file_bytes)))
            before = read(raw, self.limits).data if isinstance(raw, bytes) else None
            if isinstance(before, dict) and bumped(self.zone, before, file.data) and same_content(before, file.data):
                yield finding(case, asset, self._since(path, before))

    def _since(self, path: str, before: Mapping[str, Any]) -> str:
        found = None
        if isinstance(self.base, RevTree):
            past = Past(self.base.repo, self.zone, self.limits, versions_at(self.base, [path]))
            found = past.standing(path, before)
            past.close()
        return (found and found.day) or f"{before[DATED]} at least"
