"""The Git boundary: the only place that starts git. Trees, revisions, differences and history go in and out
as values; no caller sees a command line, an environment variable or an exit code."""

from blueprint_cli.gitrepo.diff import Committed, GitTree, changed_paths, tree_at
from blueprint_cli.gitrepo.discovery import discover, has_git, out_of_reach, require, top_of
from blueprint_cli.gitrepo.history import last_changes, versions
from blueprint_cli.gitrepo.listing import is_tracked
from blueprint_cli.gitrepo.objects import Objects, is_blob
from blueprint_cli.gitrepo.repo import Repo
from blueprint_cli.gitrepo.revisions import commits, head, merge_base, resolve
from blueprint_cli.gitrepo.trees import EmptyTree, IndexTree, RevTree, WorkTree
from blueprint_cli.gitrepo.versions import Version, Versions

__all__ = [
    "Committed",
    "EmptyTree",
    "GitTree",
    "IndexTree",
    "Objects",
    "Repo",
    "RevTree",
    "Version",
    "Versions",
    "WorkTree",
    "changed_paths",
    "commits",
    "discover",
    "has_git",
    "head",
    "is_blob",
    "is_tracked",
    "last_changes",
    "merge_base",
    "out_of_reach",
    "require",
    "resolve",
    "top_of",
    "tree_at",
    "versions",
]
