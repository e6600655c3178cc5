"""Matching gaps of two reports: no repository is needed for it."""

from __future__ import annotations

from dataclasses import replace

from blueprint_cli.diff.compare import Comparison, compare
from blueprint_cli.model import BlueprintLine, Gap, Location, NodeReport, NodeStatus, Severity


def report(*gaps: Gap) -> NodeReport:
    return NodeReport(
        realm="R",
        node="N",
        path="R/N",
        report_path=None,
        as_of="2026-03-02",
        archetype="a",
        track="t",
        status=NodeStatus.PASSING,
        reason=None,
        gaps=gaps,
        reference_blueprints=(BlueprintLine("C01", True, "instantiated"),),
    )


GAP = Gap(
    rule="failed-check",
    severity=Severity.WARNING,
    reference_blueprint=None,
    check=None,
    asset=None,
    location=Location("R/N/a.yaml", 3, 1),
    message="m",
    fingerprint="f1",
    items=("a",),
)


def counts(found: Comparison) -> tuple[int, int, int]:
    return len(found.introduced), len(found.fixed), len(found.unchanged)


def test_other_lines_and_words_are_unchanged() -> None:
    assert counts(compare(report(GAP), report(replace(GAP, message="n", location=Location("R/N/a.yaml", 9))))) == (
        0,
        0,
        1,
    )


def test_one_more_item_or_more_weight_is_introduced_and_less_is_not() -> None:
    assert counts(compare(report(GAP), report(replace(GAP, items=("a", "b"))))) == (1, 0, 0)
    assert counts(compare(report(GAP), report(replace(GAP, severity=Severity.ERROR)))) == (1, 0, 0)
    assert counts(compare(report(replace(GAP, items=("a", "b"))), report(GAP))) == (0, 0, 1)
    assert counts(compare(report(replace(GAP, severity=Severity.ERROR)), report(GAP))) == (0, 0, 1)


def test_equal_fingerprints_are_counted() -> None:
    twin = replace(GAP, message="twin")
    found = compare(report(GAP), report(twin, GAP))
    assert [gap.message for _, gap in found.introduced] == ["twin"]
    assert counts(compare(report(GAP, twin), report(twin))) == (0, 1, 1)


def test_a_new_engagement_brings_all_its_gaps() -> None:
    assert counts(compare(None, report(GAP))) == (1, 0, 0)


def test_what_cannot_be_judged_any_more_is_hidden() -> None:
    found = compare(report(GAP), replace(report(), reference_blueprints=()))
    assert (counts(found), len(found.hidden)) == ((0, 0, 0), 1)


def test_a_gap_of_an_engagement_that_is_not_active_is_fixed() -> None:
    before = replace(report(replace(GAP, rule="unknown-key", asset="a.yaml")), reference_blueprints=())
    assert counts(compare(before, replace(before, gaps=()))) == (0, 1, 0)
    broken = replace(GAP, rule="invalid-blueprint", fingerprint="f2")
    found = compare(before, replace(before, gaps=(broken,)))
    assert (counts(found), len(found.hidden)) == ((1, 0, 0), 1)


def test_a_blueprint_that_governs_a_realm_is_affected_by_all_of_it() -> None:
    from blueprint_cli.diff.affected import _lies_below

    assert _lies_below("ACME/governance", "governance", {"ACME", "ACME/sales", ""})
    assert _lies_below("governance", "governance", {"", "sales"})
    assert not _lies_below("ACME/governance", "governance", {"NORDWIND"})
    assert not _lies_below("ACME/IMPLEMENTATION", "governance", {"ACME"})
