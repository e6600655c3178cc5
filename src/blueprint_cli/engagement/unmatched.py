"""Lines of the settings that match nothing: what they should cover or exclude is judged otherwise, or not at all."""

from __future__ import annotations

from collections.abc import Iterator

from blueprint_cli.config import globs
from blueprint_cli.engagement.portfolio import Portfolio
from blueprint_cli.text import Suggestions, normal, quoted

_GLOB = "*?["


def unmatched(portfolio: Portfolio) -> Iterator[str]:
    """A remark on each realm and each glob of ``exclude`` that no path matches, with what may have been meant."""
    config = portfolio.config
    if "." not in config.realms:
        yield from (_remark(portfolio, "realms", index, glob) for index, glob in _idle(portfolio, config.realms))
    yield from (_remark(portfolio, "exclude", index, glob) for index, glob in _idle(portfolio, config.exclude))


def _idle(portfolio: Portfolio, patterns: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    return ((index, glob) for index, glob in enumerate(patterns) if not _matches(portfolio, glob))


def _matches(portfolio: Portfolio, glob: str) -> bool:
    pattern = globs((glob,))
    return pattern is not None and any(pattern.match(normal(path)) for path in portfolio.entries)


def _remark(portfolio: Portfolio, key: str, index: int, glob: str) -> str:
    config = portfolio.config
    line = config.document.locate((key, index))[0] if config.document else 1
    return f"{config.file or 'the settings'}:{line}: {quoted(glob)} in `{key}` matches nothing{_hint(portfolio, glob)}"


def _hint(portfolio: Portfolio, glob: str) -> str:
    """The end of the sentence: what to write instead, where that can be known."""
    if glob.startswith("!"):
        return "; `!` takes nothing back here: leave the line out, or narrow the globs that match too much"
    plain = glob.replace("\\", "/").strip()
    if plain != glob and _matches(portfolio, plain):
        return f"; write {quoted(plain)}"
    wanted, rest = _literal(plain)
    folders = _folders(portfolio, wanted.count("/"))
    if not wanted or wanted in folders:
        return ""
    deeper = next((path for path in portfolio.entries if f"/{wanted}/" in path), None)
    if deeper is not None:
        place = deeper[: deeper.index(f"/{wanted}/")]
        return f"; paths count from the root of the repository: write {quoted(f'{place}/{wanted}{rest}')}"
    meant = Suggestions().closest([wanted], folders)
    return f"; did you mean {quoted(meant[1] + rest)}?" if meant else ""


def _literal(glob: str) -> tuple[str, str]:
    """The directories at the beginning of a glob that are written out, and the rest."""
    parts = glob.strip("/").removeprefix("./").split("/")
    literal = next((i for i, part in enumerate(parts) if any(sign in part for sign in _GLOB)), len(parts))
    rest = "/".join(parts[literal:])
    return "/".join(parts[:literal]), f"/{rest}" if rest else ""


def _folders(portfolio: Portfolio, depth: int) -> list[str]:
    """The directories that many steps below the root's own."""
    parts = (path.split("/", depth + 1) for path in portfolio.entries if path.count("/") > depth)
    return sorted({"/".join(steps[: depth + 1]) for steps in parts})
