"""The files of an engagement as a whole: names that deceive, too many of them, schemas that cannot be used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from blueprint_cli.engagement.infohub import InfoHub
from blueprint_cli.engagement.node import Node, NodeRef
from blueprint_cli.engagement.portfolio import flaw
from blueprint_cli.errors import BpError
from blueprint_cli.model import Location
from blueprint_cli.policy.plan import Plan
from blueprint_cli.rules import form
from blueprint_cli.rules.context import Finding, few


def faults(infohub: InfoHub, node: Node, plan: Plan) -> Iterator[Finding]:
    """What is wrong with the files of a node, whatever they say."""
    yield from few(_paths(infohub, node))
    yield from few(_schemas(infohub, node, plan))


def unrequired(infohub: InfoHub, ref: NodeRef, names: Iterable[str]) -> list[Finding]:
    """What keeps assets that no requirement speaks of from being read."""
    found = infohub.unrequired(ref, names)
    return list(form.unread(infohub.read(found), found, infohub.config.limits)) if found else []


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
        message = f"the engagement has {count:,} files, more than the limit of {limit:,}"
        yield Finding("unsafe-yaml", message, node.in_blueprint(), item="files")


def _schemas(infohub: InfoHub, node: Node, plan: Plan) -> Iterator[Finding]:
    """Schemas that the instance names for its additional assets and that cannot be used."""
    for one in plan.assets:
        if one.additional is not None and one.own_schema:
            try:
                infohub.own_validator(str(one.schema))
                infohub.own_validator(str(one.schema), infohub.tree)  # not the one that judges, but sound all the same
            except BpError as problem:
                at = node.in_blueprint("additional_assets", one.additional, "schema")
                yield Finding("invalid-blueprint", problem.message, at, item=f"schema:{one.path}")
