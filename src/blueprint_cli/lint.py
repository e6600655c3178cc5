"""`bp lint`: is each file readable YAML, and does it conform to its schema? No dates, no gates.

The engagements that the files belong to are read as `bp scan` reads them, but no further than these files, and no
requirement is judged: a gap has the same severity and fingerprint in both commands. YAML that belongs to no engagement
need only be readable: a list, several documents and tags of its own are fine.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from blueprint_cli.config import FILE, Config
from blueprint_cli.engagement.portfolio import Portfolio
from blueprint_cli.errors import BpError, PolicyError
from blueprint_cli.files.disk import Reader
from blueprint_cli.files.tree import GAP_REPORT, SYMLINK, Unreadable
from blueprint_cli.model import Location, NodeReport, NodeStatus, Report, Severity, Subject
from blueprint_cli.policy.layers import FOLDERS, is_packaged
from blueprint_cli.policy.load import Policy, packaged_policy
from blueprint_cli.report.gaps import unplanned
from blueprint_cli.rulebook import BLUEPRINT_FORM, FORM
from blueprint_cli.rules.context import Finding
from blueprint_cli.scan import Judge, Options, Scanner
from blueprint_cli.text import join_path
from blueprint_cli.workspace import Snapshot, Workspace
from blueprint_cli.yamlfile import read

SUFFIXES = (".yaml", ".yml")
CHECKED = (*SUFFIXES, ".md")
"""The suffixes of files that are checked in a directory; a schema (.json) is checked only if it is named itself."""


MAX_PLACES = 200
"""The most places that are listed instead of the whole tree: for more, Git takes as long."""


def lint(workspace: Workspace, snapshot: Snapshot, judge: Judge, *, staged: bool = False) -> Report:
    """Check the files and directories that the user named, or all engagements. ``judge`` only reads their files.

    Every byte comes from the snapshot's tree, except for named files outside the workspace. Raises BpError for a path
    that does not exist.
    """
    config, portfolio = snapshot.config, snapshot.portfolio
    inside, outside = _chosen(workspace, portfolio, staged)
    if any(_is_policy(path, config) for path in inside) and is_packaged(Path(workspace.root)):
        _audit(snapshot.policy)  # a checkout of bp itself; a repository's own policy was audited when it was read
    files = [path for path in inside if path not in snapshot.policy.documents and path != FILE]
    refs = sorted({ref for path in files for ref in portfolio.around(path)}, key=lambda ref: ref.path)
    wanted = frozenset(files)
    scanner = Scanner(snapshot, refs, Options(granted_waivers={}, only_files=wanted))
    nodes: list[NodeReport] = []
    seen: set[str] = set()
    for report in judge(scanner):
        nodes.append(_restricted(report, wanted))
        seen |= {gap.location.path for gap in report.gaps} | {line.path for line in report.assets if line.path}
    rest = [path for path in files if path not in seen and path.endswith(SUFFIXES)]
    contents = [*snapshot.tree.read(rest, config.limits.file_bytes), *_read(outside, config)]
    findings = [finding for path, raw in contents for finding in _foreign(path, raw, config)]
    if findings:
        nodes.append(_elsewhere(findings, snapshot.as_of.text))
    return Report(snapshot.as_of.text, tuple(nodes), files=len(inside) + len(outside))


def places(workspace: Workspace) -> list[str]:
    """The places of a work tree that checking the named files is likely to take: the configuration, the usual catalog,
    and the outermost engagements around the files. Empty where all of the tree has to be listed.

    It is a guess from the disk, which makes a hook as fast in a large portfolio as in a small one; the tree knows what
    is outside of these places, too.
    """
    names = packaged_policy().catalog.blueprint_paths
    found = {FILE, *(folder.rstrip("/") for folder in FOLDERS)}
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
    return [] if "" in found or len(found) > MAX_PLACES else sorted(found)


def _is_plain_file(root: str, place: str) -> bool:
    """Whether there is a file of the repository itself, and no link on the way to it."""
    parts = place.split("/")
    inner = any(os.path.lexists(f"{root}/{'/'.join(parts[:depth])}/.git") for depth in range(1, len(parts)))
    file = f"{root}/{place}"
    return not inner and os.path.isfile(file) and os.path.realpath(file) == file


def _chosen(workspace: Workspace, portfolio: Portfolio, staged: bool) -> tuple[list[str], list[str]]:
    """The files to check, each once and in order: those of the tree, and those that lie outside the workspace."""
    gap_report = (portfolio.config.report_path or "").rpartition("/")[2] or GAP_REPORT

    def is_checked(path: str, suffixes: tuple[str, ...] = CHECKED) -> bool:
        return path.endswith(suffixes) and path.rpartition("/")[2] != gap_report

    if not workspace.paths:
        return [path for path in portfolio.paths if is_checked(path) and any(portfolio.around(path))], []
    inside: set[str] = set()
    outside: dict[str, None] = {}
    for path in workspace.paths:
        try:
            place = workspace.inside(path)
        except BpError:
            if staged or not os.path.isfile(path):
                raise
            outside[path] = None
            continue
        if place in portfolio.entries or (not staged and os.path.isfile(path)):
            inside |= {place} if is_checked(place, (*CHECKED, ".json")) else set()
        else:
            inside.update(filter(is_checked, _below(place, path, portfolio, staged)))
    return sorted(inside), [path for path in outside if is_checked(path)]


def _below(place: str, path: str, portfolio: Portfolio, staged: bool) -> list[str]:
    """The files of the tree in a directory, which the user calls ``path``. Raises BpError where there is none."""
    below = [entry for entry in portfolio.entries if not place or entry.startswith(place + "/")]
    if not below and (staged or not os.path.isdir(path)):
        where = "is not staged" if staged and os.path.exists(path) else "does not exist"
        raise BpError(f"{path} {where}", "Name files and directories that exist.")
    return below


def _is_policy(path: str, config: Config) -> bool:
    prefixes = [f"{folder.strip('/.')}/".lstrip("/") for folder in config.catalog]
    return path.startswith(tuple(prefix + folder for prefix in prefixes for folder in FOLDERS))


def _audit(policy: Policy) -> None:
    from blueprint_cli.policy.check.audit import audit  # only what a repository writes needs an audit

    problems = [str(problem) for problem in audit(policy)]
    if problems:
        raise PolicyError("the catalog is not valid:", problems)


def _restricted(report: NodeReport, files: Collection[str]) -> NodeReport:
    """A report with only the gaps of form in some files, and only their assets."""
    gaps = tuple(
        gap
        for gap in report.gaps
        if gap.location.path in files and gap.rule in (BLUEPRINT_FORM if gap.asset is None else FORM)
    )
    return replace(
        report,
        report_path=None,
        outcomes={},
        gaps=gaps,
        assets=tuple(line for line in report.assets if line.path in files),
        status=NodeStatus.of(gaps),
    )


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
    for fault in read(raw, config.limits).faults:
        if fault.rule != "not-a-mapping":
            severity = Severity.WARNING if fault.rule == "unsafe-yaml" else None
            yield Finding(fault.rule, fault.message, Location(path, fault.line, fault.column), severity, item=path)


def _elsewhere(findings: Sequence[Finding], as_of: str) -> NodeReport:
    report = NodeReport.of_repository(Subject.OTHER_FILES, as_of)
    gaps = unplanned(report.name, findings)
    return replace(report, gaps=gaps, status=NodeStatus.of(gaps))
