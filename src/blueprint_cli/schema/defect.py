"""What is wrong with a document, as a value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Path = tuple[str | int, ...]  # the keys and 0-based list indices that lead from the top of a document to a value


class DefectKind(StrEnum):
    """What a defect is."""

    MISSING = "missing"  # a key that the schema requires
    UNKNOWN = "unknown"  # a key that the schema does not define
    WRONG = "wrong"  # anything else: a value that the schema does not allow


@dataclass(frozen=True, slots=True)
class Defect:
    """One fault of a document.

    ``path`` leads to the faulty value; for a missing or unknown key, to the mapping that lacks or has it.
    ``message`` is a sentence without its full stop that names the faulty thing. ``identity`` distinguishes this
    fault from the others of the same file and stays the same when entries are re-ordered or lines shift: an entry of
    a list is identified by its ``id``, else its ``name``, else a hash of its content.
    """

    path: Path
    key: str | None
    kind: DefectKind
    message: str
    identity: str
    instead: str | None = None
    """The key that stands in the mapping in place of a missing one: a misspelling of it."""

    @property
    def unknown_key(self) -> bool:
        """Whether it is a key that the schema does not define: worth a warning, but the document can be used."""
        return self.kind is DefectKind.UNKNOWN

    @property
    def place(self) -> Path:
        """The path to point at: the faulty value, the unknown or misspelt key, the mapping that lacks a key."""
        key = self.key if self.unknown_key else self.instead
        return self.path if key is None else (*self.path, key)


@dataclass(frozen=True, slots=True)
class Missing:
    """A required key that is not there. ``because``: when it is required, such as ``at depth full``; None: always."""

    key: str
    because: str | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A key that the schema does not know, and those that it does."""

    key: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """How the file has its values, which hints must keep."""

    characters: Callable[[Path], str | None]
    """The characters of a number or another value that is not a text; None where they are not known."""
    offset: Callable[[datetime], str] = lambda _: "Z"
    """The offset from UTC of a local time in the zone of the portfolio."""


AS_DATA = Written(lambda _: None)  # of data that does not come from a file
