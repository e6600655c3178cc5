"""The kinds of conditions that a policy is made of. A kind is code; a check, cadence or signal is data.

``KINDS`` is the registry: what is not in it is not a predicate, and ``build`` turns what the policy writes
(checked against ``schemas/predicate.schema.json`` before) into one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from blueprint_cli.jsonpath import Selector, selector
from blueprint_cli.predicates.base import Predicate
from blueprint_cli.predicates.combine import All, AnyOf, Not, When
from blueprint_cli.predicates.dates import Age, Ahead, Newest, Reached, Scanned
from blueprint_cli.predicates.deadline import Deadline
from blueprint_cli.predicates.items import Count, Covers, Every, Latest, Lookup
from blueprint_cli.predicates.limit import LimitSpec
from blueprint_cli.predicates.scope import Source
from blueprint_cli.predicates.values import AsOftenAs, Exists, Filled, Held, OutcomeIs, Stalled, Value

Params = dict[str, Any]


def build(written: Params, where: str) -> Predicate:
    """The predicate that the policy writes. ``where`` is its file, for the limits that it sets.

    Raises BadSelector where a selector is no JSONPath.
    """
    if "when" in written:
        otherwise = build(written["else"], where) if "else" in written else None
        return When(build(written["when"], where), build(written["then"], where), otherwise)
    ((kind, params),) = written.items()
    return KINDS[kind](params, where)


def _sources(written: Any) -> tuple[Source, ...]:
    return tuple(Source.of(one) for one in (written if isinstance(written, list) else [written]))


def _field(params: Params, name: str) -> Selector | None:
    return selector(params[name]) if name in params else None


def _limit(params: Params, name: str, where: str) -> LimitSpec:
    return LimitSpec.of(params[name], where)


def _deadline(p: Params, where: str) -> Predicate:
    after = p["after"]
    return Deadline(
        what=p["what"],
        date=Source.of(p["date"]),
        after=Source.of(after) if after.startswith("$") else after,
        within=_limit(p, "within", where),
        closed=Source.of(p["closed"]) if "closed" in p else None,
        open_while=build(p["open_while"], where) if "open_while" in p else None,
    )


def _newest(p: Params, where: str) -> Predicate:
    return Newest(p["what"], _sources(p["of"]), _limit(p, "within", where), p.get("since"))


def _lookup(p: Params, where: str) -> Predicate:
    return Lookup(
        what=p["what"],
        key=Source.of(p["key"]),
        among=Source.of(p["in"]),
        by=selector(p["by"]),
        condition=build(p["is"], where) if "is" in p else None,
        date=_field(p, "date"),
        first=_field(p, "from"),
        last=_field(p, "to"),
    )


def _stalled(p: Params, where: str) -> Predicate:
    fields = {name: selector(p[name]) for name in ("name", "target", "metric", "date", "value")}
    return Stalled(
        metrics=Source.of(p["metrics"]),
        measurements=Source.of(p["measurements"]),
        over=_limit(p, "over", where),
        **fields,
    )


KINDS: dict[str, Callable[[Any, str], Predicate]] = {
    "exists": lambda p, _: Exists(p["asset"]),
    "filled": lambda p, _: Filled(_sources(p["of"]), p.get("what", "value")),
    "value": lambda p, _: Value(Source.of(p["of"]), tuple(p["in"]), p.get("what", "value")),
    "count": lambda p, _: Count(p["what"], Source.of(p["of"]), p.get("min"), p.get("max"), _field(p, "dated")),
    "every": lambda p, w: Every(p["what"], Source.of(p["of"]), build(p["each"], w), _field(p, "dated")),
    "latest": lambda p, w: Latest(p["what"], Source.of(p["of"]), selector(p["by"]), build(p["is"], w)),
    "deadline": _deadline,
    "newest": _newest,
    "ahead": lambda p, w: Ahead(p["what"], Source.of(p["date"]), _limit(p, "within", w) if "within" in p else None),
    "age": lambda p, w: Age(p["what"], _limit(p, "within", w)),
    "as_often_as": lambda p, w: AsOftenAs(p["what"], Source.of(p["of"]), _limit(p, "period", w)),
    "covers": lambda p, _: Covers(
        p["what"], _sources(p["need"]), Source.of(p["have"]), selector(p["by"]), _field(p, "dated")
    ),
    "lookup": _lookup,
    "stalled": _stalled,
    "scanned": lambda p, w: Scanned(_limit(p, "within", w), p.get("since")),
    "reached": lambda p, w: Reached(p["date"], _limit(p, "ahead", w) if "ahead" in p else None),
    "held": lambda p, _: Held(p["role"]),
    "outcome": lambda p, _: OutcomeIs(p["is"], p.get("check"), p.get("assets")),
    "all": lambda p, w: All(tuple(build(one, w) for one in p)),
    "any": lambda p, w: AnyOf(tuple(build(one, w) for one in p)),
    "not": lambda p, w: Not(build(p, w)),
}
