"""Previous versions that are dropped, by age or at once with --no-undo: whatever ends that, nothing else is lost."""

from __future__ import annotations

import errno
import os
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest

from core import memory
from core.history import Hindrance
from tests.support import bench as benches
from tests.support import stopping
from tests.support.bench import OPERATIONS, Bench
from tests.support.disks import Disk, die_without_power, hindrance
from tests.support.failing import GROWING, SYNCS, FailingFileSystem
from tests.support.machine import EIGHT, DisturbedFileSystem, Machine, batch
from tests.support.plain import LinklessStoppingFileSystem, PlainStoppingFileSystem
from tests.support.spread import spread
from tests.support.stopping import MUTATING, StoppingFileSystem
from tests.support.tried import Tried

FULL = pytest.mark.full
ALL = 10_000


def expire(bench: Bench) -> list[str]:
    return ["history", "--expire", "--days", "0.0000001", "--state-dir", str(bench.state)]


def apply_and_age(bench: Bench) -> None:
    bench.reset()
    assert stopping.run(bench.apply) == 0


def points(bench: Bench, most: int) -> list[int]:
    apply_and_age(bench)
    return spread(range(1, stopping.count(expire(bench)) + 1), most)


def demand_honest(bench: Bench, story: str) -> Hindrance:
    """Demand that the batch stands, that what is offered can be had, and that what was begun comes to an end."""
    assert bench.verdict() == "after", story
    (entry,) = memory.history(str(bench.state))
    if entry.can_undo:
        assert stopping.run(["undo", "--yes", "--state-dir", str(bench.state)]) == 0, story
        assert bench.verdict() == "before", story
    else:
        assert stopping.run(expire(bench)) == 0, story
        assert os.listdir(bench.state / "attic") == [], story
        assert bench.verdict() == "after", story
    return entry.hindrance


def killed(bench: Bench, most: int, tried: Tried) -> set[Hindrance]:
    seen = set()
    for point in points(bench, most):
        apply_and_age(bench)
        assert stopping.run(expire(bench), StoppingFileSystem(point, stopping.die)) == -signal.SIGKILL
        seen.add(demand_honest(bench, f"killed at call {point}"))
        tried("SIGKILL at a call of expiry")
    return seen


def test_killed_at_some_calls_an_expiry_has_dropped_nothing_or_says_so(bench: Bench, tried: Tried) -> None:
    assert killed(bench, 10, tried) == {Hindrance.NONE, Hindrance.EXPIRED}


@FULL
def test_killed_at_any_call_an_expiry_has_dropped_nothing_or_says_so(bench: Bench, tried: Tried) -> None:
    assert killed(bench, ALL, tried) == {Hindrance.NONE, Hindrance.EXPIRED}


def killed_again(bench: Bench, most: int, again: int, tried: Tried) -> None:
    """Kill also the expiry that is to end what the first one has begun."""
    for point in points(bench, most):
        second, code = 0, -signal.SIGKILL
        while code == -signal.SIGKILL:
            second += again
            apply_and_age(bench)
            stopping.run(expire(bench), StoppingFileSystem(point, stopping.die))
            code = stopping.run(expire(bench), StoppingFileSystem(second, stopping.die))
            demand_honest(bench, f"killed at call {point}, and then at call {second}")
            tried("SIGKILL at a call of the expiry after one that was killed")


def test_killed_once_more_it_still_says_so(bench: Bench, tried: Tried) -> None:
    killed_again(bench, 2, 9, tried)


@FULL
@pytest.mark.timeout(3600)
def test_killed_once_more_at_any_call_it_still_says_so(bench: Bench, tried: Tried) -> None:
    killed_again(bench, ALL, 1, tried)


def failing(bench: Bench, most: int, tried: Tried) -> None:
    for number, verbs in ((errno.EIO, MUTATING), (errno.ENOSPC, GROWING | SYNCS), (errno.EACCES, MUTATING - SYNCS)):
        apply_and_age(bench)
        counting = FailingFileSystem(0, number, verbs)
        _, count = stopping.ask(expire(bench), counting, lambda fs=counting: fs.count)
        for at in spread(range(1, count + 1), most):
            for for_good in (False, True):
                apply_and_age(bench)
                code = stopping.run(expire(bench), FailingFileSystem(at, number, verbs, for_good=for_good))
                story = (
                    f"{errno.errorcode[number]} at call {at} of expiry{' and ever after' if for_good else ''}: {code}"
                )
                assert code in (0, 1, 3), story
                demand_honest(bench, story)
                tried("an error at a call of expiry")


