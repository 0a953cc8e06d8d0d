"""In every phase of a batch: Cancel is acknowledged at once, and a killed engine leaves before or after, never between."""

from __future__ import annotations

import os
import signal
import time

import pytest
from PySide6.QtCore import QTimer

from app.flows import operations
from app.flows.batch import State
from app.values import Progress
from tests.support.robot import Robot
from tests.support.stalls import slowness
from tests.support.tree import snapshot
from tests.support.tried import Tried
from tests.support.work import Work

PHASES = ("check", "prepare", "switch", "finish")


def files(long: bool) -> int:
    return 20_000 if long else 400


def long_batch(robot: Robot, work: Work, many: int) -> None:
    work.write({f"part{number % 20:02}/{number:05}.txt": "old\n" for number in range(many)})
    robot.window.flow.add(operations.find_and_replace([str(work.tree)], "old", "new"))
    robot.wait(lambda: robot.window.flow.state is State.READY, 120_000)


def in_phase(robot: Robot, phase: str, act: object) -> None:
    """Do something once, when the batch tells that it is in a phase."""
    done: list[str] = []

    def follow(now: Progress) -> None:
        if now.phase == phase and not done and robot.window.flow.is_busy:
            done.append(phase)
            act()  # type: ignore[operator]

    def begin(state: State) -> None:
        if state is State.APPLYING and not done:
            done.append(phase)
            QTimer.singleShot(0, act)  # type: ignore[call-overload]

    if phase == "check":  # which is over before it is told of, where files have just been looked at
        robot.window.flow.state_changed.connect(begin)
    else:
        robot.window.flow.progressed.connect(follow)


def before_or_after(work: Work, many: int) -> str:
    new = sum(path.read_text() == "new\n" for path in work.tree.glob("*/*.txt"))
    return {0: "before", many: "after"}.get(new, f"{new} of {many}")


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("is_long", [False, pytest.param(True, marks=pytest.mark.full)])
def test_an_engine_killed_in_any_phase_is_put_right_by_the_window(
    robot: Robot, work: Work, phase: str, is_long: bool, tried: Tried
) -> None:
    many = files(is_long)
    long_batch(robot, work, many)
    in_phase(robot, phase, lambda: os.kill(robot.window.engine.pid, signal.SIGKILL))
    robot.apply()
    robot.wait(lambda: robot.window.flow.state is State.OVER, 120_000)
    assert before_or_after(work, many) in ("before", "after")
    headline = robot.window.batch.result.headline.text()
    assert headline in ("The engine stopped unexpectedly", f"{many:,} files changed", "Nothing was changed.")
    assert robot.window.strips.alarm.isHidden()
    tried("phases in which the engine was killed")


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("is_long", [False, pytest.param(True, marks=pytest.mark.full)])
def test_cancel_is_acknowledged_at_once_in_any_phase(
    robot: Robot, work: Work, phase: str, is_long: bool, tried: Tried
) -> None:
    many = files(is_long)
    long_batch(robot, work, many)
    before = snapshot(work.tree)
    took: list[float] = []

    def cancel() -> None:
        began = time.thread_time()
        robot.window.flow.cancel()
        took.append(time.thread_time() - began)
        if robot.window.flow.state is State.CANCELLING:
            assert robot.window.batch.progress.says.startswith("Cancelling…")
            assert not robot.window.batch.progress.cancel_button.isEnabled()

    in_phase(robot, phase, cancel)
    robot.apply()
    robot.wait(lambda: robot.window.flow.state is State.OVER, 120_000)
    assert all(seconds < 0.1 * slowness() for seconds in took)
    assert took or not is_long
    if robot.window.batch.result.headline.text() == "Cancelled":
        assert snapshot(work.tree) == before
    else:  # too late, or the phase was too short to be told of
        assert before_or_after(work, many) == "after"
    tried("phases in which Cancel was pressed", len(took))


def test_logging_out_of_a_window_that_does_nothing_refuses_nothing(robot: Robot) -> None:
    closed: list[bool] = []
    robot.window.closed.connect(lambda: closed.append(True))
    robot.window.log_out(lambda: pytest.fail("nothing runs"))
    assert closed == [True]


def test_the_files_are_said_to_be_as_they_were_before_what_was_prepared_is_removed(robot: Robot, work: Work) -> None:
    long_batch(robot, work, files(long=False))
    before = snapshot(work.tree)
    said: list[str] = []
    robot.window.flow.certain.connect(
        lambda event: said.append(robot.window.batch.progress.says) if event == "put_back" else None
    )
    in_phase(robot, "prepare", robot.window.flow.cancel)
    robot.apply()
    robot.wait(lambda: robot.window.flow.state is State.OVER, 120_000)
    assert said in (["Everything is as it was. What had been prepared is being removed."], [])
    assert said or robot.window.batch.result.headline.text() != "Cancelled"
    assert before_or_after(work, files(long=False)) == ("before" if said else "after")
    if said:
        assert snapshot(work.tree) == before


def test_a_batch_that_waits_stays_in_sight_until_it_is_put_right(robot: Robot, work: Work) -> None:
    long_batch(robot, work, 400)
    window = robot.window
    window.interrupted.waiting = 1
    window.show_page("batch")
    assert window.strips.alarm.says == "1 batch waits to be put right. Nothing is lost."
    robot.click("Look at it")
    assert window.page == "recovery"
    assert window.strips.alarm.isHidden()


def test_cancel_reaches_a_batch_that_waits_for_something_else_that_the_engine_does(robot: Robot, work: Work) -> None:
    long_batch(robot, work, files(long=False))
    before = snapshot(work.tree)
    os.kill(robot.window.engine.pid, signal.SIGSTOP)
    slow = robot.window.engine.ask("list", roots=[str(work.tree)])  # it is at that when it hears of both
    robot.apply()
    robot.window.flow.cancel()
    os.kill(robot.window.engine.pid, signal.SIGCONT)
    robot.wait(lambda: robot.window.flow.state is State.OVER, 120_000)
    assert slow is not None
    assert robot.window.batch.result.headline.text() == "Cancelled"
    assert snapshot(work.tree) == before
