"""The position of a top-level key, found in the text alone where only one position is possible.

Most often the position of a file's date is needed. Reading the file carefully for that takes half a millisecond; in a
portfolio that nobody has touched for months, that was nearly half of a scan.
"""

from __future__ import annotations

import re

from blueprint_cli.yamlfile.positions import Place

_VALUE = re.compile(r": +(?=[\w'\"])")


def find_key(text: str, name: str, *, key: bool) -> Place | None:
    """The place of a top-level value, or of its ``key``; None where only the careful reader can tell.

    ``text`` is one that the fast reader accepts, and ``name`` one of its keys. A name without spaces stands somewhere
    in one piece, unless an escape hides it: if it stands there once, that is the key.
    """
    at = text.find(name)
    if at < 0 or text.find(name, at + 1) > 0 or not name.isidentifier() or "\\" in text or "\r" in text:
        return None
    value = _VALUE.match(text, at + len(name))
    if value is None or text[at - 1 : at] not in ("", "\n"):
        return None
    return text.count("\n", 0, at) + 1, 1 if key else value.end() - at + 1
