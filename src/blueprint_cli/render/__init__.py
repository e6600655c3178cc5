"""Renderers: pure functions from a report to text. ``RENDERERS`` is what ``--format`` offers."""

from __future__ import annotations

from blueprint_cli.model import Report

from . import github, gitlab, junit, markdown, plain, sarif, text
from .data import gap_data, node_data, report_data
from .options import Renderer, RenderOptions, RuleHelp
from .redact import redacted
from .words import gap_line


def _private(render: Renderer) -> Renderer:
    """The renderer, given a redacted report where that is asked for: none can forget it."""

    def private(report: Report, options: RenderOptions) -> str:
        return render(redacted(report) if options.redact else report, options)

    return private


RENDERERS: dict[str, Renderer] = {
    "text": _private(text.render),
    "json": _private(plain.render_json),
    "yaml": _private(plain.render_yaml),
    "sarif": _private(sarif.render),
    "junit": _private(junit.render),
    "github": _private(github.render),
    "gitlab": _private(gitlab.render),
    "markdown": _private(markdown.render),
}

job_summary: Renderer = _private(markdown.job_summary)
"""The Markdown page for ``$GITHUB_STEP_SUMMARY``."""

__all__ = [
    "RENDERERS",
    "RenderOptions",
    "Renderer",
    "RuleHelp",
    "gap_data",
    "gap_line",
    "job_summary",
    "node_data",
    "redacted",
    "report_data",
]
