"""Fuzzing: mutated files, and the invariants that must hold for every result (see README.md)."""
