"""What several formats show of a change: one sentence, the gaps it is to blame for, and those as a report."""

from __future__ import annotations

from dataclasses import replace

from blueprint_cli.model import Gap, NodeReport, Report, Severity
from blueprint_cli.model.difference import Difference, NodeGap, worst_first
from blueprint_cli.model.report import by_severity
from blueprint_cli.render.options import RenderOptions
from blueprint_cli.render.phrases import severities
from blueprint_cli.text import count


def sentence(difference: Difference) -> str:
    """``2 introduced (1 error, 1 warning), 3 fixed, 14 unchanged, 1 policy change; 1 engagement compared``; what was
    uncovered and excused only where there is such."""
    kinds = severities(by_severity(gap for _, gap in difference.introduced))
    changes = len(difference.policy_changes)
    others = {"uncovered": difference.uncovered, "excused": difference.excused}
    parts = [
        f"{len(difference.introduced)} introduced{f' ({kinds})' if kinds else ''}",
        f"{len(difference.fixed)} fixed",
        *[f"{len(entries)} {name}" for name, entries in others.items() if entries],
        f"{len(difference.unchanged)} unchanged",
        *([count(changes, "policy change")] if changes else []),
    ]
    return f"{', '.join(parts)}; {count(len(difference.nodes), 'engagement')} compared"


def failing_changes(difference: Difference, options: RenderOptions) -> list[Gap]:
    """The policy changes that fail the run: their severity suffices, or they are errors because they are to fail it."""
    gaps = [gap for _, gap in difference.policy_changes]
    return [gap for gap in gaps if gap.severity is Severity.ERROR or options.fails(gap.severity)]


def deletion(node: NodeReport) -> str:
    """``ACME/PILOT was deleted``, and what became of its gaps."""
    gaps = f"; its {count(len(node.gaps), 'gap')} are not counted as fixed" if node.gaps else ""
    return f"{node.name} was deleted{gaps}"


def blamed(difference: Difference) -> list[NodeGap]:
    """The gaps that are shown beside the code: errors, then policy changes, then the rest."""
    errors = [entry for entry in difference.introduced if entry.gap.severity is Severity.ERROR]
    others = [entry for entry in difference.introduced if entry.gap.severity is not Severity.ERROR]
    return list(worst_first([*errors, *difference.policy_changes, *others]))


def as_report(difference: Difference) -> Report:
    """The engagements that were compared, each with no gaps but those that the change is to blame for."""
    nodes: dict[str, tuple[NodeReport, list[Gap]]] = {node.path or node.name: (node, []) for node in difference.nodes}
    for node, gap in blamed(difference):
        nodes.setdefault(node.path or node.name, (node, []))[1].append(gap)
    bare = (
        replace(node, gaps=tuple(gaps), checks=(), cadences=(), assets=()) for _, (node, gaps) in sorted(nodes.items())
    )
    return Report(difference.as_of, tuple(bare), difference.notes)
