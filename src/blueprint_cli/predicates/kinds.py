"""The kinds of conditions that a policy is made of. A kind is code; a check, cadence or signal is data.

``KINDS`` is the registry: what is not in it is not a predicate. To add a kind, write its class and name it here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from blueprint_cli.jsonpath import Selector, selector
from blueprint_cli.predicates.agreement import AddsUp, Banded, Equals, Excludes, Follows
from blueprint_cli.predicates.base import Predicate
from blueprint_cli.predicates.combine import All, AnyOf, Not, When
from blueprint_cli.predicates.dates import Age, Ahead, Newest
from blueprint_cli.predicates.deadline import Deadline
from blueprint_cli.predicates.items import Count, Covers, Every, Latest, Lookup
from blueprint_cli.predicates.limit import LimitSpec
from blueprint_cli.predicates.node import Held, OutcomeIs, Reached, Scanned
from blueprint_cli.predicates.order import InOrder
from blueprint_cli.predicates.scope import Source
from blueprint_cli.predicates.values import AsOftenAs, Exists, Filled, Stalled, Value

Written = Mapping[str, Any]

KINDS: Mapping[str, type[Predicate]] = {
    kind.kind: kind
    for kind in (
        *(Exists, Filled, Value, AsOftenAs, Stalled),
        *(Count, Every, Latest, Covers, Lookup),
        *(Newest, Ahead, Age, Deadline),
        *(InOrder, Equals, AddsUp, Banded, Follows, Excludes),
        *(Held, OutcomeIs, Reached, Scanned),
        *(All, AnyOf, Not, When),
    )
}
"""Every kind by the name that a policy gives it."""


def read(written: Written) -> tuple[type[Predicate], Written]:
    """The kind of a predicate as the policy writes it, and its parameters."""
    kind = next(KINDS[name] for name in written if name in KINDS)
    return kind, written if kind.inline else written[kind.kind]


def build(written: Written, where: str) -> Predicate:
    """The predicate that the policy writes, checked before against ``schemas/predicate.schema.json``.

    ``where`` is its file, for the limits that it sets. Raises BadSelector where a selector is not a JSONPath query.
    """
    kind, given = read(written)
    built = {
        parameter.field: _BUILT.get(parameter.type, _as_written)(given[parameter.name], where)
        for parameter in kind.parameters()
        if parameter.name in given
    }
    return kind(**built)


def _as_written(written: Any, _: str) -> Any:
    return tuple(written) if isinstance(written, list) else written


def _date(written: Any) -> str | Source:
    """A lifecycle date by its name, or a source of dates."""
    return written if isinstance(written, str) and not written.startswith("$") else Source.of(written)


_BUILT: Mapping[Any, Callable[[Any, str], Any]] = {
    Source: lambda written, _: Source.of(written),
    tuple[Source, ...]: lambda written, _: tuple(map(Source.of, written if isinstance(written, list) else [written])),
    str | Source: lambda written, _: _date(written),
    tuple[str | Source, ...]: lambda written, _: tuple(map(_date, written)),
    Source | float: lambda written, _: written if isinstance(written, int | float) else Source.of(written),
    Selector: lambda written, _: selector(written),
    LimitSpec: LimitSpec.of,
    Predicate: build,
    tuple[Predicate, ...]: lambda written, where: tuple(build(each, where) for each in written),
}
"""How a parameter of a type is built; any other is taken as it is written."""
