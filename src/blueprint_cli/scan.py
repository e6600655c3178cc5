"""Start here. For each engagement: read its blueprint, plan what it requires, judge it, report.

``Workspace.find(paths)`` says where a run stands, ``Workspace.open(tree)`` gives a ``Snapshot`` (files, configuration,
policy, moment), and a ``Scanner`` judges engagements of it. Nothing else loops over engagements.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from blueprint_cli.engagement.customers import Customers
from blueprint_cli.engagement.instance import Instance
from blueprint_cli.engagement.node import AssetFile, Node, NodeRef
from blueprint_cli.errors import BpError
from blueprint_cli.files.tree import GONE, Unreadable
from blueprint_cli.model import Location, NodeReport
from blueprint_cli.policy.model import Archetype
from blueprint_cli.policy.plan import Plan
from blueprint_cli.predicates.scope import State
from blueprint_cli.report import build
from blueprint_cli.rules import files, form
from blueprint_cli.rules import instance as instance_rules
from blueprint_cli.rules.context import Context, Finding, every, few
from blueprint_cli.workspace import Snapshot
from blueprint_cli.yamlfile import Document, read

if TYPE_CHECKING:
    from blueprint_cli.gitdates.checks import DateCheck
    from blueprint_cli.rules.judge import Verdict

    Watch = Callable[[Context, Verdict], None]


@dataclass(frozen=True)
class Options:
    """How the engagements of a run are judged."""

    track: str | None = None
    """What if: judge every engagement as if it were on this track."""
    committed_report: bool = False
    """Whether the committed report counts as the last gap scan (otherwise this run does)."""
    granted_waivers: Mapping[str, Sequence[object]] | None = None
    """Waivers already granted in the base, by node path. A waiver counts only if the base granted it. None: all
    waivers count."""
    date_check: DateCheck | None = None
    """Where given: finds declared dates that Git's history contradicts."""
    details: bool = True
    """Whether reports list every outcome. Without the lists, an engagement takes less time (D-72)."""
    every_gap: bool = False
    """Whether a report has all gaps of a kind, to be compared with another one; else the first hundred."""
    blueprints: Mapping[str, Document] | None = None
    """What if: the blueprint.yaml that counts, by node path, instead of the one that is there."""
    only_files: Collection[str] | None = None
    """Files to check for their form alone: nothing else is read, and no requirement is judged. None: judge all."""


