"""Where a run stands: the repository or directory, its tree, its configuration and its policy."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from blueprint_cli import config as configuration
from blueprint_cli import gitrepo
from blueprint_cli.config import Config
from blueprint_cli.errors import BpError
from blueprint_cli.files.disk import Directory
from blueprint_cli.files.tree import GONE, Tree, Unreadable
from blueprint_cli.gitrepo import Repo
from blueprint_cli.policy.layers import BLUEPRINTS, SCHEMAS, TRACKS, Layer, packaged, packaged_root
from blueprint_cli.policy.load import Policy, packaged_policy
from blueprint_cli.scan import Scanner
from blueprint_cli.times import Zone

CONFIG_BYTES = 1_048_576
_WITHOUT_GIT = (
    "git was not found on the PATH: the files are taken as they lie here, ignored ones too, and without Git's dates"
)


@dataclass
class Workspace:
    """A root and the trees that can be seen from it."""

    root: str
    """Absolute path of the repository's top level, or of the directory outside Git; the git directory if bare."""
    repo: Repo | None
    start: str
    """Where relative paths count from."""

    @classmethod
    def find(cls, paths: Sequence[str] = ()) -> Workspace:
        """The repository of the first path (else of the current directory); outside Git the directory itself."""
        start = str(Path.cwd())
        named = os.path.normpath(os.path.join(start, paths[0])) if paths else start
        first = os.path.realpath(named)
        repo = _left_by_link(named, first) or gitrepo.discover(first)
        if repo is not None:
            return cls(repo.place, repo, start)
        if _below(first, start) or _below(named, start):
            return cls(os.path.realpath(start), None, start)
        return cls(first if os.path.isdir(first) else str(Path(first).parent), None, start)

    def require(self, feature: str) -> Repo:
        """The repository, for a feature that needs Git."""
        return self.repo or gitrepo.require(self.root, feature)

    def tree(self, *, staged: bool = False, rev: str | None = None) -> Tree:
        """The work tree, the index or a revision."""
        if staged:
            return gitrepo.IndexTree(self.require("--staged"))
        if rev is not None:
            return self.revision(rev)
        return Directory(self.root) if self.repo is None else gitrepo.WorkTree(self.repo)

    def revision(self, rev: str) -> Tree:
        """A revision, resolved once; a branch without commits has an empty tree."""
        repo = self.require(f"revision {rev}")
        commit = gitrepo.resolve(repo, rev)
        return gitrepo.EmptyTree(repo) if commit is None else gitrepo.RevTree(repo, commit)

    def inside(self, path: str) -> str:
        """A path of the user's as the tree knows it. Raises BpError for one outside the root."""
        absolute = os.path.normpath(os.path.join(self.start, path))
        real = os.path.join(os.path.realpath(os.path.dirname(absolute)), os.path.basename(absolute))
        if os.path.realpath(absolute) == self.root:
            return ""
        for candidate in (real, absolute):
            if _below(candidate, self.root):
                return candidate[len(self.root) :].strip("/")
        raise BpError(f"{path} lies outside {self.root}", "Name paths of one repository at a time.")

    def config(self, tree: Tree, named: str | None, policy: Policy) -> Config:
        """The configuration: the file that was named, else bp.yaml at the root, else the defaults."""
        validator = policy.store.validator(configuration.SCHEMA)
        if named is not None:
            raw: bytes | Unreadable = _from_disk(Path(self.start, named), named)
            return configuration.parse(raw, named, validator)
        _, raw = next(iter(tree.read([configuration.FILE], CONFIG_BYTES)))
        if raw == GONE or (isinstance(raw, bytes) and configuration.FILE not in tree.entries()):
            return Config()  # not there, or ignored by Git
        return configuration.parse(raw, configuration.FILE, validator)

    def configuration(self, tree: Tree, flags: Mapping[str, Any], named: str | None = None) -> Config:
        """The configuration with what the environment and the flags say."""
        return configuration.override(self.config(tree, named, self.packaged), flags, os.environ)

    @property
    def packaged(self) -> Policy:
        """The packaged catalog alone: it holds the schema of the configuration."""
        return packaged_policy()

    def policy(self, tree: Tree, config: Config) -> Policy:
        """The packaged catalog with what the tree's own directories add or override."""
        layers = [layer for folder in config.catalog if (layer := self._layer(tree, folder.strip("/."))) is not None]
        if not layers:
            return self.packaged
        from blueprint_cli.policy.check.audit import checked  # only what a repository writes needs an audit

        return checked([packaged(), *layers], config.limits)

    def _layer(self, tree: Tree, folder: str) -> Layer | None:
        prefix = f"{folder}/" if folder else ""
        if Path(self.root, folder) == packaged_root():
            return None  # a checkout of bp itself: its directories are the packaged catalog
        wanted = tuple(prefix + name for name in (BLUEPRINTS, TRACKS, SCHEMAS))
        files: dict[str, Callable[[], bytes]] = {
            path.removeprefix(prefix): partial(_from_tree, tree, path)
            for path in tree.entries()
            if path.startswith(wanted) and path.endswith((".yaml", ".json"))
        }
        return Layer(prefix, files) if files else None

    def scanner(
        self,
        tree: Tree,
        *,
        flags: Mapping[str, Any],
        named: str | None = None,
        policy_tree: Tree | None = None,
        track: str | None = None,
        committed: bool = False,
    ) -> Scanner:
        """Everything that judging needs. ``policy_tree``: whose configuration and catalog count."""
        source = policy_tree or tree
        config = self.configuration(source, flags, named)
        zone = _zone(config)
        return Scanner(
            tree=tree,
            policy=self.policy(source, config),
            config=config,
            as_of=zone.as_of(config.as_of),
            zone=zone,
            policy_tree=policy_tree,
            track=track,
            committed=committed,
            notes={_WITHOUT_GIT: None} if self.repo is None and gitrepo.out_of_reach(self.root) else {},
        )


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _left_by_link(named: str, real: str) -> Repo | None:
    """The repository that a path enters and leaves again through a link, which may be a stranger's: what was asked
    for is in that repository, or nowhere."""
    for folder in Path(named).parents if real != named else ():
        below = Path(named).relative_to(folder).parts[0]
        if (folder / below).is_symlink():
            repo = gitrepo.discover(os.path.realpath(folder))
            if repo is not None and not _below(real, repo.place):
                return repo
    return None


def _zone(config: Config) -> Zone:
    try:
        return Zone(config.timezone)
    except BpError as problem:
        raise BpError(f"{problem.message} ({config.origin('timezone')})", problem.hint) from None


def _from_tree(tree: Tree, path: str) -> bytes:
    _, raw = next(iter(tree.read([path], CONFIG_BYTES)))
    if isinstance(raw, Unreadable):
        raise BpError(f"{path} {raw.message}")
    return raw


def _from_disk(path: Path, name: str) -> bytes:
    """A file that the user named, wherever it is; a device may have no end."""
    try:
        with path.open("rb") as file:
            return file.read(CONFIG_BYTES + 1)
    except OSError as problem:
        raise BpError(f"{name} cannot be read: {problem.strerror}", "Name an existing file with --config.") from None
