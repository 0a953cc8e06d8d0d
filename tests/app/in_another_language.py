"""What has to be so in every language. `test_languages` runs this in a process that speaks another one from its start."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress

from PySide6.QtCore import QAbstractItemModel, QCoreApplication, QLocale, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QMenu, QTableView, QWidget

from app import pseudo, start, words
from app.flows.batch import State
from app.window.guide import GuideWindow
from app.window.parts import keys
from tests.app.test_accessibility import DIALOGS, PAGES, busy, cut_off, open_dialog
from tests.support.robot import Robot
from tests.support.work import Work

__all__ = ["busy"]

# What is shown and is not ours to say.
_NOT_OURS = re.compile(
    r"""
      .*(\.txt|\.bak|/|→|↔).*            # names of files, and what is searched for
    | (Ctrl|Shift|Alt|Strg|Umschalt|F\d).* # keys
    | JSON|CSV|Markdown|UTF-\d+(\ ·\ \w+)?|Windows-1252|ISO.*|(LF|CRLF|CR)(\ .*)?  # names of formats
    | English|Deutsch
    | \*\.py\ \*\.md|node_modules.*|Holdfast
    | old|new|a\ batch|tree\d*|[a-z]
    """,
    re.VERBOSE,
)


def shown(root: QWidget) -> Iterator[str]:
    """Yield every text in a window that is seen or said: of its widgets, its tables and its menus."""
    yield root.windowTitle()
    for one in root.findChildren(QWidget):
        if not one.isVisible() and not isinstance(one, QMenu):
            continue
        yield from (one.toolTip(), one.accessibleName(), one.accessibleDescription())
        if isinstance(one, QLabel | QAbstractButton):
            yield one.text()
        elif isinstance(one, QLineEdit):
            yield one.placeholderText()
        elif isinstance(one, QComboBox):
            yield from (one.itemText(number) for number in range(one.count()))
        elif isinstance(one, QMenu):
            yield from (action.text() for action in one.actions())
        elif isinstance(one, QTableView):
            yield from cells(one.model())
    yield from (action.text() for action in root.findChildren(QAction))


def cells(model: QAbstractItemModel) -> Iterator[str]:
    """Yield the headings of a table and what is in its first row."""
    for column in range(model.columnCount()):
        yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        if model.rowCount():
            yield str(model.index(0, column).data() or "")


def never_looked_up(texts: Iterator[str]) -> set[str]:
    """Return the texts that the pseudo-language has not touched."""
    found = {text.replace("&", "") for text in texts}
    return {
        text for text in found if re.search(r"[A-Za-z]", text) and "[" not in text and not _NOT_OURS.fullmatch(text)
    }


def test_every_word_that_is_shown_was_looked_up(busy: Robot, work: Work) -> None:
    if words.spoken() != pseudo.CODE:
        return  # only the pseudo-language can tell
    for page in PAGES:
        busy.window.show_page(page)
        assert never_looked_up(shown(busy.window)) == set(), page
    for name in DIALOGS:
        dialog = open_dialog(busy, work, name)
        assert never_looked_up(shown(dialog)) == set(), name
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        busy.wait(lambda: busy.dialog() is None)
    assert never_looked_up(iter([GuideWindow(busy.window.theme, busy.window).windowTitle()])) == set()


def test_nothing_is_cut_off_on_any_page(busy: Robot) -> None:
    busy.window.resize(1240, 820)
    for page in PAGES:
        busy.window.show_page(page)
        settle(busy, busy.window)
        assert list(cut_off(busy.window)) == [], page


def settle(robot: Robot, root: QWidget) -> None:
    """Wait for the layout, which comes after the page; what stays cut off is named by whoever asks."""
    with suppress(robot.bot.TimeoutError):
        robot.bot.waitUntil(lambda: not list(cut_off(root)))


def test_nothing_is_cut_off_in_any_dialog(busy: Robot, work: Work) -> None:
    for name in DIALOGS:
        dialog = open_dialog(busy, work, name)
        settle(busy, dialog)
        assert list(cut_off(dialog)) == [], name
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        busy.wait(lambda: busy.dialog() is None)


def test_qt_speaks_the_language_too(qapp: QApplication) -> None:
    """What Qt itself says, such as in its dialogs for files; it has no pseudo-language."""
    start._speak(qapp)

    assert QLocale().name().partition("_")[0] == words.spoken().partition("_")[0]
    if words.spoken() == "de":
        assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Abbrechen"
        assert keys("Ctrl+Return") == "Strg+Return"


def test_a_batch_is_queued_applied_and_undone(robot: Robot, work: Work) -> None:
    work.write({"a.txt": "old\n", "b.txt": "old\n"})
    robot.drop(work.tree)
    robot.find_and_replace("old", "new")
    robot.wait_until_planned(2)
    robot.apply()
    robot.wait_for(State.OVER)
    assert (work.tree / "a.txt").read_text() == "new\n"
    robot.click("Undo batch")
    robot.wait_until_planned(2)
    robot.apply()
    robot.wait_for(State.OVER)
    assert (work.tree / "b.txt").read_text() == "old\n"
    assert os.environ["LANGUAGE"] == words.spoken()
