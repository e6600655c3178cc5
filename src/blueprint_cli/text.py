"""How messages quote, count, list and suggest, and how paths in a repository are joined.

Everything here is bounded: a file may hold a text of any length, and suggesting must not become the main work.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from os.path import commonprefix
from typing import TypeVar

T = TypeVar("T")

MAX_SHOWN = 60  # characters of a text in a message
MAX_QUOTED = 120  # characters of a value that a message repeats: more would be the file, not a message
MAX_LISTED = 10  # names in a row; the rest are only counted
MAX_COMPARED = 1_000  # known names that one word is compared with
MAX_COMPARISONS = 5_000  # comparisons of one ``Suggestions``: a file with 50,000 unknown keys must not take a minute
_CLOSE = 0.7  # likeness, from 0 to 1, from which on a name is suggested
_SWAPPED = 0.9  # likeness of two words that differ only in the order of two neighbouring characters
_SHORT = 3  # letters of names in which one more or one less makes another name
_DIGITS = "0123456789"


def clip(text: str, limit: int) -> str:
    """At most ``limit`` characters, the last of them an ellipsis where something was left out."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def safe(text: str, limit: int = MAX_SHOWN) -> str:
    """A text that can stand in a message: short, on one line, without control or invisible characters."""
    short = clip(text, limit)
    if short.isprintable() and "`" not in short:
        return short
    return "".join("'" if c == "`" else c if c.isprintable() else c.encode("unicode_escape").decode() for c in short)


def quoted(value: object) -> str:
    """A value from a file as messages show it: in backticks, which mark it off and by which it is redacted.

    Unlike ``safe``, it keeps invisible characters: reports make them visible when they are rendered, and until then
    the same name must stay the same text, or its pseudonyms would differ.
    """
    return f"`{clip(str(value).replace('`', chr(39)), MAX_QUOTED)}`"


def count(number: int, singular: str) -> str:
    """``1 entry``, ``2 entries``."""
    if number == 1:
        return f"1 {singular}"
    regular = not singular.endswith("y") or singular.endswith("ey")
    return f"{number:,} {singular + 's' if regular else singular[:-1] + 'ies'}"


def listed(items: Iterable[T], limit: int = MAX_LISTED, *, show: Callable[[T], str] = str) -> str:
    """Names in a row, each as ``show`` puts it; a long row is cut, and what is cut off is only counted."""
    rest = iter(items)
    shown = [show(item) for item in islice(rest, limit)]
    left = sum(1 for _ in rest)
    return ", ".join(shown) + (f", … ({left:,} more)" if left else "")


class Suggestions:
    """Suggests known names for unknown ones: all those of one document, within one bound on comparisons.

    Case, ``-`` and ``_`` make no difference. Names that end in different numbers are two members of a series
    (``INT-03``, ``INT-04``), never a misspelling of each other, however alike they look.
    """

    def __init__(self) -> None:
        self._left = MAX_COMPARISONS
        self._rated: dict[tuple[str, str], float] = {}

    def closest(self, words: Iterable[str], known: Sequence[str]) -> tuple[str, str] | None:
        """The word and the known name that are most alike; None where no pair is close. Of equals the first."""
        pairs = ((self._likeness(word, name), word, name) for word in words for name in known[:MAX_COMPARED])
        best = max(pairs, key=lambda pair: pair[0], default=None)
        return best[1:] if best is not None and best[0] >= _CLOSE else None

    def hint(self, word: str, known: Sequence[str]) -> str:
        """The end of a sentence, ``; did you mean `name`?``; empty where no name is close."""
        pair = self.closest([word], known)
        return f"; did you mean `{safe(pair[1])}`?" if pair else ""

    def _likeness(self, word: str, name: str) -> float:
        if (word, name) not in self._rated and self._left > 0:
            self._left -= 1
            self._rated[word, name] = _likeness(_folded(word), _folded(name))
        return self._rated.get((word, name), 0.0)


def suggest(name: str, known: Iterable[str], limit: int = 3) -> str | None:
    """``Did you mean `a` or `b`?``, for a name that was looked up in vain; None where no name is close.

    Here a name is close to those that contain it, and to another member of its series: to look up the wrong one does
    no harm.
    """
    word = _folded(name)
    names = [(candidate, _folded(candidate)) for candidate in islice(known, MAX_COMPARED)]
    rated = [(_ratio(word, other), candidate) for candidate, other in names]
    close = [candidate for ratio, candidate in sorted(rated, key=lambda pair: -pair[0]) if ratio >= _CLOSE]
    close = close or [candidate for candidate, other in names if word and word in other]
    return f"Did you mean {' or '.join(map(quoted, close[:limit]))}?" if close else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a sentence on a name that does not exist: the closest name, else all names, else nothing.

    Of too many names, those come first that begin like the word.
    """
    names = sorted(known)
    hint = Suggestions().hint(word, names)
    if hint or not names:
        return hint
    if len(names) > MAX_LISTED:
        names.sort(key=lambda name: -len(commonprefix((name, word))))  # noqa: RUF071 - by characters
    return f"; known: {listed(names, show=safe)}"


def join_path(*parts: str) -> str:
    """Parts of a path within the repository, joined by slashes; empty parts and ``.`` are left out."""
    return "/".join(part.strip("/") for part in parts if part not in ("", "."))


def normal(text: str) -> str:
    """A text with composed letters, as most keyboards write it: macOS and some programs store them decomposed."""
    if text.isascii():
        return text
    from unicodedata import normalize  # late: most names are ASCII

    return normalize("NFC", text)


def _folded(word: str) -> str:
    return word[:MAX_SHOWN].casefold().replace("-", "").replace("_", "")


def likeness(word: str, name: str, at_least: float = _CLOSE) -> float:
    """How alike two words are, from 0 to 1; 0 where it is certain that they are less alike than ``at_least``."""
    return _likeness(_folded(word), _folded(name), at_least)


def _likeness(word: str, name: str, at_least: float = _CLOSE) -> float:
    """0 to 1; 0 too where it is certain that the two are not close."""
    number, other = _final_number(word), _final_number(name)
    if number is not None and other is not None and number != other:
        return 0.0
    if max(len(word), len(name)) <= _SHORT and sorted(word) != sorted(name):
        return 0.0
    return _ratio(word, name, at_least)


def _ratio(word: str, name: str, at_least: float = _CLOSE) -> float:
    if word == name:
        return 1.0
    if _is_swapped(word, name):
        return _SWAPPED
    shared = sum((Counter(word) & Counter(name)).values())
    if 2 * shared < at_least * (len(word) + len(name)):  # an upper bound, as `difflib` has it
        return 0.0
    from difflib import SequenceMatcher  # late: only where something is misspelt

    return SequenceMatcher(None, word, name, autojunk=False).ratio()


def _is_swapped(word: str, name: str) -> bool:
    """Whether two neighbouring characters changed places: CMS for CSM."""
    apart = [n for n, (one, other) in enumerate(zip(word, name, strict=False)) if one != other]
    if len(word) != len(name) or len(apart) != 2 or apart[1] != apart[0] + 1:
        return False
    first, second = apart
    return (word[first], word[second]) == (name[second], name[first])


def _final_number(name: str) -> int | None:
    digits = name[len(name.rstrip(_DIGITS)) :]
    return int(digits) if digits else None
