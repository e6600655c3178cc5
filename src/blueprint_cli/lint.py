"""`bp lint`: is each file readable YAML, and does it conform to its schema? No dates, no gates.

The engagements that the files belong to are read as `bp scan` reads them, but no further than these files, and no
requirement is judged: a gap has the same severity and fingerprint in both commands. YAML that belongs to no engagement
need only be readable: a list, several documents and tags of its own are fine.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from blueprint_cli.config import FILE, Config
from blueprint_cli.engagement.misnamed import could_be_blueprint
from blueprint_cli.engagement.near_names import is_alike, is_respelt, is_yaml
from blueprint_cli.engagement.portfolio import Portfolio
from blueprint_cli.engagement.unmatched import unmatched
from blueprint_cli.errors import BpError, PolicyError
from blueprint_cli.files.disk import Reader
from blueprint_cli.files.tree import GAP_REPORT, SYMLINK, Unreadable
from blueprint_cli.model import Gap, Location, NodeReport, NodeStatus, Report, Severity, Subject
from blueprint_cli.policy.layers import FOLDERS, is_packaged
from blueprint_cli.policy.load import Policy, packaged_policy
from blueprint_cli.report.gaps import unplanned
from blueprint_cli.rulebook import BLUEPRINT_FORM, FORM, RULES
from blueprint_cli.rules.context import Finding
from blueprint_cli.scan import Judge, Options, Scanner
from blueprint_cli.text import count, join_path, listed, quoted
from blueprint_cli.workspace import Snapshot, Workspace
from blueprint_cli.yamlfile import faults

SUFFIXES = (".yaml", ".yml")
CHECKED = (*SUFFIXES, ".md")
"""The suffixes of files that are checked in a directory; a schema (.json) is checked only if it is named itself."""
MAX_NAMED = 5
"""Files that one remark names."""
_OF_ASSETS = ("not-a-mapping", "number-key")
"""Rules that are not about YAML of other programs."""
MAX_PLACES = 200
"""The most places that are listed instead of the whole tree: for more, Git takes as long."""


def lint(workspace: Workspace, snapshot: Snapshot, judge: Judge, *, staged: bool = False) -> Report:
    """Check the files and directories that the user named, or all engagements. ``judge`` only reads their files.

    Every byte comes from the snapshot's tree, except for named files outside the workspace. Raises BpError for a path
    that does not exist.
    """
    config, portfolio = snapshot.config, snapshot.portfolio
    chosen = _chosen(workspace, portfolio, staged)
    inside = chosen.inside
    if any(_is_policy(path, config) for path in inside) and is_packaged(Path(workspace.root)):
        _audit(snapshot.policy)  # a checkout of bp itself; a repository's own policy was audited when it was read
    files = [path for path in inside if path not in snapshot.policy.documents and path != FILE]
    refs = sorted({ref for path in files for ref in portfolio.around(path)}, key=lambda ref: ref.path)
    wanted = frozenset(files)
    scanner = Scanner(snapshot, refs, Options(granted_waivers={}, only_files=wanted))
    nodes: list[NodeReport] = []
    seen: set[str] = set()
    reports = {ref.path: report for ref, report in zip(refs, judge(scanner), strict=True)}
    for report in reports.values():
        nodes.append(_restricted(report, wanted))
        seen |= {gap.location.path for gap in report.gaps} | {line.path for line in report.assets if line.path}
    seen |= {ref.blueprint for ref in refs if ref.blueprint}
    rest = [path for path in files if path not in seen and path.lower().endswith(SUFFIXES)]
    contents = [*snapshot.tree.read(rest, config.limits.file_bytes), *_read(chosen.outside, config)]
    findings = [finding for path, raw in contents for finding in _foreign(path, raw, config)]
    if findings:
        nodes.append(_elsewhere(findings, snapshot.as_of.text))
    idle = () if workspace.paths else unmatched(portfolio)
    notes = [*chosen.notes(), *idle, *_without_schema(snapshot, rest, reports)]
    return Report(snapshot.as_of.text, tuple(nodes), tuple(notes), files=len(inside) + len(chosen.outside))


def places(workspace: Workspace) -> list[str]:
    """The places of a work tree that checking the named files is likely to take: the configuration, the usual catalog,
    and the outermost engagements around the files. Empty where all of the tree has to be listed.

    It is a guess from the disk, which makes a hook as fast in a large portfolio as in a small one; the tree knows what
    is outside of these places, too.
    """
    names = packaged_policy().catalog.blueprint_paths
    basenames = {name.rpartition("/")[2] for name in names}
    found = {FILE, *(folder.rstrip("/") for folder in FOLDERS)}
    found |= {name for name in _names(workspace.root) if is_respelt(name, FILE)}
    for path in workspace.paths:
        try:
            place = workspace.inside(path)
        except BpError:
            continue  # outside the repository
        if not _is_plain_file(workspace.root, place):
            return []
        found.add(place)
        parts = place.split("/")
        for depth in range(len(parts)):
            folder = "/".join(parts[:depth])
            blueprints = [join_path(folder, name) for name in names]
            if any(os.path.lexists(f"{workspace.root}/{blueprint}") for blueprint in blueprints):
                found.add(folder)
                break
            found.update(blueprints)
            if near := _meant_as_blueprint(workspace.root, folder, basenames):
                found.update({folder} if folder else near)
    return [] if "" in found or len(found) > MAX_PLACES else sorted(found)


def _meant_as_blueprint(root: str, folder: str, names: Collection[str]) -> list[str]:
    """The files of a directory that may be meant as its blueprint."""
    return [join_path(folder, name) for name in _names(f"{root}/{folder}") if could_be_blueprint(name, names)]


def _names(folder: str) -> list[str]:
    """The names of the files in a directory; none where it cannot be listed."""
    try:
        with os.scandir(folder) as listing:
            return [item.name for item in listing if item.is_file(follow_symlinks=False)]
    except OSError:
        return []


def _is_plain_file(root: str, place: str) -> bool:
    """Whether there is a file of the repository itself, and no link on the way to it."""
    parts = place.split("/")
    inner = any(os.path.lexists(f"{root}/{'/'.join(parts[:depth])}/.git") for depth in range(1, len(parts)))
    file = f"{root}/{place}"
    return not inner and os.path.isfile(file) and os.path.realpath(file) == file


@dataclass
class _Chosen:
    """The files to check, each once and in order, and what was named and is not checked."""

    inside: list[str] = field(default_factory=list)
    """Those of the tree."""
    outside: list[str] = field(default_factory=list)
    """Those that lie outside the workspace."""
    excluded: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    """Named files that are neither YAML nor Markdown nor JSON."""

    def notes(self) -> Iterator[str]:
        """Remarks on what is not checked."""
        if self.excluded:
            number = count(len(self.excluded), "file")
            yield f"{number} left out by `exclude`: {listed(self.excluded, MAX_NAMED, show=quoted)}"
        if self.outside:
            names = listed(self.outside, MAX_NAMED, show=quoted)
            yield f"checked as YAML only, as outside of what is judged: {names}"
        if self.others:
            yield f"not checked, as neither YAML, Markdown nor JSON: {listed(self.others, MAX_NAMED, show=quoted)}"
        if not (self.inside or self.outside or self.excluded or self.others):
            yield "there is no file to check"


def _chosen(workspace: Workspace, portfolio: Portfolio, staged: bool) -> _Chosen:
    """What to check of what the user named, or of all engagements. Raises BpError for a path that does not exist."""
    gap_report = (portfolio.config.report_path or "").rpartition("/")[2] or GAP_REPORT
    names = portfolio.names_of_blueprints

    def is_checked(path: str, suffixes: tuple[str, ...] = CHECKED) -> bool:
        name = path.rpartition("/")[2]
        if name.endswith(suffixes):
            return name != gap_report
        return is_yaml(name) or could_be_blueprint(name, names) or portfolio.is_like_asset(name)

    if not workspace.paths:
        return _Chosen([path for path in portfolio.paths if is_checked(path) and any(portfolio.around(path))])
    chosen = _Chosen()
    inside: dict[str, None] = {}
    for path in workspace.paths:
        try:
            place = portfolio.spelt(workspace.inside(path))
        except BpError:
            if staged or not os.path.isfile(path):
                raise
            (chosen.outside if is_checked(path) else chosen.others).append(path)
            continue
        if os.path.exists(path) and not (os.path.isfile(path) or os.path.isdir(path)) and not staged:
            raise BpError(f"{path} is a pipe, socket or device, not a file", "Name files and directories.")
        if place in portfolio.entries or (not staged and os.path.isfile(path)):
            if is_checked(place, (*CHECKED, ".json")):
                inside[place] = None
            elif place.rpartition("/")[2] != gap_report:
                chosen.others.append(place)
        else:
            inside.update(dict.fromkeys(filter(is_checked, _below(place, path, portfolio, staged))))
    chosen.excluded = sorted(path for path in inside if portfolio.config.excludes(path))
    chosen.inside = sorted(inside.keys() - set(chosen.excluded))
    chosen.outside = list(dict.fromkeys(chosen.outside))
    return chosen


def _below(place: str, path: str, portfolio: Portfolio, staged: bool) -> list[str]:
    """The files of the tree in a directory, which the user calls ``path``. Raises BpError where there is none."""
    below = [entry for entry in portfolio.entries if not place or entry.startswith(place + "/")]
    if not below and (staged or not os.path.isdir(path)):
        where = "is not staged" if staged and os.path.exists(path) else "does not exist"
        raise BpError(f"{path} {where}", "Name files and directories that exist.")
    return below


def _is_policy(path: str, config: Config) -> bool:
    return path.startswith(tuple(f"{root}/{name}".lstrip("/") for root in config.catalog_folders for name in FOLDERS))


def _audit(policy: Policy) -> None:
    from blueprint_cli.policy.check.audit import audit  # only what a repository writes needs an audit

    problems = [str(problem) for problem in audit(policy)]
    if problems:
        raise PolicyError("the catalog is not valid:", problems)


def _restricted(report: NodeReport, files: Collection[str]) -> NodeReport:
    """A report with only the gaps of form in some files, those that keep a schema from being applied to them, and only
    their assets."""
    assets = {line.asset for line in report.assets if line.path in files}

    def is_meant(gap: Gap) -> bool:
        if gap.location.path in files or gap.asset in assets:
            return gap.rule in (BLUEPRINT_FORM if gap.asset is None else FORM)
        return not _has_plan(report) and gap.asset is None and RULES[gap.rule].blocks

    gaps = tuple(filter(is_meant, report.gaps))
    return replace(
        report,
        report_path=None,
        outcomes={},
        gaps=gaps,
        assets=tuple(line for line in report.assets if line.path in files),
        status=NodeStatus.of(gaps),
    )


def _without_schema(snapshot: Snapshot, paths: Sequence[str], reports: Mapping[str, NodeReport]) -> Iterator[str]:
    """Remarks on YAML below engagements that was only read: it is no asset, or nobody knows what it should be.

    ``reports``: those of the engagements, by path.
    """
    plain: list[str] = []
    unknown: dict[str, None] = {}
    for path in paths:
        around = [reports[ref.path] for ref in snapshot.portfolio.around(path)]
        if any(map(_has_plan, around)):
            plain.append(path)
        elif around:
            unknown[around[0].name] = None
    if plain:
        assets = {asset for archetype in snapshot.policy.catalog.archetypes.values() for asset in archetype.assets}
        show = partial(_with_hint, assets=sorted(assets))
        yield f"checked as YAML only, as no schema applies: {listed(plain, MAX_NAMED, show=show)}"
    if unknown:
        names = listed(unknown, MAX_NAMED, show=quoted)
        yield f"checked as YAML only, as the blueprint cannot be judged: the files of {names}"


def _has_plan(report: NodeReport) -> bool:
    """Whether it is known which assets an engagement has: the report of one that cannot be judged counts a failure."""
    return not any(report.outcomes.values())


def _with_hint(path: str, assets: Sequence[str]) -> str:
    """A file, and the asset that it may be meant as."""
    name = path.rpartition("/")[2]
    names = ((asset, asset.rpartition("/")[2]) for asset in assets)
    meant = next((asset for asset, other in names if name == other or is_alike(name, other)), None)
    return quoted(path) + (f" (did you mean {quoted(meant)}?)" if meant else "")


def _read(paths: Sequence[str], config: Config) -> Iterator[tuple[str, bytes | Unreadable]]:
    for path in paths:
        file = Path(path).absolute()
        yield path, Reader(str(file.parent)).read(file.name, config.limits.file_bytes)


def _foreign(path: str, raw: bytes | Unreadable, config: Config) -> Iterator[Finding]:
    """The faults of YAML that is not an asset: it must be readable, but `bp` never reads it as data."""
    if isinstance(raw, Unreadable):
        if raw != SYMLINK:
            yield Finding(raw.rule, f"{path} {raw.message}", Location(path, 1, 1), Severity.WARNING)
        return
    for fault in faults(raw, config.limits):
        if fault.rule not in _OF_ASSETS:
            severity = Severity.WARNING if fault.rule == "unsafe-yaml" else None
            yield Finding(fault.rule, fault.message, Location(path, fault.line, fault.column), severity, item=path)


def _elsewhere(findings: Sequence[Finding], as_of: str) -> NodeReport:
    report = NodeReport.of_repository(Subject.OTHER_FILES, as_of)
    gaps = unplanned(report.name, findings)
    return replace(report, gaps=gaps, status=NodeStatus.of(gaps))
