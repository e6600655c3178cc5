"""Fuzzing: damage to valid files, and what must hold of every answer whatever the damage (see README.md)."""
