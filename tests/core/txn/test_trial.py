"""What a folder can promise is found out by doing it, and nothing is left of that."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from core import api
from core.api import Level
from core.fs.real import RealFileSystem
from tests.support import stopping
from tests.support.failing import engine_on
from tests.support.plain import LinklessFileSystem, PlainFileSystem
from tests.support.stopping import StoppingFileSystem
from tests.support.tried import Tried
from tests.support.work import Json, Work

WEAKER = [(PlainFileSystem(), Level.LINK), (LinklessFileSystem(), Level.COPY)]


def left_in(state: Path) -> list[str]:
    return [name for _, _, files in os.walk(state) for name in files if name.endswith(".journal")]


@pytest.mark.parametrize(("fs", "level"), [(RealFileSystem(), Level.EXCHANGE), *WEAKER])
def test_a_folder_is_tried_and_nothing_is_left(work: Work, state: Path, fs: RealFileSystem, level: Level) -> None:
    with engine_on(fs):
        promise = api.promises(str(work.tree))

    assert (promise.level, promise.is_tried, promise.writable) == (level, True, True)
    assert os.listdir(work.tree) == []
    assert left_in(state) == []


def test_a_folder_that_another_batch_works_in_is_not_tried(work: Work) -> None:
    from core.progress import CancelToken
    from core.txn.lock import FolderLocks

    locks = FolderLocks(RealFileSystem())
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        locks.acquire([str(work.tree)], CancelToken())
        os.write(writer, b"locked")
        signal.pause()
    os.read(reader, 6)
    try:
        assert not api.promises(str(work.tree)).is_tried
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(reader)
        os.close(writer)


def test_killed_at_any_call_a_trial_leaves_nothing_that_recovery_does_not_remove(
    work: Work, state: Path, tried: Tried
) -> None:
    work.write({"file": "text"})
    before = work.snapshot()
    doctor = ["doctor", str(work.tree), "--state-dir", str(state)]
    point, code = 0, -signal.SIGKILL
    while code == -signal.SIGKILL:
        point += 1
        code = stopping.run(doctor, StoppingFileSystem(point, stopping.die))
        assert stopping.run(["recover", "--state-dir", str(state)]) == 0
        assert work.snapshot() == before, f"killed at call {point}"
        tried("SIGKILL at a call of doctor")
    assert (code, left_in(state)) == (0, [])
    assert point > 20


def test_the_preview_names_what_is_less_than_an_exchange(work: Work) -> None:
    work.write({"one": "old", "plain": "old"})
    os.link(work.tree / "one", work.tree / "two")
    edits: list[Json] = [{"op": "edit", "path": path, "find": "old", "replace": "new"} for path in ("one", "plain")]
    edits[0]["links"] = "keep"

    plan = work.plan(*edits)

    assert [change.level for change in plan.changes()] == [Level.IN_PLACE, Level.EXCHANGE]
    assert plan.levels() == {Level.IN_PLACE: 1, Level.EXCHANGE: 1}
    assert list(api.preview_lines(plan)).count("guarantee in_place") == 1
