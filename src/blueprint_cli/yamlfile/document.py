"""From bytes to a document: its data, what is wrong with it, and where everything is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from blueprint_cli.text import clip
from blueprint_cli.yamlfile import fast
from blueprint_cli.yamlfile.limits import DEFAULT, HARMLESS, Fault, Limits, Refused
from blueprint_cli.yamlfile.positions import Reading, find_key

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_LINE_BREAKS = "\x85\u2028\u2029"
_BREAK = re.compile(r"\r\n|\r|\n")
_BYTE_ORDER_MARK = "\ufeff"
_MARK_WITHIN = re.compile("^(?:---)?[ \t]*\ufeff", re.MULTILINE)
_ENCRYPTED = b"\0GITCRYPT\0"
_SAMPLE = 64
_LFS_POINTER = "version https://git-lfs.github.com/spec/"


@dataclass(slots=True, eq=False)
class Document:
    """One file, read. Callers must not change ``data`` and ``faults``."""

    raw: bytes
    _limits: Limits
    data: Any  # plain data (dict, list, str, int, float, bool, None); None where a fault hides it
    faults: tuple[Fault, ...]  # harmless ones, and the faults of one rule: that of the first cause
    _reading: Reading | None
    _lines: list[str] | None = None

    @property
    def ok(self) -> bool:
        """Whether the file is a mapping that can be validated."""
        return self.data is not None

    def locate(self, path: Sequence[str | int], *, key: bool = False) -> tuple[int, int]:
        """Line and column (code points from 1) of what ``path`` leads to.

        A scalar: where it starts; one that is empty, and any mapping or list under a key: its key. A list item:
        where it starts, after the dash. The whole document: its first key. A path that does not exist: the
        nearest ancestor that does. With ``key``, a value under a key, of whatever kind, is located at its key.
        The file is read carefully once, at the first call that needs it.
        """
        if self._reading is None and len(path) == 1 and path[0] in self.data:
            place = find_key(self.raw.decode(), str(path[0]), key=key)
            if place is not None:
                return place
        root = self._careful().root
        if root is not None:
            return root.find(path, key=key)
        return (self.faults[0].line, self.faults[0].column) if self.faults else (1, 1)

    def written(self, path: Sequence[str | int]) -> str | None:
        """The characters of the number or other plain value at ``path``: `007`; None for a text or a collection."""
        return self._careful().written.get(self.locate(path))

    def _careful(self) -> Reading:
        if self._reading is None:
            self._reading = read_carefully(self.raw, self._limits)
        return self._reading

    def position(self, path: Sequence[str | int]) -> str:
        """The place of what ``path`` leads to, as a line about the file has it: ``12:5``."""
        return "{}:{}".format(*self.locate(path))

    def line(self, number: int) -> str:
        """The text of a line, from 1, without its line break; empty beyond the end of the file."""
        if self._lines is None:
            text = self.raw[: self._limits.file_bytes].decode("utf-8-sig", "replace")
            self._lines = _BREAK.split(text)
        return self._lines[number - 1] if 0 < number <= len(self._lines) else ""


def read(raw: bytes, limits: Limits = DEFAULT) -> Document:
    """Read one file. Never raises: whatever is wrong with it is among the document's faults.

    Faults are of one rule, that of the first cause; beside it only harmless ones, which hide nothing.
    """
    if len(raw) <= limits.file_bytes:
        try:
            data = fast.accept(raw.decode(), limits)
        except UnicodeDecodeError:
            data = None
        if data is not None:
            return Document(raw, limits, data, (), None)
    reading = read_carefully(raw, limits)
    fatal = any(fault.rule not in HARMLESS for fault in reading.faults)
    root = None if fatal or reading.root is None else reading.root.data
    return Document(raw, limits, root if isinstance(root, dict) else None, tuple(reading.faults), reading)


def faults(raw: bytes, limits: Limits = DEFAULT) -> tuple[Fault, ...]:
    """What is wrong with YAML of any kind: a file of several documents, or one that is a list. Never raises."""
    try:
        if len(raw) <= limits.file_bytes and fast.accept(raw.decode(), limits) is not None:
            return ()
    except UnicodeDecodeError:
        pass
    return tuple(read_carefully(raw, limits, several=True).faults)


def read_carefully(raw: bytes, limits: Limits, *, several: bool = False) -> Reading:
    """What the careful reader makes of one file, which may have ``several`` documents. Never raises."""
    from blueprint_cli.yamlfile.careful import read_text

    marks: list[Fault] = []
    try:
        text = _decoded(raw, limits)
        if text.startswith(_BYTE_ORDER_MARK):
            text = text[1:]
            marks = [Fault("byte-order-mark", _MARKED, 1, 1)]
        _check_characters(text)
        reading = read_text(text, limits, several=several)
        if reading.root is not None and not fast.deep(text) and (fault := fast.forbidden_layout(text)):
            reading = Reading(None, [fault])
    except Refused as refused:
        reading = Reading(None, [refused.fault])
    found = [replace(fault, message=clip(fault.message, limits.message_length)) for fault in (*marks, *reading.faults)]
    return Reading(reading.root, found, reading.written)


def _decoded(raw: bytes, limits: Limits) -> str:
    if len(raw) > limits.file_bytes:
        raise Refused(
            "unsafe-yaml",
            f"the file has {len(raw):,} bytes, more than `limits.file_bytes` allows ({limits.file_bytes:,}): split it",
        )
    if raw.startswith(_ENCRYPTED):
        raise Refused("yaml-syntax", "the file is encrypted by git-crypt: run `git-crypt unlock`")
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or _is_utf_16(raw[:_SAMPLE]):
        raise Refused("yaml-syntax", "the file is encoded in UTF-16: save it as UTF-8")
    if raw[:1] == b"\0":
        raise Refused("yaml-syntax", _NO_TEXT)
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        if b"\0" in raw[:8000]:
            raise Refused("yaml-syntax", _NO_TEXT) from None
        from blueprint_cli.yamlfile.syntax_errors import position

        before = raw[: error.start].decode().removeprefix(_BYTE_ORDER_MARK)
        raise Refused(
            "yaml-syntax",
            f"not UTF-8: invalid byte 0x{raw[error.start]:02X} at offset {error.start}; save the file as UTF-8",
            position(before, len(before)),
        ) from None


def _is_utf_16(sample: bytes) -> bool:
    """Whether every other byte is zero, as in UTF-16 without a byte order mark."""
    return any(len(sample) > 1 and not any(sample[half::2]) and all(sample[1 - half :: 2]) for half in (0, 1))


def _check_characters(text: str) -> None:
    """Raises Refused for what is better refused before a parser sees it."""
    from blueprint_cli.yamlfile.syntax_errors import conflict_fault, position

    if text.startswith(_LFS_POINTER):
        raise Refused(
            "not-a-mapping",
            "this is a Git LFS pointer, not the file itself: run `git lfs pull`, or keep the file out of LFS",
        )
    if match := _FORBIDDEN.search(text):
        code, place = ord(match.group()), position(text, match.start())
        if match.group() in _LINE_BREAKS:
            raise Refused(
                "unsafe-yaml",
                f"invisible line break U+{code:04X}, which programs read differently: "
                "replace it with a space or a line break",
                place,
            )
        raise Refused("yaml-syntax", f"control character U+{code:04X}, which YAML does not allow: remove it", place)
    if _BYTE_ORDER_MARK in text and (match := _MARK_WITHIN.search(text)):
        raise Refused("yaml-syntax", _SECOND_MARK, position(text, match.end() - 1))
    if "<<<<<<<" in text and (fault := conflict_fault(text, opened=True)):
        raise Refused(fault.rule, fault.message, (fault.line, fault.column))


_NO_TEXT = "this is not a text: it holds zero bytes, as an encrypted or a compressed file does"
_SECOND_MARK = "a byte order mark (U+FEFF) within the file cannot be seen, and programs read it differently: remove it"
_MARKED = (
    "the file starts with a byte order mark, which some programs read as part of the first key: "
    "save it as UTF-8 without a byte order mark"
)
