"""Every case on disk, judged and compared exactly. `pytest tests/test_cases.py --update-cases` rewrites them."""

from __future__ import annotations

import pytest

from tests.cases.folder import Case, cases, judged


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_case(case: Case, request: pytest.FixtureRequest) -> None:
    said = case.told(judged(case))
    if request.config.getoption("--update-cases"):
        case.rewrite(said)
    else:
        assert said == case.expected


def test_every_case_says_in_its_first_line_what_it_shows() -> None:
    first = {
        case.name: (case.folder / "expected.yaml").read_text(encoding="utf-8").split("\n", 1)[0] for case in cases()
    }
    assert not [name for name, line in first.items() if not line.startswith("# ")]
