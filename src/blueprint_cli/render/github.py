"""GitHub annotations: workflow commands, worst first, within the limits that the runner sets.

A step shows ten errors, ten warnings and ten notices and drops the rest without a word; so the rest is
counted in the last line, and the job summary has the whole table.
"""

from __future__ import annotations

from collections.abc import Iterable

from blueprint_cli.model import Gap, NodeReport, Report, Severity
from blueprint_cli.model.difference import Difference, NodeGap
from blueprint_cli.render.difference import blamed, deletion, sentence
from blueprint_cli.render.neutral import command_data, command_property
from blueprint_cli.render.options import RenderOptions
from blueprint_cli.render.phrases import gaps_of, next_step, rule_words, totals
from blueprint_cli.text import clip, count

LIMIT = 10
"""Annotations of one kind that a step shows."""
MAX_TITLE = 255
_COMMAND = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def report(report: Report, _options: RenderOptions) -> str:
    """Annotations for the worst gaps, then the totals."""
    lines, more = _within_limits(gaps_of(report), [])
    tail = [f"{count(more, 'more gap')}, see the job summary"] if more else []
    return "\n".join([*lines, *tail, totals(report)]) + "\n"


def difference(difference: Difference, _options: RenderOptions) -> str:
    """Annotations for what a change is to blame for, then what it did in one sentence."""
    deleted = [_notice("deleted engagement", deletion(node)) for node in difference.deleted_nodes]
    lines, more = _within_limits(blamed(difference), deleted)
    tail = [f"{more} more, see the job summary"] if more else []
    return "\n".join([*lines, *tail, sentence(difference)]) + "\n"


def _within_limits(gaps: Iterable[NodeGap], notices: list[str]) -> tuple[list[str], int]:
    """Annotations for gaps, worst first, those notices before its own, and how many are left out."""
    kinds: dict[Severity, list[str]] = {severity: [] for severity in Severity} | {Severity.NOTE: notices}
    for node, gap in gaps:
        kinds[gap.severity].append(_annotation(gap, node))
    lines = [line for kind in kinds.values() for line in kind[:LIMIT]]
    return lines, sum(map(len, kinds.values())) - len(lines)


def _notice(title: str, message: str) -> str:
    """A remark without a place."""
    return f"::notice title={command_property(title)}::{command_data(message)}"


def _annotation(gap: Gap, node: NodeReport) -> str:
    at = gap.location
    properties = {
        "file": at.path,
        "line": None if at.line is None else str(at.line),
        "col": None if at.line is None or at.column is None else str(at.column),
        "title": clip(f"{rule_words(gap)}: {node.name}", MAX_TITLE),
    }
    given = ",".join(f"{key}={command_property(value)}" for key, value in properties.items() if value)
    step = next_step(gap.playbook, gap.owner)
    return f"::{_COMMAND[gap.severity]} {given}::{command_data(f'{gap.message} {step}'.strip())}"
