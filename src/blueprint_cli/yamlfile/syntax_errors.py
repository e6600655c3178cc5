"""What a parser's error means to somebody who does not know parsers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from blueprint_cli.text import safe
from blueprint_cli.yamlfile.limits import Fault

if TYPE_CHECKING:
    from ruamel.yaml.error import MarkedYAMLError

_QUOTE_IT = "put the value in quotes"
_INDENT = "expected `key: value` in line with the keys above: check the indentation and the colon"

_ESCAPE = "a backslash in double quotes starts a special sequence: write `\\\\`, or use single quotes"

_MESSAGES: dict[str, str] = {
    "mapping values are not allowed in this context": (
        f"a colon cannot stand here: if it belongs to the text, {_QUOTE_IT}; if it ends a key, check the "
        "indentation of this line and the line above"
    ),
    "could not find expected ':'": "this line is neither `key: value` nor a list item: " + _INDENT,
    "did not find expected key": _INDENT,
    "did not find expected '-' indicator": (
        "expected another list item (`- `) or fewer spaces before this line: check the indentation"
    ),
    "block sequence entries are not allowed in this context": (
        f"a list item (`- `) cannot stand here: start it on a line of its own, or {_QUOTE_IT}"
    ),
    "mapping keys are not allowed in this context": (
        f"a key (`? `) cannot stand here: {_QUOTE_IT} if the question mark belongs to the text"
    ),
    "did not find expected ',' or ']'": (
        "the list that `[` opens here is not closed properly: expected commas between items and `]` at the end"
    ),
    "did not find expected ',' or '}'": (
        "the mapping that `{` opens here is not closed properly: expected commas between entries and `}` at the end"
    ),
    "did not find expected node content": (
        "a value is missing here, or a bracket is not closed: check commas and brackets"
    ),
    "found unexpected end of stream": (
        "the quotation mark that opens here is never closed: close it, or double it if it belongs to the text"
    ),
    "found unexpected document indicator": (
        "the quotation mark that opens here is not closed before the document ends: close it"
    ),
    "found unknown escape character": _ESCAPE,
    "did not find expected hexdecimal number": _ESCAPE,
    "found invalid Unicode character escape code": (
        "this escape is not a character (half of a pair, or too large): write the character itself"
    ),
    "did not find expected alphabetic or numeric character": (
        f"`*` and `&` have a special meaning at the start of a value: {_QUOTE_IT}"
    ),
    "did not find expected comment or line break": (
        f"`|` and `>` start a block of text on the next line, and nothing may follow them: {_QUOTE_IT}"
    ),
    "did not find expected <document start>": (
        "expected the end of the file: check the indentation; a file is one mapping"
    ),
    "found incompatible YAML document": "this version of YAML is not supported: remove the `%YAML` line",
}
"""The parser's message -> ours."""
# Reported where the parser started, not where it gave up.
_OPENED = frozenset(problem for problem, message in _MESSAGES.items() if "opens here" in message)
_STARTED = _OPENED | {"could not find expected ':'"}
_ESCAPES = frozenset(problem for problem in _MESSAGES if "escape" in problem or "hexdecimal" in problem)
_AFTER_VALUE = (
    "unexpected text after a value: quote the whole value, and double a quotation mark of the same kind inside it"
)
_TAB = "a tab is used for indentation, where YAML allows only spaces: replace each tab with two spaces"
_CONFLICT = re.compile(r"^(?:<{7}|>{7}|={7}|\|{7})(?=[ \r\n]|\Z)", re.MULTILINE)
_BREAK = re.compile(r"\r\n|\r|\n")


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column of a character, both from 1."""
    line, start = 1, 0
    for match in _BREAK.finditer(text, 0, offset):
        line, start = line + 1, match.end()
    return line, offset - start + 1


def conflict_fault(text: str, *, opened: bool) -> Fault | None:
    """An unresolved merge conflict. ``opened``: only one whose first line is there, which is never YAML."""
    for match in _CONFLICT.finditer(text):
        if not opened or match.group() == "<" * 7:
            message = (
                "unresolved merge conflict: keep one side and remove the lines with `<<<<<<<`, `=======`, `>>>>>>>`"
            )
            return Fault("yaml-syntax", message, *position(text, match.start()))
    return None


def syntax_fault(text: str, error: MarkedYAMLError) -> Fault:
    """The parser's error in plain words, at the place to correct."""
    if fault := conflict_fault(text, opened=False):
        return fault
    problem = str(error.problem)
    message = _MESSAGES.get(problem, f"this is not valid YAML: {safe(problem)}")
    mark = error.context_mark if problem in _STARTED and error.context_mark else error.problem_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = _BREAK.split(text)
    last = max(1, len(lines) - (lines[-1] == ""))
    if line > last:  # the end of the file is noticed after its last line, where no editor and no diff can point
        line, column = last, len(lines[last - 1]) + 1
    here = lines[line - 1]
    indent = here[: len(here) - len(here.lstrip())]
    if "\t" in indent and problem not in _OPENED:
        return Fault("yaml-syntax", _TAB, line, indent.index("\t") + 1)
    if problem in _ESCAPES:
        column = here.rfind("\\", 0, column) + 1
    if problem == "did not find expected key" and here[: column - 1].strip():
        message = _AFTER_VALUE
    if problem == "found character that cannot start any token" and here[column - 1 : column]:
        char = here[column - 1]
        if char == "\t":
            return Fault("yaml-syntax", "a tab stands where a value begins: write a space instead", line, column)
        message = f"a value cannot start with {'a backtick' if char == '`' else f'`{safe(char)}`'}: {_QUOTE_IT}"
    return Fault("yaml-syntax", message, line, column)
