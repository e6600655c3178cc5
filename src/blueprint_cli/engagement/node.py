"""One engagement, as read: its instance, its documents, and the place of every value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from blueprint_cli.engagement.instance import Instance
from blueprint_cli.engagement.near_names import Near
from blueprint_cli.files.tree import Unreadable
from blueprint_cli.jsonpath import Selector
from blueprint_cli.model import DatedBy, Location
from blueprint_cli.predicates.scope import Place, State
from blueprint_cli.schema import Defect, Validator, Written
from blueprint_cli.times import Moment, Zone, is_date, offset
from blueprint_cli.yamlfile import Document

_NO_DOCUMENT = (State.ABSENT, None)


@dataclass(frozen=True, slots=True)
class NodeRef:
    """Where an engagement is: names from its path, and the paths of its blueprint and report."""

    realm: str
    node: str
    path: str
    """Its directory from the repository root; empty for the root itself."""
    blueprint: str | None
    """Path of its blueprint.yaml; None where it is missing."""
    report: str | None
    """Path of its gap report; None where none is written."""
    why: str = ""
    """Why a blueprint is expected, where it is missing."""
    expected_at: Location | None = None
    """What expects the missing blueprint, or is in its place."""
    wanted: str = "blueprint.yaml"
    """The file name of the missing blueprint."""
    others: tuple[str, ...] = ()
    """Further blueprints in the same directory: an engagement has only one."""

    @property
    def name(self) -> str:
        """REALM/NODE."""
        return f"{self.realm}/{self.node}"


@dataclass(frozen=True)
class AssetFile:
    """The file of an asset: its real path, its document, and what is wrong with it."""

    path: str
    state: State
    document: Document | None = None
    unreadable: Unreadable | None = None
    defects: tuple[Defect, ...] = ()
    near: Near | None = None
    """The file that was probably meant, where this one is absent."""

    @property
    def data(self) -> Any:
        """Its data; None where it cannot be judged."""
        return self.document.data if self.document is not None and self.state is State.THERE else None

    @property
    def undated(self) -> bool:
        """Whether its document can be read, but declares no `last_updated` that is a date."""
        data = self.document.data if self.document is not None else None
        if not isinstance(data, dict):
            return False
        declared = data.get("last_updated")
        return not (isinstance(declared, str) and is_date(declared))


@dataclass(frozen=True)
class Node:
    """What rules may know of an engagement."""

    ref: NodeRef
    instance: Instance
    blueprint: Document
    zone: Zone
    as_of: Moment
    files: Mapping[str, AssetFile]
    """By the catalog's name of the asset."""
    commit_days: Mapping[str, int]
    """Day of the last commit by path, for files that declare no date, where Git knows it."""
    reported: Moment | None
    """As-of of the report that counts as the last gap scan."""
    reported_at: Location | None
    """Where that report says so."""
    strays: tuple[str, ...] = ()
    """The files in its directory that nothing reads."""

    @property
    def lifecycle(self) -> Mapping[str, Moment]:
        """The dates that deadlines depend on."""
        return self.instance.lifecycle

    @property
    def team(self) -> Mapping[str, str]:
        """The person who holds each role."""
        return self.instance.team

    def document(self, asset: str) -> tuple[State, Any]:
        """State and data of an asset; one that no instantiated reference blueprint requires is absent."""
        return self._documents.get(asset, _NO_DOCUMENT)

    @cached_property
    def _documents(self) -> dict[str, tuple[State, Any]]:
        """Kept, because a node's thirty assets are looked up a hundred times."""
        return {asset: (file.state, file.data) for asset, file in self.files.items()}

    @cached_property
    def _selected(self) -> dict[tuple[str, Selector], list[Any]]:
        return {}

    def selected(self, asset: str, select: Selector) -> list[Any]:
        """What a query selects in the document of an asset.

        Kept, because a check and its cadence use the same entries: 27 of a node's 90 queries are repeated.
        """
        known = self._selected.get((asset, select))
        if known is None:
            known = self._selected[asset, select] = select.values(self.document(asset)[1])
        return known

    @cached_property
    def _dated(self) -> dict[str, tuple[int | None, DatedBy]]:
        return {}

    def dated(self, asset: str) -> tuple[int | None, DatedBy]:
        """The day from which an asset's age counts, and its source; a date in the future counts as today.

        It is `last_updated`, else the last commit, or a later review that says who made it.
        """
        if asset not in self._dated:
            self._dated[asset] = self._date(asset)
        return self._dated[asset]

    def _date(self, asset: str) -> tuple[int | None, DatedBy]:
        file = self.files.get(asset)
        if file is None or file.document is None or not isinstance(file.document.data, dict):
            return None, DatedBy.UNKNOWN
        declared = self.zone.moment(file.document.data.get("last_updated"))
        reviewed = self._reviewed(file.document.data)
        if declared is not None:
            return min(max(declared.day, reviewed or declared.day), self.as_of.day), DatedBy.DECLARED
        day = self.commit_days.get(file.path)
        if reviewed is not None and (day is None or reviewed >= day):
            return min(reviewed, self.as_of.day), DatedBy.DECLARED
        return (None, DatedBy.UNKNOWN) if day is None else (min(day, self.as_of.day), DatedBy.GIT)

    def _reviewed(self, data: Mapping[str, Any]) -> int | None:
        """The day of a review that somebody answers for; a date without a name does not show that anybody looked."""
        by, moment = data.get("reviewed_by"), self.zone.moment(data.get("reviewed_at"))
        return moment.day if moment is not None and isinstance(by, str) and by.strip() else None

    def locate(self, place: Place) -> Location:
        """Where a value is: in an asset's real file, or in blueprint.yaml for a place without an asset."""
        if place.asset is None:
            return self.in_blueprint(*place.path)
        file = self.files.get(place.asset)
        if file is None:
            return self.in_blueprint()
        if file.state is State.ABSENT:
            return Location(file.path)
        if file.document is None:
            return Location(file.path, 1, 1)
        return Location(file.path, *file.document.locate(place.path))

    def in_blueprint(self, *path: str | int) -> Location:
        """Where a value is in blueprint.yaml."""
        return Location(self.ref.blueprint or self.ref.path, *self.blueprint.locate(path))


def judge_file(
    path: str, raw: bytes | Unreadable, document: Document | None, validator: Validator | None, zone: str
) -> AssetFile:
    """An asset from its bytes: whether it can be read, and what its schema says of it.

    ``zone``: that in which a time without offset is meant.
    """
    if isinstance(raw, Unreadable):
        return AssetFile(path, State.BROKEN, unreadable=raw)
    if document is None or not document.ok:
        return AssetFile(path, State.BROKEN, document)
    if validator is None or validator.is_valid(document.data):
        return AssetFile(path, State.THERE, document)
    defects = validator.defects(document.data, Written(document.written, offset(zone)))
    broken = not all(defect.unknown_key for defect in defects)
    return AssetFile(path, State.BROKEN if broken else State.THERE, document, defects=defects)
