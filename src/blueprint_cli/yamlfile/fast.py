"""The fast reader: accepts what is certainly valid, and declines everything else.

It may accept only what the careful reader accepts with the same value; a differential test checks that. Where the two
could differ, this one declines, and the careful one decides. Most of that can be seen in the text, keys and numbers
only in the data.
"""

from __future__ import annotations

import re
from functools import cache
from math import isnan
from typing import Any

import yaml_rs

from blueprint_cli.yamlfile.limits import Fault, Limits
from blueprint_cli.yamlfile.scalars import LARGEST

# What cannot stand before the first character of a value; a colon can, in {"key":value}, and a question mark,
# in [?key]. Patterns start with a literal character, which is found at the speed of memory.
_WITHIN = r"[^\s,\[\]{}:?]"
_BEFORE = r"[^\s,\[\]{}:?-]"
_TAG = re.compile(rf"!(?<!{_WITHIN}!)(?<!{_BEFORE} !)(?<!\w\[\?!)")
_ANCHOR = re.compile(rf"&(?<!{_WITHIN}&)(?<!{_BEFORE} &)")
_DIRECTIVE = re.compile(r"%(?<![^\r\n]%)")
_DOCUMENT_END = re.compile(r"\.\.\.(?<![^\r\n]\.\.\.)")
_HALF_CHARACTER = re.compile(r"\\u[Dd][89A-Fa-f]")
_TAB = re.compile(rf"\t(?<!{_BEFORE}\t)")
_PRINTED = bytes({*b"\t\n\r", *range(0x20, 0x7F), *range(0x80, 0x100)})
_FORBIDDEN = re.compile("[\x80-\x9f\u2028\u2029\ufeff\ufffe\uffff]")

# Lists and mappings in brackets, as people write them: a line break only after a comma or beside a bracket, no
# comments, and not deeper than this. Beyond that the two readers accept different files. A quotation mark opens a text
# only where a value begins.
_BRACKETS_DEEP = 4
_GAP = r"(?:\ |\n\ )*+"
_TEXT = r"""(?:"[^"\\\r\n]*"|'[^'\r\n]*')"""
_PART = rf"""[^\[\]{{}}"'\r\n|>?#:,]+|,{_GAP}{_TEXT}?|:\ +(?![\]}},]){_TEXT}?|:(?![\]}},:?\s])|(?<![\s\[{{,:])\?"""
_WITHIN_BRACKETS = rf"{_GAP}{_TEXT}?(?:{_PART})*+[\ \n]*+"
for _ in range(_BRACKETS_DEEP):
    _WITHIN_BRACKETS = rf"{_GAP}{_TEXT}?(?:{_PART}|[\[{{]{_WITHIN_BRACKETS}[\]}}])*+[\ \n]*+"


@cache
def _odd(opens: str, closes: str) -> re.Pattern[str]:
    """Brackets that are not like that. Compiled where needed, as it takes a millisecond."""
    return re.compile(rf"{opens}(?<!{_WITHIN}{opens})(?!{_WITHIN_BRACKETS}{closes})")


# The native parser is recursive: some ten thousand mappings and lists inside each other would overflow its stack. Each
# stands further right than the one around it, so that there are fewer where no line is long.
_LONG_LINE = 512
MAX_SIGNS = 500

# Numbers that take the native reader long: their digits fill four of the sampled characters.
_SAMPLE = 64
_LONG_NUMBER = re.compile(r"[0-9_]{4}", re.ASCII)
MAX_DIGITS = 69  # of a number that is not too large: 53 binary ones, after fewer zeros than these
_ZEROS = "0" * 16
# What the native reader reads as numbers, and the careful one as text: 1_000 and 0X1F; and signs that there is one.
_ODD_NUMBER = re.compile(
    rf"(?<!{_WITHIN})(?:(?=[-+0-9a-fA-FxXoO.]*_)[-+0-9a-fA-FxXoO._]+|[-+]?0[XOB][0-9a-fA-F]+)(?![^\s,\]}}:])", re.ASCII
)
_BAR = r"_(?:(?<=[0-9]_)(?=[-+0-9._eE\s,\]}:]|\Z)|(?<=[\s,\[\]{}:?+.eE_-]_)(?=[0-9]))"
_PERHAPS_ODD = [("_", re.compile(_BAR, re.ASCII)), *((sign, re.compile(f"{sign}(?<=0{sign})")) for sign in "xXOB")]


def accept(text: str, limits: Limits) -> dict[str, Any] | None:
    """The mapping that ``text`` is, or None where the careful reader has to decide."""
    if _suspicious(text):
        return None
    try:
        data = yaml_rs.loads(text, parse_datetime=False)
        return data if type(data) is dict and _within_limits(data, text, limits) else None
    except Exception:  # whatever the native reader refuses, the careful one explains
        return None
    except BaseException as problem:  # a panic of the Rust side; anything else stops the process
        if type(problem).__name__ == "PanicException":
            return None
        raise


