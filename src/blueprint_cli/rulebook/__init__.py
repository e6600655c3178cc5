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
    precedence: int = 0
    """Where several rules fail on the same evidence, the one gap is of the rule with the highest; 0: always its own."""


RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule("yaml-syntax", ERROR, "The file is not YAML that can be read.", form=True, blocks=True),
        Rule("not-a-mapping", ERROR, "The file does not hold one mapping of keys to values.", form=True, blocks=True),
        Rule("duplicate-key", ERROR, "A key is set twice in the same mapping.", form=True, blocks=True),
        Rule(
            "unsafe-yaml",
            ERROR,
            "The file uses YAML that no asset needs, or is beyond the limits.",
            form=True,
            blocks=True,
        ),
        Rule("byte-order-mark", WARNING, "The file starts with a byte order mark.", form=True),
        Rule(
            "unsafe-path",
            ERROR,
            "A link, a special file or an unusual name stands where a file is read.",
            form=True,
            blocks=True,
        ),
        Rule("unknown-key", WARNING, "A key is not among those that are known here.", form=True),
        Rule("missing-blueprint", ERROR, "An engagement has no blueprint.yaml.", blocks=True),
        Rule("invalid-blueprint", ERROR, "blueprint.yaml says something that cannot be.", form=True, blocks=True),
        Rule(
            "unknown-archetype",
            ERROR,
            "blueprint.yaml names an archetype that the catalog does not know.",
            form=True,
            blocks=True,
        ),
        Rule(
            "missing-reference-blueprint", ERROR, "The track requires a reference blueprint that is not instantiated."
        ),
        Rule("missing-date", WARNING, "A lifecycle date is absent on which deadlines hang."),
        Rule("missing-asset", ERROR, "A required asset is not there.", blocks=True),
        Rule("invalid-asset", ERROR, "An asset does not say what its schema asks for.", form=True, blocks=True),
        Rule("stale-asset", ERROR, "An asset was not updated for longer than the track allows.", precedence=2),
        Rule("undated-asset", WARNING, "An asset does not say when it was last updated."),
        Rule("future-date", WARNING, "A date lies in the future that cannot."),
        Rule("hollow-refresh", WARNING, "An asset was dated anew and its content was not touched."),
        Rule("duplicate-id", WARNING, "Two entries of one list have the same id.", blueprint_form=True),
        Rule("unresolved-reference", WARNING, "A reference names something that does not exist.", blueprint_form=True),
        Rule("failed-check", WARNING, "A checklist item is not satisfied.", precedence=1),
        Rule("low-pass-rate", ERROR, "Too few checklist items are satisfied for the track."),
        Rule("overdue-cadence", ERROR, "A rhythm that the track asks for was missed.", precedence=3),
        Rule("expired-waiver", WARNING, "A waiver is past its last day."),
        Rule("unused-waiver", WARNING, "A waiver excuses nothing."),
        Rule("policy-change", WARNING, "A change loosens the judgement."),
    )
}

FORM = frozenset(rule.name for rule in RULES.values() if rule.form)
"""What `bp lint` reports in assets."""
BLUEPRINT_FORM = FORM | {rule.name for rule in RULES.values() if rule.blueprint_form}
"""What `bp lint` reports in blueprint.yaml."""
