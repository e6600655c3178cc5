"""One comparison from start to end: what a change can affect is judged on both sides, and the gaps are compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from blueprint_cli import gitrepo
from blueprint_cli.config import Config
from blueprint_cli.diff import affected, new_policy, policy_changes, terms
from blueprint_cli.diff.affected import Pair
from blueprint_cli.diff.compare import POLICY, Comparison, Counterparts, compare
from blueprint_cli.diff.policy_changes import Side
from blueprint_cli.engagement.node import NodeRef
from blueprint_cli.errors import BpError
from blueprint_cli.gitdates.hollow import DateOnlyChange
from blueprint_cli.gitrepo import Committed, EmptyTree, GitTree, IndexTree, RevTree, WorkTree
from blueprint_cli.model import NodeReport
from blueprint_cli.model.difference import Difference, NodeGap, worst_first
from blueprint_cli.rules.context import MAX_COMPARED
from blueprint_cli.scan import Judge, Options, Scanner
from blueprint_cli.text import count
from blueprint_cli.workspace import Snapshot, Workspace
from blueprint_cli.yamlfile import Document

Sides = Mapping[str, tuple[Side | None, Side | None]]
"""The blueprint.yaml of base and head, by path of an engagement of the head that the change touches."""


def trees(workspace: Workspace, base: str, head: str | None, staged: bool) -> tuple[Committed, GitTree]:
    """The trees to compare. That of the base is of the commit where the head branched off from it, if there is one.

    ``head`` None: the index where ``staged``, else the work tree.
    """
    if staged and head is not None:
        raise BpError("--staged judges the index: it takes no HEAD", "Leave one of them out.")
    repo = workspace.require("bp diff")
    commit = gitrepo.head(repo) if head is None else gitrepo.resolve(repo, head)
    old = gitrepo.resolve(repo, base)
    if old is not None and commit is not None and old != commit:
        old = gitrepo.merge_base(repo, old, commit)
    new: GitTree
    if head is not None:
        new = EmptyTree(repo) if commit is None else RevTree(repo, commit)
    elif staged:
        new = IndexTree(repo)
    elif repo.top is None:
        raise BpError(f"{repo.place} has no work tree to judge", "Name the revision: bp diff BASE HEAD.")
    else:
        new = WorkTree(repo)
    return EmptyTree(repo) if old is None else RevTree(repo, old), new


@dataclass(frozen=True)
class Change:
    """The two sides of a change, judged by one policy and as of one moment."""

    workspace: Workspace
    base: Snapshot
    """Of the tree ``old``."""
    old: Committed
    new: GitTree
    judge: Judge
    strict: bool = False
    """Whether policy changes are errors, and deleted engagements are among them."""
    _notes: dict[str, None] = field(default_factory=dict, init=False)

    @cached_property
    def head(self) -> Snapshot:
        """The new tree by the policy, and as of the moment, of the base."""
        return self.base.of(self.new)

    def difference(self) -> Difference:
        """Judge what the change can affect, on both sides."""
        changed = gitrepo.changed_paths(self.old, self.new)
        files = policy_changes.policy_files(changed, self._configs, self.workspace.root)
        # The new policy is not in force, but it must be valid.
        own = self.workspace.policy(self.new, self._configs[1]) if files else None
        named = {pair for side in (self.base, self.head) for pair in affected.naming(side, changed - {*files})}
        schemas = {schema for schema, _ in named if schema in self.old.entries()}
        policy = self._policy_changes(files)
        pairs = affected.pairs(self.base, self.head, changed | {path for _, path in named}, everything=bool(policy))
        policy += self._policy_changes(sorted(schemas))
        own_head = None if own is None else new_policy.by_own(self.base, self.new, own)
        new = new_policy.engagements(pairs, self.base, own_head, changed, files) if own_head else []
        by_own = {pair.path: pair.head for pair in new if pair.head}
        pairs = sorted({pair.path: pair for pair in (*pairs, *new)}.values(), key=lambda pair: pair.path)

        self._notes.update(dict.fromkeys(self.base.notes))
        if not changed:
            what = "nothing is staged" if isinstance(self.new, IndexTree) else "nothing differs"
            self._notes[f"{what}: nothing was judged"] = None
        touched = [affected.base_of(pair) for pair in pairs if pair.touched and pair.base]
        before = self._judge(self.base, touched, Options(every_gap=True))
        self._notes.update(dict.fromkeys(own.catalog.notes if own else ()))
        heads = self._heads(pairs, before)
        sides = {
            pair.head.path: (policy_changes.side(self.base, pair.base), policy_changes.side(self.head, pair.head))
            for pair in pairs
            if pair.head is not None and pair.touched
        }
        moved = {pair.head.path: pair.base.path for pair in pairs if pair.renamed and pair.head and pair.base}
        dates = DateOnlyChange(self.old, self.base.zone, self.base.config.limits, changed, moved)
        options = Options(granted_waivers=self._granted(pairs, sides), date_check=dates, every_gap=True)
        self.old.close()  # what it has open is not to be shared with the processes that judge the head
        reports = self._judge(self.head, [ref for path, ref in heads.items() if path not in by_own], options)
        if own_head is not None:
            reports |= self._judge(own_head, list(by_own.values()), options)
        after = {path: reports[ref.path] for path, ref in heads.items()}
        others = self._counterparts(pairs, before, after, sides, options)
        compared = [self._compare(pair, before, after, others, changed) for pair in pairs if pair.path in after]
        return self._difference(pairs, before, after, sides, policy, compared)

    @cached_property
    def _configs(self) -> tuple[Config, Config]:
        """What the bp.yaml of each side says, whichever side's policy is in force."""
        return self.workspace.config(self.old), self.workspace.config(self.new)

    def _policy_changes(self, files: Sequence[str]) -> list[NodeGap]:
        """What has to be reported of changed policy files: nothing of those that judge as before."""
        return [NodeGap(POLICY, gap) for gap in policy_changes.policy_changes(files, self.old, self.new, self._configs)]

    def _judge(self, snapshot: Snapshot, nodes: Sequence[NodeRef], options: Options) -> dict[str, NodeReport]:
        if not nodes:
            return {}
        scanner = Scanner(snapshot, nodes, options)
        reports = self.judge(scanner)
        self._notes.update(scanner.notes)
        return {ref.path: report for ref, report in zip(nodes, reports, strict=True)}

    def _heads(self, pairs: Sequence[Pair], before: Mapping[str, NodeReport]) -> dict[str, NodeRef]:
        """What to judge on the head's side, by the path of the pair."""
        heads: dict[str, NodeRef] = {}
        for pair in pairs:
            if pair.head is not None:
                heads[pair.head.path] = pair.head
            elif pair.base is not None and pair.base.path in before:
                orphan = affected.orphaned(before[pair.base.path], self.head)
                if orphan is not None:
                    heads[pair.base.path] = orphan
        return heads

    def _granted(self, pairs: Sequence[Pair], sides: Sides) -> dict[str, Sequence[object]]:
        """The waivers that count on the head's side: those of the base, and all of an engagement that is as it was."""
        granted: dict[str, Sequence[object]] = {path: base.waivers if base else () for path, (base, _) in sides.items()}
        for pair in pairs:
            if pair.head is not None and not pair.touched:
                own = policy_changes.side(self.head, pair.head)
                granted[pair.head.path] = own.waivers if own else ()
        return granted

    def _counterparts(
        self,
        pairs: Sequence[Pair],
        before: Mapping[str, NodeReport],
        after: Mapping[str, NodeReport],
        sides: Sides,
        options: Options,
    ) -> dict[str, Counterparts]:
        """Each side's files by the other side's terms, where those differ, by the path of the pair."""
        archetypes = self.base.policy.catalog.archetypes
        of_head: dict[str, Document] = {}
        of_base: dict[str, Document] = {}
        both = [pair for pair in pairs if pair.touched and pair.base and pair.head]
        for pair in both:
            old, new = sides[pair.path]
            if document := terms.head_as_before(old, new, archetypes):
                of_head[pair.path] = document
            if document := terms.base_as_now(before[affected.base_of(pair).path], after[pair.path], old, new):
                of_base[affected.base_of(pair).path] = document
        granted = options.granted_waivers or {}
        waivers = {affected.base_of(pair).path: granted.get(pair.path, ()) for pair in both}
        heads = [pair.head for pair in both if pair.head and pair.path in of_head]
        bases = [affected.base_of(pair) for pair in both if affected.base_of(pair).path in of_base]
        as_before = self._judge(self.head, heads, replace(options, blueprints=of_head))
        as_now = self._judge(self.base, bases, Options(granted_waivers=waivers, every_gap=True, blueprints=of_base))
        return {
            pair.path: Counterparts(as_before.get(pair.path), as_now.get(affected.base_of(pair).path)) for pair in both
        }

    def _compare(
        self,
        pair: Pair,
        before: Mapping[str, NodeReport],
        after: Mapping[str, NodeReport],
        others: Mapping[str, Counterparts],
        changed: Collection[str],
    ) -> Comparison:
        head = after[pair.path]
        base = before.get(pair.base.path) if pair.base else None
        if base is None and pair.base and not pair.touched:
            base = head  # as it was
        comparison = compare(base, head, others.get(pair.path), changed)
        if comparison.hidden:
            self._notes[
                f"{head.name}: {count(len(comparison.hidden), 'gap')} of the base cannot be judged any more"
            ] = None
        for report in (base, head) if base else ():
            kinds = Counter((gap.rule, gap.location.path) for gap in report.gaps)
            for rule, path in [kind for kind, number in kinds.items() if number >= MAX_COMPARED]:
                self._notes[f"{path} has {MAX_COMPARED:,} gaps of {rule} or more: not all of them were compared"] = None
        if pair.renamed and pair.base:
            self._notes[f"{pair.base.name} is now {head.name}: its gaps were compared"] = None
        return comparison

    def _difference(
        self,
        pairs: Sequence[Pair],
        before: Mapping[str, NodeReport],
        after: Mapping[str, NodeReport],
        sides: Sides,
        policy: Sequence[NodeGap],
        compared: Sequence[Comparison],
    ) -> Difference:
        gone = [pair.base.path for pair in pairs if pair.base and pair.path not in after]
        deleted = [before[path] for path in gone if path in before]
        changes: list[NodeGap] = list(policy)
        archetypes = self.base.policy.catalog.archetypes
        for pair in pairs:
            if pair.head is not None and pair.touched:
                loosened = policy_changes.loosened(pair.head, *sides[pair.head.path], archetypes)
                changes += [NodeGap(after[pair.path], gap) for gap in loosened]
        lists = ("introduced", "fixed", "uncovered", "excused", "unchanged")
        return Difference(
            base=_label(self.old),
            head=_label(self.new),
            as_of=self.base.as_of.text,
            **{name: worst_first(entry for each in compared for entry in getattr(each, name)) for name in lists},
            policy_changes=policy_changes.as_errors(changes, deleted) if self.strict else tuple(changes),
            deleted_nodes=tuple(deleted),
            nodes=tuple(after.values()),
            notes=tuple(self._notes),
        )


def _label(tree: GitTree) -> str:
    """A side's name: its commit id, ``index`` or ``worktree``."""
    if isinstance(tree, WorkTree):
        return "worktree"
    return "index" if isinstance(tree, IndexTree) else tree.commit
