"""A case on disk: a base, what is different from it, and what the tool must say.

``tests/cases/<group>/<case>/expected.yaml`` tells the situation first and the expectation from ``gaps:`` on.

Situation
    base        a directory of ``_bases``: a repository with one clean node
    as_of       the moment of the scan
    edits       per file of the node: ``was`` (stands there exactly once) becomes ``now``
    remove      files of the node that are gone; ``move``: files that lie elsewhere in the node
    links       symbolic links in the node, and where they point
    create      files of the node by name, where the name is the point
    node        REALM/NODE, where the name is the point
    config      text of ``bp.yaml``
    git         true: the repository is a Git repository, with everything committed on ``committed_on``
    committed   true: the gap report on record counts as the last scan, as ``bp scan --check`` has it
    track       what if: judged as if on this track
    files/      beside it: whole files of the node; ``repository/``: files below the repository's root

Expectation
    gaps        all of them, in the report's order; ``path`` only where it is not the asset or blueprint.yaml
    status, exit_code
    checks, cadences, assets, reference_blueprints      the answers that the case is about
    signals, handoffs, upcoming                         all that the report has, where the case names them
    error       the message, where the job cannot be done
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from blueprint_cli import gitrepo
from blueprint_cli.errors import BpError
from blueprint_cli.model import Gap, NodeReport, Severity
from blueprint_cli.scan import Options, Scanner
from blueprint_cli.workspace import Workspace
from tests.cases.heard import listening

HOME = Path(__file__).parent
BASES = HOME / "_bases"
SITUATION = {
    "base", "as_of", "edits", "remove", "move", "links", "create", "node", "config", "git", "committed_on", "committed",
    "track",
}  # fmt: skip
EXPECTATION = {
    "gaps", "status", "exit_code", "checks", "cadences", "assets", "reference_blueprints", "signals", "handoffs",
    "upcoming", "error",
}  # fmt: skip
_EXPECTED = re.compile(r"^(?:gaps|error):", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """One directory with an ``expected.yaml``."""

    folder: Path

    @property
    def name(self) -> str:
        """group/case."""
        return str(self.folder.relative_to(HOME))

    @cached_property
    def data(self) -> dict[str, Any]:
        """What ``expected.yaml`` says."""
        found: dict[str, Any] = YAML(typ="safe").load((self.folder / "expected.yaml").read_text(encoding="utf-8"))
        unknown = set(found) - SITUATION - EXPECTATION
        assert not unknown, f"{self.name}: unknown keys {unknown}"
        return found

    @property
    def base(self) -> Path:
        """The repository that the case starts from."""
        return BASES / str(self.data["base"])

    @cached_property
    def node(self) -> str:
        """REALM/NODE."""
        return str(self.data.get("node") or _only_node(self.base))

    @property
    def as_of(self) -> str:
        """The moment of the scan."""
        return plain(self.data["as_of"])

    def build(self, root: Path) -> Path:
        """Write the case's repository."""
        place = root / self.node
        files = dict(_base_files(self.base))
        for path, edits in (self.data.get("edits") or {}).items():
            files[path] = _edited(f"{self.name}: {path}", files[path].decode(), edits).encode()
        for path in self.data.get("remove") or ():
            del files[path]
        for path, to in (self.data.get("move") or {}).items():
            files[to] = files.pop(path)
        files |= _read(self.folder / "files")
        files |= {path: text.encode() for path, text in (self.data.get("create") or {}).items()}
        for path, content in files.items():
            _write(place / path, content)
        for path, content in _read(self.folder / "repository").items():
            _write(root / path, content)
        if "config" in self.data:
            _write(root / "bp.yaml", self.data["config"].encode())
        for path, to in (self.data.get("links") or {}).items():
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).symlink_to(to)
        if self.data.get("git"):
            commit(root, plain(self.data["committed_on"]))
        return root

    def judge(self, root: Path) -> Judged:
        """Build the repository and let the tool judge it, in this process."""
        self.build(root)
        try:
            workspace = workspace_at(root)
            snapshot = workspace.open(workspace.tree(), {"as_of": self.as_of})
            options = Options(self.data.get("track"), committed_report=bool(self.data.get("committed")))
            refs = snapshot.portfolio.nodes
            assert [ref.name for ref in refs] == [self.node], f"{self.name} holds {[ref.name for ref in refs]}"
            (report,) = Scanner(snapshot, refs, options).scan()
            return Judged(report, snapshot.config.fail_on)
        except BpError as problem:
            return Judged(None, "", str(problem).replace(str(root), "."))

    def told(self, judged: Judged) -> dict[str, Any]:
        """What the tool says, in the words of ``expected.yaml`` and for what the case speaks of."""
        if judged.report is None:
            return {"error": judged.error, "exit_code": 2}
        report = judged.report
        said: dict[str, Any] = {
            "gaps": [_gap(gap, report.path) for gap in report.gaps],
            "status": report.status,
            "exit_code": judged.exit_code,
        }
        of: dict[str, dict[str, Any]] = {
            "checks": {one.check: str(one.status) for one in report.checks},
            "cadences": {one.cadence: str(one.status) for one in report.cadences},
            "assets": {one.asset: one.status for one in report.assets},
            "reference_blueprints": {one.id: one.status for one in report.reference_blueprints},
        }
        for key, statuses in of.items():
            if key in self.data:
                said[key] = {name: statuses.get(name, "absent") for name in self.data[key]}
        if "signals" in self.data:
            said["signals"] = [f"{one.reference_blueprint[:3]}/{one.id}" for one in report.signals]
        if "handoffs" in self.data:
            said["handoffs"] = [f"{one.source}>{one.target}" for one in report.handoffs]
        if "upcoming" in self.data:
            said["upcoming"] = [f"{one.due} {one.message}" for one in report.upcoming]
        return said

    @property
    def expected(self) -> dict[str, Any]:
        """What the tool must say."""
        found: dict[str, Any] = simple({key: value for key, value in self.data.items() if key in EXPECTATION})
        return found

    def rewrite(self, said: Mapping[str, Any]) -> None:
        """Put what the tool says in the place of the expectation; the situation stays as it is written."""
        file = self.folder / "expected.yaml"
        text = file.read_text(encoding="utf-8")
        begin = _EXPECTED.search(text)
        head = text if begin is None else text[: begin.start()]
        file.write_text(head + written(said), encoding="utf-8")