@dataclass(frozen=True)
class Scanner:
    """Judges engagements of one snapshot."""

    snapshot: Snapshot
    nodes: Sequence[NodeRef]
    """All engagements of the run, so that one history walk serves them all."""
    options: Options = field(default_factory=Options)
    notes: dict[str, None] = field(default_factory=dict)
    """Remarks on the run as a whole: each once, in order."""

    @cached_property
    def customers(self) -> Customers:
        """Whose engagements those of a realm are."""
        return Customers(self.snapshot.infohub)

    def scan(self, nodes: Iterable[NodeRef] | None = None) -> Iterator[NodeReport]:
        """Judge the engagements of the run, or only some of them, in the order given."""
        return (self.node(ref) for ref in (self.nodes if nodes is None else nodes))

    def node(self, ref: NodeRef, watch: Watch | None = None) -> NodeReport:
        """Judge one engagement. ``watch`` sees the context and the verdict of one that can be judged."""
        return build.bounded(self._node(ref, watch), self.snapshot.config.limits.message_length)

    def _node(self, ref: NodeRef, watch: Watch | None) -> NodeReport:
        infohub, archetypes = self.snapshot.infohub, self.snapshot.policy.catalog.archetypes
        document, findings = self._blueprint(ref)
        if self.options.only_files is None:
            findings += instance_rules.namesakes(ref, infohub.portfolio.others_of_name(ref))
        if document is None:
            return build.unjudged(ref, self.snapshot.as_of.text, self._reported(findings), None)
        findings += instance_rules.surplus(ref)
        name = document.data.get("archetype")
        archetype = archetypes.get(name) if isinstance(name, str) else None
        if archetype is None and isinstance(name, str):
            # Nothing else can be checked: the schema of blueprint.yaml is that of the known archetypes.
            findings.append(instance_rules.unknown_archetype(ref, document, name, archetypes))
            return self._unjudged(ref, document, findings, archetypes.values())
        findings += instance_rules.schema_faults(
            ref, document, infohub.validator(instance_rules.SCHEMA), self.snapshot.config.timezone
        )
        if archetype is None or any(finding.rule == "invalid-blueprint" for finding in findings):
            return self._unjudged(ref, document, findings, archetypes.values())
        granted = self.options.granted_waivers
        instance = Instance(document.data, self.snapshot.zone, None if granted is None else granted.get(ref.path, ()))
        if archetype.realm_scope:
            ref = infohub.portfolio.at_realm(ref, archetype)
        track = archetype.tracks.get(self.options.track or instance.track)
        if track is None:
            if self.options.track is not None:
                what_if, known = self.options.track, ", ".join(archetype.tracks)
                raise BpError(f"track `{what_if}` does not exist in {archetype.id}", f"Its tracks: {known}.")
            findings.append(instance_rules.unknown_track(ref, document, instance.track, archetype.tracks))
            return self._unjudged(ref, document, findings, [archetype])
        plan = self.snapshot.planner.plan(archetype, track, instance, ref.blueprint or "")
        return self._judged(self._context(ref, document, instance, plan), findings, watch)

    def _blueprint(self, ref: NodeRef) -> tuple[Document | None, list[Finding]]:
        """The engagement's blueprint.yaml, None where it cannot be read, and what is wrong with it as YAML."""
        if self.options.blueprints is not None and ref.path in self.options.blueprints:
            return self.options.blueprints[ref.path], []
        path = ref.blueprint or f"{ref.path}/{ref.wanted}".lstrip("/")
        raw = self.snapshot.infohub.read([path])[path]
        if ref.blueprint is None and (isinstance(raw, bytes) or raw == GONE):
            return None, [instance_rules.missing(ref)]
        if isinstance(raw, Unreadable):
            return None, [Finding(raw.rule, f"{path.rpartition('/')[2]} {raw.message}", Location(path, 1, 1))]
        document = read(raw, self.snapshot.config.limits)
        return document if document.ok else None, instance_rules.unreadable(ref, document)

    def _unjudged(
        self, ref: NodeRef, document: Document, findings: list[Finding], archetypes: Iterable[Archetype]
    ) -> NodeReport:
        """The report of an instance that cannot be judged: what may be its assets can at least be read."""
        assets = {asset for archetype in archetypes for asset in archetype.assets}
        unread = files.unrequired(self.snapshot.infohub, ref, assets)
        rest = few(files.readable(self.snapshot.infohub, ref, assets))
        return build.unjudged(ref, self.snapshot.as_of.text, self._reported([*findings, *unread, *rest]), document.data)

    def _context(self, ref: NodeRef, document: Document, instance: Instance, plan: Plan) -> Context:
        snapshot, options = self.snapshot, self.options
        assets = snapshot.infohub.files(ref, instance, plan, options.only_files)
        days: dict[str, int] = {}
        strays: list[str] = []
        if options.only_files is None:
            days = self._commit_days(assets.values())
            there = [file.path for file in assets.values() if file.state is not State.ABSENT]
            strays = snapshot.infohub.strays(ref, plan, there)
        reported = snapshot.reported(ref) if options.committed_report else (snapshot.as_of, None)
        facts = (snapshot.zone, snapshot.as_of, assets, days, *reported, tuple(strays))
        return Context(Node(ref, instance, document, *facts), plan)

    def _judged(self, context: Context, findings: list[Finding], watch: Watch | None) -> NodeReport:
        infohub, node, plan = self.snapshot.infohub, context.node, context.plan
        findings += instance_rules.semantic_faults(node, plan.archetype)
        findings += files.faults(infohub, node, plan)
        findings += files.unrequired(infohub, node.ref, plan.archetype.assets.keys() - plan.assets_by_path.keys())
        if self.options.only_files is not None:
            return build.linted(context, [*findings, *form.files(context)])
        if not node.instance.active:
            return build.skipped(context, self._reported([*findings, *form.lint(context)]))
        findings += instance_rules.missing_dates(node, plan.archetype)
        if self.options.date_check is not None:
            findings += self.options.date_check(context)
        from blueprint_cli.rules.contradictions import other_customer  # late: `bp lint` of one file judges nothing
        from blueprint_cli.rules.judge import judge

        if plan.archetype.customer is not None:
            findings += other_customer(context, self.customers.others(node.ref, plan.archetype.customer))

        verdict = judge(context, findings)
        if watch is not None:
            watch(context, verdict)
        reported = replace(verdict, findings=tuple(self._reported(verdict.findings)))
        return build.judged(context, reported, details=self.options.details)

    def _reported(self, findings: Iterable[Finding]) -> Iterable[Finding]:
        return every(findings) if self.options.every_gap else findings

    def _commit_days(self, assets: Iterable[AssetFile]) -> dict[str, int]:
        """The day of the last commit of each file that declares no date, where Git knows it."""
        undated = [file.path for file in assets if file.undated]
        changes = self.snapshot.infohub.last_changes(undated, self.nodes) if undated else {}
        days: dict[str, int] = {}
        for path in undated:
            change = changes[path]
            if change.when is not None:
                days[path] = self.snapshot.zone.instant(change.when).day
            elif change.why:
                self.notes[f"the age of some files without `last_updated` is not known: {change.why}"] = None
        return days


Judge = Callable[[Scanner], Sequence[NodeReport]]
"""Judges the engagements of a run, in their order: in one process or in many."""
