"""The Git boundary: the only place that starts git. Trees, revisions, differences and history go in and out
as values; no caller sees a command line, an environment variable or an exit code."""

from blueprint_cli.gitrepo.repo import Repo, discover, has_git, require
from blueprint_cli.gitrepo.trees import EmptyTree, IndexTree, RevTree, WorkTree

__all__ = ["EmptyTree", "IndexTree", "Repo", "RevTree", "WorkTree", "discover", "has_git", "require"]
