"""When files changed: one walk through the history for all of them, whatever their number.

Each file is followed on its own line of descent, as `git log -- FILE` does: a merge that took the file from a
parent as it was is not a change, and the branch whose version was thrown away does not count.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice

from blueprint_cli.errors import BpError
from blueprint_cli.files.tree import Change
from blueprint_cli.gitrepo.listing import RAW, records, scope
from blueprint_cli.gitrepo.objects import stop
from blueprint_cli.gitrepo.repo import Repo
from blueprint_cli.gitrepo.versions import Version, Versions

SHALLOW = "the clone is shallow: fetch the whole history (git fetch --unshallow; in CI: fetch-depth: 0)"
FURTHER_BACK = "the history goes back further than was searched"
PARTIAL = "the clone is partial: its history cannot be walked without fetching (clone without --filter)"
_ODD_DATE = "the date of the commit is outside the calendar"
_FIRST_BATCH, _LARGEST_BATCH = 16, 128  # commits in one question; twice 128 of them fit a pipe unread


Changes = dict[str, str | None]
"""By path, the blob that a parent has where a commit has another; None where the parent has no file."""


def versions(repo: Repo, commit: str, blobs: Mapping[str, str], limit: int, commits: int | None = None) -> Versions:
    """The last ``limit`` contents of each file up to ``commit``. ``blobs`` has the files' blobs at that commit.

    Nothing is known in a partial clone; a shallow one ends with an unknown date, and so does a walk through the last
    ``commits`` of the repository, whichever files they touched: what is known of a file does not depend on the other
    files in ``blobs``.

    Dates are committer dates. A change of the executable bit alone does not count.
    """
    walked = Versions()
    if blobs and not repo.is_partial:
        _Walk(repo, blobs, walked, limit).run(commit, commits)
    return walked


def last_changes(repo: Repo, commit: str, blobs: Mapping[str, str]) -> dict[str, Change]:
    """When each file last changed up to ``commit``; arguments and limits as for ``versions``."""
    if repo.is_partial:
        return dict.fromkeys(blobs, Change(None, PARTIAL))
    walked = versions(repo, commit, blobs, 1)
    return {path: walked.of(path)[0].change for path in blobs}


def moment(timestamp: str) -> Change:
    """A committer's timestamp as a date; unknown where it is beyond the calendar, which Git does not mind."""
    try:
        return Change(datetime.fromtimestamp(int(timestamp), UTC))
    except (ValueError, OverflowError, OSError):
        return Change(None, _ODD_DATE)


class _Walk:
    """Follows every file from commit to parent. Which commit a file waits at depends on that file alone, so
    the order in which commits are visited matters for speed only."""

    def __init__(self, repo: Repo, blobs: Mapping[str, str], versions: Versions, limit: int) -> None:
        self._repo, self._versions, self._limit = repo, versions, limit
        self._blob = dict(blobs)
        self._waiting: dict[str, set[str]] = {}
        self._seen: dict[str, tuple[str, list[str]]] = {}
        self._cut = repo.shallow_commits()
        self._scope = scope(blobs)
        self._ahead = _Parents(repo, self._scope)
        self._aside = _Parents(repo, self._scope)

    def run(self, commit: str, commits: int | None) -> None:
        """Walk from a commit until all that is needed of every file is known."""
        # --full-history: merges stay, so that each file finds its own way through them. Other commits that
        # change nothing in scope are left out, even the first one: the files wait at the first.
        ends = [] if commits is None else _boundary(self._repo, commit, commits)
        until = [f"^{name}" for name in ends]
        scope = ["rev-list", "--parents", "--timestamp", "--full-history", commit, *until, "--", *self._scope]
        lister = self._repo.start(scope, subprocess.DEVNULL)
        try:
            batches = _batches(lister.stdout or ())
            batch = self._ask(next(batches, []))
            if batch:
                self._waiting[batch[0][1]] = set(self._blob)
            while batch and self._blob:
                following = self._ask(next(batches, []))  # git compares these while we read its last answer
                changed = self._ahead.answer()
                for stamp, name, *parents in batch:
                    self._seen[name] = (stamp, parents)
                    self._visit(name, changed.get(name, {}))
                batch = following
        finally:
            self._ahead.close()
            self._aside.close()
            stop(lister)
        if ends:
            self._versions.end(self._blob, Change(None, FURTHER_BACK))
        elif self._blob:
            message = f"the history of {self._repo.place} ends before it begins: a commit is missing"
            raise BpError(message, "Check the repository: git fsck")

    def _ask(self, batch: list[list[str]]) -> list[list[str]]:
        if batch:
            self._ahead.ask((words[1], words[2]) for words in batch if len(words) > 2)
        return batch

    def _visit(self, name: str, changed: Changes) -> None:
        """Move on the files that wait at a commit: what it changed gets its date, the rest waits further on."""
        paths = self._waiting.pop(name, None)
        agenda = [(name, changed, paths)] if paths else []
        while agenda:
            for parent, moving in self._part(*agenda.pop()):
                if parent not in self._seen:
                    waiting = self._waiting.setdefault(parent, moving)
                    if waiting is not moving:
                        waiting |= moving
                    continue
                # Clocks were wrong: this parent looks younger than its child and was visited before it.
                parents = self._seen[parent][1]
                agenda.append((parent, self._changed(parent, parents[0]) if parents else {}, moving))

    def _part(self, name: str, changed: Changes, paths: set[str]) -> Iterable[tuple[str, set[str]]]:
        """Date the files whose content is this commit's own; answer at which parent each file goes on."""
        stamp, parents = self._seen[name]
        if not parents:
            change = Change(None, SHALLOW) if name in self._cut else moment(stamp)
            self._versions.end({path: self._blob.pop(path) for path in paths}, change)
            return ()
        touched = [path for path in changed if path in paths]
        paths.difference_update(touched)
        onward = {parents[0]: paths} if paths else {}
        sides = [(parents[0], changed)]
        if touched:
            sides += [(parent, self._changed(name, parent)) for parent in parents[1:]]
        for path in touched:
            same = next((parent for parent, differs in sides if path not in differs), None)
            if same is None:
                before = next(((parent, blob) for parent, differs in sides if (blob := differs[path])), None)
                self._date(path, moment(stamp), before and before[1])
                same = before[0] if before and path in self._blob else None
            if same is not None:
                onward.setdefault(same, set()).add(path)
        return onward.items()

    def _changed(self, name: str, parent: str) -> Changes:
        self._aside.ask([(name, parent)])
        return self._aside.answer().get(name, {})

    def _date(self, path: str, change: Change, before: str | None) -> None:
        """Note a content, and go on with the one ``before`` it, if there is one and it is needed."""
        blob = self._blob.pop(path)
        if self._versions.add(path, Version(change, blob)) < self._limit and before is not None:
            self._blob[path] = before


