"""Scratch repositories with example realms, and `bp` run in them."""

from __future__ import annotations

from tests.support.realm_fixtures import bp, diff, hermetic, realms, run

__all__ = ["bp", "diff", "hermetic", "realms", "run"]
