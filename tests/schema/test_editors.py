"""The schemas as other tools read them: a real language server of four releases, and a validator."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import IO, Any

import pytest

ROOT = Path(__file__).parents[2]
REALMS = ROOT / "examples" / "realms"
SERVERS = ("2.0.0", "1.25.0", "1.20.0", "1.18.0")
"""The current release and older ones, which differ in how they resolve references."""
NO_NETWORK = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
SETTINGS = {"yaml": {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}}
MODELINE = "# yaml-language-server: $schema="

PROFILE = REALMS / "ACME/IMPLEMENTATION/support/support_profile.yaml"
BLUEPRINT = REALMS / "ACME/IMPLEMENTATION/blueprint.yaml"
FAULTS = [
    (PROFILE, "tier: premium", "tier: gold"),
    (PROFILE, "tier: premium", "teir: premium"),
    (PROFILE, "last_updated: 2026-01-21", "last_updated: 21.01.2026"),
    (PROFILE, "response_hours: 4}", "response_hours: four}"),
    (PROFILE, "channel: duty phone", "phone: 123"),
    (BLUEPRINT, "status: active", "status: live"),
    (BLUEPRINT, "lifecycle:", "lifecicle:"),
]


class Editor:
    """The client's half of the language server protocol, as far as a test needs it."""

    def __init__(self, server: subprocess.Popen[bytes]) -> None:
        assert server.stdin
        assert server.stdout
        self._to: IO[bytes] = server.stdin
        self._from: IO[bytes] = server.stdout
        self._requests = 0
        self._marks: dict[str, list[str]] = {}
        self._request("initialize", {"processId": None, "rootUri": ROOT.as_uri(), "capabilities": {}})
        self._send({"method": "initialized", "params": {}})
        self._send({"method": "workspace/didChangeConfiguration", "params": {"settings": SETTINGS}})

    def marks(self, texts: Mapping[Path, str]) -> dict[Path, list[str]]:
        """What is marked in texts opened as these files: `line: message`, the first line is 1."""
        for path, text in texts.items():
            document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
            self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        while any(path.as_uri() not in self._marks for path in texts):
            self._receive()
        return {path: self._marks[path.as_uri()] for path in texts}

    def at(self, method: str, path: Path, line: int, character: int) -> str:
        """The answer to a request about a place in an open file, as JSON."""
        place = {"textDocument": {"uri": path.as_uri()}, "position": {"line": line - 1, "character": character}}
        return json.dumps(self._request(f"textDocument/{method}", place))

    def _request(self, method: str, params: Any) -> Any:
        self._requests += 1
        self._send({"id": self._requests, "method": method, "params": params})
        while (answer := self._receive()).get("id") != self._requests or "method" in answer:
            pass
        return answer["result"]

    def _send(self, message: Mapping[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._to.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._to.flush()

    def _receive(self) -> Any:
        """The next message; what the server publishes is noted, and what it asks for is answered with nothing."""
        length = 0
        while header := self._from.readline().strip():
            if header.lower().startswith(b"content-length:"):
                length = int(header.partition(b":")[2])
        assert length, "the language server has ended"
        message = json.loads(self._from.read(length))
        if message.get("method") == "textDocument/publishDiagnostics":
            self._marks[message["params"]["uri"]] = [
                f"{mark['range']['start']['line'] + 1}: {mark['message']}" for mark in message["params"]["diagnostics"]
            ]
        elif "method" in message and "id" in message:
            self._send({"id": message["id"], "result": None})
        return message


@contextmanager
def editor(modules: Path) -> Iterator[Editor]:
    """An editor with a server that has no way to the network; a server that hangs is ended."""
    program = modules / "yaml-language-server" / "bin" / "yaml-language-server"
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(["node", str(program), "--stdio"], env={**os.environ, **NO_NETWORK}, **pipes) as server:
        watch = Timer(180, server.kill)
        watch.start()
        try:
            yield Editor(server)
        finally:
            watch.cancel()
            server.kill()


def examples() -> dict[Path, str]:
    """Every file of the examples that names its schema, and every file of policy with its schema named."""
    texts = {path: path.read_text("utf-8") for path in sorted(REALMS.rglob("*.yaml"))}
    texts = {path: text for path, text in texts.items() if text.startswith(MODELINE)}
    kinds = {
        "reference_blueprint": "reference_blueprints/*/C*.yaml",
        "archetype": "reference_blueprints/*/archetype.yaml",
        "track": "tracks/*/*.yaml",
        "config": "bp.yaml",
    }
    for kind, pattern in kinds.items():
        for path in sorted(ROOT.glob(pattern)):
            texts[path] = f"{MODELINE}{ROOT}/schemas/{kind}.schema.json\n" + path.read_text("utf-8")
    return texts


def bp_lint(at: Path) -> list[str]:
    """The places that `bp lint` reports below a directory, as `path:line`."""
    command = [sys.executable, "-m", "blueprint_cli", "lint", "-f", "text", "--fail-on", "never", "--", str(at)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [f"{at}:{line}" for at, line in re.findall(r"^(\S+\.yaml):(\d+):\d+: error", done.stdout, re.MULTILINE)]


@pytest.mark.slow  # the first run of all fetches 25 MB for each release from a package registry
@pytest.mark.parametrize("release", SERVERS)
def test_an_editor_marks_what_is_wrong_and_nothing_else(release: str, npm: Callable[[str], Path]) -> None:
    planted = {}
    for number, (path, right, wrong) in enumerate(FAULTS):
        before, found, rest = path.read_text("utf-8").partition(right)
        assert found, f"{path} has no {right}"
        planted[path.with_name(f"unsaved-{number}.yaml")] = (before + wrong + rest, before.count("\n") + 1)
    with editor(npm(f"yaml-language-server@{release}")) as client:
        unchanged = client.marks(examples())
        marked = {path: client.marks({path: text})[path] for path, (text, _) in planted.items()}
        hover = client.at("hover", PROFILE, 4, 1)
        choice = client.at("completion", PROFILE, 4, 6)
    at = [f"{path.relative_to(ROOT)}:{mark.partition(':')[0]}" for path, marks in unchanged.items() for mark in marks]
    assert at == bp_lint(REALMS)
    assert "Problems loading" not in str(marked)
    for path, (_, line) in planted.items():  # a misspelt key is also missed where it belongs, one or more lines above
        assert [mark for mark in marked[path] if mark.startswith(f"{line}: ")], marked[path]
    assert "The support tier that was sold" in hover
    assert all(f'"{tier}"' in choice for tier in ("basic", "standard", "premium"))


def test_a_validator_on_the_command_line_needs_no_network() -> None:
    schema = ROOT / "schemas/C06_support_dse_engagement/support_profile.schema.json"
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(schema), str(PROFILE)]
    done = subprocess.run(command, env={**os.environ, **NO_NETWORK}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
