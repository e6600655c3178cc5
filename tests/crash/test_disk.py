"""Disks that are full or read-only, and names that are not files: exit 2 with a hint, and nothing is lost."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.crash.kit import BP, EARLIER, LATER, bp, debris, portfolio, quiet, reports, scan, surroundings

ROOT = os.getuid() == 0


@pytest.fixture
def scanned(vault: Callable[[int, Path], Path], tmp_path: Path) -> Path:
    """Engagements with their reports of the earlier day; the first of them has a long one."""
    return vault(4, tmp_path / "vault")


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Mount something, where that is allowed; it is undone."""
    done: list[str] = []

    def mount(*arguments: str) -> None:
        answer = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
        if answer.returncode:
            pytest.skip(f"mounting is not allowed here: {answer.stderr.strip()}")
        if arguments[-1] not in done:
            done.append(arguments[-1])

    yield mount
    for place in reversed(done):
        subprocess.run(["umount", place], check=True)


def limited(size: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_limit_on_the_size_of_files(scanned: Path) -> None:
    """The long report cannot be written, the short ones can, and what was found is answer."""
    before = reports(scanned)
    answer = scan(scanned, day=LATER, preexec_fn=limited(2000))
    assert answer.returncode == 2
    assert "4 nodes" in answer.stdout
    assert "REALM0/NODE000/gap_report.yaml cannot be written: File too large" in answer.stderr
    assert "ulimit -f" in answer.stderr
    assert quiet(answer.stderr)
    after = reports(scanned)
    assert not debris(scanned)
    assert [place for place in after if len(after[place]) > 2000] == [
        place for place in before if after[place] == before[place]
    ]


@pytest.mark.skipif(not ROOT, reason="only root may mount")
def test_a_full_disk(tmp_path: Path, mounted: Callable[..., None]) -> None:
    root = tmp_path / "small"
    root.mkdir()
    mounted("-t", "tmpfs", "-o", "size=256k", "tmpfs", str(root))
    portfolio(root, 8, active=1)
    assert scan(root).returncode == 0
    before = reports(root)
    filler = root / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"x" * 4096)
    answer = scan(root, day=LATER)
    assert answer.returncode == 2
    assert "8 nodes" in answer.stdout
    assert "cannot be written: No space left on device" in answer.stderr
    assert "The disk is full: free some space; the old file is untouched." in answer.stderr
    assert quiet(answer.stderr)
    assert (reports(root), debris(root)) == (before, [])
    answer = scan(root, "--no-write", "-f", f"json={root}/out.json", "-f", "text", day=LATER)
    assert (answer.returncode, (root / "out.json").exists()) == (2, False)
    assert "8 nodes" in answer.stdout, "the other output is not lost"
    assert f"{root}/out.json cannot be written: No space left on device" in answer.stderr
    filler.unlink()
    assert scan(root, day=LATER).returncode == 0


@pytest.mark.skipif(not ROOT, reason="only root may mount")
def test_a_read_only_disk(scanned: Path, mounted: Callable[..., None]) -> None:
    before = reports(scanned)
    mounted("--bind", str(scanned), str(scanned))
    mounted("-o", "remount,ro,bind", str(scanned))
    answer = scan(scanned, day=LATER)
    assert answer.returncode == 2
    assert "4 nodes" in answer.stdout
    assert "cannot be written: Read-only file system" in answer.stderr
    assert "--no-write" in answer.stderr
    assert reports(scanned) == before
    assert scan(scanned, "--no-write", day=LATER).returncode == 0
    answer = scan(scanned, "--no-write", "-o", "out.txt", day=LATER)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "out.txt cannot be written: Read-only file system" in answer.stderr


@pytest.mark.skipif(not ROOT, reason="only root may become somebody else")
def test_a_directory_that_belongs_to_somebody_else() -> None:
    """Not below pytest's own directory, which nobody else may enter."""
    made = subprocess.run(["mktemp", "-d"], capture_output=True, text=True, check=True).stdout.strip()
    try:
        root = portfolio(Path(made) / "vault", 3)
        Path(made).chmod(0o755)
        assert scan(root).returncode == 0
        before = reports(root)

        def as_nobody(*command: str) -> subprocess.CompletedProcess[str]:
            whole = ["setpriv", "--reuid=65534", "--clear-groups", *command]
            return subprocess.run(whole, cwd=root, env=surroundings(), capture_output=True, text=True, check=False)

        if as_nobody(*BP, "--version").returncode != 0:
            pytest.skip("the program itself may not be read by somebody else here")
        answer = as_nobody(*BP, "scan", "--as-of", LATER)
        assert answer.returncode == 2
        assert "3 nodes" in answer.stdout
        assert "cannot be written: Permission denied" in answer.stderr
        assert "Make its directory writable" in answer.stderr
        assert (reports(root), debris(root)) == (before, [])
    finally:
        subprocess.run(["rm", "-rf", made], check=True)


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("folder", "folder cannot be written: it is a directory.*Name a file in it"),
        ("link", "link is a link: nothing is written through it"),
        ("way/out", "`way` is a link or not a directory: nothing is written there"),
        ("/dev/full", "/dev/full is not a plain file"),
        ("/dev/null", "/dev/null is not a plain file"),
        ("pipe", "pipe is not a plain file"),
        ("absent/out", "absent/out cannot be written: its directory does not exist.*Create"),
        ("a/" + "n" * 300, "its directory does not exist"),
        ("n" * 300, "cannot be written: File name too long"),
    ],
)
def test_an_output_that_is_not_a_file_is_refused_at_once(scanned: Path, target: str, says: str) -> None:
    elsewhere = scanned.parent / "elsewhere"
    elsewhere.mkdir()
    (scanned / "folder").mkdir()
    (scanned / "link").symlink_to(elsewhere / "file")
    (scanned / "way").symlink_to(elsewhere)
    os.mkfifo(scanned / "pipe")
    before = reports(scanned)
    for named in (["-o", target], ["-f", "text", "-f", f"json={target}"]):
        answer = scan(scanned, *named, day=LATER)
        assert (answer.returncode, answer.stdout) == (2, "")
        assert re.search(says, answer.stderr.replace("\n", " ")), answer.stderr
    assert reports(scanned) == before, "a run that cannot tell must not write"
    assert not list(elsewhere.iterdir())


