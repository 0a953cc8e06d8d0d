"""Putting a batch back that was cancelled half-way through its switch, against applying it."""

from __future__ import annotations

from collections.abc import Iterator

from harness import Clock, Row, Settings, Way, compare, file_system, interleave

from core import api, helper
from core.progress import CancelToken, Meter, Phase
from works import batch, commit

PUT_BACK = "Holdfast: put back from half-way, from Cancel until it says so (durable)"
REMOVED = "Holdfast: put back from half-way, until what was prepared is removed"


def _put_back(folder: str, settings: Settings) -> tuple[float, float]:
    """Cancel when half of the files are switched; return how long it takes from there to both ends."""
    batch.make_files(folder, settings)
    plan = batch.plan(folder, settings)
    meter = Meter()
    cancelled: list[Clock] = []
    told: list[float] = []

    def half_way() -> bool:
        now = meter.sample()
        if now.phase is not Phase.SWITCH or now.files_done < settings.files // 2:
            return False
        cancelled.append(Clock())
        return True

    outcome = api.apply(
        plan,
        state=batch.state(folder),
        meter=meter,
        token=CancelToken(half_way),
        told=lambda _: told.append(cancelled[0]()),
        processes=helper.processes(),
    )
    seconds = cancelled[0]()
    assert isinstance(outcome, api.RolledBack), outcome
    return told[0], seconds


def put_back(folder: str, settings: Settings) -> float:
    """Return the seconds until everything is as it was, durably."""
    return _put_back(folder, settings)[0]


def removed(folder: str, settings: Settings) -> float:
    """Return the seconds until nothing of ours is left."""
    return _put_back(folder, settings)[1]


def measure(settings: Settings) -> Iterator[Row]:
    """Yield the ratios of both ends to those of an apply."""
    ways = [
        Way(commit.TOLD, commit.told),
        Way(commit.APPLY, commit.apply),
        Way(PUT_BACK, put_back),
        Way(REMOVED, removed),
    ]
    goal = (0.6, 0.3) if file_system(settings.folder) == "btrfs" else (0.3, 0.15)
    found = interleave(ways, settings)
    yield compare(found, PUT_BACK, commit.TOLD, goal)
    yield compare(found, REMOVED, commit.APPLY)
