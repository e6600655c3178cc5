"""`bp rule`: the manual, one page a rule."""

from __future__ import annotations

import sys
from typing import Annotated, Optional

from blueprint_cli.cli import flags
from blueprint_cli.cli.outputs import put_lines
from blueprint_cli.cli.streams import put
from blueprint_cli.errors import BpError
from blueprint_cli.render.terminal import columns
from blueprint_cli.rulebook import RULES
from blueprint_cli.rulebook.manual import page
from blueprint_cli.text import suggest

_rules = flags.one_of(lambda: RULES)
Name = Annotated[
    Optional[str], flags.argument(metavar="NAME", help="A rule. Default: a list of all rules.", autocompletion=_rules)
]


def rule(name: Name = None) -> None:
    """Explain a rule: what it finds, why it matters, an example, how to fix it. Without a name: list all rules."""
    if name is None:
        put_lines(columns([[rule.name, rule.summary] for rule in RULES.values()]))
    elif name not in RULES:
        raise BpError(f"there is no rule `{name}`", suggest(name, RULES) or "`bp rule` lists all rules.")
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
