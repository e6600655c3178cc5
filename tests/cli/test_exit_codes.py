"""0 clean, 1 gaps, 2 the job cannot be done, 3 a bug, 130 interrupted; and what each says, on which stream."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from blueprint_cli.cli import scan as scan_command
from blueprint_cli.cli.app import COMMANDS
from tests.cli.conftest import BROKEN, CLEAN, WARNED, Bp

CATALOG = [("catalog", name) for name in ("list", "show", "check")]
BROKEN_FILE = f"{BROKEN}/knowledge/learning_path.yaml"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["scan"], 1),
        (["scan", CLEAN], 0),
        (["scan", WARNED], 0),
        (["scan", WARNED, "--fail-on", "warning"], 1),
        (["scan", WARNED, "--fail-on", "error"], 0),
        (["scan", WARNED, "--fail-on", "note"], 1),
        (["scan", BROKEN], 1),
        (["scan", "--fail-on", "never"], 0),
        (["scan", "--realm", "NORTHWIND"], 0),
        (["scan", "--node", "DEPOT"], 1),
        (["scan", "--shard", "1/3"], 0),
        (["scan", "--shard", "3/3"], 1),
        (["scan", "--shard", "9/9"], 0),
        (["scan", "--check", CLEAN], 1),
        (["scan", CLEAN, "--track", "fast_track"], 0),
        (["scan", CLEAN, "--track", "fast_track", "--fail-on", "warning"], 1),
        (["lint"], 1),
        (["lint", f"{CLEAN}/blueprint.yaml"], 0),
        (["lint", BROKEN_FILE], 1),
        (["lint", BROKEN_FILE, "--fail-on", "never"], 0),
        (["explain", CLEAN, "C01/CHK_ENG_003"], 0),
        (["rule"], 0),
        (["rule", "stale-asset"], 0),
        (["catalog", "list"], 0),
        (["catalog", "show", "premium"], 0),
        (["catalog", "check"], 0),
        (["config"], 0),
    ],
)
def test_the_job_is_done(vault: Path, bp: Bp, arguments: list[str], code: int) -> None:
    answer = bp(*arguments)
    assert answer.code == code, answer.out + answer.err
    assert answer.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["scan", "--no-such-option"], "No such option"),
        (["scna"], "scna"),
        (["explain", CLEAN], "CHECK"),
        (["catalog", "shwo"], "shwo"),
        (["scan", "--jobs", "0"], "jobs"),
        (["scan", "--jobs", "many"], "--jobs.*many"),
        (["scan", "--timeout", "0"], "timeout"),
        (["scan", "-f", "html"], "`html` is not a format.*Choose one of text, json"),
        (["lint", "-f", "html"], "`html` is not a format"),
        (["explain", CLEAN, "qbr", "-f", "html"], "`html` is not a format"),
        (["config", "-f", "html"], "`html` is not a format"),
        (["catalog", "list", "-f", "html"], "`html` is not a format"),
        (["scan", "-f", "json", "-f", "sarif"], "two formats cannot share standard output"),
        (["scan", "-f", "json=-", "-f", "sarif=-"], "two formats cannot share standard output"),
        (["scan", "-f", "json="], "names no file"),
        (["scan", "-f", "json", "-f", "sarif=x", "-o", "out"], "--output takes one format"),
        (["scan", "-o", "absent/out.txt"], "its directory does not exist"),
        (["scan", "--fail-on", "warnings"], "`warnings` is not a severity.*flag.*error, warning, note, never"),
        (["lint", "--fail-on", "warnings"], "`warnings` is not a severity"),
        (["scan", "--as-of", "yesterday"], "yesterday"),
        (["scan", "--as-of", "2026-02-30"], "2026-02-30"),
        (["scan", "--track", "gold"], "track `gold` does not exist.*economy, fast_track, poc, premium"),
        (["scan", "--realm", "WESTWIND"], "no engagement found.*realm WESTWIND.*blueprint.yaml.*NORTHWIND/PILOT"),
        (["scan", "--node", "NOTHING"], "no engagement found.*node NOTHING"),
        (["scan", "--shard", "0/3"], "invalid shard `0/3`: use I/N"),
        (["scan", "--shard", "4/3"], "invalid shard `4/3`"),
        (["scan", "--shard", "1"], "invalid shard `1`"),
        (["scan", "--shard", "a/b"], "invalid shard `a/b`"),
        (["scan", "--check", "--write"], "--check writes nothing"),
        (["scan", "--track", "poc", "--write"], "--track writes nothing"),
        (["scan", "--staged", "--rev", "HEAD"], "exclude each other"),
        (["scan", "--rev", "HEAD"], "revision HEAD"),
        (["scan", "--staged"], "--staged"),
        (["diff", "HEAD"], "bp diff"),
        (["history"], "bp history"),
        (["history", "-f", "html"], "`html` is not a format of this command.*text, json, csv"),
        (["history", "--step", "year"], "`year` is not a step"),
        (["merge", "absent.json"], "absent.json"),
        (["scan", "--config", "absent.yaml"], "absent.yaml cannot be read"),
        (["scan", CLEAN, "../elsewhere"], "lies outside"),
        (["scan", "NORTHWIND/NOTHING"], "no engagement found in NORTHWIND/NOTHING"),
        (["scan", "NORTHWIND/WAREHAUSE"], r"found in NORTHWIND/WAREHAUSE .*Did you mean `NORTHWIND/WAREHOUSE`\?"),
        (["scan", CLEAN, "NORTHWIND/NOTHING"], "no engagement found in NORTHWIND/NOTHING"),
        (["scan", "NORTHWIND/NOTHING/AT/ALL"], "no engagement found in NORTHWIND/NOTHING/AT/ALL"),
        (["lint", "NORTHWIND/NOTHING/x.yaml"], "NORTHWIND/NOTHING/x.yaml does not exist"),
        (["rule", "stale-aset"], "there is no rule `stale-aset`.*Did you mean `stale-asset`"),
        (["rule", "xyzzy"], "`bp rule` lists all"),
        (["catalog", "show", "CHK_ENG_033"], "the catalog has no `CHK_ENG_033`.*Did you mean"),
        (["explain", CLEAN, "C01/CHK_ENG_033"], "has no requirement `C01/CHK_ENG_033`.*Did you mean `C01/CHK_ENG_003`"),
        (["explain", "NORTHWIND/NOTHING", "qbr"], "NORTHWIND/NOTHING"),
        (["explain", "NORTHWIND", "qbr"], "NORTHWIND holds 2 engagements"),
    ],
)
def test_the_job_cannot_be_done(vault: Path, bp: Bp, arguments: list[str], says: str) -> None:
    answer = bp(*arguments)
    assert answer.code == 2, answer.out + answer.err
    assert re.search(says, re.sub(r"\s+", " ", answer.err)), answer.err
    assert not answer.out, "what goes wrong is answer on standard error alone"
    assert "Traceback" not in answer.err
    assert not list(vault.rglob("gap_report.yaml")), "nothing is written"


def test_a_path_beside_the_engagements_is_not_a_mistake(vault: Path, bp: Bp) -> None:
    """A hook names every file that changed."""
    (vault / "notes").mkdir()
    (vault / "notes" / "today.md").write_text("Hello.\n", encoding="utf-8")
    for path in ("notes", "notes/today.md"):
        assert bp("scan", CLEAN, path, "--no-write").code == 0


def test_an_unknown_revision(repository: Path, bp: Bp) -> None:
    for arguments in (["scan", "--rev", "nowhere"], ["diff", "nowhere"], ["scan", "--policy-from", "nowhere"]):
        answer = bp(*arguments)
        assert (answer.code, answer.out) == (2, "")
        assert "nowhere" in answer.err


def test_no_engagement_says_what_was_looked_for_and_where(
    tmp_path: Path, bp: Bp, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    answer = bp("scan")
    assert answer.code == 2
    assert "no engagement found in empty" in answer.err
    assert "<realm>/<node>/ with blueprint.yaml" in answer.err


def test_a_configuration_with_faults_is_reported_before_any_scan(vault: Path, bp: Bp) -> None:
    (vault / "bp.yaml").write_text("fail_on: warning\nrealmz: [NORTHWIND]\n", encoding="utf-8")
    answer = bp("scan")
    assert (answer.code, answer.out) == (2, "")
    assert "bp.yaml:2:1" in answer.err
    assert "realmz" in answer.err
    assert "`realms`" in answer.err


def test_a_catalog_with_faults_is_reported_before_any_scan(vault: Path, bp: Bp) -> None:
    track = vault / "tracks" / "post_sales_governance" / "premium.yaml"
    track.parent.mkdir(parents=True)
    track.write_text("id: premium\narchetype: post_sales_governance\ntitel: Premium\n", encoding="utf-8")
    answer = bp("scan")
    assert (answer.code, answer.out) == (2, "")
    assert "tracks/post_sales_governance/premium.yaml:3" in answer.err
    assert "titel" in answer.err
    assert bp("catalog", "check").code == 2


def test_a_bug_is_reported_in_a_line_with_its_log(vault: Path, bp: Bp, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(scan_command, "shard_of", broken)
    answer = bp("scan")
    assert (answer.code, answer.out) == (3, "")
    assert "Traceback" not in answer.err
    found = re.search(r"internal error: RuntimeError; please report it with (\S+)", answer.err)
    assert found is not None, answer.err
    log = Path(found[1])
    written = log.read_text(encoding="utf-8")
    log.unlink()
    assert "Traceback" in written
    assert "RuntimeError: a bug" in written
    assert written.startswith("bp ")


def test_an_interrupt(vault: Path, bp: Bp, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(scan_command, "shard_of", interrupted)
    answer = bp("scan")
    assert (answer.code, answer.out) == (130, "")
    assert "Traceback" not in answer.err
    assert not list(vault.rglob("gap_report.yaml"))


def test_a_timeout_writes_nothing(vault: Path, bp: Bp) -> None:
    answer = bp("scan", "--timeout", "0.001")
    assert answer.code == 2
    assert "timed out after 0.001 s" in answer.err
    assert "nothing was written" in answer.err
    assert not list(vault.rglob("gap_report.yaml"))


def test_a_reader_that_has_seen_enough() -> None:
    """A closed pipe ends the run quietly."""
    with subprocess.Popen(
        [sys.executable, "-m", "blueprint_cli", "rule"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.close()
        assert run.stderr.read() == b""
        assert run.wait() in (0, 1)


@pytest.mark.parametrize("words", [*((name,) for name in COMMANDS), *CATALOG], ids=" ".join)
def test_every_command_helps(bp: Bp, words: tuple[str, ...]) -> None:
    answer = bp(*words, "--help")
    assert answer.code == 0
    assert f"bp {' '.join(words)}" in answer.out
    assert "Usage" in answer.out
    assert answer.out == bp(*words, "-h").out
    assert not answer.err


def test_help_lists_every_command(bp: Bp) -> None:
    answer = bp("--help")
    assert answer.code == 0
    for name in COMMANDS:
        assert re.search(rf"^\W*{name} +\S", answer.out, re.MULTILINE), name


def test_no_arguments_are_a_call_for_help(bp: Bp) -> None:
    answer = bp()
    assert answer.code in (0, 2)
    assert "Usage" in answer.out + answer.err


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_version(bp: Bp, flag: str) -> None:
    answer = bp(flag)
    assert answer.code == 0
    assert re.fullmatch(r"bp \d+\.\d+\.\d+\S*\n", answer.out)


LONG = "x" * 3_000
"""No system allows a name like this, which is not a reason to fail."""


@pytest.mark.parametrize(
    "arguments",
    [
        ["lint", LONG],
        ["lint", f"{CLEAN}/{LONG}/a.yaml"],
        ["lint", "--", LONG],
        ["scan", LONG],
        ["scan", f"{LONG}/b", CLEAN],
        ["scan", "--config", LONG],
        ["scan", "-f", f"json={LONG}"],
        ["scan", "-f", f"json={LONG}/b"],
        ["explain", LONG, "qbr"],
        ["history", LONG],
        ["merge", LONG],
        ["diff", LONG],
        ["diff", "HEAD", "-f", f"json={LONG}/b"],
    ],
    ids=lambda arguments: " ".join(arguments)[:20],
)
def test_a_name_that_is_too_long(repository: Path, bp: Bp, arguments: list[str]) -> None:
    answer = bp(*arguments)
    assert answer.code == 2, answer.err
    assert answer.err.strip()
    assert not list(repository.glob("x*"))


def test_a_catalog_whose_name_is_too_long(repository: Path, bp: Bp) -> None:
    (repository / "bp.yaml").write_text(f"catalog: {LONG}\n", encoding="utf-8")
    for arguments in (["lint", f"{CLEAN}/blueprint.yaml"], ["scan", CLEAN, "--no-write"]):
        answer = bp(*arguments)
        assert (answer.code, len(answer.err) < 1_000) == (2, True), answer.err
