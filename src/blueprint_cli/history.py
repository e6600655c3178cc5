"""Compliance over time: old commits are judged again, each as of its own day, all by one policy."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from blueprint_cli.engagement.node import NodeRef
from blueprint_cli.engagement.portfolio import Portfolio
from blueprint_cli.errors import BpError
from blueprint_cli.gitdates import checks
from blueprint_cli.gitdates.hollow import SUFFIXES
from blueprint_cli.gitrepo import Repo, RevTree
from blueprint_cli.model import NodeReport
from blueprint_cli.model.timeline import Point, State, Step, Timeline
from blueprint_cli.scan import Judge, Options, Scanner
from blueprint_cli.text import listed, suggest
from blueprint_cli.times import Moment, Zone, iso
from blueprint_cli.workspace import Snapshot

_SHALLOW = "the clone is shallow: older commits are not here (git fetch --unshallow; in CI: fetch-depth: 0)"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the timeline to be: a commit, and the day as of whose end it is judged."""

    day: int
    commit: str
    own: bool
    """Whether the step has a commit of its own; otherwise the last one before it stands."""


def rows(
    commits: Sequence[tuple[str, datetime | None]],
    zone: Zone,
    step: Step,
    now: Moment,
    since: Moment | None = None,
    until: Moment | None = None,
) -> tuple[list[Row], int]:
    """The rows of a timeline, oldest first, from the ``commits`` of a branch, which are newest first.

    A week (from Monday) or a month, in the time zone, is that of its last commit, as of that commit's day; one without
    a commit has the tree of the step before, as of its last day. The last row is as of ``until``, by default ``now``.
    Also the number of commits that are left out because their date is impossible: later than ``now`` and than the
    newest.
    """
    dated = [(name, zone.instant(when)) for name, when in commits if when is not None]
    horizon = max([now.last, *(at.last for _, at in dated[:1])])
    possible = [(name, at) for name, at in dated if at.first <= horizon]
    end = until or now
    own: dict[object, tuple[str, Moment]] = {}
    before: str | None = None
    for name, at in possible:
        if until is not None and at.first > until.last:
            continue
        if since is None or at.first >= since.first:
            own.setdefault(name if step is Step.COMMIT else _period(at.day, step), (name, at))
        elif before is None:
            before = name
    planned = [Row(at.day, name, True) for name, at in sorted(own.values(), key=lambda state: state[1].first)]
    return _carried(planned, before, step, since, end.day), len(commits) - len(possible)


def _carried(planned: Sequence[Row], before: str | None, step: Step, since: Moment | None, end: int) -> list[Row]:
    """The rows with one for each step without a commit, up to the day ``end``. ``before``: the last commit before
    ``since``, with whose tree the first steps begin."""
    first = since.day if since is not None and before is not None else planned[0].day if planned else end + 1
    if step is Step.COMMIT:
        commit = planned[-1].commit if planned else before
        late = commit is not None and first <= end and (not planned or planned[-1].day < end)
        return [*planned, *([Row(end, commit, False)] if late and commit is not None else [])]
    known = {_period(row.day, step): row for row in planned}
    filled: list[Row] = []
    while first <= end:
        last = min(_last_day(first, step), end)
        row = known.pop(_period(first, step), None)
        if row is not None:
            before = row.commit
            filled.append(replace(row, day=max(row.day, end)) if last == end else row)
        elif before is not None:
            filled.append(Row(last, before, False))
        first = last + 1
    return [*filled, *known.values()]


def _period(day: int, step: Step) -> tuple[int, int]:
    on = date.fromordinal(day)
    return on.isocalendar()[:2] if step is Step.WEEK else (on.year, on.month)


def _last_day(day: int, step: Step) -> int:
    """The last day of the week or month of a day."""
    on = date.fromordinal(day)
    return day + 6 - on.weekday() if step is Step.WEEK else day - on.day + monthrange(on.year, on.month)[1]


@dataclass
class _Opened:
    """A commit with all that judging it takes on any day: its history is walked once."""

    commit: str
    snapshot: Snapshot
    nodes: Sequence[NodeRef]
    contents: Mapping[str, tuple[str, ...]]
    """What the report of each engagement depends on, by its path."""

    @cached_property
    def date_check(self) -> tuple[checks.DateCheck | None, list[str]]:
        """The check of declared dates, and remarks on it."""
        return checks.configured(self.snapshot, self.nodes)

    def walk(self) -> None:
        """Look up when its files changed, for a commit that is judged again: here, once, and not in each process that
        judges, each time."""
        infohub = self.snapshot.infohub
        paths = [path for ref in self.nodes for path in infohub.portfolio.below(ref.path)]
        infohub.last_changes([path for path in paths if path.endswith(SUFFIXES)], self.nodes)


