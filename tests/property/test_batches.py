"""Any tree, any batch, any fault: the tree is what the batch makes of it, or it is as it was."""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import api
from core.api import Committed, NeedsRecovery
from tests.property.strategies import Batch, batches
from tests.support import model, stopping
from tests.support.failing import FailingFileSystem, engine_on
from tests.support.stopping import StoppingFileSystem
from tests.support.tree import difference, snapshot
from tests.support.tried import Tried


class Bench:
    """A tree to build and change, again and again."""

    def __init__(self, root: Path) -> None:
        self.tree, self.state, self.file = root / "tree", root / "state", root / "plan.json"

    def build(self, batch: Batch) -> None:
        things, operations, _ = batch
        model.build(self.tree, things)
        shutil.rmtree(self.state, ignore_errors=True)
        absolute = [
            {key: str(self.tree / value) if key in ("path", "to") else value for key, value in one.items()}
            for one in operations
        ]
        self.file.write_text(json.dumps({"holdfast": 1, "operations": absolute}))

    def unfinished(self) -> list[str]:
        folder = self.state / "journals"
        return sorted(os.listdir(folder)) if folder.exists() else []


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    above = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=above, prefix="holdfast-") as folder:
        yield Bench(Path(folder))


@given(
    batch=batches(),
    number=st.sampled_from([errno.EIO, errno.ENOSPC, errno.EROFS, errno.EACCES]),
    point=st.integers(0, 60),
    for_good=st.booleans(),
)
def test_a_fault_at_any_call_leaves_the_tree_before_or_the_tree_after(
    bench: Bench, tried: Tried, batch: Batch, number: int, point: int, for_good: bool
) -> None:
    bench.build(batch)
    before = snapshot(bench.tree)
    plan = api.read_plan(str(bench.file))
    assert not plan.problems
    fs = FailingFileSystem(point, number, for_good=for_good)
    with engine_on(fs):
        outcome = api.apply(plan, state=str(bench.state))
    done = api.recover_all(str(bench.state))
    assert bench.unfinished() == [], (outcome, done)
    finished = isinstance(outcome, NeedsRecovery) and [one.result for one in done] == [api.Result.FINISHED]
    if isinstance(outcome, Committed) or finished:
        assert model.read(bench.tree) == batch[2]
    else:
        assert fs.failed, outcome
        assert not difference(snapshot(bench.tree), before), outcome
    tried("an error, or none, in a random batch")


@given(batch=batches(), point=st.integers(1, 80), half_way=st.booleans())
def test_killed_at_any_call_it_recovers_to_before_or_after(
    bench: Bench, tried: Tried, batch: Batch, point: int, half_way: bool
) -> None:
    bench.build(batch)
    before = snapshot(bench.tree)
    state = ["--state-dir", str(bench.state)]
    how = stopping.die_half_way if half_way else stopping.die
    code = stopping.run(["apply", str(bench.file), "--yes", *state], StoppingFileSystem(point, how))
    assert stopping.run(["recover", *state]) == 0
    assert bench.unfinished() == []
    is_after = model.read(bench.tree) == batch[2]
    assert is_after or (code != 0 and not difference(snapshot(bench.tree), before)), code
    tried("SIGKILL in a random batch")
