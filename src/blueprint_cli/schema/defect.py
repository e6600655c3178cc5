"""What is wrong with a document, as a value."""

from __future__ import annotations

from dataclasses import dataclass

Path = tuple[str | int, ...]
"""The keys and 0-based list indices that lead from the top of a document to a value."""


@dataclass(frozen=True, slots=True)
class Defect:
    """One fault of a document.

    ``path`` leads to the faulty value; for a missing or unknown key, to the mapping that lacks or has it.
    ``kind`` is ``missing``, ``unknown`` or ``wrong``. ``message`` is a sentence without its full stop that
    names the thing itself. ``identity`` tells this fault from the others of the same file and stays the same
    when entries are re-ordered or lines shift: an entry of a list goes by its ``id``, else its ``name``, else
    a hash of its content.
    """

    path: Path
    key: str | None
    kind: str
    message: str
    identity: str

    @property
    def unknown_key(self) -> bool:
        """Whether it is a key that the schema does not know: worth a warning, the document can be used."""
        return self.kind == "unknown"

    @property
    def place(self) -> Path:
        """Where an editor should stand: at the faulty value, at an unknown key, at the mapping that lacks a key."""
        return (*self.path, self.key) if self.unknown_key and self.key is not None else self.path
