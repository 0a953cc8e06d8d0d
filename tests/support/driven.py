"""The real program, which also tells where things are: a test has to know that to move a real mouse there.

Reads names of buttons, and "row:" and a file's name, from standard input; answers with JSON: the middle of the thing on
the screen, or null. "engine" asks for the engine's process id, "page" for the page that is shown,
"focus" for the name of what has the keyboard.
"""

from __future__ import annotations

import json
import os
import sys

from PySide6.QtCore import QPoint, QSocketNotifier
from PySide6.QtWidgets import QAbstractButton, QApplication, QTableView, QWidget

from app import start
from app.window.main_window import MainWindow


def answer(window: MainWindow, question: str) -> object:
    if question == "engine":
        return window.engine.pid
    if question == "page":
        return window.page
    if question == "focus":
        focused = QApplication.focusWidget()
        return (focused.accessibleName() or focused.objectName()) if focused is not None else None
    if question.startswith("row:"):
        return _row(question.removeprefix("row:"))
    for one in QApplication.allWidgets():
        if isinstance(one, QAbstractButton) and one.isVisible() and one.isEnabled():
            names = (one.accessibleName(), one.text().replace("&", ""))
            if question in names:
                return _middle(one)
    return None


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
