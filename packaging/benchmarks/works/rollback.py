"""Putting a batch back that was cancelled half-way through its switch, against applying it."""

from __future__ import annotations

from collections.abc import Iterator

from harness import Clock, Row, Settings, Way, compare, file_system, interleave

from core import api
from core.progress import CancelToken, Meter, Phase
from works import batch, commit

PUT_BACK = "Holdfast: put back from half-way, from Cancel to the end"


def put_back(folder: str, settings: Settings) -> float:
    """Cancel when half of the files are switched; return how long it takes from there."""
    batch.make_files(folder, settings)
    plan = batch.plan(folder, settings)
    meter = Meter()
    cancelled: list[Clock] = []

    def half_way() -> bool:
        now = meter.sample()
        if now.phase is not Phase.SWITCH or now.files_done < settings.files // 2:
            return False
        cancelled.append(Clock())
        return True

    outcome = api.apply(plan, state=batch.state(folder), meter=meter, token=CancelToken(half_way))
    seconds = cancelled[0]()
    assert isinstance(outcome, api.RolledBack), outcome
    return seconds


def measure(settings: Settings) -> Iterator[Row]:
    """Yield the ratio to the whole apply."""
    ways = [Way(commit.APPLY, commit.apply), Way(PUT_BACK, put_back)]
    goal = (0.6, 0.3) if file_system(settings.folder) == "btrfs" else (0.3, 0.15)
    yield compare(interleave(ways, settings), PUT_BACK, commit.APPLY, goal)
