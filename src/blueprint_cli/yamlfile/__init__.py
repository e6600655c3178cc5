"""Bytes to plain data, with the position of everything and every fault; plain data back to YAML.

The verdict is fast, the explanation careful. ``read`` gives the file to a fast reader (``yaml_rs``), which accepts the
many files without a fault. What it declines is read again, event by event, by the careful one (ruamel.yaml's C parser),
which knows positions, explains faults and has the last word. ``locate`` reads carefully too, once per document and only
where a position is needed.

``scalars`` defines what a scalar means, ``careful`` what is refused although YAML has it. This package is the only
importer of ``yaml_rs`` and ``ruamel.yaml``.
"""

from blueprint_cli.yamlfile.document import Document, read
from blueprint_cli.yamlfile.dump import dump
from blueprint_cli.yamlfile.limits import Fault, Limits

__all__ = ["Document", "Fault", "Limits", "dump", "read"]
