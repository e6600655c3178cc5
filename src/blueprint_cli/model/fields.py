"""What is known of a field of a report beside its type: what kind of text it is, its limits, its key in the file.

From the types, these annotations and the text below each field come the writer and the reader (``report.data``), what
``--redact`` hides, what is cut to a bounded length, and the JSON Schema of gap reports (``tools/gen_schema.py``).
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Annotated, Any, NamedTuple


class Text(Enum):
    """What kind of text a field holds."""

    WORD = auto()  # a word or an id of the catalog or of bp, a title
    FINGERPRINT = auto()
    DATE = auto()
    NAME = auto()  # the name of a realm or of a node
    PERSON = auto()
    ASSET = auto()  # the catalog's name of an asset
    PATH = auto()  # a path as it is in the repository, or as somebody wrote it
    MESSAGE = auto()  # a sentence that bp wrote; it may quote what others wrote
    LIMIT = auto()  # a limit of a policy in words, or where it is set
    REMARK = auto()  # what a person wrote, word for word


class Limits(NamedTuple):
    """Which values a field may have."""

    minimum: int | None = None
    maximum: int | None = None
    one_of: tuple[str | int, ...] = ()


Word = Annotated[str, Text.WORD]
Fingerprint = Annotated[str, Text.FINGERPRINT]
Date = Annotated[str, Text.DATE]  # a day, or a moment with its offset from UTC
Name = Annotated[str, Text.NAME]
Person = Annotated[str, Text.PERSON]
Asset = Annotated[str, Text.ASSET]
Path = Annotated[str, Text.PATH]
Message = Annotated[str, Text.MESSAGE]
Limit = Annotated[str, Text.LIMIT]
Remark = Annotated[str, Text.REMARK]

Count = Annotated[int, Limits(minimum=0)]
Ordinal = Annotated[int, Limits(minimum=1)]
Percent = Annotated[int, Limits(minimum=0, maximum=100)]
Number = Annotated[float, Limits()]
Share = Annotated[float, Limits(minimum=0, maximum=1)]

OMITTED = {"omitted": True}  # metadata of a field whose key is left out where it is None
UNWRITTEN = {"written": False}  # metadata of a field that the file does not have
MERGED = {"merged": True}  # metadata of a mapping whose keys stand beside those of the other fields


def written_as(key: str) -> dict[str, Any]:
    """Metadata of a field whose key in the file is a word that Python reserves."""
    return {"key": key}
