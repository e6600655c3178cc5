"""A report for public logs: the same gaps at the same places, without names and without free text.

What becomes a hash (``h`` and eight hex digits of the SHA-256, the same for the same name everywhere, so
that two reports can be compared): realm and node names, persons, e-mail addresses, whatever a message
quotes in backticks, and each part of a path that is not part of an asset's catalog name; a file keeps its
extension. Reasons and approvers of waivers are hashed, source lines left out. What looks like a person or
an identifier (``dana.reyes``, ``EXP-02``) is hashed outside of backticks too; but a message is only safe if
it quotes what it took from an asset.
What stays: rules, checks, playbooks, roles, dates, numbers, tracks, fingerprints, and the catalog's words.

A hash hides a name from readers, not from someone who tries likely names: pseudonyms, not anonymity.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from blueprint_cli.model import Gap, Location, NodeReport, Owner, Report, Threshold

_QUOTED = re.compile(r"`([^`]*)(?:`|$)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*")
_LIKE_A_NAME = re.compile(
    r"(?<![\w./-])(?:[A-Za-z]\w*(?:\.\w+)+(?<!\.yaml)(?<!\.yml)(?<!\.md)(?<!\.json)|[A-Z]+-\d+)(?![\w/])"
)
"""``dana.reyes`` and ``EXP-02``: a second net below the rule that messages quote what assets say."""
_PATH = re.compile(r"(?<![\w./-])[\w.-]+(?:/[\w.-]+)+")
"""``ACME/IMPLEMENTATION``: beside a report nobody knows which names there are."""
_OWN_FILES = {"blueprint.yaml", "gap_report.yaml", "bp.yaml", "reference_blueprints", "schemas", "tracks"}
_WAIVER_FACTS = ("check", "asset", "reference_blueprint", "expires", "approved_on")


def redacted(report: Report) -> Report:
    """The same report under pseudonyms."""
    words = _Pseudonyms(name for node in report.nodes for name in (node.realm, node.node))
    return replace(
        report,
        nodes=tuple(_node(node) for node in report.nodes),
        notes=tuple(words.text(note) for note in report.notes),
    )


def discreet(message: str) -> str:
    """What is said beside a report, without paths and without anything that it quotes."""
    words = _Pseudonyms(())
    return _PATH.sub(lambda match: words.path(match[0]), words.text(message))


def pseudonym(name: str) -> str:
    """The hash that stands for a name."""
    return "h" + hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]


class _Pseudonyms:
    """Hides the given names wherever they stand."""

    def __init__(self, names: Iterable[str], assets: Iterable[str | None] = ()) -> None:
        known = sorted({name for name in names if name}, key=lambda name: (-len(name), name))
        self._names = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)") if known else None
        self._words = {word for name in known for word in _words(name)}
        self._kept = _OWN_FILES | {part for asset in assets if asset for part in asset.split("/")}

    def text(self, text: str) -> str:
        text = _QUOTED.sub(lambda match: f"`{pseudonym(match[1])}`", text)
        text = _EMAIL.sub(lambda match: pseudonym(match[0]), text)
        text = _LIKE_A_NAME.sub(lambda match: pseudonym(match[0]), text)
        return self.names(text)

    def names(self, text: str) -> str:
        return text if self._names is None else self._names.sub(lambda match: pseudonym(match[0]), text)

    def path(self, path: str) -> str:
        return "/".join(self._part(part) for part in path.split("/"))

    def _part(self, part: str) -> str:
        if part in self._kept and not self._words & set(_words(part)):
            return part
        suffix = PurePosixPath(part).suffix
        plain_suffix = suffix if suffix.lower() in {".yaml", ".yml", ".md", ".json"} else ""
        return pseudonym(part) + plain_suffix

    def maybe_path(self, path: str | None) -> str | None:
        return None if path is None else self.path(path)


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[\W_]+", name.casefold()) if len(word) > 2]


def _node(node: NodeReport) -> NodeReport:
    owners = [gap.owner for gap in node.gaps] + [item.owner for item in node.upcoming]
    persons = [owner.person for owner in owners if owner is not None and owner.person]
    assets = [gap.asset for gap in node.gaps] + [item.asset for item in node.upcoming]
    assets += [line.asset for line in node.assets]
    words = _Pseudonyms([node.realm, node.node, *persons], assets)
    return replace(
        node,
        realm=pseudonym(node.realm),
        node=pseudonym(node.node),
        path=words.path(node.path),
        report_path=words.maybe_path(node.report_path),
        reason=None if node.reason is None else words.text(node.reason),
        gaps=tuple(_gap(gap, words) for gap in node.gaps),
        upcoming=tuple(
            replace(
                item,
                message=words.text(item.message),
                asset=words.maybe_path(item.asset),
                owner=_owner(item.owner),
            )
            for item in node.upcoming
        ),
        signals=tuple(replace(item, message=words.text(item.message)) for item in node.signals),
        handoffs=tuple(
            replace(item, message=words.text(item.message), trigger=words.text(item.trigger)) for item in node.handoffs
        ),
        recommendations=tuple(replace(item, reason=words.text(item.reason)) for item in node.recommendations),
        checks=tuple(replace(line, reason=words.text(line.reason)) for line in node.checks),
        cadences=tuple(replace(line, reason=words.text(line.reason)) for line in node.cadences),
        assets=tuple(
            replace(line, asset=words.path(line.asset), path=words.maybe_path(line.path)) for line in node.assets
        ),
        waivers=tuple(_waiver(waiver, words) for waiver in node.waivers),
    )


def _gap(gap: Gap, words: _Pseudonyms) -> Gap:
    at = gap.location
    return replace(
        gap,
        message=words.text(gap.message),
        location=Location(words.path(at.path), at.line, at.column),
        asset=words.maybe_path(gap.asset),
        threshold=_threshold(gap.threshold, words),
        owner=_owner(gap.owner),
    )


def _threshold(threshold: Threshold | None, words: _Pseudonyms) -> Threshold | None:
    return threshold and Threshold(words.names(threshold.value), words.names(threshold.source))


def _owner(owner: Owner | None) -> Owner | None:
    if owner is None or owner.person is None:
        return owner
    return Owner(owner.role, pseudonym(owner.person))


def _waiver(waiver: dict[str, Any], words: _Pseudonyms) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for key, value in waiver.items():
        if key in ("reason", "approved_by"):
            shown[key] = pseudonym(str(value))
        elif key == "asset" and value is not None:
            shown[key] = words.path(str(value))
        elif key in _WAIVER_FACTS:
            shown[key] = value
    return shown
