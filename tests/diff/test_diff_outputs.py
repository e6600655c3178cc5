"""Every format of `bp diff`, read back with a parser of its kind."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from referencing import Registry, Resource
from ruamel.yaml import YAML

from tests.support.realms import DAY, IMPLEMENTATION, ROLLOUT, Bp, Realms

ROOT = Path(__file__).parents[2]
BLUEPRINT = f"{ROLLOUT}/blueprint.yaml"
CASES = f"{ROLLOUT}/support/case_log.yaml"


@pytest.fixture(autouse=True)
def changed(realms: Realms) -> None:
    """A change that does a little of everything."""
    realms.add_node(IMPLEMENTATION)
    realms.append(CASES, "  - {id: CUST-77, subject: Slow, severity: critical, status: open, opened_at: 2026-02-20}\n")
    realms.commit()
    realms.git("checkout", "--quiet", "--", ".")
    realms.remove(IMPLEMENTATION)
    realms.edit(BLUEPRINT, "track: fast_track", "track: premium")
    realms.edit(
        CASES, "  - {id: CUST-77, subject: Slow, severity: critical, status: open, opened_at: 2026-02-20}\n", ""
    )
    realms.remove(f"{ROLLOUT}/governance/health_score.yaml")


def test_text_leads_from_the_worst_to_the_counts(bp: Bp) -> None:
    answer = bp("diff", "HEAD", "--as-of", DAY)
    blocks = answer.out.split("\n\n")
    assert [block.splitlines()[0] for block in blocks[:-1]] == ["Introduced", "Policy changes", "Fixed", "Deleted"]
    assert blocks[-1].splitlines() == [
        "1 introduced (1 error), 2 fixed, 0 unchanged, 1 policy change; 1 engagement compared",
        "fails for 1 gap at or above error: `bp rule missing-asset` explains what to do",
    ]
    assert "\x1b" not in answer.out
    assert answer.code == 1


def test_fail_on_decides_the_exit_code(bp: Bp) -> None:
    assert bp("diff", "HEAD", "--as-of", DAY, "--fail-on", "never").code == 0


def test_the_data_formats_say_the_same(bp: Bp) -> None:
    data = bp("diff", "HEAD", "--as-of", DAY, "-f", "json").data
    assert list(data) == [
        "schema_version",
        "base",
        "head",
        "as_of",
        "introduced",
        "fixed",
        "uncovered",
        "excused",
        "unchanged",
        "policy_changes",
        "deleted_nodes",
    ]
    assert list(data["introduced"][0])[:3] == ["node", "rule", "severity"]
    written = YAML(typ="safe").load(bp("diff", "HEAD", "--as-of", DAY, "-f", "yaml").out)
    assert json.loads(json.dumps(written, default=str)) == data


def test_the_ci_formats_show_what_the_change_is_to_blame_for(
    bp: Bp, realms: Realms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(realms.path / ".git" / "summary.md"))
    out = realms.path / ".git"
    formats = {"github": "-", "sarif": out / "s", "gitlab": out / "g", "junit": out / "j", "markdown": out / "m"}
    answer = bp("diff", "HEAD", "--as-of", DAY, *(word for f, t in formats.items() for word in ("-f", f"{f}={t}")))
    annotations = [line for line in answer.out.splitlines() if line.startswith("::")]
    assert [line.split(" ")[0] for line in annotations] == ["::error", "::warning", "::notice"]
    assert "title=policy-change" in annotations[1]
    (sarif_run,) = json.loads((out / "s").read_text(encoding="utf-8"))["runs"]
    assert [result["ruleId"] for result in sarif_run["results"]] == ["missing-asset", "policy-change"]
    assert sarif_run["automationDetails"]["id"] == "bp/diff/"
    assert [issue["check_name"] for issue in json.loads((out / "g").read_text(encoding="utf-8"))] == [
        "missing-asset",
        "policy-change",
    ]
    suites = ET.parse(out / "j").getroot()  # noqa: S314 - our own
    assert (suites.get("name"), suites.get("failures")) == ("bp diff", "1")
    page = (out / "m").read_text(encoding="utf-8")
    assert page.startswith("## Blueprint diff: 1 gap introduced, 1 error\n")
    headings = [line for line in page.splitlines() if line.startswith("###")]
    assert headings == ["### Introduced", "### Policy changes", "### Deleted"]
    assert "<summary>Fixed: 2 gaps</summary>" in page
    assert f"`{BLUEPRINT}:" in page, "several engagements stand in one table: each path is shown whole"
    assert (out / "summary.md").read_text(encoding="utf-8") == page


def test_github_shows_ten_notices_deleted_engagements_included(bp: Bp, realms: Realms) -> None:
    realms.git("checkout", "--quiet", "--", ".")
    for number in range(12):
        realms.add_node(ROLLOUT, f"NORDWIND/R{number:02}")
    realms.commit()
    for number in range(12):
        realms.remove(f"NORDWIND/R{number:02}")
    out = bp("diff", "HEAD", "--as-of", DAY, "-f", "github").out.splitlines()
    assert [line.split(" ")[0] for line in out[:-2]] == ["::notice"] * 10
    assert out[-2] == "2 more, see the job summary"


def test_two_formats_cannot_share_standard_output(bp: Bp) -> None:
    assert bp("diff", "HEAD", "-f", "json", "-f", "github").code == 2


@pytest.mark.parametrize("format", ["text", "json", "yaml", "sarif", "junit", "github", "gitlab", "markdown"])
def test_redacted_output_names_nobody(bp: Bp, realms: Realms, format: str) -> None:
    realms.write("bp.yaml", "fail_on: warning\n")
    answer = bp("diff", "HEAD", "--as-of", DAY, "--redact", "-f", format)
    assert answer.code == 1
    text = answer.out
    if format == "sarif":  # the manual pages in it speak of the examples
        (sarif_run,) = json.loads(text)["runs"]
        text = json.dumps([sarif_run["results"], sarif_run["invocations"]])
    for secret in ("NORDWIND", "ROLLOUT", "IMPLEMENTATION", "jonas.ek"):
        assert secret not in text + answer.err
    assert "missing-asset" in answer.out


def test_a_forged_name_speaks_to_no_runner(bp: Bp, realms: Realms) -> None:
    realms.edit(BLUEPRINT, "owner: jonas.ek", 'owner: "x\\n::error::forged\\e[31m"')
    realms.edit(BLUEPRINT, "playbooks:", 'assets: {support/case_log.yaml: "a`|::stop-commands::x"}\nplaybooks:')
    for format in ("text", "github", "markdown"):
        out = bp("diff", "HEAD", "--as-of", DAY, "-f", format).out
        assert "\x1b" not in out
        assert not [line for line in out.splitlines() if line.lstrip().startswith(("::error::", "::stop"))]


def test_the_same_change_gives_the_same_bytes(bp: Bp) -> None:
    first, second = (bp("diff", "HEAD", "--as-of", DAY, "-f", "json", "-j", jobs).out for jobs in ("1", "2"))
    assert first == second


def test_an_output_file(bp: Bp, tmp_path: Path) -> None:
    assert bp("diff", "HEAD", "--as-of", DAY, "-f", "json", "-o", str(tmp_path / "d.json")).out == ""
    assert json.loads((tmp_path / "d.json").read_text(encoding="utf-8"))["head"] == "worktree"


def test_the_data_is_what_its_schema_describes(bp: Bp) -> None:
    schemas = {name: json.loads((ROOT / "schemas" / name).read_text(encoding="utf-8")) for name in _SCHEMAS}
    registry: Any = Registry().with_resources((name, Resource.from_contents(body)) for name, body in schemas.items())
    validator = jsonschema.Draft202012Validator({"$ref": "difference.schema.json"}, registry=registry)
    for more in ((), ("--fail-on-policy-change",), ("--redact",)):
        data = bp("diff", "HEAD", "--as-of", DAY, "-f", "json", *more).data
        assert data["introduced"]
        assert data["policy_changes"]
        assert not list(validator.iter_errors(data))


_SCHEMAS = ("difference.schema.json", "asset.schema.json")
