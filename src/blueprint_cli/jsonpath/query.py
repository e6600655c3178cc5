"""One RFC 9535 query: its values fast, their places where somebody asks."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

_LONGEST = 500


class BadSelector(ValueError):
    """The text is not a JSONPath query."""


class Selector:
    """One query: ``values`` and ``first`` are the fast verdict, ``places`` adds where each value stands."""

    __slots__ = ("first", "parent", "query", "single", "text", "values")

    def __init__(self, text: str) -> None:
        # Late: the library takes 15 ms, and who only reads files asks no query.
        import jsonpath_rfc9535 as jsonpath

        from blueprint_cli.jsonpath import translate
        from blueprint_cli.jsonpath.restrict import vet

        self.text = text
        if len(text) > _LONGEST:
            raise BadSelector(f"it is longer than {_LONGEST} characters")
        try:
            self.query = jsonpath.compile(text)
            vet(self.query)
        except jsonpath.JSONPathError as problem:
            raise BadSelector(str(problem).splitlines()[0]) from None
        except (RecursionError, ValueError) as problem:
            raise BadSelector(str(problem) if isinstance(problem, BadSelector) else "it cannot be read") from None
        self.parent = translate.plain_names(self.query)
        """The names that lead to the list that this query walks through: where "nothing there" is said."""
        self.single = translate.walk_of(self.query) is not None
        """Whether it leads along plain names, to one value or to nothing."""
        self.values: Callable[[Any], list[Any]] = translate.values_of(self.query)
        """The selected values, in document order, not to be changed."""
        self.first: Callable[[Any], Any] = translate.first_of(self.query)
        """The first selected value; None where there is none."""

    def places(self, data: Any) -> list[tuple[tuple[str | int, ...], Any]]:
        """The selected values with the path of each."""
        if self.single:
            return [(self.parent, value) for value in self.values(data)]
        return [(tuple(node.location), node.value) for node in self.query.finditer(data)]


@cache
def selector(text: str) -> Selector:
    """The selector of a text; each is parsed once."""
    return Selector(text)
