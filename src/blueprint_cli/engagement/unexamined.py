"""What of a tree no engagement is about, although it may hide one: links, boundaries, exclusions, other realms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from blueprint_cli.config import globs
from blueprint_cli.engagement.portfolio import Portfolio
from blueprint_cli.engagement.selection import links, touches
from blueprint_cli.model import Unexamined, What
from blueprint_cli.text import normal


def unexamined(portfolio: Portfolio, paths: Sequence[str] = ()) -> tuple[Unexamined, ...]:
    """What is not looked at, of the whole tree or of what is at and around some paths."""

    def is_meant(path: str) -> bool:
        return not any(paths) or any(touches(path, named) for named in paths)

    everything = (*_boundaries(portfolio), *_other_realms(portfolio), *_excluded(portfolio, is_meant))
    found = [Unexamined(What.LINK, path) for path in links(portfolio, paths)]
    return tuple(found + [item for item in everything if item.what is What.EXCLUDED or is_meant(item.path)])


def _boundaries(portfolio: Portfolio) -> Iterator[Unexamined]:
    covers = portfolio.config.covers
    return (Unexamined(What.BOUNDARY, path) for path in portfolio.tree.boundaries if covers(path))


def _other_realms(portfolio: Portfolio) -> Iterator[Unexamined]:
    config = portfolio.config
    if "." in config.realms:
        return
    paths = [path for path in portfolio.entries if not config.in_realms(path) and not config.excludes(path)]
    for folder in portfolio.blueprints(paths):
        yield Unexamined(What.OTHER_REALM, folder or ".")


def _excluded(portfolio: Portfolio, is_meant: Callable[[str], bool]) -> Iterator[Unexamined]:
    """Each glob that excludes something, with the number of paths."""
    config = portfolio.config
    patterns = [(glob, globs((glob,))) for glob in config.exclude]
    numbers: Counter[str] = Counter()
    for path in portfolio.entries if patterns else ():
        if is_meant(path) and config.excludes(path):
            plain = normal(path)
            numbers[next(glob for glob, pattern in patterns if pattern and pattern.match(plain))] += 1
    for glob, number in numbers.items():
        yield Unexamined(What.EXCLUDED, glob, number)
