"""Where output goes, in which format, with which colours, and what is written on the way."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import BROKEN, CLEAN, WARNED, Answer, Bp

REPORT = "gap_report.yaml"
ROOT = Path(__file__).parents[2]


def test_a_machine_has_standard_output_to_itself(repository: Path, bp: Bp) -> None:
    answer = bp("scan", "--format", "json", "--no-write")
    data = json.loads(answer.out)
    assert [f"{node['realm']}/{node['node']}" for node in data["nodes"]] == [WARNED, CLEAN, BROKEN]
    assert not answer.err


def test_remarks_go_to_standard_error(vault: Path, bp: Bp) -> None:
    """Outside Git the age of an undated file is not known: a single remark beside the report."""
    for name in ("support_profile", "case_log"):
        file = vault / CLEAN / "support" / f"{name}.yaml"
        file.write_text(file.read_text(encoding="utf-8").split("\n", 1)[1], encoding="utf-8")
    answer = bp("scan", CLEAN, "--format", "json", "--no-write")
    json.loads(answer.out)
    assert answer.err.count("\n") == 1
    assert answer.err.startswith("bp: ")


def test_output_takes_one_format(vault: Path, bp: Bp) -> None:
    answer = bp("scan", CLEAN, "--format", "json", "--output", "report.json")
    assert (answer.code, answer.out) == (0, "")
    assert json.loads((vault / "report.json").read_text(encoding="utf-8"))["summary"]["nodes"] == 1


def test_several_formats_at_once(vault: Path, bp: Bp) -> None:
    answer = bp("scan", "-f", "text", "-f", "json=a.json", "-f", "sarif=b.sarif", "-f", "junit=c.xml", "--no-write")
    assert answer.code == 1
    assert BROKEN in answer.out
    assert json.loads((vault / "a.json").read_text(encoding="utf-8"))["schema_version"] == 2
    assert json.loads((vault / "b.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert (vault / "c.xml").read_text(encoding="utf-8").startswith("<?xml")


def test_nothing_is_written_where_an_output_cannot_be(vault: Path, bp: Bp) -> None:
    assert bp("scan", "-f", "json=absent/a.json").code == 2


@pytest.mark.parametrize("second", ["a.json", "./a.json", "../same/a.json"])
def test_two_formats_cannot_share_a_file(vault: Path, bp: Bp, second: str) -> None:
    (vault.parent / "same").symlink_to(vault)
    answer = bp("scan", "-f", "json=a.json", "-f", f"yaml={second}", "--no-write")
    assert (answer.code, answer.out) == (2, "")
    assert f"two formats cannot share {second}" in answer.err
    assert not (vault / "a.json").exists()


def test_the_job_summary_is_extended(vault: Path, bp: Bp, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = vault / "summary.md"
    summary.write_text("# Größe 日", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    bp("scan", "-f", "github", "--no-write")
    bp("scan", "-f", "text", "--no-write")
    before, _, added = summary.read_text(encoding="utf-8").partition("\n## Gap scan")
    assert before == "# Größe 日"
    assert "yaml-syntax" in added
    assert "## Gap scan" not in added


def test_the_job_summary_stays_below_its_limit_with_what_is_there_already(
    vault: Path, bp: Bp, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = vault / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    summary.write_text("x" * 997_900, encoding="utf-8")
    assert bp("scan", "-f", "github", "--no-write").err == ""
    assert 998_100 < summary.stat().st_size < 1_000_100
    full = summary.stat().st_size
    assert "job summary is full" in bp("scan", "-f", "github", "--no-write").err
    assert summary.stat().st_size == full


FORGED = r'"x\n::error::forged \e[31m ##[error]y"'


@pytest.mark.parametrize("format", ["text", "json"])
def test_settings_speak_to_no_runner(vault: Path, bp: Bp, format: str) -> None:
    (vault / "bp.yaml").write_text(f"realms: [{FORGED}]\n", encoding="utf-8")
    answer = bp("config", "-f", format).out
    shown = json.loads(answer)["realms"]["value"][0] if format == "json" else answer
    assert r"x\n::error::forged \x1b[31m ##\x5berror]y" in shown


@pytest.mark.parametrize("arguments", ["list", "show C07", "list -f json", "show C07 -f json"])
def test_a_policy_speaks_to_no_runner(vault: Path, bp: Bp, arguments: str) -> None:
    name = "reference_blueprints/post_sales_governance/C07_customer_advocacy.yaml"
    text = (ROOT / name).read_text(encoding="utf-8")
    (vault / name).parent.mkdir(parents=True)
    (vault / name).write_text(re.sub("^title: .*$", lambda _: f"title: {FORGED}", text, flags=re.MULTILINE), "utf-8")
    answer = bp("catalog", *arguments.split())
    assert answer.code == 0, answer.err
    assert r"n::error::forged" in answer.out
    assert "\x1b" not in answer.out
    assert "##[" not in answer.out
    assert not any(line.lstrip().startswith("::") for line in answer.out.splitlines())


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_colour_is_for_terminals_that_want_it(
    vault: Path, bp: Bp, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], coloured: bool
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert "\x1b[" not in bp("scan", "--no-write").out, "this is not a terminal"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert ("\x1b[" in bp("scan", "--no-write").out) is coloured


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, True), ({"FORCE_COLOR": ""}, False)],
)
def test_colour_can_be_forced(
    vault: Path, bp: Bp, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], coloured: bool
) -> None:
    """For a log that shows colours; a file stays plain."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in {"FORCE_COLOR": "1", **environment}.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in bp("scan", "--no-write").out) is coloured
    bp("scan", "--no-write", "-f", "text=out.txt")
    assert "\x1b[" not in (vault / "out.txt").read_text(encoding="utf-8")


