"""For keyboards and screen readers: everything has a name, the keyboard gets everywhere and out again, nothing is cut off."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea, QTableView, QWidget

from app.flows import operations
from app.flows.batch import State
from app.models.columns import Column
from app.window.closing import ask_before_closing
from app.window.parts import PathLabel
from app.window.text_field import TextField
from core.api import Pending
from tests.support import inner
from tests.support.robot import Robot
from tests.support.tried import Tried
from tests.support.work import Work

_LINKS = 25  # at most, on a page of the guide: the keyboard goes to each of them
PAGES = ("batch", "leftovers", "history", "recovery", "settings")
DIALOGS = ("search", "rename_many", "convert", "rename", "new_file", "edit", "piece", "patch", "preset", "path")
BOXES = ("about", "closing", "clear", "ignore", "guide")


def focusable(root: QWidget) -> Iterator[QWidget]:
    """Yield what the Tab key can come to."""
    for one in root.findChildren(QWidget):
        if one.isVisible() and one.isEnabled() and one.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield one


def spoken(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface else ""


def unnamed(root: QWidget) -> list[str]:
    return [f"{type(one).__name__} in {type(one.parent()).__name__}" for one in focusable(root) if not spoken(one)]


@pytest.fixture
def busy(robot: Robot, work: Work) -> Robot:
    """A window with something on each page."""
    work.write({"a.txt": "old\n", "b.txt": "old\n", "c.txt": "c\n", "a.txt.bak": "a\n"})
    flow = robot.window.flow
    flow.add(operations.find_and_replace([str(work.tree / "a.txt")], "old", "new"))
    robot.wait_until_planned(1)
    robot.apply()
    robot.wait_for(State.OVER)
    robot.click("Done")
    flow.add(operations.find_and_replace([str(work.tree)], "old", "new"))
    flow.add(operations.rename(str(work.tree / "c.txt"), str(work.tree / "d.txt")))
    robot.wait_until_planned(2)
    robot.drop(work.tree / "c.txt")
    robot.wait(lambda: robot.window.choice.entries)
    robot.window.leftovers_flow.watch([str(work.tree)])
    robot.wait(lambda: robot.window.leftovers.model.rowCount())
    robot.window.history.look()
    robot.wait(lambda: robot.window.history.model.rowCount())
    folders, paths = (str(work.tree),), (f"{work.tree}/a.txt",)
    waits = Pending(
        "0" * 16, "a batch", 1.0, "switching", 3, 1, alive=False, foreign=False, folders=folders, paths=paths
    )
    robot.window.recovery_flow.found.emit([waits])
    robot.window.show_page("batch")
    return robot


def open_dialog(robot: Robot, work: Work, name: str) -> QWidget:
    verbs, tree = robot.window.verbs, [str(work.tree)]
    opened: dict[str, Callable[[], object]] = {
        "search": lambda: verbs.search(tree),
        "rename_many": lambda: verbs.rename_many(tree),
        "convert": lambda: verbs.convert(tree),
        "rename": lambda: verbs.rename(f"{work.tree}/a.txt"),
        "new_file": verbs.new_file,
        "edit": lambda: robot.window.look.read_text(f"{work.tree}/a.txt"),
        "patch": lambda: verbs.patch(f"{work.tree}/a.txt"),
        "preset": robot.window.menus._ask_for_name,
        "path": verbs.add_by_path,
        "piece": lambda: verbs.change(
            operations.card({"op": "edit", "path": f"{work.tree}/a.txt", "find": "a", "replace": "b"})
        ),
        "about": robot.window.menus._about,
        "closing": lambda: ask_before_closing(robot.window, lambda: None),
        "clear": robot.window.leftovers.clear,
        "ignore": robot.window.leftovers.ignore,
        "guide": robot.window.menus._show_guide,
    }
    if name in ("clear", "ignore"):
        robot.window.show_page("leftovers")
        page = robot.window.leftovers
        page.model.tick([one for one in [page.table.current()] if one], ticked=True)
    opened[name]()
    robot.wait(robot.dialog)
    dialog = robot.dialog()
    assert dialog is not None
    return dialog


def test_everything_that_takes_the_keyboard_has_a_name(busy: Robot, work: Work, tried: Tried) -> None:
    for page in PAGES:
        busy.window.show_page(page)
        assert unnamed(busy.window) == [], page
        tried("widgets whose name a screen reader would say", len(list(focusable(busy.window))))
    for name in (*DIALOGS, *BOXES):
        dialog = open_dialog(busy, work, name)
        assert unnamed(dialog) == [], name
        tried("widgets whose name a screen reader would say", len(list(focusable(dialog))))
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        busy.wait(lambda: busy.dialog() is None)


def test_tab_gets_everywhere_and_comes_back(busy: Robot) -> None:
    for page in PAGES:
        busy.window.show_page(page)
        busy.window.activateWindow()
        busy.wait(busy.window.isActiveWindow)
        wanted = {one for one in focusable(busy.window) if one.focusProxy() is None}
        seen: list[QWidget] = []
        for _ in range(2 * len(wanted) + 5):
            QTest.keyClick(QApplication.focusWidget() or busy.window, Qt.Key.Key_Tab)
            seen.append(QApplication.focusWidget())
        missed = [spoken(one) or type(one).__name__ for one in wanted - set(seen)]
        assert not missed, page
        assert len(set(seen[: len(wanted) + 2])) >= len(wanted), f"something on {page} holds the keyboard"


def test_tab_gets_everywhere_in_every_dialog_and_comes_back(busy: Robot, work: Work) -> None:
    for name in (*DIALOGS, *BOXES):
        dialog = open_dialog(busy, work, name)
        dialog.activateWindow()
        busy.wait(dialog.isActiveWindow)
        wanted = {one for one in focusable(dialog) if one.focusProxy() is None and type(one) is not QScrollArea}
        seen = set()
        for _ in range(2 * len(wanted) + _LINKS):
            focused = QApplication.focusWidget() or dialog
            leaves = (
                Qt.KeyboardModifier.ControlModifier
                if isinstance(focused, TextField)
                else Qt.KeyboardModifier.NoModifier
            )
            QTest.keyClick(focused, Qt.Key.Key_Tab, leaves)
            seen.add(QApplication.focusWidget())
        missed = [spoken(one) or type(one).__name__ for one in wanted - seen]
        assert not missed, name
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        busy.wait(lambda: busy.dialog() is None)


def test_back_tab_goes_the_same_way_back(busy: Robot) -> None:
    busy.window.activateWindow()
    busy.wait(busy.window.isActiveWindow)
    busy.window.batch.table.setFocus()
    there = []
    for _ in range(6):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        there.append(QApplication.focusWidget())
    back = []
    for _ in range(6):
        back.append(QApplication.focusWidget())
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
    assert back == there[::-1]


def test_rows_are_said_with_their_tick_and_folder(busy: Robot, work: Work) -> None:
    model = busy.window.batch.model
    said = [model.index(0, column).data(Qt.ItemDataRole.AccessibleTextRole) for column in Column]
    assert said[0].startswith("ticked, ")
    assert str(work.tree) in said[0]
    assert said[Column.STATUS] == "Status: ready"


def test_nothing_is_cut_off_in_any_dialog_as_small_as_it_can_be(busy: Robot, work: Work) -> None:
    for name in (*DIALOGS, *BOXES):
        dialog = open_dialog(busy, work, name)
        dialog.resize(dialog.minimumSizeHint().expandedTo(dialog.minimumSize()))
        with suppress(busy.bot.TimeoutError):
            busy.bot.waitUntil(lambda dialog=dialog: not list(cut_off(dialog)), timeout=1_000)
        assert list(cut_off(dialog)) == [], name
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        busy.wait(lambda: busy.dialog() is None)


def test_nothing_is_cut_off_in_a_small_window(busy: Robot) -> None:
    busy.window.resize(busy.window.minimumSizeHint().expandedTo(busy.window.minimumSize()))
    for page in PAGES:
        busy.window.show_page(page)
        with suppress(busy.bot.TimeoutError):  # the layout comes after the page; what stays cut off is named below
            busy.bot.waitUntil(lambda: not list(cut_off(busy.window)))
        assert list(cut_off(busy.window)) == [], page


@pytest.mark.full
@pytest.mark.parametrize("scale", ["2", "3"])
def test_nothing_is_cut_off_at_any_scale(scale: str, tmp_path: Path) -> None:
    """One process has one scale, so the tests for it run in another, on a screen that people have who need that."""
    screen = tmp_path / "screen.json"
    size = {
        "name": "large",
        "x": 0,
        "y": 0,
        "width": 3840,
        "height": 2160,
        "logicalDpi": 96,
        "logicalBaseDpi": 96,
        "dpr": 1,
    }
    screen.write_text(json.dumps({"screens": [size]}))
    platform = f"offscreen:configfile={screen}"
    said = inner.run(
        Path(__file__), "-k", "cut_off and not scale", HOLDFAST_TEST_SCALE=scale, HOLDFAST_TEST_PLATFORM=platform
    )
    assert "2 passed" in said, said


def cut_off(root: QWidget) -> Iterator[str]:
    """Name the words that have not the room they need; a path is cut on purpose, and its tool tip has all of it."""
    for one in (*root.findChildren(QAbstractButton), *root.findChildren(QLabel)):
        if not one.isVisible() or not one.text() or isinstance(one, PathLabel):
            continue
        if isinstance(one, QLabel) and one.wordWrap():
            wanted, has = one.heightForWidth(one.width()), one.height()
        else:
            wanted, has = one.sizeHint().width(), one.width()
        if wanted > has + 1:
            yield f"{one.text()!r}: {has} of {wanted}"
    for table in root.findChildren(QTableView):
        header = table.horizontalHeader()
        for column in range(table.model().columnCount() if table.isVisible() else 0):
            if table.isColumnHidden(column):  # where there is no room for all of them
                continue
            words = str(table.model().headerData(column, Qt.Orientation.Horizontal))
            if header.fontMetrics().horizontalAdvance(words) + 16 > header.sectionSize(column):
                yield f"the heading {words!r} of {table.accessibleName()}"


@pytest.mark.parametrize("choice", ["light", "dark", "contrast"])
def test_what_is_disabled_can_be_read_as_well(robot: Robot, choice: str) -> None:
    robot.theme.choose(choice)
    palette = QApplication.palette()
    disabled, role = QPalette.ColorGroup.Disabled, QPalette.ColorRole
    assert palette.color(disabled, role.Text).name() == robot.theme.tokens.dim
