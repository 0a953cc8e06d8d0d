"""Edit a huge file in place of its content: what the kernel copies or shares, against writing all of it anew."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from harness import Clock, Row, Settings, Way, compare, file_system, interleave

from core import api
from core.content import regions
from core.content.edit import Edit
from core.plan.operations import EditFile

SIZE = 1 << 30  # bytes
EDITS = 100
_LINE = b"2026-01-31T12:00:00 INFO an ordinary line of a log\n"


def measure(settings: Settings) -> Iterator[Row]:
    """Apply the same plan in both ways, and compare with a copy that is synced; planning does not count."""
    few = replace(settings, rounds=min(settings.rounds, 3))
    found = interleave(
        [
            Way("100 edits of the same length in 1 GiB", lambda folder, _: _apply(folder, "ERROR", "error")),
            Way("100 edits of another length in 1 GiB", lambda folder, _: _apply(folder, "ERROR", "an error")),
            Way("writing it anew", lambda folder, _: _anew(folder)),
        ],
        few,
    )
    shares = file_system(settings.folder) in ("btrfs", "xfs")  # extents between files
    for name, goal in zip(list(found)[:2], ((0.1, 0.03) if shares else None, None), strict=True):
        yield compare(found, name, "writing it anew", goal)


def _anew(folder: str) -> float:
    with _noting_nothing():
        return _apply(folder, "ERROR", "error")


@contextmanager
def _noting_nothing() -> Iterator[None]:
    known = regions.LARGE
    regions.LARGE = SIZE * 2
    try:
        yield
    finally:
        regions.LARGE = known


def _apply(folder: str, find: str, put: str) -> float:
    path = os.path.join(folder, "log")
    _write(path)
    plan = api.evaluate([EditFile(path, Edit(find, put))])
    os.sync()
    clock = Clock()
    outcome = api.apply(plan, state=os.path.join(folder, "state"))
    seconds = clock()
    assert isinstance(outcome, api.Committed), outcome
    return seconds


def _write(path: str) -> None:
    rng = random.Random(1)
    block = _LINE * (1 << 14)
    blocks = SIZE // len(block)
    chosen = set(rng.sample(range(blocks), EDITS))
    with open(path, "wb") as file:
        file.writelines(b"ERROR" + block[5:] if number in chosen else block for number in range(blocks))
        file.flush()
        os.fsync(file.fileno())
    os.utime(path, (1, 1))  # what was written just now is written as a whole
