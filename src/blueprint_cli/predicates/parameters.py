"""What a parameter of a kind can be: a field with a type and a role that says what it refers to.

The type of a field says how it is built from what the policy writes, its role what the audit checks it against.
Most types imply their role; ``Annotated[Selector, OfItem("have")]`` gives another one.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from types import NoneType
from typing import Annotated, Any, NamedTuple, get_args, get_type_hints

from blueprint_cli.jsonpath import Selector
from blueprint_cli.predicates.limit import LimitSpec
from blueprint_cli.predicates.scope import Source


class Plain(NamedTuple):
    """Words, a number or a literal: nothing else in the policy has to agree with it."""


class Values(NamedTuple):
    """Values of the document in scope, or of a named asset."""

    dates: bool = False  # whether they must be dates
    indexed: bool = False  # whether they are found by an index, so that each of many items may look among them


class OfItem(NamedTuple):
    """A field of what another parameter selects, or of ``$`` itself."""

    of: str = ""  # name of that parameter, which stands before this one
    dates: bool = False  # whether it must be a date


class Nested(NamedTuple):
    """A predicate on what another parameter selects, or on ``$`` itself."""

    of: str = ""
    every: bool = False  # whether it is evaluated for each of many items
    condition: bool = False  # whether it only decides what is required: its limits are not limits of the whole


class Literals(NamedTuple):
    """Literals that what another parameter selects must be able to equal."""

    of: str


class Named(NamedTuple):
    """A name that the archetype declares."""

    what: str  # ``asset``, ``check``, ``lifecycle date`` or ``role``
    folder: bool = False  # whether a path that ends in ``/`` may stand for all that is below it


class Within(NamedTuple):
    """A length of time, or the track row that gives it."""


class DateOrAnchor(NamedTuple):
    """A date of the document in scope (``$…``), or a lifecycle date."""


Role = Plain | Values | OfItem | Nested | Literals | Named | Within | DateOrAnchor

AssetPath = Annotated[str, Named("asset")]
LifecycleDate = Annotated[str, Named("lifecycle date")]
Anchor = Annotated[str | Source, DateOrAnchor()]
Dates = Annotated[Source, Values(dates=True)]

_IMPLIED: dict[Any, Role] = {Source: Values(), tuple[Source, ...]: Values(), Selector: OfItem(), LimitSpec: Within()}


class Parameter(NamedTuple):
    """One parameter of a kind."""

    name: str
    """As the policy writes it: the field's name without the underscore that keeps it from being a Python keyword."""
    field: str
    type: Any
    role: Role
    required: bool


def parameters_of(kind: type[Any]) -> tuple[Parameter, ...]:
    """The parameters of a kind, in the order of its fields."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple(
        Parameter(field.name.rstrip("_"), field.name, *_typed(hints[field.name]), field.default is MISSING)
        for field in fields(kind)
    )


def _typed(hint: Any) -> tuple[Any, Role]:
    """The type of a field that may be optional, and its role."""
    if NoneType in get_args(hint):
        (hint,) = (part for part in get_args(hint) if part is not NoneType)
    if hasattr(hint, "__metadata__"):
        return hint.__origin__, hint.__metadata__[0]
    return hint, _IMPLIED.get(hint, Plain())
