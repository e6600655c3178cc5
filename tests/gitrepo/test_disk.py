"""Files outside Git."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from blueprint_cli.errors import BpError
from blueprint_cli.files.disk import Directory, Reader
from blueprint_cli.files.tree import Kind, Unreadable


def test_every_file_with_its_kind(tmp_path: Path) -> None:
    root = tmp_path / "acme" / "onboarding"
    for name in ("b/y.yaml", "a.yaml", "b/c/z.yaml", "theirs/.git/config", "theirs/x.yaml", ".hidden/h.yaml"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("a: 1\n")
    (root / "link").symlink_to("b")
    os.mkfifo(root / "pipe")
    tree = Directory(str(root))
    assert dict(tree.entries()) == {
        ".hidden/h.yaml": Kind.FILE,
        "a.yaml": Kind.FILE,
        "b/c/z.yaml": Kind.FILE,
        "b/y.yaml": Kind.FILE,
        "link": Kind.SYMLINK,
        "pipe": Kind.SPECIAL,
    }
    assert tree.root_names == ("acme", "onboarding")
    assert list(tree.read(["b/y.yaml", "a.yaml"], 99)) == [("b/y.yaml", b"a: 1\n"), ("a.yaml", b"a: 1\n")]
    assert tree.last_changes(["a.yaml"])["a.yaml"].why == "not in a Git repository"
    tree.close()


def test_no_such_directory(tmp_path: Path) -> None:
    with pytest.raises(BpError, match="cannot list"):
        Directory(str(tmp_path / "nowhere")).entries()


def test_a_file_that_grows_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "x"
    file.write_bytes(b"1234")
    real = os.read

    def growing(handle: int, size: int) -> bytes:
        data = real(handle, min(size, 3))
        if file.stat().st_size < 10:
            file.write_bytes(file.read_bytes() + b"x")
        return data

    monkeypatch.setattr(os, "read", growing)
    assert Reader(str(tmp_path)).read("x", 20) == b"1234xxxxxx"
    file.write_bytes(b"1234")
    assert isinstance(Reader(str(tmp_path)).read("x", 8), Unreadable)


def opened() -> int:
    """How many file descriptors this process holds."""
    return len(list(Path("/dev/fd").iterdir()))


def test_directories_are_let_go(tmp_path: Path) -> None:
    for name in ("a/b/c/x", "a/d/y", "e/f/z", "w"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    open_before = opened()
    reader = Reader(str(tmp_path))
    for name in ("a/b/c/x", "a/d/y", "w", "e/f/z", "a/b/c/x", "e/missing/z", "e/f/z"):
        found = reader.read(name, 99)
        assert found == name.encode() if "missing" not in name else isinstance(found, Unreadable)
        assert opened() <= open_before + 5
    reader.close()
    assert opened() == open_before
