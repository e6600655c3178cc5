"""No id, asset, track, row or threshold of the packaged catalog is known to the code: archetypes are data."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import blueprint_cli
from blueprint_cli.policy.load import packaged_policy
from blueprint_cli.policy.model import Archetype

SOURCE = Path(blueprint_cli.__file__).parent
FORMAT = {"gap_scan"}
"""Names of the packaged catalog that are keys of the format as well."""


def _names(archetype: Archetype) -> Iterator[str]:
    yield archetype.id
    yield from archetype.tracks
    yield from archetype.playbooks
    yield from archetype.lifecycle
    for gate in archetype.gates:
        yield gate.id
    for cadence in archetype.cadences:
        yield cadence.id
    for table, rows in archetype.written["rows"].items():
        for row in rows:
            yield from (row, f"{table}.{row}")
    for blueprint in archetype.reference_blueprints.values():
        yield from (blueprint.id, blueprint.code)
        for asset in blueprint.assets:
            yield from (asset.path, asset.path.rpartition("/")[2])
            yield asset.path.rpartition("/")[2].removesuffix(".yaml")
        for row in (*blueprint.checks, *blueprint.cadences, *blueprint.signals):
            yield row.id


def _limits(archetype: Archetype) -> Iterator[str]:
    for track in archetype.tracks.values():
        for table in archetype.written["rows"]:
            yield from track.written.get(table, {}).values()


def _words(path: Path) -> Iterator[tuple[int, str]]:
    """Every text in the code that is not a docstring, with its line."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.value)
        for parent in ast.walk(tree)
        if isinstance(parent, ast.Module | ast.ClassDef | ast.FunctionDef)
        for node in parent.body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value


def test_the_code_knows_no_name_and_no_threshold_of_the_packaged_catalog() -> None:
    archetypes = packaged_policy().catalog.archetypes.values()
    # One plain word (`staleness`, `renewal`) is English; a name is what nobody writes by chance.
    names = {name for archetype in archetypes for name in _names(archetype) if re.search(r"[_/.0-9]", name)}
    names |= {track for archetype in archetypes for track in archetype.tracks}
    limits = {cell for archetype in archetypes for cell in _limits(archetype) if re.search(r"[0-9]", cell)}
    assert {"premium", "CHK_ENG_003", "contract_signed"} <= names
    assert {"90%", "14 days"} <= limits
    pattern = re.compile(r"(?<![\w/.-])(?:" + "|".join(map(re.escape, sorted(names - FORMAT))) + r")(?![\w/-])")
    found = []
    for path in sorted(SOURCE.rglob("*.py")):
        for line, text in _words(path):
            if (match := pattern.search(text)) or text in limits:
                found.append(f"{path.relative_to(SOURCE)}:{line}: {match.group() if match else text}")
    assert found == []
