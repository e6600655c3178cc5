"""Audit of names: whatever a policy refers to must exist in its archetype, and a row must hold what is needed of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from blueprint_cli.policy.check.problems import Ledger
from blueprint_cli.policy.model import Archetype
from blueprint_cli.policy.rows import Origin
from blueprint_cli.rulebook import RULES
from blueprint_cli.times import span

LENGTHS = ("period", "span")
"""The types of rows whose cells are a length of time."""


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
