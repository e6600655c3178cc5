"""Markdown assets: a text with optional YAML front matter between two lines of three dashes.

The front matter is the asset's data, which its schema and the predicates are about; positions count from the top of
the file. The text itself must only exist and be readable.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from blueprint_cli.config import Config
from blueprint_cli.engagement.node import AssetFile, judge_file
from blueprint_cli.files.tree import Unreadable
from blueprint_cli.predicates.scope import State
from blueprint_cli.schema import Defect, DefectKind, Validator
from blueprint_cli.yamlfile import Document, Limits, read

SUFFIX = ".md"
_FENCE = re.compile(r"---[ \t]*\r?\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)
_CONFLICT = tuple(re.compile(mark, re.MULTILINE) for mark in (r"^<{7} ", r"^={7}\r?$", r"^>{7} "))
"""Searched one after the other: a single pattern for all three takes quadratic time on a hostile text."""
_POINTER = "version https://git-lfs.github.com/spec/"


class Text(Document):
    """A text without data: the place of everything is its beginning."""

    __slots__ = ()

    def __init__(self, raw: bytes, limits: Limits, *, readable: bool = True) -> None:
        super().__init__(raw, limits, {} if readable else None, (), None)

    def locate(self, path: Sequence[str | int], *, key: bool = False) -> tuple[int, int]:  # noqa: ARG002 - as every document
        """The first character, for every path."""
        return 1, 1


def judge(path: str, raw: bytes | Unreadable, config: Config, validator: Validator | None) -> AssetFile:
    """A Markdown asset from its bytes; ``validator`` is that of its front matter."""
    limits, zone = config.limits, config.timezone
    if isinstance(raw, Unreadable):
        return judge_file(path, raw, None, None, zone)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return _refused(path, raw, limits, f"the file is not UTF-8 (line {line}): save it as UTF-8", "encoding")
    if text.startswith(_POINTER):
        return _refused(
            path, raw, limits, "this is a Git LFS pointer, not the file itself: run `git lfs pull`", "pointer"
        )
    if _conflict(text):
        return _refused(path, raw, limits, "the file has an unresolved merge conflict", "conflict")
    front, body = _split(text)
    if not (body.strip() or (front or "").strip()):
        return _refused(path, raw, limits, "the file is empty: expected a text", "empty")
    if front is None or not front.strip():
        return judge_file(path, raw, Text(raw, limits), validator, zone)
    # A line break in place of the opening dashes keeps the line numbers of the file.
    return judge_file(path, raw, read(("\n" + front).encode(), limits), validator, zone)


def _conflict(text: str) -> bool:
    """Whether the text has the three markers of an unresolved merge, in their order."""
    at = 0
    for marker in _CONFLICT:
        match = marker.search(text, at)
        if match is None:
            return False
        at = match.end()
    return True


def _split(text: str) -> tuple[str | None, str]:
    """The front matter, if any, and the body."""
    opening = _FENCE.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        return None, text
    return text[opening.end() : closing.start()], text[closing.end() :]


def _refused(path: str, raw: bytes, limits: Limits, message: str, identity: str) -> AssetFile:
    fault = Defect((), None, DefectKind.WRONG, message, identity)
    return AssetFile(path, State.BROKEN, Text(raw, limits, readable=False), defects=(fault,))
