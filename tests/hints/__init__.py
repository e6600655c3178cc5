"""Hints: the text that messages offer is applied, and then the file must be in order."""
