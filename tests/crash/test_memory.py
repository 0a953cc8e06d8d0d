"""Whatever ends an undo, in the middle or in its recovery: nothing that history holds is lost."""

from __future__ import annotations

import errno
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import bench as benches
from tests.support import stopping
from tests.support.bench import OPERATIONS
from tests.support.disks import Disk, die_without_power, hindrance
from tests.support.failing import GROWING, SYNCS, FailingFileSystem
from tests.support.machine import EIGHT, SOME, DisturbedFileSystem, batch
from tests.support.plain import LinklessStoppingFileSystem, PlainStoppingFileSystem
from tests.support.spread import spread
from tests.support.stopping import MUTATING, StoppingFileSystem
from tests.support.tried import Tried
from tests.support.undoing import UndoBench, UndoMachine

FULL = pytest.mark.full
Stopping = type[StoppingFileSystem]


@pytest.fixture
def undoing(memory: Path) -> UndoBench:
    """A batch of every kind of step that was applied; what runs is its undo."""
    bench = UndoBench(memory, memory / "tree", memory / "state")
    benches.build(bench.template)
    bench.prepare(OPERATIONS)
    return bench


def killed(bench: UndoBench, most: int, how: Callable[..., None], kind: Stopping, tried: Tried, what: str) -> set[str]:
    """Kill an undo at so many calls, recover, and return what was found."""
    bench.reset()
    calls = kind(-1, how)
    _, count = stopping.ask(bench.apply, calls, lambda: calls.count)
    seen = set()
    for point in spread(range(1, count + 1), most):
        bench.reset()
        assert stopping.run(bench.apply, kind(point, how)) == -signal.SIGKILL
        assert stopping.run(bench.recover, kind(0, stopping.die)) == 0
        seen.add(bench.demand_whole(f"killed at call {point} of {count}"))
        tried(what)
    return seen


def test_killed_at_some_calls_an_undo_is_done_or_not_and_can_be_done_or_redone(
    undoing: UndoBench, tried: Tried
) -> None:
    seen = killed(undoing, 18, stopping.die, StoppingFileSystem, tried, "SIGKILL at a call of undo")
    assert seen == {"before", "after"}


@FULL
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", [StoppingFileSystem, PlainStoppingFileSystem, LinklessStoppingFileSystem])
@pytest.mark.parametrize("how", [stopping.die, stopping.die_half_way])
def test_killed_at_any_call_an_undo_is_done_or_not(
    undoing: UndoBench, tried: Tried, kind: Stopping, how: Callable[..., None]
) -> None:
    assert killed(undoing, 10_000, how, kind, tried, "SIGKILL at a call of undo") == {"before", "after"}


def test_where_exchange_is_missing_an_undo_that_was_killed_is_done_or_not(undoing: UndoBench, tried: Tried) -> None:
    what = "SIGKILL at a call of undo without exchange"
    assert killed(undoing, 10, stopping.die, PlainStoppingFileSystem, tried, what) == {"before", "after"}


def kills_in_recovery(bench: UndoBench, outer: int, inner: int, tried: Tried) -> None:
    bench.reset()
    for point in spread(range(1, stopping.count(bench.apply) + 1), outer):
        bench.reset()
        stopping.run(bench.apply, StoppingFileSystem(point, stopping.die))
        for second in spread(range(1, stopping.count(bench.recover) + 1), inner):
            bench.reset()
            stopping.run(bench.apply, StoppingFileSystem(point, stopping.die))
            stopping.run(bench.recover, StoppingFileSystem(second, stopping.die))
            assert stopping.run(bench.recover) == 0
            bench.demand_whole(f"killed at call {point}, then at call {second} of recover")
            tried("SIGKILL at a call of the recovery of an undo")


def test_killed_in_its_recovery_as_well_it_is_still_done_or_not(undoing: UndoBench, tried: Tried) -> None:
    kills_in_recovery(undoing, 4, 3, tried)


@FULL
@pytest.mark.timeout(7200)
def test_killed_at_any_call_of_its_recovery_as_well_it_is_still_done_or_not(undoing: UndoBench, tried: Tried) -> None:
    kills_in_recovery(undoing, 1000, 1000, tried)


def errors(bench: UndoBench, most: int, tried: Tried) -> None:
    allowed = {0: ("after",), 1: ("before",), 3: ("before", "after")}
    for number, verbs in ((errno.EIO, MUTATING), (errno.ENOSPC, GROWING | SYNCS), (errno.EACCES, MUTATING - SYNCS)):
        bench.reset()
        counting = FailingFileSystem(0, number, verbs)
        _, count = stopping.ask(bench.apply, counting, lambda fs=counting: fs.count)
        for at in spread(range(1, count + 1), most):
            for for_good in (False, True):
                bench.reset()
                code = stopping.run(bench.apply, FailingFileSystem(at, number, verbs, for_good=for_good))
                story = f"{errno.errorcode[number]} at call {at} of undo{' and ever after' if for_good else ''}: {code}"
                assert code in allowed, story
                assert stopping.run(bench.recover) == 0, story
                assert bench.demand_whole(story) in allowed[code], story
                tried("an error at a call of undo")


def test_an_error_at_some_calls_of_an_undo_leaves_what_the_exit_code_says(undoing: UndoBench, tried: Tried) -> None:
    errors(undoing, 3, tried)


@FULL
@pytest.mark.timeout(7200)
def test_an_error_at_any_call_of_an_undo_leaves_what_the_exit_code_says(undoing: UndoBench, tried: Tried) -> None:
    errors(undoing, 10_000, tried)


# power cuts


def cut_undos(kind: str, images: Path, sizes: tuple[int, ...], most: int, tried: Tried) -> None:
    if reason := hindrance(kind):
        pytest.skip(f"no disk with {kind}: {reason}")
    disks = [Disk.make(kind, images, "disk")]
    try:
        for size in sizes:
            machine = UndoMachine.build(images / str(size), disks)
            machine.home.mkdir()
            machine.prepare(batch(machine.template, size))
            machine.renew()
            count = stopping.count(machine.apply)
            for at in spread(range(1, count + 1), most):
                _cut(machine, at, count, tried)
    finally:
        for disk in disks:
            disk.remove()


def _cut(machine: UndoMachine, at: int, count: int, tried: Tried) -> None:
    for early in (0, max(1, at - 2)):
        machine.renew()
        disturbances = {early: lambda: [disk.sync() for disk in machine.disks]} if early else {}
        disturbances[at] = lambda: die_without_power(machine.disks)  # type: ignore[assignment,return-value]
        code = stopping.run(machine.apply, DisturbedFileSystem(disturbances))  # type: ignore[arg-type]
        machine.restart()
        assert code == -signal.SIGKILL
        assert stopping.run(machine.recover) == 0
        machine.demand_whole(f"power cut at call {at} of {count} of undo, all durable at call {early}")
        tried(f"power cut at a call of undo, {machine.kind}")


def test_a_power_cut_in_an_undo_leaves_it_done_or_not(images: Path, tried: Tried) -> None:
    cut_undos("ext4", images, (EIGHT,), 4, tried)


@FULL
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs"])
def test_a_power_cut_at_any_call_of_an_undo_leaves_it_done_or_not(kind: str, images: Path, tried: Tried) -> None:
    cut_undos(kind, images, (EIGHT, SOME), 10_000, tried)
