"""From the errors of the careful engine to defects: one for each fault, in the order of the document."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from blueprint_cli.schema.branches import Choice, relevant
from blueprint_cli.schema.budget import MAX_STEPS, Budget, BudgetExceeded
from blueprint_cli.schema.defect import Defect, DefectKind, Missing, Path, Unknown, Written
from blueprint_cli.schema.hints import hint, likely, odd_letter
from blueprint_cli.schema.messages import chief, message
from blueprint_cli.text import Suggestions, listed, safe

_MAX_FAULTS = 10_000  # faults that are found in one file, and as many unknown keys: more cannot be compared
_MAX_NAME = 120  # characters of a name; of a longer one the end, which is the specific part
_MAX_KNOWN = 30  # known keys that are listed for an unknown one that resembles none of them
_MAX_PROOFS = 200  # candidates of hints that are tried in one file
_MAX_PROVED = 20_000  # faults that are found again by all trials in one file: each finds all of the file


Errors = Callable[[Any], Iterable[tuple[Path, bool]]]


@dataclass(slots=True)
class _Faults:
    """Everything wrong at one path, before it is put into words."""

    missing: dict[str, Missing] = field(default_factory=dict)
    unknown: dict[str, Unknown] = field(default_factory=dict)
    choices: list[Choice] = field(default_factory=list)
    wrong: list[Any] = field(default_factory=list)

    def add(self, error: Any) -> None:
        if isinstance(error, Choice):
            if error not in self.choices:
                self.choices.append(error)
        elif isinstance(fact := error.validator_value, Missing):
            if fact.key not in self.missing or not fact.because:
                self.missing[fact.key] = fact
        elif isinstance(fact, Unknown):
            self.unknown.setdefault(fact.key, fact)
        else:
            self.wrong.append(error)


@dataclass(frozen=True, slots=True)
class Explainer:
    """The careful engine for one schema, compiled, and the words for its errors."""

    engine: Any
    budget: Budget  # what its keywords may spend on a file
    errors: Errors
    """The errors of the fast engine: their paths, and whether they are those of a choice between schemas."""

    def explain(self, data: Any, written: Written) -> tuple[Defect, ...]:
        """Every defect; () when the careful engine accepts. Never raises."""
        faults: dict[Path, _Faults] = {}
        try:
            if not self._collect(data, faults) and not faults:
                return (_unexplained("the file does not match its schema, and is too large to explain why: split it"),)
            return tuple(_Describer(data, written, self.errors).defects(faults))
        except RecursionError:
            return (_unexplained("the file is nested too deeply to be checked"),)

    def _collect(self, data: Any, faults: dict[Path, _Faults]) -> bool:
        """Whether the budget suffices to find all that is reported."""
        left = {True: _MAX_FAULTS, False: _MAX_FAULTS}
        self.budget.left = MAX_STEPS
        try:
            for error in self.engine.iter_errors(data):
                for path, leaf in relevant(error, ()):
                    unknown = isinstance(getattr(leaf, "validator_value", None), Unknown)
                    left[unknown] -= 1
                    if left[unknown] >= 0:
                        faults.setdefault(path, _Faults()).add(leaf)
                if left[False] <= 0:
                    break
        except BudgetExceeded:
            return False
        return True


def _unexplained(message: str) -> Defect:
    return Defect((), None, DefectKind.WRONG, message, json.dumps([DefectKind.WRONG, None]))


class _Describer:
    """One document's defects: their messages, order and identities."""

    def __init__(self, data: Any, written: Written, errors: Errors) -> None:
        self._data = data
        self._written = written
        self._errors = errors
        self._proofs = 0
        self._suggestions = Suggestions()
        self._positions: dict[int, dict[str, int]] = {}
        self._hashes: dict[int, str] = {}
        self._seen: dict[str, int] = {}

    def defects(self, faults: Mapping[Path, _Faults]) -> Iterator[Defect]:
        self._proofs = min(_MAX_PROOFS, _MAX_PROVED // max(1, len(faults)))
        drafts = [draft for path in sorted(faults, key=self._order) for draft in self._at(path, faults[path])]
        # Python's sort is stable: a mapping's own faults and missing keys come before what is inside it.
        for draft in sorted(drafts, key=lambda draft: self._order(draft.place)):
            yield replace(draft, identity=self._identity(draft))

    def _at(self, path: Path, faults: _Faults) -> Iterator[Defect]:
        if faults.wrong:
            yield Defect(path, None, DefectKind.WRONG, self._wrong(path, faults.wrong), "")
        unknown = dict(faults.unknown)
        for key, fact in faults.missing.items():
            because = f": {fact.because}" if fact.because else ""
            lacks = Defect(path, key, DefectKind.MISSING, f"{self._name((*path, key))} is missing{because}", "")
            yield self._misspelt(path, [key], unknown) or lacks
        for choice in faults.choices:
            lacks = Defect(path, None, DefectKind.WRONG, f"{self._name(path)} {choice.describe()}", "")
            yield self._misspelt(path, () if choice.present else choice.keys, unknown) or lacks
        for key, unknown_fact in unknown.items():
            yield Defect(path, key, DefectKind.UNKNOWN, self._unknown((*path, key), unknown_fact), "")

    def _wrong(self, path: Path, errors: list[Any]) -> str:
        error, characters = chief(errors), self._written.characters(path)
        inside = getattr(error, "parent", error) is not None

        def fits(value: Any) -> bool:
            self._proofs -= 1
            return self._proofs >= 0 and self._fits(path, value, inside=inside)

        instead = hint(error, characters, self._written, self._suggestions, fits)
        return message(self._name(path), errors, characters, instead)

    def _fits(self, path: Path, value: Any, *, inside: bool) -> bool:
        """Whether nothing is wrong at or below ``path`` if ``value`` stands there. ``inside``: of a choice."""
        for place, choice in self._errors(_replaced(self._data, path, value)):
            if place[: len(path)] == path or (inside and choice and path[: len(place)] == place):
                return False
        return True

    def _misspelt(self, path: Path, keys: Sequence[str], unknown: dict[str, Unknown]) -> Defect | None:
        """That one of ``keys`` is written as one of the unknown keys, which is then taken out of them."""
        pair = self._suggestions.closest(keys, list(unknown))
        if pair is None:
            return None
        key, written = pair
        del unknown[written]
        problem = f"{self._name((*path, key))} is missing; `{safe(written)}` looks like a misspelling of it"
        problem += odd_letter(written, key)
        return Defect(path, key, DefectKind.MISSING, problem, "", written)

    def _unknown(self, path: Path, fact: Unknown) -> str:
        meant = likely(fact.key, fact.known, self._suggestions)
        if fact.key.startswith("x_"):
            meant = f"; did you mean `x-{safe(fact.key[2:])}`? Keys that begin with `x-` are your own"
        elif not meant and fact.known:
            meant = f"; known keys: {listed(fact.known, _MAX_KNOWN, show=safe)}"
        return f"{self._name(path)} is not a known key{meant}"

    def _steps(self, path: Path) -> Iterator[tuple[Any, str | int]]:
        """Each step of a path, with the value that it leads out of (None below a missing key)."""
        value = self._data
        for step in path:
            yield value, step
            if isinstance(value, dict):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                value = None

    def _name(self, path: Path) -> str:
        if not path:
            return "the file"
        name = ""
        for depth, (value, step) in enumerate(self._steps(path)):
            if isinstance(step, int):
                label = self._label(path[: depth + 1], value[step])
                name += f"[{safe(label) if label is not None else f'#{step + 1}'}]"
            else:
                name += ("." if name else "") + safe(step)
        return f"`{name if len(name) <= _MAX_NAME else '…' + name[-_MAX_NAME:]}`"

    def _label(self, path: Path, item: Any) -> str | None:
        """The label of an entry in the characters of the file."""
        label = _label(item)
        if label is None or isinstance(item.get("id"), str):
            return label
        key = "id" if str(item.get("id")) == label else "name"
        return self._written.characters((*path, key)) or label

    def _order(self, path: Path) -> tuple[int, ...]:
        order = []
        for value, step in self._steps(path):
            if isinstance(step, int):
                order.append(step)
            elif isinstance(value, dict):
                if id(value) not in self._positions:
                    self._positions[id(value)] = {key: index for index, key in enumerate(value)}
                order.append(self._positions[id(value)].get(step, -1))
        return tuple(order)

    def _identity(self, draft: Defect) -> str:
        steps: list[Any] = []
        for value, step in self._steps(draft.path):
            if isinstance(step, int):
                label = _label(value[step])
                steps.append([self._hash(value[step]) if label is None else label])
            else:
                steps.append(step)
        identity = json.dumps([*steps, draft.kind, draft.key])
        # Identical entries are counted, so that their faults remain different ones.
        self._seen[identity] = number = self._seen.get(identity, 0) + 1
        return identity if number == 1 else f"{identity}#{number}"

    def _hash(self, item: Any) -> str:
        if id(item) not in self._hashes:
            text = json.dumps(item, sort_keys=True, default=str)
            self._hashes[id(item)] = hashlib.sha256(text.encode()).hexdigest()[:12]
        return self._hashes[id(item)]


def _label(item: Any) -> str | None:
    """The name of an entry of a list: its `id`, else its `name`."""
    if isinstance(item, dict):
        for key in ("id", "name"):
            label = item.get(key)
            if (isinstance(label, str) and label) or (isinstance(label, int) and not isinstance(label, bool)):
                return str(label)
    return None


def _replaced(data: Any, path: Path, value: Any) -> Any:
    """The data with another value at a path; the rest is shared."""
    if not path:
        return value
    copy = data.copy()
    copy[path[0]] = _replaced(data[path[0]], path[1:], value)
    return copy
