"""`anyOf` and `oneOf`: of several ways to be valid, the one that was most likely meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from blueprint_cli.schema.defect import Missing, Path, Unknown
from blueprint_cli.schema.equality import distinct
from blueprint_cli.text import safe

_KEYS_ALONE = {"required", "title", "description"}  # the keywords of a branch that requires a key and nothing else


@dataclass(frozen=True, slots=True)
class Choice:
    """A mapping must have one of several keys; ``present`` are those that it has."""

    keys: tuple[str, ...]
    present: tuple[str, ...]
    exactly: bool

    def describe(self) -> str:
        """The end of a sentence that begins with the mapping's name."""
        row = ", ".join(f"`{safe(key)}`" for key in self.keys)
        needs = f"needs {'exactly' if self.exactly else 'at least'} one of {row}"
        if not self.present:
            return needs
        return f"{needs}; it has {' and '.join(f'`{safe(key)}`' for key in self.present)}"


@dataclass(frozen=True, slots=True)
class Merged:
    """Branches that each fail on the same value, as one error, with the attributes that an error of the engine has."""

    validator: str
    validator_value: Any
    instance: Any
    schema: Any


def relevant(error: Any, base: Path) -> Iterator[tuple[Path, Any]]:
    """The errors to report, with their full paths: that of a choice is replaced by those of its best branch."""
    path = (*base, *error.relative_path)
    choice = _alternatives(error) if error.validator in {"anyOf", "oneOf"} else None
    if choice is not None or error.validator not in {"anyOf", "oneOf"} or not error.context:
        yield path, choice or error
        return
    branches: dict[Any, list[Any]] = {}
    for inner in error.context:
        branches.setdefault(inner.relative_schema_path[0], []).append(inner)
    merged = _merged(list(branches.values()))
    if merged is not None:
        yield (*path, *merged[0]), merged[1]
        return
    best = min(branches.values(), key=_distance)
    for inner in best:
        yield from relevant(inner, path)


def _alternatives(error: Any) -> Choice | None:
    """A choice between keys and nothing else: each branch requires one."""
    branches = [branch for branch in error.validator_value if isinstance(branch, dict)]
    required = [branch.get("required", []) for branch in branches if branch.keys() <= _KEYS_ALONE]
    many = len(required) < len(error.validator_value) or any(len(keys) != 1 for keys in required)
    if many or not isinstance(error.instance, dict):
        return None
    keys = tuple(keys[0] for keys in required)
    present = tuple(key for key in keys if key in error.instance)
    return Choice(keys, present, error.validator == "oneOf")


def _merged(branches: list[list[Any]]) -> tuple[Path, Merged] | None:
    """One error for branches that all fail on the type of a value, or that each enumerate its values.

    The value may be one level down: `kind: a` in the first branch, `kind: b` in the second; but not where
    another value already shows which branch was meant.
    """
    deepest = 1 if len({_distance(branch)[:2] for branch in branches}) == 1 else 0
    for keywords in ({"type"}, {"enum", "const"}):
        by_path = [
            {tuple(inner.relative_path): inner for inner in reversed(branch) if inner.validator in keywords}
            for branch in branches
        ]
        shared = [path for path in by_path[0] if len(path) <= deepest and all(path in errors for errors in by_path)]
        if shared:
            path = min(shared, key=len)
            values: list[Any] = []
            for inner in (errors[path] for errors in by_path):
                value = inner.validator_value
                values += value if isinstance(value, list) and inner.validator != "const" else [value]
            first = by_path[0][path]
            keyword = "type" if "type" in keywords else "enum"
            return path, Merged(keyword, distinct(values), first.instance, first.schema)
    return None


def _distance(branch: list[Any]) -> tuple[int, int, int]:
    """How far a value is from a branch: wrong type, then wrong tags (a `const` near the top), then errors."""
    wrong_type = sum(error.validator in {"type", None} and not error.relative_path for error in branch)
    tags = [error for error in branch if error.validator in {"const", "enum"}]
    wrong_tag = sum(len(error.relative_path) <= 1 for error in tags)
    keys = sum(isinstance(error.validator_value, Missing | Unknown) for error in branch)
    return wrong_type, wrong_tag, len(branch) + keys
