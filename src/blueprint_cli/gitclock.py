"""The Git clock: declared dates held against what the history saw.

A **hollow refresh** moves `last_updated` and leaves the content as it was. Formatting, comments and the order of
keys are not content; a new `reviewed_at` is: "reviewed, unchanged" is an honest answer.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from blueprint_cli import gitrepo
from blueprint_cli.gitrepo import Objects, Repo, RevTree
from blueprint_cli.model import Location
from blueprint_cli.node import AssetFile
from blueprint_cli.predicates.base import Place
from blueprint_cli.rules.base import Case, Finding
from blueprint_cli.times import Zone, iso
from blueprint_cli.tree import Tree
from blueprint_cli.yamlfile import Limits, read

DATED = "last_updated"
_ENVELOPE = (DATED, "updated_by")
_FAR_BACK = 50
"""Versions of a file that are read to tell since when its content stands still."""


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


def content_since(repo: Repo, commit: str, path: str, blob: str, zone: Zone, limits: Limits) -> str | None:
    """The day on which the content of a file came to be what it is at a commit; None where nobody can tell."""
    found = gitrepo.versions(repo, commit, {path: blob}, _FAR_BACK)[path]
    objects = Objects(repo)
    try:
        contents = [read(raw, limits).data if isinstance(raw, bytes) else None
                    for raw in objects.read([one.blob for one in found], limits.file_bytes)]  # fmt: skip
    finally:
        objects.close()
    day, now = None, contents[0] if contents else None
    for version, data in zip(found, contents, strict=True):
        if not isinstance(now, dict) or not isinstance(data, dict) or not same_content(data, now):
            return day
        when = version.change.when
        day = None if when is None else iso(zone.instant(when).day)
    return day if len(found) < _FAR_BACK else None


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
        day = None
        if isinstance(self.base, RevTree):
            tree = self.base
            day = content_since(tree.repo, tree.commit, path, tree.blobs()[path], self.zone, self.limits)
        return day or f"{before[DATED]} at least"
