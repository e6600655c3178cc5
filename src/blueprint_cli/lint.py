"""`bp lint`: is each file YAML that can be read, and does it say what its schema asks for? No dates, no gates.

The engagements that the files belong to are read as `bp scan` reads them, but no further than the named files, and
nothing is judged: the same gap, severity and fingerprint in both commands. YAML that belongs to no engagement need only
be readable: a list, several documents or tags of its own are its own affair.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from blueprint_cli import pool
from blueprint_cli.config import FILE, Config
from blueprint_cli.engagement.node import NodeRef
from blueprint_cli.engagement.portfolio import Portfolio
from blueprint_cli.errors import BpError, PolicyError
from blueprint_cli.files.disk import Reader
from blueprint_cli.files.tree import SYMLINK, Change, Kind, Tree, Unreadable
from blueprint_cli.model import Gap, Location, NodeReport, Report, Severity, Status, Subject
from blueprint_cli.policy.layers import BLUEPRINTS, SCHEMAS, TRACKS, packaged_root
from blueprint_cli.policy.load import Policy
from blueprint_cli.quick import SUFFIXES
from blueprint_cli.report import build
from blueprint_cli.report.gaps import unplanned
from blueprint_cli.rules.context import Finding
from blueprint_cli.scan import Scanner
from blueprint_cli.workspace import Workspace
from blueprint_cli.yamlfile import read

FORM = frozenset(
    {"yaml-syntax", "not-a-mapping", "duplicate-key", "unsafe-yaml", "byte-order-mark", "unsafe-path"}
    | {"unknown-key", "invalid-asset", "invalid-blueprint", "unknown-archetype"}
)
"""The rules that speak of a file's own form, whatever the day and whatever else is there."""
INSTANCE = FORM | {"duplicate-id", "unresolved-reference"}
"""Of a blueprint.yaml also what in it leads nowhere."""


@dataclass(frozen=True, slots=True)
class Linted:
    """How many files were looked at, and what is wrong with them, by engagement."""

    files: int
    report: Report


def lint(
    workspace: Workspace, tree: Tree, paths: Sequence[str], *, named: str | None = None, staged: bool = False
) -> Linted:
    """Judge files and directories, or all engagements. Raises BpError for a path that is not there."""
    scanner = workspace.scanner(_Undated(tree), flags={}, named=named)
    scanner.granted_waivers = {}
    config, portfolio = scanner.config, scanner.portfolio
    around = _Around(scanner)
    inside, outside = _Chosen(workspace, portfolio, staged).files(paths, around)
    policy = [path for path in inside if _is_policy(path, config)]
    if policy and packaged_root().samefile(workspace.root):
        _audited(scanner.policy)  # a checkout of bp itself; a repository's own policy was audited while it was read
    files = [path for path in inside if path not in scanner.policy.documents and path != FILE]
    refs = sorted({ref for path in files for ref in around(path)}, key=lambda ref: ref.path)
    scanner.only_files = wanted = frozenset(files)
    seen: set[str] = set()
    nodes = []
    for judged, spoken in pool.judge(scanner, refs, _Projection(wanted)):
        seen |= spoken
        nodes.append(judged)
    rest = [path for path in files if path not in seen and path.endswith(SUFFIXES)]
    contents = [*tree.read(rest, config.limits.file_bytes), *_read(outside, config)]
    found = [finding for path, raw in contents for finding in _foreign(path, raw, config)]
    if found:
        nodes.append(_elsewhere(found, scanner.as_of.text))
    return Linted(len(inside) + len(outside), Report(scanner.as_of.text, tuple(nodes)))


