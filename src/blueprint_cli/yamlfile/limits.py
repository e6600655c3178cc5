"""How much of a file is read, and the faults of a file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what a stranger's file may cost. They are far above any engagement file that people write."""

    file_bytes: int = 1_048_576  # bytes of one file; an alias counts as the characters that it repeats
    depth: int = 64  # mappings and lists inside each other, from 1; an alias counts as what it repeats
    nodes: int = 100_000  # keys, values, list items and the outermost mapping; an alias counts as what it repeats
    digits: int = 100  # digits of one whole number, leading zeros included
    message_length: int = 500  # characters of one message
    files_per_node: int = 5000  # files of one node (not used in this package: the reader of the node applies it)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a file as YAML. ``line`` and ``column`` count code points from 1."""

    rule: str
    message: str
    line: int
    column: int

    def __str__(self) -> str:
        """As a line about the file ends: ``12:5: message [rule]``."""
        return f"{self.line}:{self.column}: {self.message} [{self.rule}]"


class Refused(Exception):
    """Nothing more of a file can be read after this fault."""

    def __init__(self, rule: str, message: str, place: tuple[int, int] = (1, 1)) -> None:
        self.fault = Fault(rule, message, *place)


HARMLESS = frozenset(("byte-order-mark", "number-key"))  # rules of faults in spite of which a file can be used
DEFAULT = Limits()  # the limits where none are given
