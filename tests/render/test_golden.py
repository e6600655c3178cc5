"""One small portfolio in every format. ``BP_GOLDEN=write`` rewrites the files; the diff is for review."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from blueprint_cli import __version__
from blueprint_cli.model import Report
from blueprint_cli.render import offered, render
from blueprint_cli.render.neutral import visible
from blueprint_cli.render.options import RenderOptions
from blueprint_cli.rulebook import RULES, manual
from tests.render.sample import EMPTY, HEALTHY, REPORT, snippet

GOLDEN = Path(__file__).parent / "golden"
OPTIONS = RenderOptions(snippet=snippet)
SUFFIX = {
    "text": "txt",
    "json": "json",
    "yaml": "yaml",
    "sarif": "sarif",
    "junit": "xml",
    "github": "github.txt",
    "gitlab": "gitlab.json",
    "markdown": "md",
}


def check(name: str, out: str) -> None:
    file = GOLDEN / name
    out = out.replace(__version__, "0.1.0")
    for rule in RULES:  # the manual changes without the format
        page = "\n".join(map(visible, manual.page(rule).split("\n"))).strip()
        out = out.replace(json.dumps(page, ensure_ascii=False), f'"(the manual of {rule})"')
    if os.environ.get("BP_GOLDEN") == "write":
        file.write_text(out, encoding="utf-8", newline="\n")
    assert out == file.read_bytes().decode()


@pytest.mark.parametrize("name", offered("report"))
@pytest.mark.parametrize(("title", "report"), [("report", REPORT), ("healthy", HEALTHY), ("empty", EMPTY)])
def test_output(name: str, title: str, report: Report) -> None:
    check(f"{title}.{SUFFIX[name]}", render(report, name, OPTIONS))


@pytest.mark.parametrize("name", ["text", "markdown", "json"])
def test_redacted_output(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BP_REDACT_KEY", "a key of the tests")
    options = RenderOptions(redact=True, color=True, snippet=snippet)
    check(f"redacted.{SUFFIX[name]}", render(REPORT, name, options).replace("\x1b", "␛"))


def test_terminal_output() -> None:
    options = RenderOptions(color=True, snippet=snippet)
    check("terminal.txt", render(REPORT, "text", options).replace("\x1b", "␛"))


def test_a_page_for_the_job_summary_is_the_same_where_both_have_room() -> None:
    assert render(REPORT, "markdown", replace(OPTIONS, page_limit=1_000_000)) == render(REPORT, "markdown", OPTIONS)


def test_another_hash_seed_gives_the_same_bytes() -> None:
    program = (
        "import sys; from tests.render.sample import REPORT; "
        "from blueprint_cli.render import offered, render; from blueprint_cli.render.options import RenderOptions; "
        "sys.stdout.buffer.write(''.join(render(REPORT, name, RenderOptions(redact=True)) "
        "for name in offered('report')).encode())"
    )
    path = os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])

    def run(seed: str) -> bytes:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "BP_REDACT_KEY": "a key of the tests", "PYTHONPATH": path}
        return subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True).stdout

    assert run("1") == run("2")


def test_a_renderer_is_loaded_only_when_it_is_used() -> None:
    program = (
        "import sys, blueprint_cli.render; "
        "print([m for m in ('json', 'hashlib', 'xml.etree', 'rich', 'unicodedata') if m in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-S", "-c", program], env=environment, capture_output=True, check=True, text=True
    )
    assert done.stdout.strip() == "[]"
