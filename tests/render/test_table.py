"""The table of formats: every row can be kept, and README, help and errors say what it says."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest

from blueprint_cli.cli.outputs import outputs
from blueprint_cli.errors import BpError
from blueprint_cli.render import FORMATS, Kind, offered

KINDS: tuple[Kind, ...] = get_args(Kind)
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_renders_what_its_row_says_and_nothing_else(name: str) -> None:
    module = import_module(f"blueprint_cli.render.{name}")
    functions = {kind for kind in KINDS if inspect.isfunction(getattr(module, kind, None))}
    assert functions == {*FORMATS[name].renders}


@pytest.mark.parametrize("kind", KINDS)
def test_a_format_that_is_not_offered_is_refused_with_those_that_are(kind: Kind) -> None:
    others = [name for name in FORMATS if name not in offered(kind)]
    for name in [*others, "word"]:
        with pytest.raises(BpError, match=f"`{name}` is not a format of this command") as refused:
            outputs([name], "text", None, kind)
        assert refused.value.hint == f"Choose one of {', '.join(offered(kind))}."


def test_a_default_that_is_not_offered_is_refused_too() -> None:
    with pytest.raises(BpError, match="`sarif` is not a format"):
        outputs([], "sarif", None, "timeline")


def test_the_readme_lists_the_formats_of_reports() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (sentence,) = re.findall(r"`--format` is (.*?);", text, flags=re.DOTALL)
    assert re.findall(r"`(\w+)`", sentence) == offered("report")
    (history,) = re.findall(r"`bp history` has (.*?)\.", text, flags=re.DOTALL)
    assert re.findall(r"`(\w+)`", history) == offered("timeline")
