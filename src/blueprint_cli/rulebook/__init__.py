"""Every rule: its name, its default severity, a summary, and what follows from a gap of it.

The name says the fault and is never used again for another one. The manual page is ``manual/<name>.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

from blueprint_cli.model import Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of fault. The severity holds where neither the track nor the archetype sets another one."""

    name: str
    severity: Severity
    summary: str
    """A sentence, without line breaks."""
    form: bool = False
    """A fault of a file's form, whatever the day and whatever else exists: `bp lint` reports it."""
    blueprint_form: bool = False
    """`bp lint` reports it in blueprint.yaml, but not in assets."""
    blocks: bool = False
    """An asset with this fault cannot be judged, nor an engagement whose blueprint.yaml has it."""
    unreadable: bool = False
    """Nothing at all is known of a file that has this fault. A waiver makes it a warning, but does not remove it."""
    consequence: bool = False
    """It follows from other gaps: reports list it after them."""
    precedence: int = 0
    """Where several rules fail on the same evidence, the one gap is of the rule with the highest; 0: always its own."""


RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule("yaml-syntax", ERROR, "The file is not valid YAML.", form=True, blocks=True, unreadable=True),
        Rule(
            "not-a-mapping",
            ERROR,
            "The file does not hold one mapping of keys to values.",
            form=True,
            blocks=True,
            unreadable=True,
        ),
        Rule("duplicate-key", ERROR, "A mapping has the same key twice.", form=True, blocks=True, unreadable=True),
        Rule(
            "unsafe-yaml",
            ERROR,
            "The file uses forbidden YAML, or exceeds a limit.",
            form=True,
            blocks=True,
            unreadable=True,
        ),
        Rule("byte-order-mark", WARNING, "The file starts with a byte order mark.", form=True),
        Rule("number-key", WARNING, "A key is a number, which is read as text.", form=True),
        Rule(
            "unsafe-path",
            ERROR,
            "A path is a link, a special file or has an unsafe name.",
            form=True,
            blocks=True,
            unreadable=True,
        ),
        Rule("unknown-key", WARNING, "A key is not defined by the schema.", form=True),
        Rule("missing-blueprint", ERROR, "An engagement has no blueprint.yaml.", blueprint_form=True, blocks=True),
        Rule("invalid-blueprint", ERROR, "blueprint.yaml is not valid.", form=True, blocks=True),
        Rule("duplicate-name", WARNING, "Two engagements have the same name."),
        Rule("unknown-archetype", ERROR, "The archetype is not in the catalog.", form=True, blocks=True),
        Rule("missing-reference-blueprint", ERROR, "A reference blueprint that the track requires is missing."),
        Rule("missing-owner", WARNING, "Nobody in the team owns a reference blueprint that the track requires."),
        Rule("missing-date", WARNING, "A lifecycle date that deadlines depend on is missing."),
        Rule("missing-asset", ERROR, "A required asset is missing.", blocks=True),
        Rule("misnamed-file", WARNING, "A file has nearly the name of an asset, and is not read.", form=True),
        Rule("invalid-asset", ERROR, "An asset does not satisfy its schema.", form=True, blocks=True),
        Rule("stale-asset", ERROR, "An asset is older than the track allows.", precedence=2),
        Rule("undated-asset", WARNING, "An asset does not say when it was last updated."),
        Rule("future-date", WARNING, "A date that must be in the past is in the future."),
        Rule("contradiction", WARNING, "Two statements about the same thing disagree."),
        Rule("hollow-refresh", WARNING, "The date of an asset is new, but its content has not changed."),
        Rule("duplicate-id", WARNING, "Two entries of a list have the same id.", blueprint_form=True),
        Rule("unresolved-reference", WARNING, "A reference names something that does not exist.", blueprint_form=True),
        Rule("failed-check", WARNING, "A checklist item is not satisfied.", precedence=1),
        Rule("low-pass-rate", ERROR, "Fewer checklist items are satisfied than the track requires.", consequence=True),
        Rule("overdue-cadence", ERROR, "A recurring activity that the track requires is overdue.", precedence=3),
        Rule("expired-waiver", WARNING, "A waiver has expired."),
        Rule("long-waiver", WARNING, "A waiver lasts longer than the policy allows."),
        Rule("unused-waiver", WARNING, "A waiver excuses nothing."),
        Rule("policy-change", WARNING, "A change lowers the requirements."),
    )
}

COMPLETENESS = frozenset({"missing-asset", "invalid-asset", "stale-asset"})
"""The rules whose severity is that of the archetype's completeness row, where it has one."""
FORM = frozenset(rule.name for rule in RULES.values() if rule.form)
"""What `bp lint` reports in assets."""
BLUEPRINT_FORM = FORM | {rule.name for rule in RULES.values() if rule.blueprint_form}
"""What `bp lint` reports in blueprint.yaml."""
