"""The Python interface: scan engagements, and read reports back, as typed values.

    from blueprint_cli import api

    report = api.scan("examples/realms", as_of="2026-03-02")
    for node in report.nodes:
        for gap in node.gaps:
            print(node.name, gap.severity, gap.rule, gap.message)

Every value is frozen, and its fields are those of ``schemas/gap_report.schema.json``. What cannot be done raises
``BpError``, with a message and a hint for people. Nothing is written and nothing is printed: remarks are in
``Report.notes``.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from blueprint_cli import model
from blueprint_cli.engagement.selection import remarks as remarks_on
from blueprint_cli.engagement.selection import select
from blueprint_cli.engagement.unexamined import unexamined
from blueprint_cli.errors import BpError
from blueprint_cli.gitdates import checks
from blueprint_cli.merge import merged
from blueprint_cli.model import *  # noqa: F403 - the types of a report
from blueprint_cli.model import Report
from blueprint_cli.render.data import report_data as to_data
from blueprint_cli.scan import Options, Scanner
from blueprint_cli.workspace import Workspace

StrPath = str | os.PathLike[str]


def scan(*paths: StrPath, as_of: str | date | None = None, rev: str | None = None, track: str | None = None) -> Report:
    """Judge the engagements below some paths of one repository, as ``bp scan --no-write`` does; without paths, all of
    the repository in which the current directory is.

    ``as_of``: a day, judged as of its end, or a moment with its offset from UTC; None: ``BP_AS_OF``, or now. ``rev``: a
    commit, branch or tag instead of the work tree. ``track``: judge as if every engagement were on this track.

    Raises BpError for a path, revision, configuration or catalog that cannot be used, and where no engagement is found.
    """
    moment = as_of.isoformat() if isinstance(as_of, date) else as_of
    workspace = Workspace.find([os.fspath(path) for path in paths])
    snapshot = workspace.open(workspace.tree(rev=rev), {"as_of": moment}, everywhere=bool(paths))
    try:
        refs = select(snapshot.portfolio, workspace.named)
        date_check, notes = checks.configured(snapshot, refs)
        remarks = [*snapshot.notes, *remarks_on(snapshot.portfolio, refs, workspace.named), *notes]
        scanner = Scanner(snapshot, refs, Options(track, date_check=date_check), dict.fromkeys(remarks))
        nodes = tuple(scanner.scan())
    finally:
        snapshot.close()
    outside = unexamined(snapshot.portfolio, workspace.named)
    return Report(snapshot.as_of.text, nodes, tuple(scanner.notes), outside)


def load(*files: StrPath) -> Report:
    """The report that ``bp scan --format json`` wrote; of several files the one that ``bp merge`` makes of them.

    Raises BpError for a file that cannot be read, or is not what this version of bp writes.
    """
    return merged({os.fspath(file): _bytes(file) for file in files})


def _bytes(file: StrPath) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as problem:
        raise BpError(f"{os.fspath(file)} cannot be read: {problem.strerror}") from None


__all__ = ["BpError", "load", "scan", "to_data"]
__all__ += model.__all__
