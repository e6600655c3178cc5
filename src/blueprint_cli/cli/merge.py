"""`bp merge`: the JSON reports of many shards become one, as if there had been one scan."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from blueprint_cli import config as configuration
from blueprint_cli.cli import flags, outputs
from blueprint_cli.cli.scan import finish
from blueprint_cli.config import Config
from blueprint_cli.errors import BpError
from blueprint_cli.model import Report
from blueprint_cli.policy.load import packaged_policy
from blueprint_cli.render import node_data
from blueprint_cli.render.data import SCHEMA_VERSION, report_data
from blueprint_cli.report import load
from blueprint_cli.schema import Validator
from blueprint_cli.times import Zone

REPORT_SCHEMA = "gap_report.schema.json"
_CURE = "Merge what `bp scan --format json` wrote, all at one --as-of and by one version of bp."

_STDIN = "-"

Files = Annotated[
    list[str],
    typer.Argument(metavar="REPORT...", help="JSON reports of bp scan; - is standard input.", show_default=False),
]
Shards = Annotated[
    Optional[int],
    typer.Option(
        metavar="N", min=1, help="How many there must be, each engagement in one of them.", show_default=False
    ),
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
    targets = outputs.outputs(format or [], config.format, output)
    finish(merged(reports, shards), targets, outputs.options(config.fail_on, redact, None))


def merged(names: Sequence[str], shards: int | None = None) -> Report:
    """One report of several files. Raises BpError, which names them, where they do not belong together, or are not
    all ``shards`` of one scan."""
    validator = packaged_policy().store.validator(REPORT_SCHEMA)
    written = {name: _read(name, validator) for name in dict.fromkeys(names)}
    if shards is not None and len(written) != shards:
        raise BpError(f"{len(written)} of {shards} reports are there", "Look for the job that wrote none.")
    first, head = next(iter(written.items()))
    known: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {}
    for name, data in written.items():
        if data["as_of"] != head["as_of"]:
            raise BpError(f"{name} is as of {data['as_of']}, {first} as of {head['as_of']}", _CURE)
        for node in data["nodes"]:
            key = node["realm"], node["node"]
            other, same = known.setdefault(key, (name, node))
            if same != node:
                raise BpError(f"{other} and {name} have different reports of {'/'.join(key)}", _CURE)
            if shards is not None and other != name:
                raise BpError(
                    f"{other} and {name} both report {'/'.join(key)}", "Each shard is another part: --shard I/N."
                )
    found = load.nodes(node for _, node in known.values())
    for report in found:
        name, node = known[report.realm, report.node]
        if node_data(report) != node:
            raise BpError(f"{name}: the report of {report.name} is not one that this version of bp writes", _CURE)
    for name, data in written.items():
        own = {(node["realm"], node["node"]) for node in data["nodes"]}
        parts = tuple(report for report in found if (report.realm, report.node) in own)
        if report_data(Report(data["as_of"], parts))["summary"] != data["summary"]:
            raise BpError(f"{name}: its summary does not speak of the engagements that it has", _CURE)
    return Report(head["as_of"], found)


def _read(name: str, validator: Validator) -> dict[str, Any]:
    """The data of one file, each of its engagements proved by the schema of gap reports."""
    try:
        data = json.loads(sys.stdin.buffer.read() if name == _STDIN else Path(name).read_bytes())
    except OSError as problem:
        raise BpError(f"{name} cannot be read: {problem.strerror}", _CURE) from None
    except (ValueError, RecursionError):
        raise BpError(f"{name} is not JSON", _CURE) from None
    if not isinstance(data, dict) or not {"schema_version", "as_of", "summary", "nodes"} <= data.keys():
        raise BpError(f"{name} is not a report of bp scan", _CURE)
    if not isinstance(data["as_of"], str) or Zone().moment(data["as_of"]) is None:
        raise BpError(f"{name} is not a report of bp scan: `as_of` is no date", _CURE)
    if data["schema_version"] != SCHEMA_VERSION:
        raise BpError(f"{name} has schema_version {data['schema_version']!r}, not {SCHEMA_VERSION}", _CURE)
    if not isinstance(data["nodes"], list):
        raise BpError(f"{name} is not a report of bp scan: `nodes` is no list", _CURE)
    for index, node in enumerate(data["nodes"]):
        if not validator.is_valid(node):
            said = next((f": {defect.message}" for defect in validator.defects(node)), "")
            raise BpError(f"{name}: nodes[{index}] is no report of an engagement{said}", _CURE)
        if node["as_of"] != data["as_of"]:
            raise BpError(f"{name}: nodes[{index}] is as of {node['as_of']}, not {data['as_of']}", _CURE)
    return data
