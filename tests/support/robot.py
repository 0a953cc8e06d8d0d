"""A person at the window: finds things by the names that a screen reader would say, and uses mouse and keys.

The names are English here, and are looked for in the language that the window speaks, too.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from app import words
from app.flows.batch import State
from app.theme.theme import Theme
from app.window.chooser import Chooser, Then
from app.window.main_window import MainWindow

PATIENCE_MS = 20_000
_T = TypeVar("_T")


class Answers(Chooser):
    """File dialogs that are answered at once, with what was laid in beforehand."""

    def __init__(self) -> None:
        self.next: list[list[str]] = []

    def _answer(self, parent: QWidget, title: str, then: Then) -> None:
        then(self.next.pop(0))

    def save(self, parent: QWidget, title: str, name: str, then: Then) -> None:
        then(self.next.pop(0))

    files = file = folder = _answer


class Robot:
    """Uses one window."""

    def __init__(self, window: MainWindow, bot: QtBot, answers: Answers, theme: Theme) -> None:
        self.window, self.bot, self.answers, self.theme = window, bot, answers, theme

    # doing

    def drop(self, *paths: Path) -> None:
        """Drop files or folders on the page that is shown."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        self.drop_data(data)

    def drop_data(self, data: QMimeData) -> None:
        """Drop whatever it is."""
        page = self.window.stack.currentWidget()
        assert page is not None
        copy, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        with warnings.catch_warnings():
            # From 6.12 on the place is to be a QPointF, which 6.11 does not take.
            warnings.simplefilter("ignore", DeprecationWarning)
            enter = QDragEnterEvent(QPoint(50, 50), copy, data, buttons, keys)
        QApplication.sendEvent(page, enter)
        QApplication.sendEvent(page, QDropEvent(QPointF(50, 50), copy, data, buttons, keys))

    def click(self, name: str) -> None:
        """Click the button with that name, as soon as it can be clicked."""
        self.wait(lambda: self.button(name) is not None and self.button(name).isEnabled())  # type: ignore[union-attr]
        found = self.button(name)
        assert found is not None
        QTest.mouseClick(found, Qt.MouseButton.LeftButton)

    def type(self, field: str, text: str) -> None:
        """Type into the field with that name."""
        found = next(
            one for one in _all(QLineEdit) if one.accessibleName() in (field, words._(field)) and one.isVisible()
        )
        found.setFocus()
        found.selectAll()
        QTest.keyClicks(found, text)

    def press(self, keys: Qt.Key, *modifiers: Qt.KeyboardModifier, on: QWidget | None = None) -> None:
        """Press a key; the window has to be the active one again after a dialog."""
        self.window.activateWindow()
        self.wait(self.window.isActiveWindow)
        together = Qt.KeyboardModifier.NoModifier
        for one in modifiers:
            together |= one
        QTest.keyClick(on or self.window, keys, together)

    def find_and_replace(self, find: str, replacement: str) -> None:
        """Queue find and replace in what is chosen."""
        self.click("Find and replace")
        self.wait(lambda: self.dialog() is not None)
        self.type("Find", find)
        self.type("Replace with", replacement)
        self.click("Add to batch")

    def click_tick(self, table: QTableView, name: str) -> None:
        """Click the tick of the row with that file name."""
        row = next(r for r in range(table.model().rowCount()) if table.model().index(r, 0).data() == name)
        rect = table.visualRect(table.model().index(row, 0))
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(rect.left() + 18, rect.center().y()))

    # looking

    def button(self, name: str) -> QAbstractButton | None:
        """Return the visible button with that name (without its mnemonic)."""
        for one in _all(QAbstractButton):
            names = (one.accessibleName(), one.text().replace("&", ""))
            if {name, words._(name)} & set(names) and one.isVisible():
                return one
        return None

    def dialog(self) -> QDialog | None:
        """Return the dialog that is open."""
        return next((one for one in _all(QDialog) if one.isVisible()), None)

    def rows(self, table: QTableView, column: int = 0) -> list[str]:
        """Return what a column of a table shows."""
        model = table.model()
        return [str(model.index(row, column).data()) for row in range(model.rowCount())]

    def wait(self, condition: Callable[[], object], milliseconds: int = PATIENCE_MS) -> None:
        """Wait until something is true."""
        self.bot.waitUntil(lambda: bool(condition()), timeout=milliseconds)

    def apply(self) -> None:
        """Apply, as soon as that is offered: rows are shown before the last of them is known."""
        self.wait(self.window.batch.actions_bar.apply_button.isEnabled)
        self.window.batch.apply()

    def wait_for(self, state: State) -> None:
        """Wait until the batch is in that state."""
        self.wait(lambda: self.window.flow.state is state)

    def wait_until_planned(self, files: int) -> None:
        """Wait until the batch is ready and changes that many files."""
        self.wait(lambda: self.window.flow.state is State.READY and len(self.window.batch.model.ticked()) == files)


def _all(kind: type[_T]) -> list[_T]:
    return [one for one in QApplication.allWidgets() if isinstance(one, kind)]


_WATCH = """
import os, sys, time
pid, number, path, begins = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4].encode()
until = time.monotonic() + 60
print(flush=True)
while time.monotonic() < until:
    with open(path, "rb") as file:
        if file.read(len(begins)) == begins:
            break
    time.sleep(0.0001)
os.kill(pid, number)
"""


class Moment:
    """Sends a process a signal the very moment a file begins with something.

    A thousand files are switched within a few frames, so a window that polls would come too late. A process of its
    own watches, on the same processor as the one it watches: that one cannot get far ahead.
    """

    def __init__(self, pid: int, number: signal.Signals, path: Path, begins: str) -> None:
        command = [sys.executable, "-S", "-c", _WATCH, str(pid), str(int(number)), str(path), begins]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self._process.stdout
        self._process.stdout.readline()
        self._process.stdout.close()
        self._hurry(pid)

    def _hurry(self, pid: int) -> None:
        """Let the watcher see every change within a millisecond, however busy the machine is."""
        first, *others = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(pid, {first})
        try:
            os.sched_setscheduler(self._process.pid, os.SCHED_FIFO, os.sched_param(1))
            os.sched_setaffinity(self._process.pid, {others[-1] if others else first})
        except PermissionError:  # only root may; else both share a processor, so that neither gets far ahead
            os.sched_setaffinity(self._process.pid, {first})

    def wait(self) -> None:
        """Wait for it."""
        self._process.wait(60)

    @property
    def has_come(self) -> bool:
        """Whether the signal has been sent."""
        return self._process.poll() is not None
