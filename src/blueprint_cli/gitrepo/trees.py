"""The trees that Git knows: the work tree, the index, a revision, and the empty one before any commit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from blueprint_cli.disk import Reader, kind_of, names_of
from blueprint_cli.errors import BpError
from blueprint_cli.gitrepo.objects import Objects
from blueprint_cli.gitrepo.repo import Repo
from blueprint_cli.tree import GONE, SYMLINK, Change, Kind, Unreadable, too_large

KINDS = {"100644": Kind.FILE, "100755": Kind.FILE, "100664": Kind.FILE, "120000": Kind.SYMLINK}
"""By the mode that Git stores (100664: from Git's first weeks). 160000 is a submodule: a boundary."""


RAW = ("-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-textconv")
"""How every comparison is asked for: whole ids, whole names, no program of the repository's choice."""


class _Stored:
    """A tree whose bytes are blobs: what the index and a revision have in common."""

    def __init__(self, repo: Repo) -> None:
        self.repo = repo
        self._objects = Objects(repo)
        self._kinds: dict[str, Kind] | None = None
        self._blobs: dict[str, str] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_objects": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._objects = Objects(self.repo)

    @property
    def root_names(self) -> tuple[str, str]:
        """Names of the root's parent directory and of the root; of a bare ``x.git``, x is the root's."""
        parent, name = names_of(self.repo.place)
        return parent, name if self.repo.top else name.removesuffix(".git")

    def entries(self) -> Mapping[str, Kind]:
        """Every path of the tree, sorted."""
        if self._kinds is None:
            listed = sorted((path, mode, blob) for path, mode, blob in self._list() if mode in KINDS)
            self._kinds = {path: KINDS[mode] for path, mode, _ in listed}
            self._blobs = {path: blob for path, _, blob in listed}
        return self._kinds

    def blobs(self) -> Mapping[str, str]:
        """Blob id by path."""
        self.entries()
        return self._blobs

    def read(self, paths: Iterable[str], max_bytes: int) -> Iterator[tuple[str, bytes | Unreadable]]:
        """The bytes of each path, in the order asked."""
        kinds = self.entries()
        for kind, group in groupby(paths, kinds.get):
            if kind is Kind.FILE:
                yield from self._read_files(list(group), max_bytes)
            else:
                yield from ((path, GONE if kind is None else SYMLINK) for path in group)

    def close(self) -> None:
        """End the processes that read objects."""
        self._objects.close()

    def _list(self) -> Iterable[tuple[str, str, str]]:
        """Path, mode and blob id of everything, in any order."""
        raise NotImplementedError

    def _read_files(self, paths: list[str], max_bytes: int) -> Iterator[tuple[str, bytes | Unreadable]]:
        contents = self._objects.read((self._blobs[path] for path in paths), max_bytes)
        for path, content in zip(paths, contents, strict=True):
            yield path, content if isinstance(content, bytes) else too_large(content, max_bytes)


class RevTree(_Stored):
    """One commit. ``commit`` is an object id as ``resolve`` gives it."""

    def __init__(self, repo: Repo, commit: str) -> None:
        super().__init__(repo)
        self.commit = commit

    def _list(self) -> Iterator[tuple[str, str, str]]:
        listing = self.repo.ask(["ls-tree", "-r", "-z", "--full-tree", self.commit], "list its files")
        for record in _records(listing):
            about, _, path = record.partition("\t")
            mode, _, blob = about.split(" ")
            yield path, mode, blob

    def last_changes(self, paths: Iterable[str]) -> Mapping[str, Change]:
        """When each path was last changed, up to this commit."""
        return dict.fromkeys(paths, Change(None, "not implemented yet"))


class EmptyTree(_Stored):
    """What a branch without commits has: nothing."""

    def _list(self) -> Iterable[tuple[str, str, str]]:
        return ()

    def last_changes(self, paths: Iterable[str]) -> Mapping[str, Change]:
        """Unknown for all."""
        return dict.fromkeys(paths, Change(None, "there is no commit yet"))


class IndexTree(_Stored):
    """What the next commit would have. What was added with intent only (`git add -N`) is not there yet."""

    def _list(self) -> Iterator[tuple[str, str, str]]:
        # ls-files cannot tell an intent to add from an empty file; compared with nothing, diff-index can.
        listing = self.repo.ask(
            ["diff-index", *RAW, "--cached", "--ita-invisible-in-index", self.repo.empty_tree],
            "read the index",
        )
        records = _records(listing)
        unmerged = []
        for about, path in zip(records[::2], records[1::2], strict=True):
            _, mode, _, blob, status = about.split(" ")
            if status == "U":
                unmerged.append(path)
            else:
                yield path, mode, blob
        refuse_unmerged(unmerged)

    def last_changes(self, paths: Iterable[str]) -> Mapping[str, Change]:
        """When each path was last changed, up to HEAD; unknown for what is staged."""
        return dict.fromkeys(paths, Change(None, "not implemented yet"))


class WorkTree:
    """What a commit of everything would have: tracked and untracked files, without what is ignored.

    Paths that a sparse checkout leaves out are read from the index. Raises ``BpError`` in a bare repository
    and while a merge is unresolved.
    """

    def __init__(self, repo: Repo) -> None:
        if repo.top is None:
            raise BpError(
                f"{repo.git_dir} has no work tree: it is a bare repository or a git directory",
                "Name a revision: --rev HEAD",
            )
        self.repo = repo
        self.top = repo.top
        self._objects = Objects(repo)
        self._reader = Reader(self.top)
        self._kinds: dict[str, Kind] | None = None
        self._sparse: dict[str, str] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_objects": None, "_reader": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._objects, self._reader = Objects(self.repo), Reader(self.top)

    @property
    def root_names(self) -> tuple[str, str]:
        """Names of the root's parent directory and of the root."""
        return names_of(self.top)

    def entries(self) -> Mapping[str, Kind]:
        """Every path, sorted. A tracked file that is gone from the disk is not among them."""
        if self._kinds is None:
            self._kinds = dict(sorted(self._list().items()))
        return self._kinds

    def read(self, paths: Iterable[str], max_bytes: int) -> Iterator[tuple[str, bytes | Unreadable]]:
        """The bytes of each path as they are on the disk, in the order asked."""
        self.entries()
        if not self._sparse:
            for path in paths:
                yield path, self._reader.read(path, max_bytes)
            return
        for path in paths:
            if path not in self._sparse:
                yield path, self._reader.read(path, max_bytes)
                continue
            for content in self._objects.read([self._sparse[path]], max_bytes):
                yield path, content if isinstance(content, bytes) else too_large(content, max_bytes)

    def last_changes(self, paths: Iterable[str]) -> Mapping[str, Change]:
        """When each path was last changed, up to HEAD; unknown for what is not committed."""
        return dict.fromkeys(paths, Change(None, "not implemented yet"))

    def close(self) -> None:
        """Let go of open directories and end the processes that read objects."""
        self._objects.close()
        self._reader.close()

    def _list(self) -> dict[str, Kind]:
        # -t puts a letter first, which an untracked name cannot forge; -d looks at each file's name, not its
        # content (-m would, through filters).
        listing = self.repo.ask(
            ["ls-files", "-z", "-t", "-s", "--cached", "--deleted", "--others", "--exclude-standard"],
            "list the work tree",
        )
        kinds: dict[str, Kind] = {}
        gone, unmerged, untracked = [], [], []
        for record in _records(listing):
            letter = record[0]
            if letter == "?":
                untracked.append(record[2:])
                continue
            about, _, path = record.partition("\t")
            if letter == "R":
                gone.append(path)
            elif about[-1] != "0":
                unmerged.append(path)
            elif kind := KINDS.get(about[2:8]):
                kinds[path] = kind
                if letter == "S":
                    self._sparse[path] = about[9:-2]
        refuse_unmerged(unmerged)
        for path in gone:
            kinds.pop(path, None)
        for path in untracked:
            kind = None if path.endswith("/") else kind_of(f"{self.top}/{path}")
            if kind:  # none: a nested repository, or gone since
                kinds[path] = kind
        return kinds


def refuse_unmerged(paths: Iterable[str]) -> None:
    """Raise ``BpError`` if there are any: nobody can say what the tree is to be."""
    found = sorted(set(paths))
    if found:
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        raise BpError(
            f"the index has unmerged paths: {', '.join(found[:3])}{more}",
            "Resolve the merge first: edit the files and git add them, or git merge --abort.",
        )


def _records(listing: bytes) -> list[str]:
    return listing.decode("utf-8", "surrogateescape").split("\0")[:-1]


__all__ = ["EmptyTree", "IndexTree", "RevTree", "WorkTree"]
