"""Which queries are refused: a pull request may bring its own policy, and no query may cost more than it reads."""

from __future__ import annotations

from typing import Any

from jsonpath_rfc9535 import filter_expressions as fx
from jsonpath_rfc9535.segments import JSONPathChildSegment
from jsonpath_rfc9535.selectors import FilterSelector, IndexSelector, NameSelector

from blueprint_cli.jsonpath.errors import BadSelector

MAX_NESTED = 3  # filters inside each other


def restrict(query: Any, *, within: int = 0) -> None:
    """Refuse what may take longer than the document is long. Raises BadSelector.

    `..` below `..`, and a filter that looks at the whole document, multiply; a pattern can be made to hang.
    """
    for segment in query.segments:
        if not isinstance(segment, JSONPathChildSegment):
            raise BadSelector("`..` is not allowed: name the keys that lead there")
        if len(segment.selectors) > 1 and not _disjoint(segment.selectors):
            raise BadSelector("in one pair of brackets there may be several names, but nothing that selects twice")
        for pick in segment.selectors:
            if isinstance(pick, FilterSelector):
                if within == MAX_NESTED:
                    raise BadSelector(f"more than {MAX_NESTED} filters inside each other are not allowed")
                _filter(pick.expression.expression, within + 1)


def _disjoint(picks: Any) -> bool:
    """Whether the selectors of a segment surely select different things: ``[*,*]`` doubles with every step."""
    names = {pick.name for pick in picks if isinstance(pick, NameSelector)}
    places = {pick.index for pick in picks if isinstance(pick, IndexSelector) and pick.index >= 0}
    return len(names) + len(places) == len(picks)


def _filter(part: Any, within: int, *, compared: bool = False) -> None:
    if isinstance(part, fx.RootFilterQuery):
        raise BadSelector("`$` is not allowed in a filter: it may only look at `@`")
    if isinstance(part, fx.RelativeFilterQuery):
        if not compared and not part.query.segments:
            # By RFC 9535 it holds for every item; in the library, for some of them.
            raise BadSelector("`@` alone is not a condition: every item is there; say which part of it must exist")
        restrict(part.query, within=within)
    elif isinstance(part, fx.FunctionExtension):
        if part.name in ("match", "search"):
            raise BadSelector(f"the function `{part.name}` is not allowed: compare with == instead")
        for argument in part.args:
            _filter(argument, within, compared=part.name != "count")
    elif isinstance(part, fx.PrefixExpression):
        _filter(part.right, within)
    elif isinstance(part, fx.LogicalExpression):
        _filter(part.left, within)
        _filter(part.right, within)
    elif isinstance(part, fx.ComparisonExpression):
        _filter(part.left, within, compared=True)
        _filter(part.right, within, compared=True)
