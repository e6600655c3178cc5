"""What is wrong with a catalog: each fault with its place, and with the names that do exist."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from os.path import commonprefix

from blueprint_cli.policy.load import Policy
from blueprint_cli.policy.rows import Origin
from blueprint_cli.text import Suggestions, listed, safe


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault of the catalog. ``str`` is the line that editors can follow, as from a compiler."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class Ledger:
    """Collects the problems of one audit."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._problems: set[Problem] = set()

    def problems(self) -> list[Problem]:
        return sorted(self._problems)

    def add(self, at: Origin, message: str) -> None:
        self._problems.add(Problem(at.file, *self.policy.locate(at), message))

    def add_key(self, at: Origin, message: str) -> None:
        """A problem with a key, whatever its value."""
        document = self.policy.documents.get(at.file)
        self._problems.add(Problem(at.file, *(document.locate_key(at.path) if document else (1, 1)), message))

    def known(self, at: Origin, what: str, name: str, names: Iterable[str], *, key: bool = False) -> bool:
        """Whether a name exists; if not, it is a problem that names those that do."""
        existing = list(names)
        if name in existing:
            return True
        hint = Suggestions().hint(name, existing) or ";"
        existing.sort(key=lambda known: -len(commonprefix((known, name))))  # noqa: RUF071 - by characters: a long list is cut
        known = f"known: {listed(existing)}" if existing else "there is none"
        message = f"{what} `{safe(name)}` does not exist{hint} {known}"
        (self.add_key if key else self.add)(at, message)
        return False

    def once(self, what: str, named: Iterable[tuple[str, Origin]]) -> None:
        """Each name may be used once: a later use is a problem that points to the first."""
        first: dict[str, Origin] = {}
        for name, at in named:
            if name in first:
                self.add(at, f"{what} `{safe(name)}` is used twice: first in {self.place(first[name])}")
            first.setdefault(name, at)

    def place(self, at: Origin) -> str:
        """``file:line`` of a row."""
        return f"{at.file}:{self.policy.locate(at)[0]}"
