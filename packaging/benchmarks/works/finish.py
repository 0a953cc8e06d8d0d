"""What undo costs: putting previous versions away after a batch, and taking the batch back."""

from __future__ import annotations

from collections.abc import Iterator

from harness import Clock, Row, Settings, Way, compare, interleave

from core import api, helper, memory
from works import batch

COMMIT = "Holdfast: apply, up to “applied”"
FINISH = "Holdfast: put the previous versions away after that"
REMOVE = "Holdfast: remove them after that (--no-undo)"
UNDO = "Holdfast: undo, up to “applied”"
GOAL = (0.4, 0.2)  # of the commit: what a person waits for before the next batch


def _apply(folder: str, settings: Settings, *, undo: bool = True) -> tuple[float, float]:
    """Return the seconds up to the moment at which the change is durable, and those after it."""
    batch.make_files(folder, settings)
    plan = batch.plan(folder, settings)
    clock, told = Clock(), []
    outcome = api.apply(
        plan, state=batch.state(folder), undo=undo, told=lambda done: told.append(clock()), processes=helper.processes()
    )
    assert isinstance(outcome, api.Committed), outcome
    return told[0], clock() - told[0]


def _undo(folder: str, settings: Settings) -> float:
    _apply(folder, settings)
    plan = memory.undo_plan(next(memory.history(batch.state(folder))).txn, state=batch.state(folder))
    clock, told = Clock(), []
    outcome = api.apply(
        plan, state=batch.state(folder), told=lambda done: told.append(clock()), processes=helper.processes()
    )
    assert isinstance(outcome, api.Committed), outcome
    return told[0]


def measure(settings: Settings) -> Iterator[Row]:
    """Yield the ratios to the apply that came before it, and of undo to apply."""
    kept: list[tuple[float, float]] = []
    removed: list[tuple[float, float]] = []

    def keep(folder: str, settings: Settings) -> float:
        kept.append(_apply(folder, settings))
        return kept[-1][0]

    def remove(folder: str, settings: Settings) -> float:
        removed.append(_apply(folder, settings, undo=False))
        return removed[-1][0]

    found = interleave([Way(COMMIT, keep), Way(REMOVE, remove), Way(UNDO, _undo)], settings)
    ratios = [after / before for before, after in kept]
    yield Row(FINISH, COMMIT, ratios, [after for _, after in kept], goal=GOAL)
    yield Row(REMOVE, COMMIT, [after / before for before, after in removed], [after for _, after in removed])
    yield compare(found, UNDO, COMMIT)
