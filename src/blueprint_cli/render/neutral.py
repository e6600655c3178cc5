r"""The one home of neutralising text: whatever comes from a customer's files is only ever shown.

Text from assets, names of people and paths may hold anything that a stranger typed. What could move
a cursor, hide, re-order what is read, or speak to a CI runner becomes a visible escape (``\x1b``,
``\u202e``), so that the reader sees that it was there. Applying a function twice changes nothing more.

Runner facts (actions/runner, ``ActionCommand``): ``##[command]`` counts anywhere in a line,
``::command::`` only after leading white space. Azure Pipelines and TeamCity read ``##name[``.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

_UNSEEN = (
    "\x00-\x1f\x7f-\x9f"  # C0, DEL and C1: ESC, NUL, line ends, one-byte CSI
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, joiners, fillers without a glyph
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0"  # zero width, bidi, separators
    "\ufff0-\ufffb\ufffe\uffff"  # interlinear marks; illegal in XML
    "\ud800-\udfff"  # lone surrogates: cannot be encoded
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"  # invisible controls, tags
)
_UNSEEN_CHAR = re.compile(f"[{_UNSEEN}]")
_COMMAND = re.compile(r"##(\w*)\[")
_COLON = re.compile(r"^(\s*):|(?<=\s):(?=:)")
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def visible(text: str) -> str:
    """One line of text that can be printed anywhere: nothing unseen, no workflow command.

    A colon that opens the text, or a double one after a space, is escaped too: it may come to stand at
    the beginning of a line, as when a YAML writer folds the text.
    """
    if not (text.isascii() and text.isprintable()):
        text = _UNSEEN_CHAR.sub(_escape, text)
    if "##" in text:
        text = _COMMAND.sub(r"##\1\\x5b", text)
    if ":" in text:
        text = _COLON.sub(r"\1\\x3a", text)
    return text


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    code = ord(char)
    return _SHORT.get(char) or (
        f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    )


def neutral_data(value: Any) -> Any:
    """Plain data with every string, keys included, made visible; what JSON has no word for becomes text."""
    if isinstance(value, str):
        return visible(str(value))
    if isinstance(value, dict):
        return {visible(str(key)): neutral_data(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [neutral_data(item) for item in value]
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if -1e308 < value < 1e308 else visible(str(value))
    return visible(str(value))


# Markdown -------------------------------------------------------------------------------------------

_MD_SPECIAL = re.compile(r"[\\`*\[\]<>&|~]|(?<![^\W_])_|_(?![^\W_])")
_MD_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
_MD_CODE = re.compile(r"`([^`]+)`")
_MD_LIVE = re.compile(r"[@#$!~%&^]\w|://|www\.|mailto:|xmpp:|\bGH-\d", re.IGNORECASE)
r"""What GitHub or GitLab bring to life by themselves: mentions, references, bare links, formulas.
A backslash does not stop them, a code span does."""


def markdown(text: str) -> str:
    """One line of Markdown that shows the text, also in a table cell. Text in backticks stays code."""
    parts = _MD_CODE.split(visible(text))
    return "".join(_code(part) if i % 2 else _prose(part) for i, part in enumerate(parts))


def markdown_code(text: str) -> str:
    """The text as a code span. Pipes are escaped visibly: parsers disagree on ``\\|`` within code."""
    return _code(visible(text))


def html_code(text: str) -> str:
    """The text for an HTML block within Markdown, as code, so that nothing in it comes to life."""
    return f"<code>{escape(visible(text))}</code>"


def _code(text: str) -> str:
    text = text.replace("`", r"\x60").replace("|", r"\x7c")
    return f"`{text}`" if text.strip() else "` `"


def _prose(text: str) -> str:
    words = re.split(r"(\s+)", text)
    return "".join(_code(word) if _MD_LIVE.search(word) else _MD_SPECIAL.sub(_md_escape, word) for word in words)


def _md_escape(match: re.Match[str]) -> str:
    return _MD_ENTITIES.get(match[0]) or "\\" + match[0]


# GitHub workflow commands ---------------------------------------------------------------------------


def command_data(text: str) -> str:
    """The message of a workflow command (actions/toolkit ``escapeData``)."""
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def command_property(text: str) -> str:
    """A property of a workflow command (actions/toolkit ``escapeProperty``)."""
    return command_data(text).replace(":", "%3A").replace(",", "%2C")


# JSON -----------------------------------------------------------------------------------------------


def json_text(dumped: str) -> str:
    r"""Compact JSON, escaped further without changing its values: nothing unseen, no ``##[`` as such."""
    if not (dumped.isascii() and dumped.isprintable()):
        dumped = _UNSEEN_CHAR.sub(_json_escape, dumped)
    return _COMMAND.sub(r"##\1\\u005b", dumped) if "##" in dumped else dumped


def _json_escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))
