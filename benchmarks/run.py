"""Measures `bp` against its peers and its floor, on the same files in one run: ``python -m benchmarks.run``.

Every figure is the processor time (user and system) of whole processes and their children, as the operating system
accounts it: on a shared machine the clock on the wall says more of the neighbours. Ratios are what counts. Slow
peers see a share of the engagements and are scaled; the table says which. A peer that cannot be installed is said
to be missing, never guessed. ``--write`` puts the table into benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCHEMAS = ROOT / "schemas"
AS_OF = ["--as-of", "2026-03-02"]
FLOOR = """
import sys, pathlib
raw = [p.read_bytes() for p in sorted(pathlib.Path(sys.argv[2]).rglob("*.yaml"))]
if sys.argv[1] == "ryaml":
    import ryaml
    for one in raw:
        ryaml.loads(one.decode())
"""
LOOP = """
import sys, json, pathlib
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
schemas = {p.name.removesuffix(".json"): Draft202012Validator(json.loads(p.read_text()))
           for p in pathlib.Path(sys.argv[1]).glob("*.json")}
for path in sorted(pathlib.Path(sys.argv[2]).rglob("*.yaml")):
    data = YAML().load(path)
    if path.stem in schemas:
        list(schemas[path.stem].iter_errors(data))
"""


@dataclass(frozen=True)
class Figure:
    """Processor seconds, and the largest resident size of one process in MB."""

    name: str
    seconds: float
    peak: float
    note: str = ""


def measured(
    name: str, command: Sequence[str], runs: int = 1, scale: float = 1, note: str = "", **more: object
) -> Figure:
    """The median of some runs of a command, scaled; its output is thrown away, its exit code is its own matter."""
    seconds, peaks = [], []
    for _ in range(runs):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)  # type: ignore[call-overload]
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            return Figure(name, float("nan"), 0, f"did not run: exit {process.returncode}")
        seconds.append(usage.ru_utime + usage.ru_stime)
        peaks.append(usage.ru_maxrss / 1024)
    return Figure(name, statistics.median(seconds) * scale, max(peaks), note)


def portfolio(directory: Path, nodes: int) -> Path:
    """A portfolio in a repository of its own."""
    command = [sys.executable, "-m", "benchmarks.portfolio", str(directory), "--nodes", str(nodes)]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return directory


def bundled(directory: Path) -> Path:
    """Our schemas as other validators take them: one file each, without addresses and references between files."""
    directory.mkdir()
    shared = json.loads((SCHEMAS / "asset.schema.json").read_text())["$defs"]
    text = json.dumps({f"asset.{name}": one for name, one in shared.items()})
    shared = json.loads(text.replace('"#/$defs/', '"#/$defs/asset.'))
    for path in SCHEMAS.glob("C*/*.schema.json"):
        own = path.read_text().replace('"../asset.schema.json#/$defs/', '"#/$defs/asset.')
        schema = json.loads(own)
        schema.pop("$id")
        schema.setdefault("$defs", {}).update(shared)
        (directory / path.name.replace(".schema", "")).write_text(json.dumps(schema))
    return directory


def python_peers(directory: Path) -> Path | None:
    """A virtual environment with the peers from PyPI; None where they cannot be had."""
    subprocess.run([sys.executable, "-m", "venv", str(directory)], check=True)
    asked = [str(directory / "bin/pip"), "install", "-q", "check-jsonschema", "yamllint", "jsonschema", "ruamel.yaml"]
    return directory / "bin" if subprocess.run(asked, capture_output=True).returncode == 0 else None


def node_peers(directory: Path) -> Path | None:
    """ajv-cli from npm; None where it cannot be had."""
    directory.mkdir()
    if shutil.which("npm") is None:
        return None
    asked = ["npm", "install", "--silent", "--no-audit", "--no-fund", "ajv-cli@5", "ajv-formats@2"]
    done = subprocess.run(asked, cwd=directory, capture_output=True).returncode == 0
    return directory / "node_modules/.bin/ajv" if done else None


def by_schema(schemas: Path, nodes: Path) -> dict[Path, list[str]]:
    """The files that each schema speaks of."""
    found: dict[Path, list[str]] = {schema: [] for schema in sorted(schemas.glob("*.json"))}
    for path in sorted(nodes.rglob("*.yaml")):
        schema = schemas / f"{path.stem}.json"
        if schema in found:
            found[schema].append(str(path))
    return found


def scaled(name: str, pairs: Sequence[tuple[Figure, Figure, int]], scale: float, note: str) -> Figure:
    """One figure of a call for each schema: what a call costs for one file counts once, each further file is scaled."""
    broken = next((one for pair in pairs for one in pair[:2] if one.seconds != one.seconds), None)
    if broken is not None:
        return Figure(name, float("nan"), 0, broken.note)
    seconds = 0.0
    for first, every, count in pairs:
        further = (every.seconds - first.seconds) / (count - 1) if count > 1 else 0.0
        seconds += first.seconds + max(0.0, further) * (count * scale - 1)
    return Figure(name, seconds, max(every.peak for _, every, _ in pairs), note)


def peers(scratch: Path, share: Path, scale: float) -> list[Figure]:
    """What others take for the same files; they only validate, or only lint."""
    schemas, figures = bundled(scratch / "schemas"), []
    files = by_schema(schemas, share)
    note = f"on every {scale:g}th engagement, scaled; one call for each schema"
    tools = python_peers(scratch / "python")
    if tools is None:
        figures.append(Figure("check-jsonschema, yamllint, plain loop", float("nan"), 0, "not installed"))
    else:
        check = [str(tools / "check-jsonschema"), "--schemafile"]
        runs = [(_one([*check, str(s), f[0]]), _one([*check, str(s), *f]), len(f)) for s, f in files.items() if f]
        figures.append(scaled("check-jsonschema, our schemas", runs, scale, note))
        loop = [str(tools / "python"), "-c", LOOP, str(schemas), str(share)]
        figures.append(measured("plain loop: ruamel.yaml + jsonschema", loop, scale=scale, note="scaled"))
        lint = [str(tools / "yamllint"), "-d", "relaxed", str(share)]
        figures.append(measured("yamllint", lint, scale=scale, note="scaled"))
    ajv = node_peers(scratch / "node")
    if ajv is None:
        figures.append(Figure("ajv-cli", float("nan"), 0, "not installed"))
        return figures
    options = ["--spec=draft2020", "--strict=false", "--errors=no"]
    runs = []
    for schema, paths in files.items():
        call = [str(ajv), "validate", *options, "-s", str(schema)]
        data = [word for path in paths for word in ("-d", path)]
        if paths:
            runs.append((_one([*call, *data[:2]]), _one([*call, *data]), len(paths)))
    figures.append(scaled("ajv-cli, our schemas", runs, scale, note))
    return figures


def _one(command: Sequence[str]) -> Figure:
    return measured(command[0], command)


def ours(directory: Path, small: Path, runs: int) -> list[Figure]:
    """`bp` itself: everything that it does for the same files."""
    bp = [sys.executable, "-m", "blueprint_cli"]
    scan = [*bp, "scan", str(directory), *AS_OF]
    node = next(directory.glob("*/*/blueprint.yaml")).parent
    log = node / "engagement/touchpoint_log.yaml"
    figures = [
        measured("bp scan, one process", [*scan, "--no-write", "-j1"], runs),
        measured(
            "bp scan, two processes (sum)", [*scan, "--no-write", "-j2"], runs, note="peak of the largest process"
        ),
        measured("bp scan, a tenth of the engagements", [*bp, "scan", str(small), *AS_OF, "--no-write", "-j1"], runs),
        measured("bp scan, one engagement", [*bp, "scan", str(node), *AS_OF, "--no-write"], runs),
        measured("bp lint, one file", [*bp, "lint", str(log.relative_to(directory))], runs, cwd=directory),
    ]
    log.write_text(log.read_text() + "# looked at\n")
    figures.append(measured("bp diff, one engagement changed", [*bp, "diff", "HEAD", *AS_OF], runs, cwd=directory))
    subprocess.run(["git", "-C", str(directory), "checkout", "-q", "--", "."], check=True)
    figures.append(measured("bp scan, reports written", [*scan, "-j1"], 1))
    return figures


def table(figures: Sequence[Figure]) -> str:
    """The figures as Markdown; every ratio is against `bp scan` in one process."""
    base = next(one for one in figures if one.name == "bp scan, one process").seconds
    rows = ["| | CPU s | against `bp scan` | peak MB | |", "|---|---:|---:|---:|---|"]
    for one in figures:
        if one.seconds != one.seconds:
            rows.append(f"| {one.name} | – | – | – | {one.note} |")
        else:
            rows.append(
                f"| {one.name} | {one.seconds:.2f} | {one.seconds / base:.2f} × | {one.peak:.0f} | {one.note} |"
            )
    return "\n".join(rows) + "\n"


def main() -> int:
    """Generate, measure, print, and write where asked."""
    parser = argparse.ArgumentParser(description="Measure bp against its peers.")
    parser.add_argument("--nodes", type=int, default=1000, help="engagements (default 1,000)")
    parser.add_argument("--runs", type=int, default=3, help="runs of each of our own commands (default 3)")
    parser.add_argument("--share", type=int, default=20, help="slow peers see every n-th engagement (default 20)")
    parser.add_argument("--no-peers", action="store_true", help="only bp and the floors")
    parser.add_argument("--write", action="store_true", help="write the table into benchmarks/README.md")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bp-bench-") as name:
        scratch = Path(name)
        whole = portfolio(scratch / "whole", asked.nodes)
        small = portfolio(scratch / "small", max(10, asked.nodes // 10))
        share = scratch / "share"
        for index, blueprint in enumerate(sorted(whole.glob("*/*/blueprint.yaml"))):
            if index % asked.share == 0:
                shutil.copytree(blueprint.parent, share / blueprint.parent.relative_to(whole))
        floor = [sys.executable, "-c", FLOOR]
        figures = [
            measured("floor: reading the bytes", [*floor, "read", str(whole)], asked.runs),
            measured("floor: reading and ryaml alone", [*floor, "ryaml", str(whole)], asked.runs),
            *ours(whole, small, asked.runs),
            *([] if asked.no_peers else peers(scratch, share, asked.share)),
        ]
    text = table(figures)
    print(text)
    if asked.write:
        readme = ROOT / "benchmarks/README.md"
        marked = re.sub(r"(?s)(<!-- table -->\n).*?(<!-- end -->)", lambda m: m[1] + text + m[2], readme.read_text())
        readme.write_text(marked)
    return 0


if __name__ == "__main__":
    sys.exit(main())
