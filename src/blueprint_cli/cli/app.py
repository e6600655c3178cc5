"""The commands of `bp`."""

from __future__ import annotations

import typer

from blueprint_cli.cli import catalog
from blueprint_cli.cli.diff import diff
from blueprint_cli.cli.rule import rule
from blueprint_cli.cli.scan import scan

app = typer.Typer(
    name="bp",
    help="Find what customer engagements kept in Git lack: missing, wrong or overdue, whose it is, what to do next.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(scan)
app.command()(diff)
app.command()(rule)
app.add_typer(catalog.app)


@app.callback()
def _root() -> None:
    pass
