"""Text for people: how messages quote, count, list and suggest. What customers typed is made safe to show.

Everything here is bounded: a file may hold a text of any length, and a guess must not become the main work.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

MAX_SHOWN = 60
"""Characters of a text in a message."""
MAX_QUOTED = 120
"""Characters of a value that a message repeats: more would be the file, not a message."""
MAX_LISTED = 10
"""Names in a row; the rest are only counted."""
_MAX_COMPARED = 200
"""Known names that a misspelt one is compared with."""
_MAX_COMPARISONS = 5_000
"""Comparisons of one ``Suggestions``: 50,000 unknown keys must not take a minute to guess at."""
_CLOSE = 0.7
"""Likeness, from 0 to 1, from which on a name is suggested."""


def clip(text: str, limit: int) -> str:
    """At most ``limit`` characters, the last of them an ellipsis where something was left out."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def safe(text: str, limit: int = MAX_SHOWN) -> str:
    """A text that can stand in a message: short, on one line, without control or invisible characters."""
    short = clip(text, limit)
    if short.isprintable() and "`" not in short:
        return short
    return "".join("'" if c == "`" else c if c.isprintable() else c.encode("unicode_escape").decode() for c in short)


def quoted(value: object, limit: int = MAX_QUOTED) -> str:
    """A value from a file as messages show it: in backticks, so that it can be told apart, and redacted."""
    return f"`{clip(str(value).replace('`', chr(39)), limit)}`"


def count(number: int, singular: str, plural: str | None = None) -> str:
    """``1 entry``, ``2 entries``."""
    if number == 1:
        return f"1 {singular}"
    if plural is None:
        regular = not singular.endswith("y") or singular.endswith("ey")
        plural = singular + "s" if regular else singular[:-1] + "ies"
    return f"{number:,} {plural}"


def listed(items: Iterable[str], limit: int = MAX_LISTED) -> str:
    """Names in a row; a long row is cut, and what is cut off is counted."""
    rest = iter(items)
    shown = list(islice(rest, limit))
    left = sum(1 for _ in rest)
    return ", ".join(shown) + (f", … ({left} more)" if left else "")


class Suggestions:
    """Answers "did you mean …?" for the names of one document or one run, within a bound on comparisons."""

    def __init__(self) -> None:
        self._left = _MAX_COMPARISONS
        self._known: dict[tuple[str, str], float] = {}

    def closest(self, words: Sequence[str], known: Sequence[str]) -> tuple[str, str] | None:
        """Of all pairs the one that is most alike, if any is close enough: (word, known name)."""
        pairs = ((self._likeness(word, name), word, name) for word in words for name in known[:_MAX_COMPARED])
        best = max(pairs, key=lambda pair: pair[0], default=None)
        return best[1:] if best is not None and best[0] >= _CLOSE else None

    def nearest(self, word: str, known: Iterable[str], limit: int = 1) -> list[str]:
        """The known names that are close to a word, the closest first."""
        rated = [(self._likeness(word, name), name) for name in islice(known, _MAX_COMPARED)]
        return [name for likeness, name in sorted(rated, key=lambda pair: -pair[0])[:limit] if likeness >= _CLOSE]

    def _likeness(self, word: str, name: str) -> float:
        """0 to 1; case, `_` and `-` do not count."""
        if (word, name) not in self._known and self._left > 0:
            self._left -= 1
            self._known[word, name] = _likeness(_folded(word), _folded(name))
        return self._known.get((word, name), 0.0)


def nearest(word: str, known: Iterable[str], limit: int = 1) -> list[str]:
    """The known names that are close to a single word, the closest first."""
    return Suggestions().nearest(word, known, limit)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a sentence on a name that does not exist: the near name, else those that do, else nothing."""
    names = sorted(known)
    close = nearest(word, names)
    if close:
        return f"; did you mean {quoted(close[0])}?"
    return f"; known: {listed(map(safe, names))}" if names else ""


def join_path(*parts: str) -> str:
    """Parts of a path within the repository, joined by slashes; empty parts and ``.`` are left out."""
    return "/".join(part.strip("/") for part in parts if part not in ("", "."))


def _folded(word: str) -> str:
    return word[:MAX_SHOWN].casefold().replace("-", "").replace("_", "")


def _likeness(word: str, name: str) -> float:
    shorter, longer = sorted((len(word), len(name)))
    if word == name or shorter < longer / 2:
        return float(word == name)
    from difflib import SequenceMatcher  # late: only where something is misspelt

    return SequenceMatcher(None, word, name, autojunk=False).ratio()
