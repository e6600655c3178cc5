"""The gap_report.yaml of an engagement: its text, and which of the committed ones are out of date."""

from __future__ import annotations

from dataclasses import replace

from blueprint_cli.files.atomic import same_text
from blueprint_cli.files.tree import Unreadable
from blueprint_cli.render.yaml import gap_report
from blueprint_cli.scan import Scanner


def outdated(scanner: Scanner) -> list[str]:
    """One line for each committed report that a scan as of its own moment would not write."""
    lines = []
    for ref in scanner.nodes:
        if ref.blueprint is None:
            continue
        if ref.report in scanner.snapshot.tree.unmerged:
            lines.append(f"{ref.report} has conflicts; run bp scan and git add it")
            continue
        moment, _ = scanner.snapshot.reported(ref)
        if moment is None:
            lines.append(f"{ref.name}: no gap report is committed; run bp scan and commit it")
            continue
        then = scanner.snapshot.at(moment.text)
        options = replace(scanner.options, committed_report=False, details=True)
        again = replace(scanner, snapshot=then, options=options).node(ref)
        if again.report_path is None:
            continue
        _, raw = next(iter(then.tree.read([again.report_path], then.config.limits.file_bytes)))
        if isinstance(raw, Unreadable) or not same_text(raw, gap_report(again).encode()):
            lines.append(f"{again.report_path} is out of date; run bp scan and commit it")
    return lines
