"""The real program, which also tells where things are: a test has to know that to move a real mouse there.

Reads names of buttons, and "row:" and a file's name, from standard input; answers with JSON: the middle of the thing on
the screen, or null. "engine" asks for the engine's process id, "page" for the page that is shown, "state" for what the
batch is doing, "news" for what the window has to tell, "focus" for the name of what has the keyboard, "look" for the theme.
"picture:" and a path keeps a picture of the screen.

Without a screen "click:" and a name clicks a button. "die in:" and a phase kills the window as soon as it is told of that
phase, "die with the engine in:" the engine as well: nothing but the process itself can do that at the right moment.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable

from PySide6.QtCore import QPoint, QSocketNotifier
from PySide6.QtWidgets import QAbstractButton, QApplication, QTableView, QWidget

from app import start
from app.flows.batch import State
from app.values import Progress
from app.window.main_window import MainWindow

_COLOURS_AT_LEAST = 20  # an empty screen has one


# What can be asked that needs no name.
_ASKED: dict[str, Callable[[MainWindow], object]] = {
    "engine": lambda window: window.engine.pid,
    "page": lambda window: window.page,
    "state": lambda window: window.flow.state.name,
    "look": lambda window: window.theme.choice,
    "news": lambda window: window.strips.news.says or None,
    "focus": lambda window: _name(QApplication.focusWidget()),
}


def answer(window: MainWindow, question: str) -> object:
    """Answer a question, or do what it says."""
    if question in _ASKED:
        return _ASKED[question](window)
    what, _, rest = question.partition(":")
    match what:
        case "picture":
            return _picture(rest)
        case "row":
            return _row(rest)
        case "die in" | "die with the engine in":
            return _die(window, rest, is_alone=what == "die in")
    one = _button(question.removeprefix("click:"))
    if one is not None and what == "click":
        one.click()
    return None if one is None else _middle(one)


def _name(widget: QWidget | None) -> str | None:
    """Return what a screen reader would say of a widget."""
    if widget is None:
        return None
    words = widget.text().replace("&", "") if isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or words or widget.objectName()


def _picture(path: str) -> bool:
    """Keep what is on the screen in a file; whether anything is to be seen in it."""
    picture = QApplication.primaryScreen().grabWindow(0).toImage()
    seen = {picture.pixel(x, y) for x in range(0, picture.width(), 7) for y in range(0, picture.height(), 7)}
    return picture.save(path) and len(seen) > _COLOURS_AT_LEAST


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
