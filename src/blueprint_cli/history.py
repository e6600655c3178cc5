"""Health over time: old commits are judged again, each as of its own day, all by one policy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from blueprint_cli.engagement.node import NodeRef
from blueprint_cli.engagement.portfolio import Portfolio
from blueprint_cli.errors import BpError
from blueprint_cli.gitdates import checks
from blueprint_cli.gitrepo import Repo, RevTree
from blueprint_cli.model import NodeReport
from blueprint_cli.model.timeline import Point, State, Step, Timeline
from blueprint_cli.scan import Judge, Options, Scanner
from blueprint_cli.text import listed, suggest
from blueprint_cli.times import Moment, Zone, iso
from blueprint_cli.workspace import Snapshot

_SHALLOW = "the clone is shallow: older commits are not here (git fetch --unshallow; in CI: fetch-depth: 0)"


def states(
    commits: Sequence[tuple[str, datetime | None]], zone: Zone, step: Step, since: Moment | None, now: Moment
) -> tuple[list[tuple[str, int]], int]:
    """The commits of a branch to judge, and their days: oldest first, from ``commits``, which are newest first.

    A week (from Monday) or a month, in the time zone, is that of its last commit. ``since``: the earliest moment. Also
    the number of commits that are left out because their date is impossible: later than ``now`` and than the newest.
    """
    dated = [(name, zone.instant(when)) for name, when in commits if when is not None]
    horizon = max([now.last, *(at.last for _, at in dated[:1])])
    possible = [(name, at) for name, at in dated if at.first <= horizon]
    last: dict[object, tuple[str, Moment]] = {}
    for name, at in possible:
        if since is None or at.first >= since.first:
            last.setdefault(name if step is Step.COMMIT else _period(at.day, step), (name, at))
    oldest_first = list(last.values())[::-1]
    oldest_first.sort(key=lambda state: state[1].first)
    return [(name, at.day) for name, at in oldest_first], len(commits) - len(possible)


def _period(day: int, step: Step) -> tuple[int, int]:
    on = date.fromordinal(day)
    return on.isocalendar()[:2] if step is Step.WEEK else (on.year, on.month)


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

    def at(self, commit: str, day: int) -> State:
        """The engagements of a commit, as of the end of a day."""
        tree = RevTree(self.repo, commit)
        snapshot = self.today.of(tree).at(iso(day))
        refs = [ref for ref in snapshot.portfolio.nodes if self.node in (None, ref.name)]
        contents = self._contents(snapshot.portfolio, tree, refs)
        keys = {ref.path: (snapshot.as_of.text, ref.path, contents[ref.path]) for ref in refs}
        known = {key: self._known[key] for key in keys.values() if key in self._known}
        new = [ref for ref in refs if keys[ref.path] not in known]
        reports = self._reports(snapshot, new) if new else ()
        known |= {keys[ref.path]: Point.of(report) for ref, report in zip(new, reports, strict=True)}
        self._known = known  # only the state before can be of the same day
        tree.close()
        return State(snapshot.as_of.text, commit, {ref.name: known[keys[ref.path]] for ref in refs})

    def timeline(self, step: Step, judged: Sequence[State], impossible: int, policy: str) -> Timeline:
        """The states that were judged, with remarks. ``impossible``: commits left out by their date; ``policy``: whose
        policy judged. Raises BpError where no state has the one engagement of the replay."""
        notes = [f"every commit is judged by one policy, {policy}", *self.today.notes, *self._notes]
        if self.repo.is_shallow:
            notes.append(_SHALLOW)
        if impossible:
            are = "commit is" if impossible == 1 else "commits are"
            notes.append(f"{impossible} {are} left out: dated after today and after the newest one")
        timeline = Timeline(step, tuple(judged), self.node, tuple(notes))
        if self.node is not None and not timeline.names:
            known = sorted(ref.name for ref in self.today.portfolio.nodes)
            hint = f"Name REALM/NODE, for example {listed(known, 5)}." if known else None
            raise BpError(f"there is no engagement {self.node} in this period", suggest(self.node, known) or hint)
        return timeline

    def _reports(self, snapshot: Snapshot, nodes: Sequence[NodeRef]) -> Sequence[NodeReport]:
        date_check, notes = checks.configured(snapshot, nodes)
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
        return {
            ref.path: tuple(f"{path}:{blobs[path]}" for path in (*portfolio.below(ref.path), *schemas) if path in blobs)
            for ref in refs
        }