class _Undated:
    """A tree without history: lint asks for no dates, so nothing should walk the commits for them."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree

    @property
    def root_names(self) -> tuple[str, str]:
        return self._tree.root_names

    def entries(self) -> Mapping[str, Kind]:
        return self._tree.entries()

    def read(self, paths: Iterable[str], max_bytes: int) -> Iterable[tuple[str, bytes | Unreadable]]:
        return self._tree.read(paths, max_bytes)

    def last_changes(self, paths: Iterable[str]) -> Mapping[str, Change]:
        return dict.fromkeys(paths, Change(None))

    def close(self) -> None:
        self._tree.close()


class _Around:
    """The engagements that a file may belong to: those whose directory, or whose realm's, it lies in.

    They are looked for from the file upwards: to check one file, nobody need list a thousand engagements.
    """

    def __init__(self, scanner: Scanner) -> None:
        self._portfolio = scanner.portfolio
        paths = {one.blueprint_path for one in scanner.policy.catalog.archetypes.values()}
        self._blueprints = sorted(paths | {path.rpartition("/")[2] for path in paths})

    def __call__(self, path: str) -> Iterator[NodeRef]:
        portfolio, folder = self._portfolio, path
        while folder:
            folder = folder.rpartition("/")[0]
            for below in self._blueprints:
                blueprint = f"{folder}/{below}" if folder else below
                if blueprint in portfolio.entries and portfolio.config.covers(blueprint):
                    yield portfolio.ref(blueprint.rpartition("/")[0], blueprint)


class _Chosen:
    """What the user's paths name: files of the tree, and files beyond it."""

    def __init__(self, workspace: Workspace, portfolio: Portfolio, staged: bool) -> None:
        self._workspace, self._portfolio, self._staged = workspace, portfolio, staged
        self._reports = {(portfolio.config.report_path or "").rpartition("/")[2] or "gap_report.yaml"}

    def files(self, paths: Sequence[str], around: _Around) -> tuple[list[str], list[str]]:
        """Each once, in order, without gap reports. Raises BpError for what is not there."""
        if not paths:
            every = (path for path in self._portfolio.paths if next(around(path), None) is not None)
            return [path for path in every if self._is_text(path)], []
        inside: dict[str, None] = {}
        outside: dict[str, None] = {}
        for path in paths:
            try:
                found = self._named(path, self._workspace.inside(path))
            except BpError:
                if self._staged or not os.path.isfile(path):
                    raise
                outside[path] = None
            else:
                inside |= dict.fromkeys(found)
        return sorted(inside), [path for path in outside if self._is_text(path)]

    def _named(self, path: str, place: str) -> list[str]:
        entries = self._portfolio.entries
        if place in entries or (not self._staged and os.path.isfile(path)):
            return [place] if self._is_text(place) or place.endswith(".json") else []
        below = [one for one in entries if not place or one.startswith(place + "/")]
        if not below and (self._staged or not os.path.isdir(path)):
            where = "is not staged" if self._staged and os.path.exists(path) else "does not exist"
            raise BpError(f"{path} {where}", "Name files and directories that are there.")
        return [one for one in below if self._is_text(one)]

    def _is_text(self, path: str) -> bool:
        return path.endswith((*SUFFIXES, ".md")) and path.rpartition("/")[2] not in self._reports


def _is_policy(path: str, config: Config) -> bool:
    prefixes = [f"{folder.strip('/.')}/".lstrip("/") for folder in config.catalog]
    return path.startswith(tuple(prefix + kind for prefix in prefixes for kind in (BLUEPRINTS, TRACKS, SCHEMAS)))


def _audited(policy: Policy) -> None:
    from blueprint_cli.policy.check.audit import audit  # only what a repository writes needs an audit

    problems = [str(one) for one in audit(policy)]
    if problems:
        raise PolicyError("the catalog is not valid:", problems)


@dataclass(frozen=True, slots=True)
class _Projection:
    """Of a node's report, the gaps of form in the files that were asked for, and all files that it speaks of."""

    wanted: frozenset[str]

    def __call__(self, judged: NodeReport) -> tuple[NodeReport, set[str]]:
        gaps = tuple(gap for gap in judged.gaps if self._keeps(gap))
        kept = replace(
            judged,
            report_path=None,
            outcomes=dict.fromkeys(Status, 0),
            gaps=gaps,
            assets=tuple(one for one in judged.assets if one.path in self.wanted),
            status=build.standing(gaps),
        )
        spoken = {gap.location.path for gap in judged.gaps} | {one.path for one in judged.assets if one.path}
        return kept, spoken

    def _keeps(self, gap: Gap) -> bool:
        whole = gap.asset is None
        return gap.location.path in self.wanted and gap.rule in (INSTANCE if whole else FORM)


def _read(paths: Sequence[str], config: Config) -> Iterator[tuple[str, bytes | Unreadable]]:
    """Files beyond the repository."""
    for path in paths:
        file = Path(path).absolute()
        yield path, Reader(str(file.parent)).read(file.name, config.limits.file_bytes)


def _foreign(path: str, raw: bytes | Unreadable, config: Config) -> Iterator[Finding]:
    """What is wrong with YAML that is no asset: it must be readable, and `bp` never reads it as data."""
    if isinstance(raw, Unreadable):
        if raw != SYMLINK:
            yield Finding(raw.rule, f"{path} {raw.message}", Location(path, 1, 1), Severity.WARNING)
        return
    for fault in read(raw, config.limits).faults:
        if fault.rule != "not-a-mapping":
            weight = Severity.WARNING if fault.rule == "unsafe-yaml" else None
            yield Finding(fault.rule, fault.message, Location(path, fault.line, fault.column), weight, item=path)


def _elsewhere(found: Sequence[Finding], as_of: str) -> NodeReport:
    report = NodeReport.of_repository(Subject.OTHER_FILES, as_of)
    gaps = unplanned(report.name, found)
    return replace(report, gaps=gaps, status=build.standing(gaps))