def test_an_error_at_some_calls_of_an_expiry_costs_nothing_that_it_does_not_say(bench: Bench, tried: Tried) -> None:
    failing(bench, 3, tried)


@FULL
@pytest.mark.timeout(3600)
def test_an_error_at_any_call_of_an_expiry_costs_nothing_that_it_does_not_say(bench: Bench, tried: Tried) -> None:
    failing(bench, ALL, tried)


def cut(kind: str, images: Path, most: int, tried: Tried) -> None:
    if reason := hindrance(kind):
        pytest.skip(f"no disk with {kind}: {reason}")
    disk = Disk.make(kind, images, "disk")
    try:
        machine = Machine.build(images, [disk])
        machine.prepare(batch(machine.template, EIGHT))
        assert stopping.run(machine.apply) == 0
        disk.sync()
        disk.keep()
        for at in spread(range(1, stopping.count(expire(machine)) + 1), most):
            for early in (0, max(1, at - 2)):
                machine.renew()
                what = {early: disk.sync, at: lambda: die_without_power([disk])}
                assert stopping.run(expire(machine), DisturbedFileSystem(what)) == -signal.SIGKILL
                machine.restart()
                demand_honest(machine, f"power cut at call {at} of expiry, all durable at call {early}")
                tried(f"power cut at a call of expiry, {kind}")
    finally:
        disk.remove()


def test_a_power_cut_in_an_expiry_costs_nothing_that_it_does_not_say(images: Path, tried: Tried) -> None:
    cut("ext4", images, 4, tried)


@FULL
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs"])
def test_a_power_cut_at_any_call_of_an_expiry_costs_nothing_that_it_does_not_say(
    kind: str, images: Path, tried: Tried
) -> None:
    cut(kind, images, ALL, tried)


# what is never kept


@dataclass
class KeepingNothing(Bench):
    """A batch of which no previous versions are kept."""

    @property
    def apply(self) -> list[str]:
        return [*super().apply, "--no-undo"]


@pytest.fixture
def keeping_nothing(memory: Path) -> Bench:
    bench = KeepingNothing(memory, memory / "tree", memory / "state")
    benches.build(bench.template)
    bench.prepare(OPERATIONS)
    return bench


def killed_without_undo(bench: Bench, kind: type[StoppingFileSystem], most: int, tried: Tried) -> None:
    bench.reset()
    counting = kind(0, stopping.die)
    _, count = stopping.ask(bench.apply, counting, lambda: counting.count)
    seen = set()
    for point in spread(range(1, count + 1), most):
        bench.reset()
        assert stopping.run(bench.apply, kind(point, stopping.die)) == -signal.SIGKILL
        assert stopping.run(bench.recover, kind(0, stopping.die)) == 0
        seen.add(bench.demand_whole(f"killed at call {point}"))
        tried("SIGKILL at a call of apply that keeps nothing")
    assert seen == {"before", "after"}


def test_killed_at_some_calls_a_batch_that_keeps_nothing_is_done_or_not(keeping_nothing: Bench, tried: Tried) -> None:
    killed_without_undo(keeping_nothing, StoppingFileSystem, 30, tried)


@FULL
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", [StoppingFileSystem, PlainStoppingFileSystem, LinklessStoppingFileSystem])
def test_killed_at_any_call_a_batch_that_keeps_nothing_is_done_or_not(
    keeping_nothing: Bench, tried: Tried, kind: type[StoppingFileSystem]
) -> None:
    killed_without_undo(keeping_nothing, kind, ALL, tried)


def failing_without_undo(bench: Bench, most: int, tried: Tried) -> None:
    bench.reset()
    counting = FailingFileSystem(0, errno.EIO)
    _, count = stopping.ask(bench.apply, counting, lambda: counting.count)
    allowed = {0: ("after",), 1: ("before",), 3: ("before", "after")}
    for at in spread(range(1, count + 1), most):
        bench.reset()
        code = stopping.run(bench.apply, FailingFileSystem(at, errno.EIO))
        assert stopping.run(bench.recover) == 0
        assert bench.demand_whole(f"EIO at call {at}: {code}") in allowed[code]
        tried("an error at a call of apply that keeps nothing")


def test_an_error_at_some_calls_leaves_what_the_exit_code_says(keeping_nothing: Bench, tried: Tried) -> None:
    failing_without_undo(keeping_nothing, 20, tried)


@FULL
@pytest.mark.timeout(3600)
def test_an_error_at_any_call_leaves_what_the_exit_code_says(keeping_nothing: Bench, tried: Tried) -> None:
    failing_without_undo(keeping_nothing, ALL, tried)
