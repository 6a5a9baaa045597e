"""How a cost grows with the number of objects: the exponent of a power law.

A command costs something before it reads the first object: interpreter, imports, policies. With
it, small inputs would make every growth look flat. So it is subtracted, as measured on the agent's
own chart, and a point counts only where what is left is more than the noise.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

LEAST_OBJECTS = 100
# Of the start: what is left has to be more than this.
_NOISE = 0.25

Point = tuple[float, float]


def exponent(points: Sequence[Point], start: float) -> float | None:
    """Return k of cost - start ~ objects^k, by least squares over the logarithms.

    `points` are (objects, cost). None where fewer than two points count.
    """
    counted = [
        (math.log(objects), math.log(cost - start))
        for objects, cost in points
        if objects >= LEAST_OBJECTS and cost - start > _NOISE * start
    ]
    if len(counted) < 2:
        return None
    return statistics.linear_regression(*zip(*counted, strict=True)).slope
