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
