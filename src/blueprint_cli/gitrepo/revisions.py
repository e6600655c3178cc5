"""Names of commits: resolved once, and commit ids ever after."""

from __future__ import annotations

import os
import re
import shlex
from datetime import datetime

from blueprint_cli.errors import BpError
from blueprint_cli.gitrepo.command import failure
from blueprint_cli.gitrepo.history import moment
from blueprint_cli.gitrepo.repo import Repo
from blueprint_cli.text import suggest


def resolve(repo: Repo, rev: str) -> str | None:
    """The commit id that a revision names; None for HEAD before the first commit.

    Raises ``BpError`` for a name that is unknown, that names no commit or several things, or that could be an
    option.
    """
    if not rev or rev.startswith("-") or any(ord(sign) < 32 for sign in rev):
        raise BpError(f"{rev!r} is not a revision", _NAME_ONE)
    code, output, complaint = repo.attempt(["rev-parse", "--verify", "--end-of-options", f"{rev}^{{commit}}"])
    if code == 0:
        commit = output.decode("ascii", "replace").strip()
        if not _ID.fullmatch(commit):  # ^main
            raise _range(rev) or BpError(f"{rev!r} is not one revision", _NAME_ONE)
        _refuse_two_meanings(rev, complaint)
        return commit
    if rev in _HEAD and _is_unborn(repo):
        return None
    raise _unresolved(repo, rev, complaint)


_HEAD = ("HEAD", "@")
_ID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_NAME_ONE = "Name a commit, a branch or a tag."
_RANGE = re.compile(r"(?P<old>[^.]*(?:\.[^.]+)*)\.\.\.?(?P<new>.*)|(?P<of>.+)\^(?P<sign>[!@-])(?P<parent>\d*)")
"""``main..topic``, ``main...topic``; ``HEAD^!``, ``HEAD^@`` and ``HEAD^-2``: a commit and its parents."""
_TWO_MEANINGS = re.compile(r"^warning: refname '(?P<name>[^\n]*)' is ambiguous", re.MULTILINE)
_OF_ANOTHER_TYPE = re.compile(r"the object dereferences to (?P<type>\w+) type")
_TYPES = {"blob": "the content of a file", "tree": "a directory"}


def _refuse_two_meanings(rev: str, complaint: str) -> None:
    """Raise ``BpError`` for a branch and a tag of one name: Git would take the tag, which is not what is meant by
    the name of a branch. HEAD and a whole id mean what they are, whatever else is called so."""
    warning = _TWO_MEANINGS.search(complaint)
    if warning and warning["name"] not in _HEAD and not _ID.fullmatch(warning["name"]):
        name = warning["name"]
        raise BpError(
            f"{rev!r} has two meanings: more than one branch, tag or commit is called {name!r}",
            f"Name it in full: refs/heads/{name} for the branch, refs/tags/{name} for the tag.",
        )


def _range(rev: str) -> BpError | None:
    """Why a range of commits, as Git writes it, is refused, and how the two ends are named; None for anything else."""
    ends = _RANGE.fullmatch(rev)
    if ends is None or ".." in (ends["new"] or "") or "/" in rev.partition("{")[2] or rev.startswith(":"):
        return None
    if ends["of"]:
        first = {"!": "^", "@": "^", "-": f"^{ends['parent']}"}[ends["sign"]]
        old, new = f"{ends['of']}{first}", ends["of"]
    else:
        old, new = ends["old"] or "HEAD", ends["new"] or "HEAD"
    return BpError(
        f"{rev!r} is a range, not one revision",
        f"To compare its ends, write `bp diff {shlex.quote(old)} {shlex.quote(new)}`.",
    )


def _unresolved(repo: Repo, rev: str, complaint: str) -> BpError:
    """Why Git knows no such commit, and what to do about it."""
    other = _OF_ANOTHER_TYPE.search(complaint)
    if other:
        return BpError(f"{rev!r} is {_TYPES.get(other['type'], other['type'])}, not a commit", _NAME_ONE)
    if re.search(r"^error: short .* is ambiguous$", complaint, re.MULTILINE):
        return BpError(f"several commits begin with {rev!r}", "Write more characters of the id.")
    if several := _range(rev):
        return several
    problem = failure(f"resolve {rev!r}", complaint)
    if problem.hint:
        return problem
    reason = re.search(
        r"^fatal: (?P<why>no upstream[^\n]*|log for [^\n]*|no such branch[^\n]*)", complaint, re.MULTILINE
    )
    why = f": {reason['why']}" if reason else ""
    return BpError(f"revision {rev!r} is not known in {repo.place}{why}", _hint(repo, rev))


def head(repo: Repo) -> str | None:
    """The commit that is checked out; None before the first commit."""
    return resolve(repo, "HEAD")


def merge_base(repo: Repo, base: str, other: str) -> str:
    """The commit that two commits (ids) come from; with several equally good ones the first that Git names.

    Raises ``BpError`` where there is none, or none that a shallow clone has.
    """
    bases = repo.ask(["merge-base", base, other], "find the merge base", codes=(0, 1)).decode().split()
    if bases:
        return bases[0]
    if repo.is_shallow:
        raise BpError(
            f"the history of {repo.place} is cut off before {base[:12]} meets {other[:12]} (shallow)",
            "Fetch all of it: git fetch --unshallow; with actions/checkout: fetch-depth: 0.",
        )
    raise BpError(f"{base[:12]} and {other[:12]} have no commit in common", "Compare two related branches.")


def commits(repo: Repo, commit: str) -> list[tuple[str, datetime | None]]:
    """The states that the branch of ``commit`` (an id) went through, newest first, with committer dates (UTC; None
    where no calendar has the date).

    Only first parents count: a merge stands for what it brought. Nothing is left out by its date: one wrong clock
    would hide all that came before it.
    """
    listing = repo.ask(["rev-list", "--first-parent", "--timestamp", commit], "walk the history").decode().splitlines()
    return [(name, moment(stamp).when) for stamp, name in map(str.split, listing)]


def _is_unborn(repo: Repo) -> bool:
    """HEAD names a branch that does not exist yet: not the same as a commit that is missing."""
    branch = repo.ask(["symbolic-ref", "--quiet", "HEAD"], "read HEAD", codes=(0, 1)).removesuffix(b"\n")
    if not branch:
        return False
    listing = repo.ask(["for-each-ref", "--format=%(refname)", os.fsdecode(branch)], "list branches")
    return branch not in listing.splitlines()


def _hint(repo: Repo, rev: str) -> str:
    listing = repo.ask(["for-each-ref", "--format=%(refname:short)"], "list branches and tags")
    names = listing.decode("utf-8", "surrogateescape").splitlines()
    if suggestion := suggest(rev, names):
        return suggestion
    if repo.is_shallow:
        return "The clone is shallow: fetch what is missing (git fetch --unshallow; in CI: fetch-depth: 0)."
    return "Fetch it first, or name a commit, a branch or a tag: git branch --all; git tag."
