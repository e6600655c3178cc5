"""One RFC 9535 query: its values fast, their places where a report needs them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from blueprint_cli.jsonpath.errors import BadSelector

if TYPE_CHECKING:
    from blueprint_cli.jsonpath.steps import Steps

MAX_LENGTH = 500  # characters of a query


class Selector:
    """One query: ``values`` and ``first`` are the fast verdict, ``places`` adds where each value stands."""

    __slots__ = ("_query", "first", "parent", "single", "text", "values")

    def __init__(self, text: str) -> None:
        # Late (D-60): what only reads files runs no query.
        import jsonpath_rfc9535 as jsonpath

        from blueprint_cli.jsonpath import translate
        from blueprint_cli.jsonpath.restrict import restrict

        self.text = text
        if len(text) > MAX_LENGTH:
            raise BadSelector(f"it is longer than {MAX_LENGTH} characters")
        try:
            self._query = jsonpath.compile(text)
            restrict(self._query)
        except jsonpath.JSONPathError as problem:
            raise BadSelector(str(problem).splitlines()[0]) from None
        except (RecursionError, ValueError) as problem:
            raise BadSelector(str(problem) if isinstance(problem, BadSelector) else "it cannot be read") from None
        self.parent = translate.plain_names(self._query)
        """The names that lead to the list that this query walks through: where "nothing there" is reported."""
        self.single = translate.walk_of(self._query) is not None
        """Whether it leads along plain names, to one value or to nothing."""
        self.values: Callable[[Any], list[Any]] = translate.values_of(self._query)
        """The selected values, in document order, not to be changed."""
        self.first: Callable[[Any], Any] = translate.first_of(self._query)
        """The first selected value; None where there is none."""

    def places(self, data: Any) -> list[tuple[tuple[str | int, ...], Any]]:
        if self.single:
            return [(self.parent, value) for value in self.values(data)]
        return [(tuple(node.location), node.value) for node in self._query.finditer(data)]

    def steps(self) -> Steps:
        from blueprint_cli.jsonpath.steps import steps_of

        return steps_of(self._query)


@cache
def selector(text: str) -> Selector:
    """The selector of a text; each is parsed once."""
    return Selector(text)
