"""The files of an engagement as a whole: unsafe names, too many files, schemas that cannot be used."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from blueprint_cli.engagement.infohub import InfoHub
from blueprint_cli.engagement.node import Node, NodeRef
from blueprint_cli.engagement.portfolio import flaw
from blueprint_cli.errors import BpError
from blueprint_cli.files.tree import Unreadable
from blueprint_cli.model import Location
from blueprint_cli.policy.plan import Plan
from blueprint_cli.rules.context import Finding, few
from blueprint_cli.yamlfile import read

_YAML = (".yaml", ".yml")


def faults(infohub: InfoHub, node: Node, plan: Plan) -> Iterator[Finding]:
    """What is wrong with the files of an engagement, whatever their content."""
    yield from few(_paths(infohub, node))
    yield from few(_schemas(infohub, node, plan))


def _paths(infohub: InfoHub, node: Node) -> Iterator[Finding]:
    ref, limit = node.ref, infohub.config.limits.files_per_node
    if fault := flaw(ref.path):
        message = f"the name of the directory {ref.path!r} {fault}: rename it"
        yield Finding("unsafe-path", message, node.in_blueprint(), item="directory")
    for path in infohub.portfolio.flawed(ref.path):
        name = path[len(ref.path) :].removeprefix("/")
        message = f"the name {name!r} {flaw(name)}: rename it"
        yield Finding("unsafe-path", message, Location(path, 1, 1), item=name)
    count = len(infohub.portfolio.below(ref.path))
    if count > limit:
        message = f"the engagement has {count:,} files, more than `limits.files_per_node` allows ({limit:,})"
        yield Finding("unsafe-yaml", message, node.in_blueprint(), item="files")


def _schemas(infohub: InfoHub, node: Node, plan: Plan) -> Iterator[Finding]:
    """Schemas that the instance names for its additional assets and that cannot be used."""
    for asset in plan.assets:
        if asset.additional is not None and asset.own_schema:
            try:
                infohub.own_validator(str(asset.schema))
                infohub.own_validator(str(asset.schema), infohub.tree)  # not the one in force, but it must be valid too
            except BpError as problem:
                at = node.in_blueprint("additional_assets", asset.additional, "schema")
                item = f"schema:{asset.path}"
                yield Finding("invalid-blueprint", problem.sentence, at, asset=asset.path, item=item)


def readable(infohub: InfoHub, ref: NodeRef, known: Collection[str]) -> Iterator[Finding]:
    """Why YAML of an engagement that cannot be judged cannot be read. ``known``: the assets that are read anyway."""
    below = infohub.portfolio.below(ref.path)
    inner = tuple(f"{folder}/" for folder in infohub.portfolio.nested(ref.path, below))
    read_already = {ref.blueprint, ref.report, *infohub.unrequired(ref, known)}
    rest = [path for path in below if path.endswith(_YAML) and path not in read_already and not path.startswith(inner)]
    for path, raw in infohub.tree.read(rest[: infohub.config.limits.files_per_node], infohub.config.limits.file_bytes):
        if isinstance(raw, Unreadable):
            continue  # a link, or too large: nobody says that it is to be an asset
        for fault in read(raw, infohub.config.limits).faults:
            if fault.rule not in ("not-a-mapping", "unsafe-yaml"):
                yield Finding(fault.rule, fault.message, Location(path, fault.line, fault.column), item=path)


def unrequired(infohub: InfoHub, ref: NodeRef, names: Iterable[str]) -> Iterator[Finding]:
    """Why assets that no requirement is about cannot be read."""
    assets = infohub.unrequired(ref, names)
    for path, raw in infohub.read(assets).items() if assets else ():
        if isinstance(raw, Unreadable):
            yield Finding(raw.rule, f"{path} {raw.message}", Location(path, 1, 1), asset=assets[path])
            continue
        for fault in read(raw, infohub.config.limits).faults:
            at = Location(path, fault.line, fault.column)
            yield Finding(fault.rule, fault.message, at, asset=assets[path], item=fault.rule)
