"""Two trees of one repository side by side: which paths differ."""

from __future__ import annotations

from blueprint_cli.gitrepo.compare import between, staged
from blueprint_cli.gitrepo.repo import Repo
from blueprint_cli.gitrepo.revisions import resolve
from blueprint_cli.gitrepo.trees import EmptyTree, IndexTree, RevTree, WorkTree

Committed = RevTree | EmptyTree
GitTree = Committed | IndexTree | WorkTree


def tree_at(repo: Repo, rev: str) -> Committed:
    """The tree of a revision; the empty tree for HEAD before the first commit. Raises ``BpError``."""
    commit = resolve(repo, rev)
    return EmptyTree(repo) if commit is None else RevTree(repo, commit)


def changed_paths(first: GitTree, second: GitTree) -> set[str]:
    """The paths at which two trees of one repository differ in content or kind, in either direction."""
    if isinstance(first, WorkTree):
        return changed_paths(second, first) if not isinstance(second, WorkTree) else set()
    if isinstance(first, IndexTree):
        if isinstance(second, WorkTree):
            return second.changed_since({})
        return changed_paths(second, first) if not isinstance(second, IndexTree) else set()
    if isinstance(second, WorkTree):
        return second.changed_since(staged(first.repo, first.commit))
    if isinstance(second, IndexTree):
        second.entries()  # refuses an unresolved merge
        return set(staged(first.repo, first.commit))
    return set(between(first.repo, first.commit, second.commit))
