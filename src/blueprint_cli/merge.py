"""Merge the JSON reports of several shards into the report that one scan would have written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from blueprint_cli.errors import BpError
from blueprint_cli.model import SCHEMA_VERSION, NodeReport, Report
from blueprint_cli.policy.load import packaged_policy
from blueprint_cli.render.data import report_data
from blueprint_cli.report import load, version_1
from blueprint_cli.times import Zone

REPORT_SCHEMA = "gap_report.schema.json"
HINT = "Give what `bp scan --format json` wrote, all as of one moment and by one version of bp."


def merged(files: Mapping[str, bytes], shards: int | None = None) -> Report:
    """One report of several files, given by name. Raises BpError for files that do not belong together, or are
    not all ``shards`` of one scan."""
    if shards is not None and len(files) != shards:
        raise BpError(f"{len(files)} of {shards} reports are there", "Find the job that wrote no report.")
    parts = {name: _read(name, raw) for name, raw in files.items()}
    first, (moment, _) = next(iter(parts.items()))
    known: dict[tuple[str, str], tuple[str, NodeReport]] = {}  # by name and directory
    for name, (as_of, nodes) in parts.items():
        if as_of != moment:
            raise BpError(f"{name} is as of {as_of}, {first} as of {moment}", HINT)
        for node in nodes:
            other, same = known.setdefault((node.name, node.path), (name, node))
            if same != node:
                raise BpError(f"{other} and {name} have different reports of {node.name}", HINT)
            if shards is not None and other != name:
                raise BpError(
                    f"{other} and {name} both report {node.name}", "Give each job another shard: --shard I/N."
                )
    return Report(moment, load.placed([node for _, node in known.values()]))


def _read(name: str, raw: bytes) -> tuple[str, list[NodeReport]]:
    """The moment and the nodes of one file, proved to be what this version of bp writes."""
    data = _parsed(name, raw)
    nodes = []
    for index, written in enumerate(data["nodes"]):
        node = _node(f"{name}: nodes[{index}]", written)
        if node.as_of != data["as_of"]:
            raise BpError(f"{name}: nodes[{index}] is as of {node.as_of}, not {data['as_of']}", HINT)
        if report_data(node) != written:
            raise BpError(f"{name}: the report of {node.name} is not one that this version of bp writes", HINT)
        nodes.append(node)
    if report_data(Report(data["as_of"], tuple(nodes)))["summary"] != data["summary"]:
        raise BpError(f"{name}: its summary does not match its engagements", HINT)
    return data["as_of"], nodes


def _node(place: str, data: Any) -> NodeReport:
    validator = packaged_policy().store.validator(REPORT_SCHEMA)
    if not validator.is_valid(data):
        reason = next((f": {defect.message}" for defect in validator.defects(data)), "")
        raise BpError(f"{place} is not the report of an engagement{reason}", HINT)
    return load.node(data)


def _parsed(name: str, raw: bytes) -> dict[str, Any]:
    """The data of one file; its nodes are not checked yet."""
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        raise BpError(f"{name} is not JSON", HINT) from None
    if not isinstance(data, dict) or not {"schema_version", "as_of", "summary", "nodes"} <= data.keys():
        raise BpError(f"{name} is not a report of bp scan", HINT)
    if not isinstance(data["as_of"], str) or Zone().moment(data["as_of"]) is None:
        raise BpError(f"{name} is not a report of bp scan: `as_of` is not a date", HINT)
    if data["schema_version"] not in (version_1.VERSION, SCHEMA_VERSION):
        raise BpError(f"{name} has schema_version {data['schema_version']!r}, not {SCHEMA_VERSION}", HINT)
    if not isinstance(data["nodes"], list):
        raise BpError(f"{name} is not a report of bp scan: `nodes` is not a list", HINT)
    return version_1.upgraded(data) if data["schema_version"] == version_1.VERSION else data
