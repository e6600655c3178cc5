"""What a run did not look at, beside what its engagements say of themselves."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from blueprint_cli.model.fields import Count, Path
from blueprint_cli.model.gap import Value


class What(StrEnum):
    """Why something was not looked at."""

    LINK = "link"
    """It is a symbolic link."""
    BOUNDARY = "boundary"
    """It is a submodule, or a repository of its own."""
    EXCLUDED = "excluded"
    """The settings exclude it."""
    OTHER_REALM = "other_realm"
    """It is an engagement outside of the realms that the settings name."""


@dataclass(frozen=True, slots=True)
class Unexamined(Value):
    """Something that was not looked at."""

    what: What
    path: Path
    """Its path; of what is excluded the glob."""
    number: Count = 1
    """How many files it stands for, where it is a glob."""
