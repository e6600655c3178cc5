"""Declared dates held against the history of the repository."""
