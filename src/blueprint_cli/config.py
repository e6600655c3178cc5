"""The configuration: flags over environment over ``bp.yaml`` over defaults, each value with its origin."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from fnmatch import translate
from functools import cached_property
from typing import Any

from blueprint_cli.errors import BpError, PolicyError
from blueprint_cli.files.tree import Unreadable
from blueprint_cli.schema import Written
from blueprint_cli.text import normal
from blueprint_cli.yamlfile import Document, Limits, read

FILE = "bp.yaml"
SCHEMA = "config.schema.json"
FAIL_ON = ("error", "warning", "note", "never")
ENVIRONMENT = {"BP_AS_OF": "as_of", "BP_FAIL_ON": "fail_on", "BP_FORMAT": "format", "BP_TIMEZONE": "timezone"}


@dataclass(frozen=True)
class Config:
    """The settings of a run. Globs match paths from the repository root; ``*`` crosses slashes."""

    realms: tuple[str, ...] = (".",)
    nodes: tuple[str, ...] = ()
    root_name: str | None = None
    infohub_roots: tuple[str, ...] = (".",)
    exclude: tuple[str, ...] = ()
    catalog: tuple[str, ...] = (".",)
    timezone: str = "UTC"
    fail_on: str = "error"
    format: str = "text"
    as_of: str | None = None
    report_write: bool = True
    report_path: str | None = None
    hollow_refresh: bool = True
    git_clock: bool = False
    limits: Limits = field(default_factory=Limits)
    origins: Mapping[str, str] = field(default_factory=dict)  # where each value that is not a default comes from
    file: str | None = None  # path of the configuration file that was read
    document: Document | None = None
    lifted: tuple[str, ...] = ()
    """The limits to realms that do not count, because the user names paths."""

    def origin(self, name: str) -> str:
        """Where a value was set: ``default``, ``flag``, an environment variable, or a file with its line."""
        source = self.origins.get(name, "default")
        if self.document is not None and source == self.file:
            return f"{source}:{self.document.locate(_place(name))[0]}"
        return source

    @cached_property
    def _excluded(self) -> re.Pattern[str] | None:
        return globs(self.exclude)

    @cached_property
    def _realms(self) -> re.Pattern[str] | None:
        return None if "." in self.realms else globs(self.realms)

    @cached_property
    def catalog_folders(self) -> tuple[str, ...]:
        """The directories of the catalog from the repository's root, which is ""; one outside begins with `..`."""
        names = (posixpath.normpath(name.strip("/")) for name in self.catalog)
        return tuple("" if name == "." else name for name in names)

    def covers(self, path: str) -> bool:
        """Whether a path lies in one of the realms' directories and is not excluded."""
        return not self.excludes(path) and self.in_realms(path)

    def excludes(self, path: str) -> bool:
        """Whether a path is excluded, wherever it lies."""
        return self._excluded is not None and self._excluded.match(normal(path)) is not None

    def in_realms(self, path: str) -> bool:
        """Whether a path lies in one of the realms' directories."""
        return self._realms is None or self._realms.match(normal(path)) is not None

    @cached_property
    def _lifted(self) -> re.Pattern[str] | None:
        return globs(self.lifted)

    def in_configured_realms(self, path: str) -> bool:
        """The same as configured, whether or not the limits are lifted."""
        return self.in_realms(path) and (self._lifted is None or self._lifted.match(normal(path)) is not None)

    def everywhere(self) -> Config:
        """The same without limits to realms: a path that the user names is judged wherever it lies."""
        return replace(self, realms=(".",), lifted=self.realms if "." not in self.realms else ())

    def values(self) -> dict[str, Any]:
        """Every value by the name that users write."""
        hidden = {"origins", "file", "document", "limits", "lifted"}
        shown = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in hidden}
        shown = {name.replace("report_", "report."): value for name, value in shown.items()}
        return shown | {f"limits.{limit.name}": getattr(self.limits, limit.name) for limit in fields(self.limits)}


def globs(patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    """One pattern for paths (with composed letters) that match a glob, or lie below a directory that does."""
    parts = [translate(normal(glob).strip("/").removeprefix("./")).removesuffix(r"\Z") for glob in patterns]
    parts = [part.removesuffix(r"\z") for part in parts]
    return re.compile(f"(?:{'|'.join(parts)})(?:/.*)?\\Z", re.DOTALL) if parts else None


def parse(raw: bytes | Unreadable, path: str, validator: Any) -> Config:
    """The configuration of a file. Raises PolicyError with file, line, key and the keys that exist."""
    if isinstance(raw, Unreadable):
        raise PolicyError("the configuration cannot be read:", [f"{path}: {raw.message}"])
    document = read(raw)
    if not document.ok and not _empty(raw):
        raise PolicyError("the configuration is not valid:", [f"{path}:{fault}" for fault in document.faults])
    data = document.data or {}
    problems = [
        f"{path}:{document.position(defect.place)}: {defect.message}"
        for defect in validator.defects(data, Written(document.written))
    ]
    if problems:
        raise PolicyError("the configuration is not valid:", problems)
    return _config(data, path, document)


def _empty(raw: bytes) -> bool:
    lines = (line.strip() for line in raw.splitlines())
    return all(not line or line.startswith(b"#") for line in lines)


def _config(data: Mapping[str, Any], path: str, document: Document) -> Config:
    given: dict[str, Any] = {}
    for key, value in data.items():
        if key == "report":
            given |= {f"report_{name}": inner for name, inner in value.items()}
        elif key == "limits":
            given["limits"] = Limits(**value)
        elif key == "catalog" and isinstance(value, str):
            given[key] = (value,)
        elif not key.startswith("x-"):
            given[key] = tuple(value) if isinstance(value, list) else value
    return Config(**given, origins=dict.fromkeys(given, path), file=path, document=document)


def _place(name: str) -> tuple[str, ...]:
    return ("report", name.removeprefix("report_")) if name.startswith("report_") else (name,)


def override(config: Config, flags: Mapping[str, Any], environment: Mapping[str, str]) -> Config:
    """The configuration with the values of environment variables and flags; a flag of None sets nothing."""
    variables = {name: variable for variable, name in ENVIRONMENT.items() if environment.get(variable)}
    by_flag = {name: value for name, value in flags.items() if value is not None}
    given = {name: environment[variable] for name, variable in variables.items()} | by_flag
    origins = {**config.origins, **variables, **dict.fromkeys(by_flag, "flag")}
    changed = replace(config, **given, origins=origins)
    if changed.fail_on not in FAIL_ON:
        raise BpError(
            f"`{changed.fail_on}` is not a severity to fail on ({changed.origin('fail_on')})",
            f"Choose one of {', '.join(FAIL_ON)}.",
        )
    return changed
