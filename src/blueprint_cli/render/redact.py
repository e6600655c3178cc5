"""A report for public logs: the same gaps at the same places, without names and without free text.

What becomes a hash (``h`` and eight hex digits, the same for the same name everywhere in a run): realm and node names,
persons, e-mail addresses, whatever a message quotes in backticks, and each part of a path that is not part of an
asset's catalog name; a file keeps its extension. Reasons and approvers of waivers are hashed; source lines and the
customers' own health scores are left out. What looks like a person or an identifier (``dana.reyes``, ``EXP-02``) is
hashed outside of backticks too; but a message is only safe if it quotes what it took from an asset.
What stays: rules, checks, playbooks, roles, dates, numbers, tracks, and the catalog's words.

The hashes have a key, so that nobody finds a name by trying likely ones: a random one for each run, or that of
BP_REDACT_KEY, with which two reports can be compared. Fingerprints are hashed with it too: all that they are made of
but the names is public. Pseudonyms are not anonymity: how often somebody appears, and where, still shows.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from blueprint_cli.model import SHARED, Gap, NodeReport, Report, Subject, Unexamined
from blueprint_cli.model.difference import Difference, NodeGap
from blueprint_cli.model.fields import Text
from blueprint_cli.report.data import mapped, texts

KEY = "BP_REDACT_KEY"
_QUOTED = re.compile(r"`([^`]*)(?:`|$)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*")
_LIKE_A_NAME = re.compile(
    r"(?<![\w./-])(?:[A-Za-z]\w*(?:\.\w+)+(?<!\.yaml)(?<!\.yml)(?<!\.md)(?<!\.json)|[A-Z]+-\d+)(?![\w/])"
)
"""``dana.reyes`` and ``EXP-02``: a second net below the rule that messages quote what they take from assets."""
_PATH = re.compile(r"(?<![\w./-])[\w.-]+(?:/[\w.-]+)+")
"""``ACME/IMPLEMENTATION``: beside a report nobody knows which names there are."""
_OWN_FILES = {"blueprint.yaml", "gap_report.yaml", "bp.yaml", "reference_blueprints", "schemas", "tracks"}
_NAMES = frozenset({Text.NAME, Text.PERSON})
_ASSETS = frozenset({Text.ASSET})


def redacted(value: Any) -> Any:
    """The same report or difference under pseudonyms."""
    return _report(value) if isinstance(value, Report) else _difference(value)


def _report(report: Report) -> Report:
    return replace(
        report,
        nodes=tuple(map(_node, report.nodes)),
        notes=_notes(report.notes, report.nodes),
        unexamined=_hidden(report.unexamined),
    )


def _hidden(unexamined: Iterable[Unexamined]) -> tuple[Unexamined, ...]:
    words = _Pseudonyms(())
    return tuple(mapped(item, {Text.PATH: words.path}) for item in unexamined)


def _notes(notes: Iterable[str], nodes: Iterable[NodeReport]) -> tuple[str, ...]:
    words = _Pseudonyms(name for node in nodes for name in (node.realm, node.node))
    return tuple(map(words.text, notes))


def _difference(difference: Difference) -> Difference:
    lists = difference.lists
    hidden: dict[str, Any] = {name: _entries(entries) for name, entries in lists.items()}
    named = [*difference.nodes, *(node for name in lists if name != "unchanged" for node, _ in lists[name])]
    return replace(
        difference,
        **hidden,
        deleted_nodes=tuple(map(_node, difference.deleted_nodes)),
        nodes=tuple(map(_node, difference.nodes)),
        notes=_notes(difference.notes, {node.name: node for node in named}.values()),
    )


def _entries(entries: Iterable[NodeGap]) -> tuple[NodeGap, ...]:
    """Each engagement is hidden once, with all its gaps: a report with a thousand of them is not hidden a thousand
    times."""
    together: dict[int, tuple[NodeReport, list[Gap]]] = {}
    for node, gap in entries:
        together.setdefault(id(node), (node, []))[1].append(gap)
    hidden = {key: _node(replace(node, gaps=tuple(gaps))) for key, (node, gaps) in together.items()}
    gaps = {key: iter(node.gaps) for key, node in hidden.items()}
    return tuple(
        entry if entry.node.subject is Subject.POLICY else NodeGap(hidden[id(entry.node)], next(gaps[id(entry.node)]))
        for entry in entries
    )


def discreet(message: str) -> str:
    """A remark beside a report, without paths and without anything that it quotes."""
    words = _Pseudonyms(())
    return _PATH.sub(lambda match: words.path(match[0]), words.text(message))


def pseudonym(name: str) -> str:
    """The hash that stands for a name."""
    return "h" + _keyed(name, 4)


def _people(names: str) -> str:
    """The hashes of those who share a role."""
    return SHARED.join(map(pseudonym, names.split(SHARED)))


def _fingerprint(plain: str) -> str:
    """The hash that stands for a fingerprint; there may be none."""
    return _keyed(plain, 8) if plain else plain


def _keyed(text: str, size: int) -> str:
    """A hash of so many bytes that only the key can make."""
    given = os.environ.get(KEY)
    key = hashlib.sha256(os.fsencode(given)).digest() if given else _random()
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=key, digest_size=size).hexdigest()


@cache
def _random() -> bytes:
    return secrets.token_bytes(32)


class _Pseudonyms:
    """Hides the given names wherever they stand."""

    def __init__(self, names: Iterable[str], assets: Iterable[str] = ()) -> None:
        known = sorted({name for name in names if name}, key=lambda name: (-len(name), name))
        self._names = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)") if known else None
        self._words = {word for name in known for word in _words(name)}
        self._kept = _OWN_FILES | {part for asset in assets for part in asset.split("/")}

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
        kept = suffix if suffix.lower() in {".yaml", ".yml", ".md", ".json"} else ""
        return pseudonym(part) + kept


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[\W_]+", name.casefold()) if len(word) > 2]


def _node(node: NodeReport) -> NodeReport:
    names = list(texts(node, _NAMES))
    people = [person for name in names for person in name.split(SHARED)]
    words = _Pseudonyms([*names, *people], texts(node, _ASSETS))
    return mapped(
        replace(node, customer_health=None),
        {
            Text.NAME: pseudonym,
            Text.PERSON: _people,
            Text.REMARK: pseudonym,
            Text.FINGERPRINT: _fingerprint,
            Text.ASSET: words.path,
            Text.PATH: words.path,
            Text.MESSAGE: words.text,
            Text.LIMIT: words.names,
        },
    )
