"""Links, pipes, devices, directories and names: nothing leads out of the repository, and no name deceives."""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.kit import AS_OF, CANARY, VICTIM, WITNESS, Answer, Place, sound

LOG = "engagement/touchpoint_log.yaml"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.yaml").write_text(f"note: {CANARY}\n")
    (outside / "touchpoint_log.yaml").write_text(f"note: {CANARY}\n")
    return Place.new(tmp_path / "repo", *PLANTED)


def gone(place: Place, path: str) -> Path:
    """The path, and nothing at it."""
    target = place.root / path
    if target.is_dir():
        shutil.rmtree(target)
    target.unlink(missing_ok=True)
    return target


def link(to: str) -> Callable[[Place, str], None]:
    return lambda place, path: gone(place, path).symlink_to(to)


def pipe(place: Place, path: str) -> None:
    os.mkfifo(gone(place, path))


def plug(place: Place, path: str) -> None:
    """A socket: its name may have 100 bytes, so it is bound from its directory."""
    target = gone(place, path)
    here = Path.cwd()
    os.chdir(target.parent)
    try:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(target.name)
    finally:
        os.chdir(here)


def directory(place: Place, path: str) -> None:
    gone(place, path).mkdir()
    place.write(f"{path}/y.yaml", "a: 1\n")


OUT = "../../../../outside/x.yaml"
INSTEAD: dict[str, tuple[str, Callable[[Place, str], None]]] = {
    "A/OUT": (LOG, link(OUT)),
    "A/IN": (LOG, link("engagement_plan.yaml")),
    "A/ABSOLUTE": (LOG, link("/etc/passwd")),
    "A/DEVICE": (LOG, link("/dev/zero")),
    "A/NOWHERE": (LOG, link("nowhere")),
    "A/LOOP": (LOG, link("touchpoint_log.yaml")),
    "A/PIPE": (LOG, pipe),
    "A/SOCKET": (LOG, plug),
    "A/FOLDER": (LOG, directory),
    "B/OUT": ("blueprint.yaml", link("../../../outside/x.yaml")),
    "B/PIPE": ("blueprint.yaml", pipe),
    "B/FOLDER": ("blueprint.yaml", directory),
    "C/OUT": ("engagement", link("../../../outside")),
    "C/PIPE": ("engagement", pipe),
}
"""By engagement: what of it is replaced, and by what."""
PLANTED = (*INSTEAD, VICTIM)
REACHED = ("A/OUT", "A/IN", "A/ABSOLUTE", "A/DEVICE", "A/NOWHERE", "A/LOOP", "B/OUT")
"""What Git stores, so that the index has it too."""


def test_what_is_no_file_is_one_gap(place: Place) -> None:
    for node, (path, plant) in INSTEAD.items():
        plant(place, f"{node}/{path}")
    (place.root / f"{VICTIM}/engagement").rename(place.root / f"{VICTIM}/elsewhere")
    (place.root / f"{VICTIM}/engagement").symlink_to("elsewhere")
    scanned, linted, staged = place.scan(), place.lint(), place.staged()
    for node, (path, _) in INSTEAD.items():
        if path != "engagement":
            assert scanned.rules(f"{node}/{path}") == ["unsafe-path"], (node, scanned.about(f"{node}/{path}"))
    for node in REACHED:
        path = f"{node}/{INSTEAD[node][0]}"
        assert linted.rules(path) == staged.rules(path) == ["unsafe-path"]
    for node in ("C/OUT", "C/PIPE", VICTIM):
        found = scanned.rules(f"{node}/{LOG}")
        assert found == ["unsafe-path"], (node, found)
    for answer in (scanned, linted, staged):
        assert answer.code == 1
        answer.witnessed()


def test_an_engagement_that_was_replaced_by_a_link(place: Place) -> None:
    base = place.commit()
    shutil.move(place.root / VICTIM, place.root.parent / "moved")
    (place.root / VICTIM).symlink_to("../../moved")
    place.scan().witnessed()
    assert VICTIM in json.dumps(place.diff(base).data["deleted_nodes"])


def test_no_link_leads_a_write_out(place: Place) -> None:
    secret = place.root.parent / "outside" / "x.yaml"
    before = secret.read_bytes()
    write = ("scan", "--as-of", "2026-03-02", "--write", VICTIM)
    report = place.root / VICTIM / "gap_report.yaml"
    for plant in (link("../../../outside/x.yaml"), pipe, directory):
        plant(place, f"{VICTIM}/gap_report.yaml")
        answer = place.bp(*write)
        assert answer.code == 2
        assert "nothing is written" in answer.err
    gone(place, f"{VICTIM}/gap_report.yaml")
    place.write("bp.yaml", "report: {path: out/gap_report.yaml}\n")
    (place.root / VICTIM / "out").symlink_to("../../../outside")
    assert place.bp(*write).code == 2
    assert secret.read_bytes() == before
    assert sorted(path.name for path in secret.parent.iterdir()) == ["touchpoint_log.yaml", "x.yaml"]
    assert not report.exists()


