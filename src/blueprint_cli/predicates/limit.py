"""How long is allowed: what the policy writes, and what that means on a track."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from blueprint_cli.times import HOUR, PERIODS, Span


@dataclass(frozen=True, slots=True)
class Limit:
    """How long is allowed: the longest of its spans, in words, with the file and row that set it."""

    spans: tuple[Span, ...]
    text: str
    source: str
    track: str = ""  # title of the track that set it; empty where the limit is the reference blueprint's own

    def after(self, day: int) -> int:
        spans = self.spans
        return spans[0].after(day) if len(spans) == 1 else max([span.after(day) for span in spans])

    @property
    def micros(self) -> int:
        """The limit in microseconds, for the rules in hours."""
        return max(span.hours + 24 * span.days for span in self.spans) * HOUR

    @property
    def hourly(self) -> bool:
        """Whether hours count, not days."""
        return all(span.hours for span in self.spans)

    @property
    def allows(self) -> str:
        """``Premium allows 14 days``, ``Premium requires weekly``; without a track ``30 days are allowed``."""
        if self.track:
            return f"{self.track} {'requires' if self.text in PERIODS else 'allows'} {self.text}"
        if self.text in PERIODS:
            return f"{self.text} is required"
        return f"{self.text} {'is' if self.text.startswith('1 ') else 'are'} allowed"


@dataclass(frozen=True, slots=True, eq=False)
class LimitSpec:
    """A limit as the policy writes it: a span, or the cell of a track row. One place of the policy is one value."""

    literal: str | None = None
    row: str | None = None
    capped_by: str | None = None
    staleness_of: str | None = None
    where: str = ""  # file and key of the policy, for the report

    @classmethod
    def of(cls, written: Any, where: str) -> LimitSpec:
        """From ``30 days`` or ``{row: …, literal: …}``."""
        if isinstance(written, str):
            return cls(literal=written, where=where)
        return cls(**{key: value for key, value in written.items() if not key.startswith("x-")}, where=where)

    def __str__(self) -> str:
        """As descriptions put it: the length itself, or the row that gives it."""
        if self.staleness_of is not None:
            return f"what the staleness rule allows {self.staleness_of}"
        if self.capped_by is not None:
            return f"{self.literal}, or row {self.capped_by} where that is shorter"
        if self.row is not None and self.literal is not None:
            return f"row {self.row} ({self.literal} where the row gives no length)"
        return f"row {self.row}" if self.row is not None else str(self.literal)
