"""Statements that disagree: in one file, in blueprint.yaml, or between a file and the lifecycle dates.

Only where both sides are written: what is missing is the concern of other rules. What must agree is data, the
``consistency:`` of an asset or of the archetype.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from blueprint_cli.engagement.node import AssetFile
from blueprint_cli.model import Location, Status
from blueprint_cli.policy.plan import AssetRequirement
from blueprint_cli.policy.rows import Consistency
from blueprint_cli.predicates.answer import Answer
from blueprint_cli.predicates.naming import label
from blueprint_cli.predicates.order import LIFECYCLE
from blueprint_cli.predicates.scope import Path, Place, Scope, State, Undecidable
from blueprint_cli.rules import form
from blueprint_cli.rules.context import Context, Finding, few
from blueprint_cli.text import quoted

_Fault = tuple[str, str, Location]
"""Message, identity and place of a contradiction."""


def in_blueprint(context: Context) -> Iterator[Finding]:
    """Contradictions in blueprint.yaml."""
    scope = context.scope(None)._replace(data=context.node.instance.data, whole=True)
    for message, item, at in _faults(context, context.plan.archetype.consistency, scope):
        yield Finding("contradiction", message, at, item=item)


def in_asset(context: Context, asset: AssetRequirement, file: AssetFile) -> Iterator[Finding]:
    """Contradictions in the file of an asset, and with what the engagement states elsewhere."""
    if file.state is State.THERE and asset.row.consistency:
        faults = _faults(context, asset.row.consistency, context.scope(asset.path))
        yield from few(form.finding(asset, "contradiction", message, at, item=item) for message, item, at in faults)


def other_customer(context: Context, others: Mapping[str, str]) -> Iterator[Finding]:
    """A customer whose name has no word in common with that of any other engagement of the realm.

    ``others``: the names that they give, by file. The files of another customer were copied, or the realm is wrong.
    """
    customer = context.plan.archetype.customer
    asset = context.plan.assets_by_path.get(customer.asset) if customer is not None else None
    data = context.node.document(customer.asset)[1] if customer is not None else None
    name = None if customer is None or data is None else customer.name.first(data)
    if customer is None or asset is None or not isinstance(name, str) or not others:
        return
    own = _words(name, customer.ignore)
    if own and all(own.isdisjoint(_words(other, customer.ignore) or own) for other in others.values()):
        path, other = next(iter(others.items()))
        key = customer.name.text.removeprefix("$.")
        message = f"`{key}` is {quoted(name)}, but in the same realm {path} says {quoted(other)}"
        at = context.node.locate(Place(customer.asset, customer.name.parent))
        yield form.finding(asset, "contradiction", message, at, item="customer")


def _words(name: str, ignore: frozenset[str]) -> frozenset[str]:
    words = "".join(c if c.isalnum() else " " for c in name.casefold()).split()
    return frozenset(words) - ignore


def future_dates(context: Context) -> Iterator[Finding]:
    """The lifecycle dates that an active engagement is past, and that lie in the future."""
    node = context.node
    ahead = [name for name, moment in node.lifecycle.items() if moment.first > node.as_of.last]
    for name in ahead:
        severity = context.plan.archetype.future_severity(name)
        if severity is None:
            continue
        context.disputed.add(name)
        moment, title = node.lifecycle[name], context.plan.lifecycle_title(name)
        message = f"`{LIFECYCLE}.{name}` {moment.text} is after the scan, but the engagement is {node.instance.status}"
        hint = f": correct the date, or write `status: planned` until {title}"
        at = node.in_blueprint(LIFECYCLE, name)
        yield Finding("future-date", message + hint, at, severity=severity, item=f"{LIFECYCLE}.{name}")


def _faults(context: Context, rows: Iterable[Consistency], scope: Scope) -> Iterator[_Fault]:
    for row in rows:
        for who, answer in _answers(row, scope):
            if not _dispute(context, answer.places):
                continue
            here, *there = answer.places or (Place(scope.asset, ()),)
            at = context.node.locate(here)
            message = f"{who}{answer.reason}" + "".join(_see(at, context.node.locate(place)) for place in there)
            yield message, who + " ".join(_keys(place.path) for place in (here, *there)), at


def _answers(row: Consistency, scope: Scope) -> Iterator[tuple[str, Answer]]:
    """What contradicts itself, each with how its message begins."""
    if row.each is None:
        answer = _answer(row, scope)
        if answer is not None:
            yield "", answer
        return
    for index, item in enumerate(row.each.values(scope.data)):
        if _answer(row, scope.at(scope.asset, item)) is not None:
            path, _ = row.each.places(scope.data)[index]  # only now: places take a hundred times as long as values
            answer = _answer(row, scope.at(scope.asset, item, path))
            if answer is not None:
                yield f"{row.what} {quoted(label(item, index))}: ", answer


def _answer(row: Consistency, scope: Scope) -> Answer | None:
    """What contradicts itself; None where all agrees, or where that is not known."""
    try:
        answer = row.requires.evaluate(scope)
    except Undecidable:
        return None
    return answer if answer.status is Status.FAILED else None


def _dispute(context: Context, places: Iterable[Place]) -> bool:
    """Whether none of the lifecycle dates is in dispute already; they are from now on.

    One wrong date disagrees with many others, which is one fault.
    """
    dates = {str(place.path[-1]) for place in places if place.asset is None and place.path[:1] == (LIFECYCLE,)}
    known = not dates.isdisjoint(context.disputed)
    context.disputed |= dates
    return not known


def _see(at: Location, other: Location) -> str:
    """Where the other side is written."""
    if other.path == at.path:
        return f" (line {other.line})" if other.line else ""
    return f" ({other.path}:{other.line})"


def _keys(path: Path) -> str:
    """The keys of a path without the positions in lists, which change."""
    return ".".join(step for step in path if isinstance(step, str))
