"""No command needs the network or uses it, and no native reader meets what overflows its stack."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.kit import NETWORK, VICTIM, Answer, Place, run

CALLS = (
    "import socket; socket.socket()",
    "import socket; socket.create_connection(('127.0.0.1', 9))",
    "import socket; socket.getaddrinfo('localhost', 80)",
    "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/')",
    "import _socket; _socket.socket(2, 1)",
    "import http.client; http.client.HTTPConnection('127.0.0.1', 9).connect()",
)


@pytest.mark.parametrize("call", CALLS)
def test_a_process_that_opens_a_socket_ends_there(tmp_path: Path, call: str) -> None:
    """The fence that stands around every run of this directory."""
    code = f"try:\n    {call.replace('; ', chr(10) + '    ')}\nexcept BaseException:\n    pass"
    assert run([sys.executable, "-c", code], tmp_path, {}).code == NETWORK


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place.new(tmp_path / "repo")
    place.write("schemas/x.schema.json", json.dumps({"$ref": "https://127.0.0.1:9/x.json"}))
    return place


def every_command(place: Place, base: str) -> list[tuple[str, ...]]:
    return [
        ("--version",),
        ("scan", "--as-of", "2026-03-02", "--no-write"),
        ("scan", "--as-of", "2026-03-02", "--write"),
        ("scan", "--staged", "--as-of", "2026-03-02"),
        ("lint",),
        ("lint", "--", f"{VICTIM}/blueprint.yaml"),
        ("diff", base, "--as-of", "2026-03-02"),
        ("history", VICTIM),
        ("explain", VICTIM, "C01/CHK_ENG_001", "--as-of", "2026-03-02"),
        ("rule", "unsafe-yaml"),
        ("catalog", "check"),
        ("config",),
    ]


@pytest.mark.slow
def test_no_command_needs_the_network(place: Place) -> None:
    base = place.commit()
    place.edit(f"{VICTIM}/blueprint.yaml", "track: premium", "track: economy")
    for command in every_command(place, base):
        answer = place.bp(*command)
        assert answer.code in (0, 1), (command, answer.err)
        assert "network:" not in answer.err


def test_the_same_where_there_is_none(place: Place, tmp_path: Path) -> None:
    """What the fence cannot see, native code, has no network here: the answers are the same."""
    alone = ["unshare", "--map-root-user", "--net"]
    try:
        possible = subprocess.run([*alone, "true"], check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        possible = False
    if not possible:
        pytest.skip("this machine lets nobody leave the network")
    scan = [sys.executable, "-m", "blueprint_cli", "scan", "--as-of", "2026-03-02", "--no-write", "--format", "json"]
    answer: Answer = run([*alone, *scan], place.root, {})
    assert answer.witnessed().out == place.scan().out


DEEP = {
    "brackets": "a: " + "[" * 500_000,
    "braces": '{"a":' * 200_000,
    "dashes": "- " * 500_000,
    "question marks": "? " * 500_000,
    "brackets that are closed": "a: " + "[" * 200_000 + "]" * 200_000,
    "tags": "a: " + "!!seq [" * 100_000,
    "anchors": "a: " + "&a [" * 200_000,
    "mixed": "a: " + "[{b: " * 150_000,
    "pairs and dashes": "a:\n" + "  ? - " * 150_000 + "x\n",
    "wide dashes": "-         " * 100_000 + "x\n",
    "keys that go in": "".join(f"{' ' * indent}a:\n" for indent in range(1_400)),
    "dashes that go in": "".join(f"{' ' * (2 * indent)}a:\n{' ' * (2 * indent)}-\n" for indent in range(480)),
    "dashes after spaces": "a:\n" + "".join(" " * (900 * line) + " -" * 450 + "\n" for line in range(1, 45)),
}
GUARD = """
import sys
import yaml_rs
whole = yaml_rs.loads
def guarded(text, **options):
    data = whole(text, **options)
    level, depth = [data], 0
    while level:
        depth += 1
        level = [leaf for value in level if isinstance(value, dict | list)
                 for leaf in (one.values() if isinstance(one, dict) else one)]
    assert depth <= 1600, depth
    return data
from blueprint_cli.yamlfile import fast, read
fast.yaml_rs.loads = guarded
document = read(sys.stdin.buffer.read())
assert not document.ok
print(*sorted({fault.rule for fault in document.faults}))
"""


@pytest.mark.parametrize("name", DEEP)
def test_native_readers_never_see_what_overflows_their_stack(name: str) -> None:
    """In a process of its own: it would die without a word."""
    child = subprocess.run(
        [sys.executable, "-c", GUARD], input=DEEP[name].encode(), capture_output=True, check=False, timeout=60
    )
    assert child.returncode == 0, child.stderr.decode()[-300:]
    assert child.stdout.split() == [b"unsafe-yaml"]
