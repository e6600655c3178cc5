"""`bp config`: every value of the configuration, and where it was set."""

from __future__ import annotations

from blueprint_cli.cli import flags, outputs
from blueprint_cli.render.terminal import columns
from blueprint_cli.workspace import Workspace


def config(
    paths: flags.Paths = None,
    config: flags.Config = None,
    format: flags.TextOrJson = "text",
) -> None:
    """Show every value of the configuration with its origin: flag, environment, file or default."""
    as_json = outputs.is_json(format)
    workspace = Workspace.find(paths or [])
    chosen = workspace.effective_config(workspace.tree(), {}, config)
    rows = {name: (value, chosen.origin(_key(name))) for name, value in chosen.values().items()}
    if as_json:
        outputs.put_json({name: {"value": value, "origin": origin} for name, (value, origin) in rows.items()})
        return
    outputs.put_lines(columns([[name, _shown(value), origin] for name, (value, origin) in rows.items()]))


def _key(name: str) -> str:
    return "limits" if name.startswith("limits.") else name.replace(".", "_")


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "–" if value is None else str(value)
