"""SARIF 2.1.0 as GitHub code scanning takes it: one run, rules with their manual, stable fingerprints."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from blueprint_cli import __version__
from blueprint_cli.model import Gap, Location, NodeReport, Report
from blueprint_cli.model.difference import Difference, NodeGap
from blueprint_cli.render.difference import blamed, deletion
from blueprint_cli.render.json import to_json
from blueprint_cli.render.neutral import neutral_data, visible
from blueprint_cli.render.options import RenderOptions
from blueprint_cli.render.phrases import gaps_of, next_step
from blueprint_cli.rulebook import RULES, manual
from blueprint_cli.text import clip, count

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MAX_RESULTS = 25_000
"""GitHub rejects a whole file that has more."""
MAX_DESCRIPTION = 1_024


def report(report: Report, options: RenderOptions) -> str:
    return _sarif(gaps_of(report), report.notes, options)


def difference(difference: Difference, options: RenderOptions) -> str:
    return _sarif(blamed(difference), [*difference.notes, *map(deletion, difference.deleted_nodes)], options)


def _sarif(gaps: Sequence[NodeGap], notes: Sequence[str], options: RenderOptions) -> str:
    shown = gaps[:MAX_RESULTS]
    if len(gaps) > len(shown):
        more = count(len(gaps) - len(shown), "further gap")
        notes = [*notes, f"{more} not listed here: a file holds {MAX_RESULTS}"]
    rules = sorted({_rule_id(gap) for _, gap in shown})
    index = {rule: number for number, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "blueprint-cli",
                "semanticVersion": __version__,
                "rules": [_rule(rule) for rule in rules],
            }
        },
        "automationDetails": {"id": f"bp/{options.run}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "note", "message": {"text": _sentence(note)}} for note in notes if note.strip()
                ],
            }
        ],
        "results": [_result(node, gap, index[_rule_id(gap)]) for node, gap in shown],
    }
    return to_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(rule: str) -> dict[str, Any]:
    known = RULES.get(rule)
    summary = clip(_sentence(known.summary if known else rule.replace("-", " ").capitalize()), MAX_DESCRIPTION)
    page = "\n".join(map(visible, manual.page(rule).split("\n"))).strip() if known else summary
    return {
        "id": rule,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": summary},
        "help": {"text": page, "markdown": page},
        "properties": {"precision": "very-high", "tags": ["blueprint"]},
    }


def _result(node: NodeReport, gap: Gap, rule_index: int) -> dict[str, Any]:
    step = next_step(gap.playbook, gap.owner)
    return {
        "ruleId": _rule_id(gap),
        "ruleIndex": rule_index,
        "level": str(gap.severity),
        "message": {"text": _sentence(gap.message or gap.rule) + (f" {_unlinked(step)}" if step else "")},
        "locations": [{"physicalLocation": _physical(gap.location)}],
        "partialFingerprints": {"primaryLocationLineHash": _fingerprint(node, gap)},
        "properties": {
            key: value
            for key, value in neutral_data(
                {
                    "node": node.name,
                    "check": gap.check,
                    "asset": gap.asset,
                    "referenceBlueprint": gap.reference_blueprint,
                    "playbook": gap.playbook and gap.playbook.id,
                    "since": gap.since,
                    "due": gap.due,
                }
            ).items()
            if value
        },
    }


def _rule_id(gap: Gap) -> str:
    return clip(visible(gap.rule), 255) or "unnamed"


def _sentence(text: str) -> str:
    text = _unlinked(visible(text))
    return text if text.endswith((".", "!", "?", "…")) else text + "."


def _unlinked(text: str) -> str:
    """``[text](target)`` is a link in a SARIF message; a customer's text makes none."""
    return text.replace("](", "] (")


def _physical(at: Location) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": relative_uri(at.path)}}
    if at.line is not None:
        line, column = max(at.line, 1), max(at.column or 1, 1)
        place["region"] = {"startLine": line, "startColumn": column, "endLine": line}
        if at.column is not None:
            place["region"]["endColumn"] = column + 1  # exclusive: the one character at which the gap begins
    return place


def relative_uri(path: str) -> str:
    """A path from the repository root as a percent-encoded relative URI that cannot leave the root."""
    parts = [part for part in path.split("/") if part not in ("", ".", "..")]
    return "/".join(quote(_bytes(part), safe="") for part in parts) or "."


def _bytes(name: str) -> bytes:
    try:
        return name.encode("utf-8", "surrogateescape")  # a name that Git gave as bytes
    except UnicodeEncodeError:
        return name.encode("utf-8", "replace")


def _fingerprint(node: NodeReport, gap: Gap) -> str:
    if gap.fingerprint.strip():
        return visible(gap.fingerprint)
    known = "\0".join([gap.rule, node.name, gap.check or "", gap.asset or gap.location.path])
    return hashlib.sha256(known.encode("utf-8", "surrogatepass")).hexdigest()
