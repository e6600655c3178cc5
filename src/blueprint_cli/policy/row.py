"""One row of policy: what is written, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from blueprint_cli.predicates.base import Predicate
from blueprint_cli.predicates.limit import LimitSpec
from blueprint_cli.predicates.scope import Path
from blueprint_cli.times import Span, span

Written = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row of policy is written: the file, as users know it, and the path within it."""

    file: str
    path: Path

    def __str__(self) -> str:
        return f"{self.file}: {'.'.join(map(str, self.path))}" if self.path else self.file

    def at(self, *more: str | int) -> Origin:
        """A place below this one."""
        return Origin(self.file, (*self.path, *more))


@dataclass(frozen=True)
class Row:
    """One row of policy: what is written, and where. Predicates are built when they are first asked."""

    written: Written
    origin: Origin

    @cached_property
    def id(self) -> str:
        """Its identifier within its file."""
        return str(self.written["id"])

    @cached_property
    def title(self) -> str:
        """As messages name it."""
        return str(self.written.get("title", ""))

    @cached_property
    def playbook(self) -> str | None:
        """Id of the playbook that answers it."""
        return self.written.get("playbook")

    def predicate(self, key: str) -> Predicate:
        """The predicate that stands under a key."""
        from blueprint_cli.predicates.kinds import build  # late: 8 ms, and who only reads files asks nothing

        return build(self.written[key], self.origin.file)


@dataclass(frozen=True)
class DueRule:
    """Until when absence is excused: so long after a lifecycle date."""

    after: str
    within: LimitSpec
    length: Span

    @classmethod
    def of(cls, written: Written, origin: Origin) -> DueRule:
        """From ``{after: contract_signed, within: 30 days}``."""
        within = written["within"]
        return cls(written["after"], LimitSpec(literal=within, where=origin.file), span_of(within))


def span_of(text: str) -> Span:
    found = span(text)
    if found is None:  # the schema's pattern and `span` accept the same words: a test holds them together
        raise ValueError(text)
    return found
