"""A durable commit of many files that can be put back, against the least that makes new content durable at all."""

from __future__ import annotations

import os
from collections.abc import Iterator

from harness import Clock, Row, Settings, Way, compare, file_system, interleave, sync

from core import api, helper
from works import batch

# A sync per file takes so long that a part is done, and the rest reckoned.
_SAMPLE = 1000

FLOOR = "write the new files, sync the volume once (nothing can be put back)"
TOLD = "Holdfast: apply, until it says so (durable, can be put back)"
APPLY = "Holdfast: apply, until the previous versions are put away"
WHOLE = "Holdfast: plan and apply"
EACH = f"write, fsync and rename, file by file (reckoned from {_SAMPLE:,} files where there are more)"


def floor(folder: str, settings: Settings) -> float:
    """Write new files into empty folders, and sync once."""
    batch.make_folders(folder, settings)
    clock = Clock()
    for number in range(settings.files):
        handle = os.open(batch.path(folder, number), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        os.write(handle, batch.content(number, settings, "new"))
        os.close(handle)
    sync(folder)
    return clock()


# At most so many times the floor, by what the file system makes of it: (must, aim). Others are held to the first.
GOALS = {"ext4": (1.8, 1.4), "xfs": (1.7, 1.3), "btrfs": (2.8, 2.1)}
TO_EACH = (0.067, 0.025)


def told(folder: str, settings: Settings) -> float:
    """Apply a plan that is there already, up to the moment from which nothing can go wrong any more."""
    batch.make_files(folder, settings)
    plan = batch.plan(folder, settings)
    clock = Clock()
    seconds: list[float] = []
    outcome = api.apply(
        plan, state=batch.state(folder), told=lambda _: seconds.append(clock()), processes=helper.processes()
    )
    assert isinstance(outcome, api.Committed), outcome
    return seconds[0]


def apply(folder: str, settings: Settings) -> float:
    """Apply a plan that is there already."""
    batch.make_files(folder, settings)
    plan = batch.plan(folder, settings)
    clock = Clock()
    outcome = api.apply(plan, state=batch.state(folder), processes=helper.processes())
    seconds = clock()
    assert isinstance(outcome, api.Committed), outcome
    return seconds


def whole(folder: str, settings: Settings) -> float:
    """Plan, which reads every file and takes its digest before and after, and apply."""
    batch.make_files(folder, settings)
    clock = Clock()
    outcome = api.apply(batch.plan(folder, settings), state=batch.state(folder), processes=helper.processes())
    seconds = clock()
    assert isinstance(outcome, api.Committed), outcome
    return seconds


def each(folder: str, settings: Settings) -> float:
    """Do what careful programs do with a single file, for every file."""
    batch.make_files(folder, settings)
    files = min(settings.files, _SAMPLE)
    clock = Clock()
    for number in range(files):
        path = batch.path(folder, number)
        handle = os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        os.write(handle, batch.content(number, settings, "new"))
        os.fsync(handle)
        os.close(handle)
        os.replace(path + ".new", path)
    return clock() * settings.files / files


def measure(settings: Settings) -> Iterator[Row]:
    """Yield the ratios to the floor, and to a sync per file."""
    ways = [Way(FLOOR, floor), Way(TOLD, told), Way(APPLY, apply), Way(WHOLE, whole), Way(EACH, each)]
    found = interleave(ways, settings)
    yield compare(found, TOLD, FLOOR, GOALS.get(file_system(settings.folder), GOALS["ext4"]))
    yield compare(found, APPLY, FLOOR)
    yield compare(found, WHOLE, FLOOR)
    yield compare(found, TOLD, EACH, TO_EACH)
    yield compare(found, EACH, FLOOR)
