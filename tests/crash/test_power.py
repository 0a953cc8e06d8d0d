"""Power cuts on real file systems: what was done stays done, what was half done is put right."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.fs.api import FileSystem
from tests.support import disks, stopping
from tests.support.disks import Disk
from tests.support.stopping import StoppingFileSystem
from tests.support.tree import Snapshot, difference, snapshot
from tests.support.tried import Tried

KINDS = ("ext4", "xfs")
ROUNDS = 8


@pytest.fixture(params=KINDS)
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    reason = disks.why_not(request.param)
    if reason:
        pytest.skip(reason)
    one = Disk(tmp_path, request.param)
    yield one
    one.remove()


class Batch:
    """A batch over so many files on a disk; its state directory is there too, or on another file system."""

    def __init__(self, disk: Disk, files: int, state: Path) -> None:
        self.tree = disk.mount / "tree"
        self.state = state
        self._plan = state.parent / "plan.json"
        self.tree.mkdir()
        (self.tree / "gone.txt").write_text("gone\n")
        (self.tree / "moves.txt").write_text("moves\n")
        operations: list[dict[str, object]] = [
            {"op": "create", "path": str(self.tree / "made" / "fresh.txt"), "text": "fresh\n"},
            {"op": "delete", "path": str(self.tree / "gone.txt")},
            {"op": "move", "path": str(self.tree / "moves.txt"), "to": str(self.tree / "moved.txt")},
        ]
        for number in range(files):
            path = self.tree / f"file{number:03}.txt"
            path.write_text(f"old {number}\n" * 300)
            operations.append({"op": "edit", "path": str(path), "find": "old", "replace": "new"})
        self._plan.write_text(json.dumps({"holdfast": 1, "operations": operations}))
        disk.settle()
        self.before = snapshot(self.tree)

    @property
    def apply(self) -> list[str]:
        return ["apply", str(self._plan), "--yes", "--state-dir", str(self.state)]

    @property
    def recover(self) -> list[str]:
        return ["recover", "--state-dir", str(self.state)]

    def looks_done(self) -> bool:
        """Whether all of it is there."""
        names = {path.name for path in self.tree.rglob("*") if path.is_file()}
        edited = [path for path in self.tree.glob("file*.txt") if path.read_text().startswith("new")]
        return (
            {"fresh.txt", "moved.txt"} <= names
            and not {"gone.txt", "moves.txt"} & names
            and len(edited) == len(list(self.tree.glob("file*.txt")))
            and not [name for name in names if name.startswith(".~hf-")]
        )

    def found(self) -> Snapshot:
        return snapshot(self.tree)


# Few files are synced one by one, many by one flush of the file system: both ways have to hold.
@pytest.mark.parametrize("files", [1, 8, 300])
@pytest.mark.parametrize("same_disk", [True, False], ids=["state on the same disk", "state on another disk"])
def test_after_exit_0_the_change_survives_a_power_cut(
    disk: Disk, tmp_path: Path, files: int, same_disk: bool, tried: Tried
) -> None:
    for number in range(ROUNDS):
        folder = (disk.mount if same_disk else tmp_path) / f"round{number}"
        folder.mkdir()
        batch = Batch(disk, files, folder / "state")
        assert stopping.run(batch.apply) == 0
        disk.cut_power()
        assert stopping.run(batch.recover) == 0
        assert batch.looks_done(), difference(batch.found(), batch.before)
        tried("power cut after exit 0")
        batch.tree.rename(disk.mount / f"done{number}")


class ForgetfulFileSystem(StoppingFileSystem):
    """Says that it has flushed, and has not."""

    def __getattr__(self, verb: str) -> object:  # type: ignore[override]
        if verb in ("sync_file", "sync_folder", "sync_volume"):
            return lambda *arguments: None
        return super().__getattr__(verb)


def test_without_flushes_a_power_cut_does_lose_the_change(disk: Disk, tmp_path: Path) -> None:
    """The test above can fail: the disk really loses what was not flushed."""
    folder = disk.mount / "round"
    folder.mkdir()
    batch = Batch(disk, 8, folder / "state")
    assert stopping.run(batch.apply, ForgetfulFileSystem(-1, stopping.die)) == 0
    disk.cut_power()
    assert not batch.looks_done()


def _cut(disk: Disk) -> object:
    def act(fs: FileSystem, verb: str, arguments: tuple[object, ...]) -> None:
        # The mount is shut down below the process, which then dies with it.
        disk.stop_writing()
        stopping.die(fs, verb, arguments)

    return act


@pytest.mark.parametrize("part", range(2))
def test_power_cut_in_the_middle_leaves_before_or_after(
    disk: Disk, tried: Tried, part: int, request: pytest.FixtureRequest
) -> None:
    seen: set[str] = set()
    step = 1 if request.config.getoption("--full") else 2
    folder = disk.mount / "first"
    folder.mkdir()
    total = _count(Batch(disk, 8, folder / "state"))
    (disk.mount / "tree").rename(disk.mount / "counted")
    for point in range(1 + part, total + 1, 2 * step):
        folder = disk.mount / f"at{point}"
        folder.mkdir()
        batch = Batch(disk, 8, folder / "state")
        assert stopping.run(batch.apply, StoppingFileSystem(point, _cut(disk))) == -signal.SIGKILL  # type: ignore[arg-type]
        disk.mount_again()
        assert stopping.run(batch.recover) == 0
        is_before = batch.found() == batch.before
        assert is_before or batch.looks_done(), f"cut at call {point}:\n{difference(batch.found(), batch.before)}"
        seen.add("before" if is_before else "after")
        tried("power cut at a call of apply")
        batch.tree.rename(disk.mount / f"done{point}")
    assert "before" in seen


def _count(batch: Batch) -> int:
    return stopping.count(batch.apply)
