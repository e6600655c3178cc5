"""`bp scan`: judge the engagements and say what they lack."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from blueprint_cli.model import Report, Severity
from blueprint_cli.render import RENDERERS, RenderOptions
from blueprint_cli.workspace import Workspace


def scan(
    paths: Annotated[Optional[list[str]], typer.Argument(help="Directories to scan.", show_default=False)] = None,
    as_of: Annotated[Optional[str], typer.Option(help="Judge as of the end of this day, or this moment.")] = None,
    track: Annotated[Optional[str], typer.Option(help="What if every node were on this track?")] = None,
    fail_on: Annotated[Optional[str], typer.Option(help="error, warning, note or never.")] = None,
    format: Annotated[Optional[str], typer.Option("--format", "-f", help="Output.")] = None,
    write: Annotated[Optional[bool], typer.Option("--write/--no-write", help="Write gap reports.")] = None,
    realm: Annotated[Optional[str], typer.Option(help="Only this realm.")] = None,
    node: Annotated[Optional[str], typer.Option(help="Only nodes of this name.")] = None,
    config: Annotated[Optional[str], typer.Option(help="Configuration file.")] = None,
) -> int:
    """Judge every engagement and write its gap report."""
    workspace = Workspace.find(paths or [])
    scanner = workspace.scanner(
        workspace.tree(),
        flags={"as_of": as_of, "fail_on": fail_on, "format": format},
        named=config,
        track=track,
    )
    nodes = scanner.portfolio.select([workspace.inside(path) for path in paths or []], realm, node)
    report = Report(scanner.as_of.text, tuple(scanner.scan(nodes)), tuple(scanner.notes))
    fails = None if scanner.config.fail_on == "never" else Severity(scanner.config.fail_on)
    options = RenderOptions(fail_on=fails)
    typer.echo(RENDERERS[scanner.config.format](report, options), nl=False)
    return int(any(options.fails(gap.severity) for one in report.nodes for gap in one.gaps))
