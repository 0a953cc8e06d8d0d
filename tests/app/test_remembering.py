"""What is there again at the next start, one window for all starts, and what is said when something goes wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from app.crash import Reports, report_of_last_time
from app.engine import EngineClient
from app.flows import operations
from app.flows.batch import State
from app.flows.session import Session, presets
from app.instance import Instance, hand_over
from app.theme.theme import Theme
from app.values import Result
from app.window import attention
from app.window.main_window import MainWindow
from core import api
from tests.support.robot import Answers, Robot
from tests.support.work import Work

ROOT = Path(__file__).parents[2]
Again = Callable[[], Robot]


@pytest.fixture
def again(robot: Robot, qtbot: QtBot, theme: Theme) -> Iterator[Again]:
    """Closes the window and starts another one, as at the next start."""
    engines: list[EngineClient] = []

    def start() -> Robot:
        robot.window.close()
        engines.append(EngineClient())
        answers = Answers()
        window = MainWindow(engines[-1], theme, answers)
        qtbot.addWidget(window)
        window.show()
        window.begin([])
        return Robot(window, qtbot, answers, theme)

    yield start
    for engine in engines:
        engine.close()
        engine.wait()


def test_the_queue_its_ticks_and_the_page_are_there_again_without_a_question(
    robot: Robot, work: Work, again: Again
) -> None:
    work.write({"a.txt": "old\n", "b.txt": "old\n"})
    robot.window.flow.add(operations.find_and_replace([str(work.tree)], "old", "new"))
    robot.wait_until_planned(2)
    robot.click_tick(robot.window.batch.table, "b.txt")
    robot.window.show_page("settings")
    later = again()
    assert later.window.page == "settings"
    later.wait_until_planned(1)
    assert later.rows(later.window.batch.table) == ["a.txt", "b.txt"]


def test_files_that_have_changed_meanwhile_are_shown_as_they_are_now(robot: Robot, work: Work, again: Again) -> None:
    work.write({"a.txt": "old\n", "b.txt": "old\n"})
    robot.window.flow.add(operations.find_and_replace([str(work.tree)], "old", "new"))
    robot.wait_until_planned(2)
    robot.window.close()
    work.write({"a.txt": "old old\n", "b.txt": "none\n"})
    later = again()
    later.wait_until_planned(1)
    assert later.rows(later.window.batch.table, 2) == ["2"]


def test_whoever_does_not_want_it_begins_with_nothing(robot: Robot, work: Work, again: Again) -> None:
    robot.window.preferences.choose("restore_session", False)
    robot.window.flow.add(operations.delete([str(work.tree)]))
    robot.wait_until_planned(1)
    assert again().window.flow.cards == []
    assert api.kept_document("session") == {}


@pytest.mark.parametrize(
    "kept", [{"cards": "x"}, {"cards": [{"icon": 1}]}, {"cards": [None], "geometry": "%"}, {"unticked": 3}]
)
def test_a_session_that_cannot_be_read_is_none(robot: Robot, kept: dict[str, object], again: Again) -> None:
    robot.window.close()
    api.keep("session", kept)
    assert again().window.flow.cards == []


def test_a_batch_too_large_to_be_kept_is_not_kept_in_part(robot: Robot) -> None:
    flow = robot.window.flow
    session = Session(flow, dict)
    flow.queue.note([operations.delete([f"/{number}" for number in range(5_001)])])
    session.keep()
    assert api.kept_document("session")["cards"] == []


def test_what_was_applied_and_what_was_kept_can_be_queued_again(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n"})
    robot.window.flow.add(operations.find_and_replace([str(work.tree)], "old", "new"))
    robot.wait_until_planned(1)
    assert presets().put("mine", robot.window.flow.cards)
    robot.apply()
    robot.wait_for(State.OVER)
    robot.click("Done")
    assert robot.window.remembering.recent.names() == ["old → new"]
    work.write({"a.txt": "old\n"})
    robot.window.remembering.use(presets(), "mine")
    robot.wait_until_planned(1)


# One window


def test_a_second_start_hands_its_paths_to_the_first_and_ends(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "a\n"})
    first = Instance()
    first.asked.connect(robot.window.come)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    second = subprocess.Popen([sys.executable, "-P", "-m", "app", str(work.tree / "a.txt")], env=environment)
    robot.wait(lambda: robot.window.choice.paths == [str(work.tree / "a.txt")])
    assert second.wait(20) == 0
    first.close()


def test_without_a_first_one_nobody_takes_the_paths_and_a_dead_one_is_replaced(qapp: QApplication) -> None:
    assert not hand_over([])
    dead = Instance()
    dead._server.setSocketOptions(dead._server.socketOptions())
    fresh = Instance()  # what the dead one left is in the way of listening
    assert fresh._server.isListening()
    for one in (dead, fresh):
        one.close()


# When something goes wrong


def test_what_nobody_caught_is_kept_and_told_of_quietly(robot: Robot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", lambda *_: None)
    reports = Reports()
    reports.told = robot.window.tell_report
    try:
        raise ValueError("a fault of ours")
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    reports.close()
    assert robot.window.strips.report.says.startswith("Something went wrong inside Holdfast. No file was harmed")
    robot.click("Copy the report")
    assert "a fault of ours" in QGuiApplication.clipboard().text()
    assert "a fault of ours" in report_of_last_time()
    assert report_of_last_time() == ""


def test_a_process_that_broke_is_told_of_at_the_next_start() -> None:
    code = "import os, signal\nfrom app.crash import Reports\nreports = Reports()\nos.kill(os.getpid(), signal.SIGSEGV)"
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert done.returncode != 0
    assert "Segmentation fault" in report_of_last_time()


# Attention


@pytest.mark.parametrize(("seconds", "told"), [(attention.LONG_SECONDS, 1), (1.0, 0)])
def test_the_desktop_is_told_of_a_long_batch_that_ends_unseen(
    robot: Robot, monkeypatch: pytest.MonkeyPatch, seconds: float, told: int
) -> None:
    alerts: list[object] = []
    monkeypatch.setattr(QApplication, "alert", alerts.append)
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: False)
    monkeypatch.setattr(robot.window, "isActiveWindow", lambda: False)
    robot.window.flow.state_changed.emit(State.APPLYING)
    robot.window.attention._began -= seconds
    robot.window.flow.over.emit(Result("committed", files=3))
    assert len(alerts) == told