STRANGE = {
    b"engagement/a\nb.yaml": True,
    b"engagement/e\x1b[31m.yaml": True,
    b"engagement/\xff\xfe.yaml": True,
    "engagement/\u202egnp.yaml".encode(): True,
    b"engagement/\x07/deep/a.yaml": True,
    b"-rf.yaml": False,
    b"--output=x": False,
    b"engagement/CON.yaml": False,
    b"engagement/x\\..\\y.yaml": False,
    "engagement/e\u0301.yaml".encode(): False,
    "engagement/\u00e9.yaml".encode(): False,
    b"engagement/TOUCHPOINT_LOG.yaml": False,
    b":(exclude)x.yaml": False,
    b"*.yaml": False,
    b"engagement/::error::x.yaml": False,
    b"engagement/`|<b>@me.yaml": False,
}


def test_names_that_deceive(place: Place) -> None:
    base = place.commit()
    for name in STRANGE:
        place.write(VICTIM.encode() + b"/" + name, "a: 1\n")
    for answer in (place.scan().witnessed(), place.lint().witnessed(), place.staged().witnessed()):
        found = [gap for gap in answer.gaps if gap["rule"] == "unsafe-path"]
        assert len(found) == sum(STRANGE.values())
        assert all(gap["message"].isprintable() and gap["message"].isascii() for gap in found)
    head = place.commit()
    assert place.diff(base).code in (0, 1)
    assert [gap["rule"] for gap in place.diff(base, head).gaps].count("unsafe-path") == sum(STRANGE.values())


def test_an_engagement_whose_own_name_deceives_has_one_gap_for_it(place: Place) -> None:
    names = [b"AC\nME/X", b"A\x1b[31m/X", b"A\xff/X"]
    harmless = [b"-A/--output=x", b"::error::/##[x]", b"A|B/`c`", b"A/..b", b"=cmd()/X"]
    for name in (*names, *harmless):
        for path, raw in sound("poc").items():
            place.write(name + b"/" + path.encode(), raw)
    for answer in (place.scan().witnessed(), place.lint().witnessed(), place.staged().witnessed()):
        assert [gap["rule"] for gap in answer.gaps].count("unsafe-path") == len(names)
    shown = [place.bp("scan", "--as-of", "2026-03-02", "--no-write", "--format", name) for name in ("text", "github")]
    for answer in shown:
        assert not set(answer.out) & {"\x1b", "\xff", "\r"}
        assert all(not line.lstrip().startswith("::error::") for line in answer.out.splitlines())


def test_paths_on_the_command_line(place: Place) -> None:
    """The caller is trusted, but a typing error should not look like a verdict."""
    for path in ("../outside", "/etc", "nowhere", f"{VICTIM}/../../../outside", "-", "\n"):
        answer = place.scan("--", path)
        assert answer.code == 2, path
        assert answer.err
    odd = place.bp("lint", "--format", "json", "--", "../outside/x.yaml")
    assert odd.code in (0, 1)
    assert isinstance(odd, Answer)


def test_a_link_in_the_place_of_an_engagement_is_reported_and_not_followed(place: Place) -> None:
    outside = shutil.copytree(place.root / VICTIM, place.root.parent / "away")
    shutil.rmtree(place.root / VICTIM)
    (place.root / VICTIM).symlink_to(outside)
    (place.root / "BETA" / "LATEST").symlink_to("WITNESS")
    (place.root / "OTHER").symlink_to(outside.parent)
    (place.root / "README.md").symlink_to("nowhere")
    note = "links are not followed, and what they lead to is not judged: "
    answer = place.scan()
    answer.witnessed()
    assert f"{note}`{VICTIM}`, `BETA/LATEST`, `OTHER`" in answer.err
    place.git("add", "--all")
    assert note in place.scan("--staged").err
    for path in (VICTIM, f"{VICTIM}/blueprint.yaml", "OTHER/away"):
        for answer in (place.scan("--", path), place.bp("scan", "--write", "--as-of", AS_OF, "--", path)):
            assert answer.code == 2
            assert "no engagement found" in answer.err
            assert note in answer.err
    assert not list(outside.glob("gap_report.yaml"))
    answer = place.lint("--", f"{VICTIM}/blueprint.yaml")
    assert "unsafe-path" in answer.out


def test_what_may_not_be_read_is_reported(place: Place) -> None:
    """Git's directory of another repository, named by a file within this one."""
    place.write("sub/.git", "gitdir: ../../../../../../etc\n")
    place.write("sub/x/A/blueprint.yaml", "a: 1\n")
    place.write(f"{VICTIM}/.git", "gitdir: /etc\n")
    place.scan().witnessed()
    place.lint().witnessed()
    assert WITNESS in place.scan().out
