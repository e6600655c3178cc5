"""Renderers: pure functions from a report to text. ``RENDERERS`` is what ``--format`` offers."""

from __future__ import annotations

from importlib import import_module

from blueprint_cli.model import Report
from blueprint_cli.render.options import Renderer, RenderOptions, RuleHelp
from blueprint_cli.render.phrases import gap_line


def _renderer(module: str, function: str = "render") -> Renderer:
    """A renderer that loads its module when it is called, and is never given what shall be redacted."""

    def render(report: Report, options: RenderOptions) -> str:
        if options.redact:
            from blueprint_cli.render.redact import redacted

            report = redacted(report)
        rendered: str = getattr(import_module(f"{__name__}.{module}"), function)(report, options)
        return rendered

    return render


RENDERERS: dict[str, Renderer] = {
    "text": _renderer("text"),
    "json": _renderer("json_yaml", "render_json"),
    "yaml": _renderer("json_yaml", "render_yaml"),
    "sarif": _renderer("sarif"),
    "junit": _renderer("junit"),
    "github": _renderer("github"),
    "gitlab": _renderer("gitlab"),
    "markdown": _renderer("markdown"),
}

job_summary = _renderer("markdown", "job_summary")
"""The Markdown page for ``$GITHUB_STEP_SUMMARY``: beside ``github``, within 1 MiB."""

__all__ = [
    "RENDERERS",
    "RenderOptions",
    "Renderer",
    "RuleHelp",
    "gap_line",
    "job_summary",
]
