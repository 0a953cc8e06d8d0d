"""What the tests of crashes work on: a tree in memory, and disks that can be mistreated."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import bench as benches
from tests.support.bench import OPERATIONS, Bench
from tests.support.disks import Disk, hindrance
from tests.support.machine import PLACES, Machine


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: what a killed process has written survives it there just as on a disk."""
    if not os.access("/dev/shm", os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="holdfast-") as folder:
        yield Path(folder)


@pytest.fixture
def bench(memory: Path) -> Bench:
    """A tree and a batch that has every kind of step."""
    bench = Bench(memory, memory / "tree", memory / "state")
    benches.build(bench.template)
    bench.prepare(OPERATIONS)
    return bench


@pytest.fixture
def images(memory: Path) -> Path:
    """Where the images of disks lie."""
    return memory


@pytest.fixture(params=PLACES)
def machine(request: pytest.FixtureRequest, images: Path) -> Iterator[Machine]:
    """A machine of each kind of disk, with the state directory on the tree's disk and on another."""
    kind, where = request.param.split("; state ")
    if reason := hindrance(kind):
        pytest.skip(f"no disk with {kind}: {reason}")
    disks = [Disk.make(kind, images, "disk")]
    try:
        if where == "elsewhere":
            disks.append(Disk.make(kind, images, "another"))
        yield Machine.build(images, disks)
    finally:
        for disk in disks:
            disk.remove()
