"""Trees and batches for Hypothesis, in the terms of `tests.support.model`."""

from __future__ import annotations

import random

from hypothesis import strategies as st

from tests.support import model
from tests.support.model import Model, Op, Things

Batch = tuple[Things, list[Op], Things]  # the tree before, operations, the tree after


def _batch(rng: random.Random) -> Batch:
    things = model.some_things(rng)
    after = Model(things)
    operations = model.some_operations(rng, after)
    return things, operations, after.things


def batches() -> st.SearchStrategy[Batch]:
    """Small trees with up to six operations that make sense one after the other; Hypothesis makes each choice."""
    return st.randoms(use_true_random=False).map(_batch)