# What YAML forbids and the careful reader's parser lets pass: the fast reader's words for it -> ours.
_FORBIDDEN_LAYOUT = {
    "invalid indentation in flow construct": "this line belongs to the brackets opened above: indent it",
    "invalid indentation in multiline quoted scalar": "this line belongs to the quotation mark opened above: indent it",
    "wrongly indented line in block scalar": "the empty lines above are indented further: remove their spaces",
    "comments must be separated": "a comment begins without a space before its `#`: write a space",
    "tab cannot be used as indentation": "a tab is used for indentation: replace each tab with two spaces",
}
_AT = re.compile(r"at line (\d+), column (\d+)")


def forbidden_layout(text: str) -> Fault | None:
    """What is wrong in a text that the careful reader accepts: of two readers, the stricter has the last word."""
    try:
        yaml_rs.loads(text, parse_datetime=False)
    except yaml_rs.YAMLDecodeError as problem:
        message = next((ours for theirs, ours in _FORBIDDEN_LAYOUT.items() if theirs in str(problem)), None)
        place = _AT.search(str(problem))
        if message and place:
            return Fault("yaml-syntax", message, int(place[1]), int(place[2]))
    except Exception:  # what only this reader cannot read is no fault of the file
        return None
    except BaseException as problem:  # a panic of the Rust side; anything else stops the process
        if type(problem).__name__ != "PanicException":
            raise
    return None


def _suspicious(text: str) -> bool:
    return (
        ("!" in text and _TAG.search(text) is not None)
        or ("%" in text and _DIRECTIVE.search(text) is not None)
        or ("&" in text and _ANCHOR.search(text) is not None)
        or ("..." in text and _DOCUMENT_END.search(text) is not None)
        or ("<" in text and "<<" in text)
        or ("[" in text and _odd(r"\[", r"\]").search(text) is not None)
        or ("{" in text and _odd(r"\{", r"\}").search(text) is not None)
        or ("\t" in text and _TAB.search(text) is not None)
        or text.encode().translate(None, _PRINTED) != b""
        or ("\\" in text and _HALF_CHARACTER.search(text) is not None)
        or _LONG_NUMBER.search(text[::_SAMPLE]) is not None
        or (not text.isascii() and _FORBIDDEN.search(text) is not None)
        or (text[-1:] != "\n" and ("|" in text or ">" in text))  # does such a text end with a line break?
        or (len(text) > _LONG_LINE and deep(text))
    )


def deep(text: str) -> bool:
    """Whether mappings and lists may be nested too deeply for the native parser."""
    start = 0
    while start < len(text) - _LONG_LINE:
        start = text.rfind("\n", start, start + _LONG_LINE) + 1
        if not start:
            return any(map(_crowded, text.split("\n")))
    return False


def _crowded(line: str) -> bool:
    """Whether a line may open hundreds of mappings and lists, or is indented by that many spaces."""
    return len(line) > _LONG_LINE and (
        " " * (_LONG_LINE // 2) in line or line.count("-") + line.count("?") + line.count(":") > MAX_SIGNS
    )


def _within_limits(data: dict[Any, Any], text: str, limits: Limits) -> bool:
    """Only text as keys, exact numbers, nothing deeper or larger than allowed, and no text of line breaks alone."""
    level: list[Any] = [data]
    keys: list[str] = []
    numbers: list[float] = []
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
        for leaf in [leaf for leaf in leaves if type(leaf) is not str]:
            kind = type(leaf)
            if kind is dict or kind is list:
                level.append(leaf)
            elif kind is int or kind is float:
                numbers.append(leaf)
        if not level:
            break
    else:
        return False
    return (
        min(keys, default="") >= ""  # the least of them, at the speed of C: TypeError if one is not text
        and nodes + len(keys) <= limits.nodes
        and not (numbers and _misread(numbers, text, limits))
        and not (("|" in text or ">" in text) and _ends_in_line_breaks(data))
    )


def _misread(numbers: list[float], text: str, limits: Limits) -> bool:
    """Whether the careful reader may read one of the numbers differently."""
    return (
        min(numbers) < -LARGEST
        or max(numbers) > LARGEST
        or isnan(sum(numbers))
        or limits.digits < MAX_DIGITS
        or _ZEROS in text
        or (
            any(sign in text and odd.search(text) for sign, odd in _PERHAPS_ODD)
            and _ODD_NUMBER.search(text) is not None
        )
    )


def _ends_in_line_breaks(data: Any) -> bool:
    """Whether the last text is only line breaks: a block that the end of the file cuts off before it begins."""
    while data and type(data) in (dict, list):
        if type(data) is list:
            data = data[-1]
        else:
            key, data = next(reversed(data.items()))
            if key.isspace():
                return True
    return type(data) is str and data.isspace()
