"""Audit of predicates: each parameter against its role, each selector against the schema of the document it is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from blueprint_cli.errors import BpError
from blueprint_cli.jsonpath import BadSelector, selector
from blueprint_cli.policy.check.names import Names
from blueprint_cli.policy.check.reachability import ANYTHING, Reach, Unreachable
from blueprint_cli.policy.rows import Origin, Row, Written
from blueprint_cli.predicates.kinds import read
from blueprint_cli.predicates.parameters import DateOrAnchor, Literals, Named, Nested, OfItem, Role, Values, Within
from blueprint_cli.schema.document import pointed
from blueprint_cli.schema.library import Library
from blueprint_cli.text import clip

Shapes = Sequence[Any] | None  # what `$` looks like, as alternative schemas; None: no document is in scope
UNKNOWN = (ANYTHING,)
INSTANCE = "blueprint.schema.json"  # the schema of blueprint.yaml
MAX_QUERY = 200  # characters of a query in a message, which says after it what is wrong


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a predicate stands."""

    shapes: Shapes
    judged: bool = False  # whether the outcomes of checks and assets are known
    each: bool = False  # whether it is evaluated for every item of a list


class Predicates:
    """Audits the predicates, sources and selectors of one archetype."""

    def __init__(self, names: Names) -> None:
        self.names, self.ledger = names, names.ledger
        self._documents = Documents(names)
        self._reach = Reach(self._documents.resolve)

    def shapes(self, asset: str | None) -> Shapes:
        return None if asset is None else self._documents.shapes(asset)

    def instance(self) -> Shapes:
        """What blueprint.yaml looks like."""
        return self._documents.of_schema(INSTANCE)

    def audit(self, row: Row, key: str, shapes: Shapes, *, judged: bool = False) -> None:
        """The predicate under a key of a row, if it has one; ``judged`` where it may look at outcomes."""
        if key in row.written:
            self._predicate(row.written[key], row.origin.at(key), Situation(shapes, judged))

    def _predicate(self, written: Written, at: Origin, here: Situation) -> None:
        kind, given = read(written)
        if not kind.inline:
            at = at.at(kind.kind)
        if kind.needs_outcomes and not here.judged:
            self.ledger.add_key(at, f"only signals and handoffs can use `{kind.kind}`: all else is judged before it")
        if kind.needs_asset and here.shapes is None:
            self.ledger.add_key(at, f"`{kind.kind}` needs an asset, and there is none here: use it in a check")
        for name, message in kind.contradictions(given):
            self.ledger.add(at.at(name), message)
        selected: dict[str, Shapes] = {"": here.shapes}
        for parameter in kind.parameters():
            if parameter.name in given:
                value, place = given[parameter.name], at.at(parameter.name)
                selected[parameter.name] = self._parameter(parameter.role, value, place, selected, here)

    def _parameter(
        self, role: Role, value: Any, at: Origin, selected: Mapping[str, Shapes], here: Situation
    ) -> Sequence[Any]:
        """One parameter; what it selects, where it selects something."""
        match role:
            case Values() if isinstance(value, int | float):
                pass
            case Values(dates=dates, indexed=indexed):
                if here.each and not indexed:
                    self._short(value, at)
                return self.sources(value, at, here.shapes, dates=dates)
            case OfItem(of=of, dates=dates):
                return self.source(value, at, selected[of], dates=dates)
            case DateOrAnchor() if isinstance(value, list):
                for index, date in enumerate(value):
                    self._parameter(role, date, at.at(index), selected, here)
            case DateOrAnchor() if isinstance(value, dict) or value.startswith("$"):
                return self.source(value, at, here.shapes, dates=True)
            case DateOrAnchor():
                self.names.check("lifecycle date", value, at)
            case Nested(of=of, every=every):
                inner = replace(here, shapes=selected[of], each=here.each or every)
                parts = [(part, at.at(index)) for index, part in enumerate(value)] if isinstance(value, list) else []
                for part, place in parts or [(value, at)]:
                    self._predicate(part, place, inner)
            case Literals(of=of):
                for index, literal in enumerate(value):
                    if why := self._reach.refused(selected[of] or UNKNOWN, literal):
                        self.ledger.add(at.at(index), why)
            case Named(what=what, folder=folder):
                self.names.check(what, value, at, folder=folder)
            case Within():
                self.names.limit(value, at)
        return (ANYTHING,)

    def _short(self, written: Any, at: Origin) -> None:
        """What is evaluated for every item must not walk through another list each time: items × items."""
        for source in written if isinstance(written, list) else [written]:
            if isinstance(source, dict) and "asset" in source and ("each" in source or not _single(source["select"])):
                advice = "would be walked through for every item: use `lookup`, or look there outside of it"
                self.ledger.add(at, f"`{source['select']}` {advice}")

    def sources(self, written: Any, at: Origin, shapes: Shapes, *, dates: bool = False) -> Sequence[Any]:
        """One source or several; what they select, as alternatives."""
        if not isinstance(written, list):
            return self.source(written, at, shapes, dates=dates)
        each = [self.source(source, at.at(index), shapes, dates=dates) for index, source in enumerate(written)]
        return [shape for selected in each for shape in selected]

    def source(self, written: Any, at: Origin, shapes: Shapes, *, dates: bool = False) -> Sequence[Any]:
        """What a source selects; anything where that is a problem already."""
        if isinstance(written, dict):
            if "asset" in written:
                exists = self.names.check("asset", written["asset"], at.at("asset"))
                shapes = self.shapes(written["asset"]) if exists else UNKNOWN
            if "each" in written:
                shapes = self.source(written["each"], at.at("each"), shapes)
            if "outsiders" in written:
                self.source(written["outsiders"], at.at("outsiders"), shapes)
            written, at = written["select"], at.at("select")
        try:
            steps = selector(written).steps()
        except BadSelector as problem:
            self.ledger.add(at, f"`{clip(written, MAX_QUERY)}` is not a JSONPath query: {problem}")
            return (ANYTHING,)
        if shapes is None:
            self.ledger.add(at, "no document is in scope here: write {asset: …, select: …}")
            return (ANYTHING,)
        try:
            selected = self._reach.shapes(steps, shapes)
        except Unreachable as problem:
            self.ledger.add(at, f"`{clip(written, MAX_QUERY)}` can never match: {problem}")
            return (ANYTHING,)
        if dates and (instead := self._reach.no_dates(selected)) is not None:
            self.ledger.add(at, f"`{written}` selects {instead}, not a date")
        return selected


