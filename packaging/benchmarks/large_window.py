"""What works/window.py starts in a process of its own: python large_window.py FOLDER

Shows a hundred thousand files and does with them what people do; then looks at a change of fifty thousand lines that a
real engine works out. Prints one JSON object, in seconds: "stall", the longest time in which the window did not answer
(of the processor, so that other programs do not count), and "diff", from the choice of the file to the picture of its
first rows.
"""

from __future__ import annotations

import gc
import json
import os
import random
import sys
import time
from collections.abc import Callable

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.engine import EngineClient
from app.flows import operations
from app.models.columns import Column
from app.theme.theme import Theme
from app.values import Change
from app.window.main_window import MainWindow
from app.window.tables import select_row

_MANY, _LINES = 100_000, 50_000
_BEAT_MS = 2


class Beats(QObject):
    """Feels the window's pulse; `longest` is the longest time between two beats, in seconds of the processor."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self, interval=_BEAT_MS)
        self._timer.timeout.connect(self.beat)
        self._last, self.longest = time.thread_time(), 0.0
        self._timer.start()

    def beat(self) -> None:
        """Note how long the last thing took."""
        now = time.thread_time()
        self.longest, self._last = max(self.longest, now - self._last), now

    def forget(self) -> None:
        """Begin anew: what has been done so far is not what is measured."""
        self._last, self.longest = time.thread_time(), 0.0


class Painted(QObject):
    """Notes when a view is painted after something had to be shown."""

    def __init__(self) -> None:
        super().__init__()
        self.is_due, self.at = False, 0.0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if self.is_due and event.type() is QEvent.Type.Paint:
            self.is_due, self.at = False, time.perf_counter()
        return False


def wait(condition: Callable[[], object]) -> None:
    """Let the program run until something is true."""
    until = time.monotonic() + 120
    while not condition():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
        assert time.monotonic() < until


def changes() -> list[Change]:
    """Make the rows, the same ones each time."""
    luck, found = random.Random(7), []
    for number in range(_MANY):
        folder = f"/home/me/project/part{luck.randrange(900):03}/deep{luck.randrange(40)}"
        size = luck.randrange(100_000)
        path = f"{folder}/File{luck.randrange(10**8):08}.py"
        found.append(Change(number, 0, "edit", "file", path, "", size, size, number % 9))
    return found


def use(window: MainWindow, made: list[Change]) -> float:
    """Fill the table as the engine does, sort, filter, tick, scroll, select; return the longest stall."""
    batch, beats = window.batch, Beats()
    model, table, arranged = batch.model, batch.table, [0]
    model.arranged.connect(lambda: arranged.__setitem__(0, arranged[0] + 1))

    def after(act: Callable[[], object]) -> None:
        before = arranged[0]
        act()
        wait(lambda: arranged[0] > before)

    beats.forget()
    for start in range(0, _MANY, 500):
        model.append(made[start : start + 500])
        QApplication.processEvents()
    for column in Column:
        after(lambda column=column: table.sortByColumn(column, Qt.SortOrder.DescendingOrder))  # type: ignore[misc]
    for text in ("p", "pa", "part1", "part12", ""):
        after(lambda text=text: batch.head.filter.setText(text))  # type: ignore[misc]
    for _ in range(4):
        model.tick_shown()
        QApplication.processEvents()
    for key in (Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_Home, Qt.Key.Key_PageDown, Qt.Key.Key_Down):
        QTest.keyClick(table, key)
        QApplication.processEvents()
    for part in range(101):
        bar = table.verticalScrollBar()
        bar.setValue(bar.maximum() * part // 100)
        QApplication.processEvents()
    QTest.keyClick(table, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    wait(lambda: True)
    beats.beat()
    return beats.longest


def look(window: MainWindow, folder: str) -> float:
    """Choose a file with many changed lines; return the seconds until its first rows are painted."""
    for name, lines in (("few", 1), ("many", _LINES)):
        with open(f"{folder}/{name}.txt", "w") as file:
            file.writelines(f"old line {number}\n" for number in range(lines))
    window.flow.add(operations.find_and_replace([folder], "old", "new"))
    batch = window.batch
    wait(lambda: len(batch.model.ticked()) == 2 and len(batch.diff.view.lines) == 1)
    painted = Painted()
    viewport = batch.diff.view.viewport()
    viewport.installEventFilter(painted)

    def note(*_: object) -> None:
        painted.is_due = painted.is_due or not painted.at

    window.look.found.connect(note)
    began = time.perf_counter()
    select_row(batch.table, batch.model.row_of(f"{folder}/many.txt"))
    wait(lambda: painted.at)
    return painted.at - began


def main(folder: str) -> None:
    """Measure both."""
    application = QApplication([])
    sys.setswitchinterval(0.001)
    engine = EngineClient()
    window = MainWindow(engine, Theme(application, "light"))
    window.show()
    window.begin([])
    diff = look(window, folder)
    window.flow.start_over()
    wait(lambda: not window.batch.model.changes)
    made = changes()
    window.flow.queue.note([operations.find_and_replace(["/home/me/project"], "old", "new")])
    window.batch._show_middle()
    gc.collect()
    gc.freeze()  # what was made for the purpose is not the window's garbage
    stall = use(window, made)
    print(json.dumps({"stall": stall, "diff": diff}), flush=True)
    window.close()
    engine.close()
    engine.wait()


if __name__ == "__main__":
    main(sys.argv[1])
