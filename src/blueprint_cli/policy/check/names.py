"""Audit of what predicates name: assets, dates, rows, roles, checks, and what their selectors can reach."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from blueprint_cli.errors import BpError
from blueprint_cli.jsonpath import BadSelector, selector
from blueprint_cli.policy.check.problems import Ledger
from blueprint_cli.policy.check.reachability import ANYTHING, Reach, Unreachable
from blueprint_cli.policy.model import Archetype
from blueprint_cli.policy.rows import Origin
from blueprint_cli.predicates.base import Predicate
from blueprint_cli.predicates.combine import When
from blueprint_cli.predicates.kinds import build
from blueprint_cli.schema.document import pointed
from blueprint_cli.schema.library import Library
from blueprint_cli.times import span

Scope = Sequence[Any] | None
"""What `$` looks like, as alternatives; None: there is no document in scope."""
UNKNOWN: Scope = (ANYTHING,)
LENGTHS = ("period", "span")
"""The types of rows whose cells are a length of time."""
_SHOWN = 200
"""Characters of a query in a message."""

PARAMETERS: dict[str, dict[str, str]] = {
    "exists": {"asset": "asset"},
    "filled": {"of": "sources"},
    "value": {"of": "sources", "in": "literals of"},
    "count": {"of": "sources", "dated": "day of"},
    "every": {"of": "sources", "dated": "day of", "each": "predicate of"},
    "latest": {"of": "sources", "by": "day of", "is": "predicate of"},
    "deadline": {"date": "days", "after": "anchor", "within": "limit", "closed": "days", "open_while": "predicate"},
    "newest": {"of": "days", "since": "lifecycle", "within": "limit"},
    "ahead": {"date": "days", "within": "limit"},
    "age": {"within": "limit"},
    "as_often_as": {"of": "sources", "period": "limit"},
    "covers": {"need": "sources", "have": "sources", "by": "field have", "dated": "day have"},
    "lookup": {
        "key": "sources",
        "in": "sources",
        "by": "field in",
        "is": "predicate in",
        "date": "day",
        "from": "day in",
        "to": "day in",
    },
    "stalled": {
        "metrics": "sources",
        "name": "field metrics",
        "target": "field metrics",
        "measurements": "sources",
        "metric": "field measurements",
        "date": "day measurements",
        "value": "field measurements",
        "over": "limit",
    },
    "scanned": {"since": "lifecycle", "within": "limit"},
    "reached": {"date": "lifecycle", "ahead": "limit"},
    "held": {"role": "role"},
    "outcome": {"check": "check", "assets": "assets"},
}
"""What each parameter of a kind names; a second word says whose items it is asked of (else `$`)."""


class Asked:
    """Judges the predicates, sources and limits of one archetype."""

    def __init__(self, ledger: Ledger, archetype: Archetype) -> None:
        self.ledger, self.archetype = ledger, archetype
        self.rows = {
            f"{table}.{name}": row for table, rows in archetype.written["rows"].items() for name, row in rows.items()
        }
        self._library = Library(ledger.policy.schemas)
        self._shapes: dict[str, Any] = {}
        self._targets: dict[int, Any] = {}
        self._reach = Reach(lambda node: self._targets.get(id(node), ANYTHING))

    def shapes(self, asset: str | None) -> Scope:
        """What the document of an asset looks like."""
        row = self.archetype.assets.get(asset or "")
        if asset is None or row is None:
            return None if asset is None else UNKNOWN
        return (self._shape(row.schema),) if row.schema else UNKNOWN

    def _shape(self, schema: str) -> Any:
        if schema not in self._shapes:
            self._shapes[schema] = self._read(schema)
        return self._shapes[schema]

    def _read(self, schema: str) -> Any:
        try:
            self.ledger.policy.store.validator(schema)
            documents = self._library.closure(schema)
        except BpError:
            return ANYTHING  # told where the asset names it
        roots = {uri: root for one in documents for uri, root in one.resources.items()}
        anchors = {name: node for one in documents for name, node in one.anchors.items()}
        for one in documents:
            for refs in one.refs.values():
                for node, _, address in refs:
                    uri, _, fragment = address.partition("#")
                    target = anchors.get(address) or pointed(roots.get(uri), fragment)
                    self._targets[id(node)] = ANYTHING if target is None else target
        return documents[0].schema

    def predicate(
        self, written: dict[str, Any], at: Origin, scope: Scope, *, judged: bool = False, again: bool = False
    ) -> None:
        """A predicate at any depth. ``judged``: the outcomes of checks and assets are known to it. ``again``: it is
        asked of every item of a list."""
        for kind, parameters in written.items():
            here = at.at(kind)
            if kind in ("all", "any"):
                for index, one in enumerate(parameters):
                    self.predicate(one, here.at(index), scope, judged=judged, again=again)
            elif kind in ("not", "when", "then", "else"):
                self.predicate(parameters, here, scope, judged=judged, again=again)
            else:
                self._kind(kind, parameters, here, scope, judged, again)

    def _kind(self, kind: str, parameters: dict[str, Any], at: Origin, scope: Scope, judged: bool, again: bool) -> None:
        if kind == "outcome" and not judged:
            self.ledger.add_key(at, "`outcome` is known to signals and handoffs only: all else is judged before it")
        if kind == "age" and scope is None:
            self.ledger.add_key(at, "`age` needs an asset, and here is none: ask it in a check")
        selected: dict[str, Scope] = {"": scope}
        for name, role in PARAMETERS[kind].items():
            if name not in parameters:
                continue
            what, _, of = role.partition(" ")
            value, here, base = parameters[name], at.at(name), selected.get(of, UNKNOWN)
            if again and what in ("sources", "days") and (kind, name) != ("lookup", "in"):
                self._short(value, here)
            if what in ("sources", "days"):
                selected[name] = self.sources(value, here, scope, days=what == "days")
            elif what in ("field", "day"):
                self.source(value, here, base, days=what == "day")
            elif what == "predicate":
                self.predicate(value, here, base, judged=judged, again=again or kind == "every")
            elif what == "literals":
                for index, literal in enumerate(value):
                    if base is not None and (why := self._reach.refused(base, literal)) is not None:
                        self.ledger.add(here.at(index), why)
            elif what == "anchor" and value.startswith("$"):
                self.source(value, here, scope, days=True)
            else:
                self._name(what, value, here, parameters)

    def _name(self, what: str, value: Any, at: Origin, parameters: dict[str, Any]) -> None:
        if what == "limit":
            self.limit(value, at)
        elif what == "asset":
            self.asset(value, at)
        elif what in ("lifecycle", "anchor"):
            self.lifecycle(value, at)
        elif what == "role":
            self.role(value, at)
        elif what == "check":
            self.ledger.known(at, "check", value, self.archetype.checks)
            if parameters["is"] == "stale":
                self.ledger.add(at, "a check is never `stale`, only assets are: ask for `failed`")
        elif what == "assets":
            if not any(
                path == value or (value.endswith("/") and path.startswith(value)) for path in self.archetype.assets
            ):
                self.ledger.known(at, "asset", value, self.archetype.assets)
            if parameters["is"] != "stale":
                self.ledger.add(at, "of assets only `stale` is known: ask for a check that failed")

    def _short(self, written: Any, at: Origin) -> None:
        """What is asked of every item must not walk through another list each time: that takes items × items."""
        for one in written if isinstance(written, list) else [written]:
            if isinstance(one, dict) and "asset" in one and not _names_only(one["select"]):
                self.ledger.add(
                    at, f"`{one['select']}` would be walked through for every item: use `lookup`, or ask it elsewhere"
                )

    def sources(self, written: Any, at: Origin, scope: Scope, *, days: bool = False) -> Scope:
        """One source or several; what they select, as alternatives."""
        if not isinstance(written, list):
            return self.source(written, at, scope, days=days)
        found = [
            shape for index, one in enumerate(written) for shape in self.source(one, at.at(index), scope, days=days)
        ]
        return tuple(found)

    def source(self, written: Any, at: Origin, scope: Scope, *, days: bool = False) -> Sequence[Any]:
        """What a source selects; anything where that is a problem already."""
        if isinstance(written, dict):
            if "asset" in written:
                known = self.asset(written["asset"], at.at("asset"))
                scope = self.shapes(written["asset"]) if known else UNKNOWN
            written, at = written["select"], at.at("select")
        try:
            query = selector(written)
        except BadSelector as problem:
            self.ledger.add(at, f"`{_short_text(written)}` is no JSONPath: {problem}")
            return (ANYTHING,)
        if scope is None:
            self.ledger.add(at, "no document is in scope here: write {asset: …, select: …}")
            return (ANYTHING,)
        try:
            found = self._reach.shapes(query.steps(), scope)
        except Unreachable as problem:
            self.ledger.add(at, f"`{_short_text(written)}` can never match: {problem}")
            return (ANYTHING,)
        if days and (instead := self._reach.no_dates(found)) is not None:
            self.ledger.add(at, f"`{written}` selects {instead}, not a date")
        return found

    def asset(self, path: str, at: Origin) -> bool:
        """An asset must exist."""
        return self.ledger.known(at, "asset", path, self.archetype.assets)

    def lifecycle(self, name: str, at: Origin) -> None:
        """A lifecycle date must exist."""
        self.ledger.known(at, "lifecycle date", name, self.archetype.lifecycle)

    def role(self, name: str, at: Origin) -> None:
        """A role must be among those of the archetype, where it lists them."""
        if "roles" in self.archetype.written:
            self.ledger.known(at, "role", name, self.archetype.written["roles"])

    def row(self, name: str, at: Origin, types: Sequence[str]) -> None:
        """A row of the tracks must exist and hold what is needed of it."""
        if self.ledger.known(at, "track row", name, self.rows) and (kind := self.rows[name]["type"]) not in types:
            fits = [one for one, row in self.rows.items() if row["type"] in types]
            self.ledger.add(at, f"row `{name}` holds a {kind}, needed is a {' or '.join(types)}: {', '.join(fits)}")

    def limit(self, written: Any, at: Origin) -> None:
        """A length of time, or the row that says it."""
        if isinstance(written, str):
            if span(written) is None:
                self.ledger.add(at, f"`{written}` is no length of time: write weekly, 30 days, 48 hours, 1 month")
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
            self.asset(written["staleness_of"], at.at("staleness_of"))


def _short_text(query: str) -> str:
    """A query in a message, which says behind it what is wrong."""
    return query if len(query) <= _SHOWN else query[: _SHOWN - 1] + "…"


def _names_only(select: str) -> bool:
    try:
        return selector(select).single
    except BadSelector:
        return True  # told where it is read


def keeps_a_record(written: dict[str, Any], where: str) -> bool:
    """Whether ``end only`` means something for a predicate: "one entry on record" instead of its rhythm."""
    try:
        predicate = build(written, where)
    except BadSelector:
        return True
    while isinstance(predicate, When):
        predicate = predicate.then
    return type(predicate).on_record is not Predicate.on_record or not list(predicate.rows())
