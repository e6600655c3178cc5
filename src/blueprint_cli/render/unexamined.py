"""The sentence at the end of a scan: what was not looked at. Nothing where everything was."""

from __future__ import annotations

from collections.abc import Iterator

from blueprint_cli.model import NodeReport, NodeStatus, Report, Status, What

_KINDS = {
    What.LINK: ("link", "links"),
    What.BOUNDARY: ("submodule or inner repository", "submodules or inner repositories"),
    What.EXCLUDED: ("excluded file", "excluded files"),
    What.OTHER_REALM: ("engagement outside the realms", "engagements outside the realms"),
}


def sentence(report: Report) -> str | None:
    """``not looked at: 1 engagement skipped, 3 files that are not assets``, on one line."""
    parts = [f"{number:,} {words[number > 1]}" for number, words, _ in _groups(report) if number]
    return f"not looked at: {', '.join(parts)}" if parts else None


def listing(report: Report) -> list[tuple[str, str]]:
    """A line for each thing that was not looked at: why, and what it is."""
    return [(words[0], line) for _, words, lines in _groups(report) for line in lines]


def _groups(report: Report) -> Iterator[tuple[int, tuple[str, str], list[str]]]:
    """The number of things of each kind, their names in singular and plural, and a line for each that is known."""
    skipped = [node for node in report.nodes if node.status is NodeStatus.SKIPPED]
    yield len(skipped), ("engagement skipped", "engagements skipped"), [f"{n.name}: {n.reason}" for n in skipped]
    strays = [path for node in report.nodes for path in node.strays]
    yield len(strays), ("file that is not an asset", "files that are not assets"), strays
    for what, words in _KINDS.items():
        items = [item for item in report.unexamined if item.what is what]
        lines = [item.path if what is not What.EXCLUDED else f"{item.path} ({item.number:,})" for item in items]
        yield sum(item.number for item in items), words, lines
    number = sum(node.outcomes[Status.NOT_EVALUABLE] for node in report.nodes)
    words = ("requirement that could not be evaluated", "requirements that could not be evaluated")
    yield number, words, [line for node in report.nodes for line in _not_evaluable(node)]


def _not_evaluable(node: NodeReport) -> Iterator[str]:
    outcomes = [(line.check, line.status, line.reason) for line in node.checks]
    outcomes += [(line.cadence, line.status, line.reason) for line in node.cadences]
    for name, status, reason in outcomes:
        if status is Status.NOT_EVALUABLE:
            yield f"{node.name} {name}: {reason}"
