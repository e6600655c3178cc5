"""Declared dates checked against the history of the repository."""
