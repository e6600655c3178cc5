"""Reports whose every string is chosen by an enemy, and the same reports with harmless words instead."""

from __future__ import annotations

import dataclasses
from typing import Any

from hypothesis import strategies as st

from blueprint_cli.model import (
    AssetLine,
    BlueprintLine,
    CadenceLine,
    CheckLine,
    DatedBy,
    Gap,
    Handoff,
    Location,
    NodeReport,
    NodeStatus,
    Owner,
    PassRate,
    Playbook,
    Recommendation,
    Report,
    Severity,
    Signal,
    Status,
    Threshold,
    Upcoming,
    WaiverLine,
)

FRAGMENTS = [
    "::error::forged",
    "\n::error file=x::forged",
    "::stop-commands::x",
    " ::add-mask::a",
    ":",
    "::",
    " :: ",
    "##[error]forged",
    "##",
    "[",
    "##vso[task.complete]",
    "##[group]",
    "%0A::warning::",
    "%",
    ",",
    "=",
    "|",
    "\\|",
    "\\",
    "`",
    "``",
    "a`b",
    "*x*",
    "_x_",
    "__x__",
    "~~x~~",
    "# x",
    "- x",
    "1. x",
    "> x",
    "---",
    "<script>",
    "</x>",
    "<!--",
    "-->",
    "]]>",
    "<![CDATA[",
    "&amp;",
    "&#x1b;",
    "&",
    '"',
    "'",
    "<a href='x'>",
    "[a](https://x.example)",
    "](",
    "![a](x)",
    "[a]: x",
    "https://x.example/a_b",
    "www.x.example",
    "@everyone",
    "a@b.example",
    "#12",
    "owner/repo#3",
    "$x$",
    "^a",
    "{0}",
    "{{",
    "\x00",
    "\x07",
    "\x1b[31m",
    "\x1b]0;x\x07",
    "\x7f",
    "\x85",
    "\x9b31m",
    "\r",
    "\r\n",
    "\n",
    "\n\n",
    "\t",
    "\v",
    "\f",
    "\u2028",
    "\u2029",
    "\u200b",
    "\u200d",
    "\u202e",
    "\u2066",
    "\u2069",
    "\ufeff",
    "\ufffe",
    "\uffff",
    "\xad",
    "\U000e0041",
    "\ud800",
    "\udcff",
    "\udfff",
    "é",
    "日本",
    "🙂",
    "..",
    "/",
    "C:\\x",
    "null",
    "- - -",
    "? ",
    "!!python/object",
    "&a",
    "*a",
    "{",
    "}",
]

nasty = (
    st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=4), min_size=1, max_size=4)
    .map("".join)
    .filter(lambda text: bool(text.strip()) and not text.isspace())
)
number = st.none() | st.integers(1, 9)


def _maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def _few(strategy: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[Any]:
    return st.lists(strategy, max_size=most).map(tuple)


owner = st.builds(Owner, _maybe(nasty), _maybe(nasty))
playbook = st.builds(Playbook, nasty, nasty)
gap = st.builds(
    Gap,
    rule=nasty,
    severity=st.sampled_from(Severity),
    message=nasty,
    location=st.builds(Location, nasty, number, number),
    reference_blueprint=_maybe(nasty),
    check=_maybe(nasty),
    asset=_maybe(nasty),
    threshold=_maybe(st.builds(Threshold, nasty, nasty)),
    since=_maybe(nasty),
    due=_maybe(nasty),
    owner=_maybe(owner),
    playbook=_maybe(playbook),
    fingerprint=nasty,
)
check = st.builds(CheckLine, nasty, st.sampled_from(Status), nasty, _maybe(nasty))
rate = st.builds(PassRate, st.floats(0, 1), _maybe(st.floats(0, 1)), st.integers(0, 9), st.integers(0, 9))
node = st.builds(
    NodeReport,
    realm=nasty,
    node=nasty,
    path=nasty,
    report_path=_maybe(nasty),
    as_of=nasty,
    archetype=_maybe(nasty),
    track=_maybe(nasty),
    status=st.sampled_from(NodeStatus),
    reason=_maybe(nasty),
    outcomes=st.dictionaries(st.sampled_from(Status), st.integers(0, 9)),
    gaps=_few(gap, 3),
    gates=st.dictionaries(nasty, rate, max_size=1),
    upcoming=_few(st.builds(Upcoming, nasty, _maybe(nasty), _maybe(nasty), _maybe(owner), nasty)),
    signals=_few(st.builds(Signal, nasty, nasty, _maybe(playbook), nasty), 1),
    handoffs=_few(st.builds(Handoff, nasty, nasty, nasty, nasty), 1),
    recommendations=_few(st.builds(Recommendation, nasty, nasty, nasty, nasty, _few(nasty)), 1),
    checks=_few(check),
    cadences=_few(st.builds(CadenceLine, nasty, st.sampled_from(Status), nasty, _maybe(nasty)), 1),
    assets=_few(
        st.builds(AssetLine, nasty, _maybe(nasty), st.sampled_from(Status) | nasty, number, st.sampled_from(DatedBy))
    ),
    reference_blueprints=_few(st.builds(BlueprintLine, nasty, st.booleans(), nasty), 1),
    waivers=_few(st.builds(WaiverLine, _maybe(nasty), _maybe(nasty), _maybe(nasty), nasty, nasty, nasty), 1),
)
reports = st.builds(Report, nasty, _few(node), _few(nasty, 1))


def harmless(value: Any, words: dict[str, str] | None = None) -> Any:
    """The same shape, each distinct string replaced by a distinct plain word; what is an enum stays."""
    words = {} if words is None else words
    if isinstance(value, Severity | Status | NodeStatus | DatedBy):
        return value
    if isinstance(value, str):
        return words.setdefault(value, f"w{len(words)}w")
    if isinstance(value, tuple | list):
        return type(value)(harmless(item, words) for item in value)
    if isinstance(value, dict):
        return {harmless(key, words): harmless(item, words) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: harmless(getattr(value, f.name), words) for f in dataclasses.fields(value) if f.init}
        return dataclasses.replace(value, **fields)
    return value
