"""A power cut after exit 0 costs nothing; one in the middle leaves exactly the tree before or the tree after."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core.fs.api import FileSystem
from tests.support import stopping
from tests.support.disks import Disk, die_without_power, hindrance
from tests.support.failing import SYNCS
from tests.support.stopping import StoppingFileSystem
from tests.support.tree import Snapshot, difference, snapshot
from tests.support.tried import Tried

ROOT = Path(__file__).parents[2]
KINDS = ("ext4", "xfs")
ONE, EIGHT, MANY = 1, 8, 300  # the last is above the size from which a whole volume is flushed at once
SOME = 24  # just above it


@dataclass
class Machine:
    """One disk with the tree, perhaps another with the state directory; both lose power together."""

    tree_disk: Disk
    state_disk: Disk
    plan: Path
    template: Path
    before: Snapshot = field(default_factory=dict)
    after: Snapshot = field(default_factory=dict)

    @property
    def disks(self) -> list[Disk]:
        return [self.tree_disk] if self.state_disk is self.tree_disk else [self.tree_disk, self.state_disk]

    @property
    def tree(self) -> Path:
        return self.tree_disk.path / "tree"

    @property
    def state(self) -> Path:
        return self.state_disk.path / "state"

    @property
    def apply(self) -> list[str]:
        return ["apply", str(self.plan), "--yes", "--state-dir", str(self.state)]

    @property
    def recover(self) -> list[str]:
        return ["recover", "--state-dir", str(self.state)]

    def prepare(self, files: int) -> None:
        """Make a batch of so many files, and find out what the tree is before and after it."""
        operations = batch(self.template, files)
        absolute = [
            {key: str(self.tree / str(value)) if key in ("path", "to") else value for key, value in one.items()}
            for one in operations
        ]
        self.plan.write_text(json.dumps({"holdfast": 1, "operations": absolute}))
        self.reset()
        self.before = snapshot(self.tree)
        assert stopping.run(self.apply) == 0
        self.after = snapshot(self.tree)
        assert self.after != self.before

    def reset(self) -> None:
        """Put the tree before on the disk, durably, with an empty state directory."""
        for folder in (self.tree, self.state):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.template, self.tree)
        for disk in self.disks:
            disk.sync()

    def cut(self) -> None:
        for disk in self.disks:
            disk.cut()

    def restart(self) -> None:
        for disk in self.disks:
            disk.restart()

    def verdict(self) -> str:
        """Name what the tree is: "before", "after", or how it is neither."""
        found = snapshot(self.tree)
        if found == self.after:
            return "after"
        if found == self.before:
            return "before"
        return f"not before:\n{difference(found, self.before)}\nnot after:\n{difference(found, self.after)}"

    def unfinished(self) -> list[str]:
        folder = self.state / "journals"
        return sorted(os.listdir(folder)) if folder.exists() else []


def batch(template: Path, files: int) -> list[dict[str, object]]:
    """Make the files that a batch needs, and return its operations: edits, and from eight on one of each."""
    shutil.rmtree(template, ignore_errors=True)
    for folder in ("source", "target"):
        (template / folder).mkdir(parents=True)
    edited = files if files < EIGHT else files - 5
    operations: list[dict[str, object]] = []
    for number in range(edited):
        (template / f"source/file-{number}").write_text(f"old text {number}\n" * (1 + number * 37 % 500))
        operations.append({"op": "edit", "path": f"source/file-{number}", "find": "old", "replace": "new"})
    if files < EIGHT:
        return operations
    for name in ("wanders", "goes", "left", "right"):
        (template / "source" / name).write_text(f"{name}\n")
    return [
        *operations,
        {"op": "create", "path": "made/deeper/fresh", "text": "fresh\n"},
        {"op": "delete", "path": "source/goes"},
        {"op": "move", "path": "source/wanders", "to": "target/arrived"},
        {"op": "move", "path": "source/left", "to": "source/free"},
        {"op": "move", "path": "source/right", "to": "source/left"},
        {"op": "move", "path": "source/free", "to": "source/right"},
    ]


@pytest.fixture
def images(tmp_path: Path) -> Iterator[Path]:
    """Where the disks' images lie; in memory where there is some."""
    above = "/dev/shm" if os.access("/dev/shm", os.W_OK) else str(tmp_path)
    with tempfile.TemporaryDirectory(dir=above, prefix="holdfast-disks-") as folder:
        yield Path(folder)


@pytest.fixture(params=[f"{kind}, state {where}" for kind in KINDS for where in ("beside", "elsewhere")])
def machine(request: pytest.FixtureRequest, images: Path) -> Iterator[Machine]:
    kind, where = request.param.split(", state ")
    if reason := hindrance(kind):
        pytest.skip(f"no power cut on {kind}: {reason}")
    disks = [Disk.make(kind, images, "disk")]
    try:
        if where == "elsewhere":
            disks.append(Disk.make(kind, images, "another"))
        yield Machine(disks[0], disks[-1], images / "plan.json", images / "template")
    finally:
        for disk in disks:
            disk.remove()


