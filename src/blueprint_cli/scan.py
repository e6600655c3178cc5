"""The spine: for each node, read, resolve, judge, report. Nothing else loops over nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from blueprint_cli import mdfile, report
from blueprint_cli.catalog.load import SCHEMAS, Policy
from blueprint_cli.catalog.model import Archetype
from blueprint_cli.config import Config
from blueprint_cli.errors import BpError
from blueprint_cli.instance import Instance
from blueprint_cli.model import Location, NodeReport
from blueprint_cli.node import ABSENT, BROKEN, AssetFile, Node, NodeRef, judge_file
from blueprint_cli.plan import AssetRequirement, Plan
from blueprint_cli.portfolio import Portfolio
from blueprint_cli.resolve import Planner
from blueprint_cli.rules import assets, blueprint
from blueprint_cli.rules.base import Case, Finding, few
from blueprint_cli.rules.judge import Verdict, judge
from blueprint_cli.schema import Validator
from blueprint_cli.times import Moment, Zone
from blueprint_cli.tree import Kind, Tree, Unreadable
from blueprint_cli.yamlfile import Document, read

INSTANCE_SCHEMA = "blueprint.schema.json"
_TOGETHER = 4
"""Files of the largest size that the assets of one engagement may fill."""
Watch = Callable[[Case, Verdict], None]


@dataclass
class Scanner:
    """Everything that judging a node needs, for one tree at one moment."""

    tree: Tree
    policy: Policy
    config: Config
    as_of: Moment
    zone: Zone
    track: str | None = None
    """The what-if: judge every node as if it were on this track."""
    committed: bool = False
    """Whether the committed report counts as the last gap scan (else this run does)."""
    notes: dict[str, None] = field(default_factory=dict)
    """Said once for the whole run."""
    planner: Planner = field(default_factory=Planner)
    counted_waivers: Mapping[str, Sequence[object]] | None = None
    """By path of a node the waivers that count, as written (none where it is not named); None: all of all."""
    clock: Callable[[Case], Iterable[Finding]] | None = None
    """What Git's history says of a node's declared dates, where it is asked."""
    details: bool = True
    """Whether reports list every outcome: where nobody is shown them, a node is done 5 % sooner."""

    @cached_property
    def portfolio(self) -> Portfolio:
        """The engagements of the tree."""
        return Portfolio(self.tree, self.config, self.policy.catalog)

    def scan(self, nodes: Iterable[NodeRef]) -> Iterator[NodeReport]:
        """Judge nodes, in the order given."""
        return (self.node(ref) for ref in nodes)

    def node(self, ref: NodeRef, watch: Watch | None = None) -> NodeReport:
        """Judge one node. ``watch`` sees the case and the verdict of one that is judged."""
        return report.bounded(self._node(ref, watch), self.config.limits.message_length)

    def _node(self, ref: NodeRef, watch: Watch | None) -> NodeReport:
        if ref.blueprint is None:
            return report.plain(ref, self.as_of.text, [blueprint.missing(ref)], None)
        raw = self._read([ref.blueprint])[ref.blueprint]
        if isinstance(raw, Unreadable):
            fault = Finding(raw.rule, f"blueprint.yaml {raw.message}", Location(ref.blueprint, 1, 1))
            return report.plain(ref, self.as_of.text, [fault], None)
        document = read(raw, self.config.limits)
        findings = blueprint.unreadable(ref, document)
        if not document.ok:
            return report.plain(ref, self.as_of.text, findings, None)
        name = document.data.get("archetype")
        archetype = self.policy.catalog.archetypes.get(name) if isinstance(name, str) else None
        if archetype is None and isinstance(name, str):
            # Nothing else can be said: the schema of blueprint.yaml is that of the archetypes we know.
            findings.append(blueprint.unknown_archetype(ref, document, name, self.policy.catalog.archetypes))
            return report.plain(ref, self.as_of.text, [*findings, *self._loose(ref, self._known())], document.data)
        findings += blueprint.schema_faults(ref, document, self._validator(INSTANCE_SCHEMA))
        if archetype is None or any(one.rule == "invalid-blueprint" for one in findings):
            return report.plain(ref, self.as_of.text, [*findings, *self._loose(ref, self._known())], document.data)
        counted = None if self.counted_waivers is None else self.counted_waivers.get(ref.path, ())
        instance = Instance(document.data, self.zone, counted)
        if archetype.realm_scope:
            ref = self.portfolio.at_realm(ref, archetype)
        return self._judge(ref, document, instance, archetype, findings, watch)

    def _judge(
        self,
        ref: NodeRef,
        document: Document,
        instance: Instance,
        archetype: Archetype,
        findings: list[Finding],
        watch: Watch | None,
    ) -> NodeReport:
        track = archetype.tracks.get(self.track or instance.track)
        if track is None:
            if self.track is not None:
                known = ", ".join(archetype.tracks)
                raise BpError(f"track `{self.track}` does not exist in {archetype.id}", f"Its tracks: {known}.")
            findings.append(blueprint.unknown_track(ref, document, instance.track, archetype.tracks))
            return report.plain(ref, self.as_of.text, [*findings, *self._loose(ref, archetype.assets)], document.data)
        case = self._case(ref, document, instance, self.planner.plan(archetype, track, instance, ref.blueprint or ""))
        findings += blueprint.semantic_faults(case.node, archetype)
        findings += [*few(self._paths(case)), *few(self._schemas(case))]
        findings += self._loose(ref, archetype.assets.keys() - case.plan.assets_by_path.keys())
        if not instance.active:
            return report.skipped(case, [*findings, *self._linted(case)])
        findings += blueprint.missing_dates(case.node, archetype)
        if self.clock is not None:
            findings += self.clock(case)
        verdict = judge(case, findings)
        if watch is not None:
            watch(case, verdict)
        return report.judged(case, verdict, details=self.details)

    def _case(self, ref: NodeRef, document: Document, instance: Instance, plan: Plan) -> Case:
        node = Node(ref, instance, document, self.zone, self.as_of)
        found = {one.path: self._find(ref, instance, one.path) for one in plan.assets}
        contents = self._within_reason(self._read([path for path, there in found.values() if there]))
        files: dict[str, AssetFile] = {}
        for one in plan.assets:
            path, there = found[one.path]
            files[one.path] = self._file(path, contents.get(path), one) if there else self._lacking(path)
        node.files = files
        undated = [file.path for file in files.values() if _undated(file)]
        node.git_days = self._git_days(undated) if undated else {}
        node.reported, node.reported_at = self.reported(ref) if self.committed else (self.as_of, None)
        return Case(node, plan)

    def _within_reason(self, contents: Mapping[str, bytes | Unreadable]) -> Mapping[str, bytes | Unreadable]:
        """Files that are each within the limit may be too much together: what is beyond that is not looked into."""
        left = most = _TOGETHER * self.config.limits.file_bytes
        if sum(len(raw) for raw in contents.values() if isinstance(raw, bytes)) <= most:
            return contents
        message = f"is not read: the assets of this engagement have more than {most:,} bytes together"
        kept: dict[str, bytes | Unreadable] = {}
        for path, raw in contents.items():
            left -= len(raw) if isinstance(raw, bytes) else 0
            kept[path] = raw if left >= 0 or isinstance(raw, Unreadable) else Unreadable("unsafe-yaml", message)
        return kept

    def _find(self, ref: NodeRef, instance: Instance, asset: str) -> tuple[str, bool]:
        """The real path of an asset, and whether anything is there: as mapped, else in the first root that has it."""
        entries = self.portfolio.entries
        mapped = instance.path_map.get(asset)
        if mapped is not None:
            path = _join(ref.path, mapped)
            return path, path in entries
        candidates = [_join(ref.path, root, asset) for root in self.config.infohub_roots]
        for path in candidates:
            if path in entries:
                return path, True
        return candidates[0], False

    def _lacking(self, path: str) -> AssetFile:
        """An asset that is not there: absent, unless something that is no directory stands in its way."""
        folder = path.rpartition("/")[0]
        while folder:
            kind = self.portfolio.entries.get(folder)
            if kind in (Kind.SYMLINK, Kind.SPECIAL):
                return AssetFile(path, BROKEN, unreadable=Unreadable("unsafe-path", f"lies behind {folder}, a link"))
            folder = folder.rpartition("/")[0]
        return AssetFile(path, ABSENT)

    def _file(self, path: str, raw: bytes | Unreadable | None, one: AssetRequirement) -> AssetFile:
        if raw is None:
            return AssetFile(path, ABSENT)
        try:
            validator = self._asset_validator(one)
        except BpError:  # told as a gap of the instance that names the schema
            validator = None
        if one.path.endswith(mdfile.SUFFIX):
            return mdfile.judge(path, raw, self.config.limits, validator if "schema" in one.asset.written else None)
        document = None if isinstance(raw, Unreadable) else read(raw, self.config.limits)
        return judge_file(path, raw, document, validator)

    def _asset_validator(self, one: AssetRequirement) -> Validator | None:
        if one.schema is None:
            return None
        if one.additional is not None and "schema" in one.asset.written:
            return self._own_validator(one.schema)
        depth = one.depth if one.depth in self.policy.store.depths(one.schema) else None
        return self._validator(one.schema, depth)

    def _own_validator(self, path: str) -> Validator | None:
        """The validator of a schema that an instance names by its path from the repository root.

        Raises BpError where there is none, or where it is no schema.
        """
        for folder in self.config.catalog:
            name = path.removeprefix(_join(folder, SCHEMAS) + "/")
            if name != path and name in self.policy.store:
                return self._validator(name)
        if path not in self.portfolio.entries:
            raise BpError(f"there is no schema {path}")
        raw = self._read([path])[path]
        if isinstance(raw, Unreadable):
            raise BpError(f"{path} {raw.message}")
        return self.policy.with_schema(path, raw).validator(path)

    def _schemas(self, case: Case) -> Iterator[Finding]:
        """Schemas that the instance names for its additional assets and that cannot be used."""
        for one in case.plan.assets:
            if one.additional is not None and "schema" in one.asset.written:
                try:
                    self._own_validator(str(one.schema))
                except BpError as problem:
                    at = case.node.in_blueprint("additional_assets", one.additional, "schema")
                    yield Finding("invalid-blueprint", problem.message, at, item=f"schema:{one.path}")

    def _validator(self, schema: str, depth: str | None = None) -> Validator:
        return self.policy.store.validator(schema, depth)

    def _read(self, paths: list[str]) -> Mapping[str, bytes | Unreadable]:
        return dict(self.tree.read(paths, self.config.limits.file_bytes))

    def _git_days(self, paths: list[str]) -> dict[str, int | None]:
        days: dict[str, int | None] = {}
        for path, change in self.tree.last_changes(paths).items():
            if change.when is not None:
                days[path] = self.zone.instant(change.when).day
            elif change.why:
                self.notes[f"the age of some files is not known: {change.why}"] = None
        return days

    def reported(self, ref: NodeRef) -> tuple[Moment | None, Location | None]:
        """As-of of the report that is on record, and where it says so."""
        if ref.report is None or ref.report not in self.portfolio.entries:
            return None, None
        raw = self._read([ref.report])[ref.report]
        if isinstance(raw, Unreadable):
            return None, None
        document = read(raw, self.config.limits)
        moment = self.zone.moment(document.data.get("as_of")) if document.ok else None
        return moment, Location(ref.report, *document.locate(("as_of",)))

    def _paths(self, case: Case) -> Iterator[Finding]:
        """Names that deceive, and more files than a node may have."""
        ref, limit = case.node.ref, self.config.limits.files_per_node
        for path in self.portfolio.strange(ref.path):
            message = f"the name {path[len(ref.path) + 1 :]!r} has control characters: rename it"
            yield Finding("unsafe-path", message, Location(path, 1, 1), item=path)
        count = len(self.portfolio.below(ref.path))
        if count > limit:
            message = f"the engagement has {count:,} files, more than the limit of {limit:,}"
            yield Finding("unsafe-yaml", message, case.node.in_blueprint(), item="files")

    def _linted(self, case: Case) -> list[Finding]:
        """What is there, of a node that is not judged: an invalid asset is then a warning."""
        return list(assets.lint(case))

    def _loose(self, ref: NodeRef, names: Iterable[str]) -> list[Finding]:
        """Assets that no requirement speaks of: at least that they can be read."""
        entries = self.portfolio.entries
        found = {
            path: name
            for name in sorted(names)
            if not name.endswith(mdfile.SUFFIX)
            for root in self.config.infohub_roots
            if (path := _join(ref.path, root, name)) in entries
        }
        return list(assets.unread(self._read(list(found)), found, self.config.limits)) if found else []

    def _known(self) -> set[str]:
        return {name for one in self.policy.catalog.archetypes.values() for name in one.assets}


def _undated(file: AssetFile) -> bool:
    document = file.document
    return document is not None and isinstance(document.data, dict) and "last_updated" not in document.data


def _join(*parts: str) -> str:
    return "/".join(part.strip("/") for part in parts if part not in ("", "."))
