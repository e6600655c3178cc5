"""Measures `bp`, other tools and a lower bound on the same files in one run: ``python -m benchmarks.run``.

Only ratios count. All of our own commands run in turn, some rounds before the other tools and some after them. Slow
tools run on a share of the engagements, and their figures are scaled; the table says which. ``--write`` puts the
tables into benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

from benchmarks import portfolio
from benchmarks.measure import Course, Figure, rounds, table
from benchmarks.peers import AJV, CHECK_JSONSCHEMA, LOOP, peers

README = Path(__file__).resolve().parent / "README.md"
AS_OF = ["--as-of", str(portfolio.AS_OF)]
BP = [sys.executable, "-m", "blueprint_cli"]
SCAN = "`bp scan`, one process"
TWO = "`bp scan`, two processes"
LARGE = "`bp scan`, ten times the engagements"
BESIDE = "`bp scan`, one process, just before and after that"
NEGLECTED = "`bp scan`, nine months later, when most is overdue"
LOWER_BOUND = "lower bound: reading and yaml-rs alone"
VERSION = "`bp --version`"
TYPER = "Python that imports typer"
LINT = "`bp lint`, one sound file"
CHANGE = "`bp diff`, one engagement changed"
_READ = """
import sys, pathlib
raw = [p.read_bytes() for p in sorted(pathlib.Path(sys.argv[2]).rglob("*.yaml"))]
if sys.argv[1] == "parse":
    import yaml_rs
    for content in raw:
        yaml_rs.loads(content.decode(), parse_datetime=False)
"""


def ours(whole: Path, large: Path | None) -> tuple[list[Course], list[Course]]:
    """Everything that `bp` does with the same files, and the lower bounds: what runs in rounds, and what runs once."""
    scan = [*BP, "scan", str(whole), *AS_OF]
    read = [sys.executable, "-c", _READ]
    first = min(whole.glob("*/*/blueprint.yaml")).parent
    changed, faulty = first / "engagement/touchpoint_log.yaml", first / "success/adoption_metrics.yaml"
    sound = whole / max(whole.glob("*/*/engagement/touchpoint_log.yaml"))
    changed.write_text(changed.read_text() + "# looked at\n")
    faulty.write_text(faulty.read_text().replace("metrics:", "metrixs:", 1))
    portfolio.record(whole, "a change")
    courses = [
        Course("lower bound: reading the bytes", [*read, "read", str(whole)]),
        Course(LOWER_BOUND, [*read, "parse", str(whole)]),
        Course(SCAN, [*scan, "--no-write", "-j1"]),
        Course(TWO, [*scan, "--no-write", "-j2"], note="peak of the largest process"),
        Course("`bp scan`, one engagement", [*BP, "scan", str(first), *AS_OF, "--no-write"]),
        Course(CHANGE, [*BP, "diff", "HEAD^", "HEAD", *AS_OF], whole, "two commits, as on a pull request"),
        Course(LINT, [*BP, "lint", str(sound.relative_to(whole))], whole),
        Course("`bp lint`, one faulty file", [*BP, "lint", str(faulty.relative_to(whole))], whole),
        Course(VERSION, [*BP, "--version"]),
        Course(TYPER, [sys.executable, "-c", "import typer"]),
    ]
    later = str(portfolio.AS_OF + timedelta(days=270))
    last = [
        Course(NEGLECTED, [*BP, "scan", str(whole), "--as-of", later, "--no-write", "-j1"]),
        Course("`bp scan`, reports written", [*scan, "-j1"]),
    ]
    if large is not None:
        beside = Course(BESIDE, [*scan, "--no-write", "-j1"])
        last = [beside, Course(LARGE, [*BP, "scan", str(large), *AS_OF, "--no-write", "-j1"]), beside, *last]
    return courses, last


def aims(figures: Mapping[str, Figure]) -> Iterator[tuple[str, str, float]]:
    """Each aim with its bound and the measured ratio."""

    def ratio(above: str, below: str, figure: str = "seconds") -> float:
        pair = [getattr(figures[name], figure) if name in figures else math.nan for name in (above, below)]
        return float(pair[0] / pair[1])

    yield (
        "a whole scan against check-jsonschema's validation alone",
        "at least 10 × faster",
        ratio(CHECK_JSONSCHEMA, SCAN),
    )
    yield "against ajv-cli's validation alone", "faster", ratio(AJV, SCAN)
    yield "against the plain loop", "at least 50 × faster", ratio(LOOP, SCAN)
    yield "against the lower bound, reading and yaml-rs alone", "at most 3 ×", ratio(SCAN, LOWER_BOUND)
    yield "two processes against one, in elapsed time", "at least 1.7 × faster", ratio(SCAN, TWO, "elapsed")
    yield "ten times the engagements", "10 × (± 15 %)", ratio(LARGE, BESIDE)
    yield "`bp --version` against Python that imports typer", "at most 1.5 ×", ratio(VERSION, TYPER)


def aimed(figures: Mapping[str, Figure]) -> str:
    """The aims as Markdown."""
    rows = ["| | aim | measured |", "|---|---|---:|"]
    for what, bound, value in aims(figures):
        rows.append(f"| {what} | {bound} | {'–' if math.isnan(value) else f'{value:.2f} ×'} |")
    return "\n".join(rows) + "\n"


def measured(scratch: Path, options: argparse.Namespace) -> dict[str, Figure]:
    """Generate the portfolios, run everything, and say what it took, by name."""
    whole, share = scratch / "whole", scratch / "share"
    portfolio.build(whole, options.nodes, healthy=0.9)
    large = scratch / "large" if options.large else None
    if large is not None:
        portfolio.build(large, 10 * options.nodes, healthy=0.9)
    for index, blueprint in enumerate(sorted(whole.glob("*/*/blueprint.yaml"))):
        if index % options.share == 0:
            shutil.copytree(blueprint.parent, share / blueprint.parent.relative_to(whole))
    courses, last = ours(whole, large)
    os.sync()  # or the disk would still be taking all this in while the first rounds run
    rounds(courses, options.rounds)
    others = [] if options.no_peers else list(peers(scratch, share, options.share))
    rounds(courses, options.rounds)
    rounds(last, 1)
    return {figure.name: figure for figure in (*(course.figure for course in (*courses, *last)), *others)}


def main() -> int:
    """Generate, measure, print, and write where options."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description="Measure bp against other tools.")
    parser.add_argument("--nodes", type=int, default=1000, help="engagements (default 1,000)")
    parser.add_argument(
        "--rounds", type=int, default=3, help="rounds before the other tools, and after them (default 3)"
    )
    parser.add_argument("--share", type=int, default=20, help="slow tools run on every n-th engagement (default 20)")
    parser.add_argument("--no-peers", action="store_true", help="only bp and the lower bounds")
    parser.add_argument(
        "--no-large", dest="large", action="store_false", help="skip the portfolio of ten times the size"
    )
    parser.add_argument("--write", action="store_true", help="write the tables into benchmarks/README.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bp-bench-") as name:
        figures = measured(Path(name), options)
    texts = {"table": table(figures, figures[SCAN]), "aims": aimed(figures)}
    for mark, text in texts.items():
        print(text)
        if options.write:
            before, begin, rest = README.read_text().partition(f"<!-- {mark} -->\n")
            _, end, after = rest.partition("<!-- end -->")
            README.write_text(before + begin + text + end + after)
    return 0


if __name__ == "__main__":
    sys.exit(main())
