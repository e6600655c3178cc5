"""Hollow refreshes: declared dates checked against the contents that Git's history has.

A **hollow refresh** moves `last_updated` and leaves the content as it was. Formatting, comments and the order of
keys are not content. `reviewed_at` is: "reviewed, unchanged" is an honest answer, whichever of the two dates was
written first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from blueprint_cli import gitrepo
from blueprint_cli.engagement.node import AssetFile
from blueprint_cli.files.tree import Tree
from blueprint_cli.gitdates import same_content
from blueprint_cli.gitdates.same_content import DATED, REVIEWED, REVIEWER
from blueprint_cli.gitrepo import EmptyTree, IndexTree, Objects, Repo, RevTree, Versions, WorkTree
from blueprint_cli.gitrepo.history import PARTIAL, SHALLOW
from blueprint_cli.predicates.scope import Place
from blueprint_cli.rules import form
from blueprint_cli.rules.context import Context, Finding
from blueprint_cli.times import Zone, iso
from blueprint_cli.yamlfile import Limits, read

_FAR_BACK = 100
"""Versions of a file that are read to find since when its content has not changed."""
_LATELY, _FILES_A_COMMIT = 1_000, 8
"""Commits that a scan walks unless all are required: so many, or one for so many files. So the walk costs a part of
what reading the files costs, however long the history is."""
SUFFIXES = (".yaml", ".yml")


def bumped(zone: Zone, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether the declared date moved forward, beyond the review that the file records."""
    old, new = zone.moment(before.get(DATED)), zone.moment(after.get(DATED))
    reviewed = zone.moment(after.get(REVIEWED))
    if old is None or new is None or new.first <= old.last:
        return False
    return reviewed is None or reviewed.day < new.day


def finding(context: Context, asset: str, standing: Standing) -> Finding:
    """The gap of an asset of which only the date was changed; ``standing``: when its content is from."""
    data = context.node.document(asset)[1]
    declared, by = data[DATED], data.get("updated_by")
    message = (
        f"`{DATED}` was moved to {declared}, but the content has not changed since {standing.before(declared)}; if it "
        f"was reviewed and is unchanged, write `{REVIEWED}: {declared}`"
    )
    message += f" and `{REVIEWER}: {by}`" if isinstance(by, str) else ""
    at = context.node.locate(Place(asset, (DATED,)))
    return form.finding(context.plan.assets_by_path[asset], "hollow-refresh", message, at)


def dated_files(context: Context) -> Iterator[tuple[str, AssetFile]]:
    """The assets that can be judged and declare a date, unless that is in the future, which is another rule's gap."""
    for asset, file in context.node.files.items():
        if isinstance(file.data, dict) and DATED in file.data:
            moment = context.node.zone.moment(file.data[DATED])
            if moment is not None and moment.first <= context.node.as_of.last:
                yield asset, file


@dataclass(frozen=True, slots=True)
class Standing:
    """Since when a content is unchanged: the version that introduced it, and its day where Git knows it."""

    first: Mapping[str, Any]
    day: str | None

    def before(self, declared: str) -> str:
        """Since when, in words. Where the content was committed only after the day that is now declared, the day that
        it declared itself: nobody moves a date back to a day before that of the content."""
        if self.day is not None and self.day >= declared[: len(self.day)]:
            return str(self.first[DATED])
        return self.day or f"{self.first[DATED]} at least"


class FileHistory:
    """The earlier versions of files, newest first, read as far back as a question needs."""

    def __init__(self, repo: Repo, zone: Zone, limits: Limits, versions: Versions) -> None:
        self._repo, self._zone, self._limits = repo, zone, limits
        self._versions = versions
        self._objects: Objects | None = None

    def standing(self, path: str, raw: bytes, now: Mapping[str, Any]) -> Standing | None:
        """Since when the file has had this content; None where its last version had another one.

        The day is unknown where the history is cut off, or goes back further than was walked.
        """
        standing: Standing | None = None
        versions = self._versions.of(path)
        for version in versions:
            (before,) = self._read([version.blob])
            data = read(before, self._limits).data if before and not same_content.surely_differ(raw, before) else None
            if not isinstance(data, dict) or not same_content.same(data, now):
                return standing
            when = version.change.when
            standing = Standing(data, None if when is None else iso(self._zone.instant(when).day))
        return standing and Standing(standing.first, standing.day if len(versions) < _FAR_BACK else None)

    def perhaps_unchanged(self, files: Mapping[str, bytes]) -> list[str]:
        """The paths of those files that may have the same content as before their last change."""
        before: dict[str, str] = {}
        for path, raw in files.items():
            versions = self._versions.of(path)
            if versions and gitrepo.is_blob(raw, versions[0].blob, self._repo.object_format):
                versions = versions[1:]
            if versions:
                before[path] = versions[0].blob
        contents = zip(before, self._read(before.values()), strict=True)
        return [path for path, raw in contents if raw is not None and not same_content.surely_differ(files[path], raw)]

    def _read(self, blobs: Iterable[str]) -> list[bytes | None]:
        """The bytes of each blob; None where the blob is too large."""
        if self._objects is None:  # opened where it is used: a process shares no pipe with another
            self._objects = Objects(self._repo)
        read = self._objects.read(blobs, self._limits.file_bytes)
        return [raw if isinstance(raw, bytes) else None for raw in read]

    def close(self) -> None:
        if self._objects is not None:
            self._objects.close()
            self._objects = None


