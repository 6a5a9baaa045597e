"""How a cost grows with the number of objects: the exponent of a power law.

A command has a cost before it reads the first object: interpreter, imports, policies. With it,
every growth would look flat for small inputs. It is therefore subtracted, as measured on the
agent's chart. A point counts only if the rest is more than the noise.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

# A fraction of the start: the rest must be more than this.
_NOISE = 0.25

Point = tuple[float, float]


def exponent(points: Sequence[Point], start: float) -> float | None:
    """Return k of cost - start ~ objects^k, by least squares over the logarithms.

    `points` are (objects, cost). None if fewer than two points count.
    """
    counted = [
        (math.log(objects), math.log(cost - start))
        for objects, cost in points
        if cost - start > _NOISE * start
    ]
    if len(counted) < 2:
        return None
    return statistics.linear_regression(*zip(*counted, strict=True)).slope
