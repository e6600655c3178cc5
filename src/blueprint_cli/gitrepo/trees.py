"""The trees that Git knows: the work tree, the index, a revision, and the empty one before any commit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import groupby

from blueprint_cli.errors import BpError
from blueprint_cli.files.disk import Reader
from blueprint_cli.files.partial import PartialListing
from blueprint_cli.files.tree import GAP_REPORT, GONE, SYMLINK, UNNAMED, Change, Kind, Unreadable, too_large
from blueprint_cli.gitrepo.compare import Delta, committed_blobs, staged, unstaged
from blueprint_cli.gitrepo.history import last_changes
from blueprint_cli.gitrepo.listing import KINDS, SUBMODULE, committed, in_work_tree, indexed, scope, unresolved
from blueprint_cli.gitrepo.objects import Objects
from blueprint_cli.gitrepo.repo import Repo
from blueprint_cli.gitrepo.revisions import head

_HINT = "commit them, or give them the date"
NO_COMMIT = f"there is no commit yet ({_HINT})"
NOT_COMMITTED = f"they have changes that are not committed ({_HINT})"


class _Stored:
    """A tree whose bytes are blobs: what the index and a revision have in common."""

    def __init__(self, repo: Repo) -> None:
        self.repo = repo
        self._objects = Objects(repo)
        self._kinds: dict[str, Kind] | None = None
        self._blobs: dict[str, str] = {}
        self._unmerged: frozenset[str] = frozenset()
        self._boundaries: tuple[str, ...] = ()

    @property
    def root_names(self) -> tuple[str, str]:
        return UNNAMED

    @property
    def boundaries(self) -> Sequence[str]:
        self.entries()
        return self._boundaries

    def entries(self) -> Mapping[str, Kind]:
        if self._kinds is None:
            everything = sorted(self._list())
            self._boundaries = tuple(path for path, mode, _ in everything if mode == SUBMODULE)
            listed = [(path, mode, blob) for path, mode, blob in everything if mode in KINDS]
            self._kinds = {path: KINDS[mode] for path, mode, _ in listed}
            self._blobs = {path: blob for path, _, blob in listed}
        return self._kinds

    @property
    def unmerged(self) -> frozenset[str]:
        """The files that a merge has left unresolved."""
        self.entries()
        return self._unmerged

    def blobs(self) -> Mapping[str, str]:
        self.entries()
        return self._blobs

    def read(self, paths: Iterable[str], max_bytes: int) -> Iterator[tuple[str, bytes | Unreadable]]:
        for kind, group in groupby(paths, self.entries().get):
            if kind is Kind.FILE:
                yield from self._read_files(list(group), max_bytes)
            else:
                yield from ((path, GONE if kind is None else SYMLINK) for path in group)

    def close(self) -> None:
        self._objects.close()

    def _list(self) -> Iterable[tuple[str, str, str]]:
        raise NotImplementedError

    def _read_files(self, paths: list[str], max_bytes: int) -> Iterator[tuple[str, bytes | Unreadable]]:
        contents = self._objects.read((self._blobs[path] for path in paths), max_bytes)
        for path, content in zip(paths, contents, strict=True):
            yield path, content if isinstance(content, bytes) else too_large(content, max_bytes)


class RevTree(_Stored):
    """One commit. ``commit`` is an object id as ``resolve`` gives it."""

    def __init__(self, repo: Repo, commit: str) -> None:
        super().__init__(repo)
        self.commit = self.base = commit

    def committed(self, paths: Iterable[str]) -> dict[str, str]:
        blobs = self.blobs()
        return {path: blobs[path] for path in paths if path in blobs}

    def last_changes(self, paths: Iterable[str]) -> Mapping[str, Change]:
        return _dated(self, paths, lambda _: set())

    def _list(self) -> Iterable[tuple[str, str, str]]:
        return committed(self.repo, self.commit)


class EmptyTree(_Stored):
    """What a branch without commits has: nothing."""

    @property
    def commit(self) -> str:
        """What stands for the commit where two trees are compared: the tree without entries."""
        return self.repo.empty_tree

    def last_changes(self, paths: Iterable[str]) -> Mapping[str, Change]:
        return dict.fromkeys(paths, Change(None, NO_COMMIT))

    def _list(self) -> Iterable[tuple[str, str, str]]:
        return ()


class _OnHead:
    """What the index and the work tree have in common: both stand on HEAD."""

    repo: Repo

    @cached_property
    def base(self) -> str | None:
        """HEAD's commit; None before the first."""
        return head(self.repo)

    def committed(self, paths: Iterable[str]) -> dict[str, str]:
        """The blobs that files have in that commit."""
        return committed_blobs(self.repo, self.base, paths, self.blobs()) if self.base else {}

    def blobs(self) -> Mapping[str, str]:
        """The index: blob id by path."""
        raise NotImplementedError


