"""The error for a text that cannot be used as a query."""

from __future__ import annotations


class BadSelector(ValueError):
    """The text is not a JSONPath query, or one that is not allowed."""
