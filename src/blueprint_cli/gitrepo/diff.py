"""Two trees of one repository side by side: which paths differ, and which only moved."""

from __future__ import annotations

from blueprint_cli.gitrepo.compare import between, renamed, staged
from blueprint_cli.gitrepo.repo import Repo
from blueprint_cli.gitrepo.revisions import resolve
from blueprint_cli.gitrepo.trees import EmptyTree, IndexTree, RevTree, WorkTree

Committed = RevTree | EmptyTree
GitTree = Committed | IndexTree | WorkTree


def tree_at(repo: Repo, rev: str) -> Committed:
    """The tree of a revision; the empty tree for HEAD before the first commit. Raises ``BpError``."""
    commit = resolve(repo, rev)
    return EmptyTree(repo) if commit is None else RevTree(repo, commit)


def changed_paths(one: GitTree, other: GitTree) -> set[str]:
    """The paths at which two trees of one repository differ in content or kind, in either direction."""
    if isinstance(one, WorkTree):
        return changed_paths(other, one) if not isinstance(other, WorkTree) else set()
    if isinstance(one, IndexTree):
        if isinstance(other, WorkTree):
            return other.changed_since({})
        return changed_paths(other, one) if not isinstance(other, IndexTree) else set()
    if isinstance(other, WorkTree):
        return other.changed_since(staged(one.repo, one.commit))
    if isinstance(other, IndexTree):
        other.entries()  # refuses an unresolved merge
        return set(staged(one.repo, one.commit))
    return set(between(one.repo, one.commit, other.commit))


def renames(old: Committed, new: Committed | IndexTree) -> dict[str, str]:
    """The old path by the new path of each file that was moved and mostly kept (Git's similarity of 50 %)."""
    return renamed(old.repo, old.commit, None if isinstance(new, IndexTree) else new.commit)
