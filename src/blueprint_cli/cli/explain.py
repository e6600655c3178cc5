"""`bp explain`: why an engagement has a requirement, what was found, and what would satisfy it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from blueprint_cli.cli import flags, outputs
from blueprint_cli.engagement.node import NodeRef
from blueprint_cli.engagement.portfolio import Portfolio
from blueprint_cli.engagement.selection import select
from blueprint_cli.errors import BpError
from blueprint_cli.explain import Explanation
from blueprint_cli.explain import explain as explanation
from blueprint_cli.model import Status
from blueprint_cli.render.phrases import gap_line
from blueprint_cli.render.terminal import columns
from blueprint_cli.scan import Options, Scanner
from blueprint_cli.workspace import Workspace


def explain(
    node: Annotated[str, typer.Argument(metavar="REALM/NODE", help="The engagement: its name, or its directory.")],
    requirement: Annotated[
        str, typer.Argument(metavar="CHECK", help="A check, asset, cadence, reference blueprint or gate.")
    ],
    as_of: flags.AsOf = None,
    track: flags.Track = None,
    rev: flags.Rev = None,
    staged: flags.Staged = False,
    config: flags.Config = None,
    format: flags.TextOrJson = "text",
) -> None:
    """Explain why an engagement has a requirement, what was found, and what would satisfy it."""
    as_json = outputs.is_json(format)
    workspace = Workspace.find()
    tree = workspace.tree(staged=staged, rev=rev)
    snapshot = workspace.open(tree, {"as_of": as_of}, file=config)
    scanner = Scanner(snapshot, [_ref(workspace, snapshot.portfolio, node)], Options(track))
    explained = explanation(scanner, requirement)
    if as_json:
        outputs.put_json(asdict(explained))
    else:
        outputs.put_lines(_text(explained))


def _ref(workspace: Workspace, portfolio: Portfolio, name: str) -> NodeRef:
    named = [ref for ref in portfolio.nodes if ref.name == name]
    if len(named) == 1:
        return named[0]
    if len(named) > 1:
        places = ", ".join(ref.path for ref in named)
        raise BpError(f"{name} is the name of several engagements", f"Name the directory: {places}.")
    below = select(portfolio, [workspace.inside(name)])
    if len(below) > 1:
        raise BpError(f"{name} holds {len(below)} engagements", f"Name one of them: {below[0].path}.")
    return below[0]


_DAY = {Status.PASSED: "holds until", Status.FAILED: "was due"}


def _text(explanation: Explanation) -> list[str]:
    lines = [f"{explanation.node} · {explanation.requirement} · {explanation.title}", ""]
    day = f" ({_DAY.get(explanation.status, 'due')} {explanation.due})" if explanation.due else ""
    lines.append(f"{explanation.status.replace('_', ' ')}: {explanation.reason}{day}")
    lines += ["", "Why it is required here"]
    lines += columns([["", value.place, value.what] for value in explanation.shaped])
    lines += ["", "What satisfies it", *(f"  {line}" for line in explanation.asks)]
    if explanation.gaps:
        lines += ["", "What was found", *(f"  {gap_line(gap)}" for gap in explanation.gaps)]
    return lines
