"""A validator of one small schema, and a network that is not there."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from blueprint_cli.schema import SchemaStore, Validator


def is_date(text: str) -> bool:
    """As strict as the real one, and independent of it."""
    for form in ("%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"):
        try:
            if datetime.strptime(text, form).strftime(form) == text:  # noqa: DTZ007
                return True
        except ValueError:
            pass
    return False


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a schema went to the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(scope="session")
def validator() -> Callable[..., Validator]:
    def of(schema: dict[str, Any], depth: str | None = None, **others: dict[str, Any]) -> Validator:
        schemas = {"under/test.json": schema} | {f"{name}.json": other for name, other in others.items()}
        return SchemaStore(schemas, is_date).validator("under/test.json", depth)

    return of