def _boundary(repo: Repo, commit: str, commits: int) -> list[str]:
    """The commits at which a walk through the last so many of all commits ends; empty where there are no more."""
    scope = ["rev-list", "--boundary", f"--max-count={commits}", commit]
    listing = repo.ask(scope, "walk the history").decode().split()
    return [name[1:] for name in listing if name.startswith("-")]


class _Parents:
    """A `git diff-tree --stdin` that gets commits with a parent each, and answers when it gets the mark."""

    def __init__(self, repo: Repo, within: list[str]) -> None:
        self._repo = repo
        self._question = ["diff-tree", "--stdin", *RAW, "--", *within]
        self._process: subprocess.Popen[bytes] | None = None
        # A line that is not a commit is repeated, and flushes the output. It must not be guessable, as a file name
        # may hold anything.
        self._mark = f".{os.urandom(12).hex()}\n".encode()
        self._read = b""

    def ask(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Ask what differs between each (commit, parent)."""
        if self._process is None:
            self._process = self._repo.start(self._question, subprocess.PIPE)
        scope = "".join(f"{commit} {parent}\n" for commit, parent in pairs).encode()
        try:
            if self._process.stdin:
                self._process.stdin.write(scope + self._mark)
                self._process.stdin.flush()
        except BrokenPipeError as error:
            raise self._broken() from error

    def answer(self) -> dict[str, Changes]:
        """By commit, the answer to the oldest open question; unchanged commits are not in it."""
        parts = [self._read]
        while self._mark not in parts[-1]:
            # The mark may be cut in two by the pipe: keep its length of what came before.
            piece = self._process.stdout.read1(1 << 16) if self._process and self._process.stdout else b""  # type: ignore[attr-defined]
            if not piece:
                raise self._broken()
            tail = parts.pop()
            cut = max(0, len(tail) - len(self._mark))
            parts += [tail[:cut], tail[cut:] + piece]
        answer, _, self._read = b"".join(parts).partition(self._mark)
        return _parse(records(answer))

    def close(self) -> None:
        if self._process is not None:
            stop(self._process)
            self._process = None

    def _broken(self) -> BpError:
        return BpError(f"git stopped while comparing commits of {self._repo.place}", "Check the repository: git fsck")


def _batches(lines: Iterable[bytes]) -> Iterator[list[list[str]]]:
    """Commits as words (time, id, parents), few at first: the dates that are needed are mostly recent."""
    words = (line.decode().split() for line in lines)
    size = _FIRST_BATCH
    while batch := list(islice(words, size)):
        yield batch
        size = min(2 * size, _LARGEST_BATCH)


def _parse(listing: list[str]) -> dict[str, Changes]:
    answer: dict[str, Changes] = {}
    changed: Changes = {}
    rest: Iterator[str] = iter(listing)
    for record in rest:
        if record[0] != ":":
            changed = answer.setdefault(record, {})
            continue
        path = next(rest)
        old_mode, _, old_blob, blob, _ = record.split(" ")
        if old_blob != blob:
            changed[path] = None if old_mode in (":000000", ":160000") else old_blob
    return answer
