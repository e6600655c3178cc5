"""The commands of `bp`."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Annotated

import typer

from blueprint_cli import __version__

COMMANDS = ("scan", "lint", "diff", "history", "merge", "explain", "rule", "catalog", "config")
"""Every command, in the order of the help, each in the module of its name. Only the one that is needed is imported: a
hook that lints one file should not wait for the other eight."""


def build(arguments: Sequence[str], *, everything: bool) -> typer.Typer:
    """The application, with the command that the arguments name, or with all of them."""
    app = typer.Typer(
        name="bp",
        help="Find what customer engagements kept in Git lack: what is missing, wrong or overdue, and what to do.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    wanted = next((word for word in arguments if word in COMMANDS), None)
    for name in COMMANDS if everything or wanted is None or arguments[0] != wanted else (wanted,):
        command = getattr(import_module(f"blueprint_cli.cli.{name}"), name)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return app


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"bp {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass
