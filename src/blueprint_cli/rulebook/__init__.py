"""Every rule by name, with the weight that it has where neither track nor archetype says otherwise.

A rule name says the fault. Its manual page is ``manual/<name>.md``; a name is never used again for another fault.
"""

from __future__ import annotations

from dataclasses import dataclass

from blueprint_cli.model import Severity

_E, _W = Severity.ERROR, Severity.WARNING


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of fault: its name, its default severity and what it says in a line."""

    name: str
    severity: Severity
    summary: str


RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule("yaml-syntax", _E, "The file is not YAML that can be read."),
        Rule("not-a-mapping", _E, "The file does not hold one mapping of keys to values."),
        Rule("duplicate-key", _E, "A key is set twice in the same mapping."),
        Rule("unsafe-yaml", _E, "The file uses YAML that no asset needs, or is beyond the limits."),
        Rule("byte-order-mark", _W, "The file starts with a byte order mark."),
        Rule("unsafe-path", _E, "A link, a special file or an unusual name stands where a file is read."),
        Rule("unknown-key", _W, "A key is not among those that are known here."),
        Rule("missing-blueprint", _E, "An engagement has no blueprint.yaml."),
        Rule("invalid-blueprint", _E, "blueprint.yaml says something that cannot be."),
        Rule("unknown-archetype", _E, "blueprint.yaml names an archetype that the catalog does not know."),
        Rule(
            "missing-reference-blueprint",
            _E,
            "The track requires a reference blueprint that is not instantiated.",
        ),
        Rule("missing-date", _W, "A lifecycle date is absent on which deadlines hang."),
        Rule("missing-asset", _E, "A required asset is not there."),
        Rule("invalid-asset", _E, "An asset does not say what its schema asks for."),
        Rule("stale-asset", _E, "An asset was not updated for longer than the track allows."),
        Rule("undated-asset", _W, "An asset does not say when it was last updated."),
        Rule("future-date", _W, "A date lies in the future that cannot."),
        Rule("hollow-refresh", _W, "An asset was dated anew and its content was not touched."),
        Rule("duplicate-id", _W, "Two entries of one list have the same id."),
        Rule("unresolved-reference", _W, "A reference names something that does not exist."),
        Rule("failed-check", _W, "A checklist item is not satisfied."),
        Rule("low-pass-rate", _E, "Too few checklist items are satisfied for the track."),
        Rule("overdue-cadence", _E, "A rhythm that the track asks for was missed."),
        Rule("expired-waiver", _W, "A waiver is past its last day."),
        Rule("unused-waiver", _W, "A waiver excuses nothing."),
        Rule("policy-change", _W, "A change loosens the judgement."),
    )
}
