"""Audit of the tables: the rows that an archetype declares, and the cells of its tracks."""

from __future__ import annotations

import re
from typing import Any

from blueprint_cli.errors import BpError
from blueprint_cli.model import Severity
from blueprint_cli.policy.check.names import Names
from blueprint_cli.policy.model import EMPTY, END_ONLY, Track
from blueprint_cli.text import listed, safe
from blueprint_cli.times import PERIODS, span

OWN_KEYS = ("id", "archetype", "title", "rank", "reference_blueprints", "severities")  # not tables
_PERCENT = re.compile(r"(100|[0-9]{1,2})(\.[0-9]+)?%\Z", re.ASCII)


class Tables:
    """Judges rows and cells of one archetype."""

    def __init__(self, names: Names) -> None:
        self.names, self.ledger, self.archetype = names, names.ledger, names.archetype
        self._end_only: dict[str, bool] = {}
        for cadence in self.archetype.all_cadences:
            self._end_only[cadence.row] = self._end_only.get(cadence.row, True) and cadence.end_only is not None
        self._depths: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for asset in self.archetype.assets.values():
            if asset.depth_row is not None:
                known = asset.schema is None or asset.schema in self.ledger.policy.store
                depths = [(asset.path, self.depths(asset.schema))] if known else []
                self._depths.setdefault(asset.depth_row, []).extend(depths)

    def depths(self, schema: str | None) -> tuple[str, ...]:
        """The depth levels of a schema; none where it does not exist."""
        try:
            return self.ledger.policy.store.depths(schema) if schema else ()
        except BpError:
            return ()

    def declarations(self) -> None:
        at = self.archetype.origin.at("rows")
        described = []
        for table, rows in self.archetype.written["rows"].items():
            if table in OWN_KEYS:
                self.ledger.add_key(at.at(table), f"a table cannot be called `{table}`: tracks use that key themselves")
            for name, row in rows.items():
                here = at.at(table, name)
                if row["type"] == "choice" and not row.get("values"):
                    self.ledger.add(here, f"row `{table}.{name}` is a choice without `values`")
                if row["type"] == "depth" and "asset" not in row and f"{table}.{name}" not in self._depths:
                    self.ledger.add(here, f"row `{table}.{name}` holds depths, and no asset takes its `depth` from it")
                if "asset" in row and self.names.check("asset", row["asset"], here.at("asset")):
                    described.append((row["asset"], here.at("asset")))
        self.ledger.once("row of the asset", described)

    def track(self, track: Track) -> None:
        """Every table, every row, every cell. A table or row of an unknown name hides what is missing: one cause."""
        tables = self.archetype.written["rows"]
        own = [name for name in track.written if name not in OWN_KEYS and not name.startswith("x-")]
        known = [self.ledger.known(track.origin.at(name), "table", name, tables, key=True) for name in own]
        for table in tables:
            if table in track.written and table not in OWN_KEYS:
                self._cells(track, table, track.written[table], tables[table])
            elif tables[table] and table not in OWN_KEYS and all(known):
                self.ledger.add(track.origin, f"table `{table}` is missing: its rows are {listed(tables[table])}")

    def _cells(self, track: Track, table: str, cells: dict[str, str], rows: dict[str, Any]) -> None:
        at = track.origin.at(table)
        known = [self.ledger.known(at.at(name), "row", name, rows, key=True) for name in cells]
        for name, row in rows.items():
            if name in cells and cells[name] != EMPTY:
                if why := self._unfit(f"{table}.{name}", row, cells[name]):
                    self.ledger.add(at.at(name), f"`{safe(cells[name])}` cannot stand in row `{table}.{name}`: {why}")
            elif name not in cells and all(known):
                self.ledger.add_key(at, f"row `{table}.{name}` is missing: write `{EMPTY}` where it does not apply")

    def _unfit(self, name: str, row: dict[str, Any], cell: str) -> str | None:
        """Why a cell is not what its row holds; None where it is."""
        kind = row["type"]
        if kind == "period" and cell == END_ONLY:
            allowed = self._end_only.get(name, False)
            return None if allowed else "the cadence of this row does not say `end_only`, on which date"
        if kind == "period":
            return None if span(cell) else f"expected a rhythm: {', '.join(PERIODS)}, {END_ONLY} or {EMPTY}"
        if kind == "span":
            return None if span(cell) else "expected a length such as 14 days, 48 hours or monthly"
        if kind == "percent":
            return None if _PERCENT.match(cell) else "expected a share such as 90%"
        if kind == "severity":
            return None if cell in list(Severity) else f"expected {', '.join(Severity)}"
        if kind == "choice":
            values = row.get("values", [])
            return None if cell in values or not values else f"expected {listed(values)}"
        for asset, depths in self._depths.get(name, ()):
            if cell not in depths:
                return f"the schema of {asset} has " + (f"the depths {listed(depths)}" if depths else "no depths")
        return None
