"""Starts processes within bounds, one at a time, and reports what each cost: a line of JSON for each of them.

It is a process of its own because it is small: a process begins as large as the one that starts it, and a run of the
tests has hundreds of megabytes. The output of a process goes to files.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path
from typing import Any

SAFETY = 120
"""Seconds on the wall after which a process is ended: only one that waits for something gets there."""


def bounded(seconds: int) -> None:
    """Processor time, and no core files."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def launch(request: dict[str, Any]) -> dict[str, float]:
    """Exit code and megabytes of one process with its children."""
    with Path(str(request["out"])).open("wb") as out, Path(str(request["err"])).open("wb") as err:
        child = subprocess.Popen(
            request["command"],
            cwd=str(request["cwd"]),
            env=request["env"],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            preexec_fn=partial(bounded, request["seconds"]),
        )
    clock = threading.Timer(SAFETY, child.kill)
    clock.start()
    _, status, used = os.wait4(child.pid, 0)
    clock.cancel()
    child.returncode = os.waitstatus_to_exitcode(status)
    return {"code": child.returncode, "megabytes": used.ru_maxrss / 1024}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(launch(json.loads(line))), flush=True)  # noqa: T201 - its way to answer
