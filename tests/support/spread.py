"""A sample that is the same in every run: one point out of each of so many equal parts, at a place drawn by a fixed seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

_T = TypeVar("_T")


def spread(points: Sequence[_T], number: int, seed: int = 1) -> list[_T]:
    """Return `number` of the points, spread evenly and in their order; all of them where there are no more."""
    if number >= len(points):
        return list(points)
    rng = random.Random(seed)
    edges = [len(points) * part // number for part in range(number + 1)]
    return [points[rng.randrange(low, high)] for low, high in pairwise(edges)]
