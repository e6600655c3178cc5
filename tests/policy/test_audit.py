"""The audit: our own catalog passes, and each planted fault is one problem at its line, in words that help."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pytest

from blueprint_cli.errors import PolicyError
from blueprint_cli.policy.check.audit import audit, checked
from blueprint_cli.policy.layers import Layer, packaged
from blueprint_cli.policy.load import load, packaged_policy
from blueprint_cli.schema.library import Library
from tests.policy.faults import FAULTS, FILES, Fault

PACKAGED = {path: read() for path, read in packaged().files.items()}
POLICY = packaged_policy()
STORE, LIBRARY = POLICY.store, Library(POLICY.schemas)
SCHEMA_FAULTS = {name for name, path in FILES.items() if path.startswith("schemas/")}


def _layer(files: Mapping[str, bytes]) -> Layer:
    found: dict[str, Callable[[], bytes]] = {path: partial(bytes, raw) for path, raw in files.items()}
    return Layer("", found)


def _line(text: str, part: str) -> int:
    assert part in text
    return text[: text.index(part)].count("\n") + 1


@pytest.fixture
def _compiled_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiling the same schemas for each fault would be most of the time."""
    if request.getfixturevalue("fault").file not in SCHEMA_FAULTS:
        monkeypatch.setattr("blueprint_cli.policy.load.SchemaStore", lambda *_: STORE)
        monkeypatch.setattr("blueprint_cli.policy.check.predicates.Library", lambda *_: LIBRARY)


def test_our_own_catalog_has_no_problem() -> None:
    assert audit(packaged_policy()) == []


@pytest.mark.usefixtures("_compiled_once")
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_planted_fault_is_one_problem_at_its_line(fault: Fault) -> None:
    path = FILES[fault.file]
    before = PACKAGED[path].decode()
    after = before.replace(fault.old, fault.new, 1)
    assert after != before
    files = {**PACKAGED, path: after.encode()}
    problems = audit(load([_layer(files)]))
    assert len(problems) == 1, "\n".join(map(str, problems))
    (problem,) = problems
    assert fault.words in problem.message
    if fault.at is None:
        assert (problem.file, problem.line) == (path, _line(before, fault.old))
    else:
        where, part = fault.at
        assert (problem.file, problem.line) == (FILES[where], _line(files[FILES[where]].decode(), part))


def test_problems_are_sorted_and_read_as_compilers_write_them() -> None:
    files = dict(PACKAGED)
    for name in ("playbook", "role", "cell of a choice"):
        fault = FAULTS[name]
        files[FILES[fault.file]] = files[FILES[fault.file]].decode().replace(fault.old, fault.new, 1).encode()
    with pytest.raises(PolicyError) as refused:
        checked([_layer(files)])
    lines = refused.value.problems
    assert len(lines) == 3
    assert lines == sorted(lines, key=lambda one: (one.split(":")[0], int(one.split(":")[1])))
    assert lines[0].startswith(FILES["C01"] + ":10:14: role `AEE` does not exist")