class Documents:
    """What the documents of an archetype's assets look like: their schemas, and where each ``$ref`` in them leads."""

    def __init__(self, names: Names) -> None:
        self._policy, self._assets = names.ledger.policy, names.archetype.assets
        self._library = Library(self._policy.schemas)
        self._shapes: dict[str, Any] = {}
        self._targets: dict[int, Any] = {}

    def shapes(self, asset: str) -> Sequence[Any]:
        """The schema of an asset; anything where it has none or cannot be used, which is reported elsewhere."""
        schema = self._assets[asset].schema if asset in self._assets else None
        return (ANYTHING,) if schema is None else self.of_schema(schema)

    def of_schema(self, schema: str) -> Sequence[Any]:
        """What the documents of a schema look like."""
        if schema not in self._shapes:
            self._shapes[schema] = self._read(schema)
        return (self._shapes[schema],)

    def resolve(self, node: Any) -> Any:
        return self._targets.get(id(node), ANYTHING)

    def _read(self, schema: str) -> Any:
        try:
            self._policy.store.validator(schema)
            documents = self._library.closure(schema)
        except BpError:
            return ANYTHING  # reported where the asset names it
        roots = {uri: root for document in documents for uri, root in document.resources.items()}
        anchors = {name: node for document in documents for name, node in document.anchors.items()}
        for document in documents:
            for node, _, address in document.all_refs():
                uri, _, fragment = address.partition("#")
                target = anchors.get(address) or pointed(roots.get(uri), fragment)
                self._targets[id(node)] = ANYTHING if target is None else target
        return documents[0].schema


def _single(select: str) -> bool:
    try:
        return selector(select).single
    except BadSelector:
        return True  # reported where it is read
