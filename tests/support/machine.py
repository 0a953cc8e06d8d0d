"""A machine with one disk or two, its batch, and what is done to it at single calls of the engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.support import stopping
from tests.support.bench import Bench
from tests.support.disks import FORMATS, Disk
from tests.support.stopping import StoppingFileSystem

ONE, EIGHT, MANY = 1, 8, 300  # the last is above the size from which a whole volume is flushed at once
SOME = 24  # just above it
# Every kind of disk, with the state directory on the tree's disk and on another of that kind.
PLACES = [f"{kind}; state {where}" for kind in FORMATS for where in ("beside", "elsewhere")]


@dataclass
class Machine(Bench):
    """One disk with the tree, perhaps another with the state directory; both lose power together."""

    disks: list[Disk] = field(default_factory=list)

    @classmethod
    def build(cls, home: Path, disks: list[Disk]) -> Machine:
        """Put the tree on the first disk and the state directory on the last."""
        return cls(home, disks[0].path / "tree", disks[-1].path / "state", disks=disks)

    @property
    def kind(self) -> str:
        return self.disks[0].kind

    def prepare(self, operations: list[dict[str, object]]) -> None:
        """Learn before and after, and keep the disks as they are before."""
        super().prepare(operations)
        super().reset()
        for disk in self.disks:
            disk.keep()

    def reset(self) -> None:
        """Build the tree anew, durably; `renew` is faster once there is a batch."""
        super().reset()
        for disk in self.disks:
            disk.sync()

    def renew(self) -> None:
        """Bring back the disks as they were before the batch."""
        for disk in self.disks:
            disk.renew()

    def cut(self) -> None:
        for disk in self.disks:
            disk.cut()

    def restart(self) -> None:
        for disk in self.disks:
            disk.restart()


def batch(template: Path, files: int) -> list[dict[str, object]]:
    """Make the files that a batch needs, and return its operations: edits, and from eight on one of each."""
    for folder in ("source", "target"):
        (template / folder).mkdir(parents=True, exist_ok=True)
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


class DisturbedFileSystem(StoppingFileSystem):
    """Does something before calls that change: `disturbances` by the number of the call."""

    def __init__(self, disturbances: dict[int, Callable[[], object]]) -> None:
        super().__init__(-1, stopping.die)
        self.disturbances = disturbances

    def __getattr__(self, verb: str) -> Callable[..., object]:
        method = super().__getattr__(verb)
        if verb not in stopping.MUTATING:
            return method

        def disturbed(*arguments: object, **options: object) -> object:
            disturbance = self.disturbances.get(self.count + 1)
            if disturbance is not None:
                disturbance()
            return method(*arguments, **options)

        return disturbed
