"""What a terminal tells on request: help that fits it, and what a shell completes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from blueprint_cli.cli.app import COMMANDS
from blueprint_cli.render import offered
from blueprint_cli.rulebook import RULES
from tests.cli.conftest import Bp

TYPED = {
    "bp sc": ["scan"],
    "bp catalog ": ["list", "show", "check"],
    "bp scan --format ": offered("report"),
    "bp diff --format ": offered("difference"),
    "bp history --format ": offered("timeline"),
    "bp diff HEAD -f s": ["sarif"],
    "bp lint --fail-on ": ["error", "warning", "note", "never"],
    "bp history --step ": ["commit", "week", "month"],
    "bp explain A/B C -f ": ["text", "json"],
    "bp rule ": [*RULES],
    "bp rule overdue": ["overdue-cadence"],
}


@pytest.mark.parametrize("command", ["", *COMMANDS, "catalog list", "catalog show", "catalog check"])
def test_help_fits_a_terminal_of_eighty_columns(bp: Bp, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    answer = bp(*command.split(), "--help")
    assert answer.code == 0
    assert f"Usage: bp {command}".strip() in answer.out
    assert max(map(len, answer.out.splitlines())) <= 80
    assert "…" not in answer.out.replace("check, …", ""), "something was cut"


@pytest.mark.parametrize("columns", ["0", "00", "-1", "wide", ""])
@pytest.mark.parametrize("command", ["scan", "lint", "catalog list"])
def test_a_width_that_is_not_known_hides_nothing(
    bp: Bp, monkeypatch: pytest.MonkeyPatch, columns: str, command: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    answer = bp(*command.split(), "--help")
    assert f"Usage: bp {command}" in answer.out


@pytest.mark.parametrize("typed", TYPED)
def test_a_shell_completes_words(bp: Bp, monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setenv("_BP_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split(" ")) - 1))
    assert bp().out.split() == TYPED[typed]


@pytest.mark.parametrize(
    ("shell", "line"),
    [
        ("bash", "complete -o default -F _bp_completion bp"),
        ("zsh", "compdef _bp_completion bp"),
        ("fish", "complete --command bp"),
    ],
)
def test_each_shell_has_its_script(bp: Bp, monkeypatch: pytest.MonkeyPatch, shell: str, line: str) -> None:
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    answer = bp("--show-completion", shell)
    assert (answer.code, line in answer.out) == (0, True)


def test_bash_completes_with_the_script(tmp_path: Path) -> None:
    """The script itself, in the shell that it is for."""
    program = f"""
        PATH='{Path(sys.executable).parent}':"$PATH"
        export _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION=1
        eval "$(bp --show-completion bash)"
        COMP_WORDS=(bp scan --format ju) COMP_CWORD=3
        _bp_completion bp
        echo "${{COMPREPLY[*]}}"
    """
    done = subprocess.run(["bash", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["junit"], done.stderr
