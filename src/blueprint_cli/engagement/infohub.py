"""The InfoHub: which file holds each asset of an engagement, what is in it, and what its schema says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from blueprint_cli.config import Config
from blueprint_cli.engagement import markdown
from blueprint_cli.engagement.instance import Instance
from blueprint_cli.engagement.node import AssetFile, NodeRef, judge_file
from blueprint_cli.engagement.portfolio import Portfolio
from blueprint_cli.errors import BpError
from blueprint_cli.files.tree import GONE, Change, Kind, Tree, Unreadable, behind
from blueprint_cli.model import Location
from blueprint_cli.policy.layers import SCHEMAS
from blueprint_cli.policy.load import Policy
from blueprint_cli.policy.plan import AssetRequirement, Plan
from blueprint_cli.predicates.scope import State
from blueprint_cli.schema import Validator
from blueprint_cli.yamlfile import read

_TOGETHER = 4
"""Files of the largest size that the assets of one engagement may fill."""

_DATED = (".yaml", ".yml", markdown.SUFFIX)
"""Files that may be assets, which have an age."""


@dataclass
class InfoHub:
    """The files of all engagements of one tree, under one policy."""

    tree: Tree
    policy: Policy
    config: Config
    policy_tree: Tree | None = None
    """Where the policy comes from, if from elsewhere: a schema that an instance names is then taken from there."""

    _changes: dict[str, Change] = field(init=False, repr=False, default_factory=dict)

    @cached_property
    def portfolio(self) -> Portfolio:
        """The engagements of the tree."""
        return Portfolio(self.tree, self.config, self.policy.catalog)

    def close(self) -> None:
        """Close what the trees have open; they open it again when they are read again."""
        self.tree.close()
        if self.policy_tree is not None:
            self.policy_tree.close()

    def read(self, paths: Iterable[str]) -> Mapping[str, bytes | Unreadable]:
        """The bytes of files, none larger than the limit."""
        return dict(self.tree.read(paths, self.config.limits.file_bytes))

    def last_changes(self, paths: Iterable[str], nodes: Iterable[NodeRef]) -> Mapping[str, Change]:
        """When at least these files were last committed. The first question walks the history, once for the files of
        all ``nodes``."""
        missing = {path for path in paths if path not in self._changes}
        if missing:
            below = (path for ref in nodes for path in self.portfolio.below(ref.path))
            near = {path for path in below if path.endswith(_DATED)}
            self._changes.update(self.tree.last_changes(sorted(missing | near)))
        return self._changes

    def validator(self, schema: str, depth: str | None = None) -> Validator:
        """The validator of a schema of the policy."""
        return self.policy.store.validator(schema, depth)

    def files(
        self, ref: NodeRef, instance: Instance, plan: Plan, only: Collection[str] | None = None
    ) -> dict[str, AssetFile]:
        """Every asset of a plan as it was found, by its name. ``only``: the paths that are looked into; what lies
        elsewhere counts as absent."""
        found = {one.path: self._find(ref, instance, one.path) for one in plan.assets}
        if only is not None:
            found = {name: (path, there and path in only) for name, (path, there) in found.items()}
        contents = self._within_reason(self.read([path for path, there in found.values() if there]))
        files: dict[str, AssetFile] = {}
        for one in plan.assets:
            path, there = found[one.path]
            files[one.path] = self._file(path, contents.get(path), one) if there else self._lacking(path)
        return files

    def _within_reason(self, contents: Mapping[str, bytes | Unreadable]) -> Mapping[str, bytes | Unreadable]:
        """Files that are each within the limit may be too much together: what is beyond that is not looked into."""
        left = most = _TOGETHER * self.config.limits.file_bytes
        if sum(len(raw) for raw in contents.values() if isinstance(raw, bytes)) <= most:
            return contents
        message = f"is not read: the assets of this engagement have more than {most:,} bytes together"
        kept: dict[str, bytes | Unreadable] = {}
        for path, raw in contents.items():
            left -= len(raw) if isinstance(raw, bytes) else 0
            kept[path] = raw if left >= 0 or isinstance(raw, Unreadable) else Unreadable("unsafe-yaml", message)
        return kept

    def _find(self, ref: NodeRef, instance: Instance, asset: str) -> tuple[str, bool]:
        """The real path of an asset, and whether anything is there: as mapped, else in the first root that has it."""
        entries = self.portfolio.entries
        mapped = instance.path_map.get(asset)
        if mapped is not None:
            path = _join(ref.path, mapped)
            return path, path in entries
        candidates = [_join(ref.path, root, asset) for root in self.config.infohub_roots]
        for path in candidates:
            if path in entries:
                return path, True
        return candidates[0], False

    def _lacking(self, path: str) -> AssetFile:
        """An asset that is not there: absent, unless something that is no directory stands in its way."""
        folder = path.rpartition("/")[0]
        while folder:
            kind = self.portfolio.entries.get(folder)
            if kind in (Kind.SYMLINK, Kind.SPECIAL):
                return AssetFile(path, State.BROKEN, unreadable=behind(folder))
            folder = folder.rpartition("/")[0]
        # Git lists neither pipes nor directories: to a tree of its files they are not there.
        raw = self.read([path])[path] if ".." not in path.split("/") else GONE
        if isinstance(raw, Unreadable) and raw != GONE:
            return AssetFile(path, State.BROKEN, unreadable=raw)
        return AssetFile(path, State.ABSENT)

    def _file(self, path: str, raw: bytes | Unreadable | None, one: AssetRequirement) -> AssetFile:
        if raw is None:
            return AssetFile(path, State.ABSENT)
        try:
            validator = self._asset_validator(one)
        except BpError:  # told as a gap of the instance that names the schema
            validator = None
        if one.path.endswith(markdown.SUFFIX):
            return markdown.judge(path, raw, self.config.limits, validator if one.asset.schema is not None else None)
        document = None if isinstance(raw, Unreadable) else read(raw, self.config.limits)
        return judge_file(path, raw, document, validator)

    def _asset_validator(self, one: AssetRequirement) -> Validator | None:
        if one.schema is None:
            return None
        if one.additional is not None and one.asset.schema is not None:
            return self.own_validator(one.schema)
        depth = one.depth if one.depth in self.policy.store.depths(one.schema) else None
        return self.validator(one.schema, depth)

    def own_validator(self, path: str, tree: Tree | None = None) -> Validator | None:
        """The validator of a schema that an instance names by its path from the repository root.

        It is part of the policy: where that comes from another tree which has the schema, it is read there,
        unless ``tree`` says otherwise. Raises BpError where there is none, or where it is no schema.
        """
        for folder in self.config.catalog:
            name = path.removeprefix(_join(folder, SCHEMAS) + "/")
            if name != path and name in self.policy.store:
                return self.validator(name)
        if path not in self.portfolio.entries:
            raise BpError(f"there is no schema {path}")
        if tree is None:
            other = self.policy_tree
            tree = other if other is not None and path in other.entries() else self.tree
        _, raw = next(iter(tree.read([path], self.config.limits.file_bytes)))
        if isinstance(raw, Unreadable):
            raise BpError(f"{path} {raw.message}")
        return self.policy.with_schema(path, raw).validator(path)

    def unrequired(self, ref: NodeRef, names: Iterable[str]) -> dict[str, str]:
        """Path to name of the assets among ``names`` that are there although no requirement speaks of them."""
        entries = self.portfolio.entries
        return {
            path: name
            for name in sorted(names)
            if not name.endswith(markdown.SUFFIX)
            for root in self.config.infohub_roots
            if (path := _join(ref.path, root, name)) in entries
        }

    def reported(self, ref: NodeRef) -> tuple[object, Location | None]:
        """What the report that is on record says of its moment, and where."""
        if ref.report is None or ref.report not in self.portfolio.entries:
            return None, None
        raw = self.read([ref.report])[ref.report]
        if isinstance(raw, Unreadable):
            return None, None
        document = read(raw, self.config.limits)
        return document.data.get("as_of") if document.ok else None, Location(ref.report, *document.locate(("as_of",)))


def _join(*parts: str) -> str:
    return "/".join(part.strip("/") for part in parts if part not in ("", "."))
