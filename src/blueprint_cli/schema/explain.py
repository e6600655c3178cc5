"""From the errors of the careful engine to defects: one for each fault, in the order of the document."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from blueprint_cli.schema.branches import Choice, settled
from blueprint_cli.schema.budget import Steps, TooLong
from blueprint_cli.schema.defect import Defect, Path
from blueprint_cli.schema.engine import Holds, Missing, Unknown, engine
from blueprint_cli.schema.sanitize import cleaned
from blueprint_cli.schema.sentences import sentence
from blueprint_cli.schema.words import Guesses, listed, safe

_MAX_FAULTS = 500
"""Faults that one file is told of, and as many unknown keys: nobody reads more, and each takes its time."""
_MAX_NAME = 120
"""Characters of a name; of a longer one the end, which tells most."""


@dataclass(slots=True)
class _Faults:
    """Everything wrong at one path, before it is put into words."""

    missing: dict[str, Missing]
    unknown: dict[str, Unknown]
    choices: list[Choice]
    wrong: list[Any]


class Explainer:
    """The careful engine for one schema, compiled, and the words for its errors."""

    def __init__(
        self,
        root: dict[str, Any],
        resources: Mapping[str, Any],
        depths: Mapping[int, str],
        is_date: Callable[[str], bool],
        holds: Holds,
        *,
        static: bool,
    ) -> None:
        self._steps = Steps()
        self._engine = engine(root, resources, depths, is_date, holds, steps=self._steps, static=static)

    def explain(self, data: Any) -> tuple[Defect, ...]:
        """Every defect; () when the careful engine accepts."""
        clean, problems = cleaned(data)
        at: dict[Path, _Faults] = {}
        left = {True: _MAX_FAULTS, False: _MAX_FAULTS}
        self._steps.begin()
        try:
            for error in self._engine.iter_errors(clean):
                for path, fault in settled(error, ()):
                    unknown = isinstance(getattr(fault, "validator_value", None), Unknown)
                    left[unknown] -= 1
                    if left[unknown] >= 0:
                        _file(at.setdefault(path, _Faults({}, {}, [], [])), fault)
                if left[False] <= 0:
                    break
        except RecursionError:
            problems[()] = "is nested too deeply to be checked"
        except TooLong:
            if not at:
                problems[()] = "is not as its schema asks, which is too long to say why: split the file"
        return tuple(_Telling(clean, Guesses()).defects(at, problems))


def _file(faults: _Faults, fault: Any) -> None:
    if isinstance(fault, Choice):
        if fault not in faults.choices:
            faults.choices.append(fault)
    elif isinstance(fact := fault.validator_value, Missing):
        known = faults.missing.get(fact.key)
        if known is None or (known.because and not fact.because):
            faults.missing[fact.key] = fact
    elif isinstance(fact, Unknown):
        faults.unknown.setdefault(fact.key, fact)
    else:
        faults.wrong.append(fault)


class _Telling:
    """One document's defects: names of things, order and identity."""

    def __init__(self, data: Any, guesses: Guesses) -> None:
        self._data = data
        self._guesses = guesses
        self._positions: dict[int, dict[str, int]] = {}
        self._hashes: dict[int, str] = {}
        self._seen: dict[str, int] = {}

    def defects(self, at: dict[Path, _Faults], problems: dict[Path, str]) -> Iterator[Defect]:
        paths = sorted({*at, *problems}, key=self._order)
        found = [draft for path in paths for draft in self._at(path, at.get(path), problems.get(path))]
        # Python's sort is stable: a mapping's own faults and missing keys come before what is inside it.
        for draft in sorted(found, key=self._place):
            yield replace(draft, identity=self._identity(draft))

    def _at(self, path: Path, faults: _Faults | None, problem: str | None) -> Iterator[Defect]:
        if problem is not None:
            yield Defect(path, None, "wrong", f"{self._name(path)} {problem}", "")
        if faults is None:
            return
        if faults.wrong and problem is None:
            message = sentence(self._name(path), faults.wrong, self._guesses)
            yield Defect(path, None, "wrong", message, "")
        unknown = dict(faults.unknown)
        for key, fact in faults.missing.items():
            if (typo := self._guesses.closest([key], list(unknown))) is not None:
                del unknown[typo[1]]
                yield self._misspelt(path, *typo)
            else:
                message = f"{self._name((*path, key))} is missing" + (f": {fact.because}" if fact.because else "")
                yield Defect(path, key, "missing", message, "")
        for choice in faults.choices:
            if choice.none and (typo := self._guesses.closest(choice.keys, list(unknown))) is not None:
                del unknown[typo[1]]
                yield self._misspelt(path, *typo)
            else:
                yield Defect(path, None, "wrong", f"{self._name(path)} {choice.words()}", "")
        for key, unknown_fact in unknown.items():
            yield Defect(path, key, "unknown", self._unknown((*path, key), unknown_fact), "")

    def _misspelt(self, path: Path, key: str, written: str) -> Defect:
        name = self._name((*path, key))
        return Defect(path, key, "missing", f"{name} is missing; `{safe(written)}` looks like it, misspelt", "")

    def _unknown(self, path: Path, fact: Unknown) -> str:
        near = self._guesses.closest([fact.key], fact.known)
        if near is not None:
            hint = f"; did you mean `{safe(near[1])}`?"
        elif 0 < len(fact.known) <= 8:
            hint = f"; known keys: {listed(map(safe, fact.known))}"
        else:
            hint = ""
        return f"{self._name(path)} is not a known key{hint}"

    def _steps(self, path: Path) -> Iterator[tuple[Any, str | int]]:
        """Each step of a path with the value that it is taken from (None below a missing key)."""
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
        for value, step in self._steps(path):
            if isinstance(step, int):
                label = _label(value[step])
                name += f"[{safe(label) if label is not None else f'#{step + 1}'}]"
            else:
                name += ("." if name else "") + safe(step)
        return f"`{name if len(name) <= _MAX_NAME else '…' + name[-_MAX_NAME:]}`"

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

    def _place(self, draft: Defect) -> tuple[int, ...]:
        """An unknown key stands where it is written, a missing one with its mapping."""
        return self._order((*draft.path, draft.key) if draft.kind == "unknown" and draft.key else draft.path)

    def _identity(self, draft: Defect) -> str:
        steps: list[Any] = []
        for value, step in self._steps(draft.path):
            if isinstance(step, int):
                label = _label(value[step])
                steps.append([self._hash(value[step]) if label is None else label])
            else:
                steps.append(step)
        identity = json.dumps([*steps, draft.kind, draft.key])
        # Entries that cannot be told apart are counted, so that no fault hides behind its twin.
        self._seen[identity] = number = self._seen.get(identity, 0) + 1
        return identity if number == 1 else f"{identity}#{number}"

    def _hash(self, item: Any) -> str:
        if id(item) not in self._hashes:
            text = json.dumps(item, sort_keys=True, default=str)
            self._hashes[id(item)] = hashlib.sha256(text.encode()).hexdigest()[:12]
        return self._hashes[id(item)]


def _label(item: Any) -> str | None:
    """What an entry of a list goes by: its `id`, else its `name`."""
    if isinstance(item, dict):
        for key in ("id", "name"):
            label = item.get(key)
            if (isinstance(label, str) and label) or (isinstance(label, int) and not isinstance(label, bool)):
                return str(label)
    return None
