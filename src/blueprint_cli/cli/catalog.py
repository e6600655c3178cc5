"""`bp catalog`: what the policy consists of, and whether it is consistent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from blueprint_cli.cli import flags, outputs
from blueprint_cli.cli.streams import say
from blueprint_cli.errors import BpError, PolicyError
from blueprint_cli.render.terminal import columns
from blueprint_cli.text import count, suggest

if TYPE_CHECKING:
    from blueprint_cli.policy.entries import CatalogEntry
    from blueprint_cli.policy.load import Policy
    from blueprint_cli.policy.model import Archetype

# The catalog is read only by these commands: `bp --version` and `bp lint` must not wait for its modules.

catalog = typer.Typer(help="Show and check the policy: archetypes, reference blueprints, tracks.", no_args_is_help=True)

_THINGS = ("asset", "check", "cadence", "signal", "playbook")
"""What is counted of a reference blueprint."""


def _policy() -> Policy:
    """The policy in force here: the packaged catalog with what the repository adds or overrides."""
    from blueprint_cli.workspace import Workspace

    workspace = Workspace.find()
    tree = workspace.tree()
    policy = workspace.policy(tree, workspace.config(tree))
    for note in policy.catalog.notes:
        say(note)
    return policy


@catalog.command("list")
def list_(format: flags.TextOrJson = "text") -> int:
    """List archetypes with their reference blueprints and engagement tracks."""
    as_json, policy = outputs.is_json(format), _policy()
    archetypes = [_summary(archetype) for archetype in policy.catalog.archetypes.values()]
    if as_json:
        outputs.put_json({"archetypes": archetypes})
    else:
        _put_blocks(_listed(archetype) for archetype in archetypes)
    return 0


def _put_blocks(blocks: Iterable[list[str]]) -> None:
    outputs.put_lines(line for index, block in enumerate(blocks) for line in ([""] * (index > 0) + block))


def _listed(archetype: dict[str, Any]) -> list[str]:
    blueprints, tracks = archetype["reference_blueprints"], archetype["tracks"]
    head = f"{archetype['id']}  {archetype['title']} ({archetype['scope']} scope, {archetype['file']})"
    rows = []
    for rb in blueprints:
        counts = ", ".join(count(rb[f"{key}s"], key) for key in _THINGS if key != "playbook")
        rows.append(["  ", rb["id"], rb["title"], counts])
    levels = [
        ["  ", track["id"], f"{track['title']} (requires {track['required']}, {track['file']})"] for track in tracks
    ]
    return [head, "  reference blueprints", *columns(rows), "  tracks", *columns(levels)]


def _summary(archetype: Archetype) -> dict[str, Any]:
    return {
        "id": archetype.id,
        "title": archetype.title,
        "scope": archetype.scope,
        "file": archetype.origin.file,
        "reference_blueprints": [
            {
                "id": rb.id,
                "code": rb.code,
                "title": rb.title,
                "file": rb.origin.file,
                **{f"{thing}s": len(getattr(rb, f"{thing}s")) for thing in _THINGS},
            }
            for rb in archetype.reference_blueprints.values()
        ],
        "tracks": [
            {
                "id": track.id,
                "title": track.title,
                "rank": track.rank,
                "file": track.origin.file,
                "required": len(track.required),
            }
            for track in sorted(archetype.tracks.values(), key=lambda track: (track.rank, track.id))
        ],
    }


@catalog.command()
def show(
    name: Annotated[str, typer.Argument(metavar="ID", help="An archetype, reference blueprint, track, check, …")],
    format: flags.TextOrJson = "text",
) -> int:
    """Show an archetype, reference blueprint, track, row, check, asset, playbook, cadence or signal."""
    from blueprint_cli.policy.entries import find

    as_json, policy = outputs.is_json(format), _policy()
    entries, names = find(policy, name)
    if not entries:
        hint = suggest(name, names, 5) or "`bp catalog list` lists archetypes, reference blueprints and tracks."
        raise BpError(f"the catalog has no `{name}`", hint)
    if as_json:
        outputs.put_json({"entries": [_data(policy, entry) for entry in entries]})
    else:
        _put_blocks(_text(policy, entry) for entry in entries)
    return 0


def _data(policy: Policy, entry: CatalogEntry) -> dict[str, Any]:
    line, column = policy.locate(entry.origin)
    origin = {"file": entry.origin.file, "line": line, "column": column}
    return {
        "kind": entry.kind,
        "id": entry.id,
        "title": entry.title,
        "archetype": entry.archetype,
        "origin": origin,
        **{label.replace(" ", "_"): fact for label, fact in entry.facts.items()},
    }


def _text(policy: Policy, entry: CatalogEntry) -> list[str]:
    lines = [f"{entry.kind} {entry.id}: {entry.title}", f"  {entry.origin.file}:{policy.locate(entry.origin)[0]}"]
    for label, fact in entry.facts.items():
        if isinstance(fact, str):
            lines.append(f"  {label}: {fact}")
        elif isinstance(fact, list):
            lines += [f"  {label}:", *(f"    {line}" for line in fact)]
        else:
            lines += [f"  {label}:", *columns([["  ", key, str(value)] for key, value in fact.items()])]
    return lines


@catalog.command()
def check() -> int:
    """Check the catalog, including the repository's additions and overrides. Problems are exit code 2."""
    from blueprint_cli.policy.check.audit import audit

    try:
        policy = _policy()
        problems = [str(problem) for problem in audit(policy)]
    except PolicyError as refused:
        problems = refused.problems
    outputs.put_lines(problems)
    if problems:
        say(f"{count(len(problems), 'problem')} in the catalog")
        return 2
    outputs.put_lines([f"OK: {', '.join(_totals(policy))}"])
    return 0


def _totals(policy: Policy) -> list[str]:
    archetypes = list(policy.catalog.archetypes.values())
    blueprints = [rb for archetype in archetypes for rb in archetype.reference_blueprints.values()]
    counts = {"archetype": len(archetypes), "reference blueprint": len(blueprints)}
    counts["track"] = sum(len(archetype.tracks) for archetype in archetypes)
    counts |= {thing: sum(len(getattr(rb, f"{thing}s")) for rb in blueprints) for thing in _THINGS}
    counts["cadence"] += sum(len(archetype.cadences) for archetype in archetypes)
    counts["playbook"] = sum(len(archetype.playbooks) for archetype in archetypes)
    return [count(number, thing) for thing, number in counts.items()]
