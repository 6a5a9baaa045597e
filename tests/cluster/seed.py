"""The seed of generated inputs."""

from __future__ import annotations

import os
from random import SystemRandom

from support.inputs import DETERMINISTIC

VARIABLE = "DFPOLICY_TEST_SEED"


def chosen() -> int:
    """Return the seed in the variable, or else 1 in CI and a new one elsewhere; print it."""
    given = os.environ.get(VARIABLE)
    seed = int(given) if given else 1 if DETERMINISTIC else SystemRandom().getrandbits(32)
    print(f"{VARIABLE}={seed}")
    return seed