def test_outputs_may_go_wherever_the_user_wants(scanned: Path) -> None:
    """The way to a directory elsewhere may lead through links: it is not a stranger's."""
    real = scanned.parent / "real"
    real.mkdir()
    (scanned.parent / "link").symlink_to(real)
    for target in ("../link/one.json", f"{scanned.parent}/link/two.json", "three.json", f"{scanned}/four.json"):
        assert scan(scanned, "-f", "json", "-o", target).returncode == 0
    assert sorted(path.name for path in real.iterdir()) == ["one.json", "two.json"]
    assert (scanned / "three.json").read_bytes() == (scanned / "four.json").read_bytes()


def test_a_file_named_twice(scanned: Path) -> None:
    for other in ("out", "./out", f"{scanned}/out", "REALM0/../out"):
        answer = scan(scanned, "-f", "json=out", "-f", f"sarif={other}")
        assert (answer.returncode, answer.stdout) == (2, "")
        assert "two formats cannot share " in answer.stderr
    assert not (scanned / "out").exists()


@pytest.mark.parametrize("change", [lambda at: at.chmod(0o444), lambda at: os.link(at, at.parent.parent / "other")])
def test_a_report_that_is_read_only_or_has_two_names_is_replaced(scanned: Path, change: Callable[[Path], None]) -> None:
    """The directory decides what may be replaced, as for git; the other name keeps the old report."""
    report = scanned / "REALM0/NODE000/gap_report.yaml"
    before, mode = report.read_bytes(), report.stat().st_mode
    change(report)
    mode = report.stat().st_mode
    assert scan(scanned, day=LATER).returncode == 0
    assert report.read_bytes() != before
    assert (report.stat().st_mode, report.stat().st_nlink) == (mode, 1)
    other = scanned / "REALM0/other"
    assert not other.exists() or other.read_bytes() == before


@pytest.mark.parametrize(("mask", "mode"), [(0o077, 0o600), (0o000, 0o666), (0o022, 0o644)])
def test_a_new_report_has_the_permissions_of_any_new_file(tmp_path: Path, mask: int, mode: int) -> None:
    root = portfolio(tmp_path / "vault", 2)
    assert scan(root, "-f", "json=out", preexec_fn=lambda: os.umask(mask) and None).returncode == 0
    assert {path.stat().st_mode & 0o777 for path in (root / "out", *root.rglob("gap_report.yaml"))} == {mode}


def test_engagements_reached_through_a_link_are_left_alone(scanned: Path) -> None:
    """Such as a directory on another file system."""
    elsewhere = portfolio(scanned.parent / "elsewhere", 3)
    (scanned / "REALM9").symlink_to(elsewhere / "REALM0")
    assert scan(scanned).returncode == 0
    assert not reports(elsewhere)


SPOOL = """
import sys
from blueprint_cli.cli import main, run
run._IN_MEMORY = 1000
main()
"""


@pytest.mark.parametrize("where", ["absent", "full"])
def test_no_place_for_what_is_kept_aside(scanned: Path, where: str) -> None:
    """More reports than memory should hold go to a temporary file until all is judged."""
    before = reports(scanned)
    lacking = "import tempfile; tempfile._candidate_tempdir_list = lambda: ['/absent']\n" if where == "absent" else ""
    answer = subprocess.run(
        [sys.executable, "-c", lacking + SPOOL, "scan", "--as-of", LATER],
        cwd=scanned,
        env=surroundings(TMPDIR=str(scanned / "absent")),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limited(2000) if where == "full" else None,
    )
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "the gap reports cannot be kept until all are judged" in answer.stderr
    assert "nothing was written" in answer.stderr
    assert "TMPDIR" in answer.stderr
    assert (reports(scanned), debris(scanned)) == (before, [])


def test_a_temporary_directory_that_is_not_there_is_not_needed(scanned: Path) -> None:
    answer = bp(scanned, "scan", "--as-of", EARLIER, env=surroundings(TMPDIR="/absent"))
    assert (answer.returncode, answer.stderr) == (1, "")
