"""What a change did, in every format: what it introduced and how it loosens the judgement come first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from blueprint_cli.model import SCHEMA_VERSION, Gap, NodeReport, Report, Severity, Subject
from blueprint_cli.model.difference import Difference, NodeGap, counted, worst_first
from blueprint_cli.render.json_yaml import gap_data, to_json, to_yaml
from blueprint_cli.render.neutral import markdown, neutral_data, visible
from blueprint_cli.render.options import RenderOptions
from blueprint_cli.render.terminal import painter, shown
from blueprint_cli.text import count

MAX_FIXED = 20
"""How many fixed gaps a text names; the data formats have them all."""


def render_difference(difference: Difference, format: str, options: RenderOptions) -> str:
    """A change in one of the formats of ``RENDERERS``."""
    return _FORMATS[format](_redacted(difference) if options.redact else difference, replace(options, run="diff"))


def difference_summary(difference: Difference, options: RenderOptions) -> str:
    """The Markdown page for ``$GITHUB_STEP_SUMMARY``."""
    return _page(_redacted(difference) if options.redact else difference, options.summary_room)


def difference_data(difference: Difference) -> dict[str, Any]:
    """The change as plain data: ``{schema_version, base, head, as_of, introduced, fixed, unchanged, …}``."""
    head: dict[str, Any] = neutral_data(
        {
            "schema_version": SCHEMA_VERSION,
            "base": difference.base,
            "head": difference.head,
            "as_of": difference.as_of,
        }
    )
    return {
        **head,
        "introduced": _gaps(difference.introduced),
        "fixed": _gaps(difference.fixed),
        "unchanged": _gaps(difference.unchanged),
        "policy_changes": _gaps(difference.policy_changes),
        "deleted_nodes": [visible(node.name) for node in difference.deleted_nodes],
    }


def _gaps(entries: Iterable[NodeGap]) -> list[dict[str, Any]]:
    return [
        {"node": None} | gap_data(gap, None if node.subject is Subject.POLICY else node.name) for node, gap in entries
    ]


def sentence(difference: Difference) -> str:
    """``2 introduced (1 error, 1 warning), 3 fixed, 14 unchanged, 1 policy change; 1 engagement compared``."""
    introduced = counted(difference.introduced)
    kinds = ", ".join(count(number, severity) for severity, number in introduced.items() if number)
    changes = len(difference.policy_changes)
    parts = [
        f"{len(difference.introduced)} introduced{f' ({kinds})' if kinds else ''}",
        f"{len(difference.fixed)} fixed",
        f"{len(difference.unchanged)} unchanged",
        *([count(changes, "policy change")] if changes else []),
    ]
    return f"{', '.join(parts)}; {count(len(difference.nodes), 'engagement')} compared"


def _deleted(node: NodeReport) -> str:
    gaps = f"; its {count(len(node.gaps), 'gap')} are not counted as fixed" if node.gaps else ""
    return f"{node.name} was deleted{gaps}"


def _text(difference: Difference, options: RenderOptions) -> str:
    paint = painter(options.color)
    blocks: list[list[str]] = []
    for title, entries in (("Introduced", difference.introduced), ("Policy changes", difference.policy_changes)):
        if entries:
            blocks.append([paint(title, "title")])
        for _, gap in entries:
            blocks[-1] += shown(gap, options, paint)
    if difference.fixed:
        lines = [
            f"  {visible(node.name)}: {visible(gap.message)} {paint(f'[{visible(gap.check or gap.rule)}]', 'quiet')}"
            for node, gap in difference.fixed[:MAX_FIXED]
        ]
        more = [f"  and {len(difference.fixed) - len(lines)} more"] if len(difference.fixed) > len(lines) else []
        blocks.append([paint("Fixed", "title"), *lines, *more])
    if difference.deleted_nodes:
        lines = [f"  {visible(_deleted(node))}" for node in difference.deleted_nodes]
        blocks.append([paint("Deleted", "title"), *lines])
    blocks.append([sentence(difference), *_verdict(difference, options)])
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _verdict(difference: Difference, options: RenderOptions) -> list[str]:
    """Why the run fails, and where its reader goes on."""
    failing = [gap for _, gap in difference.introduced if options.fails(gap.severity)]
    if not failing:
        return []
    rule = visible(failing[0].rule)
    return [f"fails for {count(len(failing), 'gap')} at or above {options.fail_on}: `bp rule {rule}` tells what to do"]


def _json(difference: Difference, _options: RenderOptions) -> str:
    return to_json(difference_data(difference))


def _yaml(difference: Difference, _options: RenderOptions) -> str:
    return to_yaml(difference_data(difference))


def _blamed(difference: Difference) -> list[NodeGap]:
    """What is shown beside the code: errors, then what loosens the judgement, then the rest."""
    errors = [entry for entry in difference.introduced if entry.gap.severity is Severity.ERROR]
    others = [entry for entry in difference.introduced if entry.gap.severity is not Severity.ERROR]
    return list(worst_first([*errors, *difference.policy_changes, *others]))


def _github(difference: Difference, _options: RenderOptions) -> str:
    from blueprint_cli.render.github import LIMIT, annotation, notice

    blamed = _blamed(difference)
    kinds = {
        severity: [annotation(gap, node) for node, gap in blamed if gap.severity is severity] for severity in Severity
    }
    deleted = [notice("deleted engagement", _deleted(node)) for node in difference.deleted_nodes]
    kinds[Severity.NOTE] = deleted + kinds[Severity.NOTE]
    lines = [line for kind in kinds.values() for line in kind[:LIMIT]]
    more = sum(map(len, kinds.values())) - len(lines)
    tail = [f"{more} more, see the job summary"] if more else []
    return "\n".join([*lines, *tail, sentence(difference)]) + "\n"


def _markdown(difference: Difference, _options: RenderOptions) -> str:
    from blueprint_cli.render.markdown import COMMENT_LIMIT

    return _page(difference, COMMENT_LIMIT)


def _page(difference: Difference, limit: int) -> str:
    from blueprint_cli.render.markdown import Page, folded_table, gap_table

    page = Page(limit)
    errors = counted(difference.introduced)[Severity.ERROR]
    title = f"{count(len(difference.introduced), 'gap')} introduced" if difference.introduced else "no gap introduced"
    worst = f", {count(errors, 'error')}" if errors else ""
    page.add(f"## Blueprint diff: {title}{worst}", "")
    page.add(f"{sentence(difference)} · as of {markdown(difference.as_of)}", "")
    shown = gap_table(page, "### Introduced", difference.introduced)
    shown += gap_table(page, "### Policy changes", difference.policy_changes)
    if difference.deleted_nodes:
        page.add("### Deleted", "")
        lines = [f"- {markdown(_deleted(node))}" for node in difference.deleted_nodes[:MAX_FIXED]]
        more = len(difference.deleted_nodes) - len(lines)
        page.add(*lines, *([f"- and {more} more"] if more else []), "")
    shown += folded_table(page, f"Fixed: {count(len(difference.fixed), 'gap')}", difference.fixed)
    rest = len(difference.introduced) + len(difference.policy_changes) + len(difference.fixed) - shown
    return page.close(*([f"{count(rest, 'more gap')} not shown here."] if rest else []))


def _sarif(difference: Difference, options: RenderOptions) -> str:
    from blueprint_cli.render.sarif import to_sarif

    notes = [*difference.notes, *map(_deleted, difference.deleted_nodes)]
    return to_sarif(_blamed(difference), options, notes=notes)


def _gitlab(difference: Difference, options: RenderOptions) -> str:
    from blueprint_cli.render.gitlab import render

    return render(_as_report(difference), options)


def _junit(difference: Difference, options: RenderOptions) -> str:
    from blueprint_cli.render.junit import render

    return render(_as_report(difference), options)


def _as_report(difference: Difference) -> Report:
    """The engagements that were compared, each with nothing but what the change is to be blamed for."""
    found: dict[str, tuple[NodeReport, list[Gap]]] = {node.path or node.name: (node, []) for node in difference.nodes}
    for node, gap in _blamed(difference):
        found.setdefault(node.path or node.name, (node, []))[1].append(gap)
    bare = (
        replace(node, gaps=tuple(gaps), checks=(), cadences=(), assets=())
        for _, (node, gaps) in sorted(found.items(), key=lambda one: one[0])
    )
    return Report(difference.as_of, tuple(bare), difference.notes)


def _redacted(difference: Difference) -> Difference:
    from blueprint_cli.render.redact import redacted

    def hide(entries: tuple[NodeGap, ...]) -> tuple[NodeGap, ...]:
        """Each engagement is hidden once, with all its gaps: a report with a thousand of them is not hidden
        a thousand times."""
        together: dict[int, tuple[NodeReport, list[Gap]]] = {}
        for node, gap in entries:
            together.setdefault(id(node), (node, []))[1].append(gap)
        hidden = dict(
            zip(together, nodes(replace(node, gaps=tuple(gaps)) for node, gaps in together.values()), strict=True)
        )
        gaps = {key: iter(node.gaps) for key, node in hidden.items()}
        return tuple(
            entry
            if entry.node.subject is Subject.POLICY
            else NodeGap(hidden[id(entry.node)], next(gaps[id(entry.node)]))
            for entry in entries
        )

    def nodes(some: Iterable[NodeReport]) -> tuple[NodeReport, ...]:
        return redacted(Report("", tuple(some))).nodes

    blamed = (*difference.introduced, *difference.fixed, *difference.policy_changes)
    everybody = {node.name: node for node in (*difference.nodes, *(node for node, _ in blamed))}
    return replace(
        difference,
        introduced=hide(difference.introduced),
        fixed=hide(difference.fixed),
        unchanged=hide(difference.unchanged),
        policy_changes=hide(difference.policy_changes),
        deleted_nodes=nodes(difference.deleted_nodes),
        nodes=nodes(difference.nodes),
        notes=redacted(Report("", tuple(everybody.values()), difference.notes)).notes,
    )


_FORMATS: dict[str, Callable[[Difference, RenderOptions], str]] = {
    "text": _text,
    "json": _json,
    "yaml": _yaml,
    "sarif": _sarif,
    "junit": _junit,
    "github": _github,
    "gitlab": _gitlab,
    "markdown": _markdown,
}