@dataclass
class Replay:
    """Judges one commit after the other by the policy of ``today``. An engagement that did not change is judged again
    only as of another day."""

    repo: Repo
    today: Snapshot
    judge: Judge
    node: str | None = None
    _notes: dict[str, None] = field(default_factory=dict)
    _known: dict[tuple[str, str, tuple[str, ...]], Point] = field(default_factory=dict)
    _opened: _Opened | None = None
    _names: dict[str, str] = field(default_factory=dict)
    """The name of each engagement that was judged, by its directory."""

    def at(self, row: Row) -> State:
        """The engagements of a commit by directory, as of the end of a day."""
        opened = self._open(row.commit)
        snapshot = opened.snapshot.at(iso(row.day))
        keys = {ref.path: (snapshot.as_of.text, ref.path, opened.contents[ref.path]) for ref in opened.nodes}
        known = {key: self._known[key] for key in keys.values() if key in self._known}
        new = [ref for ref in opened.nodes if keys[ref.path] not in known]
        reports = self._reports(snapshot, opened, new) if new else ()
        known |= {keys[ref.path]: Point.of(report) for ref, report in zip(new, reports, strict=True)}
        self._known = known  # only the row before can be of the same day
        snapshot.tree.close()
        points = {ref.path: known[keys[ref.path]] for ref in opened.nodes}
        self._names.update((ref.path, ref.name) for ref in opened.nodes)
        return State(snapshot.as_of.text, row.commit if row.own else None, points)

    def timeline(self, step: Step, judged: Sequence[State], impossible: int, policy: str) -> Timeline:
        """The states that were judged, with remarks. ``impossible``: commits left out by their date; ``policy``: whose
        policy judged. Raises BpError where no state has the one engagement of the replay."""
        notes = [f"every commit is judged by one policy, {policy}", *self.today.notes, *self._notes]
        if self.repo.is_shallow:
            notes.append(_SHALLOW)
        if impossible:
            are = "commit is" if impossible == 1 else "commits are"
            notes.append(f"{impossible} {are} left out: dated after today and after the newest one")
        timeline = Timeline(step, tuple(map(self._named(judged), judged)), self.node, tuple(notes))
        if self.node is not None and not timeline.names:
            known = sorted(ref.name for ref in self.today.portfolio.nodes)
            hint = f"Name REALM/NODE, for example {listed(known, 5)}." if known else None
            raise BpError(f"there is no engagement {self.node} in this period", suggest(self.node, known) or hint)
        return timeline

    def _named(self, states: Sequence[State]) -> Callable[[State], State]:
        """Gives the engagements of a state their names. One that several of one state have tells none of them apart:
        then they are called by their directories. One that has moved keeps its name."""
        names = self._names
        shared = {
            name for state in states for name, number in Counter(map(names.get, state.nodes)).items() if number > 1
        }
        labels = {path: path if name in shared else name for path, name in names.items()}
        return lambda state: replace(state, nodes={labels[path]: point for path, point in state.nodes.items()})

    def _open(self, commit: str) -> _Opened:
        """A commit: the one of the row before, where that is carried on."""
        if self._opened is None or self._opened.commit != commit:
            tree = RevTree(self.repo, commit)
            snapshot = self.today.of(tree)
            refs = self._chosen(snapshot.portfolio.nodes)
            contents = self._contents(snapshot.portfolio, tree, refs)
            self._opened = _Opened(commit, snapshot, refs, contents)
        else:
            self._opened.walk()
        return self._opened

    def _chosen(self, nodes: Sequence[NodeRef]) -> Sequence[NodeRef]:
        """The engagements of the replay: all, or those at the directory or else of the name that was given."""
        if self.node is None:
            return nodes
        return [ref for ref in nodes if ref.path == self.node] or [ref for ref in nodes if ref.name == self.node]

    def _reports(self, snapshot: Snapshot, opened: _Opened, nodes: Sequence[NodeRef]) -> Sequence[NodeReport]:
        date_check, notes = opened.date_check
        options = Options(date_check=date_check, details=False)
        scanner = Scanner(snapshot, nodes, options, dict.fromkeys(notes))
        reports = self.judge(scanner)
        self._notes.update(scanner.notes)
        return reports

    def _contents(self, portfolio: Portfolio, tree: RevTree, refs: Iterable[NodeRef]) -> dict[str, tuple[str, ...]]:
        """What the report of each engagement depends on: the whole tree where engagements share files."""
        blobs = tree.blobs()
        if any(archetype.realm_scope for archetype in portfolio.catalog.archetypes.values()):
            everything = tuple(f"{path}:{blob}" for path, blob in blobs.items())
            return {ref.path: everything for ref in refs}
        schemas = [path for path in blobs if path.endswith(".schema.json")]
        files = {ref.path: [path for path in (*portfolio.below(ref.path), *schemas) if path in blobs] for ref in refs}
        return {
            ref.path: (*(f"{path}:{blobs[path]}" for path in files[ref.path]), *portfolio.others_of_name(ref))
            for ref in refs
        }
