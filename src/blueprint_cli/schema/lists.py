"""A list that lacks entries: one sentence for its length and everything it must contain."""

from __future__ import annotations

from typing import Any

from blueprint_cli.schema.words import count, safe, show

_LACKING = frozenset({"contains", "minContains"})
KEYWORDS = _LACKING | {"minItems", "maxItems", "maxContains", "items", "unevaluatedItems"}


def wrong_list(name: str, errors: list[Any]) -> str:
    """All errors about the entries that one list has or lacks."""
    length = len(errors[0].instance)
    least = max((error.validator_value for error in errors if error.validator == "minItems"), default=None)
    lacking = list(dict.fromkeys(wanted(e) for e in errors if e.validator in _LACKING))
    if least is not None:
        among = f", among them {_merged(lacking)}" if lacking else f", it has {length or 'none'}"
        return f"{name} needs at least {count(least, 'entry')}{among}"
    if any(error.validator == "minContains" for error in errors):
        return f"{name} needs {_merged(lacking)}"
    if lacking:
        return f"{name}: no entry has {', and none has '.join(lacking)}"
    error = errors[0]
    if error.validator == "maxContains":
        what = entry(error.schema["contains"])
        return f"{name} may have at most {error.validator_value} with {what}"
    if error.validator == "maxItems":
        return f"{name} may have at most {count(error.validator_value, 'entry')}, it has {length}"
    if error.validator == "unevaluatedItems":
        return f"{name} has more entries than it may have, {length}"
    allowed = len(error.schema.get("prefixItems", ()))
    return f"{name} may have at most {count(allowed, 'entry')}, it has {length}"


def wanted(error: Any) -> str:
    """The entry that a `contains` asks for, and how many of it where it is more than one."""
    schema = error.schema["contains"]
    least = error.schema.get("minContains", 1)
    return entry(schema) if least == 1 else f"{least} with {entry(schema)}"


def entry(schema: Any) -> str:
    """What tells the wanted entry from the others: ``role champion (with relationship)``."""
    if not isinstance(schema, dict):
        return "any entry"
    tags = {
        key: sub
        for key, sub in schema.get("properties", {}).items()
        if isinstance(sub, dict) and ("const" in sub or "enum" in sub)
    }
    if not tags:
        return safe(str(schema.get("title") or schema.get("description") or "what the schema asks for"))
    also = [safe(key) for key in schema.get("required", ()) if key not in tags]
    return " and ".join(f"{safe(key)} {_choice(sub)}" for key, sub in tags.items()) + (
        f" (with {', '.join(also)})" if also else ""
    )


def _choice(schema: dict[str, Any]) -> str:
    values = [schema["const"]] if "const" in schema else schema["enum"]
    return " or ".join(show(value).strip("`") for value in values)


def _merged(entries: list[str]) -> str:
    """``role a, role b`` without repeating the word that all begin with."""
    first = entries[0].split(" ", 1)[0]
    if len(entries) > 1 and all(each.startswith(first + " ") for each in entries):
        return ", ".join([entries[0], *(each.removeprefix(first + " ") for each in entries[1:])])
    return ", ".join(entries)
