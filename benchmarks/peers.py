"""How long other tools take for the same files. They only validate, or only read the YAML: none of them judges.

A tool that cannot be installed is reported as not installed.
"""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Figure, once, scaled

SCHEMAS = Path(__file__).resolve().parents[1] / "schemas"
CHECK_JSONSCHEMA = "check-jsonschema, our schemas"
LOOP = "plain loop: ruamel.yaml + jsonschema"
YAMLLINT = "yamllint"
AJV = "ajv-cli, our schemas"
_LOOP = """
import sys, json, pathlib
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML
schemas = {p.name.removesuffix(".json"): Draft202012Validator(json.loads(p.read_text()))
           for p in pathlib.Path(sys.argv[1]).glob("*.json")}
for path in sorted(pathlib.Path(sys.argv[2]).rglob("*.yaml")):
    data = YAML().load(path)
    if path.stem in schemas:
        list(schemas[path.stem].iter_errors(data))
"""


def peers(scratch: Path, share: Path, scale: float) -> Iterator[Figure]:
    """All other tools on a share of the engagements, scaled to all of them."""
    schemas = _bundled(scratch / "schemas")
    yield from _python(scratch, schemas, share, scale)
    yield _ajv(scratch / "node", schemas, share, scale)


def _bundled(directory: Path) -> Path:
    """Our schemas as other validators take them: one file each, without addresses and references between files."""
    directory.mkdir()
    shared = json.loads((SCHEMAS / "asset.schema.json").read_text())["$defs"]
    text = json.dumps({f"asset.{name}": schema for name, schema in shared.items()})
    shared = json.loads(text.replace('"#/$defs/', '"#/$defs/asset.'))
    for path in SCHEMAS.glob("C*/*.schema.json"):
        own = path.read_text().replace('"../asset.schema.json#/$defs/', '"#/$defs/asset.')
        schema = json.loads(own)
        schema.pop("$id")
        schema.setdefault("$defs", {}).update(shared)
        (directory / path.name.replace(".schema", "")).write_text(json.dumps(schema))
    return directory


def _python(scratch: Path, schemas: Path, share: Path, scale: float) -> Iterator[Figure]:
    home = scratch / "python"
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    install = [str(home / "bin/pip"), "install", "-q", "check-jsonschema", "yamllint", "jsonschema", "ruamel.yaml"]
    if subprocess.run(install, capture_output=True).returncode:
        for name in (CHECK_JSONSCHEMA, LOOP, YAMLLINT):
            yield Figure(name, math.nan, note="not installed")
        return
    check = [str(home / "bin/check-jsonschema"), "--schemafile"]
    yield _a_call_each(CHECK_JSONSCHEMA, lambda schema, files: [*check, schema, *files], schemas, share, scale)
    engagements = sorted(path.parent for path in share.glob("*/*/blueprint.yaml"))
    loop = [str(home / "bin/python"), "-c", _LOOP, str(schemas)]
    lint = [str(home / "bin/yamllint"), "-d", "relaxed"]
    for name, command in ((LOOP, loop), (YAMLLINT, lint)):
        call = once([*command, str(engagements[0])]), once([*command, str(share)]), len(engagements)
        yield scaled(name, [call], scale, f"on every {scale:g}th engagement, scaled")


def _ajv(home: Path, schemas: Path, share: Path, scale: float) -> Figure:
    home.mkdir()
    if shutil.which("npm") is None:
        return Figure(AJV, math.nan, note="not installed")
    install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "ajv-cli@5", "ajv-formats@2"]
    if subprocess.run(install, cwd=home, capture_output=True).returncode:
        return Figure(AJV, math.nan, note="not installed")
    ajv = [str(home / "node_modules/.bin/ajv"), "validate", "--spec=draft2020", "--strict=false", "--errors=no"]

    def call(schema: str, files: list[str]) -> list[str]:
        return [*ajv, "-s", schema, *(word for path in files for word in ("-d", path))]

    return _a_call_each(AJV, call, schemas, share, scale)


def _a_call_each(name: str, command, schemas: Path, share: Path, scale: float) -> Figure:  # type: ignore[no-untyped-def]
    """A tool that takes one schema in each call: the time of all its calls."""
    calls = []
    for schema in sorted(schemas.glob("*.json")):
        files = [str(path) for path in sorted(share.rglob(f"{schema.stem}.yaml"))]
        if files:
            calls.append((once(command(str(schema), files[:1])), once(command(str(schema), files)), len(files)))
    return scaled(name, calls, scale, f"on every {scale:g}th engagement, scaled; a call for each schema")
