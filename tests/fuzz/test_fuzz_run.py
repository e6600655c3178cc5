"""The mass run itself: it counts every case, and nothing ends it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from fuzz import mutate
from fuzz.damage import OF_DATA, _places
from fuzz.extremes import SCALARS
from fuzz.layers import LAYERS


def planted(dice: Random) -> None:
    what = dice.random()
    if what < 0.1:
        raise KeyError("planted")
    if what < 0.2:
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_planted_fault_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    monkeypatch.setitem(LAYERS, "planted", planted)
    names = [f"planted/s/{number}" for number in range(60)]
    faults = [name for name in names if Random(name).random() < 0.2]
    log = tmp_path / "findings.txt"
    assert mutate.layer("planted", 60, "s", jobs, log) == (60, len(faults))
    logged = log.read_text(encoding="utf-8")
    assert sorted(line[4:] for line in logged.splitlines() if line.startswith("=== ")) == sorted(faults)
    assert "KeyError: 'planted'" in logged
    assert "ended by -9" in logged


@pytest.mark.parametrize("change", list(dict.fromkeys(OF_DATA)))
def test_no_change_hands_out_what_the_next_case_will_need(change: Callable[[Any, Random], None]) -> None:
    """Else a case would depend on those before it, and a long run would drown in what it has made itself."""
    shared = [value for value in SCALARS if isinstance(value, list | dict)]
    assert shared
    for number in range(300):
        data: dict[str, Any] = {"a": [1, {"b": "2026-03-02"}]}
        change(data, Random(number))
        held = [holder[step] for holder, step in _places(data)]
        assert not any(value is other for value in held for other in shared)
