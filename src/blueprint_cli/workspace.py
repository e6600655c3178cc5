"""Where a run stands: the repository or directory, and a snapshot of it under its configuration and its policy."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from blueprint_cli import config as configuration
from blueprint_cli import gitrepo
from blueprint_cli.config import Config
from blueprint_cli.engagement.infohub import InfoHub
from blueprint_cli.engagement.near_names import is_respelt
from blueprint_cli.engagement.node import NodeRef
from blueprint_cli.engagement.portfolio import Portfolio
from blueprint_cli.engagement.resolve import Planner
from blueprint_cli.errors import BpError
from blueprint_cli.files.disk import Directory
from blueprint_cli.files.partial import PartialListing
from blueprint_cli.files.tree import GONE, Tree, Unreadable
from blueprint_cli.gitrepo import Repo
from blueprint_cli.model import Location
from blueprint_cli.policy import own
from blueprint_cli.policy.layers import packaged
from blueprint_cli.policy.load import Policy, packaged_policy
from blueprint_cli.text import quoted
from blueprint_cli.times import Moment, Zone

CONFIG_BYTES = 1_048_576
_WITHOUT_GIT = (
    "git was not found on the PATH: the files are read from the directory, ignored ones too, and without Git's dates"
)

_WITHIN = "the paths lie in a repository within this one, such as a submodule: its own settings and policy count"


@dataclass(frozen=True)
class Snapshot:
    """A tree, the configuration and the policy that it is judged by, and the moment as of which it is judged."""

    infohub: InfoHub
    zone: Zone
    as_of: Moment
    notes: tuple[str, ...] = ()
    """Remarks on the policy and the surroundings, for standard error."""
    planner: Planner = field(default_factory=Planner, repr=False)

    @property
    def tree(self) -> Tree:
        return self.infohub.tree

    @property
    def config(self) -> Config:
        return self.infohub.config

    @property
    def policy(self) -> Policy:
        return self.infohub.policy

    @property
    def portfolio(self) -> Portfolio:
        return self.infohub.portfolio

    def reported(self, ref: NodeRef) -> tuple[Moment | None, Location | None]:
        """As-of of the committed gap report of an engagement, and where it says so."""
        written, location = self.infohub.reported(ref)
        return self.zone.moment(written), location

    def at(self, moment: str) -> Snapshot:
        """The same files as of another day or timestamp."""
        return replace(self, as_of=self.zone.as_of(moment))

    def of(self, tree: Tree) -> Snapshot:
        """Another tree under the same configuration and policy."""
        return replace(self, infohub=replace(self.infohub, tree=tree))

    def close(self) -> None:
        """Close what the trees have open: before other processes read from them, and at the end."""
        self.infohub.close()


@dataclass(frozen=True)
class Workspace:
    """A root, the trees that it has, and the paths below it that the user named."""

    root: str
    """Absolute path of the repository's top level, or of the directory outside Git; the git directory if bare."""
    repo: Repo | None
    start: str
    """Absolute path of the directory that relative paths count from."""
    paths: tuple[str, ...] = ()
    """As the user wrote them."""

    @classmethod
    def find(cls, paths: Sequence[str] = ()) -> Workspace:
        """The repository of the paths (else of the current directory); outside Git the directory itself.

        Raises BpError for paths of several repositories.
        """
        start = str(Path.cwd())
        absolute = [os.path.normpath(os.path.join(start, path)) for path in paths] or [start]
        places = list(map(_entered, absolute))
        repo = gitrepo.discover(*places)
        if repo is not None:
            root = repo.place
        elif any(_below(place, start) for place in (*places, *absolute)):
            root = os.path.realpath(start)
        else:
            root = places[0] if os.path.isdir(places[0]) else str(Path(places[0]).parent)
        return cls(root, repo, start, tuple(paths))

    @cached_property
    def named(self) -> list[str]:
        """The user's paths as the trees name them. Raises BpError for one outside the root."""
        return [self.inside(path) for path in self.paths]

    def require(self, feature: str) -> Repo:
        return self.repo or gitrepo.require(self.root, feature)

    def tree(self, *, staged: bool = False, rev: str | None = None, places: Sequence[str] = ()) -> Tree:
        """The work tree, the index or a revision. ``places``: what of a work tree is listed first, if not all of it."""
        if staged:
            return gitrepo.IndexTree(self.require("--staged"))
        if rev is not None:
            return self.revision(rev)
        return Directory(self.root) if self.repo is None else gitrepo.WorkTree(self.repo, places)

    def revision(self, rev: str) -> gitrepo.Committed:
        """A revision, resolved once; a branch without commits has an empty tree."""
        return gitrepo.tree_at(self.require(f"revision {rev}"), rev)

    def inside(self, path: str) -> str:
        """A path that the user named, as the trees name it. Raises BpError for one outside the root."""
        absolute = os.path.normpath(os.path.join(self.start, path))
        real = os.path.join(os.path.realpath(os.path.dirname(absolute)), os.path.basename(absolute))
        if os.path.realpath(absolute) == self.root:
            return ""
        for candidate in (real, absolute):
            if _below(candidate, self.root):
                return candidate[len(self.root) :].strip("/")
        raise BpError(f"{path} lies outside {self.root}", "Name paths of one repository at a time.")

    def open(
        self,
        tree: Tree,
        flags: Mapping[str, Any] | None = None,
        *,
        file: str | None = None,
        policy_tree: Tree | None = None,
        everywhere: bool = False,
    ) -> Snapshot:
        """A tree with all that judging it needs.

        ``flags``: settings that outweigh the configuration ``file``; ``policy_tree``: the tree whose configuration
        and catalog count instead of the tree's own; ``everywhere``: whether the limits to realms are lifted.
        """
        source = policy_tree or tree
        config = self.effective_config(source, flags or {}, file)
        policy = self.policy(source, config)
        zone = _zone(config)
        return Snapshot(
            InfoHub(tree, policy, config.everywhere() if everywhere else config, policy_tree),
            zone,
            zone.as_of(config.as_of),
            (*policy.catalog.notes, *self._notes(), *(self._unread_settings(tree) if file is None else ())),
        )

    def _notes(self) -> Iterator[str]:
        """Remarks on where the run stands."""
        if self.repo is None and gitrepo.out_of_reach(self.root):
            yield _WITHOUT_GIT
        outer = gitrepo.top_of(self.start) if self.paths else None
        if outer is not None and self.root != outer and _below(self.root, outer):
            yield _WITHIN

    def config(self, tree: Tree, file: str | None = None) -> Config:
        """What the configuration file says: the one that is named, else bp.yaml at the root, else the defaults."""
        if file is not None:
            raw: bytes | Unreadable = _from_disk(Path(self.start, file), file)
        else:
            _, raw = next(iter(tree.read([configuration.FILE], CONFIG_BYTES)))
            if raw == GONE or (isinstance(raw, bytes) and configuration.FILE not in tree.entries()):
                return Config()  # not there, or ignored by Git
        return configuration.parse(
            raw, file or configuration.FILE, packaged_policy().store.validator(configuration.SCHEMA)
        )

    def _unread_settings(self, tree: Tree) -> Iterator[str]:
        """Remarks on files that look like settings and are not read: misspelt, or elsewhere than at the root."""
        entries = tree.entries()
        known = entries.known if isinstance(entries, PartialListing) else entries
        for name in [path for path in known if "/" not in path and is_respelt(path, configuration.FILE)]:
            yield f"{quoted(name)} is not read: settings are in {configuration.FILE}; rename it"
        found: dict[str, None] = {}
        for path in (self.start, *self.paths):
            folder = self.inside(path) if _below(os.path.realpath(os.path.join(self.start, path)), self.root) else ""
            while folder:
                if os.path.isfile(f"{self.root}/{folder}/{configuration.FILE}"):
                    found[f"{folder}/{configuration.FILE}"] = None
                folder = folder.rpartition("/")[0]
        for name in found:
            yield f"{quoted(name)} is not read: settings are those at the root; move it there, or name it with --config"

    def effective_config(self, tree: Tree, flags: Mapping[str, Any], file: str | None = None) -> Config:
        """The configuration with what the environment and the flags set."""
        return configuration.override(self.config(tree, file), flags, os.environ)

    def policy(self, tree: Tree, config: Config) -> Policy:
        """The packaged catalog with what the tree's own directories add or override.

        Raises PolicyError for what is not valid, and for a directory that the configuration names and that has none.
        """
        layers = own.layers(tree, self.root, config.catalog_folders, config.origin("catalog"))
        if not layers:
            return packaged_policy()
        from blueprint_cli.policy.check.audit import checked  # only what a repository writes needs an audit

        return checked([packaged(), *layers], config.limits)


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _entered(named: str) -> str:
    """What a path leads to; if it enters a repository and leaves it again through a link, which may be a stranger's,
    the directory with the link: what the path names is in that repository, or nowhere."""
    real = os.path.realpath(named)
    for folder in Path(named).parents if real != named else ():
        below = Path(named).relative_to(folder).parts[0]
        if (folder / below).is_symlink():
            top = gitrepo.top_of(str(folder))
            if top is not None and not _below(real, top):
                return str(folder)
    return real


def _zone(config: Config) -> Zone:
    try:
        return Zone(config.timezone)
    except BpError as problem:
        raise BpError(f"{problem.message} ({config.origin('timezone')})", problem.hint) from None


def _from_disk(path: Path, name: str) -> bytes:
    """A file that the user named, wherever it is; a device may have no end."""
    try:
        with path.open("rb") as file:
            return file.read(CONFIG_BYTES + 1)
    except OSError as problem:
        raise BpError(f"{name} cannot be read: {problem.strerror}", "Name an existing file with --config.") from None
