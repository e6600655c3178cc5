"""Starts processes within bounds, one at a time, and says what each cost: a request a line, an answer a line, in JSON.

It is a process of its own because it is small: a process begins as large as the one that starts it, and a run of the
tests has hundreds of megabytes. What a process says goes to files.
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

SAFETY = 120
"""Seconds on the wall after which a process is ended: only one that waits for something gets there."""


def bounded(seconds: int) -> None:
    """Processor time, and no core files."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def launch(asked: dict[str, object]) -> dict[str, float]:
    """Exit code and megabytes of one process with its children."""
    with Path(str(asked["out"])).open("wb") as out, Path(str(asked["err"])).open("wb") as err:
        child = subprocess.Popen(
            asked["command"],  # type: ignore[arg-type]
            cwd=str(asked["cwd"]),
            env=asked["env"],  # type: ignore[arg-type]
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            preexec_fn=partial(bounded, asked["seconds"]),  # type: ignore[arg-type]
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
