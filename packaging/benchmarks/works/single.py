"""Batches of one file, as an editor would save it, against what careful programs do for one file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

from harness import Clock, Row, Settings, Way, compare, file_system, interleave

from core import api
from core.plan.operations import Material, Replace
from works import batch

_TIMES = 50  # saves of each kind in a round

OURS = "Holdfast: plan and apply one file, until it says so"
THEIRS = "write, fsync, rename and fsync of the folder, as `atomicwrites` does for one file"


def ours(folder: str, settings: Settings) -> float:
    """Save the file again and again, each time as a batch; return the seconds that one takes."""
    batch.make_files(folder, settings)
    seconds: list[float] = []
    for number in range(_TIMES):
        data = batch.content(number, settings, "new")
        clock = Clock()
        plan = api.evaluate([Replace(batch.path(folder, 0), Material(data=data))])
        told: list[float] = []
        outcome = api.apply(plan, state=batch.state(folder), told=lambda _, c=clock, t=told: t.append(c()))
        assert isinstance(outcome, api.Committed), outcome
        seconds.append(told[0])
    return sum(seconds) / _TIMES


def theirs(folder: str, settings: Settings) -> float:
    """Save the file as often."""
    batch.make_files(folder, settings)
    path = batch.path(folder, 0)
    clock = Clock()
    for number in range(_TIMES):
        handle = os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        os.write(handle, batch.content(number, settings, "new"))
        os.fsync(handle)
        os.close(handle)
        os.replace(path + ".new", path)
        handle = os.open(os.path.dirname(path), os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
    return clock() / _TIMES


def measure(settings: Settings) -> Iterator[Row]:
    """Yield the ratio."""
    found = interleave([Way(OURS, ours), Way(THEIRS, theirs)], replace(settings, files=1))
    goal = (2.5, 1.5) if file_system(settings.folder) == "btrfs" else (1.5, 1.0)
    yield compare(found, OURS, THEIRS, goal)