def test_a_terminal_is_shown_the_line(vault: Path, bp: Bp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    answer = bp("scan", WARNED, "--no-write")
    assert "modules: []" in answer.out
    assert "^" in answer.out


def test_reports_are_written_beside_the_blueprints(vault: Path, bp: Bp) -> None:
    bp("scan")
    assert {str(path.parent.relative_to(vault)) for path in vault.rglob(REPORT)} == {CLEAN, WARNED, BROKEN}
    text = (vault / CLEAN / REPORT).read_text(encoding="utf-8")
    assert "as_of: 2026-03-02" in text
    assert str(vault) not in text


@pytest.mark.parametrize(
    "arguments", [["--no-write"], ["--check"], ["--track", "poc"], ["--check", "--no-write"]], ids=" ".join
)
def test_what_writes_nothing(vault: Path, bp: Bp, arguments: list[str]) -> None:
    bp("scan", *arguments)
    assert not list(vault.rglob(REPORT))


def test_the_configuration_can_turn_writing_off_and_a_flag_on(vault: Path, bp: Bp) -> None:
    (vault / "bp.yaml").write_text("report: {write: false}\n", encoding="utf-8")
    bp("scan", CLEAN)
    assert not list(vault.rglob(REPORT))
    bp("scan", CLEAN, "--write")
    assert len(list(vault.rglob(REPORT))) == 1


def test_another_name_for_the_report(vault: Path, bp: Bp) -> None:
    (vault / "bp.yaml").write_text("report: {path: scan/report.yaml}\n", encoding="utf-8")
    bp("scan", CLEAN)
    assert (vault / CLEAN / "scan" / "report.yaml").is_file()
    assert bp("scan", CLEAN, "--check").code == 0


def test_check_holds_the_report_on_record_against_a_scan(vault: Path, bp: Bp) -> None:
    answer = bp("scan", CLEAN, "--check")
    assert answer.code == 1
    assert f"{CLEAN}: no gap report is committed" in answer.err
    bp("scan", CLEAN)
    assert bp("scan", CLEAN, "--check").code == 0
    report = vault / CLEAN / REPORT
    changed = report.read_bytes().replace(b"status: passing", b"status: failing", 1)
    report.write_bytes(changed)
    answer = bp("scan", CLEAN, "--check", "--fail-on", "never")
    assert answer.code == 1
    assert f"{CLEAN}/{REPORT} is out of date" in answer.err
    assert report.read_bytes() == changed


def test_line_ends_do_not_make_a_report_out_of_date(vault: Path, bp: Bp) -> None:
    """Git translates them (core.autocrlf): the file is as it was checked out, and stays so."""
    bp("scan", CLEAN)
    report = vault / CLEAN / REPORT
    translated = report.read_bytes().replace(b"\n", b"\r\n")
    report.write_bytes(translated)
    assert bp("scan", CLEAN, "--check").code == 0
    bp("scan", CLEAN)
    assert report.read_bytes() == translated
    bp("scan", CLEAN, "--as-of", "2026-03-03")
    assert b"\r" not in report.read_bytes()


def test_check_of_a_report_that_grew_old(vault: Path, bp: Bp) -> None:
    """The report is what its own day would write; that it is too old is a missed rhythm."""
    bp("scan", CLEAN, "--as-of", "2026-02-27")
    answer = bp("scan", CLEAN, "--check", "--as-of", "2026-03-02")
    assert (answer.code, answer.err) == (0, "")
    late = bp("scan", CLEAN, "--check", "--as-of", "2026-03-07", "-f", "json")
    gaps = [gap["message"] for gap in json.loads(late.out)["nodes"][0]["gaps"] if gap["rule"] == "overdue-cadence"]
    assert any(message.startswith("gap scan is overdue") for message in gaps)
    assert "out of date" not in late.err


def test_redacted_output_names_nobody(vault: Path, bp: Bp) -> None:
    answer = bp("scan", WARNED, "--redact", "--no-write", "-f", "json")
    assert "NORTHWIND" not in answer.out
    assert "dana.reyes" not in answer.out


@pytest.mark.parametrize("format", ["text", "json", "github"])
def test_lint_names_nobody_either(vault: Path, bp: Bp, format: str) -> None:
    answer = bp("lint", "--redact", "-f", format)
    assert answer.code == 1
    assert "yaml-syntax" in answer.out
    for name in ("SOUTHWIND", "DEPOT", "NORTHWIND", "dana.reyes"):
        assert name not in answer.out + answer.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["scan", "SOUTHWIND/DEPPOT"], 2),
        (["scan", "nowhere"], 2),
        (["scan", "--check"], 1),
        (["scan", "--track", "none"], 2),
        (["scan", "-f", "json=NORTHWIND/WAREHOUSE"], 2),
        (["lint", "SOUTHWIND/DEPOT/nothing.yaml"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_goes_wrong_names_nobody_either(repository: Path, bp: Bp, arguments: list[str], code: int) -> None:
    _nobody_is_named(bp(*arguments, "--redact"), code)


def test_a_conflict_names_nobody_either(repository: Path, bp: Bp) -> None:
    path = f"{CLEAN}/blueprint.yaml"
    blob = subprocess.run(["git", "rev-parse", f":{path}"], capture_output=True, text=True, check=True).stdout.strip()
    sides = f"0 {'0' * 40}\t{path}\n100644 {blob} 2\t{path}\n"
    subprocess.run(["git", "update-index", "--index-info"], input=sides, text=True, check=True)
    assert path in bp("scan").err
    _nobody_is_named(bp("scan", "--redact"), 2)


@pytest.mark.parametrize("format", ["text", "json", "github", "sarif", "markdown", "junit", "gitlab"])
def test_remarks_name_nobody_either(repository: Path, bp: Bp, format: str) -> None:
    (repository / "NORTHWIND" / "DEPOT_2").symlink_to("WAREHOUSE")
    _nobody_is_named(bp("scan", "--redact", "--no-write", "-f", format), 1)


def test_remarks_on_a_difference_name_nobody_either(repository: Path, bp: Bp) -> None:
    (repository / BROKEN).rename(repository / "SOUTHWIND" / "PLANT")
    shutil.rmtree(repository / WARNED)
    answer = bp("diff", "HEAD", "--redact")
    assert "is now" in answer.err
    _nobody_is_named(answer, answer.code)


def _nobody_is_named(answer: Answer, code: int) -> None:
    assert answer.code == code, answer.err
    assert answer.err.startswith("bp: ")
    for name in ("SOUTHWIND", "DEPOT", "NORTHWIND", "WAREHOUSE", "PILOT", "dana.reyes"):
        assert name not in answer.out + answer.err


def test_lint_is_not_a_scan(vault: Path, bp: Bp) -> None:
    """Its alerts must not close those of a scan, nor its suites take their place."""
    bp("lint", "-f", "sarif=a.sarif", "-f", "junit=b.xml", "-f", "markdown=c.md")
    run = json.loads((vault / "a.sarif").read_text(encoding="utf-8"))["runs"][0]
    assert run["automationDetails"] == {"id": "bp/lint/"}
    assert '<testsuites name="bp lint"' in (vault / "b.xml").read_text(encoding="utf-8")
    assert (vault / "c.md").read_text(encoding="utf-8").startswith("## Blueprint lint: 1 of ")


def test_every_run_has_other_pseudonyms_unless_there_is_a_key(vault: Path) -> None:
    def scan(key: str) -> bytes:
        command = [sys.executable, "-m", "blueprint_cli", "scan", WARNED, "--redact", "--no-write", "-f", "json"]
        return subprocess.run(
            command, env={**os.environ, "BP_REDACT_KEY": key}, capture_output=True, check=False
        ).stdout

    assert len({scan(""), scan(""), scan("secret"), scan("other"), scan("secret")}) == 4


def test_everybody_who_shares_a_role_is_named_and_hidden(vault: Path, bp: Bp) -> None:
    blueprint = vault / WARNED / "blueprint.yaml"
    text = re.sub(r"(?m)^(  CSM|team: {CSM): ([\w.]+)", r"\1: [\2, lee.ito]", blueprint.read_text(encoding="utf-8"))
    blueprint.write_text(text, encoding="utf-8")
    plain, hidden = (bp("scan", WARNED, "--no-write", "-f", "json", *more).out for more in ((), ("--redact",)))
    people = {gap["owner"]["person"] for gap in json.loads(plain)["nodes"][0]["gaps"] if gap["owner"]["role"] == "CSM"}
    assert [person.endswith(", lee.ito") for person in people] == [True]
    for name in people.pop().split(", "):
        assert name not in hidden
    shown = {gap["owner"]["person"] for gap in json.loads(hidden)["nodes"][0]["gaps"] if gap["owner"]["role"] == "CSM"}
    assert re.fullmatch("h[0-9a-f]{8}, h[0-9a-f]{8}", shown.pop())
