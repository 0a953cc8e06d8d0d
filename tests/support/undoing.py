"""The bench of a batch, with its undo in the batch's place: before is the tree that the batch left, after the first one."""

from __future__ import annotations

from dataclasses import dataclass

from core import memory
from core.history import State
from tests.support import stopping
from tests.support.bench import Bench
from tests.support.machine import Machine


def undo(bench: Bench) -> list[str]:
    """Return the command that takes the bench's batch back."""
    return ["undo", "--yes", "--state-dir", str(bench.state)]


@dataclass
class UndoBench(Bench):
    """Every reset applies the batch anew, so `apply` is what undoes it."""

    applied: bool = False

    @property
    def apply(self) -> list[str]:
        return undo(self) if self.applied else super().apply

    def prepare(self, operations: list[dict[str, object]]) -> None:
        super().prepare(operations)
        self.before, self.after = self.after, self.before

    def reset(self) -> None:
        self.applied = False
        super().reset()
        if self.before:
            assert stopping.run(self.apply) == 0
            self.applied = True

    def demand_whole(self, story: str) -> str:
        """Demand also that history says what is, and still can do what it offers."""
        verdict = super().demand_whole(story)
        demand_true_history(self, verdict, story)
        return verdict


@dataclass
class UndoMachine(Machine):
    """The same on disks that can be mistreated; the batch is applied before they are kept."""

    applied: bool = False

    @property
    def apply(self) -> list[str]:
        return undo(self) if self.applied else super().apply

    def prepare(self, operations: list[dict[str, object]]) -> None:
        self.applied = False
        super().prepare(operations)
        assert stopping.run(self.apply) == 0
        for disk in self.disks:
            disk.sync()
            disk.keep()
        self.applied = True
        self.before, self.after = self.after, self.before

    def demand_whole(self, story: str) -> str:
        verdict = super().demand_whole(story)
        demand_true_history(self, verdict, story)
        return verdict


def demand_true_history(bench: Bench, verdict: str, story: str) -> None:
    """Demand that the batch is undone exactly if the tree says so, and that it can be undone, or redone, from here."""
    entries = list(memory.history(str(bench.state)))
    batch = entries[-1]
    assert batch.state is (State.UNDONE if verdict == "after" else State.APPLIED), f"{story}: {batch}"
    next_one = entries[0].txn if verdict == "after" else batch.txn
    assert stopping.run([*undo(bench)[:1], next_one, *undo(bench)[1:]]) == 0, f"{story}: {next_one}"
    turned = {"before": "after", "after": "before"}[verdict]
    assert bench.verdict() == turned, f"{story}, and then undone or redone: {bench.verdict()}"
