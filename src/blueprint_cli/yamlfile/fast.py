"""The fast reader: accepts what is plainly fine, and is silent about everything else.

It may only accept what the careful reader accepts with the same value; a differential test holds it to that.
Where the two could differ, this one declines, and the careful one decides. Walking through the data afterwards,
the only exact way to see its keys and numbers, costs a fifth of what the parser does.
"""

from __future__ import annotations

import re
from typing import Any

import ryaml

from blueprint_cli.yamlfile.limits import Limits
from blueprint_cli.yamlfile.scalars import LARGEST

_MOST_BRACKETS = 3_000
"""The native parser's time grows with the square of the brackets that are open: this many cost 0.1 s."""

# What may not stand before the first character of a value; a colon may, in {"key":value}, and a question mark,
# in [?key]. Each pattern starts with its own character, which is found at the speed of memory.
_WITHIN = r"[^\s,\[\]{}:?]"
_TAG = re.compile(rf"!(?<!{_WITHIN}!)[!<]")
_ANCHOR = re.compile(rf"&(?<!{_WITHIN}&)[0-9A-Za-z_-]")
_ALIAS = re.compile(rf"\*(?<!{_WITHIN}\*)[0-9A-Za-z_-]")
_DIRECTIVE = re.compile(r"%(?<![^\r\n]%)")
_NUMBER = r"[-+]?0(?:[0-9]+|o[0-7]+|x[0-9a-fA-F]+|b[01]+)"
_ZERO_FIRST = re.compile(_NUMBER, re.ASCII)
"""What is a number to the careful reader and text to the native one: ``010``, or 129 bits of ``0xFF…``."""
_ODD_KEY = re.compile(rf"{_NUMBER}|!.*", re.ASCII | re.DOTALL)
"""The same, or what the native one makes of a tag: ``!x y`` is ``{"!x": "y"}`` to it."""
_EVERY = 64
# A whole number of more than 308 digits, too large for a decimal, is text to the native reader. Its digits fill
# four of the characters that are looked at.
_LONG_NUMBER = re.compile(r"[0-9]{4}", re.ASCII)


def accept(text: str, limits: Limits) -> dict[str, Any] | None:
    """The mapping that ``text`` is, or None where the careful reader has to look."""
    if _suspicious(text):
        return None
    try:
        data = ryaml.loads(text)  # type: ignore[attr-defined]  # its stub does not export it
        return data if type(data) is dict and _plain(data, limits) else None
    except Exception:  # whatever a native reader dislikes, the careful one explains
        return None


def _suspicious(text: str) -> bool:
    return (
        ("!" in text and _TAG.search(text) is not None)
        or ("%" in text and _DIRECTIVE.search(text) is not None)
        or ("*" in text and "&" in text and _ANCHOR.search(text) is not None and _ALIAS.search(text) is not None)
        or ("<" in text and "<<" in text)
        or _LONG_NUMBER.search(text[::_EVERY]) is not None
        or (len(text) > _MOST_BRACKETS and text.count("[") + text.count("{") > _MOST_BRACKETS)
        or "\x85" in text
        or "\u2028" in text
        or "\u2029" in text
        or "\ufeff" in text
    )


def _plain(data: dict[Any, Any], limits: Limits) -> bool:
    """Only text as keys, exact numbers, nothing deeper or larger than allowed, and no 010."""
    level: list[Any] = [data]
    keys: list[str] = []
    nodes = 1
    for _ in range(limits.depth):
        leaves: list[Any] = []
        for collection in level:
            if type(collection) is dict:
                keys += collection
                leaves += collection.values()
            else:
                leaves += collection
        nodes += len(leaves)
        level = []
        # Text before "1" in the order of characters is all text that starts with a zero or a sign.
        for leaf in [leaf for leaf in leaves if type(leaf) is not str or leaf < "1"]:
            kind = type(leaf)
            if kind is dict or kind is list:
                level.append(leaf)
            elif kind is str:
                if _ZERO_FIRST.fullmatch(leaf):
                    return False
            elif (kind is int or kind is float) and not -LARGEST <= leaf <= LARGEST:
                return False
        if not level:
            # The least of the keys, at the speed of C: TypeError if one of them is not text.
            if min(keys, default="a") < "1" and any(map(_ODD_KEY.fullmatch, keys)):
                return False
            return nodes + len(keys) <= limits.nodes
    return False
