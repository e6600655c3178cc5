"""One RFC 9535 query: its values fast, their places where somebody asks."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonpath_rfc9535 as jsonpath

from blueprint_cli.select.translate import NOTHING, Step, Unknown, plain_names, steps_of, walk_of
from blueprint_cli.select.vet import BadSelector, vet

_LONGEST = 500


class Selector:
    """One query: ``values`` and ``first`` are the fast verdict, ``places`` adds where each value stands."""

    __slots__ = ("_fast", "_single", "parent", "query", "text")

    def __init__(self, text: str) -> None:
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
        self.parent = plain_names(self.query)
        """The names that lead to the list that this query walks through: where "nothing there" is said."""
        self._single = walk_of(self.query)
        try:
            self._fast: Step | None = steps_of(self.query)
        except Unknown:
            self._fast = None

    @property
    def single(self) -> bool:
        """Whether it leads along plain names, to one value or to nothing."""
        return self._single is not None

    def values(self, data: Any) -> list[Any]:
        """The selected values, in document order."""
        if self._single is not None:
            found = self._single(data)
            return [] if found is NOTHING else [found]
        if self._fast is not None:
            return self._fast([data])
        return self.query.find(data).values()

    def first(self, data: Any) -> Any:
        """The first selected value; None where there is none."""
        if self._single is not None:
            found = self._single(data)
            return None if found is NOTHING else found
        return next(iter(self.values(data)), None)

    def places(self, data: Any) -> list[tuple[tuple[str | int, ...], Any]]:
        """The selected values with the path of each."""
        if self._single is not None:
            return [(self.parent, value) for value in self.values(data)]
        return [(tuple(node.location), node.value) for node in self.query.finditer(data)]


@cache
def selector(text: str) -> Selector:
    """The selector of a text; each is parsed once."""
    return Selector(text)
