"""Any bytes are a document or have faults; both readers say the same; what was read can be written."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blueprint_cli.yamlfile import Limits
from fuzz import claims
from fuzz.coverage import CORPUS
from fuzz.layers import LAYERS

QUICK = settings(
    max_examples=300, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
SMALL = st.builds(
    Limits,
    file_bytes=st.integers(1, 2_000),
    depth=st.integers(1, 6),
    nodes=st.integers(1, 40),
    digits=st.integers(1, 20),
    message_length=st.integers(40, 120),
)


@QUICK
@given(st.binary(max_size=80))
def test_noise(raw: bytes) -> None:
    claims.reader(raw)


@QUICK
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.booleans())
def test_any_text(text: str, marked: bool) -> None:
    claims.reader(text.encode("utf-8-sig" if marked else "utf-8"))
    claims.reader(f"a: {text}".encode())


@QUICK
@given(st.randoms(use_true_random=False))
def test_damaged_files(dice: Random) -> None:
    LAYERS["reader"](dice)


@QUICK
@given(st.binary(max_size=60) | st.sampled_from([path.read_bytes() for path in sorted(CORPUS.glob("reader/*"))]), SMALL)
def test_small_limits(raw: bytes, limits: Limits) -> None:
    claims.reader(raw, limits)


@pytest.mark.parametrize("path", sorted(CORPUS.glob("reader/*")), ids=lambda path: path.name)
def test_what_a_run_has_found(path: Path) -> None:
    claims.reader(path.read_bytes())
