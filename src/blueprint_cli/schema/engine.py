"""The careful engine: `jsonschema` with those keywords replaced that are unsafe, quadratic or report too little.

Patterns and formats are left to the fast engine, keyword by keyword: it matches in linear time, where
Python's `re` can be made to hang, and so the two engines cannot disagree on what a pattern means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import UnionType
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from blueprint_cli.schema.budget import Budget
from blueprint_cli.schema.defect import Missing, Unknown
from blueprint_cli.schema.equality import frozen
from blueprint_cli.schema.messages import bare
from blueprint_cli.text import safe

Holds = Callable[[str, Any, Any], bool]  # keyword, its value, the instance -> whether the fast engine accepts
Errors = Iterator[ValidationError]
_COMPARED = 64  # literals that are compared in the time of one step
_EVALUATED = 4  # steps in which the keys that one schema has evaluated are collected


def engine(
    root: dict[str, Any],
    resources: Mapping[str, Any],
    depths: Mapping[int, str],
    holds: Holds,
    *,
    budget: Budget,
    static: bool,
) -> Any:
    """A `jsonschema` validator of ``root`` that knows ``resources`` and nothing else.

    ``depths`` names the schemas (by identity) that are depth levels. ``static``: every reference leads to the same
    place, whichever way it is reached. An error's ``validator_value`` is a `Missing` or `Unknown` where `jsonschema`
    alone would only offer a sentence.
    """
    known = [(address, DRAFT202012.create_resource(schema)) for address, schema in resources.items()]
    registry = Registry().with_resources(known).crawl()
    keywords = _Keywords(depths, holds, budget)
    table = {**Draft202012Validator.VALIDATORS, **keywords.table()}
    if static:
        table["$ref"] = keywords.ref
    metered = {keyword: budget.metered(check) for keyword, check in table.items()}
    return extend(Draft202012Validator, validators=metered)(root, registry=registry)


@dataclass(frozen=True, slots=True)
class _Keywords:
    """The replaced keywords; each is called with the validator, its value, the instance and its schema."""

    depths: Mapping[int, str]
    holds: Holds
    budget: Budget
    resolved: dict[int, Any] = field(default_factory=dict)  # where a schema (by identity) refers to

    def table(self) -> dict[str, Callable[..., Errors]]:
        """Keyword -> what checks it."""
        return {
            "pattern": self._as_fast("pattern", str),
            "format": self._as_fast("format", str),
            "multipleOf": self._as_fast("multipleOf", int | float),
            "uniqueItems": self.unique_items,
            "enum": self.enum,
            "items": self.items,
            "required": self.required,
            "dependentRequired": self.dependent_required,
            "if": self.if_,
            "patternProperties": self.pattern_properties,
            "additionalProperties": self.additional_properties,
            "propertyNames": self.property_names,
            "unevaluatedProperties": self.unevaluated_properties,
        }

    def ref(self, validator: Any, value: str, instance: Any, schema: Any) -> Errors:
        """As usual, but each reference is resolved once: resolving took half of the time."""
        target = self.resolved.get(id(schema))
        if target is None:
            target = self.resolved[id(schema)] = validator._resolver.lookup(value)
        yield from validator.descend(instance, target.contents, resolver=target.resolver)

    def enum(self, validator: Any, value: list[Any], instance: Any, schema: Any) -> Errors:
        """As usual, but a long list of literals is more than one step."""
        self.budget.spend(len(value) // _COMPARED)
        yield from Draft202012Validator.VALIDATORS["enum"](validator, value, instance, schema)

    def _matches(self, pattern: str, text: str) -> bool:
        self.budget.spend()
        return self.holds("pattern", pattern, text)

    def _as_fast(self, keyword: str, types: type | UnionType) -> Callable[..., Errors]:
        """What checks a keyword on values of these types by asking the fast engine."""

        def check(_: Any, value: Any, instance: Any, _schema: Any) -> Errors:
            if isinstance(instance, types) and not self.holds(keyword, value, instance):
                yield ValidationError(keyword)

        return check

    def unique_items(self, _: Any, value: bool, instance: Any, _schema: Any) -> Errors:
        first: dict[Any, int] = {}  # in linear time, where `jsonschema` compares each entry with each
        for index, item in enumerate(instance if value and isinstance(instance, list) else ()):
            if first.setdefault(frozen(item), index) != index:
                yield ValidationError("uniqueItems", validator_value=item)
                return

    def items(self, validator: Any, value: Any, instance: Any, schema: Any) -> Errors:
        """As usual, but of a list that is too long nothing else is reported: each entry takes its time."""
        if not (isinstance(instance, list) and len(instance) > schema.get("maxItems", len(instance))):
            yield from Draft202012Validator.VALIDATORS["items"](validator, value, instance, schema)

    def required(self, _: Any, value: list[str], instance: Any, schema: Any) -> Errors:
        if isinstance(instance, dict):
            depth = self.depths.get(id(schema))
            because = None if depth is None else f"required at depth {safe(depth)}"
            for key in value:
                if key not in instance:
                    yield ValidationError("required", validator_value=Missing(key, because))

    def dependent_required(self, _: Any, value: dict[str, list[str]], instance: Any, _schema: Any) -> Errors:
        if isinstance(instance, dict):
            for key, needed in value.items():
                for other in needed:
                    if key in instance and other not in instance:
                        missing = Missing(other, f"required when `{safe(key)}` is present")
                        yield ValidationError("required", validator="required", validator_value=missing)

    def if_(self, validator: Any, value: Any, instance: Any, schema: Any) -> Errors:
        holds_ = validator.evolve(schema=value).is_valid(instance)
        branch = "then" if holds_ else "else"
        if branch in schema:
            reason = condition(value, instance) if holds_ else None
            for error in validator.descend(instance, schema[branch], schema_path=branch):
                fact = error.validator_value
                if reason and isinstance(fact, Missing) and not error.path and fact.because is None:
                    error.validator_value = replace(fact, because=f"required when {reason}")
                yield error

    def pattern_properties(self, validator: Any, value: dict[str, Any], instance: Any, _schema: Any) -> Errors:
        if isinstance(instance, dict):
            for expression, subschema in value.items():
                for key, item in instance.items():
                    if self._matches(expression, key):
                        yield from validator.descend(item, subschema, path=key, schema_path=expression)

    def additional_properties(self, validator: Any, value: Any, instance: Any, schema: Any) -> Errors:
        if isinstance(instance, dict) and len(instance) <= schema.get("maxProperties", len(instance)):
            known = schema.get("properties", {})
            patterns = schema.get("patternProperties", {})
            for key, item in instance.items():
                if key not in known and not any(self._matches(expression, key) for expression in patterns):
                    yield from self._leftover(validator, value, key, item, tuple(known))

    def property_names(self, validator: Any, value: Any, instance: Any, _schema: Any) -> Errors:
        if isinstance(instance, dict):
            for key in instance:
                if not validator.evolve(schema=value).is_valid(key):
                    yield ValidationError("propertyNames", path=[key])

    def unevaluated_properties(self, validator: Any, value: Any, instance: Any, schema: Any) -> Errors:
        if isinstance(instance, dict):
            known: dict[str, None] = {}
            rest = {keyword: item for keyword, item in schema.items() if keyword != "unevaluatedProperties"}
            seen = self._evaluated(validator, rest, instance, known)
            for key, item in instance.items():
                if key not in seen:
                    yield from self._leftover(validator, value, key, item, tuple(known))

    def _leftover(self, validator: Any, value: Any, key: str, item: Any, known: tuple[str, ...]) -> Errors:
        if value is False:
            fact = Unknown(key, known)
            yield ValidationError("unknown", validator="additionalProperties", validator_value=fact)
        else:
            yield from validator.descend(item, value, path=key)

    def _evaluated(self, validator: Any, schema: Any, instance: dict[str, Any], known: dict[str, None]) -> set[str]:
        """The keys that a schema has evaluated (JSON Schema 2020-12 core, 11.3); adds the names it knows to ``known``.

        `jsonschema` has such a function, but it matches patterns with `re`.
        """
        if not isinstance(schema, dict):
            return set()
        self.budget.spend(_EVALUATED)
        seen: set[str] = set()
        for keyword in ("$ref", "$dynamicRef"):
            if keyword in schema:
                target = validator._resolver.lookup(schema[keyword])
                inner = validator.evolve(schema=target.contents, _resolver=target.resolver)
                seen |= self._evaluated(inner, target.contents, instance, known)
        known.update(dict.fromkeys(schema.get("properties", {})))
        seen |= instance.keys() & schema.get("properties", {}).keys()
        for expression in schema.get("patternProperties", {}):
            seen |= {key for key in instance if self._matches(expression, key)}
        if "additionalProperties" in schema or "unevaluatedProperties" in schema:
            seen |= instance.keys()
        branches = [branch for keyword in ("allOf", "anyOf", "oneOf") for branch in schema.get(keyword, ())]
        branches += [item for key, item in schema.get("dependentSchemas", {}).items() if key in instance]
        if "if" in schema:
            branches.append(schema["if"])
            branches.append(schema.get("then" if self._fits(validator, schema["if"], instance) else "else", True))
        for branch in branches:
            if self._fits(validator, branch, instance):
                seen |= self._evaluated(validator, branch, instance, known)
        return seen

    def _fits(self, validator: Any, schema: Any, instance: Any) -> bool:
        return next(validator.descend(instance, schema), None) is None


def condition(schema: Any, instance: Any) -> str | None:
    """What an `if` requires, in words: ``status is closed``; None where it is not about given values."""
    if not isinstance(schema, dict) or not isinstance(instance, dict):
        return None
    properties = schema.get("properties", {})
    values = [
        f"{safe(key)} is {bare(instance[key])}"
        for key, sub in properties.items()
        if isinstance(sub, dict) and ("const" in sub or "enum" in sub) and key in instance
    ]
    present = [f"`{safe(key)}` is present" for key in schema.get("required", ()) if key not in properties]
    return " and ".join([*values, *present]) or None
