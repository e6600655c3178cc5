"""What can be judged of assets that their schema finds wrong: whatever does not look at what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from blueprint_cli.engagement.node import AssetFile, Node
from blueprint_cli.jsonpath import Selector
from blueprint_cli.model import DatedBy, Status
from blueprint_cli.policy.rows import Cadence, Check
from blueprint_cli.predicates.answer import Answer
from blueprint_cli.predicates.naming import named
from blueprint_cli.predicates.reads import reads
from blueprint_cli.predicates.scope import Place, Scope, State
from blueprint_cli.rules.context import Context
from blueprint_cli.times import Moment


@dataclass(frozen=True)
class InvalidToo:
    """The facts of an engagement, with the data of its invalid assets."""

    node: Node
    invalid: Mapping[str, AssetFile]

    @property
    def lifecycle(self) -> Mapping[str, Moment]:
        return self.node.lifecycle

    @property
    def team(self) -> Mapping[str, str]:
        return self.node.team

    @property
    def reported(self) -> Moment | None:
        return self.node.reported

    def document(self, asset: str) -> tuple[State, Any]:
        file = self.invalid.get(asset)
        return self.node.document(asset) if file is None else (State.THERE, _data(file))

    def selected(self, asset: str, select: Selector) -> list[Any]:
        return select.values(self.document(asset)[1])

    def dated(self, asset: str) -> tuple[int | None, DatedBy]:
        return self.node.dated(asset)


def scope(context: Context, row: Check | Cadence) -> Scope | Answer | None:
    """The scope in which a row can be judged although assets that it looks at are invalid.

    An answer where it looks at what is wrong; None where no such asset is invalid, or one of them cannot be read.
    """
    looked_at = {read.asset for read in reads(row.requires, row.asset)} | {row.asset}
    broken = {name: context.node.files[name] for name in looked_at if name in context.broken}
    if not broken or not all(_is_readable(file) for file in broken.values()):
        return None
    plain = context.scope(row.asset)
    facts = InvalidToo(context.node, broken)
    whole = plain._replace(facts=facts, data=facts.document(row.asset)[1] if row.asset else None)
    for read in sorted(reads(row.requires, row.asset), key=lambda read: (read.asset or "", read.path)):
        file = broken.get(read.asset or "")
        for defect in file.defects if file else ():
            path = defect.path if defect.key is None or defect.unknown_key else (*defect.path, defect.key)
            if not defect.unknown_key and read.touches(path):
                where = named(whole, Place(read.asset, path)) + (f" of {read.asset}" if read.asset != row.asset else "")
                return Answer(Status.NOT_EVALUABLE, f"invalid at {where}")
    return whole


def _is_readable(file: AssetFile) -> bool:
    return file.document is not None and file.document.ok and isinstance(file.document.data, dict)


def _data(file: AssetFile) -> Any:
    return file.document.data if file.document is not None else None
