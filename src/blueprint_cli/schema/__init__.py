"""A document against its JSON Schema: the verdict fast, the explanation careful.

`jsonschema-rs` decides in microseconds whether a document is valid. Only one that is not is validated again by
`jsonschema`, whose errors become defects that a reader without a programmer's background understands. This package
is the only importer of the two libraries.
"""

from blueprint_cli.schema.defect import Defect, DefectKind, Written
from blueprint_cli.schema.store import SchemaStore, Validator

__all__ = ["Defect", "DefectKind", "SchemaStore", "Validator", "Written"]
