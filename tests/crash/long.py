"""The long version: `python -m tests.crash.long [SECONDS] [DIRECTORY]`, thousands of kills and stops.

After every tenth of them a run is left in peace. Ends with 1 where anything was found.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.crash.campaign import Campaign, campaign


def main(seconds: float, where: str | None) -> int:
    """Disturb runs for so long, and say what came of it."""
    with tempfile.TemporaryDirectory(dir=where) as folder:
        found = campaign(Path(folder), 24, int(time.time()), 10)
        sys.stdout.write(f"seed {found.seed}\n")
        end = time.monotonic() + seconds
        while time.monotonic() < end and not found.faults:
            found.go(Campaign.kill, 40)
            found.go(Campaign.stop, 10)
    for fault in found.faults:
        sys.stdout.write(f"{fault}\n")
    sys.stdout.write(f"{dict(found.seen)}; {len(found.faults)} faults\n")
    return int(bool(found.faults))


if __name__ == "__main__":
    sys.exit(main(float(next(iter(sys.argv[1:2]), 120)), next(iter(sys.argv[2:3]), None)))
