"""Which engagements a change can affect, each paired with its earlier self."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from blueprint_cli.diff import renames
from blueprint_cli.engagement.node import NodeRef
from blueprint_cli.engagement.portfolio import Portfolio
from blueprint_cli.model import Location, NodeReport
from blueprint_cli.workspace import Snapshot
from blueprint_cli.yamlfile import read

_NO_SCHEMA = (".yaml", ".yml", ".md")
_NAMES_ASSETS = b"additional_assets"


@dataclass(frozen=True, slots=True)
class Pair:
    """One engagement on both sides; None where a side does not have it."""

    base: NodeRef | None
    head: NodeRef | None
    touched: bool = True
    """Whether one of its files differs: if not, both sides have the same gaps."""

    @property
    def path(self) -> str:
        """Its directory in the head, or in the base where the head does not have it."""
        ref = self.head or self.base
        return ref.path if ref else ""

    @property
    def renamed(self) -> bool:
        return self.base is not None and self.head is not None and self.base.path != self.head.path


def naming(side: Snapshot, changed: Collection[str]) -> Iterator[tuple[str, str]]:
    """The changed files that an engagement names as the schema of an additional asset, each with the blueprint that
    names it. The blueprints are read only if a file that may be a schema changed."""
    schemas = {path for path in changed if not path.endswith(_NO_SCHEMA)}
    blueprints = [ref.blueprint for ref in side.portfolio.nodes if ref.blueprint] if schemas else []
    for path, raw in side.tree.read(blueprints, side.config.limits.file_bytes):
        document = read(raw, side.config.limits) if isinstance(raw, bytes) and _NAMES_ASSETS in raw else None
        assets = document.data.get("additional_assets") if document and document.ok else None
        for asset in assets if isinstance(assets, list) else ():
            schema = asset.get("schema") if isinstance(asset, dict) else None
            if isinstance(schema, str) and schema in schemas:
                yield schema, path


def pairs(base: Snapshot, head: Snapshot, changed: Collection[str], everything: bool) -> list[Pair]:
    """The engagements that the changed paths can affect, by path; ``everything``: all engagements."""
    near: tuple[Portfolio, ...] = (base.portfolio, head.portfolio)
    if not everything and not _realm_roots(base.portfolio):
        near = _around(changed, *near)
    old, new = ({ref.path: ref for ref in portfolio.nodes} for portfolio in near)
    reports = {ref.report for ref in (*old.values(), *new.values())}
    above = {folder for path in changed if path not in reports for folder in _folders(path)}
    roots = _realm_roots(base.portfolio)
    affected = []
    for path in sorted({*old, *new}):
        touched = path in above or any(_lies_below(path, root, above) for root in roots)
        if touched or everything:
            affected.append(Pair(old.get(path), new.get(path), touched))
    return list(_joined(affected, base, head))


def _folders(path: str) -> Iterator[str]:
    """The directories that a path lies in, and the path itself: a link may have replaced a directory."""
    yield path
    while path:
        path = path.rpartition("/")[0]
        yield path


def _around(changed: Collection[str], *sides: Portfolio) -> tuple[Portfolio, ...]:
    """The portfolios reduced to the engagements around the changes: a few of a thousand."""
    names = {archetype.blueprint_path for side in sides for archetype in side.catalog.archetypes.values()}
    scopes = set()
    for path in changed:
        folders = sorted(set(_folders(path)) - {path}, key=len)
        blueprints = ((folder, f"{folder}/{name}".lstrip("/")) for folder in folders for name in names)
        top = next((f for f, blueprint in blueprints if any(blueprint in side.entries for side in sides)), None)
        scopes.add(path.partition("/")[0] if top is None else top)
    prefixes = tuple(f"{scope}/" if scope else "" for scope in scopes)
    reduced = []
    for side in sides:
        portfolio = Portfolio(side.tree, side.config, side.catalog)
        portfolio.entries = {path: kind for path, kind in side.entries.items() if path.startswith(prefixes)}
        reduced.append(portfolio)
    return tuple(reduced)


def _realm_roots(portfolio: Portfolio) -> list[str]:
    """The directories below a realm in which the blueprints stand that govern all of it."""
    paths = [archetype.blueprint_path for archetype in portfolio.catalog.archetypes.values() if archetype.realm_scope]
    return [path.rpartition("/")[0] for path in paths if "/" in path]


def _lies_below(node: str, root: str, above: Collection[str]) -> bool:
    realm = "" if node == root else node.removesuffix(f"/{root}")
    return realm != node and realm in above


def _joined(pairs: list[Pair], base: Snapshot, head: Snapshot) -> Iterator[Pair]:
    """The pairs, with removed and added engagements joined where one was renamed to the other."""
    removed = [pair.base for pair in pairs if pair.base and not pair.head and pair.base.blueprint]
    added = [pair.head for pair in pairs if pair.head and not pair.base and pair.head.blueprint]
    moved = renames.found(base, removed, head, added) if removed and added else {}
    origins = {ref.path: ref for ref in removed}
    gone = set(moved.values())
    for pair in pairs:
        if pair.head is not None and pair.head.path in moved:
            yield Pair(origins[moved[pair.head.path]], pair.head)
        elif pair.head is not None or pair.base is None or pair.base.path not in gone:
            yield pair


def orphaned(lost: NodeReport, head: Snapshot) -> NodeRef | None:
    """An engagement without blueprint whose assets still exist; None where it is gone altogether."""
    asset = next((line.asset for line in lost.assets if line.path in head.portfolio.entries), None)
    if asset is None:
        return None
    at = Location(f"{lost.path}/blueprint.yaml" if lost.path else "blueprint.yaml")
    return NodeRef(lost.realm, lost.node, lost.path, None, None, f"it holds assets such as {asset}", at)


def base_of(pair: Pair) -> NodeRef:
    """The base's engagement under the head's name, so that its gaps have the same fingerprints."""
    assert pair.base is not None  # noqa: S101 - required of such pairs only
    return replace(pair.base, realm=pair.head.realm, node=pair.head.node) if pair.head else pair.base
