"""The real program, which also tells where things are: a test has to know that to move a real mouse there.

Reads names of buttons, and "row:" and a file's name, from standard input; answers with JSON: the middle of the thing on
the screen, or null. "engine" asks for the engine's process id, "page" for the page that is shown, "state" for what the
batch is doing, "news" for what the window has to tell, "focus" for the name of what has the keyboard.

Without a screen "click:" and a name clicks a button. "die in:" and a phase kills the window as soon as it is told of that
phase, "die with the engine in:" the engine as well: nothing but the process itself can do that at the right moment.
"""

from __future__ import annotations

import json
import os
import signal
import sys

from PySide6.QtCore import QPoint, QSocketNotifier
from PySide6.QtWidgets import QAbstractButton, QApplication, QTableView, QWidget

from app import start
from app.flows.batch import State
from app.values import Progress
from app.window.main_window import MainWindow


def answer(window: MainWindow, question: str) -> object:
    if question == "engine":
        return window.engine.pid
    if question == "page":
        return window.page
    if question == "state":
        return window.flow.state.name
    if question == "news":
        return window.strips.news.says or None
    if question.startswith("die "):
        how, _, phase = question.partition(" in:")
        return _die(window, phase, is_alone=how == "die")
    if question == "focus":
        focused = QApplication.focusWidget()
        return (focused.accessibleName() or focused.objectName()) if focused is not None else None
    if question.startswith("row:"):
        return _row(question.removeprefix("row:"))
    one = _button(question.removeprefix("click:"))
    if one is not None and question.startswith("click:"):
        one.click()
    return None if one is None else _middle(one)


def _button(name: str) -> QAbstractButton | None:
    for one in QApplication.allWidgets():
        if isinstance(one, QAbstractButton) and one.isVisible() and one.isEnabled():
            names = (one.accessibleName(), one.text().replace("&", ""))
            if name in names:
                return one
    return None


def _die(window: MainWindow, phase: str, *, is_alone: bool) -> bool:
    """Kill this process in a phase. The beginning and the end of a batch are told by other signals than progress."""

    def die() -> None:
        if not is_alone:
            os.kill(window.engine.pid, signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)

    def at(now: Progress) -> None:
        if window.flow.is_busy and now.phase == phase:
            die()
        elif window.flow.is_busy and now.phase == "switch" and phase == "put_back":
            window.flow.cancel()

    if phase == "check":
        window.flow.state_changed.connect(lambda state: die() if state is State.APPLYING else None)
    elif phase == "finish":
        window.flow.certain.connect(die)
    else:
        window.flow.progressed.connect(at)
    return True


def _row(name: str) -> object:
    for table in QApplication.allWidgets():
        if not isinstance(table, QTableView) or not table.isVisible():
            continue
        for row in range(table.model().rowCount()):
            index = table.model().index(row, 0)
            if index.data() == name:
                point = table.viewport().mapToGlobal(table.visualRect(index).center())
                return [point.x(), point.y()]
    return None


def _middle(widget: QWidget) -> object:
    point = widget.mapToGlobal(QPoint(widget.width() // 2, widget.height() // 2))
    return [point.x(), point.y()]


def listen(window: MainWindow) -> None:
    notifier = QSocketNotifier(0, QSocketNotifier.Type.Read, window)

    def hear() -> None:
        for line in os.read(0, 1 << 16).decode().splitlines():
            print(json.dumps(answer(window, line)), flush=True)

    notifier.activated.connect(hear)


if __name__ == "__main__":
    sys.exit(start.run(sys.argv[1:], begun=listen))
