"""What is wrong with a catalog: each fault with its place, and with the names that do exist."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from os.path import commonprefix
from typing import Any

from blueprint_cli.policy.load import Policy
from blueprint_cli.policy.model import Archetype
from blueprint_cli.policy.rows import Origin, Row
from blueprint_cli.rulebook import RULES
from blueprint_cli.text import Suggestions, listed, safe
from blueprint_cli.times import span

LENGTHS = ("period", "span")  # the types of rows whose cells are a length of time


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
        self._problems.add(Problem(at.file, *(document.locate(at.path, key=True) if document else (1, 1)), message))

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


class Names:
    """Knows the names that a policy may use in one archetype."""

    def __init__(self, ledger: Ledger, archetype: Archetype) -> None:
        self.ledger, self.archetype = ledger, archetype
        self._known: dict[str, Iterable[str]] = {
            "asset": archetype.assets,
            "cadence": [cadence.id for cadence in archetype.all_cadences],
            "check": archetype.checks,
            "lifecycle date": archetype.lifecycle,
            "playbook": archetype.playbooks,
            "reference blueprint": archetype.reference_blueprints,
            "rule": RULES,
            "schema": ledger.policy.schemas,
            "track": archetype.tracks,
            "track row": archetype.rows,
        }
        if archetype.roles is not None:
            self._known["role"] = archetype.roles

    def check(self, what: str, name: str | None, at: Origin, *, key: bool = False, folder: bool = False) -> bool:
        """Whether a name exists, or is not given; if it does not, that is a problem at ``at``."""
        if name is None or what not in self._known:
            return True
        names = self._known[what]
        if folder and name.endswith("/") and any(known.startswith(name) for known in names):
            return True
        return self.ledger.known(at, what, name, names, key=key)

    def refer(self, row: Row, **keys: str) -> None:
        """The name that a row has under a key, or each of a list of names, must exist as what the key stands for."""
        for key, what in keys.items():
            self.each(what, row.written.get(key), row.origin.at(key))

    def each(self, what: str, written: str | list[str] | None, at: Origin) -> None:
        """A name, or each of a list of names, must exist."""
        names = (
            {at.at(index): name for index, name in enumerate(written)} if isinstance(written, list) else {at: written}
        )
        for place, name in names.items():
            self.check(what, name, place)

    def row(self, name: str, at: Origin, types: Sequence[str]) -> None:
        """A row of the tracks must exist and hold a value of the right type."""
        rows = self.archetype.rows
        if self.check("track row", name, at) and (kind := rows[name]["type"]) not in types:
            fitting = ", ".join(known for known, row in rows.items() if row["type"] in types)
            self.ledger.add(at, f"row `{name}` holds a {kind}, expected a {' or '.join(types)}: {fitting}")

    def limit(self, written: Any, at: Origin) -> None:
        """A length of time, or the row that gives it."""
        if isinstance(written, str):
            if span(written) is None:
                self.ledger.add(at, f"`{written}` is not a length of time: write weekly, 30 days, 48 hours, 1 month")
            return
        if not {"row", "literal", "staleness_of"} & set(written):
            self.ledger.add(at, "no length of time is given: write `row`, `literal` or `staleness_of`")
        if "literal" in written:
            self.limit(written["literal"], at.at("literal"))
        elif "capped_by" in written:
            self.ledger.add(at.at("capped_by"), "`capped_by` shortens a `literal`, and there is none")
        for key in ("row", "capped_by"):
            if key in written:
                self.row(written[key], at.at(key), LENGTHS)
        if "staleness_of" in written:
            self.check("asset", written["staleness_of"], at.at("staleness_of"))