def holdfast(arguments: list[str]) -> int:
    return subprocess.run([sys.executable, "-m", "app", *arguments], cwd=ROOT, stdout=subprocess.DEVNULL).returncode


def after_exit_0(machine: Machine, rounds: int, tried: Tried) -> None:
    for size in (ONE, EIGHT, MANY):
        machine.prepare(size)
        for number in range(rounds):
            machine.reset()
            code = holdfast(machine.apply)
            machine.cut()
            assert code == 0
            machine.restart()
            assert stopping.run(machine.recover) == 0
            assert machine.verdict() == "after", f"{size} files, round {number}"
            assert machine.unfinished() == []
            tried(f"power cut after exit 0, {machine.tree_disk.kind}")


def test_after_exit_0_a_power_cut_costs_nothing(machine: Machine, tried: Tried) -> None:
    after_exit_0(machine, 4, tried)


@pytest.mark.full
def test_after_exit_0_a_power_cut_costs_nothing_however_often(machine: Machine, tried: Tried) -> None:
    after_exit_0(machine, 20, tried)


class ForgetfulFileSystem(StoppingFileSystem):
    """An engine whose syncs of some kinds were left out."""

    def __init__(self, forgotten: frozenset[str]) -> None:
        super().__init__(-1, stopping.die)
        self.forgotten = forgotten

    def __getattr__(self, verb: str) -> Callable[..., object]:
        if verb in self.forgotten:
            return lambda handle: None
        return super().__getattr__(verb)


def verdicts_without(machine: Machine, forgotten: frozenset[str], size: int) -> set[str]:
    """Name what is left after power cuts when an engine forgets some syncs."""
    machine.prepare(size)
    verdicts = set()
    for _ in range(2):
        machine.reset()
        assert stopping.run(machine.apply, ForgetfulFileSystem(forgotten)) == 0
        machine.cut()
        machine.restart()
        stopping.run(machine.recover)
        verdicts.add(machine.verdict())
    return verdicts


@pytest.mark.parametrize(
    ("forgotten", "size"),
    [(SYNCS, EIGHT), (SYNCS, MANY), (frozenset({"sync_file"}), EIGHT), (frozenset({"sync_volume"}), MANY)],
    ids=["all, few files", "all, many files", "of files, few files", "of the volume, many files"],
)
def test_an_engine_that_forgets_syncs_is_found_out(machine: Machine, forgotten: frozenset[str], size: int) -> None:
    assert verdicts_without(machine, forgotten, size) != {"after"}


@pytest.mark.parametrize("machine", [f"{kind}, state elsewhere" for kind in KINDS], indirect=True)
def test_an_engine_that_forgets_to_sync_folders_is_found_out(machine: Machine) -> None:
    # With the journal on the same disk its own sync brings the names along, on both of these file systems.
    assert verdicts_without(machine, frozenset({"sync_folder"}), EIGHT) != {"after"}


@dataclass
class CutFileSystem(StoppingFileSystem):
    """Makes everything durable before call number `synced` (0: never), and takes the power away before number `at`."""

    synced: int = 0
    disks: list[Disk] = field(default_factory=list)

    def __getattr__(self, verb: str) -> Callable[..., object]:
        method = super().__getattr__(verb)
        if verb not in stopping.MUTATING:
            return method

        def counted(*arguments: object, **options: object) -> object:
            if self.count + 1 == self.synced:
                for disk in self.disks:
                    disk.sync()
            return method(*arguments, **options)

        return counted


def in_the_middle(machine: Machine, size: int, every: int, tried: Tried) -> set[str]:
    """Cut at every so-manieth call; the calls just before it durable or not, in turn."""
    machine.prepare(size)
    machine.reset()
    calls = stopping.count(machine.apply)
    seen = set()

    def cut(_: FileSystem, verb: str, arguments: tuple[object, ...]) -> None:
        die_without_power(machine.disks)

    for point in range(1 + size % every, calls + 1, every):
        for gap in (0, 1) if every == 1 else (point // every % 3,):
            machine.reset()
            fs = CutFileSystem(point, cut, synced=point - gap if gap else 0, disks=machine.disks)
            assert stopping.run(machine.apply, fs) == -signal.SIGKILL
            machine.restart()
            assert stopping.run(machine.recover) == 0
            where = f"{size} files, power cut at call {point} of {calls}, synced {gap} before (0: never)"
            verdict = machine.verdict()
            assert verdict in ("before", "after"), f"{where}: {verdict}"
            assert machine.unfinished() == [], where
            seen.add(verdict)
            tried(f"power cut at a call of apply, {machine.tree_disk.kind}")
    return seen


def test_a_power_cut_in_the_middle_leaves_before_or_after(machine: Machine, tried: Tried) -> None:
    seen = in_the_middle(machine, EIGHT, 4, tried) | in_the_middle(machine, SOME, 8, tried)
    assert seen == {"before", "after"}


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("size", [ONE, EIGHT, SOME])
def test_a_power_cut_at_any_call_leaves_before_or_after(machine: Machine, tried: Tried, size: int) -> None:
    assert in_the_middle(machine, size, 1, tried) == {"before", "after"}