def versions_below(tree: RevTree | IndexTree | WorkTree, paths: Iterable[str], commits: int | None = None) -> Versions:
    """The last versions of files up to the commit that a tree is based on, from one walk for all of them through at
    most so many ``commits``."""
    if tree.base is None:
        return Versions()
    return gitrepo.versions(tree.repo, tree.base, tree.committed(paths), _FAR_BACK, commits)


@dataclass
class Hollow:
    """For a scan: every file whose date was changed after its content last was, committed or not."""

    past: FileHistory
    zone: Zone

    def __call__(self, context: Context) -> Iterator[Finding]:
        files = {file.path: (asset, file) for asset, file in dated_files(context)}
        texts = {path: file.document.raw for path, (_, file) in files.items() if file.document}
        for path in self.past.perhaps_unchanged(texts):
            asset, file = files[path]
            standing = self.past.standing(path, texts[path], file.data)
            if standing is not None and bumped(self.zone, standing.first, file.data):
                yield finding(context, asset, standing)


def hollow(
    tree: Tree, paths: Collection[str], zone: Zone, limits: Limits, *, required: bool
) -> tuple[Hollow | None, str | None]:
    """What finds the hollow refreshes among some files, and a remark on what it may miss. ``required``: look at the
    whole history, whatever it costs; otherwise only at its last commits."""
    if not isinstance(tree, RevTree | IndexTree | WorkTree):
        return None, "hollow refreshes cannot be found: there is no history" if required else None
    repo = tree.repo
    if tree.base is None:
        return None, None
    if repo.is_partial:
        return None, f"hollow refreshes cannot be found: {PARTIAL}"
    versions = versions_below(tree, paths, None if required else max(_LATELY, len(tree.entries()) // _FILES_A_COMMIT))
    note = f"some hollow refreshes may be missed: {SHALLOW}" if repo.is_shallow else None
    return Hollow(FileHistory(repo, zone, limits, versions), zone), note


@dataclass
class DateOnlyChange:
    """For a change: the files of which it changed the date, but not the content that the base has."""

    base: RevTree | EmptyTree
    zone: Zone
    limits: Limits
    changed: Collection[str]
    moved: Mapping[str, str]
    """Path of an engagement's directory in the base, by its path now, where it was renamed."""

    def __call__(self, context: Context) -> Iterator[Finding]:
        here = context.node.ref.path
        there = self.moved.get(here, here)
        dated = [(asset, file) for asset, file in dated_files(context) if file.path in self.changed]
        changed = {there + file.path[len(here) :]: (asset, file) for asset, file in dated}
        known = [path for path in changed if path in self.base.entries()]
        for path, raw in self.base.read(known, self.limits.file_bytes):
            asset, file = changed[path]
            if not isinstance(raw, bytes):
                continue
            before, now = read(raw, self.limits).data, file.data
            if isinstance(before, dict) and bumped(self.zone, before, now) and same_content.same(before, now):
                standing = self._past.standing(path, raw, before)
                self._past.close()
                yield finding(context, asset, standing or Standing(before, None))

    @cached_property
    def _past(self) -> FileHistory:
        """The history of all changed files in the base, walked at the first question."""
        paths = set(self.changed)
        for now, before in self.moved.items():
            paths |= {before + path[len(now) :] for path in self.changed if path.startswith(f"{now}/")}
        wanted = [path for path in paths if path.endswith(SUFFIXES)]
        versions = versions_below(self.base, wanted) if isinstance(self.base, RevTree) else Versions()
        return FileHistory(self.base.repo, self.zone, self.limits, versions)
