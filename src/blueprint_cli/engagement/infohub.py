"""The InfoHub: which file holds each asset of an engagement, its content, and what its schema says of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from blueprint_cli.config import FILE, Config
from blueprint_cli.engagement import markdown
from blueprint_cli.engagement.instance import Instance
from blueprint_cli.engagement.near_names import Near, meant
from blueprint_cli.engagement.node import AssetFile, NodeRef, judge_file
from blueprint_cli.engagement.portfolio import Portfolio
from blueprint_cli.errors import BpError
from blueprint_cli.files.tree import GONE, Change, Kind, Tree, Unreadable, through_link
from blueprint_cli.model import Location
from blueprint_cli.policy.layers import FOLDERS, SCHEMAS
from blueprint_cli.policy.load import Policy
from blueprint_cli.policy.plan import AssetRequirement, Plan
from blueprint_cli.predicates.scope import State
from blueprint_cli.schema import Validator
from blueprint_cli.text import join_path
from blueprint_cli.yamlfile import read

_MAX_LARGEST = 4
"""How many files of the largest size the assets of one engagement may amount to."""

_DATED = (".yaml", ".yml", markdown.SUFFIX)
"""How files end that may be assets, which have an age."""


@dataclass
class InfoHub:
    """The files of all engagements of one tree, under one policy."""

    tree: Tree
    policy: Policy
    config: Config
    policy_tree: Tree | None = None
    """Where the policy comes from, if not from ``tree``: a schema that an instance names is then read there."""

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
        """When at least these files were last committed. The first call walks the history once, for the files of all
        ``nodes``."""
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
        """The file of every asset of a plan, by the asset's name. ``only``: the paths to read; the others count as
        absent."""
        located = {asset.path: self._locate(ref, instance, asset.path) for asset in plan.assets}
        near = self._near(ref, plan, located)
        wanted = [path for path, exists in located.values() if exists and (only is None or path in only)]
        contents = self._bounded(self.read(wanted))
        files: dict[str, AssetFile] = {}
        for asset in plan.assets:
            path, exists = located[asset.path]
            if only is not None and path not in only:
                file = AssetFile(path, State.ABSENT)
            else:
                file = self._file(path, contents.get(path), asset) if exists else self._missing(path)
            files[asset.path] = replace(file, near=near[path]) if path in near else file
        return files

    def _near(self, ref: NodeRef, plan: Plan, located: Mapping[str, tuple[str, bool]]) -> Mapping[str, Near]:
        """By path of an asset that does not exist, the file that was probably meant."""
        absent = [path for path, exists in located.values() if not exists]
        there = [path for path, exists in located.values() if exists]
        files = self.strays(ref, plan, there) if absent else ()
        return meant(absent, there, files) if files else {}

    def strays(self, ref: NodeRef, plan: Plan, assets: Iterable[str]) -> list[str]:
        """The files below an engagement's directory that nothing reads: neither ``assets``, the paths of its assets,
        nor what else has a name here, nor what belongs to an engagement in a directory of its own."""
        read = {*assets}
        read |= {str(asset.schema) for asset in plan.assets if asset.own_schema}
        read |= {ref.blueprint or "", *ref.others, ref.report or "", FILE}
        unplanned = plan.archetype.assets.keys() - plan.assets_by_path.keys()
        read |= {join_path(ref.path, root, name) for name in unplanned for root in self.config.infohub_roots}
        below = self.portfolio.below(ref.path)
        if read.issuperset(below):  # nearly always
            return []
        inner = tuple(f"{folder}/" for folder in self.portfolio.nested(ref.path, below))
        policy = tuple(join_path(folder, name) + "/" for folder in self.config.catalog_folders for name in FOLDERS)
        left_out = (*inner, *policy)
        return [
            path
            for path in below
            if path not in read and not path.startswith(left_out) and not path.rpartition("/")[2].startswith(".git")
        ]

    def _bounded(self, contents: Mapping[str, bytes | Unreadable]) -> Mapping[str, bytes | Unreadable]:
        """Files that are each within the limit may be too much together: those after the limit are not read."""
        left = limit = _MAX_LARGEST * self.config.limits.file_bytes
        if sum(len(raw) for raw in contents.values() if isinstance(raw, bytes)) <= limit:
            return contents
        message = f"is not read: the assets of this engagement have more than {limit:,} bytes together"
        bounded: dict[str, bytes | Unreadable] = {}
        for path, raw in contents.items():
            left -= len(raw) if isinstance(raw, bytes) else 0
            bounded[path] = raw if left >= 0 or isinstance(raw, Unreadable) else Unreadable("unsafe-yaml", message)
        return bounded

    def _locate(self, ref: NodeRef, instance: Instance, asset: str) -> tuple[str, bool]:
        """The real path of an asset, and whether it exists: as mapped, else in the first root that has it."""
        entries = self.portfolio.entries
        mapped = instance.path_map.get(asset)
        if mapped is not None:
            path = self.portfolio.spelt(join_path(ref.path, mapped))
            return path, path in entries
        spelt = self.portfolio.spelt
        candidates = [spelt(join_path(ref.path, root, asset)) for root in self.config.infohub_roots]
        for path in candidates:
            if path in entries:
                return path, True
        return candidates[0], False

    def _missing(self, path: str) -> AssetFile:
        """An asset that does not exist: absent, unless a link or a special file is in the place of its directory."""
        folder = path.rpartition("/")[0]
        while folder:
            kind = self.portfolio.entries.get(folder)
            if kind in (Kind.SYMLINK, Kind.SPECIAL):
                return AssetFile(path, State.BROKEN, unreadable=through_link(folder))
            folder = folder.rpartition("/")[0]
        # Git lists neither pipes nor directories: among the files of its trees they do not exist.
        raw = self.read([path])[path] if ".." not in path.split("/") else GONE
        if isinstance(raw, Unreadable) and raw != GONE:
            return AssetFile(path, State.BROKEN, unreadable=raw)
        return AssetFile(path, State.ABSENT)

    def _file(self, path: str, raw: bytes | Unreadable | None, asset: AssetRequirement) -> AssetFile:
        if raw is None:
            return AssetFile(path, State.ABSENT)
        try:
            validator = self._asset_validator(asset)
        except BpError:  # reported as a gap of the instance that names the schema
            validator = None
        if asset.path.endswith(markdown.SUFFIX):
            front = validator if asset.own_schema else None
            return markdown.judge(path, raw, self.config, front)
        document = None if isinstance(raw, Unreadable) else read(raw, self.config.limits)
        return judge_file(path, raw, document, validator, self.config.timezone)

    def _asset_validator(self, asset: AssetRequirement) -> Validator | None:
        if asset.schema is None:
            return None
        if asset.additional is not None and asset.own_schema:
            return self.own_validator(asset.schema)
        depth = asset.depth if asset.depth in self.policy.store.depths(asset.schema) else None
        return self.validator(asset.schema, depth)

    def own_validator(self, path: str, tree: Tree | None = None) -> Validator | None:
        """The validator of a schema that an instance names by its path from the repository root.

        It is part of the policy: if that comes from another tree which has the schema, it is read there, unless
        ``tree`` is given. Raises BpError where the file does not exist or is not a schema.
        """
        for folder in self.config.catalog_folders:
            name = path.removeprefix(join_path(folder, SCHEMAS) + "/")
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
        """By path, the names of those assets among ``names`` that exist although nothing requires them."""
        entries = self.portfolio.entries
        return {
            path: name
            for name in sorted(names)
            if not name.endswith(markdown.SUFFIX)
            for root in self.config.infohub_roots
            if (path := join_path(ref.path, root, name)) in entries
        }

    def reported(self, ref: NodeRef) -> tuple[object, Location | None]:
        """As-of of the committed gap report as written, and where it says so."""
        if ref.report is None or ref.report not in self.portfolio.entries or ref.report in self.tree.unmerged:
            return None, None
        raw = self.read([ref.report])[ref.report]
        if isinstance(raw, Unreadable):
            return None, None
        document = read(raw, self.config.limits)
        return document.data.get("as_of") if document.ok else None, Location(ref.report, *document.locate(("as_of",)))
