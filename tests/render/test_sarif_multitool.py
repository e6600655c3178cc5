"""SARIF as the validator of its makers sees it: no error in what any command writes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from blueprint_cli.model import Gap, Location, Playbook, Report
from blueprint_cli.render import render
from blueprint_cli.render.options import RenderOptions
from tests.render.sample import AS_OF, FAILING, REPORT, STALE
from tests.support.repository import commit_all

pytestmark = pytest.mark.slow  # the first run of all fetches 30 MB from a package registry

PACKAGE = "@microsoft/sarif-multitool@5.7.0"
REALMS = Path(__file__).parents[2] / "examples" / "realms"
CLOSED = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
"""No way out: one of its rules asks the network whether each address is there, and waits for the answer."""
OPTIONS = RenderOptions()


@pytest.fixture
def errors(npm: Callable[[str], Path]) -> Callable[[Sequence[Path]], list[str]]:
    """The findings of error level in SARIF files, by all rules, those for GitHub's code scanning included."""
    program = "Sarif.Multitool.exe" if os.name == "nt" else "Sarif.Multitool"
    tool = next(npm(PACKAGE).glob(f"@microsoft/sarif-multitool-*/{program}"))
    tool.chmod(0o755)

    def validate(files: Sequence[Path]) -> list[str]:
        done = subprocess.run(
            [str(tool), "validate", *map(str, files), "--level", "Error", "--rule-kind", "Sarif;Ghas"],
            env={**os.environ, **CLOSED, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert f"Done. {len(files)} files scanned." in done.stdout, done.stdout + done.stderr
        assert "Analysis completed successfully" in done.stdout
        return [line for line in done.stdout.splitlines() if ": error " in line]

    return validate


def bp(at: Path, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "blueprint_cli", *arguments], cwd=at, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr


def written_by_commands(at: Path) -> None:
    """What `bp scan`, `bp lint` and `bp diff` write of the examples, broken and with deletions."""
    shutil.copytree(REALMS, at / "realms")
    commit_all(at, AS_OF)
    bp(at, "scan", "--no-write", "--as-of", AS_OF, "-f", "sarif=scan.sarif")
    shutil.rmtree(at / "realms/BLUEFIN")
    (at / "realms/ACME/EXPANSION_EU/blueprint.yaml").unlink()
    (at / "realms/HELIOS/PLATFORM/support/case_log.yaml").write_text("cases: [\n")
    bp(at, "diff", "HEAD", "--as-of", AS_OF, "-f", "sarif=diff.sarif")
    bp(at, "diff", "HEAD", "--as-of", AS_OF, "-f", "sarif=redacted.sarif", "--redact")
    bp(at, "lint", "-f", "sarif=lint.sarif")


def hostile(number: int) -> Gap:
    texts = ("a {0} [b](https://x.example)", "\x1b[31m\x00", "\ud800", "::error::x\n##[error]y", "", "%s %20 {{")
    text = texts[number % len(texts)]
    return replace(
        STALE,
        rule=f"rule {text}",
        message=text,
        check=text,
        location=Location(f"a b/ü:#?\udcff{text}.yaml", None if number % 4 == 0 else number, number or None),
        playbook=Playbook(text, text),
        fingerprint="" if number % 5 == 0 else f"{number:016x}",
    )


def reports() -> Mapping[str, Report]:
    return {
        "sample": REPORT,
        "empty": Report(AS_OF, ()),
        "hostile": Report(AS_OF, (replace(FAILING, gaps=tuple(map(hostile, range(20)))),), ("\x1b note", " ")),
    }


def test_no_output_has_an_error(errors: Callable[[Sequence[Path]], list[str]], tmp_path: Path) -> None:
    written_by_commands(tmp_path)
    for name, report in reports().items():
        (tmp_path / f"{name}.sarif").write_text(render(report, "sarif", OPTIONS), encoding="utf-8")
    files = sorted(tmp_path.glob("*.sarif"))
    assert len(files) == 7
    assert errors(files) == []
    wrong = tmp_path / "wrong.sarif"
    wrong.write_text((tmp_path / "sample.sarif").read_text("utf-8").replace('"ruleIndex": 0', '"ruleIndex": 99'))
    assert any("SARIF1009" in line for line in errors([wrong]))
