"""Random damage: whatever stands in the files, the scan ends, and every node is in its output."""

from __future__ import annotations

import random

from fuzz import damage
from tests.acceptance.kit import Case
from tests.acceptance.nodes import AS_OF, TRACKS, full


def damaged(count: int, seed: int = 0) -> list[Case]:
    cases = []
    for number in range(count):
        dice = random.Random(f"{seed}/{number}")
        track = dice.choice(TRACKS)
        node = full(track)
        files = node.write()
        for path in dice.sample(sorted(files), dice.randrange(1, 4)):
            node.files[path] = damage.damaged(files[path], dice)
        cases.append(Case(f"F{seed}_{number}", node, [[]], {}, AS_OF.isoformat(), judge_gaps=False, realm=f"T_{track}"))
    return cases
