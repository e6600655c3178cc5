"""Small engagements whose reports are quickly rewritten, and `bp` as a process that anything may happen to."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

BP = (sys.executable, "-m", "blueprint_cli")
REPORT = "gap_report.yaml"
EARLIER, LATER = "2026-03-02", "2026-03-03"
_BLUEPRINT = """\
version: "1.0"
archetype: post_sales_governance
track: poc
status: {status}
metadata: {{name: pilot {number}, owner: kim.lee}}
lifecycle: {{contract_signed: 2026-01-0{day}}}
team: {{CSM: kim.lee}}
reference_blueprints:
  - {{id: C01_customer_engagement}}
"""


def portfolio(root: Path, nodes: int, *, active: int = 3) -> Path:
    """So many engagements, the first few of them judged, the others only looked at: their reports are short."""
    for number in range(nodes):
        folder = root / f"REALM{number % 3}" / f"NODE{number:03}"
        folder.mkdir(parents=True)
        status = "active" if number < active else "on_hold"
        text = _BLUEPRINT.format(status=status, number=number, day=number % 9 + 1)
        (folder / "blueprint.yaml").write_text(text, encoding="utf-8")
    return root


def surroundings(**more: str) -> dict[str, str]:
    """An environment without settings of the machine."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "BP_", "GITHUB_"))}
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    return kept | settings | {"COLUMNS": "120"} | more


def bp(root: Path, *arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """One run to its end."""
    options: dict[str, Any] = {"cwd": root, "env": surroundings(), "capture_output": True, "timeout": 120} | more
    return subprocess.run([*BP, *arguments], encoding="utf-8", check=False, **options)


def scan(root: Path, *arguments: str, day: str = EARLIER, **more: Any) -> subprocess.CompletedProcess[str]:
    """One scan to its end, which does not mind gaps."""
    return bp(root, "scan", "--as-of", day, "--fail-on", "never", *arguments, **more)


def reports(root: Path) -> dict[str, bytes]:
    """Every gap report by its place."""
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob(REPORT))}


def debris(root: Path) -> list[str]:
    """What a run should not have left among the engagements."""
    known = {"blueprint.yaml", "filler", REPORT}
    return [str(path) for path in root.rglob("*") if path.is_file() and path.name not in known]


def is_hidden(path: str) -> bool:
    """Whether a file is one that only a killed run may leave: the next run removes it."""
    return re.fullmatch(r"\.gap_report\.yaml\.\d+\.bp-tmp", Path(path).name) is not None


def whole(root: Path, *states: Mapping[str, bytes]) -> list[str]:
    """The reports that are none of those of the undisturbed runs."""
    return [place for place, data in reports(root).items() if all(state.get(place) != data for state in states)]


def quiet(output: str) -> bool:
    """Whether a complaint is one for readers: no traceback, nothing that Python mutters."""
    return not any(word in output for word in ("Traceback", "Exception ignored", "internal error", 'File "'))


def alive(group: int) -> bool:
    """Whether a process of a group is still there after a while."""
    for _ in range(200):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.05)
    return True


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
