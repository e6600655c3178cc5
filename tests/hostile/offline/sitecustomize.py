"""Loaded by Python itself in every process of the suite: one that opens a socket to a network ends at once.

An audit hook cannot be taken out or caught. Pipes between our own processes may be sockets of the family AF_UNIX.
"""

from __future__ import annotations

import os
import sys
from typing import Any

NETWORK = 97
"""The exit code of a process that wanted the network."""


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.__new__" and getattr(arguments[1], "name", "") == "AF_UNIX":
        return
    if event == "socket.__new__" and arguments[1] == 1:
        return
    if event == "socket.__new__" or event.startswith(("socket.get", "urllib.", "http.client.", "ftplib.", "smtplib.")):
        os.write(2, f"network: {event}\n".encode())
        os._exit(NETWORK)


sys.addaudithook(_refuse)
