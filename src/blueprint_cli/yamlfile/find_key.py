"""Where a key of the first level stands, told from the text alone where it cannot stand anywhere else.

What is asked for most often is where a file says how old it is. To read it carefully for that takes half a
millisecond; in a portfolio that nobody has touched for months, that was nearly half of a scan.
"""

from __future__ import annotations

import re

from blueprint_cli.yamlfile.positions import Place

_VALUE = re.compile(r": +(?=[\w'\"])")


def glance(text: str, name: str, *, key: bool) -> Place | None:
    """The place of a value of the first level, or of its ``key``; None where only the careful reader can tell.

    ``text`` is one that the fast reader accepts, and ``name`` one of its keys. A name without blanks stands somewhere
    in one piece, unless an escape hides it: if it stands there once, that is the key.
    """
    at = text.find(name)
    if at < 0 or text.find(name, at + 1) > 0 or not name.isidentifier() or "\\" in text or "\r" in text:
        return None
    value = _VALUE.match(text, at + len(name))
    if value is None or text[at - 1 : at] not in ("", "\n"):
        return None
    return text.count("\n", 0, at) + 1, 1 if key else value.end() - at + 1
