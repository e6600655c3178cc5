"""`bp merge`: the JSON reports of many shards become one, as if there had been one scan."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Optional

import typer

from blueprint_cli import config as configuration
from blueprint_cli.cli import flags, outputs
from blueprint_cli.cli.scan import finish
from blueprint_cli.config import Config
from blueprint_cli.errors import BpError
from blueprint_cli.merge import HINT, merged

_STDIN = "-"

Files = Annotated[list[str], flags.argument(metavar="REPORT...", help="JSON reports of bp scan; - is standard input.")]
Shards = Annotated[
    Optional[int], typer.Option(metavar="N", min=1, help="How many there must be, each engagement in one of them.")
]


def merge(
    reports: Files,
    shards: Shards = None,
    fail_on: flags.FailOn = None,
    format: flags.Format = None,
    output: flags.OutputFile = None,
    redact: flags.Redact = False,
) -> None:
    """Make one report of those of several shards, in any format.

    The order of the files does not matter, and one that is named twice counts once. With --shards a report that is
    missing is noticed. Exit codes as for bp scan.
    """
    config = configuration.override(Config(), {"fail_on": fail_on}, os.environ)
    targets = outputs.outputs(format, config.format, output, inputs=reports)
    written = {name: _read(name) for name in dict.fromkeys(reports)}
    finish(merged(written, shards), targets, outputs.options(config.fail_on, redact, None))


def _read(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == _STDIN else Path(name).read_bytes()
    except OSError as problem:
        raise BpError(f"{name} cannot be read: {problem.strerror}", HINT) from None
