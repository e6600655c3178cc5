"""The manual of the rules: one Markdown page a rule, named like it, beside this module."""

from __future__ import annotations

from importlib.resources import files


def page(rule: str) -> str:
    """The manual page of a rule, as Markdown. Raises FileNotFoundError where there is none."""
    return (files(__name__) / f"{rule}.md").read_text(encoding="utf-8")
