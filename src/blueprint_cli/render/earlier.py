"""Whether a file holds what one of the formats wrote earlier, so that the next run may replace it."""

from __future__ import annotations

import re

HEAD, TAIL = 400, 4_000
"""Bytes at the beginning and at the end of a file by which it is recognised."""
_LAST_LINES = 3
"""Lines at the end of a text, one of which has the totals; remarks may follow on them."""
_BEGINNINGS = (
    r'\{\s*"schema_version": \d+,\s*"(as_of|base|step)": ',  # json
    r"schema_version: \d+\n(as_of|base): ",  # yaml; the gap report of an engagement goes on with generated_by
    r'\{\s*"\$schema": "[^"]*sarif[^"]*",.*"name": "blueprint-cli"',
    r'(<\?xml [^>]*>\s*)?<testsuites name="bp \w+"',  # junit
    r'\[\]\s*\Z|\[\s*\{\s*"description": .*"check_name": "[a-z-]+"',  # gitlab
    r"## (Gap scan|Blueprint lint|Blueprint diff): ",  # markdown
    r"day,commit,node,status,",  # csv
)
_TOTALS = (
    r"\d+ nodes?(: [^;]*)?; (no gaps|\d+ (error|warning|note)s?\b)",
    r"\d+ files? checked: ",
    r"\d+ introduced\b.*\bfixed\b.*\bcompared\b",
    r"all engagements  ",
    r"no commit in this time$",
    r"\d{4}-\d\d-\d\d  .*\b(failing|passing|skipped|absent)\b",
)
"""How a line of the text or of the annotations begins that only these have near their end."""
_BEGINNING = re.compile("|".join(f"(?:{pattern})" for pattern in _BEGINNINGS), re.DOTALL)
_TOTAL = re.compile("|".join(f"(?:{pattern})" for pattern in _TOTALS))
_STYLE = re.compile(r"\x1b\[[0-9;]*m")


def is_output(head: bytes, tail: bytes) -> bool:
    """Whether a file that begins and ends so is an output of bp, of any command and version. An empty file is: it
    holds nothing that could be lost."""
    beginning, end = (
        part.decode("utf-8", "replace").replace("\r\n", "\n").removeprefix("\ufeff") for part in (head, tail)
    )
    if not beginning.strip() or _BEGINNING.match(beginning):
        return True
    lines = [_STYLE.sub("", line) for line in end.splitlines() if line.strip()]
    return not beginning.startswith(("#", "---")) and any(map(_TOTAL.match, lines[-_LAST_LINES:]))
