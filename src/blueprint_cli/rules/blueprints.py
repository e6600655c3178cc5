"""The reference blueprint requirement: instantiated where the track requires it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from blueprint_cli.engagement.node import Node
from blueprint_cli.model import Location, Status
from blueprint_cli.policy.plan import BlueprintRequirement, Kind
from blueprint_cli.rules.context import Context, Finding, Outcome
from blueprint_cli.rules.instance import unknown_roles
from blueprint_cli.text import Suggestions, listed


def judge(context: Context, blueprint: BlueprintRequirement) -> Outcome:
    """One reference blueprint of the archetype."""

    def outcome(status: Status, reason: str, *findings: Finding) -> Outcome:
        return Outcome(Kind.REFERENCE_BLUEPRINT, blueprint.id, status, reason, None, blueprint.id, findings)

    if blueprint.active:
        return outcome(Status.PASSED, "instantiated")
    plan = context.plan
    if blueprint.set_aside and (blueprint.id in plan.archetype.may_be_not_applicable or not blueprint.required):
        reason = context.node.instance.blueprints[blueprint.id].reason
        return outcome(Status.NOT_APPLICABLE, reason or "set aside without a reason")
    if not blueprint.required:
        how = "optional" if blueprint.optional else "not required"
        return outcome(Status.NOT_APPLICABLE, f"{how} on {plan.track.title}")
    if _is_misspelt(context, blueprint.id):
        return outcome(Status.FAILED, "named with an id that does not exist")
    what = "set aside" if blueprint.set_aside else "not instantiated"
    finding = Finding(
        "missing-reference-blueprint",
        f"{plan.track.title} requires {blueprint.id}, which is {what}",
        context.node.in_blueprint("reference_blueprints"),
        blueprint=blueprint.id,
        owner_roles=blueprint.row.owner_roles,
        playbook=blueprint.row.assets[0].playbook if blueprint.row.assets else None,
    )
    return outcome(Status.FAILED, what, finding)


def _is_misspelt(context: Context, name: str) -> bool:
    """Whether an unknown id in the list is meant for this one: then the unknown id is the one gap."""
    known = context.plan.archetype.reference_blueprints
    unknown = [listed for listed in context.node.instance.blueprints if listed not in known]
    return any(Suggestions().closest([listed], list(known)) == (listed, name) for listed in unknown)


def unowned(context: Context) -> Iterator[Finding]:
    """The roles that own a required reference blueprint and that nobody in the team holds; one gap for each.

    Where an unknown role of the team is meant for one of them, that is the one gap.
    """
    node, roles = context.node, list(context.plan.archetype.roles or ())
    pairs = [Suggestions().closest([role], roles) for role in unknown_roles(node, context.plan.archetype)]
    meant = node.team.keys() | {pair[1] for pair in pairs if pair is not None}
    required = [blueprint for blueprint in context.plan.blueprints if blueprint.required and blueprint.active]
    lacking = [blueprint for blueprint in required if meant.isdisjoint(blueprint.row.owner_roles)]
    alone = {blueprint.row.owner_roles for blueprint in lacking if len(blueprint.row.owner_roles) == 1}
    unowned: dict[tuple[str, ...], list[str]] = {}
    for blueprint in lacking:
        owners = blueprint.row.owner_roles
        sole = next((role for role in alone if role[0] in owners), owners)  # who owns that one can own this one too
        unowned.setdefault(sole, []).append(blueprint.id)
    if lacking and not node.team:
        team = ", ".join(f"{owners[0]}: NAME" for owners in unowned)
        message = f"the team is empty: nobody owns what the track requires; write `team: {{{team}}}`"
        yield Finding("missing-owner", message, _team_at(node), item="team")
        return
    for owners, names in unowned.items():
        wanted = " or ".join(f"`{role}: NAME`" for role in owners)
        message = f"nobody owns {listed(names)}: write {wanted} under `team:`"
        yield Finding("missing-owner", message, _team_at(node), item="/".join(owners), owner_roles=owners)


def _team_at(node: Node) -> Location:
    return node.in_blueprint("team") if "team" in node.instance.data else node.in_blueprint()


def dormant(context: Context, outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """The checks of reference blueprints that this engagement does not have: not applicable, but listed."""
    for outcome in outcomes:
        if outcome.status is not Status.PASSED:
            for check in context.plan.archetype.reference_blueprints[outcome.key].checks:
                reason = f"{outcome.key}: {outcome.reason}"
                yield Outcome(Kind.CHECK, check.full_id, Status.NOT_APPLICABLE, reason, None, outcome.key)
