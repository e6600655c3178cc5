"""Bytes to plain data, with every place and every fault; plain data back to YAML.

The verdict is fast, the explanation careful. ``read`` gives the file to a fast reader (``yaml_rs``), which
accepts the many files that are fine. What it declines is read again, event by event, by the careful one
(ruamel.yaml's C parser), which knows positions, explains faults and has the last word. ``locate`` reads
carefully too, once per document and only when somebody asks.

What a scalar means is said in ``scalars``; what is refused although YAML has it, in ``careful``. This package
is the only importer of ``yaml_rs`` and ``ruamel.yaml``.
"""

from blueprint_cli.yamlfile.document import Document, read
from blueprint_cli.yamlfile.dump import dump
from blueprint_cli.yamlfile.limits import Fault, Limits

__all__ = ["Document", "Fault", "Limits", "dump", "read"]
