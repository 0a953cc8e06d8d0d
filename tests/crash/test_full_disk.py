"""A disk that is full, or a quota: from nothing free up to where the batch fits, nothing is changed or everything is."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support import bench as benches
from tests.support import stopping
from tests.support.bench import OPERATIONS
from tests.support.disks import Disk, hindrance
from tests.support.machine import PLACES, DisturbedFileSystem, Machine
from tests.support.spread import spread
from tests.support.stopping import StoppingFileSystem
from tests.support.trials import trials
from tests.support.tried import Tried

KIB = 1024


@pytest.fixture
def ready(machine: Machine) -> Machine:
    benches.build(machine.template)
    machine.prepare(OPERATIONS)
    return machine


def demand_truth(machine: Machine, code: int) -> str:
    """Demand that exit 0 means after, and everything else before, as soon as there is room again at the latest."""
    assert code in (0, 1, 3), f"exit {code}"
    if code == 1:
        assert machine.verdict() == "before", machine.verdict()
    for disk in machine.disks:
        disk.empty()
    assert stopping.run(machine.recover) == 0
    verdict = machine.demand_whole(f"exit {code}")
    assert verdict == ("after" if code == 0 else "before")
    return verdict


def filled(machine: Machine, disk: Disk, free: int, before_call: int = 1) -> int:
    """Apply while a disk is filled up before a call, the planning being over by then; return the exit code."""
    return stopping.run(machine.apply, DisturbedFileSystem({before_call: lambda: disk.fill(free)}))


def sizes(largest: int, step: int) -> list[int]:
    return list(range(0, largest, step))


def try_sizes(machine: Machine, number: int, sizes: list[int], tried: Tried) -> None:
    """Apply with so many bytes free on one of the disks."""
    seen = set()
    with trials(tried) as trial:
        for free in sizes:
            machine.renew()
            code = filled(machine, machine.disks[number], free)
            with trial.one(f"disk full, {machine.kind}", f"{free // KIB} KiB free"):
                seen.add(demand_truth(machine, code))
    assert "before" in seen


def disk_of(where: str) -> int:
    return 0 if where == "the tree's disk" else -1


@pytest.mark.parametrize("where", ["the tree's disk", "the state's disk"])
@pytest.mark.parametrize("machine", [one for one in PLACES if one.startswith(("ext4;", "xfs;"))], indirect=True)
def test_a_full_disk_changes_nothing_or_the_batch_fits(ready: Machine, tried: Tried, where: str) -> None:
    try_sizes(ready, disk_of(where), [0, 4 * KIB, *spread(sizes(600 * KIB, 8 * KIB), 2)], tried)


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("where", ["the tree's disk", "the state's disk"])
def test_a_disk_with_any_space_left_changes_nothing_or_the_batch_fits(ready: Machine, tried: Tried, where: str) -> None:
    try_sizes(ready, disk_of(where), sizes(700 * KIB, 4 * KIB), tried)


def fill_at_calls(machine: Machine, most: int, tried: Tried) -> None:
    machine.renew()
    calls = range(1, stopping.count(machine.apply) + 1)
    with trials(tried) as trial:
        for call in spread(calls, most):
            for number in range(len(machine.disks)):
                machine.renew()
                code = filled(machine, machine.disks[number], 0, call)
                with trial.one(f"disk full from a call on, {machine.kind}", f"call {call}, disk {number}"):
                    demand_truth(machine, code)


@pytest.mark.parametrize("machine", ["ext4; state elsewhere"], indirect=True)
def test_a_disk_that_fills_up_in_the_middle_leaves_before_or_after(ready: Machine, tried: Tried) -> None:
    fill_at_calls(ready, 8, tried)


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_a_disk_that_fills_up_at_any_call_leaves_before_or_after(ready: Machine, tried: Tried) -> None:
    fill_at_calls(ready, 1_000_000, tried)


def recover_on_full_disks(machine: Machine, most: int, tried: Tried) -> None:
    """Putting back needs no space: what a kill left is put right on disks that are full to the last byte."""
    machine.renew()
    calls = range(1, stopping.count(machine.apply) + 1)
    with trials(tried) as trial:
        for call in spread(calls, most):
            machine.renew()
            assert stopping.run(machine.apply, StoppingFileSystem(call, stopping.die)) == -signal.SIGKILL
            for disk in machine.disks:
                disk.fill(0)
            code = stopping.run(machine.recover)
            found = machine.verdict()
            with trial.one(f"recover on a full disk, {machine.kind}", f"killed at call {call}"):
                # btrfs needs room to remove a name, too; there it may take until there is some.
                assert code == 0 or machine.kind == "btrfs", f"exit {code}"
                assert code != 0 or found in ("before", "after"), found
                for disk in machine.disks:
                    disk.empty()
                assert stopping.run(machine.recover) == 0
                machine.demand_whole("with room again")


@pytest.mark.parametrize("machine", ["ext4; state beside", "xfs; state elsewhere"], indirect=True)
def test_recovery_needs_no_space(ready: Machine, tried: Tried) -> None:
    recover_on_full_disks(ready, 6, tried)


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_recovery_needs_no_space_wherever_it_was_killed(ready: Machine, tried: Tried) -> None:
    recover_on_full_disks(ready, 1_000_000, tried)


def test_a_batch_that_cannot_fit_is_refused_before_it_begins(ready: Machine, tried: Tried) -> None:
    for free in (0, 64 * KIB, 512 * KIB):
        ready.renew()
        ready.disks[0].fill(free)
        assert stopping.run(ready.apply) == 1
        assert ready.verdict() == "before"
        assert ready.unfinished() == []
        tried(f"refused for want of space, {ready.kind}")


@pytest.fixture
def few_inodes(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """Makes a disk in memory on which so many files more can be made."""
    place = tmp_path / "inodes"
    place.mkdir()

    def make(number: int) -> Path:
        subprocess.run(["umount", place], capture_output=True)
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size=16m,nr_inodes={number}", "none", place],
            capture_output=True,
            text=True,
        )
        if mounted.returncode:
            pytest.skip(f"no disk in memory: {mounted.stderr.strip()}")
        return place

    yield make
    subprocess.run(["umount", place], capture_output=True)


def test_a_disk_without_inodes_changes_nothing_or_the_batch_fits(
    few_inodes: Callable[[int], Path], tmp_path: Path, tried: Tried
) -> None:
    """The tree needs 20 inodes and the disk one; the batch some more, while it runs."""
    reference = Machine(tmp_path, tmp_path / "tree", tmp_path / "state")
    benches.build(reference.template)
    reference.prepare(OPERATIONS)
    seen = set()
    with trials(tried) as trial:
        for number in range(len(reference.before) + 2, len(reference.before) + 14):
            place = few_inodes(number)
            machine = Machine(tmp_path, place / "tree", tmp_path / "state", reference.before, reference.after)
            benches.write_plan(machine.plan, machine.tree, OPERATIONS)
            machine.reset()
            code = stopping.run(machine.apply)
            with trial.one("no inodes left, tmpfs", f"{number} inodes"):
                seen.add(demand_truth(machine, code))
    assert seen == {"before", "after"}


@pytest.fixture
def quota(images: Path) -> Iterator[Callable[[int], Machine]]:
    """Makes a fresh disk whose quota lets so many bytes more be written than the tree has."""
    if reason := hindrance("btrfs") or ("" if shutil.which("btrfs") else "btrfs is not installed"):
        pytest.skip(f"no quota: {reason}")
    disk = Disk.make("btrfs", images, "quota")
    machine = Machine.build(images, [disk])
    benches.build(machine.template)
    machine.prepare(OPERATIONS)

    def limit(more: int) -> Machine:
        # A limit that is reached cannot be lifted any more, so every trial has a disk of its own.
        machine.renew()
        run("btrfs", "quota", "enable", str(disk.path))
        run("btrfs", "quota", "rescan", "-w", str(disk.path))
        shown = run("btrfs", "qgroup", "show", "--raw", str(disk.path)).split()
        used = next(int(shown[place + 1]) for place, word in enumerate(shown) if word == "0/5")
        run("btrfs", "qgroup", "limit", str(used + more), str(disk.path))
        return machine

    yield limit
    disk.remove()


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def try_quotas(quota: Callable[[int], Machine], sizes: list[int], tried: Tried) -> None:
    seen = set()
    with trials(tried) as trial:
        for more in sizes:
            machine = quota(more)
            code = stopping.run(machine.apply)
            with trial.one("quota, btrfs", f"{more // KIB} KiB more allowed"):
                assert code in (0, 1), f"exit {code}"
                verdict = machine.verdict()
                assert verdict == ("after" if code == 0 else "before"), verdict
                assert machine.unfinished() == []
                seen.add(verdict)
    assert "before" in seen


def test_a_quota_changes_nothing_or_the_batch_fits(quota: Callable[[int], Machine], tried: Tried) -> None:
    try_quotas(quota, [0, 64 * KIB, 512 * KIB], tried)


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_any_quota_changes_nothing_or_the_batch_fits(quota: Callable[[int], Machine], tried: Tried) -> None:
    try_quotas(quota, sizes(1200 * KIB, 16 * KIB), tried)
