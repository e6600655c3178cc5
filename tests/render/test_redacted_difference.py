"""A change for public logs: every gap hidden in its place, at a cost that grows with their number alone."""

from __future__ import annotations

import resource
import subprocess
import sys
from dataclasses import replace

from blueprint_cli.diff.compare import POLICY
from blueprint_cli.model import Gap, NodeReport
from blueprint_cli.model.difference import Difference, NodeGap
from blueprint_cli.render import offered, render
from blueprint_cli.render.data import difference_data
from blueprint_cli.render.options import RenderOptions
from tests.render.sample import FAILED, FAILING, MISSING, NOTED, STALE

MANY = 3_000
CPU = 10
"""Seconds. Half a second is used; hidden once for each of its gaps, the engagement took minutes."""


def entries(node: NodeReport, *gaps: Gap) -> list[NodeGap]:
    return [NodeGap(node, replace(gap, fingerprint=f"{node.node}-{number}")) for number, gap in enumerate(gaps)]


def test_gaps_of_several_engagements_keep_their_order() -> None:
    ours, theirs = entries(FAILING, STALE, MISSING, FAILED), entries(NOTED, FAILED, STALE)
    mixed = (ours[0], theirs[0], ours[1], theirs[1], ours[2])
    shown = render(Difference("b", "h", "2026-03-02", introduced=mixed), "text", RenderOptions(redact=True))
    plain = render(Difference("b", "h", "2026-03-02", introduced=mixed), "text", RenderOptions())
    marks = ["[stale-asset]", "[missing-asset]", "[failed-check]"]
    assert [[m for m in marks if m in line] for line in shown.splitlines()] == [
        [m for m in marks if m in line] for line in plain.splitlines()
    ]
    assert "ACME" not in shown
    assert "BOLT" not in shown
    assert [
        gap["fingerprint"]
        for gap in difference_data(Difference("b", "h", "2026-03-02", introduced=mixed))["introduced"]
    ] == [gap.fingerprint for _, gap in mixed]


def test_an_engagement_may_have_the_name_that_stands_for_the_policy() -> None:
    engagement = replace(FAILING, realm="repository", node="policy", path="repository/policy")
    change = Difference(
        "b", "h", "2026-03-02", introduced=(NodeGap(engagement, STALE),), policy_changes=(NodeGap(POLICY, STALE),)
    )
    data = difference_data(change)
    assert [data[key][0]["node"] for key in ("introduced", "policy_changes")] == ["repository/policy", None]
    assert "repository/policy" not in render(change, "json", RenderOptions(redact=True))


def many() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU))
    gaps = [replace(STALE, fingerprint=str(number)) for number in range(MANY)]
    node = replace(FAILING, gaps=tuple(gaps))
    options = RenderOptions(redact=True)
    change = Difference(
        "b",
        "h",
        "2026-03-02",
        introduced=tuple(NodeGap(node, gap) for gap in gaps),
        nodes=(node,),
        notes=("ACME has moved",),
    )
    for format in offered("difference"):
        assert "ACME" not in render(change, format, options)


def test_thousands_of_gaps_of_one_engagement() -> None:
    command = [sys.executable, "-c", f"from {__name__} import many; many()"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"PYTHONPATH": ":".join(sys.path)})
    assert done.returncode == 0, done.stderr
