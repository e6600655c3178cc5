"""The coverage-guided run: ``python fuzz/coverage.py reader|spine -max_total_time=600`` with atheris installed.

It searches for inputs that reach code which no file of the corpus reaches, keeps them in the directory that is named
first, and stops at the first invariant that does not hold. A file of the spine's corpus begins with the line
``# TRACK PLACE``: the engagement that it belongs to, and the file that it replaces there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

CORPUS = Path(__file__).parent / "corpus"
_NODE = "NORTHWIND/WAREHOUSE/"
_MOST = 2_048
"""Bytes: larger files are not kept."""


def reader(raw: bytes) -> None:
    """The bytes as one file."""
    from fuzz import claims

    claims.reader(raw)


def spine(raw: bytes) -> None:
    """The bytes as one file of an engagement, which is judged and rendered in every format."""
    from fuzz import claims

    claims.node(placed(raw))


def placed(raw: bytes) -> dict[str, bytes]:
    """The engagement with these bytes in the place that their first line names, or in any place."""
    from fuzz.portfolio import tracks

    words = raw.partition(b"\n")[0].decode("utf-8", "replace").split()
    known = sorted(tracks())
    track = words[1] if len(words) == 3 and words[1] in known else known[len(raw) % len(known)]
    files = dict(tracks()[track])
    places = sorted(files)
    place = _NODE + words[2] if len(words) == 3 and _NODE + words[2] in files else places[sum(raw) % len(places)]
    return {**files, place: raw}


TARGETS: dict[str, Callable[[bytes], None]] = {"reader": reader, "spine": spine}


def _mutator(atheris: Any) -> Callable[[bytes, int, int], bytes]:
    """Half the time the engine's own mutation of bytes, half the time a mutation of the content."""
    from fuzz.damage import damaged

    def change(raw: bytes, most: int, seed: int) -> bytes:
        dice = Random(seed)
        if dice.random() < 0.5:
            return bytes(atheris.Mutate(raw, most))
        first, _, rest = raw.partition(b"\n")
        named = first.startswith(b"# ")
        changed = damaged(rest if named else raw, dice)
        return ((first + b"\n" if named else b"") + changed)[:most]

    return change


def main() -> None:
    """Run until an invariant does not hold, or until libFuzzer's options end the run."""
    import atheris

    name, *options = sys.argv[1:]
    sys.path[0] = str(CORPUS.parents[1])  # the root, not this directory
    with atheris.instrument_imports(include=["blueprint_cli"], enable_loader_override=False):
        import blueprint_cli.lint
        import blueprint_cli.yamlfile.careful  # noqa: F401
    new = [] if any(not option.startswith("-") for option in options) else [str(CORPUS / name)]
    arguments = [sys.argv[0], f"-max_len={_MOST}", *options, *new]
    atheris.Setup(arguments, TARGETS[name], custom_mutator=_mutator(atheris))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
