"""JUnit XML: a suite is a node, a test case is one of its requirements, passed ones included.

A requirement is a checklist item, a cadence, an asset, or a rule that found something elsewhere. Names hold
no line, age or date, so that the same requirement keeps its history in a test dashboard.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from blueprint_cli.model import CadenceLine, CheckLine, Gap, NodeReport, NodeStatus, Report, Status
from blueprint_cli.model.difference import Difference
from blueprint_cli.render.difference import as_report
from blueprint_cli.render.neutral import visible
from blueprint_cli.render.options import RenderOptions
from blueprint_cli.render.phrases import gap_line

_Line = CheckLine | CadenceLine
# A failed requirement without a gap of its own (one cause, one gap) is no second failure, and no pass either.
_SET_ASIDE = {
    Status.NOT_APPLICABLE: "not applicable",
    Status.WAIVED: "waived",
    Status.NOT_YET_DUE: "not yet due",
    Status.FAILED: "failed, its gap is reported elsewhere",
}


def report(report: Report, options: RenderOptions) -> str:
    """The nodes as test suites. No time stamps: the same report gives the same bytes."""
    root = ET.Element("testsuites", {"name": f"bp {options.run}"})
    suites = [_suite(node, options) for node in report.nodes]
    root.extend(suites)
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in suites)))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def difference(difference: Difference, options: RenderOptions) -> str:
    """What a change is to blame for, as the test suites of the engagements that were compared."""
    return report(as_report(difference), options)


def _suite(node: NodeReport, options: RenderOptions) -> ET.Element:
    name = visible(node.name)
    cases = [ET.Element("testcase", {"classname": name, "name": "node", "time": "0"})]
    if node.status is NodeStatus.SKIPPED:
        ET.SubElement(cases[0], "skipped", {"message": visible(node.reason or "skipped")})
    else:
        cases = list(_cases(node, name, options)) or cases
    suite = ET.Element("testsuite", {"name": name, "tests": str(len(cases))})
    for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(key, str(sum(case.find(tag) is not None for case in cases)))
    suite.set("time", "0")
    suite.extend(cases)
    return suite


def _cases(node: NodeReport, classname: str, options: RenderOptions) -> Iterable[ET.Element]:
    rows = _rows(node)
    gaps: dict[str, list[Gap]] = {name: [] for name in rows}
    for gap in node.gaps:
        gaps.setdefault(_home(gap, rows), []).append(gap)
    for name, belonging in gaps.items():
        case = ET.Element("testcase", {"classname": classname, "name": visible(name), "time": "0"})
        if belonging:
            at = belonging[0].location
            case.set("file", visible(at.path))
            if at.line is not None:
                case.set("line", str(at.line))
        _judge(case, belonging, rows.get(name), options)
        yield case


def _rows(node: NodeReport) -> dict[str, _Line | None]:
    """The requirements that the report lists, by the name of their test case."""
    rows: dict[str, _Line | None] = {f"check {line.check}": line for line in node.checks}
    rows |= {f"cadence {line.cadence}": line for line in node.cadences}
    for asset in node.assets:
        known = asset.status in {*_SET_ASIDE, Status.NOT_EVALUABLE}
        line = CheckLine(asset.asset, Status(asset.status), asset.status.replace("_", " ")) if known else None
        rows[f"asset {asset.asset}"] = line
    return rows


def _home(gap: Gap, rows: dict[str, _Line | None]) -> str:
    """The test case that a gap belongs to: its own requirement where that is listed."""
    listed = [f"check {gap.check}", f"cadence {gap.check}"] if gap.check else []
    listed += [f"asset {gap.asset}"] if gap.asset else []
    home = next((name for name in listed if name in rows), None)
    return home or f"rule {gap.rule}: {gap.check or gap.asset or gap.location.path}"


def _judge(case: ET.Element, gaps: list[Gap], line: _Line | None, options: RenderOptions) -> None:
    failing = [gap for gap in gaps if options.fails(gap.severity)]
    if failing:
        failure = ET.SubElement(
            case, "failure", {"message": visible(failing[0].message), "type": visible(failing[0].rule)}
        )
        failure.text = "\n".join(gap_line(gap) for gap in failing)
    elif line is not None and line.status in _SET_ASIDE and not gaps:
        ET.SubElement(case, "skipped", {"message": f"{_SET_ASIDE[line.status]}: {visible(line.reason)}"})
    elif line is not None and line.status is Status.NOT_EVALUABLE:
        error = ET.SubElement(case, "error", {"message": visible(line.reason), "type": "not_evaluable"})
        error.text = visible(line.reason)
    mild = [gap_line(gap) for gap in gaps if not options.fails(gap.severity)]
    if mild:
        ET.SubElement(case, "system-out").text = "\n".join(mild)
