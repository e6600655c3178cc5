"""GitLab code quality: a JSON array; equal fingerprints would collapse into one, so none are equal."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

from blueprint_cli.model import Gap, Report, Severity
from blueprint_cli.model.difference import Difference
from blueprint_cli.render.difference import as_report
from blueprint_cli.render.json import to_json
from blueprint_cli.render.neutral import visible
from blueprint_cli.render.options import RenderOptions
from blueprint_cli.render.phrases import gaps_of, next_step

_SEVERITY = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def report(report: Report, _options: RenderOptions) -> str:
    """All gaps, worst first. The rule stands in the description too: the merge request shows no other."""
    seen: Counter[str] = Counter()
    return to_json([_issue(gap, _unique(gap.fingerprint, seen)) for _, gap in gaps_of(report)])


def difference(difference: Difference, options: RenderOptions) -> str:
    """What a change is to blame for, as the issues of the engagements that were compared."""
    return report(as_report(difference), options)


def _issue(gap: Gap, fingerprint: str) -> dict[str, Any]:
    step = next_step(gap.playbook, gap.owner)
    return {
        "description": f"{visible(gap.rule)}: {visible(gap.message)}{f' {step}' if step else ''}",
        "check_name": visible(gap.rule),
        "fingerprint": fingerprint,
        "severity": _SEVERITY[gap.severity],
        "location": {
            "path": visible(gap.location.path).removeprefix("./"),
            "lines": {"begin": gap.location.line or 1},
        },
    }


def _unique(fingerprint: str, seen: Counter[str]) -> str:
    fingerprint = visible(fingerprint)
    seen[fingerprint] += 1
    number = seen[fingerprint]
    if fingerprint and number == 1:
        return fingerprint
    return hashlib.sha256(f"{fingerprint}:{number}".encode()).hexdigest()
