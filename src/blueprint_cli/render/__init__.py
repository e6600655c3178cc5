"""Renderers: pure functions from a report to text. ``RENDERERS`` is what ``--format`` offers."""

from __future__ import annotations

from .data import gap_data, node_data, report_data
from .options import Renderer, RenderOptions, RuleHelp
from .plain import render_json, render_yaml
from .text import render as render_text
from .words import gap_line

RENDERERS: dict[str, Renderer] = {
    "text": render_text,
    "json": render_json,
    "yaml": render_yaml,
}

__all__ = [
    "RENDERERS",
    "RenderOptions",
    "Renderer",
    "RuleHelp",
    "gap_data",
    "gap_line",
    "node_data",
    "report_data",
]
