"""CSV: a row for each moment and engagement; no spreadsheet takes a cell for a formula."""

from __future__ import annotations

import csv
import io
import re

from blueprint_cli.model import Severity
from blueprint_cli.model.timeline import Timeline
from blueprint_cli.render.data import point_data
from blueprint_cli.render.neutral import visible
from blueprint_cli.render.options import RenderOptions

_HEAD = ["day", "commit", "node", "status", "compliance", "errors", "warnings", "notes", "pass_rate", "required"]
_FORMULA = re.compile(r"""(^|[;|,\t])(?=[\s"]*[=+\-@＝＋－＠\t\r])""")
"""Where a cell begins that a spreadsheet would calculate. One whose separator is not the comma cuts a cell within its
quotes, too: for it, the quotes of the first cell end at once."""


def timeline(timeline: Timeline, _options: RenderOptions) -> str:
    """One line for each moment and engagement; empty cells where an engagement did not exist."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(_HEAD)
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for state in timeline.moments:
        for name in timeline.names:
            data = point_data(state, name, state.nodes.get(name))
            gaps = data.pop("gaps") or {}
            cells = [*data.values()]
            writer.writerow(map(_cell, [*cells[:5], *(gaps.get(severity) for severity in Severity), *cells[5:]]))
    return out.getvalue()


def _cell(value: object) -> str:
    """A cell that a spreadsheet shows and does not calculate."""
    return "" if value is None else _FORMULA.sub(r"\1'", visible(str(value)))