@dataclass(frozen=True)
class Judged:
    """The report of a case's node, or why there is none."""

    report: NodeReport | None
    fail_on: str
    error: str = ""
    heard: frozenset[tuple[str, bool]] = frozenset()
    """Which kinds of predicates were asked, and what each of them answered."""

    @property
    def exit_code(self) -> int:
        """What ``bp scan`` would exit with."""
        if self.report is None:
            return 2
        if self.fail_on == "never":
            return 0
        return int(any(gap.severity.rank <= Severity(self.fail_on).rank for gap in self.report.gaps))


def cases() -> list[Case]:
    """Every directory with an ``expected.yaml``."""
    return [Case(file.parent) for file in sorted(HOME.glob("*/*/expected.yaml"))]


def workspace_at(root: Path) -> Workspace:
    """The workspace of a directory."""
    place = os.path.realpath(root)
    repo = gitrepo.discover(place) if (root / ".git").exists() else None
    return Workspace(place, repo, place)


def commit(root: Path, day: str) -> None:
    """Make a repository of a directory, with one commit at noon of that day."""
    moment = f"{day}T12:00:00+00:00"
    hermetic = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_DATE": moment,
        "GIT_COMMITTER_DATE": moment,
    }
    env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")} | hermetic
    identity = ("-c", "user.name=Kit", "-c", "user.email=kit@example.com")
    for arguments in (("init", "-q", "-b", "main"), ("add", "-A"), (*identity, "commit", "-q", "-m", "all")):
        subprocess.run(["git", *arguments], cwd=root, env=env, check=True, capture_output=True)


def plain(value: Any) -> str:
    """A scalar as text: YAML reads dates."""
    return value.isoformat() if isinstance(value, date) else str(value)


def simple(value: Any) -> Any:
    """The same data with dates as text."""
    if isinstance(value, dict):
        return {key: simple(one) for key, one in value.items()}
    if isinstance(value, list):
        return [simple(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def written(said: Mapping[str, Any]) -> str:
    """The expectation as YAML."""
    lines: list[str] = []
    for key, value in said.items():
        if key == "gaps":
            lines.append("gaps:" if value else "gaps: []")
            for gap in value:
                items = [f"{name}: {_scalar(one)}" for name, one in gap.items()]
                lines += [f"  - {items[0]}", *(f"    {one}" for one in items[1:])]
        elif isinstance(value, dict):
            lines += [f"{key}:", *(f"  {name}: {_scalar(one)}" for name, one in value.items())]
        elif isinstance(value, list):
            lines += [f"{key}:" if value else f"{key}: []", *(f"  - {_scalar(one)}" for one in value)]
        else:
            lines.append(f"{key}: {_scalar(value)}")
    return "\n".join(lines) + "\n"


_BARE = re.compile(r"[A-Za-z_][\w/.>-]*")


def _scalar(value: Any) -> str:
    return (
        str(value) if isinstance(value, int) or _BARE.fullmatch(str(value)) else json.dumps(value, ensure_ascii=False)
    )


def _gap(gap: Gap, node: str) -> dict[str, Any]:
    said: dict[str, Any] = {"rule": gap.rule, "severity": str(gap.severity)}
    if gap.check:
        said["check"] = gap.check
    if gap.asset:
        said["asset"] = gap.asset
    if gap.location.path != f"{node}/{gap.asset or 'blueprint.yaml'}":
        said["path"] = gap.location.path
    if gap.location.line is not None:
        said["line"] = gap.location.line
    return said | {"message": gap.message}


def _only_node(base: Path) -> str:
    (found,) = base.glob("*/*/blueprint.yaml")
    return str(found.parent.relative_to(base))


@cache
def _base_files(base: Path) -> Mapping[str, bytes]:
    return _read(base / _only_node(base))


def _read(folder: Path) -> dict[str, bytes]:
    if not folder.is_dir():
        return {}
    return {str(one.relative_to(folder)): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}


def _write(file: Path, content: bytes) -> None:
    if not file.parent.is_dir():
        file.parent.mkdir(parents=True)
    file.write_bytes(content)


def _edited(what: str, text: str, edits: list[dict[str, str]]) -> str:
    for edit in edits:
        was, now = edit["was"], edit["now"]
        assert text.count(was) == 1, f"{what}: {was!r} stands there {text.count(was)} times"
        text = text.replace(was, now)
    return text


@cache
def judged(case: Case) -> Judged:
    """What the tool says of a case: judged once in a process, whoever asks."""
    with tempfile.TemporaryDirectory(prefix="case-") as root, listening() as heard:
        found = case.judge(Path(root))
    return replace(found, heard=frozenset(heard))
