"""The spine: for each node, read, resolve, judge, report. Nothing else loops over nodes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from blueprint_cli.config import Config
from blueprint_cli.engagement import markdown
from blueprint_cli.engagement.infohub import InfoHub
from blueprint_cli.engagement.instance import Instance
from blueprint_cli.engagement.node import AssetFile, Node, NodeRef
from blueprint_cli.engagement.portfolio import Portfolio
from blueprint_cli.engagement.resolve import Planner
from blueprint_cli.errors import BpError
from blueprint_cli.files.tree import GONE, Change, Tree, Unreadable
from blueprint_cli.model import Location, NodeReport
from blueprint_cli.policy.load import Policy
from blueprint_cli.policy.model import Archetype
from blueprint_cli.policy.plan import Plan
from blueprint_cli.report import build
from blueprint_cli.rules import files, form
from blueprint_cli.rules import instance as instance_rules
from blueprint_cli.rules.context import Context, Finding
from blueprint_cli.rules.judge import Verdict, judge
from blueprint_cli.times import Moment, Zone
from blueprint_cli.yamlfile import Document, read

INSTANCE_SCHEMA = "blueprint.schema.json"
_DATED = (".yaml", ".yml", markdown.SUFFIX)
Watch = Callable[[Context, Verdict], None]


@dataclass
class Scanner:
    """Everything that judging a node needs, for one tree at one moment."""

    tree: Tree
    policy: Policy
    config: Config
    as_of: Moment
    zone: Zone
    policy_tree: Tree | None = None
    """Where the policy comes from, if from elsewhere."""
    track: str | None = None
    """The what-if: judge every node as if it were on this track."""
    committed: bool = False
    """Whether the committed report counts as the last gap scan (else this run does)."""
    notes: dict[str, None] = field(default_factory=dict)
    """Said once for the whole run."""
    planner: Planner = field(default_factory=Planner)
    granted_waivers: Mapping[str, Sequence[object]] | None = None
    """By path of a node the waivers within which its own count, as written (none where it is not named); None:
    all of all."""
    clock: Callable[[Context], Iterable[Finding]] | None = None
    """What Git's history says of a node's declared dates, where it is asked."""
    details: bool = True
    """Whether reports list every outcome: where nobody is shown them, a node is done 5 % sooner."""
    together: Sequence[NodeRef] = ()
    """The engagements of the run: what Git is asked of one of them, it is asked of all at once."""
    only_files: Collection[str] | None = None
    """The files that are asked for their form alone: nothing else is read, and nothing is judged."""
    _changes: dict[str, Change] = field(init=False, repr=False, default_factory=dict)

    @cached_property
    def infohub(self) -> InfoHub:
        """The files of the engagements."""
        return InfoHub(self.tree, self.policy, self.config, self.policy_tree)

    @property
    def portfolio(self) -> Portfolio:
        """The engagements of the tree."""
        return self.infohub.portfolio

    def close(self) -> None:
        """Let go of what its trees have open, as before other processes judge with them."""
        self.tree.close()
        if self.policy_tree is not None:
            self.policy_tree.close()

    def scan(self, nodes: Iterable[NodeRef]) -> Iterator[NodeReport]:
        """Judge nodes, in the order given."""
        return (self.node(ref) for ref in nodes)

    def node(self, ref: NodeRef, watch: Watch | None = None) -> NodeReport:
        """Judge one node. ``watch`` sees the case and the verdict of one that is judged."""
        return build.bounded(self._node(ref, watch), self.config.limits.message_length)

    def _node(self, ref: NodeRef, watch: Watch | None) -> NodeReport:
        place = ref.blueprint or f"{ref.path}/blueprint.yaml".lstrip("/")
        raw = self.infohub.read([place])[place]
        if ref.blueprint is None and (isinstance(raw, bytes) or raw == GONE):
            return build.unjudged(ref, self.as_of.text, [instance_rules.missing(ref)], None)
        if isinstance(raw, Unreadable):
            fault = Finding(raw.rule, f"blueprint.yaml {raw.message}", Location(place, 1, 1))
            return build.unjudged(ref, self.as_of.text, [fault], None)
        document = read(raw, self.config.limits)
        findings = instance_rules.unreadable(ref, document)
        if not document.ok:
            return build.unjudged(ref, self.as_of.text, findings, None)
        name = document.data.get("archetype")
        archetype = self.policy.catalog.archetypes.get(name) if isinstance(name, str) else None
        if archetype is None and isinstance(name, str):
            # Nothing else can be said: the schema of blueprint.yaml is that of the archetypes we know.
            findings.append(instance_rules.unknown_archetype(ref, document, name, self.policy.catalog.archetypes))
            return self._unjudged(ref, document, findings, self._known())
        findings += instance_rules.schema_faults(ref, document, self.infohub.validator(INSTANCE_SCHEMA))
        if archetype is None or any(one.rule == "invalid-blueprint" for one in findings):
            return self._unjudged(ref, document, findings, self._known())
        counted = None if self.granted_waivers is None else self.granted_waivers.get(ref.path, ())
        instance = Instance(document.data, self.zone, counted)
        if archetype.realm_scope:
            ref = self.portfolio.at_realm(ref, archetype)
        track = archetype.tracks.get(self.track or instance.track)
        if track is None:
            if self.track is not None:
                known = ", ".join(archetype.tracks)
                raise BpError(f"track `{self.track}` does not exist in {archetype.id}", f"Its tracks: {known}.")
            findings.append(instance_rules.unknown_track(ref, document, instance.track, archetype.tracks))
            return self._unjudged(ref, document, findings, archetype.assets)
        context = self._context(
            ref, document, instance, self.planner.plan(archetype, track, instance, ref.blueprint or "")
        )
        return self._judged(context, archetype, findings, watch)

    def _judged(
        self, context: Context, archetype: Archetype, findings: list[Finding], watch: Watch | None
    ) -> NodeReport:
        findings += instance_rules.semantic_faults(context.node, archetype)
        findings += files.faults(self.infohub, context.node, context.plan)
        findings += files.unrequired(
            self.infohub, context.node.ref, archetype.assets.keys() - context.plan.assets_by_path.keys()
        )
        if self.only_files is not None:
            return build.linted(context, [*findings, *form.files(context)])
        if not context.node.instance.active:
            return build.skipped(context, [*findings, *form.lint(context)])
        findings += instance_rules.missing_dates(context.node, archetype)
        if self.clock is not None:
            findings += self.clock(context)
        verdict = judge(context, findings)
        if watch is not None:
            watch(context, verdict)
        return build.judged(context, verdict, details=self.details)

    def _unjudged(self, ref: NodeRef, document: Document, findings: list[Finding], names: Iterable[str]) -> NodeReport:
        """The report of an instance that cannot be judged: what is there can at least be read."""
        return build.unjudged(
            ref, self.as_of.text, [*findings, *files.unrequired(self.infohub, ref, names)], document.data
        )

    def _known(self) -> set[str]:
        return {name for one in self.policy.catalog.archetypes.values() for name in one.assets}

    def _context(self, ref: NodeRef, document: Document, instance: Instance, plan: Plan) -> Context:
        node = Node(ref, instance, document, self.zone, self.as_of)
        node.files = self.infohub.files(ref, instance, plan, self.only_files)
        undated = [file.path for file in node.files.values() if _undated(file)]
        node.git_days = self._git_days(undated) if undated else {}
        node.reported, node.reported_at = self.reported(ref) if self.committed else (self.as_of, None)
        return Context(node, plan)

    def _git_days(self, paths: list[str]) -> dict[str, int | None]:
        days: dict[str, int | None] = {}
        changes = self.last_changes(paths)
        for path in paths:
            change = changes[path]
            if change.when is not None:
                days[path] = self.zone.instant(change.when).day
            elif change.why:
                self.notes[f"the age of some files without `last_updated` is not known: {change.why}"] = None
        return days

    def last_changes(self, paths: Iterable[str]) -> Mapping[str, Change]:
        """The last change of files, and of others: the history is walked once for all engagements of the run."""
        missing = {path for path in paths if path not in self._changes}
        if missing:
            near = {path for ref in self.together for path in self.portfolio.below(ref.path) if path.endswith(_DATED)}
            self._changes.update(self.tree.last_changes(sorted(missing | near)))
        return self._changes

    def reported(self, ref: NodeRef) -> tuple[Moment | None, Location | None]:
        """As-of of the report that is on record, and where it says so."""
        said, at = self.infohub.reported(ref)
        return self.zone.moment(said), at


def _undated(file: AssetFile) -> bool:
    document = file.document
    return document is not None and isinstance(document.data, dict) and "last_updated" not in document.data
