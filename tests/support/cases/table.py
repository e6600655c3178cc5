"""The tables under ``tests/cases``: what each case changes in a clean engagement, and what a scan must then report.

``tests/cases/README.md`` describes the form. A table is read without any idea of types: every scalar is text.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, reduce
from pathlib import Path
from typing import Any

import yaml

from tests.support.cases import written

HOME = Path(__file__).parents[2] / "cases"
AS_OF = "2026-03-02"
"""The day on which the clean engagements are clean."""
SITUATION = {
    "on", "clean_on", "as_of", "files", "set", "unset", "edits", "remove", "move", "links", "repository", "node",
    "config", "committed_on", "changed_on", "check", "track", "show",
}  # fmt: skip
_EXPECT = "    expect:"


@dataclass(frozen=True, eq=False)
class Case:
    """One change to one clean engagement."""

    table: str
    """Below ``tests/cases``, without the suffix: ``checks/eng_001``."""
    row: int
    """Its position in the table: a row that names several engagements is as many cases."""
    title: str
    base: str
    """The clean engagement, by the name of its directory in ``_bases``."""
    situation: Mapping[str, Any] = field(default_factory=dict)
    expected: str = ""
    """The excerpt of the report, a fact a line."""

    @property
    def name(self) -> str:
        """What a test report calls it."""
        return f"{self.table}: {self.title} [{self.base}]"

    @property
    def as_of(self) -> str:
        """The moment of the scan."""
        return str(self.situation.get("as_of", self.clean_on))

    @property
    def clean_on(self) -> str:
        """The day on which the engagement would be clean without the change."""
        return str(self.situation.get("clean_on", AS_OF))

    @property
    def file(self) -> Path:
        """Where it is written."""
        return HOME / f"{self.table}.yaml"


@cache
def cases() -> tuple[Case, ...]:
    """All cases of all tables."""
    files = sorted(file for file in HOME.rglob("*.yaml") if not file.relative_to(HOME).parts[0].startswith("_"))
    return tuple(case for file in files for case in _load(file))


def _load(file: Path) -> list[Case]:
    node = yaml.compose(file.read_text(encoding="utf-8"), Loader=written.LOADER)
    table = file.relative_to(HOME).with_suffix("").as_posix()
    data = _mapping(node)
    rows, given = data.pop("cases"), data.pop("given", {})
    loaded: list[Case] = []
    for position, own in enumerate(rows):
        title, expect, names = own.pop("case"), own.pop("expect", ""), own.pop("given", ())
        parts = [data, *(given[name] for name in ([names] if isinstance(names, str) else names)), own]
        situation = reduce(_joined, parts)
        assert not (unknown := set(situation) - SITUATION), f"{table}: {title}: unknown keys {sorted(unknown)}"
        on = situation.pop("on", "premium")
        bases = [on] if isinstance(on, str) else on
        expected = expected_on(expect, bases)
        loaded += [Case(table, position, title, base, situation, expected.get(base, "")) for base in bases]
    names = [case.name for case in loaded]
    assert len(names) == len(set(names)), f"{table}: two cases have one name: {sorted(names)}"
    return loaded


def expected_on(expect: str | Mapping[str, str], bases: Sequence[str]) -> dict[str, str]:
    """The excerpt by engagement: one for all of them, or one for ``poc economy`` and another one for the others."""
    if isinstance(expect, str):
        return {base: expect.rstrip("\n") for base in bases}
    return {base: text.rstrip("\n") for names, text in expect.items() for base in names.split()}


def _joined(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Both together: mappings are joined, otherwise the second one counts."""
    both = {key: {**one[key], **other[key]} for key in one.keys() & other.keys() if isinstance(other[key], dict)}
    return {**one, **other, **both}


def _mapping(node: yaml.Node) -> Any:
    """All scalars as text; below `set` as they are written."""
    if isinstance(node, yaml.MappingNode):
        return {
            key.value: {path.value: written.written(one) for path, one in value.value}
            if key.value == "set"
            else _mapping(value)
            for key, value in node.value
        }
    if isinstance(node, yaml.SequenceNode):
        return [_mapping(item) for item in node.value]
    return base64.b64decode(node.value) if node.tag.endswith(":binary") else node.value


def rewrite(case: Case, excerpts: Mapping[str, str]) -> None:
    """Write what a scan reports, by engagement, as the expectation of a row. Everything else stays as it is."""
    lines = case.file.read_text(encoding="utf-8").split("\n")
    start = [n for n, line in enumerate(lines) if line.startswith("  - case: ")][case.row]
    end = _end(lines, start, "    ")
    expect = next((n for n in range(start, end) if lines[n].startswith(_EXPECT)), end)
    lines[expect : _end(lines, expect, "      ") if expect < end else end] = _expectation(excerpts)
    case.file.write_text("\n".join(lines), encoding="utf-8")


def _end(lines: Sequence[str], start: int, indent: str) -> int:
    """The line after the block that begins at a line and continues with lines that are indented so much."""
    end = start + 1
    while end < len(lines) and lines[end].startswith(indent):
        end += 1
    return end


def _expectation(excerpts: Mapping[str, str]) -> list[str]:
    groups: dict[str, list[str]] = {}
    for base, excerpt in excerpts.items():
        groups.setdefault(excerpt, []).append(base)
    if len(groups) == 1:
        return _block(_EXPECT, *groups)
    return [_EXPECT, *(line for text, bases in groups.items() for line in _block(f"      {' '.join(bases)}:", text))]


def _block(key: str, text: str) -> list[str]:
    if text == "no gap":
        return [f"{key} no gap"]
    indent = " " * (len(key) - len(key.lstrip()) + 2)
    return [f"{key} |", *(f"{indent}{line}" for line in text.split("\n"))]
