"""Bytes to plain data, with the position of everything and every fault; plain data back to YAML.

The verdict is fast, the explanation careful: what the fast reader (``yaml_rs``) declines, and every position that is
needed, is read event by event by the careful one (ruamel.yaml's C parser), which has the last word. ``scalars`` defines
what a scalar means. This package is the only importer of the two libraries.
"""

from blueprint_cli.yamlfile.document import Document, faults, read
from blueprint_cli.yamlfile.dump import dump
from blueprint_cli.yamlfile.limits import Fault, Limits

__all__ = ["Document", "Fault", "Limits", "dump", "faults", "read"]
