"""Governance of customer engagements kept as files in Git."""

__version__ = "0.1.0"
