"""Standard streams that are closed, full, or that nobody reads any more."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.crash.kit import BP, EARLIER, portfolio, quiet, reports, surroundings

SCAN = f"scan --as-of {EARLIER} --no-write"
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return portfolio(tmp_path_factory.mktemp("streams") / "vault", 4)


def shell(root: Path, command: str) -> subprocess.CompletedProcess[str]:
    """A command line of a shell in which `bp` is the program; it ends with the exit code of `bp`."""
    script = f'bp() {{ {" ".join(BP)} "$@"; }}\nset -o pipefail\n{command}'
    return subprocess.run(
        ["bash", "-c", script], cwd=root, env=surroundings(), capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize("style", ["text", "json", "sarif", "markdown"])
def test_a_reader_that_has_seen_enough_changes_nothing(vault: Path, style: str) -> None:
    """The reader is gone before there is anything to read; the exit code is that of the judgement."""
    for fail_on, code in (("never", 0), ("error", 1)):
        answer = shell(vault, f"bp {SCAN} --fail-on {fail_on} -f {style} | exec 0<&-")
        skipped = "" if style in ("text", "markdown") else "bp: not looked at: 1 engagement skipped\n"
        assert (answer.returncode, answer.stdout, answer.stderr) == (code, "", skipped)


@FULL
@pytest.mark.parametrize(
    "command",
    [f"{SCAN} -f json", "--version", "--help", "rule", "catalog list", "lint REALM0/NODE000/blueprint.yaml", "config"],
)
def test_a_full_or_closed_standard_output_is_reported(vault: Path, command: str) -> None:
    for where, why in (("> /dev/full", "No space left on device"), (">&-", "Bad file descriptor")):
        answer = shell(vault, f"bp {command} {where}")
        assert (answer.returncode, answer.stdout) == (2, "")
        assert why in answer.stderr
        assert quiet(answer.stderr)


@pytest.mark.parametrize("where", ["2>&-", pytest.param("2> /dev/full", marks=FULL), "<&-", "2>&- <&-"])
def test_remarks_that_nobody_hears_change_nothing(vault: Path, where: str) -> None:
    plain = shell(vault, f"bp {SCAN} -f json")
    answer = shell(vault, f"bp {SCAN} -f json {where}")
    assert (answer.returncode, answer.stdout) == (1, plain.stdout)
    assert shell(vault, f"bp scan --nonsense {where}").returncode == 2
    assert shell(vault, f"bp scan --as-of nonsense {where}").stdout == ""


def test_no_stream_at_all(tmp_path: Path) -> None:
    """What is opened first must not be taken for standard output."""
    root = portfolio(tmp_path / "vault", 4)
    assert shell(root, f"bp scan --as-of {EARLIER} -f json=out.json -j2 >&- 2>&- <&-").returncode == 1
    assert len(reports(root)) == 4
    assert (root / "out.json").read_bytes().startswith(b"{\n")
    assert all(data.startswith(b"schema_version: ") for data in reports(root).values())
