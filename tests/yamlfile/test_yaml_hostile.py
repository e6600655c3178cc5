"""Hostile files cost little: each is read and located in a child with 20 s of processor time and 500 MB."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import blueprint_cli

MB = 1_048_576
BOMB = b"a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 10)
)
MERGE = b"a0: &a0 {k: v}\n" + b"".join(
    b"a%d: &a%d {<<: [%s]}\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 10)
)

DOUBT = b"x: [a:b]\n"  # is read twice by the careful reader
HOSTILE: dict[str, tuple[bytes, set[str]]] = {
    "alias bomb": (BOMB, {"unsafe-yaml"}),
    "merge bomb": (MERGE, {"unsafe-yaml"}),
    "deep alias": (
        b"".join(b"a%d: &a%d [%s]\n" % (n, n, b"*a%d" % (n - 1) if n else b"x") for n in range(100)),
        {"unsafe-yaml"},
    ),
    "cyclic alias": (b"a: &a [*a]\n", {"unsafe-yaml"}),
    "200,000 brackets": (b"[" * 200_000, {"unsafe-yaml"}),
    "200,000 brackets under a key": (b"a: [" + b"[" * 200_000, {"unsafe-yaml"}),
    "4,000 brackets, closed": (b"a: " + b"[" * 4000 + b"]" * 4000 + b"\n", {"unsafe-yaml"}),
    "9,000 braces": (b"a: " + b'{"b":' * 9000, {"unsafe-yaml"}),
    "brackets and hidden ends": (b"a: " + b'["]", ' * 4000, {"unsafe-yaml"}),
    "50,000 dashes": (b"- " * 50_000 + b"x\n", {"unsafe-yaml"}),
    "50,000 question marks": (b"? " * 50_000 + b"x\n", {"unsafe-yaml"}),
    "1 MB of braces with keys": ((b"{a: " * MB)[:MB], {"unsafe-yaml"}),
    "1 MB in one number": (b"a: " + b"7" * (MB - 4) + b"\n", {"unsafe-yaml"}),
    "1 MB in one decimal": (b"a: 0." + b"7" * (MB - 6) + b"\n", set()),
    "1 MB in one text": (b"a: " + b"x" * (MB - 4) + b"\n", set()),
    "1 MB in one key": (b"a" * (MB - 4) + b": 1\n", {"yaml-syntax"}),
    "1 MB in one quoted text": (b'a: "' + b"\\t" * (MB // 2 - 3) + b'"\n', set()),
    "a quote never closed": (b'a: "' + b"x\n" * (MB // 2 - 2), {"yaml-syntax"}),
    "more bytes than allowed": (b"a: " + b"x" * MB, {"unsafe-yaml"}),
    "300,000 items": (b"a: [" + b"1," * 300_000 + b"]\n", {"unsafe-yaml"}),
    "250,000 empty lists": (b"a: [" + b"[]," * 250_000 + b"]\n", {"unsafe-yaml"}),
    "150,000 keys": (b"".join(b"%x:\n" % n for n in range(150_000)), {"unsafe-yaml"}),
    "170,000 times the same key": (b"abcd:\n" * 170_000, {"unsafe-yaml", "duplicate-key"}),
    "200,000 documents": (b"---\n" * 200_000, {"not-a-mapping"}),
    "1 MB of line breaks": (b"\n" * MB, {"not-a-mapping"}),
    "1 MB of comments": (b"#\n" * (MB // 2), {"not-a-mapping"}),
    "1 MB of tabs": (b"\t" * MB, {"yaml-syntax", "not-a-mapping"}),
    "1 MB of exclamation marks": (b"! " * (MB // 2), {"yaml-syntax", "unsafe-yaml"}),
    "1 MB of anchors": (b"&a " * (MB // 3), {"yaml-syntax"}),
    "1 MB of stars": (b"a: &a 1\n" + b"b: *a\n" * (MB // 6 - 2), {"unsafe-yaml", "duplicate-key"}),
    "1 MB of quotes": (b"a: '" + b"''" * (MB // 2 - 3) + b"'\n", set()),
    "1 MB of colons": (b": " * (MB // 2), {"yaml-syntax", "unsafe-yaml"}),
    "1 MB of zero bytes": (b"\0" * MB, {"yaml-syntax"}),
    "1 MB of no UTF-8": (b"\xff" * MB, {"yaml-syntax"}),
    "1 MB of conflict signs": (b"a: 1\n" + b"=======\n" * (MB // 8 - 1), {"yaml-syntax"}),
    "1 MB of directives": (b"%TAG !a! b\n" * (MB // 11), {"yaml-syntax"}),
    "1 MB of percent signs": (b"a: x" + b" %" * (MB // 2 - 3), set()),
    "question marks and a number": (b"a: 0x1\nb: |\n" + (b"  " + b"?" * 495 + b"\n") * 2_000, set()),
    "1 MB of blocks": (b"".join(b"k%x: |\n x\n" % n for n in range(40_000)), set()),
    "doubt and brackets": (DOUBT + b"y: " + b"[" * 1_000_000, {"unsafe-yaml"}),
    "doubt and items": (DOUBT + b"y: [" + b"1, " * 90_000 + b"]\n", set()),
    "doubt and colons": (b"x: [" + b"a:b?c:, " * 60_000 + b"]\n", {"yaml-syntax"}),
    "doubt and quotes": (b"x: [" + b'a":b, ' * 150_000 + b"]\n", {"yaml-syntax"}),
    "doubt and private characters": (
        DOUBT + b"y: " + "".join(map(chr, range(0xF0000, 0xFFFFE))).encode() + b"\n",
        set(),
    ),
    "doubt and words": (b"x: [" + b"a:b?c, " * 80_000 + b"]\n", set()),
    "1 MB of deep spaces": ((b"a:\n" + b" " * 10_000 + b"b\n") * 100, {"duplicate-key"}),
}

CHILD = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (500 << 20, 500 << 20))
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
from blueprint_cli.yamlfile import read
document = read(sys.stdin.buffer.read())
assert document.ok or document.data is None
document.locate(["a", 0, "b"])
assert all(len(f.message) < 300 and f.message.isprintable() for f in document.faults)
assert len(document.faults) <= 100
print(*sorted({f.rule for f in document.faults}))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the limits of a child process are POSIX")
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_is_cheap_and_never_a_crash(name: str) -> None:
    raw, rules = HOSTILE[name]
    child = subprocess.run(
        [sys.executable, "-c", CHILD],
        input=raw,
        capture_output=True,
        timeout=120,
        check=False,
        env={"PYTHONPATH": str(Path(blueprint_cli.__file__).parent.parent)},
    )
    assert child.returncode == 0, child.stderr.decode()[-500:]
    found = set(child.stdout.decode().split())
    assert found <= rules
    assert bool(found) == bool(rules)
