"""Prints the score of the tool: ``python -m tests.acceptance.report [--quick] [--statuses] [NAME…]``.

NAME selects cases whose name contains it; ``--ambiguous`` shows the open readings as well.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict

from tests.acceptance.kit import Case, Verdict, judge
from tests.acceptance.runner import scan_all
from tests.acceptance.table import all_cases, selected


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")


def main(arguments: list[str]) -> int:
    flags = {a for a in arguments if a.startswith("--")}
    names = [a for a in arguments if not a.startswith("--")]
    cases = selected(every="--quick" not in flags)
    if names:
        cases = [c for c in cases if any(n in c.name for n in names)]
    start = time.perf_counter()
    reports, runs = scan_all(cases)
    seconds = time.perf_counter() - start
    for run in runs:
        for error in run.errors:
            say(f"CRASH {error}")
    for realm, node in sorted(set(reports) - {case.key for case in all_cases()}):
        say(f"NO NODE {realm}/{node} is reported, and is none")
    verdicts = [(case, judge(case, reports.get(case.key))) for case in cases]
    firm = [(c, v) for c, v in verdicts if not c.ambiguous]
    summary(firm, seconds)
    by_rule: dict[str, list[str]] = defaultdict(list)
    for case, verdict in verdicts if "--ambiguous" in flags else firm:
        wrong = verdict.lines() if "--statuses" in flags else verdict.lines()[: len(gap_lines(verdict))]
        if wrong:
            by_rule[rule_of(verdict)].append("\n".join([case.name, *wrong]))
    for rule, texts in sorted(by_rule.items(), key=lambda pair: -len(pair[1])):
        say(f"\n== {rule}: {len(texts)}")
        for text in texts:
            say(text)
    others = [(c, v) for c, v in firm if v.other and v.gaps_ok]
    if others and "--statuses" not in flags:
        say(f"\n{len(others)} cases with right gaps but other statuses, signals or handoffs: see --statuses")
    open_readings = [c for c, v in verdicts if c.ambiguous and not v.ok]
    if open_readings:
        say(f"\nopen readings that the tool takes otherwise: {', '.join(c.name for c in open_readings)}")
    return 0 if all(v.ok for _, v in firm) else 1


def gap_lines(verdict: Verdict) -> list[str]:
    return [*verdict.missed, *verdict.false, *verdict.misplaced, *verdict.absent]


def rule_of(verdict: Verdict) -> str:
    if verdict.absent:
        return "absent"
    lines = verdict.missed or verdict.false or verdict.misplaced or ["status"]
    return lines[0].split()[0]


def summary(firm: list[tuple[Case, Verdict]], seconds: float) -> None:
    judged = [(c, v) for c, v in firm if c.judge_gaps]
    planted = sum(len(c.expected[0]) for c, _ in judged)
    missed = sum(len(v.missed) for _, v in judged)
    false = sum(len(v.false) for _, v in judged)
    absent = sum(len(v.absent) for _, v in judged)
    misplaced = sum(1 for _, v in judged if v.misplaced)
    clean = [(c, v) for c, v in judged if not c.expected[0]]
    say(
        f"cases {sum(v.ok for _, v in firm)}/{len(firm)} right · found {planted - missed}/{planted} · "
        f"false {false} · absent nodes {absent} · misplaced in {misplaced} · "
        f"clean {sum(v.gaps_ok for _, v in clean)}/{len(clean)} · {seconds:.0f} s"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
