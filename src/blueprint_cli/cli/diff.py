"""`bp diff`: what a change did to the engagements it touches, and nothing that the calendar did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Annotated, Any, Optional

import typer

from blueprint_cli import gitrepo
from blueprint_cli.cli import flags, outputs, run
from blueprint_cli.config import Config
from blueprint_cli.diff import affected, policy_changes
from blueprint_cli.diff.affected import Pair
from blueprint_cli.diff.compare import POLICY, Comparison, Difference, Entry, compare, worst_first
from blueprint_cli.diff.policy_changes import Side
from blueprint_cli.engagement.node import NodeRef
from blueprint_cli.errors import BpError, PolicyError
from blueprint_cli.gitdates import hollow
from blueprint_cli.gitrepo import EmptyTree, GitTree, IndexTree, Repo, RevTree, WorkTree
from blueprint_cli.model import NodeReport
from blueprint_cli.policy.layers import packaged_root
from blueprint_cli.render.difference import difference_summary, render_difference
from blueprint_cli.scan import Scanner
from blueprint_cli.workspace import Workspace

Base = Annotated[str, typer.Argument(metavar="BASE", help="The revision to compare with, such as origin/main.")]
Head = Annotated[
    Optional[str],
    typer.Argument(metavar="HEAD", help="The revision to judge; the work tree without.", show_default=False),
]


def diff(
    base: Base,
    head: Head = None,
    staged: flags.Staged = False,
    as_of: flags.AsOf = None,
    fail_on: flags.FailOn = None,
    policy_from: flags.PolicyFrom = None,
    format: flags.Format = None,
    output: flags.OutputFile = None,
    redact: flags.Redact = False,
    config: flags.Config = None,
    jobs: flags.Jobs = None,
    timeout: flags.Timeout = None,
) -> None:
    """Tell what a change introduced and fixed, judged by the policy of its base.

    BASE stands for where HEAD branched off from it.

    Exit codes: 0 nothing introduced at or above --fail-on, 1 gaps introduced, 2 the job could not be done.
    """
    done = run.Progress()
    with run.deadline(timeout, done):
        workspace = Workspace.find()
        old, new = sides(workspace, base, head, staged)
        policy_tree = workspace.revision(policy_from) if policy_from else old
        told = {"as_of": as_of, "fail_on": fail_on}
        before = _by_policy(workspace, old, policy_tree, told, config, given=policy_from is not None)
        targets = outputs.outputs(format or [], before.config.format, output)
        chosen = outputs.options(before.config.fail_on, redact, new)
        task = Task(workspace, before, replace(before, tree=new, notes={}), old, new, done)
        found = task.run(jobs)
    outputs.deliver(
        [(one, render_difference(found, one.format, chosen)) for one in targets],
        found.notes,
        lambda room: difference_summary(found, replace(chosen, summary_room=room)),
    )
    raise typer.Exit(int(any(chosen.fails(gap.severity) for _, gap in found.introduced)))


def sides(workspace: Workspace, base: str, head: str | None, staged: bool) -> tuple[RevTree | EmptyTree, GitTree]:
    """The two trees: the base is the commit that the head comes from, where it has one."""
    if staged and head is not None:
        raise BpError("--staged judges the index: it takes no HEAD", "Leave one of them out.")
    repo = workspace.require("bp diff")
    commit = gitrepo.head(repo) if head is None else gitrepo.resolve(repo, head)
    old = gitrepo.resolve(repo, base)
    if old is not None and commit is not None and old != commit:
        old = gitrepo.merge_base(repo, old, commit)
    new: GitTree
    if head is not None:
        new = _committed(repo, commit)
    elif staged:
        new = IndexTree(repo)
    elif repo.top is None:
        raise BpError(f"{repo.place} has no work tree to judge", "Name the revision: bp diff BASE HEAD.")
    else:
        new = WorkTree(repo)
    return _committed(repo, old), new


def _committed(repo: Repo, commit: str | None) -> RevTree | EmptyTree:
    return EmptyTree(repo) if commit is None else RevTree(repo, commit)


def _by_policy(
    workspace: Workspace, tree: GitTree, policy: Any, told: Mapping[str, Any], named: str | None, *, given: bool
) -> Scanner:
    try:
        return workspace.scanner(tree, flags=told, named=named, policy_tree=policy)
    except PolicyError as problem:
        if given:
            raise
        raise BpError(
            f"the policy of the base cannot be used: {problem.message}",
            "If this change mends it, judge it by its own policy: --policy-from HEAD.",
        ) from None


def label(tree: GitTree) -> str:
    """How a side is called: its commit id, ``index`` or ``worktree``."""
    if isinstance(tree, WorkTree):
        return "worktree"
    return "index" if isinstance(tree, IndexTree) else tree.commit


@dataclass
class Task:
    """One comparison: both sides' scanners, with one policy and at one moment."""

    workspace: Workspace
    base: Scanner
    head: Scanner
    old: RevTree | EmptyTree
    new: GitTree
    done: run.Progress = field(default_factory=run.Progress)
    _sides: dict[str, tuple[Side | None, Side | None]] = field(default_factory=dict)

    def run(self, jobs: int | None = None) -> Difference:
        """Judge what the change can affect, on both sides."""
        changed = gitrepo.changed_paths(self.old, self.new)
        files = self._policy_files(changed)
        named = {pair for side in (self.base, self.head) for pair in affected.naming(side, changed - {*files})}
        schemas = {schema for schema, _ in named if schema in self.old.entries()}
        policy = self._listed(files)
        looked_at = changed | {blueprint for _, blueprint in named}
        pairs = affected.pairs(self.base, self.head, looked_at, bool(policy))
        policy += self._listed(sorted(schemas))
        ours = [pair for pair in pairs if pair.touched]
        before = self._judge(self.base, [_base_of(one) for one in ours if one.base], jobs)
        self.base.tree.close()  # what it has open is not to be shared with the processes that judge the head
        heads = self._heads(pairs, before)
        self._prepare(pairs, changed)
        after = self._judge(self.head, list(heads.values()), jobs)
        return self._difference(pairs, before, {path: after[ref.path] for path, ref in heads.items()}, policy)

    @cached_property
    def _configs(self) -> tuple[Config, Config]:
        """What each side says in its own bp.yaml, whichever judges."""
        old, new = (self.workspace.config(tree, None, self.workspace.packaged) for tree in (self.old, self.new))
        return old, new

    def _policy_files(self, changed: set[str]) -> list[str]:
        """The changed files that judge every engagement, whose new state must at least be free of errors."""
        files = policy_changes.policy_files(changed, self._configs, self.workspace.root, str(packaged_root()))
        if files:
            own = self.workspace.policy(self.new, self._configs[1])
            self.head.notes.update(dict.fromkeys(own.catalog.notes))
        return files

    def _listed(self, files: Sequence[str]) -> list[Entry]:
        """What is said of changed policy files: nothing of those that judge as before."""
        found = policy_changes.policy_changes(files, self.old, self.new, self._configs)
        return [(POLICY, gap) for gap in found]

    def _judge(self, scanner: Scanner, refs: Sequence[NodeRef], jobs: int | None) -> dict[str, NodeReport]:
        """The reports by path of what was asked for."""
        if not refs:
            return {}
        report, pending = run.judge(scanner, refs, run.Projection(text=False, details=True), jobs=jobs, done=self.done)
        pending.spool.close()
        return {ref.path: one for ref, one in zip(refs, report.nodes, strict=True)}

    def _heads(self, pairs: Sequence[Pair], before: Mapping[str, NodeReport]) -> dict[str, NodeRef]:
        """What to judge on the head's side, by the path of the pair."""
        found: dict[str, NodeRef] = {}
        for pair in pairs:
            if pair.head is not None:
                found[pair.head.path] = pair.head
            elif pair.base is not None and pair.base.path in before:
                orphan = affected.left_behind(before[pair.base.path], self.head)
                if orphan is not None:
                    found[pair.base.path] = orphan
        return found

    def _prepare(self, pairs: Sequence[Pair], changed: set[str]) -> None:
        """Which waivers count on the head's side, and which dates are held against the base's content."""
        self._sides = {
            pair.head.path: (policy_changes.side(self.base, pair.base), policy_changes.side(self.head, pair.head))
            for pair in pairs
            if pair.head is not None and pair.touched
        }
        counted: dict[str, Sequence[object]] = {
            path: base.waivers if base else () for path, (base, _) in self._sides.items()
        }
        for pair in pairs:
            if pair.head is not None and not pair.touched:
                own = policy_changes.side(self.head, pair.head)
                counted[pair.head.path] = own.waivers if own else ()
        self.head.granted_waivers = counted
        moved = {pair.head.path: pair.base.path for pair in pairs if pair.renamed and pair.head and pair.base}
        self.head.clock = hollow.DateOnlyChange(self.old, self.base.zone, self.base.config.limits, changed, moved)
        self.base.tree.close()

    def _difference(
        self,
        pairs: Sequence[Pair],
        before: Mapping[str, NodeReport],
        after: Mapping[str, NodeReport],
        policy: list[Entry],
    ) -> Difference:
        compared: list[Comparison] = []
        deleted: list[NodeReport] = []
        changes: list[Entry] = list(policy)
        notes = dict.fromkeys((*self.base.policy.catalog.notes, *self.base.notes, *self.head.notes))
        archetypes = self.base.policy.catalog.archetypes
        for pair in pairs:
            path = pair.path
            head = after.get(path)
            base = before.get(pair.base.path) if pair.base else None
            if head is None:
                deleted += [base] if base else []
                continue
            one = compare(head if pair.base and not pair.touched and base is None else base, head)
            compared.append(one)
            if one.hidden:
                notes[f"{head.name}: {len(one.hidden)} gaps of the base cannot be judged any more"] = None
            if pair.renamed and pair.base:
                notes[f"{pair.base.name} is now {head.name}: its gaps were compared"] = None
            if pair.head is not None and pair.touched:
                gaps = policy_changes.loosened(pair.head, *self._sides[path], archetypes)
                changes += [(head, gap) for gap in gaps]
        return Difference(
            base=label(self.old),
            head=label(self.new),
            as_of=self.base.as_of.text,
            introduced=worst_first(entry for one in compared for entry in one.introduced),
            fixed=worst_first(entry for one in compared for entry in one.fixed),
            unchanged=worst_first(entry for one in compared for entry in one.unchanged),
            policy_changes=tuple(changes),
            deleted_nodes=tuple(deleted),
            nodes=tuple(after.values()),
            notes=tuple(notes),
        )


def _base_of(pair: Pair) -> NodeRef:
    assert pair.base is not None  # noqa: S101 - asked of such pairs only
    return affected.renamed(pair.base, pair.head) if pair.renamed and pair.head else pair.base