class IndexTree(_Stored, _OnHead):
    """What the next commit would have. What was added with intent only (`git add -N`) is not there yet.

    Raises ``BpError`` while a merge is unresolved, unless only gap reports are: they are written anew.
    """

    def last_changes(self, paths: Iterable[str]) -> Mapping[str, Change]:
        """When each path was last changed, up to HEAD; unknown for what is staged."""
        return _dated(self, paths, lambda wanted: set(staged(self.repo, str(self.base), scope(wanted))))

    def _list(self) -> Iterable[tuple[str, str, str]]:
        listed, self._unmerged = indexed(self.repo)
        others = [path for path in self._unmerged if path.rpartition("/")[2] != GAP_REPORT]
        if others:
            raise unresolved(others)
        return listed


class WorkTree(_OnHead):
    """What a commit of everything would have: tracked and untracked files, without what is ignored.

    Paths that a sparse checkout leaves out are read from the index. A file that a merge has left unresolved is listed,
    and raises ``BpError`` where it is read. Raises ``BpError`` in a bare repository. ``places``: files and directories
    that are listed first; the rest is listed where it is needed.
    """

    def __init__(self, repo: Repo, places: Sequence[str] = ()) -> None:
        if repo.top is None:
            raise BpError(
                f"{repo.git_dir} has no work tree: it is a bare repository or a git directory",
                "Run bp in a work tree, or scan a revision: bp scan --rev HEAD.",
            )
        self.repo = repo
        self.top = repo.top
        self._places = places
        self._objects = Objects(repo)
        self._reader = Reader(self.top)
        self._kinds: Mapping[str, Kind] | None = None
        self._blobs: dict[str, str] = {}
        self._sparse: set[str] = set()
        self._unmerged: frozenset[str] = frozenset()
        self._boundaries: tuple[str, ...] = ()

    @property
    def root_names(self) -> tuple[str, str]:
        return UNNAMED

    @property
    def boundaries(self) -> Sequence[str]:
        len(self.entries())  # all of them
        return self._boundaries

    def entries(self) -> Mapping[str, Kind]:
        """Every path, sorted. A tracked file that is gone from the disk is not among them."""
        if self._kinds is None:
            self._kinds = self._list(self._places)
            if self._places:
                self._kinds = PartialListing(self._places, self._kinds, partial(self._list, ()))
        return self._kinds

    def _list(self, within: Sequence[str]) -> Mapping[str, Kind]:
        kinds, self._blobs, self._sparse, self._unmerged, self._boundaries = in_work_tree(self.repo, self.top, within)
        return kinds

    @property
    def unmerged(self) -> frozenset[str]:
        """The files that a merge has left unresolved, of what is listed."""
        self.entries()
        return self._unmerged

    def blobs(self) -> Mapping[str, str]:
        """Blob id by path, of what is tracked."""
        len(self.entries())  # all of them
        return self._blobs

    def read(self, paths: Iterable[str], max_bytes: int) -> Iterator[tuple[str, bytes | Unreadable]]:
        entries = self.entries()
        for path in paths:
            if path in self._unmerged:
                raise unresolved([path])
            if path not in entries or path not in self._sparse:
                yield path, self._reader.read(path, max_bytes)
                continue
            for content in self._objects.read([self._blobs[path]], max_bytes):
                yield path, content if isinstance(content, bytes) else too_large(content, max_bytes)

    def last_changes(self, paths: Iterable[str]) -> Mapping[str, Change]:
        """When each path was last changed, up to HEAD; unknown for what is not committed."""

        def changed(paths: list[str]) -> set[str]:
            there, within = self.entries().keys() & set(paths), scope(paths)
            return set(unstaged(self.repo, self.top, there, staged(self.repo, str(self.base), within), within))

        return _dated(self, paths, changed)

    def changed_since(self, old: Mapping[str, Delta]) -> set[str]:
        """The paths that differ from the old side of a comparison with the index (empty: from the index), and those of
        a merge that is unresolved, whatever the disk has."""
        return {*unstaged(self.repo, self.top, self.entries().keys(), old), *self._unmerged}

    def close(self) -> None:
        self._objects.close()
        self._reader.close()


def _dated(
    tree: RevTree | IndexTree | WorkTree, paths: Iterable[str], changed: Callable[[list[str]], set[str]]
) -> dict[str, Change]:
    """The last change of each path at the commit that a tree stands on, but unknown for those ``changed`` since."""
    wanted = list(paths)
    if tree.base is None:
        return dict.fromkeys(wanted, Change(None, NO_COMMIT))
    fresh = changed(wanted)
    blobs = {path: blob for path, blob in tree.committed(wanted).items() if path not in fresh}
    known = last_changes(tree.repo, tree.base, blobs)
    return {path: known.get(path) or Change(None, NOT_COMMITTED) for path in wanted}
