"""Renderers: pure functions from a report, a difference or a timeline to text. ``FORMATS`` is what ``--format`` offers.

A format is a module of this package and a row of the table. The module has one function for each kind of value that
the row names: ``report(report, options)``, ``difference(difference, options)``, ``timeline(timeline, options)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from blueprint_cli.model import Report
    from blueprint_cli.model.difference import Difference
    from blueprint_cli.model.timeline import Timeline
    from blueprint_cli.render.options import RenderOptions

    Rendered = Report | Difference | Timeline

Kind = Literal["report", "difference", "timeline"]
"""What is rendered: a report of bp scan, lint or merge, a difference of bp diff, a timeline of bp history."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format."""

    renders: tuple[Kind, ...] = ("report", "difference")
    details: bool = False
    """Whether it lists every outcome; others need a node's gaps and what is due."""
    says_unexamined: bool = False
    """Whether it ends with what was not looked at; beside others that goes to standard error."""
    job_summary: bool = False
    """Whether GitHub's job summary is extended beside it."""


FORMATS = {
    "text": Format(("report", "difference", "timeline"), says_unexamined=True),
    "json": Format(("report", "difference", "timeline"), details=True),
    "yaml": Format(details=True),
    "sarif": Format(),
    "junit": Format(details=True),
    "github": Format(job_summary=True),
    "gitlab": Format(),
    "markdown": Format(says_unexamined=True),
    "csv": Format(("timeline",)),
}
"""Every format by its name, which is that of its module too."""


def offered(kind: Kind) -> list[str]:
    """The formats in which that kind of value can be rendered."""
    return [name for name, format in FORMATS.items() if kind in format.renders]


def render(value: Rendered, format: str, options: RenderOptions) -> str:
    """The value in one of the formats that are ``offered``. A module is loaded when it is used, and is never given what
    must be redacted."""
    if options.redact:
        from blueprint_cli.render.redact import redacted

        value = redacted(value)
    function = getattr(import_module(f"{__name__}.{format}"), type(value).__name__.lower())
    rendered: str = function(value, options)
    return rendered
