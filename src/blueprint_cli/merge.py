"""The JSON reports of several shards become one, as if there had been one scan."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from blueprint_cli.errors import BpError
from blueprint_cli.model import SCHEMA_VERSION, Report
from blueprint_cli.policy.load import packaged_policy
from blueprint_cli.render.data import report_data
from blueprint_cli.report import load
from blueprint_cli.schema import Validator
from blueprint_cli.times import Zone

REPORT_SCHEMA = "gap_report.schema.json"
HINT = "Merge what `bp scan --format json` wrote, all at one --as-of and by one version of bp."


def merged(files: Mapping[str, bytes], shards: int | None = None) -> Report:
    """One report of several files, given by name. Raises BpError, which names them, where they do not belong
    together, or are not all ``shards`` of one scan."""
    validator = packaged_policy().store.validator(REPORT_SCHEMA)
    written = {name: _read(name, raw, validator) for name, raw in files.items()}
    if shards is not None and len(written) != shards:
        raise BpError(f"{len(written)} of {shards} reports are there", "Look for the job that wrote none.")
    first, head = next(iter(written.items()))
    known: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {}
    for name, data in written.items():
        if data["as_of"] != head["as_of"]:
            raise BpError(f"{name} is as of {data['as_of']}, {first} as of {head['as_of']}", HINT)
        for node in data["nodes"]:
            key = node["realm"], node["node"]
            other, same = known.setdefault(key, (name, node))
            if same != node:
                raise BpError(f"{other} and {name} have different reports of {'/'.join(key)}", HINT)
            if shards is not None and other != name:
                raise BpError(
                    f"{other} and {name} both report {'/'.join(key)}", "Each shard is another part: --shard I/N."
                )
    found = load.nodes(node for _, node in known.values())
    for report in found:
        name, node = known[report.realm, report.node]
        if report_data(report) != node:
            raise BpError(f"{name}: the report of {report.name} is not one that this version of bp writes", HINT)
    for name, data in written.items():
        own = {(node["realm"], node["node"]) for node in data["nodes"]}
        parts = tuple(report for report in found if (report.realm, report.node) in own)
        if report_data(Report(data["as_of"], parts))["summary"] != data["summary"]:
            raise BpError(f"{name}: its summary does not speak of the engagements that it has", HINT)
    return Report(head["as_of"], found)


def _read(name: str, raw: bytes, validator: Validator) -> dict[str, Any]:
    """The data of one file, each of its engagements valid by the schema of gap reports."""
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        raise BpError(f"{name} is not JSON", HINT) from None
    if not isinstance(data, dict) or not {"schema_version", "as_of", "summary", "nodes"} <= data.keys():
        raise BpError(f"{name} is not a report of bp scan", HINT)
    if not isinstance(data["as_of"], str) or Zone().moment(data["as_of"]) is None:
        raise BpError(f"{name} is not a report of bp scan: `as_of` is no date", HINT)
    if data["schema_version"] != SCHEMA_VERSION:
        raise BpError(f"{name} has schema_version {data['schema_version']!r}, not {SCHEMA_VERSION}", HINT)
    if not isinstance(data["nodes"], list):
        raise BpError(f"{name} is not a report of bp scan: `nodes` is no list", HINT)
    for index, node in enumerate(data["nodes"]):
        if not validator.is_valid(node):
            said = next((f": {defect.message}" for defect in validator.defects(node)), "")
            raise BpError(f"{name}: nodes[{index}] is no report of an engagement{said}", HINT)
        if node["as_of"] != data["as_of"]:
            raise BpError(f"{name}: nodes[{index}] is as of {node['as_of']}, not {data['as_of']}", HINT)
    return data
