"""`bp rule`: the list, a page, an unknown name, a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys

from blueprint_cli.rulebook import RULES
from blueprint_cli.rulebook.manual import page


def bp(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "blueprint_cli", "rule", *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)


def test_list_has_a_line_for_each_rule() -> None:
    done = bp()
    assert done.returncode == 0
    assert [line.split("  ")[0] for line in done.stdout.splitlines()] == list(RULES)
    assert all(rule.summary in done.stdout for rule in RULES.values())


def test_page_is_markdown_where_nobody_watches() -> None:
    done = bp("stale-asset")
    assert (done.returncode, done.stdout, done.stderr) == (0, page("stale-asset"), "")


def test_unknown_name_is_answered_with_close_ones() -> None:
    done = bp("stale-assets")
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no rule `stale-assets`" in done.stderr
    assert "`stale-asset`" in done.stderr
    assert "`bp rule` lists all rules" in bp("zzz").stderr


def test_page_is_rendered_on_a_terminal() -> None:
    parent, child = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "100"}
    command = [sys.executable, "-m", "blueprint_cli", "rule", "stale-asset"]
    with subprocess.Popen(command, stdout=child, stderr=subprocess.PIPE, env=environment) as process:
        os.close(child)
        shown = b""
        try:
            while piece := os.read(parent, 65536):
                shown += piece
        except OSError:
            pass  # the terminal is gone: the program has ended
        os.close(parent)
        errors = process.stderr.read() if process.stderr else b""
    assert (process.returncode, errors) == (0, b"")
    assert b"stale-asset" in shown
    assert b"## What it finds" not in shown
    assert b"What it finds" in shown
