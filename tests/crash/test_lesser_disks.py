"""Where a file system can do less, a batch is all or none all the same, also when it is mounted anew before recovery."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest

from core import api
from tests.support import bench as benches
from tests.support import stopping
from tests.support.bench import OPERATIONS, Bench
from tests.support.lesser import KINDS, Kind
from tests.support.spread import spread
from tests.support.stopping import StoppingFileSystem
from tests.support.tried import Tried

SAMPLE = 16


@dataclass
class Place:
    """A bench whose tree lies on a mounted file system of a kind."""

    kind: Kind
    folder: Path
    point: Path
    bench: Bench

    def mounted(self) -> AbstractContextManager[None]:
        return self.kind.mount(self.folder, self.point)


@pytest.fixture(params=KINDS, ids=str)
def place(request: pytest.FixtureRequest, memory: Path) -> Iterator[Place]:
    kind: Kind = request.param
    if reason := kind.hindrance():
        pytest.skip(f"no {kind}: {reason}")
    folder, point = memory / "kept", memory / "mounted"
    folder.mkdir()
    point.mkdir()
    bench = Bench(memory, point / "tree", memory / "state")
    benches.build(bench.template)
    yield Place(kind, folder, point, bench)


def test_doctor_finds_out_what_a_place_can_do(place: Place) -> None:
    with place.mounted():
        promise = api.promises(str(place.point))

    assert (promise.level, promise.is_tried) == (place.kind.level, True)


def test_killed_at_a_call_and_mounted_anew_it_recovers_to_before_or_after(place: Place, tried: Tried) -> None:
    _kill_at(place, SAMPLE, tried)


@pytest.mark.full
def test_killed_at_any_call_and_mounted_anew_it_recovers_to_before_or_after(place: Place, tried: Tried) -> None:
    _kill_at(place, 1000, tried)


def _kill_at(place: Place, number: int, tried: Tried) -> None:
    bench, seen = place.bench, set()
    with place.mounted():
        bench.prepare(OPERATIONS)
        bench.reset()
        total = stopping.count(bench.apply)
    for point in spread(range(1, total + 1), number):
        with place.mounted():
            bench.reset()
            assert stopping.run(bench.apply, StoppingFileSystem(point, stopping.die_half_way)) == -signal.SIGKILL
        with place.mounted():
            assert stopping.run(bench.recover) == 0, f"killed at call {point}"
            seen.add(bench.demand_whole(f"killed at call {point}"))
        tried(f"SIGKILL at a call of apply on {place.kind}")
    assert seen == {"before", "after"}
