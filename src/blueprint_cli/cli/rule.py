"""`bp rule`: the manual, one page a rule."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Annotated, Optional

import typer

from blueprint_cli.cli import flags

# typer reads annotations at run time: Optional is what it understands on every Python.


def _names() -> Iterable[str]:
    from blueprint_cli.rulebook import RULES

    return RULES


Name = Annotated[
    Optional[str],
    typer.Argument(
        metavar="NAME",
        help="A rule. Default: a list of all rules.",
        show_default=False,
        autocompletion=flags.one_of(_names),
    ),
]


def rule(name: Name = None) -> None:
    """Explain a rule: what it finds, why it matters, an example, how to fix it. Without a name: list all rules."""
    from blueprint_cli.cli.streams import put
    from blueprint_cli.rulebook import RULES
    from blueprint_cli.rulebook.manual import page

    if name is None:
        width = max(map(len, RULES))
        put("".join(f"{rule.name:{width}}  {rule.summary}\n" for rule in RULES.values()))
    elif name not in RULES:
        raise _unknown(name)
    elif sys.stdout.isatty():
        _show(page(name))
    else:
        put(page(name))


def _show(text: str) -> None:
    from rich.console import Console
    from rich.markdown import Markdown
    from rich.theme import Theme

    console = Console(theme=Theme({"markdown.code": "bold cyan"}))  # the default paints black boxes on light terminals
    console.print(Markdown(text, code_theme="ansi_dark", hyperlinks=False), width=min(console.width, 100))


def _unknown(name: str) -> Exception:
    from blueprint_cli.errors import BpError
    from blueprint_cli.rulebook import RULES
    from blueprint_cli.text import suggest

    return BpError(f"there is no rule `{name}`", suggest(name, RULES) or "`bp rule` lists all rules.")
