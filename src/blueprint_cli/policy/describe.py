"""A predicate in plain words: what a check asks, what a signal waits for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from blueprint_cli.policy.model import Archetype

Params = dict[str, Any]


def describe(written: Params, archetype: Archetype) -> list[str]:
    """The lines that say it; what belongs to a line above is indented by two blanks."""
    if "when" in written:
        lines = ["where this holds:", *_below(describe(written["when"], archetype))]
        lines += ["this is asked:", *_below(describe(written["then"], archetype))]
        return lines + (["else:", *_below(describe(written["else"], archetype))] if "else" in written else [])
    ((kind, params),) = written.items()
    if kind in ("all", "any"):
        head = "all of:" if kind == "all" else "at least one of:"
        return [head, *(line for one in params for line in _bullet(describe(one, archetype)))]
    if kind == "not":
        inner = describe(params, archetype)
        return [f"not: {inner[0]}", *inner[1:]]
    lines = [_SENTENCES[kind](params, archetype)]
    for key in ("each", "is"):
        if isinstance(params, dict) and isinstance(params.get(key), dict):
            lines += _below(describe(params[key], archetype))
    return lines


def limit(written: Any) -> str:
    """A length of time as the policy gives it: itself, or the row that says it."""
    if isinstance(written, str):
        return written
    if "staleness_of" in written:
        return f"what the staleness rule allows {written['staleness_of']}"
    if "capped_by" in written:
        return f"{written['literal']}, or row {written['capped_by']} where that is shorter"
    if "row" in written and "literal" in written:
        return f"row {written['row']} ({written['literal']} where the row says nothing of it)"
    return f"row {written['row']}" if "row" in written else str(written.get("literal", "?"))


def _source(written: Any) -> str:
    if isinstance(written, list):
        return " and ".join(map(_source, written))
    if isinstance(written, str):
        return written
    return f"{written['select']} of {written['asset']}" if "asset" in written else str(written["select"])


def _moment(text: str, archetype: Archetype) -> str:
    return text if text.startswith("$") else archetype.lifecycle_title(text)


def _count(p: Params, _: Archetype) -> str:
    parts = [f"{word} {p[key]}" for key, word in (("min", "at least"), ("max", "at most")) if key in p]
    return f"{' and '.join(parts)} × {p['what']} ({_source(p['of'])})"


def _deadline(p: Params, a: Archetype) -> str:
    return f"{p['what']} ({_source(p['date'])}) within {limit(p['within'])} of {_moment(p['after'], a)}"


def _newest(p: Params, a: Archetype) -> str:
    since = f"; before the first one counted from {_moment(p['since'], a)}" if "since" in p else ""
    return f"newest {p['what']} ({_source(p['of'])}) not older than {limit(p['within'])}{since}"


def _ahead(p: Params, _: Archetype) -> str:
    horizon = f", at most {limit(p['within'])} ahead" if "within" in p else ""
    return f"{p['what']} ({_source(p['date'])}) on the day of the scan or later{horizon}"


def _lookup(p: Params, _: Archetype) -> str:
    dated = f", valid from {p.get('from', 'ever')} to {p.get('to', 'ever')} on {p['date']}" if "date" in p else ""
    more = " and of which:" if "is" in p else ""
    return f"{p['what']} ({_source(p['key'])}) is {p['by']} of one of {_source(p['in'])}{dated}{more}"


def _reached(p: Params, a: Archetype) -> str:
    ahead = f", or is at most {limit(p['ahead'])} away" if "ahead" in p else ""
    return f"{_moment(p['date'], a)} has come{ahead}"


def _scanned(p: Params, a: Archetype) -> str:
    since = f"; before the first one counted from {_moment(p['since'], a)}" if "since" in p else ""
    return f"the last gap scan is not older than {limit(p['within'])}{since}"


_SENTENCES: dict[str, Callable[[Any, Archetype], str]] = {
    "exists": lambda p, _: f"{p['asset']} is there",
    "filled": lambda p, _: f"{p.get('what', 'value')} is given ({_source(p['of'])})",
    "value": lambda p, _: f"{p.get('what', 'value')} ({_source(p['of'])}) is {' or '.join(map(str, p['in']))}",
    "count": _count,
    "every": lambda p, _: f"for every {p['what']} ({_source(p['of'])}):",
    "latest": lambda p, _: f"for the newest {p['what']} ({_source(p['of'])}, by {p['by']}):",
    "deadline": _deadline,
    "newest": _newest,
    "ahead": _ahead,
    "age": lambda p, _: f"{p['what']} not older than {limit(p['within'])}",
    "as_often_as": lambda p, _: f"{p['what']} ({_source(p['of'])}) at least as often as {limit(p['period'])}",
    "covers": lambda p, _: f"an {p['what']} ({_source(p['have'])}) for every name in {_source(p['need'])}",
    "lookup": _lookup,
    "stalled": lambda p, _: f"one of {_source(p['metrics'])} below its target has not risen over {limit(p['over'])}",
    "scanned": _scanned,
    "reached": _reached,
    "held": lambda p, _: f"somebody on the team is {p['role']}",
    "outcome": lambda p, _: f"{p.get('check') or p.get('assets')} is {str(p['is']).replace('_', ' ')}",
}
"""One sentence for each kind that has no predicates of its own to list."""


def _below(lines: list[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _bullet(lines: list[str]) -> list[str]:
    return [f"- {lines[0]}", *_below(lines[1:])]
