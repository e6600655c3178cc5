"""Audit of a catalog: everything that must hold between its files, and that no JSON Schema can say.

`bp catalog check` runs it, and so does every scan of a repository that adds or overrides policy: a check that
names a row, date or asset that does not exist would otherwise pass in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from blueprint_cli.errors import BpError, PolicyError
from blueprint_cli.jsonpath import BadSelector
from blueprint_cli.policy.check.names import LENGTHS, Ledger, Names, Problem
from blueprint_cli.policy.check.predicates import Predicates, Shapes
from blueprint_cli.policy.check.tables import Tables
from blueprint_cli.policy.layers import Layer
from blueprint_cli.policy.load import Policy, load
from blueprint_cli.policy.model import END_ONLY, Archetype, ReferenceBlueprint, Track
from blueprint_cli.policy.rows import CUSTOMER_HEALTH, Asset, Cadence, Check, Consistency, Origin, Row
from blueprint_cli.rulebook import COMPLETENESS
from blueprint_cli.text import count
from blueprint_cli.yamlfile import Limits

__all__ = ["Problem", "audit", "checked"]

SUFFIXES = (".yaml", ".yml", ".md")  # what an asset may be


def audit(policy: Policy) -> list[Problem]:
    """Every problem of a policy whose files their schemas accept, by place."""
    ledger = Ledger(policy)
    for archetype in policy.catalog.archetypes.values():
        _Audit(ledger, archetype).run()
    return ledger.problems()


def checked(layers: Sequence[Layer], limits: Limits | None = None) -> Policy:
    """The policy of these layers, audited. Raises PolicyError with every problem."""
    policy = load(layers, limits)
    problems = audit(policy)
    if problems:
        raise PolicyError("the catalog is not valid:", [str(problem) for problem in problems])
    return policy


class _Audit:
    def __init__(self, ledger: Ledger, archetype: Archetype) -> None:
        self.ledger, self.archetype = ledger, archetype
        self.blueprints = list(archetype.reference_blueprints.values())
        self.cadences = archetype.all_cadences
        self.names = Names(ledger, archetype)
        self.predicates = Predicates(self.names)
        self.tables = Tables(self.names)

    def run(self) -> None:
        self._archetype()
        self._uses()
        for blueprint in self.blueprints:
            self._blueprint(blueprint)
        for cadence in self.cadences:
            self._cadence(cadence)
        if not self.archetype.tracks:
            where = f"tracks/{self.archetype.id}/"
            self.ledger.add(self.archetype.origin.at("id"), f"no engagement track: write one in {where}")
        for track in self.archetype.tracks.values():
            self._track(track)

    def _archetype(self) -> None:
        written, at = self.archetype.written, self.archetype.origin
        for key in ("blueprint", "report"):
            self._inside(written[key], at.at(key))
        self.tables.declarations()
        self._completeness()
        self._customer()
        self._customer_health()
        if "staleness" in written:
            self.names.row(written["staleness"], at.at("staleness"), LENGTHS)
        due = written.get("additional_assets", {}).get("due", {})
        self.names.check("lifecycle date", due.get("after"), at.at("additional_assets", "due", "after"))
        self.names.refer(self.archetype, may_be_not_applicable="reference blueprint")
        for gate in self.archetype.gates:
            self.names.row(gate.row, gate.origin.at("at_least", "row"), ("percent",))
        for handoff in self.archetype.handoffs:
            self.predicates.audit(handoff, "when", None, judged=True)
        self._severities(self.archetype)
        self._consistency(self.archetype.consistency, self.predicates.instance())

    def _consistency(self, rows: Iterable[Consistency], shapes: Shapes) -> None:
        for row in rows:
            inner = shapes
            if row.each is not None:
                inner = self.predicates.source(row.written["each"], row.origin.at("each"), shapes)
            self.predicates.audit(row, "requires", inner)

    def _completeness(self) -> None:
        rule, at = self.archetype.completeness, self.archetype.origin.at("completeness")
        if rule is None:
            return
        self.names.row(rule.row, at.at("row"), ("choice",))
        values = self.archetype.rows.get(rule.row, {}).get("values", ())
        if not values:
            return
        at, known = at.at("levels"), self.ledger.known
        exist = [known(at.at(level), "value of the row", level, values, key=True) for level in rule.levels]
        for value in values:
            if value not in rule.levels and all(exist):
                self.ledger.add(at, f"level `{value}` is missing: row `{rule.row}` may hold it")

    def _customer(self) -> None:
        written, at = self.archetype.written.get("customer"), self.archetype.origin.at("customer")
        if written is not None and self.names.check("asset", written["asset"], at.at("asset")):
            self.predicates.source(written["name"], at.at("name"), self.predicates.shapes(written["asset"]))

    def _customer_health(self) -> None:
        written, at = self.archetype.written.get("customer_health", {}), self.archetype.origin.at("customer_health")
        if not written or not self.names.check("asset", written["asset"], at.at("asset")):
            return
        for key in (key for key in CUSTOMER_HEALTH if key in written):
            shapes = self.predicates.shapes(written["asset"])
            self.predicates.source(written[key], at.at(key), shapes, dates=key == "date")

    def _severities(self, row: Row) -> None:
        at = row.origin.at("severities")
        for rule, weight in row.written.get("severities", {}).items():
            self.names.check("rule", rule, at.at(rule), key=True)
            if isinstance(weight, dict):
                self.names.row(weight["row"], at.at(rule, "row"), ("severity",))
            if rule in COMPLETENESS and (completeness := self.archetype.completeness) is not None:
                message = f"it has no effect: row `{completeness.row}` decides how much `{rule}` weighs"
                self.ledger.add(at.at(rule), f"{message}; change `completeness.levels` of the archetype")

    def _uses(self) -> None:
        """Names that tell things apart are used once."""
        once, blueprints = self.ledger.once, self.blueprints
        once("code", ((blueprint.code, blueprint.origin.at("code")) for blueprint in blueprints))
        once("check", ((check.full_id, check.origin.at("id")) for rb in blueprints for check in rb.checks))
        once("asset", ((asset.path, asset.origin.at("path")) for rb in blueprints for asset in rb.assets))
        once("signal", ((signal.id, signal.origin.at("id")) for rb in blueprints for signal in rb.signals))
        once("cadence", ((cadence.id, cadence.origin.at("id")) for cadence in self.cadences))
        once("gate", ((gate.id, gate.origin.at("id")) for gate in self.archetype.gates))
        first: dict[str, tuple[str, Origin]] = {}
        for row in (self.archetype, *blueprints):
            once("playbook", ((playbook["id"], at.at("id")) for playbook, at in row.below("playbooks")))
            for playbook, at in row.below("playbooks"):
                name = playbook["id"]
                other, where = first.setdefault(name, (playbook["name"], at))
                if other != playbook["name"]:
                    place = self.ledger.place(where)
                    message = f"playbook `{name}` is called `{other}` in {place}: names must agree"
                    self.ledger.add(at.at("name"), message)

    def _blueprint(self, blueprint: ReferenceBlueprint) -> None:
        self._stakeholders(blueprint)
        shapes = [shape for asset in blueprint.assets for shape in self.predicates.shapes(asset.path) or ()]
        self.predicates.audit(blueprint, "never_stale_when", shapes)
        for asset in blueprint.assets:
            self._asset(asset)
        for check in blueprint.checks:
            self._check(check)
        for signal in blueprint.signals:
            self.names.refer(signal, playbook="playbook")
            self.predicates.audit(signal, "when", None, judged=True)

    def _stakeholders(self, blueprint: ReferenceBlueprint) -> None:
        stakeholders = blueprint.written["stakeholders"]["internal"]
        at = blueprint.origin.at("stakeholders", "internal")
        owners = sum(bool(stakeholder.get("owner")) for stakeholder in stakeholders)
        if owners != 1:
            owned = count(owners, "owner") if owners else "no owner"
            self.ledger.add_key(at, f"{owned}: exactly one role is `owner: true`")
        for index, stakeholder in enumerate(stakeholders):
            self.names.each("role", stakeholder["role"], at.at(index, "role"))

    def _asset(self, asset: Asset) -> None:
        at, written, shapes = asset.origin, asset.written, self.predicates.shapes(asset.path)
        self._inside(asset.path, at.at("path"))
        if not asset.path.endswith(SUFFIXES):
            self.ledger.add(at.at("path"), f"an asset is a file of {', '.join(SUFFIXES)}")
        self._schema(asset)
        self.names.refer(asset, playbook="playbook")
        if asset.depth_row is not None:
            self.names.row(asset.depth_row, at.at("depth", "row"), ("depth",))
        self.names.check("lifecycle date", written.get("due", {}).get("after"), at.at("due", "after"))
        if "due" not in written and self.archetype.lifecycle:
            self.ledger.add(at, f"asset `{asset.path}` has no `due`: it would be missing from the first day")
        if "review_every" in written:
            self.names.limit(written["review_every"], at.at("review_every"))
        self.predicates.audit(asset, "never_stale_when", shapes)
        self._consistency(asset.consistency, shapes)
        for index, select in enumerate(written.get("dates", ())):
            self.predicates.source(select, at.at("dates", index), shapes, dates=True)
        for index, reference in enumerate(written.get("references", ())):
            here = at.at("references", index)
            self.predicates.source(reference["select"], here.at("select"), shapes)
            self.predicates.source(reference["to"], here.at("to"), shapes)

    def _schema(self, asset: Asset) -> None:
        store, at = self.ledger.policy.store, asset.origin.at("schema")
        if asset.schema is None or not self.names.check("schema", asset.schema, at):
            return
        try:
            for depth in (None, *store.depths(asset.schema)):
                store.validator(asset.schema, depth)
        except BpError as problem:
            self.ledger.add(at, str(problem).replace("\n  ", ": "))

    def _check(self, check: Check) -> None:
        at, asset = check.origin, self.archetype.assets.get(check.asset)
        self.names.refer(check, playbook="playbook", asset="asset", tracks="track")
        if check.depths is not None and asset is not None:
            depths = self.tables.depths(asset.schema) if asset.depth_row else ()
            for index, depth in enumerate(check.depths):
                self.ledger.known(at.at("depths", index), f"depth of {asset.path}", depth, depths)
        self.names.check("cadence", check.paired_cadence, at.at("one_cause", "cadence"))
        self.predicates.audit(check, "requires", self.predicates.shapes(check.asset))

    def _cadence(self, cadence: Cadence) -> None:
        at = cadence.origin
        self.names.refer(cadence, playbook="playbook", asset="asset", end_only="lifecycle date")
        self.names.row(cadence.row, at.at("row"), LENGTHS)
        self.predicates.audit(cadence, "requires", self.predicates.shapes(cadence.asset))
        if cadence.end_only is not None and not _keeps_record(cadence):
            self.ledger.add(at.at("end_only"), f"`{END_ONLY}` requires one entry on record, and `requires` keeps none")

    def _track(self, track: Track) -> None:
        at = track.origin
        if track.written["archetype"] != self.archetype.id:
            self.ledger.add(at.at("archetype"), f"its directory is that of `{self.archetype.id}`: they must agree")
        self.tables.track(track)
        named = []
        for key in ("required", "optional"):
            names, here = track.written["reference_blueprints"].get(key, []), at.at("reference_blueprints", key)
            self.names.each("reference blueprint", names, here)
            named += [(name, here.at(index)) for index, name in enumerate(names)]
        self.ledger.once("reference blueprint", named)
        self._severities(track)

    def _inside(self, path: str, at: Origin) -> None:
        """A path of the catalog stays within the engagement."""
        if path.startswith(("/", "~")) or "\\" in path or set(path.split("/")) & {"", ".", ".."}:
            self.ledger.add(at, f"`{path}` must be a path below the engagement, with slashes and without . or ..")


def _keeps_record(cadence: Cadence) -> bool:
    try:
        return cadence.requires.keeps_record
    except BadSelector:
        return True  # reported at the selector
