"""A hundred mistakes of people who write by hand.

Each is reported at its line, with text that can be pasted, or not at all. `mistakes.yaml` has them: of a clean
engagement one passage (``was``) is replaced (``typed``), and ``reported`` is what `bp` says then. Where there is
a hint, ``fixed`` is the passage after the hint was applied literally: the file must be in order again, and it must
still say what was meant.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from blueprint_cli.engagement.node import judge_file
from blueprint_cli.policy.load import packaged_policy
from blueprint_cli.schema import Validator
from blueprint_cli.yamlfile import read
from tests.hints.apply import applied
from tests.support.cases.build import clean_files

ARCHETYPE = "post_sales_governance"
ZONE = "Europe/Berlin"
MISTAKES: list[dict[str, Any]] = YAML(typ="safe").load(Path(__file__).with_name("mistakes.yaml").read_text("utf-8"))


@cache
def place_of(name: str) -> str:
    (path,) = (path for path in clean_files("premium") if path.rpartition("/")[2] == f"{name}.yaml")
    return path


def validator(path: str) -> Validator:
    policy = packaged_policy()
    schema = "blueprint.schema.json" if path == "blueprint.yaml" else None
    return policy.store.validator(schema or str(policy.catalog.archetypes[ARCHETYPE].assets[path].schema))


def faults(path: str, text: str) -> list[tuple[int, int, str]]:
    """What is wrong with a file, by place."""
    raw = text.encode()
    file = judge_file(path, raw, read(raw), validator(path), ZONE)
    assert file.document is not None
    found = [(fault.line, fault.column, fault.message) for fault in file.document.faults]
    return found + [(*file.document.locate(defect.place), defect.message) for defect in file.defects]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: f"{mistake['in']}: {mistake['typed']!r}")
def test_a_mistake_is_reported_at_its_line_and_its_hint_works(mistake: dict[str, Any]) -> None:
    path = place_of(mistake["in"])
    clean = clean_files("premium")[path].decode()
    assert clean.count(mistake["was"]) == 1
    text = clean.replace(mistake["was"], mistake["typed"])
    first = clean[: clean.index(mistake["was"])].count("\n")
    found = faults(path, text)
    assert [f"+{line - 1 - first}: {message}" for line, _, message in found] == mistake.get("reported", [])
    fixed, left = text, found
    for _ in found * 2:
        better = applied(fixed, *left[0]) if left else None
        fixed, left = (fixed, left) if better is None else (better, faults(path, better))
    if "fixed" in mistake:
        assert (fixed, left) == (clean.replace(mistake["was"], mistake["fixed"]), [])
    else:
        assert fixed == text
