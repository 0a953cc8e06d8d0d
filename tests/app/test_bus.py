"""What the desktop is told over D-Bus: not to sleep while files are changed, how far that is, and that it is over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Slot

from app import bus
from app.flows import operations
from app.flows.batch import State
from app.window.attention import Attention
from tests.support import desktop
from tests.support.desktop import Bus, Logind, Portal
from tests.support.robot import Robot
from tests.support.work import Work


@pytest.fixture
def private() -> Iterator[Bus]:
    """A bus on which nobody is yet."""
    if reason := desktop.why_not():
        pytest.skip(reason)
    one = Bus()
    yield one
    one.close()


class Panel(QObject):
    """A task bar that hears of progress."""

    def __init__(self, private: Bus) -> None:
        super().__init__()
        self.heard: list[dict[str, object]] = []
        self._bus = private.connect("panel")
        self._bus.connect("", "", "com.canonical.Unity.LauncherEntry", "Update", self, "1hear(QString,QVariantMap)")

    @Slot(str, "QVariantMap")
    def hear(self, program: str, values: dict[str, object]) -> None:
        """Note what is to be shown."""
        self.heard.append({"program": program, **values})


def apply(robot: Robot, work: Work, files: int) -> None:
    work.write({f"{number:04}.txt": "old\n" for number in range(files)})
    robot.window.flow.add(operations.find_and_replace([str(work.tree)], "old", "new"))
    robot.wait_until_planned(files)
    robot.apply()


@pytest.mark.parametrize("refused", [(), ("block",)])
def test_sleep_and_shutdown_are_held_off_while_files_are_changed(
    robot: Robot, work: Work, private: Bus, refused: tuple[str, ...]
) -> None:
    logind, ours = Logind(private.connect("logind"), refused), private.connect("window")
    flow, window = robot.window.flow, robot.window
    holding = bus.HoldOff(lambda: ours, window)
    window.watched = Attention(window, flow, window.preferences, holding)  # type: ignore[attr-defined]
    work.write({f"{number:04}.txt": "old\n" for number in range(200)})
    flow.add(operations.find_and_replace([str(work.tree)], "old", "new"))
    robot.wait_until_planned(200)
    os.kill(window.engine.pid, signal.SIGSTOP)
    window.batch.apply()
    robot.wait(lambda: logind.held == 1)
    robot.wait(lambda: holding.is_held)
    os.kill(window.engine.pid, signal.SIGCONT)
    robot.wait_for(State.OVER)
    robot.wait(lambda: logind.held == 0)
    why = "Files are being changed, all of them or none."
    modes = [*refused, "delay" if refused else "block"]
    assert logind.asked == [["sleep:shutdown", "Holdfast", why, mode] for mode in modes]
    logind.close()


def test_what_logind_gives_after_the_batch_is_over_is_given_back_at_once(robot: Robot, private: Bus) -> None:
    logind, ours = Logind(private.connect("logind")), private.connect("window")
    holding = bus.HoldOff(lambda: ours)
    holding.hold("a batch")
    holding.release()
    robot.wait(lambda: len(logind.asked) == 1)
    robot.bot.wait(50)
    assert logind.held == 0
    assert not holding.is_held
    logind.close()


_HOLD = """
import sys, time
from PySide6.QtCore import QCoreApplication
from PySide6.QtDBus import QDBusConnection
application = QCoreApplication([])
from app.bus import HoldOff
bus = QDBusConnection.connectToBus(sys.argv[1], "window")
holding = HoldOff(lambda: bus)
holding.hold("a batch")
application.exec()
"""


def test_a_window_that_is_killed_holds_nothing_off_any_more(robot: Robot, private: Bus) -> None:
    logind = Logind(private.connect("logind"))
    killed = subprocess.Popen([sys.executable, "-c", _HOLD, private.address])
    robot.wait(lambda: logind.held == 1)
    killed.kill()
    killed.wait()
    robot.wait(lambda: logind.held == 0)
    logind.close()


def test_the_task_bar_shows_how_far_a_batch_is_and_nothing_afterwards(robot: Robot, work: Work, private: Bus) -> None:
    panel, ours = Panel(private), private.connect("window")
    window = robot.window
    taskbar = bus.Taskbar(lambda: ours)
    window.watched = Attention(window, window.flow, window.preferences, taskbar=taskbar)  # type: ignore[attr-defined]
    apply(robot, work, 400)
    robot.wait_for(State.OVER)
    robot.wait(lambda: panel.heard and panel.heard[-1]["progress-visible"] is False)
    assert {one["program"] for one in panel.heard} == {"application://holdfast.desktop"}
    shown = [one["progress"] for one in panel.heard if one["progress-visible"]]
    assert all(isinstance(part, float) and 0 <= part <= 1 for part in shown)
    assert shown


def test_a_desktop_without_a_tray_is_asked_over_its_portal(robot: Robot, private: Bus) -> None:
    portal, ours = Portal(private.connect("portal")), private.connect("window")
    assert bus.notify("3 files changed", "Done in 2.0 s", lambda: ours)
    robot.wait(lambda: portal.members)
    assert portal.members == ["org.freedesktop.portal.Notification.AddNotification sa{sv}"]


def test_where_there_is_no_bus_nothing_is_missing() -> None:
    holding = bus.HoldOff(lambda: None)
    holding.hold("a batch")
    assert not holding.is_held
    holding.release()
    bus.Taskbar(lambda: None).show(50)
    assert not bus.notify("done", "", lambda: None)
