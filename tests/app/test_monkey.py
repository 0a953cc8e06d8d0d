"""Somebody who presses anything anywhere: nothing breaks, nothing stops, and no file elsewhere is touched."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QMenu, QPlainTextEdit, QTableView, QWidget
from pytestqt.exceptions import capture_exceptions
from shiboken6 import isValid

from app.diff.view import DiffView
from tests.support.robot import Robot
from tests.support.stalls import Watchdog
from tests.support.tree import snapshot
from tests.support.tried import Tried
from tests.support.work import Work

_KEYS = (
    *(Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Delete),
    *(
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_F2,
        Qt.Key.Key_F7,
    ),
)
_SHORTCUTS = (
    *(Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_5, Qt.Key.Key_Z, Qt.Key.Key_A, Qt.Key.Key_F),
    *(Qt.Key.Key_Return, Qt.Key.Key_Period, Qt.Key.Key_E, Qt.Key.Key_Delete, Qt.Key.Key_N),
)
_WORDS = ("old", "new", "(", "\\1", "*.txt", " ", "a" * 60, "[a-")
_STUCK = 20  # times that there is nothing to click
_LIMIT_SECONDS = 0.2  # a dialog that is made anew takes some of it, and here they come one after the other


class Monkey:
    """Does one thing after the other; `done` are the last of them."""

    def __init__(self, robot: Robot, work: Work, seed: int) -> None:
        self.robot, self.work, self.luck = robot, work, random.Random(seed)
        self.done: deque[str] = deque(maxlen=50)
        self._stuck = 0
        self._actions: list[Callable[[], str]] = [
            *[self.click] * 6,
            *[self.press] * 4,
            *[self.type] * 2,
            *[self.tick] * 2,
            self.shortcut,
            self.drop,
            self.resize,
            self.change_a_file,
        ]

    def act(self) -> None:
        """Do anything."""
        self.done.append(self.luck.choice(self._actions)())
        self.robot.bot.wait(1)  # a loop of its own: what is to go goes only then
        for menu in self._visible(QMenu):
            menu.close()

    def click(self) -> str:
        buttons = [one for one in self._visible(QAbstractButton) if one.isEnabled()]
        if not buttons:  # a dialog is about to go; what stays so holds the person
            self._stuck += 1
            assert self._stuck < _STUCK, f"nothing to click, with {QApplication.activeModalWidget()} in front"
            QTest.keyClick(self._focused(), Qt.Key.Key_Escape)
            return "press Escape, for there is nothing to click"
        self._stuck = 0
        one = self.luck.choice(buttons)
        name = one.accessibleName() or one.text()  # now: some are gone once they are clicked
        QTest.mousePress(one, Qt.MouseButton.LeftButton)
        if isValid(one):  # leaving a field may have made the page anew; `mouseClick` would go on with what is gone
            QTest.mouseRelease(one, Qt.MouseButton.LeftButton)
        return f"click {name}"

    def press(self) -> str:
        key = self.luck.choice(_KEYS)
        QTest.keyClick(self._focused(), key)
        return f"press {key}"

    def shortcut(self) -> str:
        key = self.luck.choice(_SHORTCUTS)
        QTest.keyClick(self._focused(), key, Qt.KeyboardModifier.ControlModifier)
        return f"press Ctrl and {key}"

    def type(self) -> str:
        word = self.luck.choice(_WORDS)
        fields = [*self._visible(QLineEdit), *self._visible(QPlainTextEdit)]
        if fields:
            QTest.keyClicks(self.luck.choice(fields), word)
        return f"type {word!r}"

    def tick(self) -> str:
        views = [*self._visible(QTableView), *self._visible(DiffView)]
        if views:
            view = self.luck.choice(views)
            area = view.viewport().rect()
            at = QPoint(self.luck.randrange(area.width() or 1), self.luck.randrange(area.height() or 1))
            click = self.luck.choice((QTest.mouseClick, QTest.mouseDClick))
            click(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
        return "click in a view"

    def drop(self) -> str:
        if not self.robot.dialog():
            self.robot.window.show_page("batch")
            below = self.work.tree.glob("*")  # nothing, where all of it was deleted
            self.robot.drop(self.luck.choice([self.work.tree, *below]))
        return "drop"

    def resize(self) -> str:
        self.robot.window.resize(self.luck.randrange(700, 1600), self.luck.randrange(500, 1000))
        return "resize"

    def change_a_file(self) -> str:
        self.work.write({f"f{self.luck.randrange(12)}.txt": self.luck.choice(["old\n" * 30, "other\n", "new old\n"])})
        return "another program saves a file"

    def _focused(self) -> QWidget:
        return QApplication.activeModalWidget() or QApplication.focusWidget() or self.robot.window

    def _visible(self, kind: type) -> list:  # type: ignore[type-arg]
        modal = QApplication.activeModalWidget()
        return [
            one
            for one in QApplication.allWidgets()
            if isinstance(one, kind)
            and one.isVisible()
            and self._is_ours(one)
            and (modal is None or one.window() is modal)
        ]

    def _is_ours(self, widget: QWidget | None) -> bool:
        """Whether something belongs to this window: those of other tests may not all be gone."""
        while widget is not None and widget is not self.robot.window:
            widget = widget.parentWidget()
        return widget is not None


@pytest.mark.parametrize(
    ("actions", "seed"), [(200, 200), *(pytest.param(2_000, seed, marks=pytest.mark.full) for seed in range(1, 7))]
)
def test_whatever_is_pressed_nothing_breaks_and_nothing_elsewhere_is_touched(
    robot: Robot, work: Work, tmp_path: Path, actions: int, seed: int, tried: Tried, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious.txt").write_text("old\n")
    before = snapshot(outside)
    work.write({f"f{number}.txt": "old\n" * (1 + number) for number in range(12)})
    monkey = Monkey(robot, work, seed)
    with monkeypatch.context() as patch, capture_exceptions() as caught, Watchdog(_LIMIT_SECONDS) as watchdog:
        for ask in ("files", "file", "folder"):
            patch.setattr(robot.answers, ask, lambda parent, title, then: None)  # nobody answers
        patch.setattr(robot.answers, "save", lambda parent, title, name, then: None)
        patch.setattr(robot.window, "close", lambda: None)
        for _ in range(actions):
            monkey.act()
            if caught:
                break
    story = "\n".join(monkey.done)
    assert not caught, f"{caught}\n{story}"
    assert not watchdog.stalls, "\n".join(watchdog.stalls)
    robot.wait(lambda: not robot.window.flow.is_busy)
    assert snapshot(outside) == before
    assert {path.name for path in work.tree.parent.iterdir()} <= {"tree", "outside"}
    tried("actions of somebody who presses anything", actions)
