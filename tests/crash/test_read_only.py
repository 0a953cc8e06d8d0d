"""A disk that becomes read-only, or dies, under a living process: what it then says by its exit code is true."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from core.fs.real import RealFileSystem
from tests.support import bench as benches
from tests.support import stopping
from tests.support.bench import OPERATIONS
from tests.support.disks import FORMATS, Disk, hindrance
from tests.support.machine import PLACES, DisturbedFileSystem, Machine
from tests.support.spread import spread
from tests.support.trials import trials
from tests.support.tried import Tried

Harm = Callable[[Disk], object]
HARMS: dict[str, Harm] = {
    "made read-only": lambda disk: disk.remount("ro"),
    "journal aborted": lambda disk: disk.remount("abort"),
    "disk dead": lambda disk: disk.cut(),
}


def possible(place: str, harm: str) -> bool:
    """Only ext4 can abort its journal on demand, and btrfs cannot be shut down while somebody writes."""
    return {"journal aborted": place.startswith("ext4"), "disk dead": not place.startswith("btrfs")}.get(harm, True)


CASES = [(place, harm) for harm in HARMS for place in PLACES if possible(place, harm)]
SAMPLE = [case for case in CASES if case[0] in ("ext4; state elsewhere", "xfs; state beside", "btrfs; state beside")]


@pytest.fixture
def ready(machine: Machine) -> Machine:
    benches.build(machine.template)
    machine.prepare(OPERATIONS)
    return machine


def harmed(machine: Machine, harm: str, most: int, tried: Tried) -> None:
    """Do harm to each disk at so many calls of apply, mount them again, and recover."""
    machine.renew()
    calls = range(1, stopping.count(machine.apply) + 1)
    with trials(tried) as trial:
        for call in spread(calls, most):
            for number, disk in enumerate(machine.disks):
                machine.renew()
                fs = DisturbedFileSystem({call: lambda disk=disk: HARMS[harm](disk)})
                code = stopping.run(machine.apply, fs)
                machine.restart()
                with trial.one(f"{harm}, {machine.kind}", f"{harm}, disk {number}, call {call}"):
                    judge(machine, code)


def judge(machine: Machine, code: int) -> None:
    assert code in (0, 1, 3), f"exit {code}"
    if code == 1:
        assert machine.verdict() == "before", machine.verdict()
    assert stopping.run(machine.recover) == 0
    allowed = {0: ("after",), 1: ("before",), 3: ("before", "after")}
    assert machine.demand_whole(f"exit {code}") in allowed[code], f"exit {code}"


@pytest.mark.parametrize("kind", [kind for kind in FORMATS if possible(kind, "disk dead")])
def test_a_folder_of_a_dead_disk_is_not_taken_for_synced(kind: str, images: Path) -> None:
    """What only the kernel knows of it is lost; xfs says yes to its sync all the same, and COMMIT would be a lie."""
    if reason := hindrance(kind):
        pytest.skip(f"no disk with {kind}: {reason}")
    disk, fs = Disk.make(kind, images, "disk"), RealFileSystem()
    try:
        folder = fs.open_folder(str(disk.path))
        fs.close(fs.create(folder, "new", 0o600))
        disk.cut()
        with pytest.raises(OSError) as found:
            fs.sync_folder(folder)
        assert found.value.errno == errno.EIO
        fs.close(folder)
    finally:
        disk.remove()


@pytest.mark.parametrize(("machine", "harm"), SAMPLE, indirect=["machine"])
def test_what_is_said_of_a_disk_that_fails_in_the_middle_is_true(ready: Machine, tried: Tried, harm: str) -> None:
    harmed(ready, harm, 5, tried)


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("machine", "harm"), CASES, indirect=["machine"])
def test_what_is_said_of_a_disk_that_fails_at_any_call_is_true(ready: Machine, tried: Tried, harm: str) -> None:
    harmed(ready, harm, 1_000_000, tried)
